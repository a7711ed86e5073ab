"""What the database behind a release knows and the release does not: pages as they were archived, how sources fare."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlalchemy import select

from pipeline.crawl.archive import Location, read_record
from pipeline.crawl.warc.index import ArchiveError
from pipeline.dataset.database import database, snapshot
from pipeline.dataset.schema import articles, crawls, pages
from pipeline.explore.rows import Row, clean
from pipeline.explore.state import SQLITE
from pipeline.settings import Settings
from pipeline.stages import load_blanked


class BehindError(ValueError):
    """A database that is not the one behind the release; the message names the release and says what to do."""


def check_behind(settings: Settings, folder: Path) -> None:
    """Raise `BehindError` unless the release in `folder` was made of the database: answers would go astray."""
    connection = sqlite3.connect(f"{(folder / SQLITE).resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        some = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id LIMIT 50")]
    finally:
        connection.close()
    with database(settings.database_url) as engine, engine.connect() as held:
        found = held.execute(select(articles.c.id).where(articles.c.id.in_(some)).limit(1)).first()
    if some and found is None:
        raise BehindError(f"{folder}: not made of this database: name the one behind it with --db")


def archived(settings: Settings, article: str) -> tuple[bytes, str] | None:
    """The page an article was read from, as it was fetched, and its media type; None where the archive has none.

    A page is whole or it is not shown: None too where anything of the article is blanked.
    """
    said = (articles.c.title, articles.c.lead, articles.c.byline, articles.c.text)
    query = (
        select(pages.c.warc_file, pages.c.warc_offset, *said)
        .join(articles, articles.c.page_url == pages.c.url)
        .where(articles.c.id == article, pages.c.warc_file.is_not(None))
    )
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:
        place = connection.execute(query).first()
    if place is None or load_blanked(settings).touches(*place[2:]):
        return None
    try:
        record = read_record(settings.archive_dir, Location(place.warc_file, place.warc_offset))
    except (ArchiveError, OSError):
        return None
    kind = (record.content_type or "text/plain").replace("\n", " ").replace("\r", " ")
    return record.body, kind if kind.lower().startswith("text/html") else "text/plain; charset=utf-8"


def health(settings: Settings) -> dict[str, Row]:
    """Source → how its last crawl came out: `at`, `healthy` and its first `problem`."""
    query = select(crawls).where(crawls.c.finished_at.is_not(None)).order_by(crawls.c.started_at)
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:
        found = connection.execute(query).mappings().all()
    return {
        row["source"]: {
            "at": row["finished_at"],
            "healthy": row["healthy"],
            "problem": clean(next(iter(_problems(row["report"])), "")),
        }
        for row in found
    }


def _problems(report: str | None) -> list[str]:
    told = json.loads(report or "{}")
    return [str(one) for one in told.get("problems", [])] if isinstance(told, dict) else []
