"""Manifests: a good one loads, a bad one names its file and field; which links are a site's articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.crawl.sources import Source, SourceError, load_source, load_sources
from pipeline.settings import ROOT

GOOD = """
name: bao-thu
title: Báo Thử
base_url: https://baothu.vn
feeds: [/rss/cong-doan.rss]
article_pattern: -post\\d+\\.html$
"""
FULL = """
name: bao-thu
title: Báo Thử
base_url: https://baothu.vn
hosts: [m.baothu.vn, amp.baothu.vn]
verified: false
feeds: [/rss/cong-doan.rss]
sitemaps: [/sitemap.xml]
listings:
  - url: /cong-doan/
    link: .story h2 a
    next: a[rel=next]
    max_pages: 1000
  - url: /thoi-su/
    next: /thoi-su/trang-{page}.html
article_pattern: -post\\d+\\.html$
rewrite:
  ^/amp/: /
  (?i)^/M/(\\d+)$: /bai-\\1.html
layouts:
  - since: 2024-01-01
    title: h1.article__title
    lead: .article__sapo
    body: .article__body
    byline: .article__author
    published: time.article__date
    captions: figcaption
    drop: [.related, "div:has(> ins)"]
  - until: 2023-12-31
    body: "#noidung"
dates:
  first: url
  url: /(?P<year>\\d{4})/(?P<month>\\d\\d)/(?P<day>\\d\\d)/
  day_first: false
  offset: "+00:00"
delay_seconds: 3
schedule: 30 1 * * *
allow_loopback: false
bounds:
  min_links: 5
  min_of_usual: 0.4
  max_failed_share: 0.2
  min_dated_share: 0.9
  min_layout_share: 0.95
  min_relevant_share: 0.3
  max_quiet_days: 14
"""


def load(folder: Path, text: str) -> Source:
    (folder / "bao-thu.yaml").write_text(text, encoding="utf-8")
    return load_source(folder / "bao-thu.yaml")


def a_source(**fields: Any) -> Source:
    base: dict[str, Any] = {"name": "t", "title": "T", "base_url": "https://baothu.vn", "feeds": ["/f"]}
    return Source.model_validate({**base, **fields})


def test_the_project_s_own_manifests_load() -> None:
    assert "songtien" in [source.name for source in load_sources(ROOT / "pipeline" / "sources")]


def test_every_field_loads(tmp_path: Path) -> None:
    source = load(tmp_path, FULL)
    told = source.model_dump(exclude_unset=True)
    assert set(told) == set(Source.model_fields)
    assert set(told["bounds"]) == set(type(source.bounds).model_fields)
    assert set(told["dates"]) == set(type(source.dates).model_fields)
    assert set(told["layouts"][0]) | set(told["layouts"][1]) == set(type(source.layouts[0]).model_fields)
    assert set(told["listings"][0]) == set(type(source.listings[0]).model_fields)
    assert (source.layouts[1].body, source.layouts[1].title) == ("#noidung", None)
    assert source.listings[1].next == "/thoi-su/trang-{page}.html"


@pytest.mark.parametrize(
    ("start", "told"),
    [("feeds: [/rss]", 1), ("sitemaps: [/sitemap.xml]", 1), ("listings: [{url: /cong-doan/}]", 1)],
    ids=["a feed", "a sitemap", "a listing"],
)
def test_one_start_point_is_enough(tmp_path: Path, start: str, told: int) -> None:
    source = load(tmp_path, GOOD.replace("feeds: [/rss/cong-doan.rss]", start))
    assert len([*source.feeds, *source.sitemaps, *source.listings]) == told


# A change of GOOD or FULL (the first of its words becomes the second), and what is said of it.
@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        # The file
        pytest.param(GOOD, GOOD, "- a\n- b\n", "must be a mapping", id="a list"),
        pytest.param(GOOD, GOOD, "", "must be a mapping", id="empty"),
        pytest.param(GOOD, GOOD, "name: [\n", "cannot be read as YAML", id="broken YAML"),
        pytest.param(GOOD, "title:", "titel: x\ntitle:", "field titel", id="misspelt field"),
        pytest.param(FULL, "    byline:", "    author:", "field layouts.0.author", id="misspelt field of a layout"),
        pytest.param(FULL, "  min_links:", "  min_link:", "field bounds.min_link", id="misspelt bound"),
        # Who and where
        pytest.param(GOOD, "name: bao-thu", "name: Báo Thử", "field name", id="a name that is no file name"),
        pytest.param(GOOD, "name: bao-thu", "name: ../bao", "field name", id="a name that leads elsewhere"),
        pytest.param(GOOD, "name: bao-thu", "name: _bao", "field name", id="a name that begins with no letter"),
        pytest.param(GOOD, "name: bao-thu", "name: 12", "field name", id="a name that is a number"),
        pytest.param(GOOD, "title: Báo Thử\n", "", "field title", id="left out"),
        pytest.param(GOOD, "https://baothu.vn", "baothu.vn", "field base_url", id="no scheme"),
        pytest.param(GOOD, "https://baothu.vn", "ftp://baothu.vn", "field base_url", id="another scheme"),
        pytest.param(GOOD, "https://baothu.vn", "https://baothu.vn/tin/", "field base_url", id="a path"),
        pytest.param(GOOD, "https://baothu.vn", "https://bao thu", "field base_url", id="no host"),
        pytest.param(FULL, "m.baothu.vn", "https://m.baothu.vn/", "field hosts.*no host like", id="a host as URL"),
        pytest.param(FULL, "m.baothu.vn", "baothu.vn/m", "field hosts.*no host like", id="a host with a path"),
        pytest.param(FULL, "m.baothu.vn", "'m.baothu.vn:x'", "field hosts", id="a host with half a port"),
        # Where to look
        pytest.param(GOOD, "feeds: [/rss/cong-doan.rss]\n", "", "at least one of feeds", id="nowhere to look"),
        pytest.param(GOOD, "feeds: [/rss/cong-doan.rss]", "feeds: /rss", "field feeds", id="no list"),
        pytest.param(FULL, "  - url: /cong-doan/\n    link", "  - link", "field listings.0.url", id="no listing's URL"),
        pytest.param(FULL, ".story h2 a", "'a['", "field listings.0.link.*CSS", id="no selector of links"),
        pytest.param(FULL, "a[rel=next]", "'a['", "field listings.0.next.*CSS", id="no selector of the next page"),
        pytest.param(FULL, "max_pages: 1000", "max_pages: 0", "field listings.0.max_pages", id="no page"),
        pytest.param(FULL, "max_pages: 1000", "max_pages: 1001", "field listings.0.max_pages", id="too many pages"),
        # What is an article
        pytest.param(GOOD, "-post\\d+", "-post(\\d+", "field article_pattern.*regular", id="no regular expression"),
        pytest.param(FULL, "^/amp/: /", "^/amp(/: /", "field rewrite", id="no regular expression to rewrite"),
        pytest.param(FULL, "/bai-\\1.html", "/bai-\\2.html", "field rewrite.*group", id="a group that is not there"),
        pytest.param(FULL, "/bai-\\1.html", "/bai-\\g<so>", "field rewrite.*group", id="a name that is not there"),
        # What an article looks like
        pytest.param(FULL, "h1.article__title", "'h1['", "field layouts.0.title.*CSS", id="no selector of the title"),
        pytest.param(FULL, ".article__sapo", "'p['", "field layouts.0.lead.*CSS", id="none of the lead"),
        pytest.param(FULL, "'#noidung'".replace("'", '"'), "'##'", "field layouts.1.body.*CSS", id="none of the body"),
        pytest.param(FULL, ".article__author", "'p['", "field layouts.0.byline.*CSS", id="none of the byline"),
        pytest.param(FULL, "time.article__date", "'p['", "field layouts.0.published.*CSS", id="none of the date"),
        pytest.param(FULL, "figcaption", "'p['", "field layouts.0.captions.*CSS", id="none of the captions"),
        pytest.param(FULL, ".related", "'p['", "field layouts.0.drop.*CSS", id="none of what to drop"),
        pytest.param(FULL, "2024-01-01", "2024-13-01", "cannot be read as YAML: month must be", id="no such day"),
        pytest.param(FULL, "2023-12-31", "năm 2023", "field layouts.1.until", id="a day in words"),
        # Dates
        pytest.param(FULL, "first: url", "first: title", "field dates.first", id="no place of a date"),
        pytest.param(FULL, "(?P<day>\\d\\d)", "(\\d\\d)", "field dates.url.*named groups", id="a group without name"),
        pytest.param(FULL, "(?P<day>\\d\\d)", "(?P<day>", "field dates.url.*regular", id="no pattern of dates"),
        pytest.param(FULL, "+00:00", "+7", "field dates.offset", id="an offset cut short"),
        pytest.param(FULL, '"+00:00"', "Asia/Ho_Chi_Minh", "field dates.offset", id="a zone for an offset"),
        # When and how
        pytest.param(FULL, "delay_seconds: 3", "delay_seconds: -1", "field delay_seconds", id="time backwards"),
        pytest.param(FULL, "30 1 * * *", "hằng đêm", "field schedule.*no cron line", id="a schedule in words"),
        pytest.param(FULL, "30 1 * * *", "30 25 * * *", "field schedule.*no cron line", id="the twenty-fifth hour"),
        pytest.param(FULL, "verified: false", "verified: maybe", "field verified", id="neither yes nor no"),
        pytest.param(FULL, "allow_loopback: false", "allow_loopback: [x]", "field allow_loopback", id="nor a list"),
        # Bounds
        pytest.param(FULL, "min_links: 5", "min_links: -1", "field bounds.min_links", id="fewer than none"),
        pytest.param(FULL, "min_of_usual: 0.4", "min_of_usual: 40", "field bounds.min_of_usual", id="per cent"),
        pytest.param(FULL, "max_failed_share: 0.2", "max_failed_share: 1.1", "max_failed_share", id="more than all"),
        pytest.param(FULL, "min_dated_share: 0.9", "min_dated_share: 90", "min_dated_share", id="per cent of dates"),
        pytest.param(FULL, "min_layout_share: 0.95", "min_layout_share: -0.1", "min_layout_share", id="below nought"),
        pytest.param(FULL, "min_relevant_share: 0.3", "min_relevant_share: x", "min_relevant_share", id="no number"),
        pytest.param(FULL, "max_quiet_days: 14", "max_quiet_days: 0", "max_quiet_days", id="no day to be quiet"),
    ],
)  # fmt: skip
def test_a_bad_manifest_is_named(tmp_path: Path, text: str, old: str, new: str, told: str) -> None:
    assert old in text
    load(tmp_path, text)
    with pytest.raises(SourceError, match=told) as caught:
        load(tmp_path, text.replace(old, new, 1))
    assert "bao-thu.yaml" in str(caught.value)


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "anh.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    for name in ("anh.yaml", "khong-co.yaml"):
        with pytest.raises(SourceError, match=rf"{name}: cannot be read as YAML"):
            load_source(tmp_path / name)


def test_two_manifests_of_one_name(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(SourceError, match=r"b\.yaml.*already used by .*a\.yaml"):
        load_sources(tmp_path)


def test_a_folder_of_manifests(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        load_sources(tmp_path / "khong-co")
    assert load_sources(tmp_path) == []
    for name in ("b", "a"):
        (tmp_path / f"{name}.yaml").write_text(GOOD.replace("bao-thu", name), encoding="utf-8")
    (tmp_path / "ghi-chu.txt").write_text("no manifest", encoding="utf-8")
    assert [source.name for source in load_sources(tmp_path)] == ["a", "b"]


POST = {"article_pattern": r"-post\d+\.html$"}
OURS = "https://baothu.vn/cong-doan/tong-ket-post12.html"


# The link on a page, and the article's URL; None is no article of this site.
@pytest.mark.parametrize(
    ("fields", "link", "article"),
    [
        # Whose it is
        pytest.param(POST, OURS, OURS, id="the site's own"),
        pytest.param(POST, "https://khac.vn/cong-doan/tong-ket-post12.html", None, id="another site's"),
        pytest.param(POST, "https://m.baothu.vn/cong-doan/tong-ket-post12.html", None, id="a host is not its subdomain"),
        pytest.param(POST, "https://baothu.vn.khac.vn/cong-doan/tong-ket-post12.html", None, id="a host that begins so"),
        pytest.param(POST, "https://khacbaothu.vn/cong-doan/tong-ket-post12.html", None, id="a host that ends so"),
        pytest.param(POST, "https://baothu.vn@khac.vn/tong-ket-post12.html", None, id="a host that is a user's name"),
        pytest.param(POST, "https://baothu.vn:8443/cong-doan/tong-ket-post12.html", None, id="another port"),
        pytest.param(POST, "https://www.baothu.vn/cong-doan/tong-ket-post12.html", OURS, id="www. is no other host"),
        pytest.param(POST, "https://www2.baothu.vn/cong-doan/tong-ket-post12.html", None, id="www2. is one"),
        pytest.param(POST, "http://BaoThu.vn/cong-doan/tong-ket-post12.html", OURS, id="http gives the site's https"),
        pytest.param(
            {**POST, "base_url": "https://www.baothu.vn/"}, "http://baothu.vn/tong-ket-post12.html",
            "https://www.baothu.vn/tong-ket-post12.html", id="a site that calls itself www.",
        ),
        pytest.param(
            {**POST, "base_url": "https://BáoThử.vn:443"}, "https://báothử.vn/tong-ket-post12.html",
            "https://xn--both-5na9627b.vn/tong-ket-post12.html", id="an IDN site with its default port",
        ),
        pytest.param(
            {**POST, "base_url": "http://127.0.0.1:8765"}, "http://127.0.0.1:8765/tong-ket-post12.html",
            "http://127.0.0.1:8765/tong-ket-post12.html", id="a site on this machine",
        ),
        # Further hosts
        pytest.param(
            {**POST, "hosts": ["M.BaoThu.vn"]}, "https://m.baothu.vn/cong-doan/tong-ket-post12.html", OURS,
            id="a further host shows the same articles",
        ),
        pytest.param(
            {**POST, "hosts": ["baothucu.vn"]}, "https://www.baothucu.vn/cong-doan/tong-ket-post12.html", OURS,
            id="www. before a further host",
        ),
        pytest.param(
            {**POST, "hosts": ["m.baothu.vn"]}, "https://amp.baothu.vn/cong-doan/tong-ket-post12.html", None,
            id="a host that is not named",
        ),
        # Twins and rewriting
        pytest.param(POST, f"{OURS}?utm_source=zalo#top", OURS, id="tracking"),
        pytest.param(POST, "https://baothu.vn/amp/cong-doan/tong-ket-post12.html", OURS, id="a twin"),
        pytest.param(
            {**POST, "rewrite": {r"^/m/(\d+)/": r"/cong-doan/", r"-p(\d+)$": r"-post\1.html"}},
            "https://baothu.vn/m/7/tong-ket-p12", OURS, id="rewritten by two rules, one after the other",
        ),
        pytest.param(
            {**POST, "rewrite": {r"^/xem\?bai=(.+)$": r"/cong-doan/\1.html"}},
            "https://baothu.vn/xem?bai=tong-ket-post12", OURS, id="a rule that reads the query",
        ),
        pytest.param(
            {**POST, "rewrite": {r"(?i)^/IN/": "/cong-doan/"}}, "https://baothu.vn/In/tong-ket-post12.html", OURS,
            id="a rule that does not mind case",
        ),
        pytest.param(
            {**POST, "rewrite": {r"^/tag/.*": "/"}}, "https://baothu.vn/tag/tong-ket-post12.html", None,
            id="rewritten into no article",
        ),
        # What is an article
        pytest.param(POST, "https://baothu.vn/cong-doan/", None, id="a listing"),
        pytest.param(POST, "https://baothu.vn/", None, id="the front page"),
        pytest.param(POST, "mailto:a@baothu.vn", None, id="no web address"),
        pytest.param(POST, "http://[", None, id="no URL at all"),
        pytest.param(
            {"article_pattern": r"^/xem-tin\.asp\?id=\d+$"}, "https://baothu.vn/xem-tin.asp?id=201&fbclid=x",
            "https://baothu.vn/xem-tin.asp?id=201", id="an id in the query",
        ),
        pytest.param(
            {"article_pattern": r"^/xem-tin\.asp\?id=\d+$"}, "https://baothu.vn/xem-tin.asp", None,
            id="the same page without an id",
        ),
        # The pattern of who names none: a headline in the link
        pytest.param({}, "https://baothu.vn/tong-ket-hoat-dong-cong-doan-nam-2024-a1.html",
                     "https://baothu.vn/tong-ket-hoat-dong-cong-doan-nam-2024-a1.html", id="a headline"),
        pytest.param({}, "https://baothu.vn/cong-doan/tong-ket-hoat-dong-cong-doan-nam-2024",
                     "https://baothu.vn/cong-doan/tong-ket-hoat-dong-cong-doan-nam-2024", id="without an ending"),
        pytest.param({}, "https://baothu.vn/cong-doan/", None, id="a category"),
        pytest.param({}, "https://baothu.vn/hoat-dong-cong-doan-co-so/", None, id="a long category"),
        pytest.param({}, "https://baothu.vn/tin-tuc.html", None, id="a category with an ending"),
        pytest.param({}, "https://baothu.vn/gioi-thieu-chung", None, id="about us"),
        pytest.param({}, "https://baothu.vn/?s=tong-ket-hoat-dong-cong-doan-nam-2024", None, id="a search"),
    ],
)  # fmt: skip
def test_article(fields: dict[str, Any], link: str, article: str | None) -> None:
    source = a_source(**fields)
    assert source.article(link) == article
    if article is not None:
        assert source.article(article) == article


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("/cong-doan/", "https://baothu.vn/cong-doan/"),
        ("rss/tin.rss", "https://baothu.vn/rss/tin.rss"),
        ("https://baothu.vn/rss", "https://baothu.vn/rss"),
        ("//m.baothu.vn/rss", "https://m.baothu.vn/rss"),
        ("?cat=tin", "https://baothu.vn?cat=tin"),
    ],
)
def test_absolute(written: str, absolute: str) -> None:
    assert a_source().absolute(written) == absolute


def test_a_source_served_from_elsewhere() -> None:
    source = a_source(hosts=["m.baothu.vn"], **POST)
    moved = source.at("http://127.0.0.1:4711")
    assert moved.host == "127.0.0.1:4711"
    assert moved.article("http://127.0.0.1:4711/tong-ket-post12.html") is not None
    assert moved.article(OURS) is None
    assert source.host == "baothu.vn"
