"""A site asked for a few pages, politely, with nothing kept: what `sources check` and `sources new` stand on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import TracebackType

from protego import Protego

from pipeline.crawl.fetch import Fetcher
from pipeline.crawl.outcomes import Failed, FailureKind, NotModified, Page
from pipeline.crawl.sources import Source
from pipeline.settings import Settings
from pipeline.summary import Progress

ALLOW_ALL = frozenset({"not_found", "gone", "forbidden"})
"""Failures to read robots.txt that mean there is none: then all is allowed (RFC 9309, 2.3.1.3)."""

SLOWEST = 600.0
"""Seconds between two requests: a site that asks for more is left alone, by a night and by a look at it."""


@dataclass(frozen=True)
class Robots:
    """What a site's robots.txt says. `readable` is False where it cannot be told: then nothing may be asked for.

    `found` is False where there is none; `reason` and `failure` say why it was not found or read. `asked_delay` and `delay` are
    seconds: what it asks for, and what is kept between two requests. `sitemaps` are as it writes them.
    """

    readable: bool
    found: bool
    reason: str | None
    failure: FailureKind | None
    asked_delay: float | None
    delay: float
    sitemaps: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether anything may be asked for, at a pace that comes to an end."""
        return self.readable and self.delay <= SLOWEST


class LiveSite:
    """A context manager over one source's site. Ask for `robots()` first: before that, no page is given.

    `progress` gets a line before each request. `requests` counts the pages asked for.
    """

    def __init__(self, settings: Settings, source: Source, progress: Progress) -> None:
        self._settings = settings
        self._source = source
        self._progress = progress
        self._fetcher = Fetcher(settings, source)
        self.requests = 0

    def __enter__(self) -> LiveSite:
        self._fetcher.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetcher.__exit__(kind, error, trace)

    def robots(self) -> Robots:
        """Fetch robots.txt and obey it from here on."""
        outcome = self._ask(self._source.absolute("/robots.txt"), robots=False, accept=None)
        if isinstance(outcome, Failed) and outcome.kind not in ALLOW_ALL:
            return Robots(False, False, outcome.reason, outcome.kind, None, self._source.delay_seconds, ())
        body = outcome.body if isinstance(outcome, Page) else b""
        self._fetcher.obey(body)
        rules = Protego.parse(body.decode("utf-8-sig", errors="replace"))
        asked = rules.crawl_delay(self._settings.user_agent)
        return Robots(
            readable=True,
            found=isinstance(outcome, Page),
            reason=outcome.reason if isinstance(outcome, Failed) else None,
            failure=outcome.kind if isinstance(outcome, Failed) else None,
            asked_delay=None if asked is None else float(asked),
            delay=self._fetcher.delay(),
            sitemaps=tuple(rules.sitemaps),
        )

    def get(self, url: str, *, accept: Collection[str] | None = None) -> Page | Failed:
        """One page, or why not; `accept` are the media types wanted (None: any)."""
        return self._ask(url, robots=True, accept=accept)

    def _ask(self, url: str, *, robots: bool, accept: Collection[str] | None) -> Page | Failed:
        self._progress(f"{self._source.name}: asking for {url}")
        self.requests += 1
        outcome = self._fetcher.get(url, robots=robots, accept=accept)
        if isinstance(outcome, NotModified):
            return Failed(url, "status", "HTTP 304 to a request without conditions", outcome.status)
        return outcome
