"""Feeds, listing pages and sitemaps: articles only, each once, and what cannot be read is said."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.crawl.discover import (
    DiscoverError,
    Found,
    Link,
    feed_links,
    listing_links,
    merge,
    sitemap_links,
)
from pipeline.crawl.sources import Listing, Source

SOURCE = Source(
    name="baothu",
    title="Báo Thử",
    base_url="https://baothu.vn",
    feeds=["/rss"],
    article_pattern=r"^/cong-doan/[a-z0-9-]+-\d+\.html$",
)
FEED = "https://baothu.vn/rss/tin.rss"
PAGE = "https://baothu.vn/cong-doan/"
MAP = "https://baothu.vn/sitemap.xml"


def names(found: Found) -> list[str]:
    """`bai-1 bai-2` of the links."""
    return [link.url.removeprefix(PAGE).removesuffix(".html") for link in found.links]


def dates(found: Found) -> list[str | None]:
    return [link.dated for link in found.links]


def rss(*items: str) -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{inner}</channel></rss>'.encode()
    )


def item(number: int, date: str = "") -> str:
    return f"<link>https://baothu.vn/cong-doan/bai-{number}.html</link>{date}"


# Feeds


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param("<link>https://baothu.vn/cong-doan/bai-1.html?utm_source=rss</link>", ["bai-1"], id="tracking"),
        pytest.param("<link>/cong-doan/bai-1.html</link>", ["bai-1"], id="a path"),
        pytest.param("<link>\n  https://baothu.vn/cong-doan/bai-1.html\n </link>", ["bai-1"], id="blanks around"),
        pytest.param("<link><![CDATA[https://baothu.vn/cong-doan/bai-1.html]]></link>", ["bai-1"], id="CDATA"),
        pytest.param('<guid isPermaLink="true">https://baothu.vn/cong-doan/bai-1.html</guid>', ["bai-1"], id="a guid"),
        pytest.param("<link>http://www.baothu.vn/cong-doan/bai-1.html</link>", ["bai-1"], id="www. and http"),
        pytest.param("<link>https://baothu.vn/quang-cao/giam-gia-3.html</link>", [], id="no article"),
        pytest.param("<link>https://khac.vn/cong-doan/bai-4.html</link>", [], id="another site's"),
        pytest.param("<title>không có liên kết</title>", [], id="no link"),
        pytest.param("<link>http://[</link>", [], id="no URL"),
    ],
)  # fmt: skip
def test_a_link_in_a_feed(link: str, expected: list[str]) -> None:
    found = feed_links(rss(link), FEED, SOURCE)
    assert names(found) == expected
    assert (found.others, found.following) == (1 - len(expected), ())
    assert all(link.found_on == FEED for link in found.links)


def test_a_feed_s_articles_once_each_in_its_order() -> None:
    found = feed_links(rss(item(2), item(1), item(2), item(3)), FEED, SOURCE)
    assert names(found) == ["bai-2", "bai-1", "bai-3"]


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
  <link rel="self" href="https://baothu.vn/cong-doan/khong-phai-9.html"/>
  <entry><title>a</title><link rel="edit" href="https://baothu.vn/cong-doan/sua-8.html"/>
    <link rel="alternate" href="https://baothu.vn/cong-doan/bai-1.html"/>
    <published>2025-01-14T08:00:00+07:00</published><updated>2025-01-15T08:00:00+07:00</updated></entry>
  <entry><link href="/cong-doan/bai-2.html"/><updated>2025-01-15T08:00:00Z</updated></entry>
  <entry><link href="/cong-doan/bai-3.html"/></entry>
</feed>"""


def test_an_atom_feed() -> None:
    found = feed_links(ATOM.encode(), FEED, SOURCE)
    assert names(found) == ["bai-1", "bai-2", "bai-3"]
    assert dates(found) == ["2025-01-14T01:00:00+00:00", "2025-01-15T08:00:00+00:00", None]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param(
            "<pubDate>Tue, 14 Jan 2025 01:30:00 +0700</pubDate>", "2025-01-13T18:30:00+00:00", id="RFC 822"
        ),
        pytest.param(
            "<pubDate>Tue, 14 Jan 2025 01:30:00 GMT</pubDate>", "2025-01-14T01:30:00+00:00", id="GMT"
        ),
        pytest.param("<pubDate>2025-01-14T01:30:00Z</pubDate>", "2025-01-14T01:30:00+00:00", id="ISO in RSS"),
        pytest.param("<pubDate>hôm qua</pubDate>", None, id="words"),
        pytest.param("<pubDate>Tue, 32 Jan 2025 01:30:00 GMT</pubDate>", None, id="no such day"),
        pytest.param("<pubDate></pubDate>", None, id="empty"),
        pytest.param("", None, id="none"),
    ],
)
def test_a_date_in_a_feed(date: str, expected: str | None) -> None:
    assert dates(feed_links(rss(item(1, date)), FEED, SOURCE)) == [expected]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(rss(item(1), item(2))[:-20], ["bai-1", "bai-2"], id="broken off behind the items"),
        pytest.param(rss(item(1), item(2) + "<title>Tổng k"), ["bai-1", "bai-2"], id="an open element"),
        pytest.param(rss("<title>A & B &nbsp; &copy;</title>" + item(1)), ["bai-1"], id="bare ampersands, HTML entities"),
        pytest.param(b"\xef\xbb\xbf" + rss(item(1)), ["bai-1"], id="a byte order mark"),
        pytest.param(b"\n\n" + rss(item(1)), ["bai-1"], id="blank lines before the declaration"),
        pytest.param(rss("<title>\x01\x02</title>" + item(1)), ["bai-1"], id="control characters"),
        pytest.param(rss(f"<title>{'Tổng kết'}</title>{item(1)}").decode().encode("utf-16"), ["bai-1"], id="UTF-16"),
        pytest.param(rss(), [], id="a feed without items"),
        pytest.param(rss("<title>t</title>"), [], id="an item without a link"),
    ],
)  # fmt: skip
def test_a_feed_that_is_broken_or_odd(data: bytes, expected: list[str]) -> None:
    assert names(feed_links(data, FEED, SOURCE)) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"   \n", id="blanks"),
        pytest.param(b"/etc/passwd", id="a parser would open this file"),
        pytest.param(b"http://127.0.0.1:1/", id="a parser would fetch this"),
        pytest.param(b"<html><body><h1>503</h1><a href='/cong-doan/bai-1.html'>x</a></body></html>", id="HTML"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param(b'{"items": []}', id="JSON"),
        pytest.param(b"<urlset><url><loc>https://baothu.vn/cong-doan/bai-1.html</loc></url></urlset>", id="a sitemap"),
    ],
)  # fmt: skip
def test_what_is_no_feed(data: bytes) -> None:
    with pytest.raises(DiscoverError, match="no RSS or Atom feed"):
        feed_links(data, FEED, SOURCE)


# Listings


@pytest.mark.parametrize(
    ("page", "link", "expected", "others"),
    [
        pytest.param('<a href="bai-1.html">1</a>', "a", ["bai-1"], 0, id="relative to the page"),
        pytest.param('<a href="/cong-doan/bai-1.html#top">1</a>', "a", ["bai-1"], 0, id="a fragment"),
        pytest.param('<a href=" /cong-doan/\nbai-1.html ">1</a>', "a", ["bai-1"], 0, id="a line break inside"),
        pytest.param('<base href="https://baothu.vn/"><a href="cong-doan/bai-1.html">1</a>', "a", ["bai-1"], 0, id="<base>"),
        pytest.param('<base href="/"><a href="cong-doan/bai-1.html">1</a>', "a", ["bai-1"], 0, id="a relative <base>"),
        pytest.param('<base target="_top"><a href="bai-1.html">1</a>', "a", ["bai-1"], 0, id="<base> without an address"),
        pytest.param('<base href="http://["><a href="bai-1.html">1</a>', "a", ["bai-1"], 0, id="a broken <base>"),
        pytest.param('<p><a href="bai-1.html">1</a></p><a href="bai-2.html">2</a>', "p a", ["bai-1"], 0, id="not selected"),
        pytest.param('<a href="bai-1.html">ảnh</a><a href="bai-1.html">1</a>', "a", ["bai-1"], 0, id="once"),
        pytest.param('<a href="/video/">v</a><a href="bai-1.html">1</a>', "a", ["bai-1"], 1, id="another link"),
        pytest.param('<a href="">t</a><a>u</a><a href="javascript:x()">v</a><a href="http://[">w</a>', "a", [], 4, id="no links"),
        pytest.param('<h2><a href="bai-1.html">1</a></h2>', "h2", [], 1, id="selects what is no link"),
        pytest.param("", "a", [], 0, id="an empty page"),
        pytest.param('<a href="bai-1.html">1<a href="bai-2.html">2', "a", ["bai-1", "bai-2"], 0, id="tags left open"),
        pytest.param("\x00\x01 không phải HTML", "a", [], 0, id="no HTML"),
    ],
)  # fmt: skip
def test_a_listing_s_links(page: str, link: str, expected: list[str], others: int) -> None:
    found = listing_links(page.encode(), PAGE, SOURCE, Listing(url="/cong-doan/", link=link))
    assert (names(found), found.others) == (expected, others)
    assert all(link.found_on == PAGE for link in found.links)
    assert found.following == ()


def test_without_a_selector_every_link_is_looked_at() -> None:
    page = b'<nav><a href="/cong-doan/">c</a></nav><div><a href="bai-1.html">1</a></div><a name="x"></a>'
    found = listing_links(page, PAGE, SOURCE, Listing(url="/cong-doan/"))
    assert (names(found), found.others) == (["bai-1"], 1)


@pytest.mark.parametrize(
    ("following", "page", "number", "expected"),
    [
        pytest.param("a.sau", '<a class="sau" href="trang-2.html">', 1, f"{PAGE}trang-2.html", id="by CSS"),
        pytest.param("a.sau", '<a class="sau" href="?p=2&amp;utm_source=x">', 1, f"{PAGE}?p=2", id="canonical"),
        pytest.param("a.sau", '<base href="/"><a class="sau" href="trang-2.html">', 1, "https://baothu.vn/trang-2.html", id="relative to <base>"),
        pytest.param("a.sau", '<a class="sau" href="a.html"><a class="sau" href="b.html">', 1, f"{PAGE}a.html", id="the first"),
        pytest.param("a.sau", '<a class="truoc" href="trang-0.html">', 2, None, id="the last page has none"),
        pytest.param("a.sau", '<a class="sau" href="">', 1, None, id="an empty address"),
        pytest.param("a.sau", '<a class="sau">', 1, None, id="no address"),
        pytest.param("a.sau", '<a class="sau" href="javascript:next()">', 1, None, id="a script"),
        pytest.param("a.sau", '<a class="sau" href="http://[">', 1, None, id="no URL"),
        pytest.param("a.sau", '<a class="sau" href="https://khac.vn/2">', 1, None, id="off the site"),
        pytest.param("a.sau", '<a class="sau" href="//169.254.169.254/">', 1, None, id="off to a private address"),
        pytest.param("/tin/trang-{page}.html", "", 1, "https://baothu.vn/tin/trang-2.html", id="a path of page 2"),
        pytest.param("/tin/trang-{page}.html", "", 9, "https://baothu.vn/tin/trang-10.html", id="a path of page 10"),
        pytest.param("?cat=tin&trang={page}", "", 1, "https://baothu.vn/?cat=tin&trang=2", id="a query is the site's"),
        pytest.param("https://khac.vn/{page}", "", 1, None, id="a path off the site"),
        pytest.param(None, '<a rel="next" href="trang-2.html">', 1, None, id="none is named"),
    ],
)  # fmt: skip
def test_a_listing_s_next_page(following: str | None, page: str, number: int, expected: str | None) -> None:
    listing = Listing(url="/cong-doan/", next=following, max_pages=9)
    found = listing_links(page.encode(), PAGE, SOURCE, listing, page=number)
    assert [link.url for link in found.following] == ([expected] if expected else [])


def test_a_listing_in_an_old_encoding() -> None:
    source = SOURCE.model_copy(update={"article_pattern": r"^/b%C3%A0i-\d+$"})
    page = '<meta charset="windows-1258"><a href="/bài-1">1</a>'.encode("cp1258")
    assert len(listing_links(page, PAGE, source, Listing(url="/")).links) == 1


# Sitemaps


def entry(number: int, more: str = "") -> str:
    return f"<url><loc>https://baothu.vn/cong-doan/bai-{number}.html</loc>{more}</url>"


def urlset(*entries: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">' + "".join(entries) + "</urlset>"
    ).encode()


NEWS = "<news:news><news:publication_date>{}</news:publication_date><news:title>t</news:title></news:news>"
IMAGE = "<image:image><image:loc>https://baothu.vn/cong-doan/anh-{}.html</image:loc></image:image>"


@pytest.mark.parametrize(
    ("data", "expected", "dated"),
    [
        pytest.param(urlset(entry(2), entry(1), entry(2)), ["bai-2", "bai-1"], [None, None], id="in its order, once"),
        pytest.param(urlset(entry(1, "<lastmod>2025-01-14</lastmod>")), ["bai-1"], ["2025-01-14"], id="a day"),
        pytest.param(
            urlset(entry(1, "<lastmod> 2025-01-14T08:00:00+07:00 </lastmod>")), ["bai-1"],
            ["2025-01-14T08:00:00+07:00"], id="a moment",
        ),
        pytest.param(urlset(entry(1, "<lastmod>2025-13-14</lastmod>")), ["bai-1"], [None], id="no such day"),
        pytest.param(urlset(entry(1, "<lastmod/>")), ["bai-1"], [None], id="an empty date"),
        pytest.param(urlset(entry(1, NEWS.format("2025-01-14"))), ["bai-1"], ["2025-01-14"], id="a news sitemap"),
        pytest.param(
            urlset(entry(1, "<lastmod>2025-06-01</lastmod>" + NEWS.format("2025-01-14"))), ["bai-1"], ["2025-01-14"],
            id="publication before the last change",
        ),
        pytest.param(
            urlset(entry(1, IMAGE.format(7) + IMAGE.format(8)), entry(2)), ["bai-1", "bai-2"], [None, None],
            id="a picture's address is not the article's",
        ),
        pytest.param(
            urlset("<url>" + IMAGE.format(7) + "<loc>https://baothu.vn/cong-doan/bai-1.html</loc></url>"), ["bai-1"],
            [None], id="not even where it stands first",
        ),
        pytest.param(
            urlset(entry(1, '<xhtml:link rel="alternate" href="https://baothu.vn/cong-doan/en-9.html"/>')), ["bai-1"],
            [None], id="another language's link",
        ),
        pytest.param(
            f"<urlset>{entry(1)}</urlset>".encode(), ["bai-1"], [None], id="no namespace",
        ),
        pytest.param(
            f'<s:urlset xmlns:s="urn:x">{entry(1).replace("<", "<s:").replace("<s:/", "</s:")}</s:urlset>'.encode(),
            ["bai-1"], [None], id="a prefix and another namespace",
        ),
        pytest.param(urlset(entry(1, "<!-- c --><?pi x?>"), "<!-- c -->"), ["bai-1"], [None], id="comments"),
        pytest.param(b"\xef\xbb\xbf\n" + urlset(entry(1), head=""), ["bai-1"], [None], id="a byte order mark, a blank line"),
        pytest.param(
            urlset(entry(1), head='<?xml version="1.0" encoding="windows-1258"?>'), ["bai-1"], [None],
            id="another encoding",
        ),
        pytest.param(urlset("<url><loc><![CDATA[/cong-doan/bai-1.html]]></loc></url>"), ["bai-1"], [None], id="CDATA, relative"),
        pytest.param(urlset("<url><loc>\n https://baothu.vn/cong-doan/bai-1.html\n</loc></url>"), ["bai-1"], [None], id="blanks"),
        pytest.param(urlset("<url><loc/></url>", "<url/>", entry(1)), ["bai-1"], [None], id="empty entries"),
        pytest.param(urlset(), [], [], id="an empty sitemap"),
        pytest.param(gzip.compress(urlset(entry(1))), ["bai-1"], [None], id="gzipped"),
        pytest.param(gzip.compress(b"https://baothu.vn/cong-doan/bai-1.html"), ["bai-1"], [None], id="gzipped text"),
        pytest.param(
            b"\xef\xbb\xbfhttps://baothu.vn/cong-doan/bai-1.html\r\nhttps://baothu.vn/cong-doan/bai-2.html\n",
            ["bai-1", "bai-2"], [None, None], id="plain text",
        ),
        pytest.param(urlset(entry(1), entry(2))[:-20], ["bai-1"], [None], id="cut off inside an entry"),
        pytest.param(urlset(entry(1)).replace(b"</urlset>", b""), ["bai-1"], [None], id="cut off behind an entry"),
        pytest.param(urlset(entry(1), "<url><loc>a & b</loc></url>"), ["bai-1"], [None], id="a bare ampersand"),
        pytest.param(urlset(entry(1)) + b"<p>thua</p>", ["bai-1"], [None], id="something behind the end"),
        pytest.param(
            gzip.compress(urlset(*(entry(n) for n in range(500))), 1)[:-9], [f"bai-{n}" for n in range(500)],
            [None] * 500, id="gzipped and cut off in the checksum",
        ),
    ],
)  # fmt: skip
def test_a_sitemap(data: bytes, expected: list[str], dated: list[str | None]) -> None:
    found = sitemap_links(data, MAP, SOURCE)
    assert (names(found), dates(found)) == (expected, dated)
    assert found.following == ()


def test_a_sitemap_s_other_links_are_counted() -> None:
    others = "<url><loc>https://baothu.vn/gioi-thieu</loc></url><url><loc>https://khac.vn/cong-doan/bai-1.html</loc></url>"
    found = sitemap_links(urlset(entry(1), others, "<url><loc>http://[</loc></url>"), MAP, SOURCE)
    assert (names(found), found.others) == (["bai-1"], 3)


def test_a_sitemap_index() -> None:
    data = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://baothu.vn/sitemap-2025-01.xml.gz</loc><lastmod>2025-01-31</lastmod></sitemap>
      <sitemap><loc>/sitemap-2024.xml?x=1&amp;y=2</loc></sitemap>
      <sitemap><loc>https://khac.vn/sitemap.xml</loc></sitemap>
      <sitemap><loc>http://[</loc></sitemap>
      <sitemap><loc>http://169.254.169.254/latest/</loc></sitemap>
      <sitemap/>
    </sitemapindex>"""
    found = sitemap_links(data, MAP, SOURCE)
    assert found.links == ()
    assert found.following == (
        Link("https://baothu.vn/sitemap-2025-01.xml.gz", MAP, "2025-01-31"),
        Link("https://baothu.vn/sitemap-2024.xml?x=1&y=2", MAP),
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "no sitemap", id="nothing"),
        pytest.param(b"Not found", "no sitemap", id="words"),
        pytest.param(
            b"<!doctype html><html><body><a href='/x'>404</a></body></html>", "no sitemap", id="HTML"
        ),
        pytest.param(
            b"<html><head><meta charset=utf-8></head><p>404<br>", "no sitemap", id="HTML that is no XML"
        ),
        pytest.param(rss(item(1)), "no sitemap", id="a feed"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "no sitemap", id="a picture"),
        pytest.param(b"\x1f\x8b khong phai gzip", "gzip data that cannot be read", id="no gzip"),
        pytest.param(gzip.compress(b"<p>x</p>"), "no sitemap", id="another document, gzipped"),
    ],
)
def test_what_is_no_sitemap(data: bytes, told: str) -> None:
    with pytest.raises(DiscoverError, match=told):
        sitemap_links(data, MAP, SOURCE)


@pytest.mark.guard("entities")
def test_no_entity_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text("https://baothu.vn/cong-doan/bi-mat-1.html", encoding="utf-8")
    for declared in (f'SYSTEM "{secret.as_uri()}"', '"https://baothu.vn/cong-doan/thuc-the-1.html"'):
        head = f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x {declared}>]>'
        found = sitemap_links(urlset("<url><loc>&x;</loc></url>", entry(2), head=head), MAP, SOURCE)
        assert "bi-mat-1" not in names(found)
        assert "thuc-the-1" not in names(found)


SWELL = '<!DOCTYPE x [\n<!ENTITY a0 "ha">\n{}]>'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 12))
)


@pytest.mark.guard("entities")
@pytest.mark.parametrize(
    ("read", "document"),
    [
        pytest.param(sitemap_links, f"<urlset><url><loc>&a11;</loc></url>{entry(1)}</urlset>", id="in a sitemap"),
        pytest.param(sitemap_links, f"<urlset><url x='&a11;'/>{entry(1)}</urlset>", id="in an attribute"),
        pytest.param(feed_links, rss(item(1, "<title>&a11;</title>")).decode()[21:], id="in a feed"),
        pytest.param(feed_links, rss(item(1, "<x y='&a11;'/>")).decode()[21:], id="in a feed's attribute"),
    ],
)  # fmt: skip
def test_entities_that_swell_stay_small(read: Callable[..., Found], document: str) -> None:
    assert document.startswith(("<urlset", "<rss"))
    begun = time.monotonic()
    tracemalloc.start()
    with suppress(DiscoverError):  # refused is as good
        assert set(names(read((SWELL + document).encode(), MAP, SOURCE))) <= {"bai-1"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.monotonic() - begun < 3


@pytest.mark.guard("bombs-files")
def test_a_gzip_bomb_is_refused() -> None:
    bomb = gzip.compress(urlset(entry(1)) + b" " * (51 * 1024 * 1024), 9)
    assert len(bomb) < 100_000
    with pytest.raises(DiscoverError, match="unpacks to more than 52428800 bytes"):
        sitemap_links(bomb, MAP, SOURCE)


def test_merge_keeps_the_first_place_and_any_date() -> None:
    one, two = Link("a", "rss"), Link("b", "rss", "2025-01-01")
    found = merge(
        [[one, two], [Link("a", "map", "2025-01-02"), Link("b", "map", "2025-01-03"), Link("c", "map")]]
    )
    assert found == [Link("a", "rss", "2025-01-02"), two, Link("c", "map")]
