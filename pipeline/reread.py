"""The archive read again, without network: by a better parser, better extractors, or into an empty database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat

from sqlalchemy import update

from pipeline import stages
from pipeline.batches import read_here
from pipeline.crawl.archive import Entry, entries, read_record
from pipeline.crawl.parse import ParseError, parse_html
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Source
from pipeline.dataset.database import database, writing
from pipeline.dataset.pages import PageState, PageTable
from pipeline.dataset.schema import pages
from pipeline.dataset.takedowns import all_takedowns
from pipeline.ingest import Reader, free_source
from pipeline.runs.finish import reported
from pipeline.settings import Settings
from pipeline.summary import Progress, RunSummary, StoreSummary

_PAGES = ("text/html", "application/xhtml+xml")
_READ = (*_PAGES, "text/plain", "application/json")


class RereadError(Exception):
    """An archive that cannot be read again; the message names what is missing."""


def reread(
    settings: Settings,
    manifests: Sequence[Source],
    *,
    names: Sequence[str] = (),
    progress: Progress | None = None,
    read: Reader = read_here,
) -> RunSummary:
    """Parse and read every archived article of `names` (without: of all sources) again, store it and release.

    Pages that the archive holds and the database does not are noted first, so that the archive alone is enough. A
    reread that was killed is begun anew; nothing is half-stored. Raises `RereadError` on a name with no archive.
    """
    tell = progress or (lambda _line: None)
    held = sorted(path.name for path in settings.archive_dir.glob("*") if path.is_dir())
    for name in names:
        if name not in held:
            raise RereadError(  # before anything is done for the others
                f"{settings.archive_dir}: nothing archived of {name!r}: there is {', '.join(held) or 'nothing'}"
            )
    if not held:
        raise RereadError(
            f"{settings.archive_dir}: no archive here: crawl or ingest first, or set TONGKET_ARCHIVE"
        )
    known = {source.name: source for source in manifests}
    chosen = [known.get(name) or free_source(name) for name in names or held]
    run_id = stages.begin_run(settings, utc_now())
    stored: list[StoreSummary] = []
    with reported(settings, run_id, utc_now, stored=stored):
        for source in chosen:
            found = _restore(settings, source)
            tell(f"{source.title}: {found} pages that the database did not know" if found else source.title)
            _forget(settings, source)
            count = stages.count_unread_batches(settings, source)
            batches = chain(stages.unread_batches(settings, source), _earlier(settings, source))
            jobs = ((settings, one, batch, run_id) for one, batch in zip(repeat(source), batches))
            for done, summary in enumerate(read(jobs), start=1):
                rest = f" of {count}" if done <= count else ", of earlier wordings"
                tell(f"{source.title}: batch {done}{rest} read")
                stored.append(summary)
        tell("linking, writing the release")
        return stages.finish_run(settings, run_id, [], stored, utc_now)


def _earlier(settings: Settings, source: Source) -> Iterator[stages.Batch]:
    """What the archive holds of earlier wordings of the articles of `source`, in batches: their history."""
    with database(settings.database_url) as engine:
        table = PageTable(engine)
        older: list[PageState] = []
        for entry in _articles(settings, source):
            state = table.get(entry.url)
            if state is None or state.digest is None:
                continue
            if (state.warc_file, state.warc_offset) == (entry.location.file, entry.location.offset):
                continue
            if not _fits(settings, source, entry):
                continue
            if len(older) == settings.batch_size:
                yield older
                older = []
            older.append(
                replace(
                    state,
                    warc_file=entry.location.file,
                    warc_offset=entry.location.offset,
                    digest=entry.digest,
                    fetched_at=entry.fetched_at.isoformat(),
                )
            )
    if older:
        yield older


def _fits(settings: Settings, source: Source, entry: Entry) -> bool:
    """Whether an earlier copy wears a layout of the manifest: in another one, of a night that was held back perhaps, its
    text is a guess, and no wording."""
    if entry.mime not in _PAGES or not any(layout.body for layout in source.layouts):
        return True
    record = read_record(settings.archive_dir, entry.location)
    try:
        return (
            parse_html(record.body, entry.url, source=source, content_type=record.content_type).layout
            is not None
        )
    except ParseError:
        return False


def _articles(settings: Settings, source: Source) -> Iterator[Entry]:
    """The archive's records of articles of `source`, oldest first, without what was taken down."""
    with database(settings.database_url) as engine, engine.connect() as connection:
        gone = {one.url for one in all_takedowns(connection)}
    for entry in entries(settings.archive_dir, source.name):
        if (
            entry.url not in gone
            and entry.kind != "revisit"
            and entry.mime in _READ
            and entry.digest is not None
        ):
            is_ours = source.article(entry.url) == entry.url or _is_free(source)
            if entry.url.startswith("urn:") or is_ours:
                yield entry


def _forget(settings: Settings, source: Source) -> None:
    """Count nothing of `source` as read."""
    with database(settings.database_url) as engine, writing(engine).begin() as connection:
        connection.execute(update(pages).where(pages.c.source == source.name).values(read_digest=None))


def _restore(settings: Settings, source: Source) -> int:
    """Note the archived articles of `source` that the database has no good copy of; how many those were."""
    count = 0
    with database(settings.database_url) as engine:
        table = PageTable(engine)
        # Only the unknown are kept: of most archives that is nothing.
        latest: dict[str, Entry] = {}
        for entry in _articles(settings, source):
            if entry.url not in latest:
                old = table.get(entry.url)
                if old is not None and old.digest is not None:
                    continue
            latest[entry.url] = entry
        for url, entry in latest.items():
            count += 1
            fetched = entry.fetched_at.isoformat()
            table.put(
                PageState(
                    url,
                    source.name,
                    "article",
                    status=entry.status,
                    digest=entry.digest,
                    warc_file=entry.location.file,
                    warc_offset=entry.location.offset,
                    fetched_at=fetched,
                    checked_at=fetched,
                    outcome="new",
                    attempts=0,
                    media_type=entry.mime,
                )
            )
    return count


def _is_free(source: Source) -> bool:
    return source.base_url.endswith(".invalid")
