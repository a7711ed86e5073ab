"""Batches of archived pages read one after the other, or by several processes; a batch that fails stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain, islice

from pipeline import stages
from pipeline.crawl.sources import Source
from pipeline.processes import in_order
from pipeline.settings import Settings
from pipeline.summary import StoreSummary

Job = tuple[Settings, Source, stages.Batch, str]
"""What `stages.read_batch` takes: settings, source, pages and run."""


_LOST = "the process that read it died, and so did others that tried (out of memory?)"


def read_here(jobs: Iterable[Job], *, workers: int = 1) -> Iterator[StoreSummary]:
    """Read and store `jobs` on this machine, in their order; what they store is the same in any order.

    They are taken only as they can be read. A batch whose process is killed is read again.
    """
    rest = iter(jobs)
    first = list(islice(rest, 2))
    jobs = chain(first, rest)
    if workers == 1 or len(first) < 2:
        yield from map(read_one, jobs)
        return
    preload = ("pipeline.stages", "pipeline.loaded")
    with closing(in_order(_read, jobs, workers=workers, lost=_lost, preload=preload)) as read:
        for summaries in read:
            yield from summaries


def _read(jobs: list[Job]) -> list[StoreSummary]:
    return [read_one(job) for job in jobs]


def _lost(job: Job) -> StoreSummary:
    _, source, batch, _ = job
    return failed(source, batch, ChildProcessError(_LOST))


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
