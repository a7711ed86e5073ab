"""A database server that is started anew while the program writes, and a file that goes away under it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset.database import database
from pipeline.dataset.schema import articles
from pipeline.settings import ROOT
from tests.databases import NewDatabase, Server, all_rows

TEXTS = [str(path) for path in sorted((ROOT / "corpus" / "gold").glob("*.txt"))[:10]]


def ingest(url: str, folder: Path) -> tuple[int, list[str]]:
    """The exit status of an ingest in small batches, and its lines on standard error."""
    env = {f"TONGKET_{name}": str(folder / name.lower()) for name in ("ARCHIVE", "RELEASES", "RUNS")}
    result = CliRunner().invoke(app, ["ingest", *TEXTS], env=env | {"TONGKET_DB": url, "TONGKET_BATCH": "1"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stderr.splitlines()


def rows(url: str) -> dict[str, Any]:
    with database(url) as engine:
        return all_rows(engine, seen=False)


def stored(url: str) -> int:
    """How many articles are there; 0 where nobody can say."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(articles)).scalar_one()
    except DatabaseError:
        return 0
    finally:
        engine.dispose()


def meanwhile(url: str, there: int, action: Callable[[], None], over: Event) -> Thread:
    """A thread that acts once so many articles are stored."""

    def act() -> None:
        while stored(url) < there and not over.is_set():
            time.sleep(0.02)
        if not over.is_set():
            action()

    thread = Thread(target=act)
    thread.start()
    return thread


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The rows of a whole ingest."""
    folder = tmp_path_factory.mktemp("whole")
    url = f"sqlite:///{folder}/t.db"
    assert ingest(url, folder)[0] == 0
    return rows(url)


@pytest.mark.guard("lost-database")
@pytest.mark.parametrize("there", [1, 4])
def test_a_server_that_is_started_anew(
    there: int, server: Server, new_database: NewDatabase, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    url, over = new_database("postgresql"), Event()
    thread = meanwhile(url, there, server.restart, over)
    status, lines = ingest(url, tmp_path)
    over.set()
    thread.join()
    assert status in {1, 2}, lines  # some of it failed, or all
    assert any("server" in line or "connection" in line for line in lines), lines
    status, lines = ingest(url, tmp_path)
    assert status == 0, lines
    assert rows(url) == undisturbed


@pytest.mark.guard("lost-database")
def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    status, lines = ingest("postgresql+psycopg://nobody@127.0.0.1:1/t", tmp_path)
    assert status == 2, lines
    assert len(lines) == 1, lines
    assert "127.0.0.1" in lines[0], lines


def move(old: Path, new: Path) -> None:
    old.rename(new)


@pytest.mark.guard("lost-database")
def test_a_file_that_goes_away(undisturbed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    url, over = f"sqlite:///{tmp_path}/here/t.db", Event()
    thread = meanwhile(url, 3, lambda: move(tmp_path / "here", tmp_path / "gone"), over)
    status, lines = ingest(url, tmp_path)
    over.set()
    thread.join()
    assert (tmp_path / "gone").exists()
    # Gone between two batches, before the run's first question, or in the middle of a batch, which is told.
    assert status in {0, 2} or (status == 1 and "failed" in lines[-1]), lines
    (tmp_path / "here").mkdir(exist_ok=True)
    assert ingest(url, tmp_path)[0] == 0
    assert rows(url) == undisturbed  # from nothing, or from what is there
