"""A run the direct way: stage after stage in this process, without Prefect."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import stages
from pipeline.crawl.ledger import Clock
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Source
from pipeline.crawl.walk import Window
from pipeline.runs.finish import reported
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, Progress, RunSummary, StoreSummary


def run(
    settings: Settings,
    sources: Sequence[Source],
    *,
    progress: Progress | None = None,
    window: Window | None = None,
    now: Clock = utc_now,
) -> RunSummary:
    """Crawl, archive, parse, read, store and release `sources`; `progress` is told of each step.

    What goes wrong with a page or an article is recorded in the database. A source that breaks its bounds adds nothing
    to the dataset and stands in `problems`; the others go on. However a run ends, there is a report on it.
    """
    tell = progress or (lambda _line: None)
    run_id = stages.begin_run(settings, now())
    crawls: list[CrawlSummary] = []
    stored: list[StoreSummary] = []
    with reported(settings, run_id, now, crawls=crawls, stored=stored):
        for source in sources:
            tell(f"{source.title}: looking for articles")
            crawled = stages.crawl(settings, source, progress=progress, window=window, now=now)
            problems: list[str] = []
            batches = iter(()) if crawled.problems else stages.unread_batches(settings, source)
            count = 0 if crawled.problems else stages.count_unread_batches(settings, source)
            for done, batch in enumerate(batches, start=1):
                tell(f"{source.title}: reading {len(batch)} articles, batch {done} of {count}")
                first = crawled if done == 1 else None
                stored.append(stages.read_batch(settings, source, batch, run_id, crawled=first))
                if problems := stored[-1].problems:
                    break
            crawls.append(stages.hold(settings, source, crawled, problems))
        if not all(crawl.problems for crawl in crawls):
            tell("writing the release")
        return stages.finish_run(settings, run_id, crawls, stored, now)
