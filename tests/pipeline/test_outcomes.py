"""What an HTTP status is, and when a page that failed is asked for again."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.crawl.outcomes import Failed, FailureKind, Page, failure_of_status, next_try

NIGHT = datetime(2025, 1, 14, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "retry_after", "kind"),
    [
        pytest.param(404, None, "not_found", id="not found"),
        pytest.param(410, None, "gone", id="gone is meant, not found may be a slip"),
        pytest.param(401, None, "forbidden", id="a password is wanted"),
        pytest.param(403, None, "forbidden", id="forbidden"),
        pytest.param(451, None, "forbidden", id="forbidden by law"),
        pytest.param(429, None, "busy", id="too many requests"),
        pytest.param(429, 5.0, "busy", id="too many requests, and when to come back"),
        pytest.param(503, 120.0, "busy", id="says when to come back"),
        pytest.param(503, 0.0, "busy", id="come back at once"),
        pytest.param(503, None, "server", id="does not say when to come back"),
        pytest.param(500, None, "server", id="its own fault"),
        pytest.param(502, 9.0, "server", id="only 503 means busy"),
        pytest.param(599, None, "server", id="the last of the 5xx"),
        pytest.param(600, None, "status", id="beyond the 5xx"),
        pytest.param(400, None, "status", id="bad request"),
        pytest.param(204, None, "status", id="a page without a body"),
        pytest.param(206, None, "status", id="a part of a page"),
        pytest.param(302, None, "status", id="a redirect to nowhere"),
    ],
)
def test_failure_of_status(status: int, retry_after: float | None, kind: str) -> None:
    assert failure_of_status(status, retry_after=retry_after) == kind


@pytest.mark.parametrize(
    ("kind", "attempts", "pause"),
    [
        pytest.param("server", 1, timedelta(hours=1), id="passing trouble: the next night"),
        pytest.param("network", 1, timedelta(hours=1), id="so is the network's"),
        pytest.param("busy", 1, timedelta(hours=1), id="so is a busy site"),
        pytest.param("limit", 1, timedelta(hours=1), id="so is a slow one"),
        pytest.param("status", 1, timedelta(hours=1), id="so is what nobody knows"),
        pytest.param("challenge", 1, timedelta(hours=12), id="a bot check"),
        pytest.param("no_article", 1, timedelta(days=1), id="a page without an article"),
        pytest.param("forbidden", 1, timedelta(days=2), id="forbidden"),
        pytest.param("not_found", 1, timedelta(days=7), id="not found"),
        pytest.param("disallowed", 1, timedelta(days=7), id="robots.txt changes seldom"),
        pytest.param("redirect", 1, timedelta(days=7), id="redirected away"),
        pytest.param("address", 1, timedelta(days=7), id="an address that is not public"),
        pytest.param("gone", 1, timedelta(days=30), id="gone"),
        pytest.param("type", 1, timedelta(days=30), id="a PDF stays one"),
        pytest.param("server", 2, timedelta(hours=2), id="the second failure doubles"),
        pytest.param("server", 5, timedelta(hours=16), id="so does each further one"),
        pytest.param("not_found", 3, timedelta(days=28), id="what looks meant doubles too"),
        pytest.param("gone", 2, timedelta(days=60), id="just at the longest"),
        pytest.param("gone", 3, timedelta(days=60), id="never longer"),
        pytest.param("server", 11, timedelta(hours=1024), id="the last doubling"),
        pytest.param("server", 12, timedelta(hours=1024), id="there are ten doublings"),
        pytest.param("not_found", 10**6, timedelta(days=60), id="no overflow after many"),
        pytest.param("server", 0, timedelta(hours=1), id="a first failure counted from nought"),
    ],
)
def test_next_try(kind: FailureKind, attempts: int, pause: timedelta) -> None:
    failed = Failed("https://baothu.vn/bai-1.html", kind, "…")
    assert next_try(failed, attempts, NIGHT) - NIGHT == pause


@pytest.mark.parametrize(
    ("retry_after", "attempts", "pause"),
    [
        pytest.param(30.0, 1, timedelta(hours=1), id="less than the pause: the pause"),
        pytest.param(7200.0, 1, timedelta(hours=2), id="more than the pause: as the site says"),
        pytest.param(7200.0, 4, timedelta(hours=8), id="but not less than the doubled pause"),
        pytest.param(90 * 86400.0, 1, timedelta(days=60), id="at most two months"),
        pytest.param(1e30, 1, timedelta(days=60), id="more seconds than a calendar has"),
        pytest.param(float("inf"), 1, timedelta(days=60), id="for ever"),
        pytest.param(0.0, 1, timedelta(hours=1), id="at once is the next night too"),
    ],
)
def test_next_try_with_retry_after(retry_after: float, attempts: int, pause: timedelta) -> None:
    failed = Failed("https://baothu.vn/bai-1.html", "busy", "HTTP 503", 503, retry_after)
    assert next_try(failed, attempts, NIGHT) - NIGHT == pause


def test_a_page_s_digest_is_that_of_its_body() -> None:
    body = "Tổng kết".encode()
    page = Page("u", "u", 200, (), (), body, NIGHT, None, None, None)
    assert page.digest == hashlib.sha256(body).hexdigest()
