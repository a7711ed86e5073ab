"""Reports into tables: one transaction a batch, and a second time round nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, Table, delete, func, insert, select
from sqlalchemy.engine import Connection

from extractors.records import Report
from pipeline.dataset.database import writing
from pipeline.dataset.pages import mark_read
from pipeline.dataset.rows import Row, article_row, conference_rows
from pipeline.dataset.schema import (
    RELEASED,
    articles,
    awards,
    checks,
    conferences,
    figures,
    people,
    units,
)
from pipeline.summary import StoreSummary

_BELOW = (checks, awards, figures, people, units)


@dataclass(frozen=True)
class Reading:
    """One article as read: its report, what the page said besides, and by which reader.

    `page_url` is the key of its row in `pages`, `page_digest` that of the page's bytes. `fetched_at` and `modified_at` are ISO 8601.
    """

    report: Report
    version: str
    page_url: str | None = None
    lead: str | None = None
    byline: str | None = None
    modified_at: str | None = None
    fetched_at: str | None = None
    page_digest: str | None = None


@dataclass(frozen=True)
class Unread:
    """An archived page that gave no article, and why."""

    url: str
    page_digest: str
    version: str
    reason: str


def store_reports(engine: Engine, batch: Sequence[Reading | Unread], run_id: str) -> StoreSummary:
    """Write a batch whole or not at all, and mark its pages as read.

    An article whose records are those of the dataset is left alone; one whose records changed has all its
    old rows replaced. An `Unread` page keeps the rows of its last good reading.
    """
    counts = {"new": 0, "changed": 0, "unchanged": 0, "failed": 0}
    with writing(engine).begin() as connection:
        for item in batch:
            if isinstance(item, Unread):
                counts["failed"] += 1
                mark_read(connection, [(item.url, item.page_digest, item.reason)], version=item.version)
                continue
            counts[_store(connection, item, run_id)] += 1
            if item.page_url and item.page_digest:
                mark_read(connection, [(item.page_url, item.page_digest, None)], version=item.version)
    return StoreSummary.model_validate(counts)


def count_rows(engine: Engine) -> dict[str, int]:
    """How many rows each released table holds."""
    with engine.connect() as connection:
        return {table.name: _count(connection, table) for table in RELEASED}


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _store(connection: Connection, reading: Reading, run_id: str) -> str:
    row = article_row(reading.report)
    row |= {
        "lead": reading.lead,
        "byline": reading.byline,
        "modified_at": reading.modified_at,
        "extractor_version": reading.version,
    }
    below = conference_rows(reading.report)
    digest = _digest(row, below)
    known = connection.execute(select(articles.c.digest).where(articles.c.id == row["id"])).scalar()
    if known == digest:
        return "unchanged"
    if known is not None:
        _delete(connection, row["id"])
    row |= {"fetched_at": reading.fetched_at, "run_id": run_id, "digest": digest}
    connection.execute(insert(articles).values(row))
    for table in (conferences, *reversed(_BELOW)):
        if rows := below[table.name]:
            connection.execute(insert(table), rows)
    return "new" if known is None else "changed"


def _delete(connection: Connection, article_id: str) -> None:
    mine = select(conferences.c.id).where(conferences.c.article_id == article_id)
    for table in _BELOW:
        connection.execute(delete(table).where(table.c.conference_id.in_(mine)))
    connection.execute(delete(conferences).where(conferences.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))


def _digest(row: Row, below: dict[str, list[Row]]) -> str:
    text = json.dumps([row, below], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
