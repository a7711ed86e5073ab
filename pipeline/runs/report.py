"""The report on a run: `RUN_ID.json` for programs, `RUN_ID.md` for people, written when the run ends, however it does."""

from __future__ import annotations

import os
from collections.abc import Set
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from pipeline.runs.advice import what_to_do
from pipeline.runs.news import News
from pipeline.summary import RunSummary, Summary


class Problem(Summary):
    """Something wrong with a source, and what to do about it."""

    what: str
    do: str


class SourceReport(Summary):
    """One source in a run: articles found (`links`), and of those asked for what came of them."""

    source: str
    title: str
    healthy: bool
    mode: str
    links: int
    new: int
    changed: int
    unchanged: int
    failed: int
    relevant: int
    held: int
    problems: list[Problem] = Field(default_factory=list)


class RunReport(Summary):
    """A run as a whole. `error` is what ended it before its time; `seconds` from its beginning to its end.

    `state` is `completed`, `completed with failures` or `failed`. `problems` are those of no source. `summary` has
    every number there is.
    """

    run_id: str
    state: str
    started_at: str
    finished_at: str
    seconds: float
    error: str | None = None
    release: str | None = None
    sources: list[SourceReport] = Field(default_factory=list)
    problems: list[str] = Field(default_factory=list)
    news: News = News()
    summary: RunSummary

    @property
    def ill(self) -> list[SourceReport]:
        """The sources that are not well."""
        return [one for one in self.sources if not one.healthy]


def report_on(
    summary: RunSummary, finished: datetime, *, news: News | None = None, error: str | None = None
) -> RunReport:
    """The report on a run that ended at `finished`."""
    started = started_at(summary.run_id) or finished
    sources = [
        SourceReport(
            source=one.source,
            title=one.title or one.source,
            healthy=not one.problems,
            mode=one.mode,
            links=one.links,
            new=one.new,
            changed=one.changed,
            unchanged=one.unchanged,
            failed=one.failed,
            relevant=one.relevant,
            held=one.held,
            problems=[Problem(what=told, do=what_to_do(one.source, told)) for told in one.problems],
        )
        for one in summary.crawls
    ]
    told = {problem for one in summary.crawls for problem in one.problems}
    return RunReport(
        run_id=summary.run_id,
        state="failed" if error else summary.state,
        started_at=started.isoformat(),
        finished_at=finished.isoformat(),
        seconds=round(max(0.0, (finished - started).total_seconds()), 3),
        error=error,
        release=str(summary.release) if summary.release else None,
        sources=sources,
        problems=[problem for problem in summary.problems if problem not in told and problem != error],
        news=news or News(),
        summary=summary,
    )


def started_at(run_id: str) -> datetime | None:
    """When a run began, which its id says.

    >>> str(started_at("20250107T190000.123456Z"))
    '2025-01-07 19:00:00.123456+00:00'
    """
    try:
        return datetime.strptime(run_id, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def report_path(folder: Path, run_id: str) -> Path:
    """Where the report for people on `run_id` is kept; that for programs ends in `.json`."""
    return folder / f"{run_id}.md"


def write_report(report: RunReport, folder: Path) -> Path:
    """Write both files into `folder`, each aside and renamed, and return the path of that for people.

    Raises `OSError` where that cannot be done.
    """
    from pipeline.runs.markdown import as_markdown  # noqa: PLC0415  which needs the models above

    folder.mkdir(parents=True, exist_ok=True)
    path = report_path(folder, report.run_id)
    _write(path.with_suffix(".json"), report.model_dump_json(indent=1) + "\n")
    _write(path, as_markdown(report))
    return path


def forget_lines(folder: Path, lines: Set[str]) -> None:
    """Take `lines` out of what the reports in `folder` name as new."""
    for path in folder.glob("*.json") if lines else ():
        try:
            report = RunReport.model_validate_json(path.read_bytes())
        except ValueError:  # no report, or one of another version
            continue
        if not lines.isdisjoint(report.news.newest):
            kept = [line for line in report.news.newest if line not in lines]
            news = report.news.model_copy(update={"newest": kept})
            write_report(report.model_copy(update={"news": news}), folder)


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        # Half of a character, which a broken page may hold, is no reason to have no report.
        aside.write_text(text, encoding="utf-8", errors="backslashreplace")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
