"""A takedown in the database: one transaction for all that readers see, then the bytes that deleting leaves behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from sqlalchemy import Connection, Engine, delete, or_, text

from pipeline.dataset.database import lock_dataset, writing
from pipeline.dataset.link import link_within
from pipeline.dataset.schema import article_versions, articles, decisions, links, metadata, pages
from pipeline.dataset.store import delete_below
from pipeline.dataset.takedowns import Takedown, put
from pipeline.takedown.held import Held


class BusyError(Exception):
    """A database that somebody else uses, so that its deleted bytes cannot be overwritten now."""


def remove_rows(engine: Engine, held: Held, *, reason: str | None, now: str) -> None:
    """Note `held` as taken down, delete all rows of it and link what is left, whole or not at all."""
    names = [one.id for one in held.articles]
    made = [
        Takedown(url, now, tuple(sorted(held.digests)), tuple(sorted(names)), reason) for url in held.urls
    ]
    with writing(engine).begin() as connection:
        lock_dataset(connection)
        put(connection, made)
        if names:
            delete_articles(connection, names, held.decisions)
        connection.execute(
            delete(pages).where(or_(pages.c.url.in_(held.urls), pages.c.alias_of.in_(held.urls)))
        )
        if names:
            link_within(connection)


def delete_articles(connection: Connection, names: Collection[str], decided: Collection[str]) -> None:
    """Delete the articles `names` with all that hangs below them, and the decisions `decided`, which quote them."""
    connection.execute(delete(links).where(links.c.decision_id.in_(decided)))
    connection.execute(delete(decisions).where(decisions.c.id.in_(decided)))
    delete_below(connection, list(names))
    connection.execute(delete(article_versions).where(article_versions.c.article_id.in_(names)))
    connection.execute(delete(articles).where(articles.c.id.in_(names)))


def scrub(engine: Engine) -> None:
    """Write the database's files anew, so that no deleted row is left in a free page or in the log of changes.

    Raises `BusyError` where another program has it open.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            quote = connection.dialect.identifier_preparer.quote
            for table in metadata.sorted_tables:
                connection.execute(text(f"VACUUM (FULL) {quote(table.name)}"))
            return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.execute("VACUUM")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        raise BusyError(str(error)) from error
    finally:
        raw.close()
    if busy:
        raise BusyError("another program has the database open")
