"""Opening the database: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url

from pipeline.dataset.migrate import bring_up, is_current

# For another process that writes: batches are small, but linking some hundred thousand figures takes a minute.
_WAIT_SECONDS = 600
_TRIES, _PAUSE = 40, 0.05  # seconds
_DATASET_LOCK = 7_302_026  # any number, not that of migrations


@contextmanager
def database(url: str, *, wait: float = _WAIT_SECONDS) -> Iterator[Engine]:
    """An engine on `url`, the schema brought to this version's, for a `with` block; an SQLite file's folder is made.

    Raises `migrate.SchemaError` where a newer version made it. On SQLite: write-ahead log, foreign keys on, and a
    writer waits for another one, `wait` seconds at most.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed)
    else:
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).resolve().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": wait})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        if not is_current(engine):
            with writing(engine).begin() as connection:
                bring_up(connection)
        yield engine
    finally:
        engine.dispose()


def writing(engine: Engine) -> Engine:
    """The engine for a transaction that writes: on SQLite it takes the write lock at its beginning.

    A transaction that reads first and then wants to write would fail at once if another one wrote in between.
    """
    return engine.execution_options(writes=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    # Of several that open a new file at once SQLite lets one set this, and tells the others at once that it is locked.
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_PAUSE)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def lock_dataset(connection: Connection) -> None:
    """Wait until no other transaction stores or links, and keep others waiting until this one ends.

    SQLite has one writer at a time anyway. On PostgreSQL two batches with one article, or a batch and a linking, would
    fail on each other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _DATASET_LOCK})


def snapshot(engine: Engine) -> Engine:
    """The engine for a transaction in which all tables show the same moment."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine
