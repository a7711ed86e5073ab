"""A backfill read by a cluster of two processes comes to the same bytes as in one process, also where one is killed."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.dataset.database import database
from pipeline.dataset.schema import articles
from pipeline.ingest import ingest
from pipeline.inputs import BadInput
from tests.databases import NewDatabase, Server
from tests.flows.conftest import settings_in
from tests.many_articles import write_warc
from tests.prefect_server import BIN, QUIET, Prefect, free_port, process, recorded, until

FEW = 200
ARTICLES = int(os.environ.get("TONGKET_TEST_ARTICLES", FEW))  # `make scale` asks for 2,000
BATCH = 10

Cluster = Callable[[], tuple[str, list[Any]]]


def files(release: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(release)): path.read_bytes() for path in release.rglob("*") if path.is_file()
    }


def counted(url: str) -> int:
    with database(url) as engine, engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(articles)).scalar_one()


def told(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Starts a Dask scheduler and two workers of one thread, each a process: its address and the workers."""
    with ExitStack() as stack:

        def start() -> tuple[str, list[Any]]:
            address = f"tcp://127.0.0.1:{free_port()}"
            where = ("--host", "127.0.0.1", "--no-dashboard")
            log = tmp_path / "scheduler.log"
            stack.enter_context(
                process(
                    BIN / "dask",
                    "scheduler",
                    *where,
                    "--port",
                    address.rpartition(":")[2],
                    env=QUIET,
                    log=log,
                )
            )
            workers = []
            for number in range(2):
                command = (BIN / "dask", "worker", address, *where, "--nthreads", "1", "--no-nanny")
                place = ("--local-directory", tmp_path / f"worker-{number}")
                workers.append(
                    stack.enter_context(process(*command, *place, env=QUIET, log=tmp_path / "worker.log"))
                )
            known = re.compile(r"Register worker")
            until(lambda: len(known.findall(log.read_text("utf-8", "replace"))) == 2, "two workers")
            return address, workers

        yield start


@pytest.fixture(scope="module")
def alone(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release that one process makes of all articles."""
    settings = settings_in(tmp_path_factory.mktemp("alone"), database_url=server.create(), batch_size=BATCH)
    warc = write_warc(tmp_path_factory.mktemp("warc") / "many.warc.gz", ARTICLES)
    bad: list[BadInput] = []
    begun = time.monotonic()
    done = ingest(settings, [], [str(warc)], complain=bad.append)
    told(f"{ARTICLES} articles in one process: {time.monotonic() - begun:.1f} s")
    assert (done.stored.new, done.problems, bad, done.rows["articles"]) == (ARTICLES, [], [], ARTICLES)
    assert done.release is not None
    server.drop(settings.database_url)
    return done.release


# A loss undone shows the rest too: without one it is looked at where there is time.
@pytest.mark.guard("lost-worker")
@pytest.mark.parametrize(
    "killed",
    [
        pytest.param(True, id="a worker is killed"),
        pytest.param(
            False,
            id="undisturbed",
            marks=pytest.mark.skipif(ARTICLES <= FEW, reason="for `make scale`"),
        ),
    ],
)
def test_a_cluster_comes_to_the_same_release(
    here: Prefect, cluster: Cluster, new_database: NewDatabase, alone: Path, tmp_path: Path, killed: bool
) -> None:
    from pipeline.flows import backfill

    url = new_database("postgresql")
    settings = settings_in(tmp_path / "cluster", database_url=url, batch_size=BATCH)
    with database(url):
        pass
    address, workers = cluster()
    warc = str(write_warc(tmp_path / "many.warc.gz", ARTICLES))

    def kill_half_way() -> None:
        until(lambda: counted(url) >= ARTICLES // 3, "a third of the articles")
        workers[0].kill()

    killer = Thread(target=kill_half_way)
    if killed:
        killer.start()
    begun = time.monotonic()
    state = backfill([warc], settings=settings, sources=[], dask=address, return_state=True)
    told(f"on two workers{', one killed' if killed else ''}: {time.monotonic() - begun:.1f} s, {state}")
    assert state.name == "Completed", state
    if killed:
        killer.join()
        assert workers[0].wait(5) == -9
    for kind in ("dask scheduler", "dask worker"):  # watched for connections to elsewhere
        assert any(kind in line for line in recorded()), recorded()
    expected, found = files(alone), files(settings.releases_dir / alone.name)
    assert sorted(expected) == sorted(found)
    assert [name for name in expected if expected[name] != found[name]] == []
