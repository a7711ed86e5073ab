"""Where a site's articles spring from besides its pages: feeds and sitemaps, tried and found to hold links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from pipeline.crawl.discover import DiscoverError, Found, Link, feed_links, merge, sitemap_links
from pipeline.crawl.outcomes import Failed
from pipeline.crawl.page.charset import decode
from pipeline.crawl.sources import Source
from pipeline.crawl.urls import URLError, canonical_url
from pipeline.sourcing.clues import feeds_named, rss_pages
from pipeline.sourcing.live import LiveSite, Robots

_USUAL_FEEDS = ("/feed/", "/rss.xml", "/rss", "/rss/home.rss")
_USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-news.xml")
# Sections whose feeds are wanted first: công đoàn, lao động, người lao động, việc làm.
_WANTED = re.compile(r"cong-?doan|lao-?dong|nguoi-?lao|viec-?lam", re.IGNORECASE)
_FEEDS = 3  # that a draft names; a page of feeds may list a hundred
_TRIED = 4


@dataclass(frozen=True)
class Wells:
    """Whole addresses. `links` are what the feeds name. `more_feeds` were seen and not tried."""

    feeds: tuple[str, ...]
    more_feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    links: tuple[Link, ...]


def find_wells(site: LiveSite, source: Source, robots: Robots, soup: BeautifulSoup, url: str) -> Wells:
    """Feeds and sitemaps that the page at `url` or robots.txt names, else those at the usual places."""
    named = list(_own(source, feeds_named(soup, url)))
    pages = [page for page in _own(source, rss_pages(soup, url)) if page not in named[:1]]
    for page in pages[:1]:
        outcome = site.get(page)
        if not isinstance(outcome, Failed):
            there = BeautifulSoup(decode(outcome.body, outcome.content_type), "lxml")
            # The page is one of feeds, or a feed itself: then it names none, and stays in the list.
            if feeds := list(_own(source, feeds_named(there, page))):
                named = [feed for feed in dict.fromkeys([*named, *feeds]) if feed != page]
    section = urlsplit(url).path.strip("/").partition(".")[0]

    def wanted(feed: str) -> tuple[bool, bool]:
        return (not section or section not in feed, _WANTED.search(feed) is None)

    named.sort(key=wanted)
    feeds, links, tried = _feeds(site, source, named[:_TRIED])
    if not feeds:
        usual = [source.absolute(path) for path in _USUAL_FEEDS]
        feeds, links, _ = _feeds(site, source, [feed for feed in usual if feed not in tried], enough=1)
    more = [feed for feed in named if feed not in tried and feed not in feeds]
    return Wells(tuple(feeds), tuple(more), tuple(_sitemaps(site, source, robots)), tuple(merge([links])))


def _feeds(
    site: LiveSite, source: Source, candidates: Iterable[str], enough: int = _FEEDS
) -> tuple[list[str], list[Link], set[str]]:
    """Those of `candidates` that are feeds with links to the site, their links, and all that were tried."""
    feeds: list[str] = []
    links: list[Link] = []
    tried: set[str] = set()
    for feed in candidates:
        if len(feeds) >= enough:
            break
        tried.add(feed)
        outcome = site.get(feed)
        if isinstance(outcome, Failed):
            continue
        try:
            found = feed_links(outcome.body, feed, source)
        except DiscoverError:
            continue
        if found.links:
            feeds.append(feed)
            links += found.links
    return feeds, links, tried


def _sitemaps(site: LiveSite, source: Source, robots: Robots) -> Iterator[str]:
    named = list(_own(source, robots.sitemaps))
    for sitemap in named or map(source.absolute, _USUAL_SITEMAPS):
        outcome = site.get(sitemap)
        if isinstance(outcome, Failed):
            continue
        try:
            found: Found = sitemap_links(outcome.body, sitemap, source)
        except DiscoverError:
            continue
        if found.links or found.following:
            yield sitemap
            if not named:
                return


def _own(source: Source, urls: Iterable[str]) -> Iterator[str]:
    """Those of `urls`, as written by the site, that are on it."""
    for url in urls:
        try:
            canonical = canonical_url(urljoin(f"{source.base_url}/", url.strip()))
        except (URLError, ValueError):
            continue
        if source.is_own(canonical):
            yield canonical
