"""The report on a run: for programs and people, whole or not at all, also where the run failed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import logs, stages
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Bounds, Source
from pipeline.dataset.database import database, writing
from pipeline.dataset.schema import runs
from pipeline.demo_sites import DemoSite
from pipeline.ingest import ingest
from pipeline.reread import reread
from pipeline.run import run
from pipeline.runs.advice import what_to_do
from pipeline.runs.finish import reported
from pipeline.runs.markdown import as_markdown
from pipeline.runs.news import News
from pipeline.runs.report import RunReport, report_on, write_report
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, RunSummary

RUN = "20250107T190000.000000Z"
ENDED = datetime(2025, 1, 7, 19, 12, 4, tzinfo=UTC)


def reports(settings: Settings) -> list[tuple[RunReport, str]]:
    """What was written of each run, oldest first: both files, and nothing beside them."""
    found = sorted(settings.runs_dir.iterdir()) if settings.runs_dir.exists() else []
    assert [path.suffix for path in found] == [".json", ".md"] * (len(found) // 2)
    return [
        (RunReport.model_validate_json(one.read_text("utf-8")), one.with_suffix(".md").read_text("utf-8"))
        for one in found[::2]
    ]


def test_a_run_broken_off_in_a_transaction_is_noted_without_waiting_for_itself(settings: Settings) -> None:
    run_id = stages.begin_run(settings, ENDED)

    def store() -> None:
        connection = writing(engine).connect()
        connection.begin()  # a signal may come before anybody is to close it
        raise KeyboardInterrupt

    with database(settings.database_url) as engine:
        with pytest.raises(KeyboardInterrupt), reported(settings, run_id, lambda: ENDED):
            store()
        with engine.connect() as connection:
            ended = connection.execute(select(runs.c.finished_at).where(runs.c.id == run_id)).scalar_one()
    assert ended == ENDED.isoformat()
    ((report, _),) = reports(settings)
    assert report.error == "KeyboardInterrupt"


def test_each_kind_of_run_leaves_a_report(
    settings: Settings, source: Source, site: DemoSite, tmp_path: Path
) -> None:
    first = run(settings, [source])
    run(settings, [source])
    reread(settings, [source])
    text = tmp_path / "bai.txt"
    text.write_text(
        "LĐLĐ huyện Mang Thít tổng kết năm 2024\n\nSáng 12/1/2025, LĐLĐ huyện Mang Thít (Vĩnh Long) tổng kết "
        "năm 2024: kết nạp 705 đoàn viên, đạt 117,5% kế hoạch.",
        encoding="utf-8",
    )
    ingest(settings, [source], [str(text)], complain=lambda bad: pytest.fail(str(bad)))
    crawled, again, reread_, ingested = reports(settings)
    assert crawled[0].summary == first
    assert (crawled[0].state, crawled[0].sources[0].title) == ("completed", "Báo Sông Tiền")
    assert crawled[0].news.outcomes == first.linked.outcomes > 0
    assert len(crawled[0].news.newest) == first.linked.outcomes
    assert crawled[0].news.review_items == first.linked.review_items
    assert "| Báo Sông Tiền (songtien) | 3 | 3 | 0 | 0 |" in crawled[1]
    assert str(first.release) in crawled[1]
    assert "What is wrong" not in crawled[1]
    assert (again[0].news, reread_[0].news) == (News(), News())
    assert reread_[0].sources == []
    assert (ingested[0].news.outcomes, ingested[0].sources[0].mode) == (1, "ingest")


def test_an_ill_source_stands_in_the_report_with_what_to_do(settings: Settings, source: Source) -> None:
    ill = source.model_copy(update={"bounds": Bounds(min_links=99)})
    summary = run(settings, [ill])
    ((report, page),) = reports(settings)
    assert (report.state, report.release) == ("failed", None)
    (problem,) = report.sources[0].problems
    assert (problem.what,) == tuple(summary.problems)
    assert "tongket sources check songtien" in problem.do
    assert "**ill**" in page
    assert "no release was made" in page
    assert problem.what in page


class BrokenError(Exception):
    """What a test breaks a run with."""


@pytest.mark.parametrize(
    ("stage", "error", "told", "crawled"),
    [
        pytest.param(
            "crawl", BrokenError("no disk\nleft"), "BrokenError: no disk left", 0, id="in the crawl"
        ),
        pytest.param("read_batch", BrokenError(), "BrokenError", 0, id="in reading"),
        pytest.param("link", BrokenError("x"), "BrokenError: x", 1, id="in linking"),
        pytest.param("crawl", KeyboardInterrupt(), "KeyboardInterrupt", 0, id="stopped by hand"),
    ],
)
def test_a_run_that_fails_leaves_a_report(
    stage: str,
    error: BaseException,
    told: str,
    crawled: int,
    settings: Settings,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(stages, stage, fail)
    logging = settings.model_copy(update={"log_format": "json"})
    with pytest.raises(type(error)):
        run(logging, [source])
    logs.stop()
    ((report, page),) = reports(settings)
    assert (report.state, report.error, len(report.sources)) == ("failed", told, crawled)
    assert f"**ended before its time: {told}**" in page
    assert "run again" in page
    with database(settings.database_url) as engine, engine.connect() as connection:
        row = connection.execute(select(runs)).mappings().one()
    assert row["finished_at"] is not None
    assert RunSummary.model_validate_json(row["summary"]).state == "failed"
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (events[0]["event"], events[-1]["event"]) == ("run_started", "run_failed")
    assert {event["run"] for event in events} == {report.run_id}


@pytest.mark.guard("full-disk")
def test_a_report_that_cannot_be_written_does_not_change_the_run(
    settings: Settings, source: Source, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "file").touch()
    summary = run(settings.model_copy(update={"runs_dir": tmp_path / "file"}), [source])
    assert summary.ok
    assert "report_failed" in capsys.readouterr().err


def test_the_events_of_a_run(settings: Settings, source: Source, site: DemoSite, capsys: Any) -> None:
    summary = run(settings.model_copy(update={"log_format": "json"}), [source])
    logs.stop()
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["event"] for event in events] == [
        "run_started", "crawl_finished", "batch_read", "linked", "released", "run_finished",
    ]  # fmt: skip
    assert {event["run"] for event in events} == {summary.run_id}
    by_name = {event["event"]: event for event in events}
    assert (by_name["crawl_finished"]["source"], by_name["crawl_finished"]["new"]) == ("songtien", 3)
    assert (by_name["batch_read"]["pages"], by_name["batch_read"]["new"]) == (3, 3)
    assert by_name["released"]["release"] == str(summary.release)
    assert by_name["run_finished"]["state"] == "completed"


def test_a_page_that_fails_is_an_event(
    settings: Settings, source: Source, articles: Path, site: DemoSite, capsys: Any
) -> None:
    from pipeline.demo_sites import Fault

    path = next(story.path for story in site.stories())
    site.faults[path] = Fault.status(500)
    logging = settings.model_copy(update={"log_format": "json"})
    run(logging, [source.model_copy(update={"bounds": Bounds(max_failed_share=1)})])
    logs.stop()
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (failed,) = [event for event in events if event["event"] == "page_failed"]
    assert failed["url"] == site.base_url + path
    assert failed["reason"].startswith("HTTP 500")
    assert failed["next_try"] > utc_now().isoformat()
    assert (failed["level"], failed["source"]) == ("warning", "songtien")


@pytest.mark.parametrize(
    ("problem", "piece"),
    [
        ("bao: 0 links found, at least 5 expected (min_links); look whether", "sources check bao"),
        ("bao: 3 links found, usually 20 (min_of_usual 0.3); look", "lower the bound"),
        ("bao: 5 of 9 pages failed, at most 50% expected (max_failed_share): 5 × HTTP 500", "browser"),
        (
            "bao: 0 of 9 new articles have a date, at least 50% expected (min_dated_share)",
            "layouts.published",
        ),
        ("bao: 0 of 9 new articles fit a layout of the manifest, … (min_layout_share)", "layouts.body"),
        ("bao: 0 of 9 new articles report a union's event, … (min_relevant_share)", "section on unions"),
        ("bao: no new article for 40 days, at most 30 expected (max_quiet_days)", "newer articles"),
        ("bao: another run is crawling it now; nothing was fetched", "nothing"),
        ("bao: the site asked to be left alone until 2025-01-14T19:00:00+00:00", "after that time"),
        ("bao: asks to be left alone for 3600 s (HTTP 429)", "after that time"),
        ("bao: robots.txt asks for 900 s between two requests; nothing was fetched", "go faster"),
        ("bao: https://bao.vn/robots.txt cannot be read (HTTP 500); nothing was fetched", "base_url"),
        ("bao: given up after 10 failures in a row, the last: HTTP 500", "site is up"),
        ("bao: feed https://bao.vn/rss: HTTP 404", "has moved"),
        ("bao: a batch of 9 pages failed: OSError: x", "report it"),
        ("bao: something else", "sources check bao"),
    ],
)
def test_what_to_do(problem: str, piece: str) -> None:
    assert piece in what_to_do("bao", problem)


def summary(title: str, problem: str) -> RunSummary:
    crawl = CrawlSummary(source="bao", title=title, links=3, new=2, problems=[problem] if problem else [])
    return RunSummary(run_id=RUN, crawls=[crawl], problems=crawl.problems)


@pytest.mark.guard("markup")
@pytest.mark.parametrize(
    "odd",
    ["a | b", "[x](http://y)", "<script>", "# x", "\x1b[2J", "x\n\n# y", "*x*", "`x`", "\u202e"],
    ids=ascii,
)
def test_what_a_page_says_stays_words(odd: str) -> None:
    news = News(outcomes=1, newest=[odd])
    page = as_markdown(report_on(summary(odd, f"bao: {odd}"), ENDED, news=news, error=odd))
    assert not {"\x1b", "\u202e"} & set(page)
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert [line.lstrip("# ") for line in headings] == [
        f"Run {RUN}: failed", "Sources", "What is wrong, and what to do", "New in the dataset", "New outcomes",
    ]  # fmt: skip
    (row,) = [line for line in page.splitlines() if line.startswith("| ") and "(bao)" in line]
    assert row.replace(r"\|", "").count("|") == 9
    for raw in ("<script>", "[x](", "*x*", "`x`"):
        assert raw not in page.replace("\\", "\\ ")


@pytest.mark.guard("half-written-output")
def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_report(report_on(summary("Báo", ""), ENDED), tmp_path / "runs")
    before = path.read_bytes()
    assert "12 min 4 s" in before.decode()

    def full(*_args: object, **_more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="disk full"):
        write_report(report_on(summary("Báo", "bao: down"), ENDED + timedelta(hours=1)), tmp_path / "runs")
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == [f"{RUN}.json", f"{RUN}.md"]
