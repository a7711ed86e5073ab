"""Each way in which a whole site can misbehave or change: its part fails and says why, the rest stays as it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from pipeline import run as direct
from pipeline.demo_sites import Fault

FIRST = "/cong-doan/ldld-tinh-tien-giang-tong-ket-2024-post1001.html"
NEWEST = "/cong-doan/ldld-tinh-dong-thap-sau-hop-nhat-so-ket-6-thang-2025-post1188.html"
CLOSED = "User-agent: *\nDisallow: /cong-doan/\nDisallow: /*?\nDisallow: /feed/\n"


@pytest.mark.guard("ill-sites")
@pytest.mark.parametrize(
    ("fault", "told", "asked"),
    [
        pytest.param(Fault.status(429, "3600"), "asks to be left alone for 3600 s", 2, id="429 for an hour"),
        pytest.param(
            Fault.status(503, "7200"), "asks to be left alone for 7200 s", 2, id="503 for two hours"
        ),
        pytest.param(Fault.status(500), "HTTP 500", 20, id="500 everywhere"),
        pytest.param(Fault.challenge(403), "HTTP 403", 20, id="a bot check everywhere"),
        pytest.param(Fault.reset(), "Connection", 20, id="no answers"),
    ],
)
def test_a_site_in_trouble_is_left_in_peace(
    nights: Callable[..., Any], fault: Fault, told: str, asked: int
) -> None:
    night = nights(retries=0)
    night.site.faults["*"] = fault
    summary = night.crawl()
    assert any(told in problem for problem in summary.problems), summary.problems
    assert len(night.site.log.answers) <= asked
    assert night.archived() == {}
    night.check_manners()
    # When it is well again, everything comes.
    night.site.faults.clear()
    night.later(days=3)
    assert night.crawl().problems == []
    assert set(night.archived()) == {story.path for story in night.site.stories()}


def test_a_site_that_asks_for_an_hour_gets_it(nights: Callable[..., Any]) -> None:
    night = nights(retries=0)
    night.site.faults["*"] = Fault.status(429, "3600")
    night.crawl()
    night.site.faults.clear()
    night.site.log.clear()
    night.later(minutes=59)
    (problem,) = night.crawl().problems
    assert "asked to be left alone until" in problem
    assert night.site.log.answers == []
    night.later(minutes=2)
    assert night.crawl().problems == []


@pytest.mark.guard("ill-sites")
def test_articles_fail_halfway_and_the_rest_waits(nights: Callable[..., Any]) -> None:
    night = nights(retries=0, give_up_after=3)
    paths = sorted(story.path for story in night.site.stories())
    night.site.faults["articles"] = Fault.status(503)
    summary = night.crawl()
    assert any("given up after 3 failures in a row" in problem for problem in summary.problems)
    assert summary.failed == 3
    night.site.faults.clear()
    night.later(days=1)
    assert night.crawl().new == len(paths)
    assert sorted(night.archived()) == paths


@pytest.mark.guard("robots-size")
@pytest.mark.guard("manners")
@pytest.mark.parametrize(
    "fault", [Fault.status(503), Fault.reset(), Fault.endless(), Fault.status(429)], ids=lambda f: f.kind
)
def test_a_robots_txt_that_cannot_be_read_forbids_everything(
    nights: Callable[..., Any], fault: Fault
) -> None:
    night = nights(retries=0)
    night.site.faults["/robots.txt"] = fault
    (problem,) = night.crawl().problems
    assert "robots.txt cannot be read" in problem
    assert set(night.site.log.paths()) == {"/robots.txt"}


def test_a_robots_txt_that_is_not_there_forbids_nothing(nights: Callable[..., Any]) -> None:
    night = nights()
    night.site.faults["/robots.txt"] = Fault.status(404)
    assert night.crawl().new == len(night.site.stories())


def test_robots_txt_changes_between_two_nights(nights: Callable[..., Any]) -> None:
    night = nights()
    assert night.run().ok
    before = night.rows()
    night.site.robots = CLOSED
    night.site.log.clear()
    night.later(days=1)
    summary = night.run()
    assert not summary.ok
    assert any("robots.txt disallows it" in problem for problem in summary.problems)
    night.check_manners(robots=CLOSED)
    assert night.rows() == before


def test_a_crawl_delay_is_kept(nights: Callable[..., Any]) -> None:
    night = nights()
    night.site.robots = "User-agent: tongket\nCrawl-delay: 0.1\n\nUser-agent: *\nDisallow: /\n"
    night.site.faults["articles"] = Fault.status(404)
    night.crawl()
    times = [answer.at for answer in night.site.log.answers[1:]]
    assert len(times) > 10
    assert min(b - a for a, b in itertools.pairwise(times)) >= 0.095


def test_a_crawl_delay_that_leaves_no_night(nights: Callable[..., Any]) -> None:
    night = nights()
    night.site.robots = "User-agent: *\nCrawl-delay: 3600\n"
    (problem,) = night.crawl().problems
    assert "3600 s between two requests" in problem
    assert night.site.log.paths() == ["/robots.txt"]


@pytest.mark.guard("changed-layout")
@pytest.mark.parametrize("name", ["songtien", "mietthu", "truongson"])
def test_a_changed_layout_does_not_pass_silently(nights: Callable[..., Any], name: str) -> None:
    night = nights(name)
    hidden = {story.path for story in night.site.stories()[:6]}
    night.site.without = hidden
    first = night.run()
    assert first.ok, first.problems
    before, released = night.rows(), first.release
    assert released is not None
    sums = (released / "SHA256SUMS").read_text(encoding="utf-8")

    night.site.layout = "changed"
    night.site.without = set()
    night.later(days=1)
    summary = night.run()
    assert (summary.ok, summary.state) == (False, "failed")
    assert summary.release is None
    assert night.rows() == before
    assert (night.settings.releases_dir / "latest" / "SHA256SUMS").read_text(encoding="utf-8") == sums
    assert all(problem.startswith(f"{name}: ") for problem in summary.problems)

    # The site goes back, or the manifest follows it: what was held back comes in, once.
    night.site.layout = None
    night.later(days=1)
    last = night.run()
    assert last.ok, last.problems
    assert {row[1] for row in night.rows()["articles"]} >= {night.site.base_url + path for path in hidden}


def test_the_changed_layout_says_what_changed(nights: Callable[..., Any]) -> None:
    night = nights()
    paths = {story.path for story in night.site.stories()}
    night.site.without = paths - {sorted(paths)[0]}
    night.source = night.source.model_copy(
        update={"bounds": night.source.bounds.model_copy(update={"min_links": 1, "min_relevant_share": 0.0})}
    )
    night.crawl()
    night.site.layout, night.site.without = "changed", set()
    night.later(days=1)
    problems = night.crawl().problems
    assert problems
    assert any("layout" in problem or "links" in problem for problem in problems)


@pytest.mark.guard("ill-sites")
def test_one_ill_source_leaves_the_others_alone(nights: Callable[..., Any]) -> None:
    well, ill = nights("mietthu", folder="both"), nights("songtien", folder="both")
    ill.site.faults["*"] = Fault.status(500)
    summary = direct.run(well.settings, [ill.source, well.source], now=lambda: well.now)
    assert summary.state == "completed with failures"
    assert summary.release is not None
    assert [bool(crawl.problems) for crawl in summary.crawls] == [True, False]
    assert {row[2] for row in well.rows()["articles"]} == {"mietthu"}


def test_too_few_of_union_events(nights: Callable[..., Any]) -> None:
    night = nights()
    bounds = night.source.bounds.model_copy(update={"min_relevant_share": 1.0})
    night.source = night.source.model_copy(update={"bounds": bounds})
    summary = night.run()
    assert any("min_relevant_share" in problem for problem in summary.problems)
    assert night.rows()["articles"] == []
    assert summary.crawls[0].held == len(night.site.stories())


@pytest.mark.parametrize(
    ("path", "old", "new", "days"),
    [
        pytest.param(NEWEST, "231.640", "231.641", 1, id="shown in the feed: the next night"),
        pytest.param(FIRST, "14.207", "14.208", 91, id="a year old, in no list: within ninety days"),
    ],
)
def test_an_edited_article_changes_its_rows(
    nights: Callable[..., Any], path: str, old: str, new: str, days: int
) -> None:
    night = nights()
    assert night.run().ok
    night.site.edit(path, old, new)
    night.later(days=days)
    summary = night.run()
    assert (summary.crawls[0].changed, summary.stored.changed) == (1, 1)
    values = {value for row in night.rows()["figures"] for value in row}
    assert new.replace(".", "") in values


@pytest.mark.parametrize("status", [404, 410])
def test_a_withdrawn_article_is_noted_and_kept(nights: Callable[..., Any], status: int) -> None:
    night = nights()
    night.run()
    before = night.rows()
    night.site.withdraw(FIRST, status)
    night.later(days=120)  # no list shows it any more: it is looked at when its turn has come
    summary = night.run()
    assert summary.crawls[0].withdrawn == 1
    assert (night.page(FIRST).outcome, night.page(FIRST).status) == ("withdrawn", status)
    assert night.rows() == before


@pytest.mark.parametrize("name", ["songtien", "mietthu", "truongson"])
def test_an_unchanged_site_costs_questions_only(nights: Callable[..., Any], name: str) -> None:
    night = nights(name)
    first = night.run()
    assert first.ok, first.problems
    before, archived = night.rows(), night.archived()
    payloads = sum(entry_sizes(night, "response"))
    night.site.log.clear()
    night.later(days=1)
    second = night.run()
    assert second.ok, second.problems
    crawl = second.crawls[0]
    assert (crawl.new, crawl.changed, second.stored.new, second.stored.changed) == (0, 0, 0, 0)
    assert night.rows() == before
    assert night.archived() == archived
    assert sum(entry_sizes(night, "response")) == payloads
    # Where a site gives a page of links no tag there is nothing to ask by.
    for answer in night.site.log.answers:
        page = night.site.render(answer.path)
        assert answer.conditional or (page.validators == () and page.kind != "article"), answer.path
        assert answer.status == (304 if answer.conditional else 200)


def entry_sizes(night: Any, kind: str) -> list[int]:
    """Bytes of the archive's records of a kind."""
    from pipeline.crawl.archive import entries

    return [entry.length for entry in entries(night.settings.archive_dir) if entry.kind == kind]
