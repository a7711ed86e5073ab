"""One polite GET: robots.txt, a pause per host, conditional requests, limits, and a named outcome."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego
from urllib3.util import Retry

from pipeline.crawl.addresses import AddressError, GuardedAdapter
from pipeline.crawl.sources import Source
from pipeline.settings import Settings


@dataclass(frozen=True)
class Page:
    """A 200 answer. `url` is what was asked for; `body` is decoded of its transfer and content encodings."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    request_headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    etag: str | None
    last_modified: str | None

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class NotModified:
    """A 304: what the archive holds is what the site still shows."""

    url: str


@dataclass(frozen=True)
class Failed:
    """No page. `status` is the HTTP status where one came; `disallowed` means robots.txt says no."""

    url: str
    reason: str
    status: int | None = None
    disallowed: bool = False


Outcome = Page | NotModified | Failed


class HostClock:
    """Spaces requests: `wait` returns when `delay` seconds have passed since the host's last request.

    One object serves all threads of a process; a host's slot is taken before waiting, so that two sources
    on one host do not meet.
    """

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, delay: float) -> None:
        """Sleep until it is this request's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + delay
        time.sleep(max(0.0, turn - now))


_CLOCK = HostClock()
_RETRIED = (429, 500, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_MAX_HOPS = 5
_LONGEST_DELAY = 60.0  # seconds: what a robots.txt may ask for between two requests


class Fetcher:
    """GETs pages of one source. A context manager: it holds a session's connections.

    `robots` is the text of the site's robots.txt, None while unknown (then only robots.txt itself may be
    fetched).
    """

    def __init__(
        self, settings: Settings, source: Source, *, now: Callable[[], datetime] | None = None
    ) -> None:
        self._settings = settings
        self._source = source
        self._now = now or (lambda: datetime.now(UTC))
        self._robots: Protego | None = None
        self._session = requests.Session()
        # A proxy would connect for us, past the address guard, and would not reach this machine's own site.
        self._session.trust_env = not source.allow_loopback
        self._session.headers.update({"User-Agent": settings.user_agent, "Accept": "text/html,*/*;q=0.5"})
        retry = Retry(
            total=settings.retries,
            backoff_factor=settings.backoff_seconds,
            status_forcelist=_RETRIED,
            allowed_methods={"GET"},
            raise_on_status=False,
            redirect=0,
            retry_after_max=60,
        )
        adapter = GuardedAdapter(max_retries=retry, allow_loopback=source.allow_loopback)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def obey(self, robots: str) -> None:
        """Take `robots` (the text of robots.txt) as the rule for every later `get`."""
        self._robots = Protego.parse(robots)

    def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, robots: bool = True
    ) -> Outcome:
        """One page, or why not. `etag` and `last_modified` are those of the copy at hand, where there is one.

        Redirects are followed within the source's site, each hop asked of robots.txt again. Never raises
        for what a site does; `robots=False` is for robots.txt itself.
        """
        started = time.monotonic()
        hop = url
        for _ in range(_MAX_HOPS):
            if robots and not self._allowed(hop):
                return Failed(url, "robots.txt disallows it", disallowed=True)
            _CLOCK.wait(urlsplit(hop).netloc, self._delay())
            try:
                response = self._send(hop, etag, last_modified)
            except (requests.RequestException, AddressError) as error:
                return Failed(url, _reason(error))
            with response:
                location = response.headers.get("Location")
                if response.status_code not in _REDIRECTS or not location:
                    return self._outcome(url, response, started)
            hop = urljoin(hop, location)
            if urlsplit(hop).netloc.lower() != self._source.host:
                return Failed(url, f"redirected off the site, to {hop}", response.status_code)
        return Failed(url, f"more than {_MAX_HOPS} redirects")

    def _send(self, url: str, etag: str | None, last_modified: str | None) -> requests.Response:
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return self._session.get(
            url, headers=headers, timeout=self._settings.timeout_seconds, stream=True, allow_redirects=False
        )

    def _outcome(self, url: str, response: requests.Response, started: float) -> Outcome:
        status = response.status_code
        if status == 304:
            return NotModified(url)
        if status != 200:
            return Failed(url, f"HTTP {status} {response.reason or ''}".strip(), status)
        try:
            body = self._read(response, started)
        except _LimitError as error:
            return Failed(url, str(error), status)
        except requests.RequestException as error:
            return Failed(url, _reason(error), status)
        return Page(
            url=url,
            status=status,
            headers=tuple(response.headers.items()),
            request_headers=tuple(
                (name, value if isinstance(value, str) else value.decode("latin-1"))
                for name, value in response.request.headers.items()
            ),
            body=body,
            fetched_at=self._now(),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )

    def _read(self, response: requests.Response, started: float) -> bytes:
        """The body, within the limits. A timeout alone would let a slow drip go on for ever."""
        chunks, size = [], 0
        for chunk in response.iter_content(1 << 16):
            size += len(chunk)
            if size > self._settings.max_page_bytes:
                raise _LimitError(f"larger than {self._settings.max_page_bytes} bytes")
            if time.monotonic() - started > 4 * self._settings.timeout_seconds:
                raise _LimitError(f"took more than {4 * self._settings.timeout_seconds:g} s")
            chunks.append(chunk)
        return b"".join(chunks)

    def _allowed(self, url: str) -> bool:
        return self._robots is not None and self._robots.can_fetch(url, self._settings.user_agent)

    def _delay(self) -> float:
        asked = self._robots.crawl_delay(self._settings.user_agent) if self._robots else None
        return max(self._source.delay_seconds, min(float(asked or 0), _LONGEST_DELAY))


class _LimitError(Exception):
    """A page too large or too slow."""


def _reason(error: Exception) -> str:
    """The innermost cause in one line: `ConnectionError: [Errno 111] Connection refused`."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return f"{type(error).__name__}: {cause}".replace("\n", " ")[:300]
