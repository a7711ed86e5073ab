"""Each way in which one page can misbehave, tried against the real server: what is kept, what is noted, what is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.demo_sites import Fault

ILL = "/cong-doan/ldld-tinh-tien-giang-tong-ket-2024-post1001.html"
INSIDE = "http://10.0.0.1/quan-tri/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# fault, outcome of the page, words of its reason, status, pause before it is asked for again, what the row proves
PAGES: list[tuple[Fault, str, str | None, int | None, timedelta | None, str]] = [
    (Fault.slow(0.05, 4), "new", None, 200, None, "slow but alive"),
    (Fault.then_fine(500), "new", None, 200, None, "500, then fine: tried again at once"),
    (Fault.status(500), "failed", "HTTP 500", 500, HOUR, "500 for ever"),
    (Fault.status(502), "failed", "HTTP 502", 502, HOUR, "bad gateway"),
    (Fault.then_fine(429, retry_after="1"), "new", None, 200, None, "429 with a second's wait is waited for"),
    (Fault.status(403), "failed", "HTTP 403", 403, 2 * DAY, "forbidden"),
    (Fault.status(404), "failed", "HTTP 404", 404, 7 * DAY, "not there"),
    (Fault.status(410), "failed", "HTTP 410", 410, 30 * DAY, "gone"),
    (Fault.redirect_loop(), "failed", "in a circle", None, 7 * DAY, "a redirect to itself"),
    (Fault.redirect(INSIDE), "failed", "off the site", None, 7 * DAY, "a redirect to a private address"),
    (Fault.redirect("/"), "failed", "which is no article", 200, 7 * DAY, "a withdrawn page that leads home"),
    (Fault.endless(), "failed", "larger than 400000 bytes", 200, HOUR, "a body that does not end"),
    (Fault.gzip_bomb(200), "failed", "larger than 400000 bytes", 200, HOUR, "200 MB in a small answer"),
    (Fault.truncated(), "failed", "broken off", 200, HOUR, "less than announced"),
    (Fault.hang(3), "failed", "no answer within 1 s", None, HOUR, "no answer in time"),
    (Fault.slow(0.6, 20), "failed", "took more than 4 s", 200, HOUR, "a drip"),
    (Fault.not_html("application/pdf"), "failed", "application/pdf", 200, 30 * DAY, "no page but a file"),
    (Fault.challenge(200), "failed", "a check for robots", 200, DAY / 2, "a bot check that says 200"),
    (Fault.challenge(503), "failed", "HTTP 503", 503, HOUR, "a bot check that says 503"),
    (Fault.challenge(403), "failed", "HTTP 403", 403, 2 * DAY, "a bot check that says 403"),
    (Fault.empty_shell(), "failed", "an empty shell", 200, DAY, "a page that only a script would fill"),
    (
        Fault.soft_404(),
        "failed",
        "there is no such article",
        200,
        DAY,
        "not found, says the page, and 200 the status",
    ),
    (Fault.huge_headers(), "failed", "more than 65536 bytes", None, HOUR, "headers of 80 kB"),
    (Fault.reset(), "failed", "closed connection", None, HOUR, "the connection closed"),
    (Fault.wrong_charset("iso-8859-1"), "new", None, 200, None, "UTF-8 that is called Latin-1"),
    (Fault.wrong_charset("utf-16"), "new", None, 200, None, "UTF-8 that is called UTF-16"),
]


@pytest.fixture(scope="module")
def undisturbed() -> set[str]:
    """Paths of what a crawl of the site archives when nothing goes wrong."""
    from pipeline.demo_sites import FOLDER, DemoSite

    with DemoSite(FOLDER / "songtien") as site:
        return {story.path for story in site.stories()}


@pytest.mark.guard("broken-answers")
@pytest.mark.parametrize(
    ("fault", "outcome", "reason", "status", "pause", "proves"), PAGES, ids=[row[-1] for row in PAGES]
)
def test_one_page_misbehaves(
    nights: Callable[..., Any],
    undisturbed: set[str],
    fault: Fault,
    outcome: str,
    reason: str | None,
    status: int | None,
    pause: timedelta | None,
    proves: str,
) -> None:
    night = nights()
    night.site.faults[ILL] = fault
    summary = night.crawl()
    page = night.page(ILL)

    # What happened is noted, and the page is no success.
    assert (page.outcome, page.status) == (outcome, status)
    if reason is None:
        assert page.reason is None
        assert page.digest is not None
    else:
        assert page.reason is not None
        assert reason in page.reason
        assert page.digest is None
        assert page.next_try is not None
        assert pause is not None
        assert datetime.fromisoformat(page.next_try) - night.now == pause
    # Nothing else suffers, nothing that is no article is kept, and the manners hold.
    others = undisturbed - {ILL}
    assert set(night.archived()) == (undisturbed if reason is None else others)
    assert summary.problems == []
    assert (summary.new, summary.failed) == (len(night.archived()), int(reason is not None))
    night.check_archive()
    night.check_manners()

    # Nothing is lost: when the page is well again and its turn has come, it is there.
    night.site.faults.clear()
    night.later(days=31)
    assert night.crawl().problems == []
    assert set(night.archived()) == undisturbed
    assert night.page(ILL).reason is None


def test_what_is_wrong_stays_out_when_the_charset_lies(nights: Callable[..., Any]) -> None:
    well, ill = nights(folder="well"), nights(folder="ill")
    ill.site.faults[ILL] = Fault.wrong_charset("iso-8859-1")
    for night in (well, ill):
        assert night.run().ok
    texts = [
        {row[3]: row[10] for row in night.rows()["articles"]}  # title → text
        for night in (well, ill)
    ]
    assert texts[0] == texts[1]


@pytest.mark.guard("redirects")
def test_a_redirect_never_reaches_another_server_on_this_machine(nights: Callable[..., Any]) -> None:
    night, inside = nights(folder="a"), nights("mietthu", folder="b")
    night.site.faults[ILL] = Fault.redirect(inside.site.base_url + "/xem-tin.asp?id=201")
    night.crawl()
    assert inside.site.log.answers == []
    assert "off the site" in (night.page(ILL).reason or "")


def test_a_page_that_is_not_due_is_left_in_peace(nights: Callable[..., Any]) -> None:
    night = nights()
    night.site.faults[ILL] = Fault.status(404)
    night.crawl()
    night.site.faults.clear()
    for days, asked in ((1, False), (5, False), (2, True)):
        night.later(days=days)
        night.site.log.clear()
        night.crawl()
        assert (ILL in night.site.log.paths()) is asked
