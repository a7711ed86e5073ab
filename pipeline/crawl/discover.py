"""Feeds and listing pages become links to articles, each once."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import feedparser
from bs4 import BeautifulSoup
from requests.utils import requote_uri

from pipeline.crawl.parse import decode
from pipeline.crawl.sources import Listing, Source


@dataclass(frozen=True)
class Link:
    """An article's canonical URL and the feed or listing where it was first seen."""

    url: str
    found_on: str


# Query parameters that say where a reader came from, and change nothing in the page.
_TRACKING = {"fbclid", "gclid", "zarsrc", "zalo_share", "gidzl", "ref", "mc_cid", "mc_eid", "_gl"}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """One spelling a page: scheme and host in lower case, no default port, fragment or tracking parameters.

    >>> canonical_url("HTTPS://BaoSongTien.vn:443/bai-1.html?utm_source=zalo#binh-luan")
    'https://baosongtien.vn/bai-1.html'
    """
    parts = urlsplit(requote_uri(url.strip()))
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith("utm_")
    ]
    return urlunsplit((scheme, host, parts.path or "/", urlencode(query), ""))


def feed_links(data: bytes, url: str, source: Source) -> list[Link]:
    """Links of the articles in an RSS or Atom feed, in its order. A broken feed has none."""
    # A stream, not the bytes: feedparser would take short bytes for a file's name or an address and open it.
    feed = feedparser.parse(io.BytesIO(data))
    return _links((entry.get("link", "") for entry in feed.entries), url, source)


def listing_links(data: bytes, url: str, source: Source, listing: Listing) -> tuple[list[Link], str | None]:
    """Links of the articles on a listing page, and the URL of the next page (None on the last)."""
    soup = BeautifulSoup(decode(data), "lxml")
    links = _links((str(tag.get("href") or "") for tag in soup.select(listing.link)), url, source)
    following = soup.select_one(listing.next) if listing.next else None
    href = str(following.get("href") or "") if following else ""
    return links, canonical_url(urljoin(url, href)) if href else None


def merge(found: Iterable[list[Link]]) -> list[Link]:
    """All links once, the first place of each kept."""
    seen: dict[str, Link] = {}
    for links in found:
        for link in links:
            seen.setdefault(link.url, link)
    return list(seen.values())


def _links(hrefs: Iterable[str], page: str, source: Source) -> list[Link]:
    links = []
    for href in hrefs:
        try:
            url = canonical_url(urljoin(page, href))
        except ValueError:  # `http://[`: printed on a page, but no URL
            continue
        if source.is_article(url):
            links.append(Link(url, page))
    return merge([links])
