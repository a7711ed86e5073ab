"""The database's schema brought to what this version needs, by Alembic migrations; nothing of the archive is lost.

`python -m pipeline.dataset.migrate "what changes"` drafts a migration after the tables in `schema` were changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select, text

from pipeline.dataset.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The newest migration; `migrations/versions` has them all."""

_FIRST = "0001"
_FOLDER = Path(__file__).with_name("migrations")
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_LOCK = 7_302_025  # any number: who brings up a PostgreSQL database holds this lock


class SchemaError(Exception):
    """A database whose schema this version of tongket cannot use; the message says what to do."""


def is_current(engine: Engine) -> bool:
    """Whether the schema is that of this version: one look, no lock."""
    with engine.connect() as connection:
        return _revision(connection) == HEAD


def bring_up(connection: Connection) -> None:
    """Make the tables of an empty database, or migrate those of an earlier version, in the caller's transaction.

    Raises `SchemaError` where a newer version made them.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    there = _revision(connection)
    if there == HEAD:
        return
    if there is None and not inspect(connection).has_table("pages"):
        metadata.create_all(connection)
        _VERSION.create(connection, checkfirst=True)
        connection.execute(insert(_VERSION).values(version_num=HEAD))
        return
    from alembic import command  # noqa: PLC0415  a tenth of a second that most calls need not spend

    config = _config(connection)
    if there is None:  # made before there were migrations
        _add_missing_columns(connection)
        command.stamp(config, _FIRST)
    elif there not in _known(config):
        raise SchemaError(
            f"its schema is {there!r}, made by a newer tongket than this one, which knows up to {HEAD!r}: "
            "update tongket, or name another database with --db"
        )
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar()


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _known(config: Config) -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _add_missing_columns(connection: Connection) -> None:
    """Give tables of before the first migration the columns that came later, empty: a reread fills them."""
    from importlib import import_module  # noqa: PLC0415

    first: Any = import_module("pipeline.dataset.migrations.versions.0001_first")
    first.tables.create_all(connection)
    inspector = inspect(connection)
    for table in first.tables.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                quote = connection.dialect.identifier_preparer.quote
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(
                    f"ALTER TABLE {quote(table.name)} ADD COLUMN {quote(column.name)} {kind}"
                )


def draft(message: str) -> None:
    """Write the next migration: what brings the newest one's tables to those of `schema`. Look it over."""
    from alembic import command  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415

    with create_engine("sqlite://").connect() as connection:
        config = _config(connection)
        command.upgrade(config, "head")
        number = f"{len(_known(config)) + 1:04d}"
        command.revision(config, message, autogenerate=True, rev_id=number)
    sys.stdout.write(f"drafted migration {number}; set HEAD in {Path(__file__).name} once it is right\n")


if __name__ == "__main__":
    draft(sys.argv[1])
