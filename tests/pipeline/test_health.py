"""Whether a night was healthy: each bound just kept and just broken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline.crawl.health import check_crawl, check_quiet, check_relevance
from pipeline.crawl.sources import Bounds, Source
from pipeline.summary import CrawlSummary


def source(**bounds: float | None) -> Source:
    return Source(
        name="baothu",
        title="Báo Thử",
        base_url="https://baothu.vn",
        feeds=["/rss"],
        bounds=Bounds.model_validate(bounds),
    )


def night(**counts: Any) -> CrawlSummary:
    return CrawlSummary(source="baothu", **{"links": 20, **counts})


# Counts of a night, those of the nights before (newest first), bounds, and what is said; "" is healthy.
@pytest.mark.parametrize(
    ("counts", "before", "bounds", "told"),
    [
        pytest.param({}, [], {}, "", id="a quiet night"),
        # min_links
        pytest.param({"links": 5}, [], {"min_links": 5}, "", id="just enough links"),
        pytest.param({"links": 4}, [], {"min_links": 5}, "4 links found, at least 5 expected", id="one link less"),
        pytest.param({"links": 0}, [], {}, "0 links found, at least 1 expected", id="no link at all"),
        pytest.param({"links": 0}, [], {"min_links": 0}, "", id="a site that may have none"),
        # min_of_usual
        pytest.param({"links": 6}, [20, 20, 20], {}, "", id="just the share of what is usual"),
        pytest.param({"links": 5}, [20, 20, 20], {}, "5 links found, usually 20 (min_of_usual 0.3)", id="less than usual"),
        pytest.param({"links": 5}, [20, 20], {}, "", id="two nights do not say what is usual"),
        pytest.param({"links": 5}, [], {}, "", id="no night says nothing either"),
        pytest.param({"links": 5}, [20, 20, 20], {"min_of_usual": 0}, "", id="a bound that is switched off"),
        pytest.param({"links": 5}, [10, 400, 12], {}, "", id="the median: one night of plenty is not usual"),
        pytest.param({"links": 5}, [1, 20, 20], {}, "usually 20", id="nor is one of scarcity"),
        pytest.param({"links": 3}, [20, 20, 20], {"min_links": 4}, "at least 4 expected", id="one breach is told once"),
        # max_failed_share
        pytest.param({"new": 5, "failed": 5}, [], {}, "", id="just as many failures as may be"),
        pytest.param({"new": 4, "failed": 5}, [], {}, "5 of 9 pages failed, at most 50% expected", id="one more"),
        pytest.param({"new": 3, "unchanged": 2, "changed": 1, "failed": 6}, [], {}, "", id="all that came counts"),
        pytest.param({"withdrawn": 5, "new": 4}, [], {}, "5 of 9 pages failed", id="articles that vanish count too"),
        pytest.param({"failed": 1}, [], {}, "", id="one page that fails is no site that does"),
        pytest.param({"failed": 2}, [], {}, "2 of 2 pages failed", id="two are"),
        pytest.param({"disallowed": 9, "twins": 9, "deferred": 9}, [], {}, "", id="not asked for is no failure"),
        pytest.param({"new": 1, "failed": 9}, [], {"max_failed_share": 1}, "", id="a bound that allows all"),
        pytest.param({"new": 9, "failed": 1}, [], {"max_failed_share": 0}, "1 of 10 pages", id="one that allows none"),
        # min_dated_share
        pytest.param({"shown": 10, "dated": 5}, [], {}, "", id="just enough dates"),
        pytest.param({"shown": 50, "dated": 7}, [], {"min_dated_share": 0.14}, "", id="just enough, with decimals"),
        pytest.param({"shown": 10, "dated": 4}, [], {}, "4 of 10 new articles have a date", id="one date less"),
        pytest.param({"shown": 0, "dated": 0}, [], {"min_dated_share": 1}, "", id="nothing new has no share"),
        # min_layout_share
        pytest.param({"shown": 10, "dated": 10, "layout_fits": 8, "layout_judged": 10}, [], {}, "", id="layouts fit"),
        pytest.param(
            {"shown": 10, "dated": 10, "layout_fits": 7, "layout_judged": 10}, [], {},
            "7 of 10 new articles fit a layout", id="one fits less",
        ),
        pytest.param(
            {"shown": 10, "dated": 10, "layout_fits": 0, "layout_judged": 0}, [], {}, "",
            id="no layout names a body: nothing to judge",
        ),
        pytest.param(
            {"shown": 10, "dated": 10, "layout_fits": 3, "layout_judged": 4}, [], {},
            "3 of 4 new articles", id="of those that could be judged",
        ),
    ],
)  # fmt: skip
def test_check_crawl(counts: dict[str, int], before: list[int], bounds: dict[str, float], told: str) -> None:
    problems = check_crawl(source(**bounds), night(**counts), [night(links=links) for links in before])
    assert len(problems) == (1 if told else 0)
    assert told in "".join(problems)
    assert all(problem.startswith("baothu: ") for problem in problems)


# Shares of few articles are taken together with the nights before, as few of them as make ten.
@pytest.mark.parametrize(
    ("shown", "dated", "before", "told"),
    [
        pytest.param(1, 0, [], "0 of 1", id="nothing to pool with"),
        pytest.param(1, 0, [(9, 9)], "", id="one article without a date among ten"),
        pytest.param(3, 0, [(7, 3)], "3 of 10", id="pooled and still too few"),
        pytest.param(9, 0, [(9, 9)], "", id="nine are few"),
        pytest.param(
            10, 0, [(90, 90)], "0 of 10", id="ten are enough: a good past does not hide a bad night"
        ),
        pytest.param(2, 0, [(4, 4), (4, 0), (90, 90)], "4 of 10", id="no further back than ten"),
        pytest.param(0, 0, [(10, 0)], "", id="nothing new: the past is not judged again"),
    ],
)
def test_few_articles_are_pooled(shown: int, dated: int, before: list[tuple[int, int]], told: str) -> None:
    nights = [night(shown=count, dated=fine) for count, fine in before]
    problems = check_crawl(source(), night(shown=shown, dated=dated), nights)
    assert told in "".join(problems)
    assert bool(problems) is bool(told)


@pytest.mark.parametrize(
    ("read", "relevant", "before", "least", "told"),
    [
        pytest.param(10, 3, [], 0.3, "", id="just enough reports"),
        pytest.param(10, 2, [], 0.3, "2 of 10 new articles report a union's event", id="one less"),
        pytest.param(10, 0, [], 0.0, "", id="no bound"),
        pytest.param(0, 0, [], 1.0, "", id="nothing read"),
        pytest.param(2, 0, [(8, 8)], 0.3, "", id="few are pooled"),
        pytest.param(2, 0, [(4, 0), (4, 2), (90, 90)], 0.3, "2 of 10", id="no further back than ten"),
    ],
)
def test_check_relevance(
    read: int, relevant: int, before: list[tuple[int, int]], least: float, told: str
) -> None:
    nights = [night(read=count, relevant=fine) for count, fine in before]
    problems = check_relevance(
        source(min_relevant_share=least), night(), nights, read=read, relevant=relevant
    )
    assert told in "".join(problems)
    assert bool(problems) is bool(told)


def test_failures_are_told_with_their_commonest_reasons() -> None:
    reasons = {"HTTP 404 Not Found": 2, "HTTP 500": 7, "broken off": 2, "too slow": 1}
    (problem,) = check_crawl(source(), night(failed=12, reasons=reasons), [])
    assert problem.endswith("(max_failed_share): 7 × HTTP 500, 2 × HTTP 404 Not Found, 2 × broken off")


def test_every_breach_is_told() -> None:
    ill = night(links=0, failed=12, shown=10, dated=0, layout_fits=0, layout_judged=10)
    bounds = ("min_links", "max_failed_share", "min_dated_share", "min_layout_share")
    problems = check_crawl(source(), ill, [])
    assert len(problems) == 4
    for bound, problem in zip(bounds, problems, strict=True):
        assert f"({bound})" in problem


@pytest.mark.parametrize(
    ("most", "newest", "quiet"),
    [
        pytest.param(14, "2024-12-31", False, id="just within"),
        pytest.param(14, "2024-12-30", True, id="a day more"),
        pytest.param(14, "2025-01-20", False, id="dated ahead"),
        pytest.param(14, None, False, id="nothing has a date: min_dated_share tells that"),
        pytest.param(None, "2012-01-01", False, id="an archive, by its manifest"),
    ],
)
def test_a_quiet_site(most: int | None, newest: str | None, quiet: bool) -> None:
    assert bool(check_quiet(source(max_quiet_days=most), newest, date(2025, 1, 14))) is quiet
