"""A crawl over real HTTP: what is asked for, what is kept, what a second night and a broken-off one do."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.crawl.archive import Location, entries, read_record
from pipeline.crawl.site import crawl_site
from pipeline.crawl.sources import Source
from pipeline.crawl.walk import Window
from pipeline.dataset.crawls import CrawlTable
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageState, PageTable
from pipeline.demo_sites import DemoSite, Fault
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary

BA_TRI = "/cong-doan/ldld-huyen-ba-tri-nhin-lai-post11.html"
CHO_LACH = "/cong-doan/cong-doan-cho-lach-trao-mai-am-post12.html"


def crawl(
    settings: Settings, source: Source, *, now: datetime | None = None, window: Window | None = None
) -> CrawlSummary:
    with database(settings.database_url) as engine:
        clock = (lambda: now) if now else (lambda: datetime.now(UTC))
        return crawl_site(settings, source, PageTable(engine), now=clock, window=window)


def state(settings: Settings, url: str) -> PageState:
    with database(settings.database_url) as engine:
        found = PageTable(engine).get(url)
    assert found is not None
    return found


def test_first_everything_then_only_304s(settings: Settings, source: Source, site: DemoSite) -> None:
    first = crawl(settings, source)
    assert (first.links, first.new, first.failed, first.problems) == (3, 3, 0, [])
    assert {answer.status for answer in site.log.answers} == {200}
    asked = len(site.log.answers)

    kept = state(settings, site.base_url + BA_TRI)
    assert kept.warc_file is not None
    assert kept.warc_offset is not None
    record = read_record(settings.archive_dir, Location(kept.warc_file, kept.warc_offset))
    assert "705 đoàn viên" in record.body.decode()

    site.log.clear()
    second = crawl(settings, source)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 3)
    assert {answer.status for answer in site.log.answers} == {304}
    assert len(site.log.answers) == asked
    # That they are unchanged is archived too, without a body.
    kinds = [entry.kind for entry in entries(settings.archive_dir) if entry.url.endswith(BA_TRI)]
    assert kinds == ["response", "revisit"]


def test_a_changed_page_is_fetched_and_archived_anew(
    settings: Settings, source: Source, site: DemoSite, articles: Path
) -> None:
    crawl(settings, source)
    old = state(settings, site.base_url + BA_TRI)
    file = articles / "01-ben-tre.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("705", "706"), encoding="utf-8")
    assert crawl(settings, source).changed == 1
    new = state(settings, site.base_url + BA_TRI)
    assert new.digest != old.digest
    assert (new.warc_file, new.warc_offset) != (old.warc_file, old.warc_offset)


def test_a_page_in_another_dress_is_the_same_article(
    settings: Settings, source: Source, site: DemoSite, articles: Path
) -> None:
    """A further story changes the others' related links, and no article."""
    (articles / "02-cho-lach.txt").rename(articles.parent / "later.txt")
    crawl(settings, source)
    before = {entry.location for entry in entries(settings.archive_dir) if entry.kind == "response"}
    (articles.parent / "later.txt").rename(articles / "02-cho-lach.txt")
    summary = crawl(settings, source)
    assert (summary.new, summary.changed, summary.unchanged) == (1, 0, 2)
    after = [entry for entry in entries(settings.archive_dir) if entry.kind == "response"]
    assert {entry.url for entry in after if entry.location not in before} >= {site.base_url + CHO_LACH}


def test_a_page_that_failed_is_asked_for_when_no_listing_shows_it(
    settings: Settings, source: Source, site: DemoSite, moment: datetime
) -> None:
    site.faults[BA_TRI] = Fault.status(500)
    crawl(settings, source, now=moment)
    site.faults.clear()
    without = source.model_copy(update={"feeds": [], "listings": source.listings[1:]})
    summary = crawl(settings, without, now=moment + timedelta(days=1))
    assert (summary.links, state(settings, site.base_url + BA_TRI).status) == (1, 200)


def test_a_site_that_is_down_is_a_problem(settings: Settings, source: Source, site: DemoSite) -> None:
    crawl(settings, source)
    down = source.at("http://127.0.0.1:9")  # the discard port: nothing listens
    (problem,) = crawl(settings, down).problems
    assert "songtien" in problem
    assert "Connection refused" in problem


def test_a_cleared_archive_is_filled_again(settings: Settings, source: Source, site: DemoSite) -> None:
    crawl(settings, source)
    for file in settings.archive_dir.rglob("*.warc.gz"):
        file.unlink()
        file.with_name(file.name.replace(".warc.gz", ".cdxj")).unlink()
    crawl(settings, source)
    bodies = {entry.url for entry in entries(settings.archive_dir) if entry.kind == "response"}
    assert site.base_url + BA_TRI in bodies


@pytest.mark.parametrize("name", ["songtien", "mietthu", "truongson"])
def test_each_article_once_whatever_leads_to_it(
    whole_site: Callable[[str], tuple[DemoSite, Source]], settings: Settings, name: str
) -> None:
    """Feeds, listings, sitemaps, AMP and print twins, tracking parameters: all come to the same addresses."""
    site, source = whole_site(name)
    summary = crawl(settings, source)
    assert summary.problems == []
    urls = [entry.url for entry in entries(settings.archive_dir) if source.article(entry.url)]
    assert sorted(urls) == sorted(site.base_url + story.path for story in site.stories())
    assert summary.links == summary.new == len(urls)


def test_a_twin_that_no_rule_knows_is_told_by_its_page(
    whole_site: Callable[[str], tuple[DemoSite, Source]], settings: Settings
) -> None:
    site, source = whole_site("truongson")
    path = site.stories()[0].path
    odd = f"/hoat-dong/ban-khac-cua-bai{path[path.rindex('-cd') :]}"
    site.faults[odd] = Fault.redirect(path)
    with database(settings.database_url) as engine:
        PageTable(engine).find(source.name, [(site.base_url + odd, "a link from elsewhere")])
    summary = crawl(settings, source)
    assert summary.twins == 1
    twin = state(settings, site.base_url + odd)
    assert (twin.alias_of, twin.digest) == (site.base_url + path, None)
    assert [entry.url for entry in entries(settings.archive_dir)].count(site.base_url + path) == 1


def test_a_broken_off_crawl_goes_on_where_it_was(
    settings: Settings, source: Source, site: DemoSite, moment: datetime
) -> None:
    class Killed(BaseException):
        pass

    def die(line: str) -> None:
        if line.startswith("Báo Sông Tiền: 2 pages"):
            raise Killed

    with database(settings.database_url) as engine, pytest.raises(Killed):
        crawl_site(settings, source, PageTable(engine), progress=die, now=lambda: moment)
    done = {answer.path for answer in site.log.answers if "-post" in answer.path}
    assert len(done) == 2
    site.log.clear()
    summary = crawl(settings, source, now=moment + timedelta(hours=1))
    assert (summary.resumed, summary.new, summary.links) == (True, 3, 3)
    assert done.isdisjoint(site.log.paths())
    # A day later it would have been begun anew.
    assert crawl(settings, source, now=moment + timedelta(days=1)).resumed is False


@pytest.mark.guard("two-at-once")
def test_two_crawls_of_one_source_at_once(settings: Settings, source: Source, site: DemoSite) -> None:
    folder = settings.archive_dir / source.name
    folder.mkdir(parents=True)
    with (folder / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        (problem,) = crawl(settings, source).problems
    assert "another run is crawling it" in problem
    assert site.log.answers == []
    assert crawl(settings, source).problems == []


@pytest.mark.parametrize(
    ("name", "since", "until", "least", "most"),
    [
        pytest.param(
            "songtien", date(2025, 1, 10), date(2025, 1, 20), 2, None, id="listings, by their articles' dates"
        ),
        pytest.param("truongson", date(2025, 7, 1), None, 3, 12, id="sitemaps, by theirs"),
        pytest.param("mietthu", date(2012, 1, 1), None, 23, None, id="everything"),
    ],
)
def test_a_backfill_takes_what_was_published_in_a_range(
    whole_site: Callable[[str], tuple[DemoSite, Source]],
    settings: Settings,
    name: str,
    since: date,
    until: date | None,
    least: int,
    most: int | None,
) -> None:
    site, source = whole_site(name)
    if source.sitemaps:
        source = source.model_copy(update={"listings": []})
    window = Window(since=since, until=until, backfill=True)
    summary = crawl(settings, source, window=window)
    assert summary.problems == []
    wanted = {
        site.base_url + story.path
        for story in site.stories()
        if since <= story.published.date() and (until is None or story.published.date() <= until)
    }
    got = {entry.url for entry in entries(settings.archive_dir) if source.article(entry.url)}
    assert wanted <= got
    assert least <= len(wanted) <= len(got)
    assert len(got) <= (most or len(site.stories()))


def test_links_that_a_night_leaves_are_there_on_the_next(
    settings: Settings, source: Source, site: DemoSite
) -> None:
    few = settings.model_copy(update={"max_pages": 1})
    assert (crawl(few, source).new, crawl(few, source).new) == (1, 1)  # what is new goes before what is known
    # The lists no longer show them: what was found once is not forgotten.
    silent = source.model_copy(update={"feeds": [], "listings": source.listings[1:]})
    crawl(settings, silent)
    assert all(state(settings, site.base_url + story.path).digest for story in site.stories())


def test_crawls_are_noted_with_how_they_came_out(settings: Settings, source: Source) -> None:
    summary = crawl(settings, source)
    wary = source.model_copy(update={"bounds": source.bounds.model_copy(update={"min_links": 4})})
    (problem,) = crawl(settings, wary).problems
    assert problem.startswith("songtien: 3 links found, at least 4 expected (min_links)")
    with database(settings.database_url) as engine:
        (healthy,) = CrawlTable(engine, source.name).healthy("nightly", 7)
    assert healthy == summary


@pytest.mark.parametrize(("days", "quiet"), [(30, False), (31, True)])
def test_a_site_that_has_fallen_silent_is_ill(
    settings: Settings, source: Source, days: int, quiet: bool
) -> None:
    """Its newest article is of 21 January 2025; that nothing comes any more looks like a healthy night else."""
    bounds = source.bounds.model_copy(update={"max_quiet_days": 30})
    now = datetime(2025, 1, 21, 3, 0, tzinfo=UTC) + timedelta(days=days)
    problems = crawl(settings, source.model_copy(update={"bounds": bounds}), now=now).problems
    assert problems == (
        [
            f"songtien: no new article for {days} days, at most 30 expected (max_quiet_days); look whether "
            "the site shows newer ones, and whether they have moved to other addresses"
        ]
        if quiet
        else []
    )


def test_a_source_is_due_when_its_schedule_has_come_since_its_last_night(
    settings: Settings, source: Source, moment: datetime
) -> None:
    """`moment` is one in the morning in Vietnam; the schedule says two."""
    assert stages.due(settings, [source], moment) == [source]  # never crawled
    crawl(settings, source, now=moment)
    for hours, expected in ((0.5, []), (1.1, [source])):
        assert stages.due(settings, [source], moment + timedelta(hours=hours)) == expected
    crawl(
        settings,
        source,
        now=moment + timedelta(hours=2),
        window=Window(since=date(2025, 1, 1), backfill=True),
    )
    assert stages.due(settings, [source], moment + timedelta(hours=3)) == [source]  # a backfill is no night
