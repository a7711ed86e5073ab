"""The demo's sites: pages, lists, feeds, sitemaps, conditional requests, edits, faults, and their own errors."""

from __future__ import annotations

import gzip
import http.client
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from pipeline.demo_sites import (
    FOLDER,
    SITES,
    DemoSite,
    DemoSiteError,
    Fault,
    load_story,
    parse_fault,
    serve_all,
)
from pipeline.demo_sites.__main__ import main
from pipeline.demo_sites.encoding import encode
from pipeline.demo_sites.routes import load_site_file, without_tracking
from pipeline.settings import ROOT

BA_TRI = "/cong-doan/ldld-huyen-ba-tri-nhin-lai-post11.html"
CHO_LACH = "/cong-doan/cong-doan-cho-lach-trao-mai-am-post12.html"


def get(site: DemoSite, path: str, **headers: str) -> requests.Response:
    return requests.get(site.base_url + path, headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("path", "status", "holds"),
    [
        ("/", 200, "Phà Cổ Chiên"),  # the front page has all categories
        ("/cong-doan/", 200, "Ba Tri"),
        ("/cong-doan/page/1/", 200, "Ba Tri"),
        ("/cong-doan/page/2/", 404, ""),  # three articles make one page
        ("/the-thao/", 404, ""),
        (BA_TRI, 200, "705 đoàn viên"),
        (BA_TRI + "?utm_source=rss", 200, "705 đoàn viên"),
        ("/feed/", 200, "Phà Cổ Chiên"),
        ("/cong-doan/feed/", 200, "<pubDate>Mon, 13 Jan 2025 02:20:00 GMT</pubDate>"),
        ("/robots.txt", 200, "Disallow: /quan-tri/"),
    ],
)
def test_pages(site: DemoSite, path: str, status: int, holds: str) -> None:
    answer = get(site, path)
    assert answer.status_code == status
    assert holds in answer.content.decode()


MIET_THU = "/xem-tin.asp?id=201"
TRUONG_SON = "/hoat-dong/sau-tinh-bac-trung-bo-ket-nap-gan-63000-doan-vien-cd10501.aspx"


@pytest.mark.parametrize(
    ("name", "path", "status", "holds"),
    [
        ("songtien", "/cong-doan/page/2/", 200, "prev page-numbers"),
        ("mietthu", "/", 200, "TIN MỚI"),
        ("mietthu", MIET_THU, 200, "Ngày đăng: 13/6/2012 9:40:00 SA"),
        ("mietthu", MIET_THU + "&utm_source=zalo", 200, "Bến Vàm"),
        ("mietthu", "/xem-tin.asp", 404, ""),  # the query is part of the address
        ("mietthu", "/tin.asp?cat=tin-tuc&trang=2", 200, "<B>[2]</B>"),
        ("mietthu", "/tin.asp?cat=tin-tuc&trang=99", 200, "Không có tin nào"),  # no end, as on old sites
        ("mietthu", "/tin.asp?cat=the-thao", 404, ""),
        ("truongson", "/hoat-dong/trang-2.aspx", 200, "item-title"),
        ("truongson", TRUONG_SON, 200, "__VIEWSTATE"),
        ("truongson", "/amp" + TRUONG_SON, 200, "<html ⚡"),
        ("truongson", "/print" + TRUONG_SON, 200, "window.print()"),
        ("truongson", TRUONG_SON + "?print=1&utm_source=zalo", 200, "window.print()"),
        ("truongson", "/amp/hoat-dong/", 404, ""),
        ("truongson", "/sitemap.xml", 200, "/sitemaps/2022-12.xml.gz"),
        ("truongson", "/sitemaps/2011-01.xml.gz", 404, ""),
        ("truongson", "/news-sitemap.xml", 200, "<news:publication_date>"),
        ("truongson", "/robots.txt", 200, "/sitemap.xml"),
    ],
)
def test_pages_of_the_whole_sites(name: str, path: str, status: int, holds: str) -> None:
    with DemoSite(FOLDER / name) as site:
        answer = get(site, path)
    assert answer.status_code == status
    decoded = answer.content.decode("cp1258" if name == "mietthu" and status == 200 else "utf-8")
    assert encode(holds, "cp1258").decode("cp1258") in decoded or holds in decoded


@pytest.mark.parametrize("name", SITES)
def test_every_article_is_in_a_list_and_has_a_page(name: str) -> None:
    site_file = load_site_file(FOLDER / name)
    start = {
        "songtien": "/{}/page/{}/",
        "mietthu": "/tin.asp?cat={}&trang={}",
        "truongson": "/{}/trang-{}.aspx",
    }
    with DemoSite(FOLDER / name) as site:
        lists = []
        for category in site_file.categories:
            for number in range(1, 9):
                page = site.render(start[name].format(category, number))
                lists.append(page.data.decode(site_file.charset) if page else "")
        for story in site.stories():
            assert site.render(story.path) is not None
            assert any(story.path.lstrip("/") in shown for shown in lists)


def test_a_packed_sitemap_names_the_months_articles() -> None:
    with DemoSite(FOLDER / "truongson") as site:
        packed = get(site, "/sitemaps/2022-12.xml.gz")
        assert packed.headers["Content-Type"] == "application/x-gzip"
        assert "Content-Encoding" not in packed.headers  # the file is packed, not its transfer
        months = gzip.decompress(packed.content).decode()
        assert months.count("<loc>") == sum(story.month == "2022-12" for story in site.stories()) > 0
        assert f"<loc>{site.base_url}{TRUONG_SON}</loc><lastmod>2022-12-23T16:20:00+07:00</lastmod>" in months


@pytest.mark.parametrize(
    ("name", "path", "validators"),
    [
        ("songtien", "/cong-doan/", {"ETag", "Last-Modified"}),
        ("mietthu", MIET_THU, {"Last-Modified"}),
        ("mietthu", "/tin.asp?cat=tin-tuc", set()),
        ("truongson", TRUONG_SON, {"ETag"}),
        ("truongson", "/sitemap.xml", {"Last-Modified"}),
    ],
)
def test_each_site_has_header_habits(name: str, path: str, validators: set[str]) -> None:
    with DemoSite(FOLDER / name) as site:
        headers = get(site, path).headers
        assert {"ETag", "Last-Modified"} & headers.keys() == validators
        sent = {
            "If-None-Match": headers.get("ETag", '"x"'),
            "If-Modified-Since": headers.get("Last-Modified", ""),
        }
        assert get(site, path, **sent).status_code == (304 if validators else 200)
    if name == "mietthu":
        assert headers["Content-Type"] == "text/html"  # the charset stands in the page alone


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If-None-Match": "ETAG"}, 304),
        ({"If-None-Match": '"another"'}, 200),
        # The date of change is 10:05 in Vietnam.
        ({"If-Modified-Since": "Mon, 13 Jan 2025 03:05:00 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 13 Jan 2025 03:04:59 GMT"}, 200),
        ({"If-Modified-Since": "hôm qua".encode().decode("latin-1")}, 200),
        # The tag rules.
        ({"If-None-Match": '"another"', "If-Modified-Since": "Tue, 14 Jan 2025 00:00:00 GMT"}, 200),
    ],
)
def test_conditional_requests(site: DemoSite, headers: dict[str, str], status: int) -> None:
    etag = get(site, BA_TRI).headers["ETag"]
    sent = {name: etag if value == "ETAG" else value for name, value in headers.items()}
    assert get(site, BA_TRI, **sent).status_code == status
    assert [answer.conditional for answer in site.log.answers] == [False, bool(headers)]


def test_the_log(site: DemoSite) -> None:
    before = time.monotonic()
    size = len(get(site, BA_TRI + "?utm_source=rss", **{"User-Agent": "tongket"}).content)
    get(site, "/the-thao/")
    first, second = site.log.answers
    assert (first.path, first.status, first.user_agent) == (BA_TRI + "?utm_source=rss", 200, "tongket")
    assert first.sent == size
    assert before <= first.at <= first.done <= second.at
    assert site.log.count(404) == 1
    assert site.log.paths() == [BA_TRI + "?utm_source=rss", "/the-thao/"]
    site.log.clear()
    assert site.log.answers == []


def test_an_edit_is_a_later_change(site: DemoSite) -> None:
    before = {story.path: story for story in site.stories()}[BA_TRI]
    date = get(site, BA_TRI).headers["Last-Modified"]
    site.edit(BA_TRI, "705 đoàn viên", "706 đoàn viên")
    after = {story.path: story for story in site.stories()}[BA_TRI]
    assert after.modified - before.modified == timedelta(days=1)
    changed = get(site, BA_TRI, **{"If-Modified-Since": date})
    assert changed.status_code == 200
    assert "706 đoàn viên" in changed.text
    with pytest.raises(DemoSiteError, match="705 đoàn viên"):
        site.edit(BA_TRI, "705 đoàn viên", "707 đoàn viên")
    site.restore(BA_TRI)
    assert "705 đoàn viên" in get(site, BA_TRI).text


def test_a_withdrawn_article_is_gone_everywhere() -> None:
    with DemoSite(FOLDER / "truongson") as site:
        month = "/sitemaps/2022-12.xml.gz"
        site.withdraw(TRUONG_SON)
        asked = [TRUONG_SON, "/amp" + TRUONG_SON, TRUONG_SON + "?print=1", "/news-sitemap.xml", "/"]
        answers = {path: get(site, path) for path in asked}
        assert [answers[path].status_code for path in asked[:3]] == [410, 410, 410]
        assert not any(TRUONG_SON in answer.text for answer in answers.values())
        packed = site.render(month)
        assert packed is None or TRUONG_SON not in gzip.decompress(packed.data).decode()
        site.restore(TRUONG_SON)
        assert get(site, TRUONG_SON).status_code == 200
        with pytest.raises(DemoSiteError, match="/khong-co"):
            site.withdraw("/khong-co")


def test_an_article_that_is_not_yet_published(site: DemoSite) -> None:
    site.without = {BA_TRI}
    assert get(site, BA_TRI).status_code == 404
    others = [get(site, path).content for path in ("/", "/feed/", CHO_LACH)]
    assert not any(BA_TRI.encode() in page for page in others)
    site.without.clear()
    assert BA_TRI.encode() in get(site, "/").content
    assert get(site, CHO_LACH).status_code == 200


def test_a_new_article_changes_no_older_page(site: DemoSite) -> None:
    site.without = {site.stories()[0].path}
    before = site.render(CHO_LACH)
    site.without = set()
    assert site.render(CHO_LACH) == before


@pytest.mark.parametrize("name", SITES)
def test_another_layout_has_the_same_text_in_other_clothes(name: str) -> None:
    with DemoSite(FOLDER / name) as site:
        story = site.stories()[0]
        usual = get(site, story.path)
        site.layout = "changed"
        sent = {"If-None-Match": usual.headers.get("ETag", '"x"')}
        if "Last-Modified" in usual.headers:
            sent["If-Modified-Since"] = usual.headers["Last-Modified"]
        other = get(site, story.path, **sent)
    assert other.status_code == 200
    number = next(word for block in story.body for word in block.text.split() if word.isdigit())
    assert number.encode() in other.content
    assert usual.content != other.content


def test_robots_txt_can_be_replaced(site: DemoSite) -> None:
    site.robots = "User-agent: *\nDisallow: /\n"
    assert get(site, "/robots.txt").text == site.robots


def test_one_fault_outranks_another(site: DemoSite) -> None:
    site.faults = {
        BA_TRI: Fault.status(500),
        "articles": Fault.status(501),
        "listings": Fault.status(502),
        "*": Fault.status(503, retry_after="7"),
    }
    asked = [BA_TRI, CHO_LACH, "/", "/feed/", "/khong-co", "/robots.txt"]
    assert [get(site, path).status_code for path in asked] == [500, 501, 502, 503, 503, 200]
    assert get(site, "/feed/").headers["Retry-After"] == "7"
    site.faults.clear()
    assert get(site, BA_TRI).status_code == 200


def test_a_fault_that_passes_is_counted_by_address(site: DemoSite) -> None:
    site.faults["*"] = Fault.then_fine(503, times=2)
    statuses = [
        get(site, path).status_code for path in (BA_TRI, BA_TRI, CHO_LACH, BA_TRI, CHO_LACH, CHO_LACH)
    ]
    assert statuses == [503, 503, 503, 200, 503, 200]
    site.faults["*"] = Fault.then_fine(429, times=1, retry_after="1")  # set anew, it begins anew
    assert [get(site, BA_TRI).status_code for _ in range(2)] == [429, 200]


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "holds"),
    [
        (Fault.not_html("application/pdf"), 200, "application/pdf", b"%PDF-1.4"),
        (Fault.challenge(403), 403, "text/html; charset=utf-8", b"Just a moment"),
        (Fault.challenge(200), 200, "text/html; charset=utf-8", b"Just a moment"),
        (Fault.empty_shell(), 200, "text/html; charset=utf-8", b'<div id="root"></div>'),
        (Fault.soft_404(), 200, "text/html; charset=utf-8", "Không tìm thấy trang".encode()),
        (
            Fault.wrong_charset("iso-8859-1"),
            200,
            "text/html; charset=iso-8859-1",
            b'<meta charset="iso-8859-1"',
        ),
        (Fault.slow(0.01, 4), 200, "text/html; charset=UTF-8", "705 đoàn viên".encode()),
        (Fault.hang(0.05), 200, "text/html; charset=UTF-8", "705 đoàn viên".encode()),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_faults_that_give_a_page(
    site: DemoSite, fault: Fault, status: int, content_type: str, holds: bytes
) -> None:
    site.faults[BA_TRI] = fault
    answer = get(site, BA_TRI)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert holds in answer.content
    (logged,) = site.log.answers
    assert logged.sent == len(answer.content)
    assert logged.done - logged.at >= {"slow": 0.04, "hang": 0.05}.get(fault.kind, 0)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.truncated(), requests.exceptions.ChunkedEncodingError),  # urllib3's IncompleteRead
        (Fault.huge_headers(), requests.ConnectionError),
        (Fault.reset(), requests.ConnectionError),
        (Fault.redirect_loop(), requests.TooManyRedirects),
        (Fault.hang(30), requests.ReadTimeout),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_faults_that_give_none(site: DemoSite, fault: Fault, error: type[Exception]) -> None:
    site.faults[BA_TRI] = fault
    with pytest.raises(error):
        requests.get(site.base_url + BA_TRI, timeout=0.5)
    assert site.log.paths()[0] == BA_TRI


def test_redirects(site: DemoSite) -> None:
    site.faults[BA_TRI] = Fault.redirect(CHO_LACH, code=301)
    answer = get(site, BA_TRI)
    assert (answer.url, [step.status_code for step in answer.history]) == (site.base_url + CHO_LACH, [301])


def test_an_endless_page_ends_when_the_client_goes_away(site: DemoSite) -> None:
    site.faults[BA_TRI] = Fault.endless()
    with requests.get(site.base_url + BA_TRI, stream=True, timeout=5) as answer:
        read = sum(len(piece) for piece, _ in zip(answer.iter_content(1 << 16), range(20), strict=False))
    assert read > 500_000
    (logged,) = site.log.answers
    deadline = time.monotonic() + 5
    sent = -1
    while sent != logged.sent and time.monotonic() < deadline:
        sent = logged.sent
        time.sleep(0.1)
    assert sent == logged.sent


def test_a_bomb_is_small_on_the_wire_and_in_memory(site: DemoSite) -> None:
    site.faults[BA_TRI] = Fault.gzip_bomb(64)
    port = int(site.base_url.rsplit(":", 1)[1])
    tracemalloc.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", BA_TRI)
        answer = connection.getresponse()
        packed = answer.read()
        _, most = tracemalloc.get_traced_memory()
        connection.close()
    finally:
        tracemalloc.stop()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 1 << 18
    assert most < 16 << 20
    assert len(gzip.decompress(packed)) == 64 << 20


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("status,503", Fault.status(503)),
        ("status,429,120", Fault.status(429, "120")),
        ("then_fine,503,2", Fault.then_fine(503, 2)),
        ("slow,0.5,10", Fault.slow(0.5, 10)),
        ("not_html,application/pdf", Fault.not_html("application/pdf")),
        ("challenge", Fault.challenge()),
        ("reset", Fault.reset()),
    ],
)
def test_faults_as_people_write_them(written: str, fault: Fault) -> None:
    assert parse_fault(written) == fault


@pytest.mark.parametrize(
    ("written", "told"),
    [("boom", "none of the faults"), ("status", "values of status"), ("reset,1", "values of reset")],
)
def test_a_fault_that_there_is_not(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_fault(written)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("Việt Đức", b"Vi\xea\xf2t \xd0\xfd\xecc"),
        ("à ã é ủ", b"\xe0 a\xde \xe9 u\xd2"),  # what has a place of its own keeps it
        ("“Tết” – 5°", b"\x93T\xea\xect\x94 \x96 5\xb0"),
        ("≥ 5", b"&#8805; 5"),
    ],
)
def test_old_bytes(text: str, data: bytes) -> None:
    assert encode(text, "windows-1258") == data


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/a.html?utm_source=x&utm_medium=y", "/a.html"),
        ("/xem-tin.asp?id=1&fbclid=z", "/xem-tin.asp?id=1"),
        ("/a?utm=1", "/a?utm=1"),
    ],
)
def test_where_a_reader_came_from_counts_for_nothing(path: str, plain: str) -> None:
    assert without_tracking(path) == plain


def test_all_sites_are_served_at_once() -> None:
    with serve_all(0) as sites:
        assert [site.name for site in sites] == list(SITES)
        assert [get(site, "/robots.txt").status_code for site in sites] == [200, 200, 200]


def test_a_taken_port_is_named(site: DemoSite) -> None:
    port = int(site.base_url.rsplit(":", 1)[1])
    with pytest.raises(DemoSiteError, match=f"port {port} is taken.*--port"):
        DemoSite(FOLDER / "songtien", port=port)


def _without(text: str, line: str) -> str:
    return "\n".join(kept for kept in text.split("\n") if not kept.startswith(line))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: "a: [", "cannot be read as YAML"),
        (lambda text: _without(text, "title:"), "field title"),
        (lambda text: _without(text, "  feed:"), "field headers: none for feed"),
        (lambda text: text.replace("{category}/feed/", "{muc}/feed/"), "unknown part muc"),
    ],
)
def test_a_bad_site_file_is_named(tmp_path: Path, spoil: Callable[[str], str], told: str) -> None:
    text = (FOLDER / "songtien" / "site.yaml").read_text(encoding="utf-8")
    (tmp_path / "site.yaml").write_text(spoil(text), encoding="utf-8")
    with pytest.raises(DemoSiteError, match=rf"site\.yaml: .*{told}"):
        DemoSite(tmp_path)


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


def test_a_bad_article_file_is_told_by_the_site(site: DemoSite, articles: Path) -> None:
    file = articles / "03-cau-moi.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("thoi-su\n", "the-thao\n"), encoding="utf-8")
    answer = get(site, "/")
    assert answer.status_code == 500
    assert "03-cau-moi.txt: category 'the-thao' must be one of cong-doan, thoi-su" in answer.text


def test_the_sites_can_be_tried_from_the_command_line() -> None:
    command = [sys.executable, "-m", "pipeline.demo_sites", "--port", "0", "--fault", "articles=status,503"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            address, name = served.stdout.readline().split()[:2]
            assert name == "songtien:"
            story = "/cong-doan/ldld-tinh-tien-giang-tong-ket-2024-post1001.html"
            assert requests.get(address + story, timeout=5).status_code == 503
            assert requests.get(address + "/feed/", timeout=5).status_code == 200
        finally:
            served.send_signal(signal.SIGINT)
        assert served.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fault", "articles=boom"], "'boom' is none of the faults"),
        (["--fault", "articles"], "write it as PATH=KIND"),
        (["--port", "TAKEN"], "is taken: choose another"),
    ],
)
def test_what_the_command_line_cannot_use(
    site: DemoSite, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    port = site.base_url.rsplit(":", 1)[1]
    with pytest.raises(SystemExit, match="2"):
        raise SystemExit(main([port if argument == "TAKEN" else argument for argument in arguments]))
    assert told in capsys.readouterr().err
