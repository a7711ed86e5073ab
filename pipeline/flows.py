"""A run as a Prefect flow: the stages of `stages.py` as tasks, each a source or a batch, never an article.

Importing this module sets Prefect's environment and imports Prefect, which takes seconds: import it where
it is used.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
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
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.futures import PrefectFuture  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402

from pipeline import stages  # noqa: E402
from pipeline.crawl.site import utc_now  # noqa: E402
from pipeline.crawl.sources import Source, load_sources  # noqa: E402
from pipeline.crawl.walk import Window  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.summary import CrawlSummary, Progress, RunSummary, StoreSummary  # noqa: E402

# A callable is no flow parameter: it cannot be sent to a server. Prefect hands the context on to its threads.
_PROGRESS: ContextVar[Progress | None] = ContextVar("progress", default=None)


@task(name="crawl", task_run_name="crawl-{source.name}", cache_policy=NO_CACHE)
def crawl(settings: Settings, source: Source, window: Window | None = None) -> CrawlSummary:
    """One source: discover, fetch, archive, judge."""
    return stages.crawl(settings, source, progress=_PROGRESS.get(), window=window)


@task(name="read", task_run_name="read-{source.name}", cache_policy=NO_CACHE)
def read(
    settings: Settings,
    source: Source,
    batch: stages.Batch,
    run_id: str,
    crawled: CrawlSummary | None = None,
) -> StoreSummary:
    """One batch of archived pages: parse, read, store."""
    _tell(f"{source.title}: reading {len(batch)} articles")
    return stages.read_batch(settings, source, batch, run_id, crawled=crawled)


@task(name="release", cache_policy=NO_CACHE)
def release(
    settings: Settings,
    run_id: str,
    crawls: list[CrawlSummary],
    stored: list[StoreSummary],
) -> RunSummary:
    """Release what the dataset now holds, unless every source is ill."""
    _tell("writing the release")
    return stages.finish_run(settings, run_id, crawls, stored, utc_now())


# Few threads: reading is all Python, and each would hold a batch in memory.
_RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=4))


@flow(name="nightly", task_runner=_RUNNER)
def nightly(
    settings: Settings | None = None, sources: list[Source] | None = None, window: Window | None = None
) -> RunSummary:
    """All sources, from their sites to a release; by default those of this machine's manifests."""
    settings = settings or load_settings()
    sources = load_sources(ROOT / "pipeline" / "sources") if sources is None else sources
    run_id = stages.begin_run(settings, utc_now())
    crawling = [(source, crawl.submit(settings, source, window)) for source in sources]
    crawls: list[tuple[Source, CrawlSummary, list[str]]] = []
    reading: list[PrefectFuture[StoreSummary]] = []
    for source, future in crawling:
        crawled = future.result()
        batches = [] if crawled.problems else stages.unread_batches(settings, source)
        problems: list[str] = []
        for batch in batches[:1]:
            # The first batch tells whether the source is well; only then the others may be stored.
            first = read.submit(settings, source, batch, run_id, crawled)
            problems = first.result().problems
            reading.append(first)
        if not problems:
            reading += [read.submit(settings, source, batch, run_id) for batch in batches[1:]]
        crawls.append((source, crawled, problems))
    stored = [future.result() for future in reading]
    judged = [stages.hold(settings, source, crawled, problems) for source, crawled, problems in crawls]
    return release(settings, run_id, judged, stored)


def run_flow(
    settings: Settings,
    sources: Sequence[Source],
    *,
    progress: Progress | None = None,
    window: Window | None = None,
) -> RunSummary:
    """Run `nightly` here and now; what `run.run` does, seen by Prefect.

    The server is that of PREFECT_API_URL, or one that Prefect starts for the time being, which takes some
    15 s.
    """
    token = _PROGRESS.set(progress)
    try:
        _tell("starting Prefect")
        return nightly(settings, list(sources), window)
    finally:
        _PROGRESS.reset(token)


def _tell(line: str) -> None:
    if progress := _PROGRESS.get():
        progress(line)
