"""Drafting a manifest, piece by piece: addresses, clues on a page, selectors, the text that is written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup

from pipeline.crawl.sources import Source
from pipeline.sourcing.clues import anchors, feeds_named, page_template, pagers, site_title
from pipeline.sourcing.draft import Findings, manifest_text
from pipeline.sourcing.elements import common, look
from pipeline.sourcing.new import name_of
from pipeline.sourcing.shapes import Shape, learn_shape
from pipeline.sourcing.starts import newest, why_not

SITE = "https://baosongtien.vn"
SOURCE = Source(name="bao", title="Báo", base_url=SITE, feeds=["/rss"], article_pattern="")


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "lxml")


def urls(*paths: str) -> list[str]:
    return [SITE + path for path in paths]


@pytest.mark.parametrize(
    ("articles", "others", "pattern"),
    [
        (["/cong-doan/trao-qua-tet-post12.html", "/thoi-su/mua-lon-post345.html", "/cong-doan/hop-bch-post6789.html"],
         ["/cong-doan/", "/lien-he.html"], r"-post\d+\.html$"),
        (["/trao-30-suat-qua-1234567.ldo", "/thang-cong-nhan-1234568.ldo", "/hop-ban-chap-hanh-1234569.ldo"],
         ["/cong-doan.ldo"], r"-\d{5,}\.ldo$"),
        (["/xem-tin.asp?id=12", "/xem-tin.asp?id=7", "/xem-tin.asp?id=103"], ["/tin.asp?cat=tin-tuc"], r"^/xem-tin\.asp\?id=\d+$"),
        (["/bai-viet?cat=tin&id=12", "/bai-viet?cat=tin&id=7", "/bai-viet?cat=vb&id=103"], ["/bai-viet?cat=tin"],
         r"^/bai-viet\?cat=[^&]+&id=\d+$"),
        (["/2024/12/25/trao-qua/", "/2024/12/24/hop-ban/", "/2025/01/02/ra-quan/"], ["/2024/12/", "/cong-doan/"],
         r"/\d{4}/\d{1,2}/(?:\d{1,2}/)?[^/]+/$"),
        (["/tin/12345.html", "/tin/12399.html", "/tin/22345.html"], ["/tin/", "/tin/trang-2.html"], r"/\d{5,}\.html$"),
        # A year at the end of a title is no number of an article.
        (["/ldld-tinh-tong-ket-nam-2024.html", "/cong-doan-y-te-hop-ban-chap-hanh.html", "/trao-30-suat-qua-tet-cho-cong-nhan.html"],
         ["/gioi-thieu.html", "/co-cau-to-chuc.html"], r"/(?:[\w%]+-){5,}[\w%]+\.html$"),
        (["/ldld-tinh-tong-ket-nam-cu/", "/cong-doan-y-te-hop-ban-chap-hanh/", "/trao-30-suat-qua-tet-cho-cong-nhan/"],
         ["/gioi-thieu/", "/co-cau-to-chuc/"], r"/(?:[\w%]+-){5,}[\w%]+/?$"),
        # Two news systems under one roof.
        (["/a-b-c-d-post1.html", "/a-b-c-e-post2.html", "/xem.asp?id=1", "/xem.asp?id=2"], ["/cong-doan/"],
         r"(?:-post\d+\.html$)|(?:^/xem\.asp\?id=\d+$)"),
        # The same number on pages of sections: then the folders of the articles tell them apart.
        (["/tin-tuc/trao-qua-d12.html", "/tin-tuc/hop-bch-d13.html", "/su-kien/ra-quan-d14.html"], ["/muc/cong-doan-d3.html"],
         r"^/(?:su-kien|tin-tuc)\b.*-d\d+\.html$"),
    ],
)  # fmt: skip
def test_the_common_shape_of_addresses(articles: list[str], others: list[str], pattern: str) -> None:
    shape = learn_shape(urls(*articles), urls(*others))
    assert shape is not None
    assert (shape.pattern, shape.strays) == (pattern, ())
    assert all(re.search(pattern, path) for path in articles)
    assert not any(re.search(pattern, path) for path in others)


@pytest.mark.parametrize(
    "articles",
    [
        [],
        ["/trao-qua-post1.html"],
        ["/trao-qua-post1.html"] * 5,
        ["/gioi-thieu", "/lien-he", "/so-do", "/van-ban"],
    ],
)
def test_no_shape_of_too_few_or_of_nothing(articles: list[str]) -> None:
    assert learn_shape(urls(*articles), urls("/cong-doan/")) is None


def test_strays_are_told() -> None:
    shape = learn_shape(
        urls("/a-b-1234567.html", "/a-c-1234568.html", "/a-d-1234569.html"), urls("/the-le-1234570.html")
    )
    assert shape is not None
    assert shape.strays == ("/the-le-1234570.html",)


@pytest.mark.parametrize(
    ("html", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed/">', ["/feed/"]),
        ('<link rel="alternate" type="application/atom+xml" href="atom.xml">', ["/cong-doan/atom.xml"]),
        (
            '<a href="/rss/cong-doan.rss">Công đoàn</a><a href="/rss/cong-doan.rss">RSS</a>',
            ["/rss/cong-doan.rss"],
        ),
        ('<a href="/rss">RSS</a>', ["/rss"]),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/">', []),
        (
            '<link rel="alternate" hreflang="en" href="/en/"><a href="/rss-la-gi-ma-ai-cung-noi.html">RSS là gì</a>',
            [],
        ),
        ('<a href="http://[">hỏng</a>', []),
    ],
)
def test_feeds_that_a_page_names(html: str, feeds: list[str]) -> None:
    assert feeds_named(soup(html), f"{SITE}/cong-doan/") == urls(*feeds)


NINE = "Liên đoàn Lao động tỉnh trao quà Tết cho công nhân"


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        (f'<h3><a href="/bai-1.html">{NINE}</a></h3>', True),
        (
            f'<a href="/bai-1.html"><img></a><a href="/bai-1.html">{NINE}</a><a href="/bai-1.html#top">Chi tiết</a>',
            True,
        ),
        (f'<a href="/bai-1.html" title="{NINE}"><img></a>', True),
        ('<a href="/bai-1.html">Hoạt động công đoàn</a>', False),
        (f'<ul class="main-menu"><li><a href="/bai-1.html">{NINE}</a></li></ul>', False),
        (f'<nav><a href="/bai-1.html">{NINE}</a></nav>', False),
        (f'<form id="aspnetForm">{"<a href=/x>x</a>" * 12}<a href="/bai-1.html">{NINE}</a></form>', True),
    ],
)
def test_links_with_words_of_a_title(html: str, headline: bool) -> None:
    found = {link.url: link for link in anchors(soup(html), f"{SITE}/cong-doan/", SOURCE)}
    assert found[f"{SITE}/bai-1.html"].is_headline is headline


def test_links_that_are_not_counted() -> None:
    html = '<a href="/">x</a><a href="#top">x</a><a href="/cong-doan/">x</a><a href="https://zalo.me/x">x</a><a href="mailto:a@b.vn">x</a>'
    assert anchors(soup(html), f"{SITE}/cong-doan/", SOURCE) == []


@pytest.mark.parametrize(
    ("html", "way"),
    [
        ('<a rel="next nofollow" href="/cong-doan/trang-2.html">xa hơn</a>', "a[rel~=next]"),
        ('<link rel="next" href="/cong-doan?page=2">', "link[rel~=next]"),
        ('<a class="sau" href="/cong-doan/p2">Trang sau »</a>', "a.sau"),
        ('<div class="paging"><a class="p" href="/x/1">1</a><a class="p" href="/x/p2">›</a></div><a class="p" href="/y">y</a>',
         "/x/p{page}"),
        ('<a href="/cong-doan/trang-2.html">Tiếp theo</a>', "/cong-doan/trang-{page}.html"),
        ('<a href="/cong-doan/?p=1">1</a><a href="/cong-doan/?p=2">2</a>', "/cong-doan/?p={page}"),
        ('<a class="go next-page" href="/cong-doan/2"><i></i></a>', "a.go"),
        ('<a aria-label="Trang sau" class="arrow" href="/cong-doan/2"></a>', "a.arrow"),
        ('<a class="next" href="#">›</a>', None),
        ('<a class="next" href="javascript:sau()">Trang sau</a>', None),
        ('<a class="next" href="https://khac.vn/2">Trang sau</a>', None),
        ('<a href="/bai-1.html">Tiếp sức đến trường</a><a href="/2">22</a>', None),
    ],
)  # fmt: skip
def test_the_way_to_the_next_page(html: str, way: str | None) -> None:
    found = [pager.value for pager in pagers(soup(html), f"{SITE}/cong-doan/", SOURCE)]
    assert next(iter(found), None) == way


@pytest.mark.parametrize(
    ("second", "template"),
    [
        ("/cong-doan/trang-2.html", "/cong-doan/trang-{page}.html"),
        ("/khoa-2/tin?page=2", "/khoa-2/tin?page={page}"),
        ("/cong-doan/p12", None),
        ("/cong-doan/{2}", None),
        ("/cong-doan/", None),
    ],
)
def test_the_place_of_a_pages_number(second: str, template: str | None) -> None:
    assert page_template(f"{SITE}/cong-doan/", SITE + second) == template


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (
            '<meta property="og:site_name" content=" Báo  Sông Tiền "><title>Trang chủ | Báo</title>',
            "Báo Sông Tiền",
        ),
        ("<title>Hoạt động - Công đoàn Miệt Thứ</title>", "Công đoàn Miệt Thứ"),
        ("<title> </title>", None),
        ("<p>không tên</p>", None),
    ],
)
def test_the_name_of_a_site(html: str, title: str | None) -> None:
    assert site_title(soup(html)) == title


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.nld.com.vn/lao-dong.htm", "nld"),
        ("https://congdoan.vinhlong.gov.vn/", "congdoan-vinhlong"),
        ("https://laodong.vn", "laodong"),
        ("http://127.0.0.1:8765/", "site-127-0-0-1-8765"),
        ("http://[::1]:80/", "site-1-80"),
    ],
)
def test_a_name_from_a_host(url: str, name: str) -> None:
    assert name_of(url) == name
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name_of(url))


@pytest.mark.parametrize(
    ("html", "unique", "not_unique"),
    [
        (
            '<div class="noi-dung x"><p class="x">a</p></div>',
            {".noi-dung", "div.noi-dung", "div.x", "p.x"},
            {".x"},
        ),
        ('<td align="justify">a</td><td align="right">b</td>', {'td[align="justify"]'}, {"td"}),
        (
            '<div id="post-12345678">a</div><div class="css-1ab2c">b</div>',
            set(),
            {"#post-12345678", ".css-1ab2c"},
        ),
        (
            '<div class="sm:w-1/2 md">a</div><span itemprop="author">b</span>',
            {".md", '[itemprop="author"]'},
            {".sm:w-1/2"},
        ),
    ],
)
def test_selectors_that_pick_out_one_element(html: str, unique: set[str], not_unique: set[str]) -> None:
    page = look(f"{SITE}/bai-1.html", html)
    assert unique <= page.elements.keys()
    assert not not_unique & page.elements.keys()
    assert all(page.soup.select(selector) == [page.elements[selector]] for selector in unique)


def test_selectors_that_several_pages_share() -> None:
    pages = [look(f"{SITE}/{number}", f'<div class="than" id="bai-{number}">a</div>') for number in (1, 2, 3)]
    assert common(pages) == [".than", "div.than"]


FINDINGS = Findings(
    name="bao",
    title="Báo Sông Tiền",
    base_url=SITE,
    day="2025-01-13",
    shape=Shape(r"-post\d+\.html$", 1.0, ()),
    feeds=("/rss",),
)


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"title": "x\nverified: true\n\x1b[2J", "more_feeds": ("/a\nverified: true",)},
        {"title": "'\"#: {}[]&*!|>%@`"},
        {"title": "null", "listing": "/?a=1&b={page}", "next": "a.next > b:not(.c)", "section": "cong-doan"},
        {"shape": Shape(r"a'\"#\d: b", 0.9, ("/x\nverified: true\u2028name: y",))},
        {"selectors": {"body": 'td[align="justify"]', "title": "h1"}, "sampled": 5},
        {"loopback": True, "links": 1, "sitemaps": ("/sitemap.xml",), "more_sitemaps": ("/b.xml",)},
        {"asked_delay": 10.0, "links": 41},
    ],
)  # fmt: skip
def test_whatever_a_site_says_the_draft_stays_a_manifest(over: dict[str, Any]) -> None:
    findings = replace(FINDINGS, **over)
    text = manifest_text(findings)
    source = Source.model_validate(yaml.safe_load(text))
    assert (source.name, source.verified, source.article_pattern) == ("bao", False, findings.shape.pattern)
    assert source.title == " ".join(findings.title.split())
    assert source.allow_loopback is findings.loopback
    assert source.bounds.min_links == max(1, findings.links // 2)
    assert not {"\x1b", "\u2028"} & set(text)
    assert source.delay_seconds >= 2 or findings.loopback


def test_what_was_not_certain_is_said() -> None:
    text = manifest_text(replace(FINDINGS, selectors={"body": ".than"}, sampled=5, section="cong-doan"))
    assert "left to the general rules: title, lead, byline, published." in text
    assert r"article_pattern: ^/cong-doan/.*-post\d+\.html$" in text
    assert "No selectors: none was certain" in manifest_text(FINDINGS)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"{SITE}/lien-he", "does not match article_pattern"),
        (f"{SITE}/bai-post1.html", None),
        ("https://zalo.me/bai-post1.html", "on another host: zalo.me"),
        ("https://www.baosongtien.vn/bai-post1.html", None),
        ("mailto:a@b.vn", None),
        ("javascript:void(0)", None),
    ],
)
def test_why_a_link_is_no_article(url: str, why: str | None) -> None:
    assert why_not(SOURCE.model_copy(update={"article_pattern": "-post"}), url) == why


def test_the_newest_sitemaps_of_an_index() -> None:
    from pipeline.crawl.discover import Link

    dated = tuple(
        Link(f"{SITE}/{n}.xml", SITE, day) for n, day in ((1, "2024-01-05"), (2, "2025-01-05"), (3, None))
    )
    assert [link.url[-5] for link in newest(dated)] == ["2", "1", "3"]
    undated = tuple(Link(f"{SITE}/sitemap-2024-{n}.xml", SITE) for n in (9, 12, 10))
    assert [link.url[-7:-4].strip("-") for link in newest(undated)] == ["12", "10", "4-9"]
