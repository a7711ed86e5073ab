"""Runs as Prefect flows: the stages of `stages.py` as tasks, each a source or a batch, never an article.

Results and state are in our database, not in Prefect's: a flow that was killed is started again and goes on. Importing
this module sets Prefect's environment and imports Prefect, which takes seconds: import it where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

from pipeline.settings import ROOT, load_settings

# Read by Prefect once, when it is imported: hence before the import. What the user has set stays.
for _name, _value in {
    "PREFECT_HOME": str(ROOT / "outputs" / "prefect"),  # not the user's home
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    # Its own 20 s are too few where nothing is compiled yet.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, task  # noqa: E402
from prefect.artifacts import (  # noqa: E402
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.schemas.objects import State  # noqa: E402
from prefect.futures import PrefectFuture  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402
from prefect.tasks import exponential_backoff  # noqa: E402
from sqlalchemy.exc import OperationalError  # noqa: E402

from pipeline import stages  # noqa: E402
from pipeline.batches import Job, failed  # noqa: E402
from pipeline.context import COMPLAIN, PROGRESS, SUMMARY, go_on, stoppable, tell  # noqa: E402
from pipeline.crawl.site import utc_now  # noqa: E402
from pipeline.crawl.sources import Source, load_sources  # noqa: E402
from pipeline.crawl.walk import Window  # noqa: E402
from pipeline.ingest import DEFAULT_NAME, ingest  # noqa: E402
from pipeline.inputs import BadInput  # noqa: E402
from pipeline.reread import reread as reread_archive  # noqa: E402
from pipeline.run_view import as_markdown, table_by_source  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary  # noqa: E402

# Few threads: reading is all Python, and each would hold a batch in memory.
_RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=4))
_RETRIES: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(backoff_factor=5),
    "retry_jitter_factor": 0.5,
}


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether another try may go better: a database that was locked or away, a network that broke. Not our errors."""
    try:
        state.result(raise_on_failure=True)
    except (OperationalError, ConnectionError, TimeoutError):
        return True
    except Exception:  # noqa: BLE001  whatever it was, it would come again
        return False
    return False


@task(
    name="crawl",
    task_run_name="crawl-{source.name}",
    cache_policy=NO_CACHE,
    retry_condition_fn=_may_pass,
    **_RETRIES,
)
def crawl(settings: Settings, source: Source, window: Window | None = None) -> CrawlSummary:
    """One source: discover, fetch, archive, judge. Retries of pages are the crawl's own."""
    return stages.crawl(settings, source, progress=tell, window=window)


@task(
    name="read",
    task_run_name="read-{source.name}",
    cache_policy=NO_CACHE,
    retry_condition_fn=_may_pass,
    **_RETRIES,
)
def read(
    settings: Settings,
    source: Source,
    batch: stages.Batch,
    run_id: str,
    crawled: CrawlSummary | None = None,
) -> StoreSummary:
    """One batch of archived pages: parse, read, store. Twice is as once, so a lost worker's batch is done again."""
    go_on()
    return stages.read_batch(settings, source, batch, run_id, crawled=crawled)


@task(name="release", cache_policy=NO_CACHE, retry_condition_fn=_may_pass, **_RETRIES)
def finish(
    settings: Settings,
    run_id: str,
    crawls: list[CrawlSummary],
    stored: list[StoreSummary],
) -> RunSummary:
    """Link and release what the dataset now holds, unless every source is ill."""
    tell("linking, writing the release")
    return stages.finish_run(settings, run_id, crawls, stored, utc_now())


@flow(name="nightly", task_runner=_RUNNER)
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
    with stoppable():
        return _night(settings, sources, window, dask)


def _night(
    settings: Settings, sources: Sequence[Source], window: Window | None, dask: str | None
) -> State[Any]:
    run_id = stages.begin_run(settings, utc_now())
    crawling = [(source, crawl.submit(settings, source, window)) for source in sources]
    crawled: list[tuple[Source, CrawlSummary, list[str]]] = []
    stored: list[StoreSummary] = []
    jobs: list[Job] = []
    for source, future in crawling:
        summary = _outcome(future, partial(_broken, source))
        batches = [] if summary.problems else stages.unread_batches(settings, source)
        problems: list[str] = []
        for batch in batches[:1]:
            # The first batch tells whether the source is well; only then the others may be stored.
            first = read.submit(settings, source, batch, run_id, summary)
            stored.append(_outcome(first, partial(failed, source, batch)))
            problems = stored[-1].problems
        if not problems:
            jobs += [(settings, source, batch, run_id) for batch in batches[1:]]
        crawled.append((source, summary, problems))
    stored += _read(jobs, dask)
    judged = [stages.hold(settings, source, summary, problems) for source, summary, problems in crawled]
    summary = finish.submit(settings, run_id, judged, stored).result()
    return _state(summary, sources, [])


@flow(name="backfill", task_runner=_RUNNER)
def backfill(
    paths: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    settings: Settings | None = None,
    sources: list[Source] | None = None,
    sources_dir: Path | None = None,
    name: str = DEFAULT_NAME,
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
        if told := COMPLAIN.get():
            told(item)

    with stoppable():
        summary = ingest(
            settings,
            manifests,
            paths,
            name=name,
            complain=complain,
            progress=tell,
            read=lambda jobs: _read(jobs, dask),
        )
    return _state(summary, manifests, bad)


@flow(name="reread", task_runner=_RUNNER)
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
    with stoppable():
        summary = reread_archive(
            settings,
            manifests,
            names=names or (),
            progress=tell,
            read=lambda jobs: _read(jobs, dask),
        )
    return _state(summary, manifests, [])


@flow(name="release")
def release(settings: Settings | None = None, day: date | None = None, bom: bool = False) -> State[Any]:
    """Link the dataset and release it."""
    settings = settings or load_settings()
    when = day.isoformat() if day else None
    linked, folder = stages.release_dataset(settings, utc_now(), date=when, bom=bom, progress=PROGRESS.get())
    _quietly(create_link_artifact, folder.resolve().as_uri(), folder.name, key="release")
    return Completed(message=f"{folder}: {linked.line()}")


@flow(name="reading")
def _on_cluster(jobs: list[Job]) -> list[StoreSummary]:
    """Batches on the workers of a Dask cluster."""
    return _read(jobs, None)


def _verified(folder: Path) -> list[Source]:
    """The sources of a night, as `tongket run` chooses them. Raises `ValueError` where there are none."""
    verified = [source for source in load_sources(folder) if source.verified]
    # The demo's sites are up only during a demo: beside real ones they would always be reported as ill.
    if chosen := [source for source in verified if not source.allow_loopback] or verified:
        return chosen
    raise ValueError(f"{folder}: no source in it is verified: see `tongket sources check`")


def _read(jobs: Sequence[Job], dask: str | None) -> list[StoreSummary]:
    """Read `jobs` as tasks, in threads or on the Dask scheduler at `dask`; one summary each, in their order."""
    if not jobs:
        return []
    if dask:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415  installed where there is a cluster

        runner = cast("TaskRunner[PrefectFuture[Any]]", DaskTaskRunner(address=dask))
        return _on_cluster.with_options(task_runner=runner)(list(jobs))
    futures = [(job, read.submit(*job)) for job in jobs]
    shown = _quietly(create_progress_artifact, 0.0, key="reading", description=f"{len(futures)} batches")
    done: list[StoreSummary] = []
    for (_, source, batch, _), future in futures:
        done.append(_outcome(future, partial(failed, source, batch)))
        tell(f"reading: batch {len(done)} of {len(futures)}")
        if shown and len(done) in {len(futures), *range(0, len(futures), max(1, len(futures) // 20))}:
            _quietly(update_progress_artifact, shown, 100 * len(done) / len(futures))
    return done


def _outcome(future: PrefectFuture[Any], instead: Callable[[BaseException], Any]) -> Any:
    """What a task gave, or `instead` of its error: one that failed stops no other."""
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001  the others go on, and the run says what happened
        return instead(error)


def _broken(source: Source, error: BaseException) -> CrawlSummary:
    told = " ".join(str(error).split())[:300]
    return CrawlSummary(
        source=source.name, problems=[f"{source.name}: the crawl failed: {type(error).__name__}: {told}"]
    )


def _state(summary: RunSummary, sources: Iterable[Source], bad: Sequence[str]) -> State[Any]:
    """The flow's end, which tells the truth: completed, completed with failures, or failed."""
    if (box := SUMMARY.get()) is not None:
        box.append(summary)
    _show(summary, sources, bad)
    problems = [*summary.problems, *bad]
    told = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
    data = summary.model_dump(mode="json")
    if summary.state == "failed":
        return Failed(message=told or "no release was made", data=data)
    if problems:
        return Completed(name="CompletedWithFailures", message=told, data=data)
    return Completed(message=summary.linked.line(), data=data)


def _show(summary: RunSummary, sources: Iterable[Source], bad: Sequence[str]) -> None:
    """The run for whoever looks at it in Prefect: a table by source, what was done and is wrong, a link to the release."""
    if table := table_by_source(summary, sources):
        _quietly(
            create_table_artifact, table, key="sources", description=f"run {summary.run_id}: {summary.state}"
        )
    _quietly(create_markdown_artifact, as_markdown(summary, bad), key="run", description=summary.run_id)
    if summary.release:
        _quietly(
            create_link_artifact, summary.release.resolve().as_uri(), summary.release.name, key="release"
        )


def _quietly(make: Callable[..., Any], *args: Any, **given: Any) -> Any:
    """Make an artifact; where that fails the run goes on, since only a view of it is lost."""
    try:
        return make(*args, **given)
    except Exception as error:  # noqa: BLE001  the server may be busy or gone
        tell(f"Prefect took no artifact: {type(error).__name__}")
        return None
