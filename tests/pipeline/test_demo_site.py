"""The demo's site: pages, listings, feed, conditional requests, and its own errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from pipeline.demo_site import DemoSite, DemoSiteError, load_story

BA_TRI = "/cong-doan/ldld-huyen-ba-tri-nhin-lai-post11.html"


@pytest.mark.parametrize(
    ("path", "status", "holds"),
    [
        ("/", 200, "Phà Cổ Chiên"),  # the front page has all categories
        ("/cong-doan/", 200, "Ba Tri"),
        ("/cong-doan/trang-1.html", 200, "Ba Tri"),
        ("/cong-doan/trang-2.html", 404, ""),  # three articles make one page
        ("/the-thao/", 404, ""),
        (BA_TRI, 200, "705 đoàn viên"),
        (BA_TRI + "?utm_source=rss", 200, "705 đoàn viên"),
        ("/rss/cong-doan.rss", 200, "<pubDate>Mon, 13 Jan 2025 02:20:00 GMT</pubDate>"),
        ("/robots.txt", 200, "Disallow: /quan-tri/"),
    ],
)
def test_pages(site: DemoSite, path: str, status: int, holds: str) -> None:
    answer = requests.get(site.base_url + path, timeout=5)
    assert answer.status_code == status
    assert holds in answer.content.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If-None-Match": "ETAG"}, 304),
        ({"If-None-Match": '"another"'}, 200),
        (
            {"If-Modified-Since": "Mon, 13 Jan 2025 03:05:00 GMT"},
            304,
        ),  # the date of change is 10:05 in Vietnam
        ({"If-Modified-Since": "Mon, 13 Jan 2025 03:04:59 GMT"}, 200),
        (
            {"If-None-Match": '"another"', "If-Modified-Since": "Tue, 14 Jan 2025 00:00:00 GMT"},
            200,
        ),  # the tag rules
    ],
)
def test_conditional_requests(site: DemoSite, headers: dict[str, str], status: int) -> None:
    url = site.base_url + BA_TRI
    etag = requests.get(url, timeout=5).headers["ETag"]
    sent = {name: etag if value == "ETAG" else value for name, value in headers.items()}
    assert requests.get(url, headers=sent, timeout=5).status_code == status


def test_a_taken_port_is_named(site: DemoSite, articles: Path) -> None:
    port = int(site.base_url.rsplit(":", 1)[1])
    with pytest.raises(DemoSiteError, match=f"port {port} is taken.*--port"):
        DemoSite(articles, articles, port=port)


@pytest.mark.parametrize(
    "text",
    [
        "không có đầu",
        "---\ntitle: x\n---\nthân bài\n",
        "---\ntitle: [\n---\n",
        "---\npublished: hôm qua\n---\n",
    ],
    ids=["no front matter", "fields left out", "broken YAML", "no date"],
)
def test_a_bad_article_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "07-bai-hong.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DemoSiteError, match=r"07-bai-hong\.txt"):
        load_story(file)
