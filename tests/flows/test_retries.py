"""Tasks are tried again where that may help, and only there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from pipeline.crawl.sources import SourceError
from pipeline.settings import ROOT
from tests.databases import NewDatabase
from tests.flows.conftest import settings_in
from tests.prefect_server import Prefect, until


def refused(_: Path) -> BaseException:
    """The error of a PostgreSQL that is not there, as it comes."""
    from sqlalchemy import create_engine

    from tests.prefect_server import free_port

    with pytest.raises(OperationalError) as caught:
        create_engine(f"postgresql+psycopg://me@127.0.0.1:{free_port()}/none").connect()
    return caught.value


def sqlite_error(path: Path, statement: str) -> BaseException:
    """The error of an SQLite database that another one is writing, as it comes."""
    from sqlalchemy import create_engine, text

    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN EXCLUSIVE")
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text(statement))
    engine.dispose()
    other.close()
    return caught.value


@pytest.mark.guard("passing-trouble")
@pytest.mark.parametrize(
    ("error", "again"),
    [
        pytest.param(lambda path: sqlite_error(path, "SELECT * FROM t"), True, id="a locked database"),
        pytest.param(
            lambda path: sqlite_error(path, "SELEC 1"), False, id="a statement of ours that is wrong"
        ),
        pytest.param(refused, True, id="no PostgreSQL there"),
        pytest.param(
            lambda _: InterfaceError("SELECT", {}, Exception("closed"), connection_invalidated=True),
            True,
            id="a database connection that broke",
        ),
        pytest.param(
            lambda _: IntegrityError("INSERT", {}, Exception("unique")),
            False,
            id="a constraint of the dataset",
        ),
        pytest.param(lambda _: ConnectionRefusedError(111, "refused"), True, id="a connection refused"),
        pytest.param(lambda _: ConnectionResetError(104, "reset"), True, id="a connection reset"),
        pytest.param(lambda _: TimeoutError("too long"), True, id="no answer in time"),
        pytest.param(lambda _: ValueError("no such day"), False, id="an error of ours"),
        pytest.param(lambda _: SourceError("no manifest"), False, id="a bad manifest"),
        pytest.param(lambda _: FileNotFoundError(2, "none"), False, id="a file that is not there"),
        pytest.param(lambda _: KeyError("source"), False, id="a bug"),
    ],
)
def test_what_may_pass(error, again: bool, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from prefect.states import Failed

    from pipeline.tasks import may_pass

    assert may_pass(None, None, Failed(data=error(tmp_path / "t.db"))) is again


@contextmanager
def held_until_one_gave_up(url: str) -> Iterator[None]:
    """The dataset's lock, held until somebody has waited for it in vain."""
    import psycopg

    plain = url.replace("postgresql+psycopg", "postgresql")
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    locked, over = Event(), Event()

    def hold() -> None:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(7302026)")
            locked.set()

            def count() -> int:
                row = connection.execute(waiting).fetchone()
                return row[0] if row else 0

            until(lambda: over.is_set() or count() > 0, "somebody who waits")
            until(lambda: over.is_set() or count() == 0, "somebody who gives up")

    thread = Thread(target=hold)
    thread.start()
    assert locked.wait(10)
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.guard("locked-database")
def test_a_database_locked_for_a_moment(here: Prefect, new_database: NewDatabase, tmp_path: Path) -> None:
    from pipeline.flows import backfill
    from pipeline.stages import open_database

    url = new_database("postgresql")
    more = "&" if "?" in url else "?"
    settings = settings_in(
        tmp_path, database_url=f"{url}{more}options=-c%20lock_timeout%3D300", backoff_seconds=0.05
    )
    open_database(settings)
    texts = [
        str(ROOT / "corpus" / "gold" / f"{name}.txt")
        for name in ("ha-nam-tong-ket-2023", "nghe-an-tong-ket-2024")
    ]
    with held_until_one_gave_up(url):
        state = backfill(texts, settings=settings, sources=[], return_state=True)
    assert state.name == "Completed", state
    mine = str(state.state_details.flow_run_id)
    tries = until(
        lambda: [one["run_count"] for one in here.task_runs(mine) if one["state_name"] == "Completed"],
        "the task run",
    )
    assert tries == [2]
