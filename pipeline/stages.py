"""The stages of a run as plain functions: the same ones with and without Prefect."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

from sqlalchemy import insert, make_url, update
from sqlalchemy.exc import SQLAlchemyError

import extractors
from pipeline.archived import parse_archived
from pipeline.crawl import page, parse
from pipeline.crawl.archive import Location, read_record
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
from pipeline.dataset.schema import runs
from pipeline.dataset.store import Reading, Unread, count_rows, store_reports
from pipeline.review.answers import Answer, Taken, decide
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, LinkSummary, Progress, RunSummary, StoreSummary

Batch = list[PageState]


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
    """Open the database, note a new run in it, and return its id: `20250107T190000.123456Z`."""
    run_id = now.strftime("%Y%m%dT%H%M%S.%fZ")
    with database(settings.database_url) as engine, writing(engine).begin() as connection:
        connection.execute(insert(runs).values(id=run_id, started_at=now.isoformat()))
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
    with database(settings.database_url) as engine:
        return crawl_site(settings, source, PageTable(engine), progress=progress, now=now, window=window)


def unread_batches(settings: Settings, source: Source) -> list[Batch]:
    """What the archive holds of `source` and the dataset does not, in batches.

    That is this run's pages, those that a killed run left, and all once the extractors or the manifest
    changed.
    """
    with database(settings.database_url) as engine:
        states = PageTable(engine).unread(source.name, reader_version(source))
    size = settings.batch_size
    return [states[start : start + size] for start in range(0, len(states), size)]


def read_batch(
    settings: Settings, source: Source, batch: Batch, run_id: str, *, crawled: CrawlSummary | None = None
) -> StoreSummary:
    """Parse, read and store one batch, in one transaction.

    With `crawled`, the crawl before this reading, the batch's share of unions' events is held against the source's
    bounds first: on a breach nothing is stored and the summary's `problems` say so.
    """
    version = reader_version(source)
    readings = [read_page(settings.archive_dir, source, state, version) for state in batch]
    with database(settings.database_url) as engine:
        if crawled is not None:
            new = [reading.report.article.relevant for reading in readings if isinstance(reading, Reading)]
            before = CrawlTable(engine, source.name).healthy(crawled.mode, NIGHTS)
            if problems := check_relevance(source, crawled, before, read=len(new), relevant=sum(new)):
                return StoreSummary(problems=problems)
        return store_reports(engine, readings, run_id)


def read_page(archive_dir: Path, source: Source, state: PageState, version: str) -> Reading | Unread:
    """One archived page, parsed and read. What goes wrong with one article is recorded, not raised."""
    assert state.warc_file is not None, "an unread page has a record"
    assert state.warc_offset is not None, "an unread page has a record"
    assert state.digest is not None, "an unread page has a digest"
    try:
        record = read_record(archive_dir, Location(state.warc_file, state.warc_offset))
        url = None if state.url.startswith("urn:") else state.url
        parsed = parse_archived(record, url, source)
        report = extractors.read(
            parsed.text, title=parsed.title, published=parsed.published, url=url, source=source.name
        )
    except Exception as error:  # noqa: BLE001  one odd article must not stop a night's run
        reason = f"{type(error).__name__}: {error}"[:500]
        return Unread(url=state.url, page_digest=state.digest, version=version, reason=reason)
    return Reading(
        report=report,
        version=version,
        page_url=state.url,
        lead=parsed.lead,
        byline=parsed.byline,
        modified_at=parsed.modified,
        fetched_at=state.fetched_at,
        page_digest=state.digest,
    )


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
                "held": len(table.unread(source.name, reader_version(source))) if found else 0,
                "problems": found,
            }
        )
        if summary.crawl:
            CrawlTable(engine, source.name).judge(summary)
    return summary


def finish_run(
    settings: Settings,
    run_id: str,
    crawls: Sequence[CrawlSummary],
    stored: Sequence[StoreSummary],
    now: datetime,
) -> RunSummary:
    """Link and release what the dataset holds, and note the run as finished.

    An ill source's new pages are not in the dataset. Where every source is ill the last release stays as it is.
    """
    ill = bool(crawls) and all(crawl.problems for crawl in crawls)
    told = {problem for crawl in crawls for problem in crawl.problems}
    date = _day(now)
    with database(settings.database_url) as engine:
        linked = link(engine)
        summary = RunSummary(
            run_id=run_id,
            crawls=list(crawls),
            stored=sum(stored, StoreSummary()),
            linked=linked,
            rows=count_rows(engine),
            release=None if ill else release(engine, settings.releases_dir, date),
            problems=[
                *(problem for crawl in crawls for problem in crawl.problems),
                # What a source's bounds say of a batch stands among the crawl's problems already.
                *(problem for summary in stored for problem in summary.problems if problem not in told),
            ],
        )
        with writing(engine).begin() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(finished_at=now.isoformat(), summary=summary.model_dump_json())
            )
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

    Raises `ValueError`, before anything is done, unless `date` is like `2025-01-07`.
    """
    date = _day(now) if date is None else date
    check_date(date)
    with database(settings.database_url) as engine:
        if progress:
            progress("linking")
        linked = link(engine)
        return linked, release(engine, settings.releases_dir, date, bom=bom, progress=progress)


def take_answers(
    settings: Settings, answers: Sequence[Answer], *, by: str, now: datetime
) -> tuple[Taken, LinkSummary]:
    """Keep a person's answers and link the dataset by them: all of it or nothing."""
    with database(settings.database_url) as engine, writing(engine).begin() as connection:
        lock_dataset(connection)
        return decide(connection, answers, by=by, now=now), link_within(connection)


def _day(now: datetime) -> str:
    return now.astimezone(HANOI).date().isoformat()


def reader_version(source: Source) -> str:
    """What a reading depends on besides the page: code and lexicon of the extractors, parser, manifest.

    `0.1.0+3f9a1c0e5b7d`; it changes when any of them does, and everything archived is then read anew.
    """
    manifest = source.model_copy(update={"base_url": "http://-"}).model_dump_json()
    digest = hashlib.sha256((_code_digest() + manifest).encode()).hexdigest()
    return f"0.1.0+{digest[:12]}"


@cache
def _code_digest() -> str:
    digest = hashlib.sha256(inspect.getsource(parse).encode())
    for package in (page, extractors):
        with resources.as_file(resources.files(package)) as folder:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in {".py", ".tsv"}:
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
