"""What can come of asking for a page: a page, `not modified`, or a failure with its kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Headers = tuple[tuple[str, str], ...]

FailureKind = Literal[
    "disallowed",   # robots.txt says no: nothing was asked
    "not_found",    # 404
    "gone",         # 410
    "forbidden",    # 401, 403, 451
    "busy",         # 429, or 503 that says when to come back
    "server",       # 5xx
    "network",      # no connection, no certificate, broken off
    "limit",        # too large, too slow
    "type",         # a PDF, an image
    "redirect",     # in a circle, off the site, to the front page
    "address",      # this machine or its network
    "challenge",    # a bot check instead of the page
    "no_article",   # a page, but no article on it
    "status",       # another status
]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A 200 answer. `url` is what was asked for, `final_url` where redirects led; `body` is decoded of its transfer and
    content encodings."""

    url: str
    final_url: str
    status: int
    headers: Headers
    request_headers: Headers
    body: bytes
    fetched_at: datetime
    etag: str | None
    last_modified: str | None
    content_type: str | None

    @property
    def digest(self) -> str:
        """SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class NotModified:
    """A 304: what the archive holds is what the site still shows."""

    url: str
    status: int
    headers: Headers
    request_headers: Headers
    fetched_at: datetime


@dataclass(frozen=True)
class Failed:
    """No page. `status` is the HTTP status where one came; `retry_after` seconds where the site said them."""

    url: str
    kind: FailureKind
    reason: str
    status: int | None = None
    retry_after: float | None = None


Outcome = Page | NotModified | Failed

# How long a page is left alone after its first failure of a kind; each further one doubles it. What is the site's
# passing trouble is asked for again on the next night, what looks meant is not.
_FIRST_PAUSE: dict[FailureKind, timedelta] = {
    "not_found": timedelta(days=7),
    "gone": timedelta(days=30),
    "disallowed": timedelta(days=7),
    "forbidden": timedelta(days=2),
    "type": timedelta(days=30),
    "redirect": timedelta(days=7),
    "address": timedelta(days=7),
    "no_article": timedelta(days=1),
    "challenge": timedelta(hours=12),
}
_PASSING = timedelta(hours=1)
_LONGEST = timedelta(days=60)


def next_try(failure: Failed, attempts: int, now: datetime) -> datetime:
    """When to ask for a page again that has failed `attempts` times in a row.

    >>> from datetime import UTC
    >>> night = datetime(2025, 1, 14, tzinfo=UTC)
    >>> next_try(Failed("https://baosongtien.vn/bai-1.html", "not_found", "HTTP 404", 404), 1, night).day
    21
    """
    doubled: int = 2 ** min(max(attempts - 1, 0), 10)
    pause = min(_FIRST_PAUSE.get(failure.kind, _PASSING) * doubled, _LONGEST)
    if failure.retry_after is not None:
        # Bounded before it is a timedelta, which holds no more than a billion days.
        pause = max(pause, timedelta(seconds=min(failure.retry_after, _LONGEST.total_seconds())))
    return now + pause


def failure_of_status(status: int, *, retry_after: float | None = None) -> FailureKind:
    """The kind of failure that an HTTP status is."""
    match status:
        case 404:
            return "not_found"
        case 410:
            return "gone"
        case 401 | 403 | 451:
            return "forbidden"
        case 429:
            return "busy"
        case 503 if retry_after is not None:
            return "busy"
        case _ if 500 <= status <= 599:
            return "server"
        case _:
            return "status"
