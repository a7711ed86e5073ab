"""The steps of a takedown, in an order in which nothing half-done is ever read or published.

First the database, in one transaction: from then on no crawl, reading or release has any of it. Then the archive, file by
file; the places that the database knows; the reports on runs; a release; the bytes that deleting leaves. Killed between
any two, a takedown is called again and goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from pipeline import logs
from pipeline.crawl.site import alone
from pipeline.crawl.sources import Source
from pipeline.crawl.urls import URLError
from pipeline.crawl.warc.index import ArchiveError
from pipeline.dataset.database import database, writing
from pipeline.dataset.pages import PageTable
from pipeline.dataset.release.publish import delete_releases
from pipeline.dataset.takedowns import Takedown, all_takedowns, drop, put, read_list, write_list
from pipeline.runs.news import lines_on
from pipeline.runs.report import forget_lines
from pipeline.settings import Settings
from pipeline.stages import release_dataset
from pipeline.summary import Progress
from pipeline.takedown.held import Held, look, spellings
from pipeline.takedown.records import agree, clear_left, remove_records
from pipeline.takedown.rows import BusyError, remove_rows, scrub


class TakedownError(Exception):
    """What keeps a takedown from being begun or finished; the message says what to do."""


@dataclass
class TakenDown:
    """What was removed. `records` of the archive, `release` the new one; `holding` are older ones that still hold it."""

    held: Held
    records: int = 0
    release: Path | None = None
    deleted: list[Path] = field(default_factory=list)
    holding: list[Path] = field(default_factory=list)


def look_up(settings: Settings, manifests: Sequence[Source], url: str, *, reprints: bool = False) -> Held:
    """What a takedown of `url` would remove; nothing is changed. Raises `TakedownError` where it is no address."""
    with database(settings.database_url) as engine:
        return _look(engine, settings, manifests, url, reprints=reprints)


def take_down(
    settings: Settings,
    manifests: Sequence[Source],
    url: str,
    now: datetime,
    *,
    reason: str | None = None,
    reprints: bool = False,
    delete_old: bool = False,
    progress: Progress | None = None,
) -> TakenDown:
    """Remove what is held of `url`, keep it out from now on, and make a release without it.

    With `reprints` the same text at other addresses goes too; with `delete_old` so do the releases that hold any of it.
    What a takedown that was killed left undone is done first of all. Raises `TakedownError`.
    """
    tell = progress or (lambda _line: None)
    with database(settings.database_url) as engine:
        read_list(engine, settings.archive_dir)
        tell("looking for what is held")
        held = _look(engine, settings, manifests, url, reprints=reprints)
        with _undisturbed(settings, held):
            held = _look(engine, settings, manifests, url, reprints=reprints)
            done = TakenDown(held)
            with engine.connect() as connection:
                lines = lines_on(connection, [one.id for one in held.articles])
            forget_lines(settings.runs_dir, lines)
            tell("removing it from the database")
            remove_rows(engine, held, reason=reason, now=now.isoformat())
            with engine.connect() as connection:
                write_list(connection, settings.archive_dir)
            tell("removing it from the archive")
            try:
                clear_left(settings.archive_dir)
                done.records = remove_records(settings.archive_dir, held.records)
            except ArchiveError as error:
                raise TakedownError(f"{error}; then take it down again") from error
            agree(engine, settings.archive_dir)
    tell("writing a release without it")
    _, done.release = release_dataset(settings, now, progress=progress)
    old = [folder for folder in held.releases if folder.name != done.release.name]
    if delete_old:
        delete_releases(settings.releases_dir, [folder.name for folder in old])
        done.deleted = old
    else:
        done.holding = old
    tell("overwriting what was deleted")
    with database(settings.database_url) as engine:
        try:
            scrub(engine)
        except BusyError as error:
            raise TakedownError(
                f"{error}: all is removed but for bytes in the database's file: close what uses it, and take it down again"
            ) from error
        _note_done(engine, settings, held.urls, now)
    logs.note("taken_down", url=held.urls[0], articles=len(held.articles), records=done.records)
    return done


def restore(settings: Settings, manifests: Sequence[Source], url: str) -> int:
    """Let `url` be fetched again, in all its spellings; how many addresses were kept out. What was removed stays gone.

    The next crawl of the source asks for it, whether or not a list still shows it.
    """
    urls = _spellings(url, manifests)
    with database(settings.database_url) as engine:
        read_list(engine, settings.archive_dir)
        with writing(engine).begin() as connection:
            count = drop(connection, urls)
            # Before the transaction ends: were it the other way round, a list left behind would bring the row back.
            write_list(connection, settings.archive_dir)
        for source in manifests if count else ():
            if (article := source.article(urls[0])) is not None:
                PageTable(engine).find(source.name, [(article, "taken down no more")])
        return count


def _look(
    engine: Engine, settings: Settings, manifests: Sequence[Source], url: str, *, reprints: bool
) -> Held:
    urls = _spellings(url, manifests)
    with engine.connect() as connection:
        known = all_takedowns(connection)
        mine = [one for one in known if one.url in urls or one.done_at is None]
        return look(connection, settings, manifests, urls, mine, reprints=reprints)


def _spellings(url: str, manifests: Sequence[Source]) -> list[str]:
    try:
        return spellings(url.strip(), manifests)
    except URLError as error:
        raise TakedownError(str(error)) from error


def _note_done(engine: Engine, settings: Settings, urls: Sequence[str], now: datetime) -> None:
    with writing(engine).begin() as connection:
        known: dict[str, Takedown] = {one.url: one for one in all_takedowns(connection)}
        put(connection, [replace(known[url], done_at=now.isoformat()) for url in urls if url in known])
        write_list(connection, settings.archive_dir)


@contextmanager
def _undisturbed(settings: Settings, held: Held) -> Iterator[None]:
    """No crawl of the sources whose archive is about to be written anew. Raises `TakedownError` where one is under way."""
    with ExitStack() as stack:
        for name in sorted({file.partition("/")[0] for file in held.records.files}):
            if not stack.enter_context(alone(settings.archive_dir / name)):
                raise TakedownError(f"{name}: a run is crawling it now: take it down when that has ended")
        yield
