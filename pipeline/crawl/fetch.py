"""One polite GET: robots.txt, a pause per host, conditional requests, limits, and a named outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from protego import Protego
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry

from pipeline.crawl.clock import HostClock
from pipeline.crawl.exchange import Exchange
from pipeline.crawl.outcomes import Failed, Outcome, Page
from pipeline.crawl.sources import Source
from pipeline.crawl.urls import canonical_url
from pipeline.settings import Settings

HTML = frozenset({"text/html", "application/xhtml+xml"})
"""Media types of an article's page."""

_CLOCK = HostClock()
_RETRIED = (429, 500, 502, 503, 504)
_MAX_HOPS = 5
_PATIENCE = 60.0  # seconds: a longer Retry-After is not waited for but noted for another night
_ROBOTS_BYTES = 512 * 1024  # what of a robots.txt is read, as RFC 9309 (2.5) asks for at least
_PASSING = {"busy", "server", "network"}


class Fetcher:
    """GETs pages of one source. A context manager: it holds a session's connections.

    A host's robots.txt must be told by `obey` before anything else of that host is asked for.
    """

    def __init__(
        self, settings: Settings, source: Source, *, now: Callable[[], datetime] | None = None
    ) -> None:
        self._settings = settings
        self._source = source
        self._now = now or (lambda: datetime.now(UTC))
        self._robots: dict[str, Protego] = {}
        self._exchange = Exchange(settings, source, self._now)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._exchange.close()

    def obey(self, robots: bytes, *, host: str | None = None) -> None:
        """Take `robots`, the bytes of a robots.txt, as the rule for every later `get` from its host."""
        text = robots[:_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
        self._robots[host or self._source.host] = Protego.parse(text)

    def delay(self, host: str | None = None) -> float:
        """Seconds between two requests: the manifest's, or the longer ones that robots.txt asks for."""
        rules = self._robots.get(host or self._source.host)
        asked = rules.crawl_delay(self._settings.user_agent) if rules else None
        return max(self._source.delay_seconds, float(asked or 0))

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = True,
        accept: Collection[str] | None = None,
    ) -> Outcome:
        """One page, or why not. `etag` and `last_modified` are those of the copy at hand, where there is one.

        Redirects are followed within the source's site, each hop asked of robots.txt again. `accept` are the media
        types wanted (None: any). Never raises for what a site does; `robots=False` is for robots.txt itself.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        retry = Retry(
            total=self._settings.retries,
            backoff_factor=self._settings.backoff_seconds,
            backoff_jitter=self._settings.backoff_seconds / 2,
            status_forcelist=_RETRIED,
            raise_on_status=False,
        )
        while True:
            outcome = self._follow(url, headers, robots=robots, accept=accept)
            if not isinstance(outcome, Failed) or outcome.kind not in _PASSING:
                return outcome
            if (outcome.retry_after or 0) > _PATIENCE:
                return outcome
            try:
                retry = retry.increment("GET", url, error=HTTPError(outcome.reason))
            except MaxRetryError:
                return outcome
            _CLOCK.defer(urlsplit(url).netloc, max(outcome.retry_after or 0, retry.get_backoff_time()))

    def _follow(
        self, url: str, headers: dict[str, str], *, robots: bool, accept: Collection[str] | None
    ) -> Outcome:
        hop, seen = url, {url}
        for _ in range(_MAX_HOPS + 1):
            if robots and (failed := self._disallowed(url, hop)):
                return failed
            host = urlsplit(hop).netloc
            with _CLOCK.turn(host, self.delay(host)):
                outcome = self._exchange.ask(url, hop, headers, accept)
            if not isinstance(outcome, str):
                return outcome
            try:
                hop = canonical_url(urljoin(hop, outcome))
            except ValueError:  # also what urljoin says of `http://[`
                return Failed(url, "redirect", f"redirected to {outcome[:200]!r}, which is no web address")
            if not self._source.is_own(hop):
                return Failed(url, "redirect", f"redirected off the site, to {hop}")
            if hop in seen:
                return Failed(url, "redirect", "redirected in a circle")
            seen.add(hop)
        return Failed(url, "redirect", f"more than {_MAX_HOPS} redirects")

    def _disallowed(self, url: str, hop: str) -> Failed | None:
        host = urlsplit(hop).netloc
        if host not in self._robots and self._source.is_own(hop) and self._robots:
            self._learn(hop, host)
        rules = self._robots.get(host)
        if rules is not None and rules.can_fetch(hop, self._settings.user_agent):
            return None
        return Failed(url, "disallowed", "robots.txt disallows it")

    def _learn(self, hop: str, host: str) -> None:
        """The robots.txt of a further host of the site, to which a redirect leads."""
        outcome = self._follow(urljoin(hop, "/robots.txt"), {}, robots=False, accept=None)
        if isinstance(outcome, Page):
            self.obey(outcome.body, host=host)
        elif isinstance(outcome, Failed) and outcome.kind in {"not_found", "gone", "forbidden"}:
            self.obey(b"", host=host)
