"""Batches of archived pages read one after the other, or by several processes; a batch that fails stops no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from pipeline import stages
from pipeline.crawl.sources import Source
from pipeline.settings import Settings
from pipeline.summary import StoreSummary

Job = tuple[Settings, Source, stages.Batch, str]
"""What `stages.read_batch` takes: settings, source, pages and run."""


def read_here(jobs: Sequence[Job], *, workers: int = 1) -> Iterator[StoreSummary]:
    """Read and store `jobs` on this machine, in their order; what they store is the same in any order."""
    if workers == 1 or len(jobs) < 2:
        yield from map(read_one, jobs)
        return
    # A fresh interpreter each: a forked one would share the parent's threads and database handles.
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(read_one, jobs)


def read_one(job: Job) -> StoreSummary:
    """Read and store one batch. One that fails is told in `problems`, and stays unread for another run."""
    settings, source, batch, run_id = job
    try:
        return stages.read_batch(settings, source, batch, run_id)
    except Exception as error:  # noqa: BLE001  the other batches go on
        return failed(source, batch, error)


def failed(source: Source, batch: stages.Batch, error: BaseException) -> StoreSummary:
    """What is said of a batch that failed: nothing of it is stored."""
    return StoreSummary(problems=[f"{source.name}: a batch of {len(batch)} pages failed: {told(error)}"])


def told(error: BaseException) -> str:
    """An error in one line; a database's without its statement, which is long."""
    words = " ".join(str(getattr(error, "orig", None) or error).split())
    return f"{type(error).__name__}: {words[:300]}"


def with_workers(workers: int) -> partial[Iterator[StoreSummary]]:
    """`read_here` with so many processes."""
    return partial(read_here, workers=workers)
