"""Opening the database: SQLite by default, any other that SQLAlchemy knows by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import Connection, make_url

from pipeline.dataset.schema import metadata

_WAIT_SECONDS = 30  # for another process that writes; batches are small


@contextmanager
def database(url: str) -> Iterator[Engine]:
    """An engine on `url`, all tables and columns in place, for a `with` block; an SQLite file's folder is made.

    On SQLite: write-ahead log, foreign keys on, and a writer waits for another one.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed)
    else:
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).resolve().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _WAIT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with writing(engine).begin() as connection:
            metadata.create_all(connection)
            _add_missing_columns(connection)
        yield engine
    finally:
        engine.dispose()


def _add_missing_columns(connection: Connection) -> None:
    """Give tables of an earlier version the columns added since, empty: what was archived is read anew and fills them."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name in present:
                continue
            quote = connection.dialect.identifier_preparer.quote
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(table.name)} ADD COLUMN {quote(column.name)} {kind}"
            )


def writing(engine: Engine) -> Engine:
    """The engine for a transaction that writes: on SQLite it takes the write lock at its beginning.

    A transaction that reads first and then wants to write would fail at once if another one wrote in between.
    """
    return engine.execution_options(writes=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
