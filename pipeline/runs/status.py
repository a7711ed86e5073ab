"""How things stand: the last runs, each source's nights, what is still to be done, when what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import Field, ValidationError
from sqlalchemy import select
from sqlalchemy.engine import Connection

from pipeline.crawl.schedule import VIETNAM, next_time
from pipeline.crawl.sources import Source
from pipeline.dataset.backlog import Waiting, to_review, waiting
from pipeline.dataset.database import database, snapshot
from pipeline.dataset.schema import crawls, runs
from pipeline.ingest import free_source
from pipeline.reader import reader_version
from pipeline.runs.report import report_path
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, RunSummary, Summary

NIGHTS = 30
"""How many nights are looked back on."""
RUNS = 10
"""How many runs are shown."""

Night = Literal["well", "ill", "none"]


class RunStatus(Summary):
    """One run. `state` is that of its summary, or `unfinished`: under way, or killed. `seconds` is None for such."""

    run_id: str
    started_at: str
    seconds: float | None = None
    state: str
    new: int = 0
    changed: int = 0
    problems: int = 0
    report: str | None = None


class SourceStatus(Summary):
    """One source. `line` is a word a night, the oldest first; `nights` had a crawl, `ill_nights` of them were ill.

    `due` is when its schedule wants it crawled next, a time that may be past; None for a source that `tongket run` does
    not crawl by itself. `held` of the `unread` are kept back because its last night was ill.
    """

    source: str
    title: str
    nights: int = 0
    ill_nights: int = 0
    line: list[Night] = Field(default_factory=list)
    last_healthy: str | None = None
    last_problem: str | None = None
    due: str | None = None
    found: int = 0
    due_again: int = 0
    unread: int = 0
    held: int = 0


class Backlog(Summary):
    """What is still to be done, over all sources: articles never fetched, to be fetched again, unread, held back."""

    found: int = 0
    due_again: int = 0
    unread: int = 0
    held: int = 0
    to_review: int = 0


class Status(Summary):
    """How things stood at `at`. Times are ISO 8601."""

    at: str
    runs: list[RunStatus] = Field(default_factory=list)
    sources: list[SourceStatus] = Field(default_factory=list)
    idle: list[str] = Field(default_factory=list)
    backlog: Backlog = Backlog()
    release: str | None = None


def status(settings: Settings, sources: Sequence[Source], now: datetime) -> Status:
    """How things stand, by the database, the manifests and the folder of releases.

    `sources` are the manifests; those without any trace that no run takes by itself are only named, in `idle`.
    """
    manifests = {source.name: source for source in sources}
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:

        def version(name: str) -> str:
            return reader_version(manifests.get(name) or free_source(name))

        last = _runs(connection, settings)
        pages = waiting(connection, version, now.isoformat())
        rows = _sources(connection, manifests, pages, now)
        review = to_review(connection)
    shown = {row.source for row in rows}
    return Status(
        at=now.isoformat(),
        runs=last,
        sources=rows,
        idle=sorted(set(manifests) - shown),
        backlog=Backlog(
            found=sum(row.found for row in rows),
            due_again=sum(row.due_again for row in rows),
            unread=sum(row.unread for row in rows),
            held=sum(row.held for row in rows),
            to_review=review,
        ),
        release=_release(settings),
    )


def _runs(connection: Connection, settings: Settings) -> list[RunStatus]:
    """The last runs, newest first."""
    query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(RUNS)
    return [_run(dict(row), settings) for row in connection.execute(query).mappings()]


def _run(row: dict[str, Any], settings: Settings) -> RunStatus:
    run_id, begun, ended = str(row["id"]), str(row["started_at"]), row["finished_at"]
    path = report_path(settings.runs_dir, run_id)
    told = RunStatus(
        run_id=run_id, started_at=begun, state="unfinished", report=str(path) if path.is_file() else None
    )
    if ended is None or row["summary"] is None:
        return told
    span = datetime.fromisoformat(ended) - datetime.fromisoformat(begun)
    try:
        summary = RunSummary.model_validate_json(row["summary"])
    except ValidationError:  # of another version
        return told.model_copy(update={"state": "unknown", "seconds": span.total_seconds()})
    return told.model_copy(
        update={
            "seconds": span.total_seconds(),
            "state": summary.state,
            "new": summary.stored.new,
            "changed": summary.stored.changed,
            "problems": len(summary.problems),
        }
    )


def _sources(
    connection: Connection, manifests: Mapping[str, Source], pages: Mapping[str, Waiting], now: datetime
) -> list[SourceStatus]:
    """A row a source that runs take by themselves or that has left a trace, by name."""
    crawled = _nights(connection)
    real = {name for name, one in manifests.items() if one.verified and not one.allow_loopback}
    # What `tongket run` takes: where there are none but sites on this machine, those.
    taken = real or {name for name, one in manifests.items() if one.verified}
    rows = []
    for name in sorted({*taken, *crawled, *pages}):
        manifest, waits, nights = manifests.get(name), pages.get(name, Waiting()), crawled.get(name, [])
        by_day = {one.day: one for one in nights}  # of several in a night the last counts
        today = now.astimezone(VIETNAM).date()
        line = [_word(by_day.get(today - timedelta(days=ago))) for ago in reversed(range(NIGHTS))]
        healthy = next((one for one in reversed(nights) if one.healthy), None)
        due = None
        if manifest is not None and name in taken:
            due = next_time(manifest, nights[-1].began) if nights else now
        rows.append(
            SourceStatus(
                source=name,
                title=manifest.title if manifest else name,
                nights=sum(word != "none" for word in line),
                ill_nights=line.count("ill"),
                line=line,
                last_healthy=healthy.began.isoformat() if healthy else None,
                last_problem=_last_problem(connection, nights),
                due=due.isoformat() if due else None,
                found=waits.found,
                due_again=waits.due,
                unread=waits.unread,
                held=waits.unread if nights and not nights[-1].healthy else 0,
            )
        )
    return rows


@dataclass(frozen=True)
class _Crawl:
    """A nightly crawl that came to its end."""

    id: str
    began: datetime
    healthy: bool

    @property
    def day(self) -> date:
        """The day in Vietnam."""
        return self.began.astimezone(VIETNAM).date()


def _nights(connection: Connection) -> dict[str, list[_Crawl]]:
    """The nightly crawls of each source that came to their end, oldest first."""
    c = crawls.c
    query = (
        select(c.source, c.id, c.started_at, c.healthy)
        .where(c.mode == "nightly", c.finished_at.is_not(None))
        .order_by(c.started_at)
    )
    found: dict[str, list[_Crawl]] = {}
    for source, name, began, healthy in connection.execute(query):
        found.setdefault(source, []).append(_Crawl(name, datetime.fromisoformat(began), bool(healthy)))
    return found


def _last_problem(connection: Connection, nights: Sequence[_Crawl]) -> str | None:
    """The first problem of the last ill night."""
    last = next((one for one in reversed(nights) if not one.healthy), None)
    if last is None:
        return None
    report = connection.execute(select(crawls.c.report).where(crawls.c.id == last.id)).scalar_one()
    try:
        problems = CrawlSummary.model_validate_json(report or "").problems
    except ValidationError:  # of another version
        problems = []
    return problems[0] if problems else "ill, and it is not known why"


def _word(night: _Crawl | None) -> Night:
    if night is None:
        return "none"
    return "well" if night.healthy else "ill"


def _release(settings: Settings) -> str | None:
    """The folder of the newest whole release."""
    latest = settings.releases_dir / "latest"
    return str(settings.releases_dir / latest.resolve().name) if latest.is_dir() else None
