"""Whole runs the direct way: repeated, killed, with odd articles and ill sources."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import stages
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Bounds, Source
from pipeline.dataset.database import database
from pipeline.dataset.schema import RELEASED, articles, pages, runs
from pipeline.demo_sites import DemoSite
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary

BA_TRI = "/cong-doan/ldld-huyen-ba-tri-nhin-lai-post11.html"


def rows(settings: Settings, *tables: Any) -> list[list[tuple[Any, ...]]]:
    with database(settings.database_url) as engine, engine.connect() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in tables or RELEASED
        ]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_second_run_adds_no_row(settings: Settings, source: Source, site: DemoSite) -> None:
    first = run(settings, [source])
    assert (first.stored.new, first.rows["articles"], first.problems) == (3, 3, [])
    assert first.release is not None
    before, released = rows(settings), files(first.release)
    site.log.answers.clear()
    second = run(settings, [source])
    assert second.rows == first.rows
    assert (second.stored.new, second.stored.changed, second.stored.unchanged) == (0, 0, 0)
    assert {answer.status for answer in site.log.answers} == {304}
    assert rows(settings) == before
    assert second.release is not None
    assert files(second.release) == released


def test_articles_arrive_with_what_their_pages_say(
    settings: Settings, source: Source, site: DemoSite
) -> None:
    run(settings, [source])
    with database(settings.database_url) as engine, engine.connect() as connection:
        query = select(articles).where(articles.c.url == site.base_url + BA_TRI)
        article = connection.execute(query).mappings().one()
    assert article["title"] == "LĐLĐ huyện Ba Tri: nhìn lại một năm & việc năm tới"
    assert article["byline"] == "Võ Thị Lụa"
    assert article["published_at"] == "2025-01-13T09:20:00+07:00"
    assert article["modified_at"] == "2025-01-13T10:05:00+07:00"
    assert "công nhân < 35 tuổi" in article["text"]
    assert "Lượt xem" not in article["text"]


def test_a_changed_article_is_replaced(settings: Settings, source: Source, articles: Path) -> None:
    run(settings, [source])
    file = articles / "01-ben-tre.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("705", "706"), encoding="utf-8")
    summary = run(settings, [source])
    assert (summary.stored.new, summary.stored.changed, summary.rows["articles"]) == (0, 1, 3)


def test_a_run_killed_between_archive_and_store_is_completed(
    settings: Settings, source: Source, site: DemoSite
) -> None:
    stages.begin_run(settings, utc_now())
    stages.crawl(settings, source)  # and here the machine goes down
    assert rows(settings) == [[] for _ in RELEASED]
    site.log.answers.clear()
    summary = run(settings, [source])
    assert {answer.status for answer in site.log.answers} == {304}  # nothing fetched again
    assert (summary.stored.new, summary.rows["articles"]) == (3, 3)


def test_a_run_killed_between_two_batches_is_completed(settings: Settings, source: Source) -> None:
    small = settings.model_copy(update={"batch_size": 2})
    killed = stages.begin_run(small, utc_now())
    stages.crawl(small, source)
    assert stages.count_unread_batches(small, source) == 2
    batches = list(stages.unread_batches(small, source))
    assert [len(batch) for batch in batches] == [2, 1]
    stages.read_batch(small, source, batches[0], killed)
    summary = run(small, [source])
    assert (summary.stored.new, summary.stored.unchanged, summary.rows["articles"]) == (1, 0, 3)


def test_pages_are_looked_up_while_others_are_read(
    settings: Settings, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "_LOADED", 1)
    small = settings.model_copy(update={"batch_size": 1})
    begun = stages.begin_run(small, utc_now())
    stages.crawl(small, source)
    expected = list(stages.unread_batches(small, source))
    found = []
    for batch in stages.unread_batches(small, source):
        found.append(batch)
        stages.read_batch(small, source, batch, begun)
    assert found == expected
    assert len(found) == 3
    assert stages.count_unread_batches(small, source) == 0


@pytest.mark.guard("refused-article")
def test_an_odd_article_is_recorded_and_the_rest_goes_on(
    settings: Settings, source: Source, site: DemoSite, articles: Path
) -> None:
    file = articles / "01-ben-tre.txt"
    whole = file.read_text(encoding="utf-8")
    front = whole.split("---\n")[1].replace("lead: ", "lead: ''\nteaser: ")
    file.write_text(f"---\n{front}---\n", encoding="utf-8")  # a page with no text at all
    first = run(settings, [source])
    assert (first.stored.new, first.stored.failed, first.crawls[0].failed) == (2, 0, 1)
    assert first.release is not None
    query = select(pages.c.reason, pages.c.digest).where(pages.c.url == site.base_url + BA_TRI)
    with database(settings.database_url) as engine, engine.connect() as connection:
        reason, digest = connection.execute(query).one()
    assert "no running text" in reason
    assert digest is None
    # It is left in peace for a day, then it comes.
    file.write_text(whole, encoding="utf-8")
    assert run(settings, [source]).crawls[0].deferred == 1
    later = utc_now() + timedelta(days=1, hours=1)
    assert run(settings, [source], now=lambda: later).stored.new == 1


@pytest.mark.guard("ill-sites")
@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        (Bounds(min_links=4), "2 links found, at least 4 expected"),
    ],
)
def test_an_ill_source_keeps_the_last_good_release(
    settings: Settings, source: Source, articles: Path, bounds: Bounds, told: str
) -> None:
    good = run(settings, [source]).release
    assert good is not None
    before = files(good)
    (articles / "02-cho-lach.txt").write_bytes((articles / "03-cau-moi.txt").read_bytes())
    ill = run(settings, [source.model_copy(update={"bounds": bounds})])
    assert ill.release is None
    assert told in " ".join(ill.problems)
    assert not ill.ok
    assert files(good) == before


def test_a_changed_manifest_rereads_the_archive(settings: Settings, source: Source, site: DemoSite) -> None:
    run(settings, [source])
    site.log.answers.clear()
    layout = source.layouts[0].model_copy(update={"drop": ["h2"]})
    summary = run(settings, [source.model_copy(update={"layouts": [layout]})])
    assert {answer.status for answer in site.log.answers} == {304}
    assert summary.stored.changed == 3  # the reader's version stands on each of them
    assert not any("Chăm lo đoàn viên\n" in str(row) for row in rows(settings, articles)[0])


def test_each_run_is_noted(settings: Settings, source: Source) -> None:
    summary = run(settings, [source])
    ((run_id, started, finished, told),) = rows(settings, runs)[0]
    assert run_id == summary.run_id
    assert started < finished
    assert summary.model_dump_json() == told


def test_progress_is_told(settings: Settings, source: Source) -> None:
    lines: list[str] = []
    run(settings, [source], progress=lines.append)
    assert lines[0] == "Báo Sông Tiền: looking for articles"
    assert "Báo Sông Tiền: 3 pages asked for, 3 links found" in lines
    assert lines[-1] == "writing the release"


@pytest.mark.parametrize(
    ("crawl", "stored", "lines", "advised"),
    [
        pytest.param(CrawlSummary(source="bao", links=3, new=3), 3, 5, None, id="all is well"),
        pytest.param(CrawlSummary(source="bao"), 0, 5, None, id="a site that owes no link"),
        pytest.param(CrawlSummary(source="bao", problems=["down"]), 0, 0, "network", id="not reached"),
        pytest.param(
            CrawlSummary(source="bao", problems=["down"]), 2, 4, "network", id="but the archive read"
        ),
        pytest.param(
            CrawlSummary(source="here", problems=["down"]), 0, 0, "tongket demo", id="on this machine"
        ),
        pytest.param(
            CrawlSummary(source="bao", links=1, problems=["few"]), 0, 5, None, id="reached, and ill"
        ),
    ],
)
def test_a_summary_in_words(crawl: CrawlSummary, stored: int, lines: int, advised: str | None) -> None:
    summary = RunSummary(run_id="x", crawls=[crawl], stored=StoreSummary(new=stored), problems=crawl.problems)
    assert len(summary.lines()) == lines
    advice = summary.advice({"here"})
    assert advice is None if advised is None else advised in str(advice)
