"""The start points of a manifest, each asked once: how many links there are, which are articles, and why others are not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

from pydantic import PrivateAttr

from pipeline.crawl.discover import DiscoverError, Found, Link, feed_links, listing_links, sitemap_links
from pipeline.crawl.outcomes import Failed, FailureKind
from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.urls import URLError, article_url, canonical_url
from pipeline.sourcing.live import LiveSite

Kind = Literal["feed", "listing", "sitemap"]
Parse = Callable[[bytes, str, Source], Found]

EXAMPLES = 3
_SITEMAPS = 2  # of an index: the newest and one more show what the rest is like


@dataclass(frozen=True)
class Rejected:
    """A link that is taken for no article, and why."""

    url: str
    why: str


@dataclass(frozen=True)
class Start:
    """What one start point shows now. `manifest_field` is where the manifest names it: `listings[0].url`.

    `articles` are links to articles, each once, newest first where the site sorts them so; `rejected` are the other
    links, each once. `failed` says why the page could not be had or read, by its `failure` where it was not had.
    `next_url` is a listing's next page, and `next_articles` how many articles that page adds (None: not asked);
    `sitemaps` counts those that an index names.
    """

    kind: Kind
    url: str
    manifest_field: str
    status: int | None = None
    failed: str | None = None
    failure: FailureKind | None = None
    articles: tuple[Link, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    next_url: str | None = None
    next_articles: int | None = None
    next_failed: str | None = None
    sitemaps: int = 0
    following: tuple[Link, ...] = field(default=(), repr=False)

    @property
    def dated(self) -> int:
        """How many of the articles have a date here already."""
        return sum(1 for link in self.articles if link.dated)

    def examples(self) -> list[Rejected]:
        """The rejected links most like an article's: the site's own first, the longest of them."""

        def likeness(one: Rejected) -> tuple[bool, int]:
            return (one.why == PATTERN, len(urlsplit(one.url).path))

        return sorted(self.rejected, key=likeness, reverse=True)[:EXAMPLES]


PATTERN = "does not match article_pattern"


class _Recorder(Source):
    """A source that remembers what it was asked, so that what is shown is what a crawl would decide."""

    _asked: list[tuple[str, str | None]] = PrivateAttr(default_factory=list)

    def article(self, url: str) -> str | None:
        found = super().article(url)
        self._asked.append((url, found))
        return found

    def rejected(self) -> tuple[Rejected, ...]:
        """The links that were no articles, each once, in the order of the page."""
        kept: dict[str, Rejected] = {}
        for url, found in tuple(self._asked):  # asking why asks again
            if found is None and (why := why_not(self, url)) is not None:
                address = article_url(url)
                kept.setdefault(address, Rejected(address, why))
        return tuple(kept.values())


def why_not(source: Source, url: str) -> str | None:
    """Why `url` is no article of the source's; None where it is one, or no page at all (`mailto:…`).

    >>> site = Source(name="bao", title="Báo", base_url="https://baosongtien.vn", feeds=["/rss"], article_pattern="-post")
    >>> why_not(site, "https://zalo.me/cong-doan"), why_not(site, "https://baosongtien.vn/lien-he")
    ('on another host: zalo.me', 'does not match article_pattern')
    """
    try:
        canonical = canonical_url(url)
    except URLError:
        return None
    if not source.is_own(canonical):
        return f"on another host: {urlsplit(canonical).netloc}"
    return None if source.article(canonical) else PATTERN


def read_starts(site: LiveSite, source: Source) -> list[Start]:
    """Every start point of `source`, asked for through `site`; of a listing two pages, of a sitemap index two sitemaps."""
    starts: list[Start] = []
    for number, feed in enumerate(source.feeds):
        starts.append(_read(site, source, "feed", feed, f"feeds[{number}]", feed_links))
    for number, listing in enumerate(source.listings):
        starts.append(_listing(site, source, listing, f"listings[{number}]"))
    for number, sitemap in enumerate(source.sitemaps):
        start = _read(site, source, "sitemap", sitemap, f"sitemaps[{number}]", sitemap_links)
        starts.append(start)
        for child in newest(start.following)[:_SITEMAPS]:
            starts.append(_read(site, source, "sitemap", child.url, f"sitemaps[{number}]", sitemap_links))
    return starts


def newest(sitemaps: tuple[Link, ...]) -> list[Link]:
    """Sitemaps of an index, the last changed first; without dates, the highest numbers in their addresses first."""

    def age(link: Link) -> tuple[str, list[int]]:
        return link.dated or "", [int(number) for number in re.findall(r"\d{1,9}", link.url)]

    return sorted(sitemaps, key=age, reverse=True)


def newest_articles(starts: list[Start], count: int) -> list[str]:
    """URLs of `count` articles: the dated ones by their date, then the others in the order of the start points."""
    links: dict[str, Link] = {}
    for start in starts:
        for link in start.articles:
            known = links.setdefault(link.url, link)
            if known.dated is None and link.dated:
                links[link.url] = link
    dated = sorted(
        (one for one in links.values() if one.dated), key=lambda one: one.dated or "", reverse=True
    )
    return [one.url for one in (*dated, *(one for one in links.values() if not one.dated))][:count]


def _read(site: LiveSite, source: Source, kind: Kind, url: str, manifest_field: str, parse: Parse) -> Start:
    try:
        start = Start(kind, canonical_url(source.absolute(url)), manifest_field)
    except URLError as error:
        return Start(kind, url, manifest_field, failed=str(error), failure="address")
    outcome = site.get(start.url)
    if isinstance(outcome, Failed):
        return replace(start, status=outcome.status, failed=outcome.reason, failure=outcome.kind)
    recorder = _Recorder.model_validate(source.model_dump())
    try:
        found = parse(outcome.body, start.url, recorder)
    except DiscoverError as error:
        return replace(start, status=outcome.status, failed=str(error))
    return replace(
        start,
        status=outcome.status,
        articles=found.links,
        rejected=recorder.rejected(),
        following=found.following,
        next_url=found.following[0].url if kind == "listing" and found.following else None,
        sitemaps=len(found.following) if kind == "sitemap" else 0,
    )


def _listing(site: LiveSite, source: Source, listing: Listing, manifest_field: str) -> Start:
    def page(number: int) -> Parse:
        return partial(_listing_page, listing, number)

    start = _read(site, source, "listing", listing.url, f"{manifest_field}.url", page(1))
    if start.next_url is None or listing.max_pages < 2:
        return start
    second = _read(site, source, "listing", start.next_url, f"{manifest_field}.next", page(2))
    if second.failed:
        return replace(start, next_failed=second.failed)
    known = {link.url for link in start.articles}
    return replace(start, next_articles=sum(1 for link in second.articles if link.url not in known))


def _listing_page(listing: Listing, number: int, body: bytes, url: str, source: Source) -> Found:
    return listing_links(body, url, source, listing, page=number)
