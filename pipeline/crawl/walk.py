"""From a source's start points to links: feeds, listing pages one after another, sitemaps and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from pipeline.crawl.discover import (
    DiscoverError,
    Found,
    Link,
    feed_links,
    listing_links,
    merge,
    sitemap_links,
)
from pipeline.crawl.page.stamps import HANOI
from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.urls import canonical_url
from pipeline.dataset.pages import PageKind

Read = Callable[[str, PageKind], bytes | None]
"""A page of links: its body, or None where it could not be had (then its reader has noted why)."""
Known = Callable[[Collection[str]], Mapping[str, str | None]]
"""Those of the URLs whose article is archived, with its publication date."""

_SITEMAPS = 500  # files of one source in one night: a sitemap that names itself would go on for ever
_EDITED_WITHIN = timedelta(days=30)  # a sitemap's date is that of the last change


@dataclass(frozen=True)
class Window:
    """Which articles are wanted, by day: all new ones (a night), or those published in a range (a backfill).

    On a night `since` is what sitemaps may leave out as older; None takes all that they name.
    """

    since: date | None = None
    until: date | None = None
    backfill: bool = False

    @property
    def mode(self) -> str:
        """`nightly`, or `backfill 2024-12-01..2025-01-31`."""
        return f"backfill {self.since or ''}..{self.until or ''}" if self.backfill else "nightly"

    def wants(self, dated: str | None) -> bool:
        """Whether an article dated so, by a feed or sitemap, can be one that is wanted; without a date it can."""
        if dated is None:
            return True
        day = _day(dated)
        if self.since is not None and day < self.since:
            return False
        return self.until is None or day <= self.until + _EDITED_WITHIN


class Walk:
    """One walk over the start points. Iterate over it: each step is the wanted links of one page, not seen before.

    The links of a listing page should be fetched before the next step is taken: on a night the walk stops at a page
    whose articles are all known, in a backfill at one whose articles are all older than the range. `links` counts
    all articles found, wanted or not; `problems` names what could not be read.
    """

    def __init__(self, source: Source, read: Read, known: Known, window: Window) -> None:
        self._source = source
        self._read = read
        self._known = known
        self._window = window
        self._seen: set[str] = set()
        self._yielded: set[str] = set()
        self.problems: list[str] = []

    @property
    def links(self) -> int:
        """Articles found so far, each once."""
        return len(self._seen)

    def __iter__(self) -> Iterator[list[Link]]:
        for feed in self._source.feeds:
            yield from self._page(self._source.absolute(feed), "feed", feed_links)
        for listing in self._source.listings:
            yield from self._listing(listing)
        yield from self._sitemaps()

    def _page(
        self, url: str, kind: PageKind, parse: Callable[[bytes, str, Source], Found]
    ) -> Iterator[list[Link]]:
        if (found := self._parsed(url, kind, parse)) is not None:
            # A feed is short, and what is put into it late must not be lost: only a backfill leaves dates out.
            yield self._new(found, by_date=self._window.backfill)

    def _listing(self, listing: Listing) -> Iterator[list[Link]]:
        shown: set[str] = set()
        read = yield from self._pages(listing, shown)
        if read and not shown:
            # A feed or another listing may make up for its links, so that no bound on their number would tell.
            first = canonical_url(self._source.absolute(listing.url))
            self.problems.append(
                f"{self._source.name}: listing {first}: no links found; look whether its markup changed"
            )

    def _pages(self, listing: Listing, shown: set[str]) -> Generator[list[Link], None, bool]:
        """The listing page by page, its links put into `shown`; whether its first page could be read."""
        url: str | None = canonical_url(self._source.absolute(listing.url))
        pages: set[str] = set()
        while url and url not in pages and len(pages) < listing.max_pages:
            pages.add(url)
            number = len(pages)
            found = self._parsed(url, "listing", partial(_listing_page, listing, number))
            if found is None:
                return number > 1
            # A path with {page} goes on for ever: what shows nothing, or nothing but what stood before, is the end.
            if number > 1 and shown.issuperset(link.url for link in found.links):
                break
            shown.update(link.url for link in found.links)
            before = self._known([link.url for link in found.links])
            yield self._new(found, by_date=False)
            if self._is_enough(found, before):
                break
            url = found.following[0].url if found.following else None
        return True

    def _is_enough(self, found: Found, before: Mapping[str, str | None]) -> bool:
        """Whether the pages behind this one hold nothing that is wanted. `before` is what was known before it."""
        if not self._window.backfill:
            return bool(found.links) and all(link.url in before for link in found.links)
        since = self._window.since
        dates = self._known([link.url for link in found.links]).values()
        published = [_day(dated) for dated in dates if dated]
        return since is not None and bool(published) and all(day < since for day in published)

    def _sitemaps(self) -> Iterator[list[Link]]:
        waiting = [Link(canonical_url(self._source.absolute(url)), "") for url in self._source.sitemaps]
        done: set[str] = set()
        while waiting:
            sitemap = waiting.pop(0)
            if sitemap.url in done:
                continue
            if len(done) >= _SITEMAPS:
                self.problems.append(
                    f"{self._source.name}: more than {_SITEMAPS} sitemaps; the rest was left out"
                )
                return
            done.add(sitemap.url)
            found = self._parsed(sitemap.url, "sitemap", sitemap_links)
            if found is None:
                continue
            waiting += [link for link in found.following if self._is_current(link)]
            yield self._new(found, by_date=True)

    def _is_current(self, sitemap: Link) -> bool:
        """Whether a sitemap of an index can name something wanted: it changed late enough."""
        since = self._window.since
        return sitemap.dated is None or since is None or _day(sitemap.dated) >= since

    def _parsed(self, url: str, kind: PageKind, parse: Callable[[bytes, str, Source], Found]) -> Found | None:
        body = self._read(url, kind)
        if body is None:
            return None
        try:
            return parse(body, url, self._source)
        except DiscoverError as error:
            self.problems.append(f"{self._source.name}: {kind} {url}: {error}")
            return None

    def _new(self, found: Found, *, by_date: bool) -> list[Link]:
        fresh = [link for link in merge([found.links]) if link.url not in self._yielded]
        self._seen.update(link.url for link in fresh)
        wanted = [link for link in fresh if not by_date or self._window.wants(link.dated)]
        self._yielded.update(link.url for link in wanted)
        return wanted


def _day(dated: str) -> date:
    """The day in Vietnam of a date or moment: `2024-12-31T22:00:00+00:00` is New Year's Day there."""
    moment = datetime.fromisoformat(dated)
    return (moment.astimezone(HANOI) if moment.tzinfo else moment).date()


def _listing_page(listing: Listing, number: int, body: bytes, url: str, source: Source) -> Found:
    return listing_links(body, url, source, listing, page=number)
