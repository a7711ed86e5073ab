"""A run the direct way: stage after stage in this process, without Prefect."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import stages
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Source
from pipeline.settings import Settings
from pipeline.summary import Progress, RunSummary


def run(settings: Settings, sources: Sequence[Source], *, progress: Progress | None = None) -> RunSummary:
    """Crawl, archive, parse, read, store and release `sources`; `progress` is told of each step.

    What goes wrong with a page or an article is recorded in the database; what goes wrong with a source
    stands in `problems` and keeps the release from being made.
    """
    tell = progress or (lambda _line: None)
    run_id = stages.begin_run(settings, utc_now())
    crawls, stored, problems = [], [], []
    for source in sources:
        tell(f"{source.title}: looking for articles")
        crawled = stages.crawl(settings, source, progress=progress)
        crawls.append(crawled)
        problems += crawled.problems
        batches = stages.unread_batches(settings, source)
        for done, batch in enumerate(batches, start=1):
            tell(f"{source.title}: reading {len(batch)} articles, batch {done} of {len(batches)}")
            stored.append(stages.read_batch(settings, source, batch, run_id))
        problems += stages.check_source(settings, source)
    if not problems:
        tell("writing the release")
    return stages.finish_run(settings, run_id, crawls, stored, problems, utc_now())
