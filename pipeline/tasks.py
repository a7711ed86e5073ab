"""The stages of a run as Prefect tasks, each a source or a batch, never an article: when they are tried again, and where.

Importing this module sets Prefect's environment and imports Prefect, which takes seconds.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from pipeline.settings import ROOT

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

from prefect import Task, flow, task  # noqa: E402
from prefect.artifacts import create_progress_artifact, update_progress_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.schemas.objects import State  # noqa: E402
from prefect.futures import PrefectFuture  # noqa: E402
from prefect.settings import PREFECT_API_URL  # noqa: E402
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner  # noqa: E402
from prefect.tasks import exponential_backoff  # noqa: E402
from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: E402

from pipeline import stages  # noqa: E402
from pipeline.batches import Job, failed  # noqa: E402
from pipeline.context import go_on, stoppable, tell  # noqa: E402
from pipeline.crawl.site import utc_now  # noqa: E402
from pipeline.crawl.sources import Source  # noqa: E402
from pipeline.crawl.walk import Window  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.summary import CrawlSummary, RunSummary, StoreSummary  # noqa: E402

_PATIENCE = (
    5.0  # seconds: an artifact that fails later was tried again and again, by a client whose server is gone
)
_UPDATED = 5.0  # seconds between two updates of a progress artifact
_LEFT_ALONE = 600.0  # seconds without another one
_GONE: dict[str, float] = {}  # API's address → until when, by the monotonic clock
# Few threads: reading is all Python, and each would hold a batch in memory.
RUNNER = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=4))
_RETRIES: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(backoff_factor=5),
    "retry_jitter_factor": 0.5,
}


def may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether another try may go better: a database that was locked or away, a network that broke. Not our errors."""
    try:
        state.result(raise_on_failure=True)
    except OperationalError as error:
        # SQLite says so too of a table that is not there or a full disk.
        told = str(error.orig)
        return not isinstance(error.orig, sqlite3.Error) or "locked" in told or "busy" in told
    except DBAPIError as error:
        return error.connection_invalidated
    except (ConnectionError, TimeoutError):
        return True
    except Exception:  # noqa: BLE001  whatever it was, it would come again
        return False
    return False


@task(name="crawl", task_run_name="crawl-{source.name}", retry_condition_fn=may_pass, **_RETRIES)
def crawl(settings: Settings, source: Source, window: Window | None = None) -> CrawlSummary:
    """One source: discover, fetch, archive, judge. Retries of pages are the crawl's own."""
    return stages.crawl(settings, source, progress=tell, window=window)


@task(name="read", task_run_name="read-{source.name}", retry_condition_fn=may_pass, **_RETRIES)
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


@task(name="release", retry_condition_fn=may_pass, **_RETRIES)
def finish(
    settings: Settings,
    run_id: str,
    crawls: list[CrawlSummary],
    stored: list[StoreSummary],
) -> RunSummary:
    """Link and release what the dataset now holds, unless every source is ill."""
    tell("linking, writing the release")
    return stages.finish_run(settings, run_id, crawls, stored, utc_now)


def read_all(jobs: Sequence[Job], dask: str | None) -> list[StoreSummary]:
    """Read `jobs` as tasks, in threads or on the Dask scheduler at `dask`; one summary each, in their order."""
    if not jobs:
        return []
    if dask:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415  installed where there is a cluster

        runner = cast("TaskRunner[PrefectFuture[Any]]", DaskTaskRunner(address=dask))

        # Without parameters: those of a flow go to the server, which takes no more than 512 kB.
        @flow(name="reading", task_runner=runner)
        def reading() -> list[StoreSummary]:
            return read_all(jobs, None)

        return reading()
    with stoppable():
        futures = [(job, patient(read, job[0]).submit(*job)) for job in jobs]
        shown = quietly(create_progress_artifact, 0.0, key="reading", description=f"{len(futures)} batches")
        done: list[StoreSummary] = []
        updated = time.monotonic()
        for (_, source, batch, _), future in futures:
            done.append(outcome(future, partial(failed, source, batch))[0])
            tell(f"reading: batch {len(done)} of {len(futures)}")
            # Seldom: each is a request, and there may be thousands of batches.
            if shown and (len(done) == len(futures) or time.monotonic() - updated > _UPDATED):
                updated = time.monotonic()
                quietly(update_progress_artifact, shown, 100 * len(done) / len(futures))
        return done


def patient(one: Task[..., Any], settings: Settings) -> Task[..., Any]:
    """A task whose tries are so far apart as `backoff_seconds` says: 5, 10 and 20 s where it is 1."""
    return one.with_options(retry_delay_seconds=exponential_backoff(5 * settings.backoff_seconds))


def outcome(
    future: PrefectFuture[Any], instead: Callable[[BaseException], Any]
) -> tuple[Any, BaseException | None]:
    """What a task gave, or `instead` of its error, and that: one that failed stops no other."""
    try:
        return future.result(), None
    except Exception as error:  # noqa: BLE001  the others go on, and the run says what happened
        return instead(error), error


def quietly(make: Callable[..., Any], *args: Any, **given: Any) -> Any:
    """Make an artifact; where that fails the run goes on, since only a view of it is lost.

    Prefect asks a server that is gone for a minute, each time anew: after that no other is tried for a while.
    """
    server, begun = str(PREFECT_API_URL.value()), time.monotonic()
    if begun < _GONE.get(server, 0):
        return None
    try:
        return make(*args, **given)
    except Exception as error:  # noqa: BLE001  the server may be busy or gone
        if time.monotonic() - begun > _PATIENCE:
            _GONE[server] = time.monotonic() + _LEFT_ALONE
        tell(f"Prefect took no artifact: {type(error).__name__}")
        return None
