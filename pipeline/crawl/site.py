"""One source's crawl: find links, ask for each page, archive what is new, note what came of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.crawl.archive import Archive, ArchiveError, Location, read_record
from pipeline.crawl.discover import Link, canonical_url, feed_links, listing_links, merge
from pipeline.crawl.fetch import Failed, Fetcher, NotModified, Page
from pipeline.crawl.sources import Listing, Source
from pipeline.dataset.pages import PageKind, PageState, PageTable
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, Progress

_GONE = (404, 410)
_GONE_PAUSE = timedelta(days=7)  # a page that is gone may come back, but not every night

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def crawl_site(
    settings: Settings,
    source: Source,
    table: PageTable,
    *,
    progress: Progress | None = None,
    now: Clock = utc_now,
) -> CrawlSummary:
    """Crawl `source` once. Trouble with a page is noted in `table`; trouble with the site is a `problem`."""
    with Fetcher(settings, source, now=now) as fetcher:
        return _Crawl(settings, source, table, fetcher, now).run(progress or (lambda _line: None))


class _Crawl:
    def __init__(
        self, settings: Settings, source: Source, table: PageTable, fetcher: Fetcher, now: Clock
    ) -> None:
        self._directory = settings.archive_dir
        self._source = source
        self._table = table
        self._fetcher = fetcher
        self._now = now
        self._archive = Archive(settings.archive_dir, source.name)
        self._problems: list[str] = []

    def run(self, progress: Progress) -> CrawlSummary:
        counts = {"fetched": 0, "unchanged": 0, "failed": 0, "disallowed": 0, "deferred": 0}
        links: list[Link] = []
        if self._read_robots():
            links = self._discover()
            self._check_bounds(links)
        # What failed on an earlier night is asked for again, even where no listing shows it any more.
        known = {link.url for link in links}
        urls = [link.url for link in links]
        if not self._problems:
            urls += [url for url in self._table.failed(self._source.name) if url not in known]
        for done, url in enumerate(urls, start=1):
            state = self._table.get(url)
            if state and state.next_try and state.next_try > self._now().isoformat():
                counts["deferred"] += 1
            else:
                counts[self._visit(url, "article", state)[0]] += 1
            progress(f"{self._source.title}: {done} of {len(urls)} pages")
        return CrawlSummary(source=self._source.name, links=len(links), problems=self._problems, **counts)

    def _read_robots(self) -> bool:
        """Fetch and obey robots.txt. Without one all is allowed; where it cannot be reached, nothing."""
        url = self._source.absolute("/robots.txt")
        what, body = self._visit(url, "robots", self._table.get(url))
        state = self._table.get(url)
        missing = state is not None and state.status is not None and 400 <= state.status < 500
        if body is None and not missing:
            reason = state.reason if state else what
            self._problems.append(
                f"{self._source.name}: {url} cannot be read ({reason}); nothing was fetched"
            )
            return False
        self._fetcher.obey(body.decode("utf-8", errors="replace") if body else "")
        return True

    def _discover(self) -> list[Link]:
        found = []
        for feed in self._source.feeds:
            url = self._source.absolute(feed)
            if (body := self._index(url, "feed")) is not None:
                found.append(feed_links(body, url, self._source))
        for listing in self._source.listings:
            found += self._pages_of(listing)
        return merge(found)

    def _pages_of(self, listing: Listing) -> list[list[Link]]:
        found: list[list[Link]] = []
        url: str | None = canonical_url(self._source.absolute(listing.url))
        seen: set[str] = set()
        while url and url not in seen and len(seen) < listing.max_pages:
            seen.add(url)
            if (body := self._index(url, "listing")) is None:
                break
            links, url = listing_links(body, url, self._source, listing)
            found.append(links)
        return found

    def _index(self, url: str, kind: PageKind) -> bytes | None:
        """Body of a feed or listing; without one this night's links are incomplete, which is said."""
        _, body = self._visit(url, kind, self._table.get(url))
        if body is None:
            state = self._table.get(url)
            self._problems.append(
                f"{self._source.name}: {kind} {url}: {state.reason if state else 'not read'}"
            )
        return body

    def _check_bounds(self, links: list[Link]) -> None:
        least = self._source.bounds.min_links
        if len(links) < least:
            self._problems.append(
                f"{self._source.name}: {len(links)} links found, at least {least} expected; "
                "look whether the listing's markup or article_pattern changed"
            )

    def _visit(self, url: str, kind: PageKind, state: PageState | None) -> tuple[str, bytes | None]:
        """Ask for one page: the count it belongs to, and its body where there is one, fresh or archived."""
        archived = self._archived(state)
        # Without a copy at hand (never fetched, or the archive was cleared) nothing may be asked conditionally.
        old = state if state and archived is not None else PageState(url, self._source.name, kind)
        outcome = self._fetcher.get(
            url, etag=old.etag, last_modified=old.last_modified, robots=kind != "robots"
        )
        checked = self._now().isoformat()
        match outcome:
            case Failed():
                gone = outcome.status in _GONE and kind == "article"
                next_try = (self._now() + _GONE_PAUSE).isoformat() if gone else None
                self._table.put(
                    replace(
                        old,
                        status=outcome.status,
                        reason=outcome.reason,
                        checked_at=checked,
                        next_try=next_try,
                    )
                )
                return ("disallowed" if outcome.disallowed else "failed"), None
            case NotModified():
                self._table.put(replace(old, status=304, reason=None, checked_at=checked, next_try=None))
                return "unchanged", archived
            case Page():
                same = outcome.digest == old.digest
                location = _location(old) if same else None
                location = location or self._archive.append(outcome)
                fetched = old.fetched_at if same else outcome.fetched_at.isoformat()
                self._table.put(
                    PageState(
                        url,
                        self._source.name,
                        kind,
                        status=outcome.status,
                        etag=outcome.etag,
                        last_modified=outcome.last_modified,
                        digest=outcome.digest,
                        warc_file=location.file,
                        warc_offset=location.offset,
                        fetched_at=fetched,
                        checked_at=checked,
                    )
                )
                return ("unchanged" if same else "fetched"), outcome.body

    def _archived(self, state: PageState | None) -> bytes | None:
        """The body that `state` says the archive holds, None unless it is there."""
        location = _location(state)
        if state is None or location is None:
            return None
        try:
            body = read_record(self._directory, location).body
        except ArchiveError:
            return None
        return body if hashlib.sha256(body).hexdigest() == state.digest else None


def _location(state: PageState | None) -> Location | None:
    if state is None or state.warc_file is None or state.warc_offset is None:
        return None
    return Location(state.warc_file, state.warc_offset)
