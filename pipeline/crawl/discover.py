"""Feeds, listing pages and sitemaps become links to articles, each once."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from bs4 import BeautifulSoup
from lxml import etree

from pipeline.crawl.page.stamps import parse_stamp
from pipeline.crawl.parse import decode
from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.urls import canonical_url

_SITEMAP_BYTES = 50 * 1024 * 1024  # what sitemaps.org allows one file to be, unpacked


class DiscoverError(ValueError):
    """A feed or sitemap that cannot be read at all; the message says why, its reader adds the URL."""


@dataclass(frozen=True)
class Link:
    """An article's canonical URL, where it was first seen, and when it was published or changed, as an ISO 8601 date
    or moment, where that page says so."""

    url: str
    found_on: str
    dated: str | None = None


@dataclass(frozen=True)
class Found:
    """What a page of links holds. `others` counts links that are no article's of this site; `following` are the next
    pages to read: a listing's next page, a sitemap index's sitemaps (with their dates)."""

    links: tuple[Link, ...] = ()
    others: int = 0
    following: tuple[Link, ...] = ()


def feed_links(data: bytes, url: str, source: Source) -> Found:
    """Links of the articles in an RSS or Atom feed, in its order. Raises `DiscoverError` where it is no feed."""
    # A stream, not the bytes: feedparser would take short bytes for a file's name or an address and open it.
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries and not feed.get("version"):
        raise DiscoverError("no RSS or Atom feed")
    return _found(((entry.get("link", ""), _dated(entry)) for entry in feed.entries), url, source)


def listing_links(data: bytes, url: str, source: Source, listing: Listing, *, page: int = 1) -> Found:
    """Links of the articles on page `page` (from 1) of a listing, and its next page."""
    soup = BeautifulSoup(decode(data), "lxml")
    base = _base(soup, url)
    hrefs = ((str(tag.get("href") or ""), None) for tag in soup.select(listing.link))
    found = _found(hrefs, url, source, base=base)
    if listing.next is None:
        return found
    if "{page}" in listing.next:
        href = source.absolute(listing.next.replace("{page}", str(page + 1)))
    else:
        tag = soup.select_one(listing.next)
        href = str(tag.get("href") or "") if tag else ""
    try:
        following = canonical_url(urljoin(base, href.strip())) if href.strip() else None
    except ValueError:  # `http://[`
        following = None
    own = following is not None and source.is_own(following)
    return replace(found, following=(Link(following, url),) if following and own else ())


def sitemap_links(data: bytes, url: str, source: Source) -> Found:
    """Links of a sitemap, plain or gzipped, or the sitemaps of a sitemap index. A list of URLs in plain text is one too.

    Raises `DiscoverError` where it is none, or unpacks to more than 50 MB. No entity is opened and nothing is fetched.
    """
    data = _unpacked(data)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        lines = data.decode("utf-8", "replace").split()
        if not lines or not lines[0].lstrip("\ufeff").startswith(("http://", "https://")):
            raise DiscoverError("no sitemap")
        return _found(((line.lstrip("\ufeff"), None) for line in lines), url, source)
    pages: list[tuple[str, str | None]] = []
    sitemaps: list[Link] = []
    for kind, address, dated in _entries(data):
        if kind == "url":
            pages.append((address, dated))
            continue
        try:
            following = canonical_url(urljoin(url, address))
        except ValueError:  # `http://[`
            continue
        if source.is_own(following):
            sitemaps.append(Link(following, url, dated))
    return replace(_found(pages, url, source), following=tuple(sitemaps))


def merge(found: Iterable[Iterable[Link]]) -> list[Link]:
    """All links once, the first place of each kept, with a date if any place tells one."""
    seen: dict[str, Link] = {}
    for links in found:
        for link in links:
            known = seen.setdefault(link.url, link)
            if known.dated is None and link.dated is not None:
                seen[link.url] = replace(known, dated=link.dated)
    return list(seen.values())


def _base(soup: BeautifulSoup, url: str) -> str:
    """What the links of a page are relative to: its `<base href>`, else the page itself."""
    tag = soup.select_one("base[href]")
    try:
        return urljoin(url, str(tag["href"]).strip()) if tag else url
    except ValueError:
        return url


def _found(
    hrefs: Iterable[tuple[str, str | None]], page: str, source: Source, *, base: str | None = None
) -> Found:
    links, others = [], 0
    for href, dated in hrefs:
        try:
            url = source.article(urljoin(base or page, href.strip()))
        except ValueError:  # `http://[`: printed on a page, but no URL
            url = None
        if url is None:
            others += 1
        else:
            links.append(Link(url, page, dated))
    return Found(tuple(merge([links])), others)


def _entries(data: bytes) -> Iterable[tuple[str, str, str | None]]:
    """`(url or sitemap, address, date)` of each entry. A document that breaks off gives what stands before the break."""
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    count = 0
    broken: etree.XMLSyntaxError | None = None
    for start in range(0, len(data), 1 << 16):
        try:
            parser.feed(data[start : start + (1 << 16)])
        except etree.XMLSyntaxError as error:
            broken = error  # what was read before it is still there
        for _, element in parser.read_events():
            if not isinstance(element, etree._Element):
                continue
            name = etree.QName(element).localname
            if name not in {"url", "sitemap"}:
                continue
            said: dict[str, str] = {}
            # The entry's own parts first: its pictures have a `loc` too.
            for part in (*element, *element.iter()):
                if isinstance(part.tag, str) and (text := (part.text or "").strip()):
                    said.setdefault(etree.QName(part).localname, text)
            # What news sitemaps call the publication date is one; lastmod moves with every reader's comment.
            dated = parse_stamp(said.get("publication_date") or said.get("lastmod") or "")
            if address := said.get("loc", ""):
                count += 1
                yield name, address, dated
            element.clear()
        if broken is not None:
            break
    if broken is not None and not count:
        raise DiscoverError(f"no sitemap: {str(broken).splitlines()[0]}") from broken
    if not count and not re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", data[:4096]):
        raise DiscoverError("no sitemap")


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    member = zlib.decompressobj(wbits=31)
    try:
        unpacked = member.decompress(data, _SITEMAP_BYTES)
    except zlib.error as error:
        raise DiscoverError(f"gzip data that cannot be read: {error}") from error
    if member.unconsumed_tail:
        raise DiscoverError(f"unpacks to more than {_SITEMAP_BYTES} bytes")
    return unpacked


def _dated(entry: Mapping[str, Any]) -> str | None:
    # `in` first: feedparser shows a publication date that it could not read as an update, with a warning.
    times = (entry[name] for name in ("published_parsed", "updated_parsed") if name in entry)
    moment = next((time for time in times if time), None)
    if moment is None:
        return None
    try:
        return datetime(*moment[:6], tzinfo=UTC).isoformat()  # type: ignore[misc]
    except ValueError:
        return None
