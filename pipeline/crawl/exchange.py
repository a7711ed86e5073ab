"""One exchange with a site: a request, its answer within the limits, and what that means."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy

import requests
from urllib3.exceptions import HTTPError, IncompleteRead, ProtocolError, ReadTimeoutError
from urllib3.util import Retry

from pipeline.crawl.addresses import AddressError, GuardedAdapter
from pipeline.crawl.outcomes import Failed, Headers, NotModified, Outcome, Page, failure_of_status
from pipeline.crawl.sources import Source
from pipeline.crawl.warc.payload import PayloadError, UnpackedError, decode_body
from pipeline.settings import Settings

_CODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}  # of a body: those asked for
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_WAIT = 60 * 86400  # seconds: a longer Retry-After is a slip, or meant to stop us for ever


class Exchange:
    """Sends single requests of one source, without waiting, retrying or following. Close it behind its use."""

    def __init__(self, settings: Settings, source: Source, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._now = now
        self._sockets: list[socket.socket] = []
        self._session = _Session()
        # A proxy would connect for us, past the address guard, and would not reach this machine's own site.
        self._session.trust_env = not source.allow_loopback
        # A page must not depend on what an earlier one set.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update(
            {
                "User-Agent": settings.user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "vi,en;q=0.5",
            }
        )
        # One connection a host, and no retries of its own: each attempt waits for the host's turn.
        adapter = GuardedAdapter(
            allow_loopback=source.allow_loopback,
            opened=self._opened,
            max_retries=0,
            pool_maxsize=1,
            pool_block=True,
        )
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def _opened(self, sock: socket.socket) -> None:
        # The socket itself: an answer that ends with its connection takes it away from there.
        self._sockets[:] = [known for known in self._sockets if known.fileno() >= 0] + [sock]

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def ask(
        self, url: str, hop: str, headers: dict[str, str], accept: Collection[str] | None
    ) -> Outcome | str:
        """Ask for `hop` on behalf of `url`: the outcome, or where it redirects to, as the site wrote it."""
        with _Watch(self._sockets, 4 * self._settings.timeout_seconds) as watch:
            outcome = self._send(url, hop, headers, accept)
        if watch.ended:  # a body that ends with its connection looks whole when that is cut
            status = outcome.status if isinstance(outcome, Page | Failed) else None
            return Failed(url, "limit", f"took more than {watch.seconds:g} s", status)
        return outcome

    def _send(
        self, url: str, hop: str, headers: dict[str, str], accept: Collection[str] | None
    ) -> Outcome | str:
        try:
            response = self._session.get(
                hop,
                headers=headers,
                timeout=self._settings.timeout_seconds,
                stream=True,
                allow_redirects=False,
            )
        except AddressError as error:
            return Failed(url, "address", str(error))
        except requests.Timeout as error:
            return Failed(
                url, "network", f"no answer within {self._settings.timeout_seconds:g} s: {_reason(error)}"
            )
        except (requests.RequestException, HTTPError, ValueError) as error:
            return Failed(url, "network", _reason(error))
        with response:
            location = response.headers.get("Location")
            if response.status_code in _REDIRECTS and location:
                # Servers write the header as bytes of UTF-8; requests shows them as Latin-1.
                return location.encode("latin-1", "replace").decode("utf-8", "replace")
            if response.status_code == 304 and not headers:
                return Failed(url, "status", "HTTP 304 to a question without conditions", 304)
            return self._outcome(url, hop, response, accept)

    def _outcome(
        self, url: str, hop: str, response: requests.Response, accept: Collection[str] | None
    ) -> Outcome:
        status = response.status_code
        if status == 304:
            return NotModified(
                url, status, tuple(response.headers.items()), _sent(response), fetched_at=self._now()
            )
        if status != 200:
            wait = _retry_after(response)
            reason = f"HTTP {status} {response.reason or ''}".strip()
            return Failed(url, failure_of_status(status, retry_after=wait), reason, status, wait)
        content_type = response.headers.get("Content-Type")
        if accept and content_type and (kind := content_type.partition(";")[0].strip().lower()) not in accept:
            return Failed(url, "type", f"{kind or 'no media type'}, no page", status)
        try:
            body = self._read(response)
        except (_LimitError, UnpackedError) as error:
            return Failed(url, "limit", str(error), status)
        except PayloadError as error:
            return Failed(url, "network", f"broken off: {error}", status)
        except (requests.RequestException, HTTPError, OSError) as error:
            return Failed(url, "network", _broken_off(error), status)
        return Page(
            url=url,
            final_url=hop,
            status=status,
            headers=tuple(response.headers.items()),
            request_headers=_sent(response),
            body=body,
            fetched_at=self._now(),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            content_type=content_type,
        )

    def _read(self, response: requests.Response) -> bytes:
        """The body without its encodings, within the limits of size before and after."""
        limit = self._settings.max_page_bytes
        coding = response.headers.get("Content-Encoding", "")
        if unasked := {name.strip().lower() for name in coding.split(",")} - _CODINGS:
            raise PayloadError(f"compressed as `{', '.join(sorted(unasked))}`, which was not asked for")
        chunks, size = [], 0
        while chunk := response.raw.read1(1 << 16, decode_content=False):
            size += len(chunk)
            if size > limit:
                raise _LimitError(f"larger than {limit} bytes")
            chunks.append(chunk)
        # What is chunked is joined by now. Unpacking in one go tells a body that is cut short, which urllib3 does not.
        return decode_body(
            b"".join(chunks),
            (("Content-Encoding", coding),),
            limit=limit,
        )


class _Watch:
    """Ends the exchange that goes on for longer than `seconds`: a drip of bytes would reset every timeout."""

    def __init__(self, sockets: list[socket.socket], seconds: float) -> None:
        self.seconds = seconds
        self.ended = False
        self._sockets = sockets
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.ended = True
        for sock in self._sockets:
            with suppress(OSError):  # closed in the meantime
                sock.shutdown(socket.SHUT_RDWR)


class _Session(requests.Session):
    """A session that looks at no redirect: even unasked, `requests` would read its body first, whole and unlimited."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class _LimitError(Exception):
    """A page too large or too slow."""


def _sent(response: requests.Response) -> Headers:
    return tuple(
        (name, value if isinstance(value, str) else value.decode("latin-1"))
        for name, value in response.request.headers.items()
    )


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that a Retry-After asks for, as seconds or as a date; None where it says neither."""
    value = response.headers.get("Retry-After")
    try:
        # urllib3 would cut it to six hours.
        retry = Retry(retry_after_max=_LONGEST_WAIT)
        return None if value is None else float(retry.parse_retry_after(value) or 0)
    except (HTTPError, ValueError, OverflowError):  # no number and no date, or more digits than either has
        return None


def _broken_off(error: Exception) -> str:
    cause = error.args[1] if isinstance(error, ProtocolError) and len(error.args) > 1 else error
    if isinstance(cause, IncompleteRead):
        return f"broken off: {cause.partial} bytes came, {cause.expected} more were announced"
    if isinstance(error, ReadTimeoutError):
        return "broken off: nothing more came in time"
    return f"broken off: {_reason(error)}"


def _reason(error: Exception) -> str:
    """The innermost cause in one line: `ConnectionError: [Errno 111] Connection refused`."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return f"{type(error).__name__}: {cause}".replace("\n", " ")[:300]
