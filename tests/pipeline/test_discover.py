"""Links: one spelling a page, articles only, each once."""

from __future__ import annotations

import pytest

from pipeline.crawl.discover import canonical_url, feed_links, listing_links, merge
from pipeline.crawl.sources import Listing, Source

SOURCE = Source(
    name="baothu",
    title="Báo Thử",
    base_url="https://baothu.vn",
    feeds=["/rss"],
    article_pattern=r"^/cong-doan/[a-z0-9-]+-\d+\.html$",
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (
            "HTTPS://BaoThu.VN/cong-doan/a-1.html",
            "https://baothu.vn/cong-doan/a-1.html",
        ),  # case of scheme and host
        (
            "https://baothu.vn/Cong-Doan/A-1.html",
            "https://baothu.vn/Cong-Doan/A-1.html",
        ),  # the path keeps its case
        ("https://baothu.vn:443/a.html", "https://baothu.vn/a.html"),  # default port
        ("http://127.0.0.1:8765/a.html", "http://127.0.0.1:8765/a.html"),  # another port is another site
        ("https://baothu.vn/a.html#binh-luan", "https://baothu.vn/a.html"),  # fragment
        ("https://baothu.vn/a.html?utm_source=zalo&fbclid=x", "https://baothu.vn/a.html"),  # tracking
        (
            "https://baothu.vn/?p=12&utm_medium=rss",
            "https://baothu.vn/?p=12",
        ),  # a query that names the page stays
        ("https://baothu.vn", "https://baothu.vn/"),  # no path is the root
        (
            "https://baothu.vn/tổng-kết.html",
            "https://baothu.vn/t%E1%BB%95ng-k%E1%BA%BFt.html",
        ),  # encoded once
        ("https://baothu.vn/t%E1%BB%95ng.html", "https://baothu.vn/t%E1%BB%95ng.html"),  # and not twice
    ],
)
def test_canonical_url(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


def test_a_feed_s_articles_once_each() -> None:
    feed = """<rss version="2.0"><channel><title>t</title>
      <item><link>https://baothu.vn/cong-doan/tong-ket-1.html?utm_source=rss</link></item>
      <item><link>https://baothu.vn/cong-doan/tong-ket-1.html#top</link></item>
      <item><link>/cong-doan/so-ket-2.html</link></item>
      <item><link>https://baothu.vn/quang-cao/giam-gia-3.html</link></item>
      <item><link>https://khac.vn/cong-doan/bai-4.html</link></item>
      <item><title>không có liên kết</title></item>
      <item><link>http://[</link></item>
    </channel></rss>"""
    links = feed_links(feed.encode(), "https://baothu.vn/rss", SOURCE)
    assert [link.url for link in links] == [
        "https://baothu.vn/cong-doan/tong-ket-1.html",
        "https://baothu.vn/cong-doan/so-ket-2.html",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"/etc/passwd", b"http://127.0.0.1:1/", b"<html>503</html>", b"\xff\xfe\x00"]
)
def test_what_is_no_feed_has_no_links(data: bytes) -> None:
    # The second and third would be opened by a feed parser that is handed bytes.
    assert feed_links(data, "https://baothu.vn/rss", SOURCE) == []


def test_a_listing_s_links_and_its_next_page() -> None:
    listing = Listing(url="/cong-doan/", link=".tin h2 a", next="a.sau", max_pages=3)
    page = """<div class="tin"><h2><a href="tong-ket-1.html">1</a></h2></div>
      <div class="tin"><h2><a href="/cong-doan/so-ket-2.html">2</a></h2></div>
      <aside><h2><a href="/cong-doan/doc-nhieu-3.html">3</a></h2></aside>
      <a class="sau" href="trang-2.html">sau</a>"""
    links, following = listing_links(page.encode(), "https://baothu.vn/cong-doan/", SOURCE, listing)
    assert [link.url.rsplit("/", 1)[1] for link in links] == ["tong-ket-1.html", "so-ket-2.html"]
    assert following == "https://baothu.vn/cong-doan/trang-2.html"
    assert listing_links(b"<p>", "https://baothu.vn/cong-doan/", SOURCE, listing) == ([], None)


def test_merge_keeps_the_first_place() -> None:
    listing = Listing(url="/cong-doan/", link="a")
    page = b'<a href="/cong-doan/bai-1.html">1</a>'
    one, _ = listing_links(page, "https://baothu.vn/cong-doan/", SOURCE, listing)
    two, _ = listing_links(page, "https://baothu.vn/", SOURCE, listing)
    assert [link.found_on for link in merge([one, two])] == ["https://baothu.vn/cong-doan/"]
