"""The end of a run: it is noted in the database, reported on, and whoever wants to know is told of ill sources."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, update

from pipeline import logs
from pipeline.crawl.webhook import tell_webhook
from pipeline.dataset.database import database, writing
from pipeline.dataset.schema import runs
from pipeline.runs.ending import terminable
from pipeline.runs.news import News
from pipeline.runs.report import RunReport, report_on, write_report
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary

_PATIENCE = 10.0  # seconds: a run that failed does not wait for a database any longer


def note_finished(engine: Engine, summary: RunSummary, now: datetime) -> None:
    """Note in the table `runs` how the run came out."""
    with writing(engine).begin() as connection:
        connection.execute(
            update(runs)
            .where(runs.c.id == summary.run_id)
            .values(finished_at=now.isoformat(), summary=summary.model_dump_json())
        )


def conclude(
    settings: Settings,
    summary: RunSummary,
    now: datetime,
    *,
    news: News | None = None,
    error: str | None = None,
) -> RunReport:
    """Report on a run that ended `now`, and tell the webhook of ill sources. What goes wrong here is only logged."""
    report = report_on(summary, now, news=news, error=error)
    path: Path | None = None
    try:
        path = write_report(report, settings.runs_dir)
    except Exception as problem:  # noqa: BLE001  the run is done: its outcome does not hang on a file about it
        logs.note("report_failed", "warning", reason=f"{settings.runs_dir}: {problem}")
    if settings.webhook and report.ill:
        tell_webhook(settings, _told(report, path))
    level: logs.Level = "info" if report.state == "completed" else "error"
    logs.note(
        "run_failed" if error else "run_finished",
        level,
        run=report.run_id,
        state=report.state,
        seconds=report.seconds,
        problems=summary.problems,
        release=report.release,
        report=str(path) if path else None,
    )
    logs.bind(run=None)
    return report


@contextmanager
def reported(
    settings: Settings,
    run_id: str,
    now: Callable[[], datetime],
    *,
    crawls: Sequence[CrawlSummary] = (),
    stored: Sequence[StoreSummary] = (),
) -> Iterator[None]:
    """Report on the run `run_id` where the block fails, with what is in `crawls` and `stored` by then; it still fails.

    A block that is told to end by SIGTERM fails too.
    """
    with terminable():
        try:
            yield
        except BaseException as error:
            told = " ".join(str(error).split())[:300]
            reason = f"{type(error).__name__}: {told}" if told else type(error).__name__
            # A signal may come in the middle of a transaction: what the block's frames hold is let go of, cycles too, since
            # an open one would keep the lock.
            traceback.clear_frames(error.__traceback__)
            gc.collect()
            with suppress(Exception):
                _failed(settings, run_id, reason, crawls, stored, now())
            raise


def _failed(
    settings: Settings,
    run_id: str,
    error: str,
    crawls: Sequence[CrawlSummary],
    stored: Sequence[StoreSummary],
    now: datetime,
) -> None:
    summary = RunSummary(
        run_id=run_id,
        crawls=list(crawls),
        stored=sum(stored, StoreSummary()),
        problems=[*(problem for crawl in crawls for problem in crawl.problems), error],
    )
    conclude(settings, summary, now, error=error)
    # Last, for it may be what failed, or locked.
    with suppress(Exception), database(settings.database_url, wait=_PATIENCE) as engine:
        note_finished(engine, summary, now)


def _told(report: RunReport, path: Path | None) -> dict[str, object]:
    """What the webhook is sent."""
    return {
        "run": report.run_id,
        "state": report.state,
        "sources": [
            {"source": one.source, "title": one.title, "problems": [problem.what for problem in one.problems]}
            for one in report.ill
        ],
        "report": str(path.resolve()) if path else None,
    }
