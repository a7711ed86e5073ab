"""One source's crawl: find links, ask for each page, archive what is new, and judge how the night went."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pipeline import logs
from pipeline.crawl.fetch import Fetcher
from pipeline.crawl.health import NIGHTS, check_crawl, check_quiet
from pipeline.crawl.ledger import Clock
from pipeline.crawl.outcomes import Failed
from pipeline.crawl.page.stamps import HANOI
from pipeline.crawl.sources import Source
from pipeline.crawl.visit import Visitor
from pipeline.crawl.walk import Walk, Window
from pipeline.dataset.crawls import CrawlTable
from pipeline.dataset.pages import PageKind, PageTable
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, Progress

# Trouble of the site, not of one page: when it lasts, the night's rest is left for another night.
_TROUBLE = {"busy", "server", "network", "challenge", "forbidden", "address"}
_LONG_WAIT = 60.0  # seconds: a site that asks for more is left alone for the night
_SLOWEST = 600.0  # seconds between two requests: with more a night brings nothing
_MARGIN = timedelta(days=3)  # sitemaps are written late
_ALLOW_ALL = {"not_found", "gone", "forbidden"}  # no robots.txt to read: all is allowed (RFC 9309, 2.3.1.3)


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
    window: Window | None = None,
) -> CrawlSummary:
    """Crawl `source` once, or go on with a crawl that was killed.

    Trouble with a page is noted in `table`; trouble with the site is a `problem` of the summary.
    """
    window = window or Window()
    nothing = CrawlSummary(source=source.name, title=source.title, mode=window.mode)
    crawls = CrawlTable(table.engine, source.name)
    with alone(settings.archive_dir / source.name) as is_free:
        if not is_free:
            problem = f"{source.name}: another run is crawling it now; nothing was fetched"
            return nothing.model_copy(update={"problems": [problem]})
        if (wait := crawls.not_before()) and wait > now().isoformat():
            problem = f"{source.name}: the site asked to be left alone until {wait}; nothing was fetched"
            return nothing.model_copy(update={"not_before": wait, "problems": [problem]})
        crawl, resumed = crawls.begin(window.mode, now())
        with Fetcher(settings, source, now=now) as fetcher:
            visitor = Visitor(source, table, fetcher, settings.archive_dir, crawl, now)
            work = _Crawl(settings, source, table, fetcher, visitor, crawl, now)
            summary = work.run(
                _nightly_window(window, crawls), progress or (lambda _line: None), resumed=resumed
            )
        summary = summary.model_copy(update={"mode": window.mode})
        before = crawls.healthy(window.mode, NIGHTS)
        problems = summary.problems or check_crawl(source, summary, before)
        if not window.backfill:
            today = now().astimezone(HANOI).date()
            problems = [*problems, *check_quiet(source, table.newest(source.name), today)]
        summary = summary.model_copy(update={"problems": problems})
        crawls.finish(crawl, summary, now())
    logs.note("crawl_finished", source=source.name, **summary.model_dump(exclude={"source"}))
    return summary


class _Crawl:
    def __init__(
        self,
        settings: Settings,
        source: Source,
        table: PageTable,
        fetcher: Fetcher,
        visitor: Visitor,
        crawl: str,
        now: Clock,
    ) -> None:
        self._settings = settings
        self._source = source
        self._table = table
        self._fetcher = fetcher
        self._visitor = visitor
        self._crawl = crawl
        self._now = now
        self._problems: list[str] = []
        self._row = 0  # failures of the site in a row
        self._over: str | None = None  # why the rest of the night is left
        self._not_before: str | None = None
        self._deferred: set[str] = set()
        self._visited = 0

    def run(self, window: Window, progress: Progress, *, resumed: bool) -> CrawlSummary:
        # A feed's articles, fetched a moment ago, must not make a listing look as if all of it were known.
        earlier = partial(self._table.good, before=None if window.backfill else self._crawl)
        walk = Walk(self._source, self._index, earlier, window)
        if resumed:
            self._visitor.adopt()
        if self._read_robots():
            for links in walk:
                self._table.find(self._source.name, ((link.url, link.found_on) for link in links))
                # What never came goes first: were the night cut short, the known would have lost nothing.
                known = self._table.good([link.url for link in links])
                for link in [
                    *(x for x in links if x.url not in known),
                    *(x for x in links if x.url in known),
                ]:
                    self._visit(link.url)
                    progress(self._told(walk))
                if self._over:
                    break
            # What was found on an earlier night and never came, and what is due to be looked at again.
            limit = max(0, self._settings.max_pages - self._visited)
            for url in self._table.waiting(self._source.name, self._crawl, self._now().isoformat(), limit):
                if self._over:
                    break
                self._visit(url)
                progress(self._told(walk))
        return self._summary(walk, resumed=resumed)

    def _told(self, walk: Walk) -> str:
        return f"{self._source.title}: {self._visited} pages asked for, {walk.links} links found"

    def _visit(self, url: str) -> None:
        if self._over or self._visited >= self._settings.max_pages:
            self._deferred.add(url)
            return
        if self._table.taken_down(url):
            return
        state = self._table.get(url)
        if state is not None and state.crawl == self._crawl and state.outcome is not None:
            return  # asked for before this crawl was broken off, or found twice
        failing = (state is not None and state.digest is None) or (state is not None and bool(state.attempts))
        if state is not None and failing and (state.next_try or "") > self._now().isoformat():
            self._deferred.add(url)
            return
        if state is not None and state.alias_of and (state.next_try or "") > self._now().isoformat():
            return
        self._visited += 1
        _, failed, twin_of = self._visitor.article(url)
        self._weigh(failed)
        if twin_of is not None:
            self._table.find(self._source.name, [(twin_of, url)])

    def _index(self, url: str, kind: PageKind) -> bytes | None:
        """Body of a page of links; without one this night's links are incomplete, which is said."""
        if self._over:
            return None
        came = self._visitor.index(url, kind)
        if not isinstance(came, Failed):
            self._weigh(None)
            return came
        self._problems.append(f"{self._source.name}: {kind} {url}: {came.reason}")
        self._weigh(came)
        return None

    def _read_robots(self) -> bool:
        """Fetch and obey robots.txt. Without one all is allowed; where it cannot be reached, nothing."""
        url = self._source.absolute("/robots.txt")
        came = self._visitor.index(url, "robots")
        if isinstance(came, Failed):
            if came.kind not in _ALLOW_ALL:
                self._problems.append(
                    f"{self._source.name}: {url} cannot be read ({came.reason}); nothing was fetched"
                )
                self._weigh(came)
                return False
            came = b""
        self._fetcher.obey(came)
        if (delay := self._fetcher.delay()) > _SLOWEST:
            self._problems.append(
                f"{self._source.name}: robots.txt asks for {delay:g} s between two requests; nothing was fetched"
            )
            return False
        return True

    def _weigh(self, failed: Failed | None) -> None:
        """Stop the night where the site itself is in trouble, or says that it wants to be left alone."""
        if failed is None or failed.kind not in _TROUBLE:
            self._row = 0
            return
        self._row += 1
        if failed.retry_after is not None and failed.retry_after > _LONG_WAIT:
            self._not_before = (self._now() + timedelta(seconds=failed.retry_after)).isoformat()
            self._over = f"asks to be left alone for {failed.retry_after:g} s ({failed.reason})"
        elif self._row >= self._settings.give_up_after:
            self._over = f"given up after {self._row} failures in a row, the last: {failed.reason}"

    def _summary(self, walk: Walk, *, resumed: bool) -> CrawlSummary:
        counts: dict[str, int] = {}
        reasons: dict[str, int] = {}
        for (outcome, reason), count in self._table.outcomes(self._source.name, self._crawl).items():
            counts[outcome] = counts.get(outcome, 0) + count
            if outcome in {"failed", "withdrawn"} and reason:
                reasons[reason] = reasons.get(reason, 0) + count
        shown, dated, fits, judged = self._table.shown(self._source.name, self._crawl)
        problems = [*self._problems, *walk.problems]
        if self._over:
            problems.append(f"{self._source.name}: {self._over}; the rest is left for the next run")
        return CrawlSummary(
            source=self._source.name,
            title=self._source.title,
            crawl=self._crawl,
            resumed=resumed,
            links=walk.links,
            new=counts.get("new", 0),
            changed=counts.get("changed", 0),
            unchanged=counts.get("unchanged", 0),
            withdrawn=counts.get("withdrawn", 0),
            failed=counts.get("failed", 0),
            disallowed=counts.get("disallowed", 0),
            twins=counts.get("twin", 0),
            deferred=len(self._deferred),
            reasons=reasons,
            shown=shown,
            dated=dated,
            layout_fits=fits,
            layout_judged=judged,
            not_before=self._not_before,
            problems=problems,
        )


def _nightly_window(window: Window, crawls: CrawlTable) -> Window:
    """On a night sitemaps are read from the last healthy one on; before the first, whole."""
    if window.backfill or (last := crawls.last_healthy_start()) is None:
        return window
    return replace(window, since=(datetime.fromisoformat(last) - _MARGIN).date())


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether no other process crawls into `folder` now; the lock goes with the process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
