"""Runs as Prefect flows, over the tasks of `tasks.py`.

Results and state are in our database, not in Prefect's: a flow that was killed is started again and goes on. Importing
this module sets Prefect's environment and imports Prefect, which takes seconds: import it where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast

from pipeline import stages
from pipeline.batches import Job, failed, told
from pipeline.context import COMPLAIN, PROGRESS, SUMMARY, stoppable, tell
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Source, load_sources
from pipeline.crawl.walk import Window
from pipeline.ingest import DEFAULT_NAME, ingest
from pipeline.inputs import BadInput
from pipeline.reread import reread as reread_archive
from pipeline.runs.finish import reported
from pipeline.runs.markdown import as_markdown
from pipeline.runs.report import SourceReport, report_on
from pipeline.settings import ROOT, Settings, load_settings
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary
from pipeline.tasks import RUNNER, crawl, finish, outcome, patient, quietly, read, read_all

from prefect import flow  # isort: skip  tasks, above, set its environment
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # isort: skip
from prefect.client.schemas.objects import State  # isort: skip
from prefect.states import Completed, Failed  # isort: skip

_JUDGES = 3  # batches of a source that may fail before it is left for another run


@flow(name="nightly", task_runner=RUNNER)
def nightly(
    settings: Settings | None = None,
    sources: list[Source] | None = None,
    window: Window | None = None,
    sources_dir: Path | None = None,
    due: bool = False,
    dask: str | None = None,
) -> State[Any]:
    """All verified sources, from their sites to a release, each site on its own and politely.

    Without `settings` those of this machine's environment; without `sources` those of the manifests in `sources_dir`, of
    which with `due` only those whose schedule has come. `dask` is the address of a scheduler that reads.
    """
    settings = settings or load_settings()
    if sources is None:
        sources = _verified(sources_dir or ROOT / "pipeline" / "sources")
    if due and not (sources := stages.due(settings, sources, utc_now())):
        return Completed(message="no source is due")
    run_id = stages.begin_run(settings, utc_now())
    # Its threads are told to stop before the report is written, which may wait for the database that they write to.
    with reported(settings, run_id, utc_now), stoppable():
        return _night(settings, sources, window, dask, run_id)


def _night(
    settings: Settings, sources: Sequence[Source], window: Window | None, dask: str | None, run_id: str
) -> State[Any]:
    crawler, reader = patient(crawl, settings), patient(read, settings)
    crawling = [(source, crawler.submit(settings, source, window)) for source in sources]
    crawled: list[tuple[Source, CrawlSummary, list[str]]] = []
    stored: list[StoreSummary] = []
    jobs: list[Job] = []
    for source, future in crawling:
        summary, _ = outcome(future, partial(_broken, source))
        batches = iter(()) if summary.problems else stages.unread_batches(settings, source)
        problems: list[str] = []
        for batch in islice(batches, _JUDGES):
            # The first batch that can be read tells whether the source is well; only then the others may be stored.
            judging = reader.submit(settings, source, batch, run_id, summary)
            first, raised = outcome(judging, partial(failed, source, batch))
            stored.append(first)
            problems = first.problems
            if not raised:
                break
        if not problems:
            jobs += [(settings, source, batch, run_id) for batch in batches]
        crawled.append((source, summary, problems))
    stored += read_all(jobs, dask)
    judged = [stages.hold(settings, source, summary, problems) for source, summary, problems in crawled]
    ended = patient(finish, settings).submit(settings, run_id, judged, stored)
    return _state(settings, ended.result())


@flow(name="backfill", task_runner=RUNNER)
def backfill(
    paths: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    settings: Settings | None = None,
    sources: list[Source] | None = None,
    sources_dir: Path | None = None,
    name: str = DEFAULT_NAME,
    only_known: bool = False,
    dask: str | None = None,
) -> State[Any]:
    """Years back: from files (`paths`, or addresses like `s3://bucket/2024/*.warc.gz`), or from the sites since a day.

    `dask` is the address of a scheduler on whose workers the reading is done; they need the archive and the database.
    """
    settings = settings or load_settings()
    if not paths:
        if since is None:
            raise ValueError("backfill: name files (paths) or a day to go back to (since)")
        window = Window(since=since, until=until, backfill=True)
        return cast(
            "State[Any]", nightly(settings, sources, window, sources_dir, dask=dask, return_state=True)
        )
    manifests = load_sources(sources_dir or ROOT / "pipeline" / "sources") if sources is None else sources
    bad: list[str] = []

    def complain(item: BadInput) -> None:
        bad.append(str(item))
        if complain_too := COMPLAIN.get():
            complain_too(item)

    summary = ingest(
        settings,
        manifests,
        paths,
        name=name,
        only_known=only_known,
        complain=complain,
        progress=tell,
        read=lambda jobs: read_all(list(jobs), dask),
    )
    return _state(settings, summary, bad)


@flow(name="reread", task_runner=RUNNER)
def reread(
    names: list[str] | None = None,
    settings: Settings | None = None,
    sources: list[Source] | None = None,
    sources_dir: Path | None = None,
    dask: str | None = None,
) -> State[Any]:
    """The whole archive read again, without network."""
    settings = settings or load_settings()
    manifests = load_sources(sources_dir or ROOT / "pipeline" / "sources") if sources is None else sources
    summary = reread_archive(
        settings,
        manifests,
        names=names or (),
        progress=tell,
        read=lambda jobs: read_all(list(jobs), dask),
    )
    return _state(settings, summary)


@flow(name="release")
def release(settings: Settings | None = None, day: date | None = None, bom: bool = False) -> State[Any]:
    """Link the dataset and release it."""
    settings = settings or load_settings()
    when = day.isoformat() if day else None
    linked, folder = stages.release_dataset(settings, utc_now(), date=when, bom=bom, progress=PROGRESS.get())
    quietly(create_link_artifact, folder.resolve().as_uri(), folder.name, key="release")
    return Completed(message=f"{folder}: {linked.line()}")


def _verified(folder: Path) -> list[Source]:
    """The sources of a night, as `tongket run` chooses them. Raises `ValueError` where there are none."""
    verified = [source for source in load_sources(folder) if source.verified]
    # The demo's sites are up only during a demo: beside real ones they would always be reported as ill.
    if chosen := [source for source in verified if not source.allow_loopback] or verified:
        return chosen
    raise ValueError(f"{folder}: no source in it is verified: see `tongket sources check`")


def _broken(source: Source, error: BaseException) -> CrawlSummary:
    return CrawlSummary(source=source.name, problems=[f"{source.name}: the crawl failed: {told(error)}"])


def _state(settings: Settings, summary: RunSummary, bad: Sequence[str] = ()) -> State[Any]:
    """The flow's end, which tells the truth: completed, completed with failures, or failed."""
    if (box := SUMMARY.get()) is not None:
        box.append(summary)
    _show(settings, summary)
    problems = [*summary.problems, *bad]
    message = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
    data = summary.model_dump(mode="json")
    if summary.state == "failed":
        return Failed(message=message or "no release was made", data=data)
    if problems:
        return Completed(name="CompletedWithFailures", message=message, data=data)
    return Completed(message=summary.linked.line(), data=data)


def _show(settings: Settings, summary: RunSummary) -> None:
    """The run for whoever looks at it in Prefect: a table by source, its report, a link to the release."""
    report = report_on(summary, utc_now())
    if table := [_row(one) for one in report.sources]:
        described = f"run {summary.run_id}: {summary.state}"
        quietly(create_table_artifact, table, key="sources", description=described)
    written = settings.runs_dir / f"{summary.run_id}.md"
    told = written.read_text(encoding="utf-8") if written.is_file() else as_markdown(report)
    quietly(create_markdown_artifact, told, key="run", description=summary.run_id)
    if summary.release:
        quietly(create_link_artifact, summary.release.resolve().as_uri(), summary.release.name, key="release")


def _row(one: SourceReport) -> dict[str, Any]:
    ill = "ill: " + "; ".join(problem.what for problem in one.problems)
    return {
        "source": one.title,
        "found": one.links,
        "new": one.new,
        "changed": one.changed,
        "failed": one.failed,
        "on a union's event": one.relevant,
        "held back": one.held,
        "health": "well" if one.healthy else ill,
    }
