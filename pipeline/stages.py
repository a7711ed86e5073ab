"""The stages of a run as plain functions: the same ones with and without Prefect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, make_url
from sqlalchemy.exc import SQLAlchemyError

from pipeline import logs
from pipeline.crawl.health import NIGHTS, check_relevance
from pipeline.crawl.ledger import Clock
from pipeline.crawl.page.stamps import HANOI
from pipeline.crawl.schedule import is_due
from pipeline.crawl.site import crawl_site, utc_now
from pipeline.crawl.sources import Source
from pipeline.crawl.walk import Window
from pipeline.dataset.crawls import CrawlTable
from pipeline.dataset.database import database, lock_dataset, writing
from pipeline.dataset.link import link, link_within
from pipeline.dataset.migrate import SchemaError
from pipeline.dataset.pages import PageState, PageTable
from pipeline.dataset.release import release
from pipeline.dataset.release.publish import check_date
from pipeline.dataset.release.redact import Redactions, load_redactions
from pipeline.dataset.schema import runs
from pipeline.dataset.store import Reading, count_rows, store_reports
from pipeline.dataset.takedowns import read_list
from pipeline.reader import read_page, reader_version
from pipeline.review.answers import Answer, Taken, decide
from pipeline.runs.finish import conclude, note_finished
from pipeline.runs.news import known, news_since
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, LinkSummary, Progress, RunSummary, StoreSummary

Batch = list[PageState]
_LOADED = 30  # batches' pages in memory: looking for the next costs a scan of the source's, so not one by one


class DatabaseError(Exception):
    """A database that cannot be opened; the message names it, without its password, and says why."""


def open_database(settings: Settings) -> None:
    """Open the database once, tables in place. Raises `DatabaseError`, before any work is lost on it."""
    url = "--db or TONGKET_DB"  # a URL that cannot be parsed may hold a password in any place
    try:
        url = make_url(settings.database_url).render_as_string(hide_password=True)
        with database(settings.database_url):
            pass
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{url}: needs the Python package {error.name}: install it beside tongket, with pip install "
            f"'{'psycopg[binary]' if error.name == 'psycopg' else error.name}'"
        ) from error
    except SchemaError as error:
        raise DatabaseError(f"{url}: {error}") from error
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise DatabaseError(f"{url}: the database cannot be opened: {reason}") from error


def begin_run(settings: Settings, now: datetime) -> str:
    """Open the database, note a new run in it, and return its id: `20250107T190000.123456Z`.

    Raises `redact.RedactError` where its release could not be made: better now than when the sites have been asked.
    """
    logs.ensure(settings)
    load_blanked(settings)
    run_id = now.strftime("%Y%m%dT%H%M%S.%fZ")
    with database(settings.database_url) as engine:
        read_list(engine, settings.archive_dir)
        with writing(engine).begin() as connection:
            connection.execute(insert(runs).values(id=run_id, started_at=now.isoformat()))
    logs.bind(run=run_id)
    logs.note("run_started", started_at=now.isoformat())
    return run_id


def due(settings: Settings, sources: Sequence[Source], now: datetime) -> list[Source]:
    """Those of `sources` whose schedule has come since their last nightly crawl."""
    with database(settings.database_url) as engine:
        return [one for one in sources if is_due(one, CrawlTable(engine, one.name).last_night(), now)]


def crawl(
    settings: Settings,
    source: Source,
    *,
    progress: Progress | None = None,
    window: Window | None = None,
    now: Clock = utc_now,
) -> CrawlSummary:
    """Discover, fetch and archive one source, and judge how that went."""
    logs.ensure(settings)
    with logs.bound(source=source.name), database(settings.database_url) as engine:
        return crawl_site(settings, source, PageTable(engine), progress=progress, now=now, window=window)


def unread_batches(settings: Settings, source: Source) -> Iterator[Batch]:
    """What the archive holds of `source` and the dataset does not, in batches, lazily; some thousand are in memory.

    That is this run's pages, those that a killed run left, and all once the extractors or the manifest
    changed. Batches may be read while others are still to come.
    """
    version, size = reader_version(source), settings.batch_size
    last: PageState | None = None
    while True:
        with database(settings.database_url) as engine:
            states = PageTable(engine).unread(source.name, version, after=last, limit=size * _LOADED)
        yield from (states[start : start + size] for start in range(0, len(states), size))
        if len(states) < size * _LOADED:
            return
        last = states[-1]


def count_unread_batches(settings: Settings, source: Source) -> int:
    """How many batches `unread_batches` would give now."""
    with database(settings.database_url) as engine:
        count = PageTable(engine).count_unread(source.name, reader_version(source))
    return -(-count // settings.batch_size)


def read_batch(
    settings: Settings, source: Source, batch: Batch, run_id: str, *, crawled: CrawlSummary | None = None
) -> StoreSummary:
    """Parse, read and store one batch, in one transaction.

    With `crawled`, the crawl before this reading, the batch's share of unions' events is held against the source's
    bounds first: on a breach nothing is stored and the summary's `problems` say so.
    """
    logs.ensure(settings)
    with logs.bound(run=run_id, source=source.name):
        stored = _read_batch(settings, source, batch, run_id, crawled)
        logs.note("batch_read", pages=len(batch), **stored.model_dump())
    return stored


def _read_batch(
    settings: Settings, source: Source, batch: Batch, run_id: str, crawled: CrawlSummary | None
) -> StoreSummary:
    version = reader_version(source)
    readings = [read_page(settings.archive_dir, source, state, version) for state in batch]
    with database(settings.database_url) as engine:
        if crawled is not None:
            new = [reading.report.article.relevant for reading in readings if isinstance(reading, Reading)]
            before = CrawlTable(engine, source.name).healthy(crawled.mode, NIGHTS)
            if problems := check_relevance(source, crawled, before, read=len(new), relevant=sum(new)):
                return StoreSummary(problems=problems)
        return store_reports(engine, readings, run_id)


def hold(settings: Settings, source: Source, crawled: CrawlSummary, problems: Sequence[str]) -> CrawlSummary:
    """`crawled` with what reading brought to light: counts, and whether the night was healthy after all.

    With `problems` the source's new pages stay archived and unread: the dataset keeps what it held of it.
    """
    with database(settings.database_url) as engine:
        table = PageTable(engine)
        read, relevant = table.relevant(source.name, crawled.crawl)
        found = [*crawled.problems, *problems]
        summary = crawled.model_copy(
            update={
                "read": read,
                "relevant": relevant,
                "held": table.count_unread(source.name, reader_version(source)) if found else 0,
                "problems": found,
            }
        )
        if summary.crawl:
            CrawlTable(engine, source.name).judge(summary)
    if found:
        logs.note("source_ill", "error", source=source.name, problems=found, held=summary.held)
    return summary


def finish_run(
    settings: Settings,
    run_id: str,
    crawls: Sequence[CrawlSummary],
    stored: Sequence[StoreSummary],
    now: Clock,
) -> RunSummary:
    """Link and release what the dataset holds, and note the run as finished once that is done.

    The release is of the day on which it is begun. An ill source's new pages are not in the dataset. Where every source is ill the last release stays as it is.
    """
    ill = bool(crawls) and all(crawl.problems for crawl in crawls)
    told = {problem for crawl in crawls for problem in crawl.problems}
    blanked = load_blanked(settings)
    with database(settings.database_url) as engine:
        before = known(engine)
        linked = link(engine)
        logs.note("linked", **linked.model_dump())
        folder = None if ill else release(engine, settings.releases_dir, _day(now()), blanked=blanked)
        if folder:
            logs.note("released", release=str(folder))
        summary = RunSummary(
            run_id=run_id,
            crawls=list(crawls),
            stored=sum(stored, StoreSummary()),
            linked=linked,
            rows=count_rows(engine),
            release=folder,
            problems=[
                *(problem for crawl in crawls for problem in crawl.problems),
                # What a source's bounds say of a batch stands among the crawl's problems already.
                *(problem for summary in stored for problem in summary.problems if problem not in told),
            ],
        )
        finished = now()
        note_finished(engine, summary, finished)
        news = news_since(engine, before)
        news = news.model_copy(update={"newest": [blanked.text(line) for line in news.newest]})
    conclude(settings, summary, finished, news=news)
    return summary


def release_dataset(
    settings: Settings,
    now: datetime,
    *,
    date: str | None = None,
    bom: bool = False,
    progress: Progress | None = None,
) -> tuple[LinkSummary, Path]:
    """Link what the dataset holds and release it as of `date`, without: of `now`'s day in Vietnam.

    Raises `ValueError`, before anything is done, unless `date` is like `2025-01-07` and the list of what is blanked can be
    used.
    """
    date = _day(now) if date is None else date
    check_date(date)
    blanked = load_blanked(settings)
    with database(settings.database_url) as engine:
        if progress:
            progress("linking")
        linked = link(engine)
        logs.note("linked", **linked.model_dump())
        folder = release(engine, settings.releases_dir, date, bom=bom, blanked=blanked, progress=progress)
        logs.note("released", release=str(folder))
        return linked, folder


def load_blanked(settings: Settings) -> Redactions:
    """What releases blank. Raises `redact.RedactError`: a list that was named must be there."""
    return load_redactions(
        settings.redact, required=settings.redact != Settings.model_fields["redact"].default
    )


def take_answers(
    settings: Settings, answers: Sequence[Answer], *, by: str, now: datetime
) -> tuple[Taken, LinkSummary]:
    """Keep a person's answers and link the dataset by them: all of it or nothing."""
    with database(settings.database_url) as engine, writing(engine).begin() as connection:
        lock_dataset(connection)
        return decide(connection, answers, by=by, now=now), link_within(connection)


def _day(now: datetime) -> str:
    return now.astimezone(HANOI).date().isoformat()
