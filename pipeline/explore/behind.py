"""What the database behind a release knows and the release does not: pages as they were archived, how sources fare."""

from __future__ import annotations

import json

from sqlalchemy import select

from pipeline.crawl.archive import Location, read_record
from pipeline.crawl.warc.index import ArchiveError
from pipeline.dataset.database import database, snapshot
from pipeline.dataset.schema import articles, crawls, pages
from pipeline.explore.rows import Row, clean
from pipeline.settings import Settings


def archived(settings: Settings, article: str) -> tuple[bytes, str] | None:
    """The page an article was read from, as it was fetched, and its media type; None where the archive has none."""
    query = (
        select(pages.c.warc_file, pages.c.warc_offset)
        .join(articles, articles.c.page_url == pages.c.url)
        .where(articles.c.id == article, pages.c.warc_file.is_not(None))
    )
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:
        place = connection.execute(query).first()
    if place is None:
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
