"""How things stand, on SQLite and PostgreSQL: from an empty database to weeks of nights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import insert

from pipeline.crawl.sources import Source
from pipeline.dataset.database import database, writing
from pipeline.dataset.schema import crawls, pages, runs
from pipeline.demo_sites import DemoSite
from pipeline.reader import reader_version
from pipeline.run import run
from pipeline.runs.status import NIGHTS, Backlog, Status, status
from pipeline.runs.status_view import status_view
from pipeline.settings import Settings, load_settings
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary

NOW = datetime(2025, 1, 14, 1, 0, tzinfo=UTC)  # eight in the morning in Vietnam
NIGHT = datetime(2025, 1, 13, 19, 0, tzinfo=UTC)  # two at night, the same day


def a_source(name: str = "bao", **over: Any) -> Source:
    return Source(name=name, title=f"Báo {name}", base_url=f"https://{name}.vn", feeds=["/rss"], **over)


def shown(found: Status, width: int = 80) -> str:
    console = Console(width=width, record=True, highlight=False, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.print(status_view(found))
    console.file.close()
    return console.export_text()


@pytest.fixture
def at(db_url: str, tmp_path: Path) -> Settings:
    return load_settings(
        {}, database_url=db_url, releases_dir=tmp_path / "releases", runs_dir=tmp_path / "runs"
    )


@pytest.fixture
def fill(at: Settings) -> Callable[..., None]:
    """Writes rows: `fill(pages, {…}, {…})`."""

    def write(table: Any, *rows: dict[str, Any]) -> None:
        with database(at.database_url) as engine, writing(engine).begin() as connection:
            for row in rows:
                connection.execute(insert(table).values(row))

    return write


def a_crawl(ago: int, source: str = "bao", *, hours: float = 0, **over: Any) -> dict[str, Any]:
    """A nightly crawl `ago` nights before the last; with a `problem` it was ill."""
    problem = over.pop("problem", None)
    began = NIGHT - timedelta(days=ago) + timedelta(hours=hours)
    report = CrawlSummary(source=source, problems=[problem] if problem else [])
    return {
        "id": f"{source}-{began.isoformat()}", "source": source, "mode": "nightly", "started_at": began.isoformat(),
        "finished_at": began.isoformat(), "healthy": problem is None, "report": report.model_dump_json(), **over,
    }  # fmt: skip


def test_an_empty_database(at: Settings) -> None:
    found = status(at, [], NOW)
    assert found == Status(at=NOW.isoformat())
    assert "none yet" in shown(found)
    found = status(at, [a_source(), a_source("nhap", verified=False)], NOW)
    (row,) = found.sources
    assert (row.source, row.nights, row.due, row.last_healthy) == ("bao", 0, NOW.isoformat(), None)
    assert found.idle == ["nhap"]
    page = shown(found)
    assert "never" in page
    assert "nhap" in page


@pytest.mark.parametrize(
    ("nights", "line", "ill", "healthy", "problem"),
    [
        pytest.param([], "", 0, None, None, id="never crawled"),
        pytest.param([a_crawl(0)], "●", 0, NIGHT, None, id="last night"),
        pytest.param([a_crawl(2), a_crawl(1, problem="down"), a_crawl(0)], "●○●", 1, NIGHT, "down", id="and well again"),
        pytest.param([a_crawl(1), a_crawl(0, problem="down")], "●○", 1, NIGHT - timedelta(days=1), "down", id="ill now"),
        pytest.param([a_crawl(3), a_crawl(0)], "●··●", 0, NIGHT, None, id="nights without a crawl"),
        pytest.param([a_crawl(0, problem="down"), a_crawl(0, hours=2)], "●", 0, NIGHT + timedelta(hours=2), "down",
                     id="twice in a night: the last counts"),
        pytest.param([a_crawl(29), a_crawl(30, problem="old")], "●" + "·" * 29, 0, NIGHT - timedelta(days=29), "old",
                     id="thirty nights and no more"),
        pytest.param([a_crawl(0, finished_at=None, healthy=None, report=None)], "", 0, None, None, id="under way"),
        pytest.param([a_crawl(0, mode="backfill 2024..")], "", 0, None, None, id="a backfill is no night"),
        pytest.param([a_crawl(0, healthy=False, report="{}")], "○", 1, None, "it is not known why", id="another version's"),
        pytest.param([a_crawl(0, hours=-2.5)], "●·", 0, NIGHT - timedelta(hours=2.5), None, id="before midnight in Vietnam"),
    ],
)  # fmt: skip
def test_nights(
    nights: list[dict[str, Any]], line: str, ill: int, healthy: datetime | None, problem: str | None,
    at: Settings, fill: Callable[..., None],
) -> None:  # fmt: skip
    fill(crawls, *nights)
    found = status(at, [a_source()], NOW)
    (row,) = found.sources
    assert len(row.line) == NIGHTS
    page = shown(found)
    assert line.rjust(NIGHTS, "·") in page
    assert row.ill_nights == ill
    assert row.nights == NIGHTS - row.line.count("none")
    assert row.last_healthy == (healthy.isoformat() if healthy else None)
    assert (problem or "") in (row.last_problem or "")
    assert bool(row.last_problem) is bool(problem)
    # What a colour says is said by a word too.
    if problem:
        assert ("ill: " if row.line[-1] == "ill" else "over: ") in page


@pytest.mark.parametrize(
    ("over", "nights", "due"),
    [
        pytest.param({}, [a_crawl(0)], "2025-01-15T02:00:00+07:00", id="the next night"),
        pytest.param({}, [a_crawl(3)], "2025-01-12T02:00:00+07:00", id="three nights late"),
        pytest.param({"schedule": "30 4 * * 1"}, [a_crawl(0)], "2025-01-20T04:30:00+07:00", id="on Mondays"),
        pytest.param({}, [], NOW.isoformat(), id="never crawled"),
        pytest.param({"verified": False}, [a_crawl(0)], None, id="not by itself"),
    ],
)
def test_due(
    over: dict[str, Any],
    nights: list[dict[str, Any]],
    due: str | None,
    at: Settings,
    fill: Callable[..., None],
) -> None:
    fill(crawls, *nights)
    (row,) = status(at, [a_source(**over)], NOW).sources
    assert row.due == due


def test_a_source_without_a_manifest_is_shown(at: Settings, fill: Callable[..., None]) -> None:
    fill(crawls, a_crawl(0, "cu\x1b[2J"))
    found = status(at, [a_source()], NOW)
    assert [(row.source, row.due is None) for row in found.sources] == [("bao", False), ("cu\x1b[2J", True)]
    assert "\x1b" not in shown(found)


def page(url: str, source: str = "bao", **over: Any) -> dict[str, Any]:
    return {"url": url, "source": source, "kind": "article", **over}


def test_what_is_still_to_be_done(at: Settings, fill: Callable[..., None]) -> None:
    version = reader_version(a_source())
    earlier, later = (NOW - timedelta(hours=1)).isoformat(), (NOW + timedelta(hours=1)).isoformat()
    came = {"digest": "d", "outcome": "new", "next_try": later}
    read = {"read_digest": "d", "read_version": version}
    fill(
        pages,
        page("found-1"), page("found-2"),
        page("failed, due", outcome="failed", next_try=earlier),
        page("failed, not yet", outcome="failed", next_try=later),
        page("read", **came, **read),
        page("read, due again", **(came | {"next_try": earlier}), **read),
        page("unread", **came),
        page("changed since", **came, **(read | {"read_digest": "older"})),
        page("read by another version", **came, **(read | {"read_version": "0"})),
        page("twin", alias_of="read", outcome="twin", next_try=earlier),
        page("a listing", kind="listing", digest="d", outcome="new"),
        page("another's", source="khac", **came),
    )  # fmt: skip
    fill(crawls, a_crawl(0), a_crawl(0, "khac", problem="khac: down"))
    found = status(at, [a_source()], NOW)
    bao, khac = found.sources
    assert (bao.found, bao.due_again, bao.unread, bao.held) == (2, 2, 3, 0)
    assert (khac.found, khac.due_again, khac.unread, khac.held) == (0, 0, 1, 1)
    assert found.backlog == Backlog(found=2, due_again=2, unread=4, held=1)
    assert "4  articles archived and unread, 1 of them held back" in shown(found)


@pytest.mark.parametrize(
    ("summary", "minutes", "state", "counts"),
    [
        pytest.param(RunSummary(run_id="r", release=Path("x"), stored=StoreSummary(new=3, changed=1)), 12,
                     "completed", (3, 1, 0), id="well"),
        pytest.param(RunSummary(run_id="r", release=Path("x"), problems=["a", "b"]), 1,
                     "completed with failures", (0, 0, 2), id="some sources ill"),
        pytest.param(RunSummary(run_id="r", problems=["a"]), 1, "failed", (0, 0, 1), id="failed"),
        pytest.param(None, None, "unfinished", (0, 0, 0), id="under way or killed"),
        pytest.param("{}", 1, "unknown", (0, 0, 0), id="of another version"),
    ],
)  # fmt: skip
def test_runs(
    summary: Any, minutes: int | None, state: str, counts: tuple[int, int, int], at: Settings, fill: Callable[..., None]
) -> None:  # fmt: skip
    ended = (NIGHT + timedelta(minutes=minutes)).isoformat() if minutes else None
    told = summary.model_dump_json() if isinstance(summary, RunSummary) else summary
    for number in range(12):
        fill(runs, {"id": f"r{number:02}", "started_at": (NIGHT - timedelta(days=number)).isoformat()})
    fill(
        runs,
        {
            "id": "r",
            "started_at": (NIGHT + timedelta(seconds=1)).isoformat(),
            "finished_at": ended,
            "summary": told,
        },
    )
    found = status(at, [], NOW)
    first = found.runs[0]
    assert (first.run_id, first.state, first.report) == ("r", state, None)
    assert first.seconds == (minutes * 60 - 1 if minutes else None)
    assert (first.new, first.changed, first.problems) == counts
    assert [one.run_id for one in found.runs[1:]] == [f"r{number:02}" for number in range(9)]
    assert state in " ".join(shown(found, width=120).split())


def test_after_a_run(settings: Settings, source: Source, site: DemoSite) -> None:
    summary = run(settings, [source])
    found = status(settings, [source], datetime.now(UTC))
    (told,) = found.runs
    assert (told.state, told.new) == ("completed", 3)
    assert told.report == str(settings.runs_dir / f"{summary.run_id}.md")
    assert found.release == str(summary.release)
    assert found.backlog == Backlog(to_review=summary.linked.review_items)
    assert found.sources[0].line[-1] == "well"
    view = shown(found)
    assert max(len(line) for line in view.splitlines()) <= 80
    assert Status.model_validate_json(found.model_dump_json()) == found
