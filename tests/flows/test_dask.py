"""A backfill read by a cluster of two processes comes to the same bytes as in one process, also where one is killed."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.dataset.database import database
from pipeline.dataset.schema import articles
from pipeline.ingest import ingest
from pipeline.inputs import BadInput
from tests.databases import NewDatabase
from tests.flows.conftest import settings_in
from tests.many_articles import write_warc
from tests.prefect_server import BIN, QUIET, Prefect, free_port, process, until

ARTICLES = int(os.environ.get("TONGKET_TEST_ARTICLES", "200"))  # `make scale` asks for 2,000
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


@pytest.fixture(scope="session")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_warc(tmp_path_factory.mktemp("warc") / "many.warc.gz", ARTICLES)


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


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "a worker is killed"])
def test_a_cluster_comes_to_the_same_release(
    here: Prefect, cluster: Cluster, new_database: NewDatabase, warc: Path, tmp_path: Path, killed: bool
) -> None:
    from threading import Thread

    from pipeline.flows import backfill

    bad: list[BadInput] = []
    alone = settings_in(tmp_path / "alone", database_url=new_database("postgresql"), batch_size=BATCH)
    begun = time.monotonic()
    one = ingest(alone, [], [str(warc)], complain=bad.append)
    told(f"{ARTICLES} articles in one process: {time.monotonic() - begun:.1f} s, {one.rows}")
    assert (one.stored.new, one.problems, bad, one.rows["articles"]) == (ARTICLES, [], [], ARTICLES)

    url = new_database("postgresql")
    settings = settings_in(tmp_path / "cluster", database_url=url, batch_size=BATCH)
    with database(url):
        pass
    address, workers = cluster()

    def kill_half_way() -> None:
        until(lambda: counted(url) >= ARTICLES // 3, "a third of the articles")
        workers[0].kill()

    killer = Thread(target=kill_half_way)
    if killed:
        killer.start()
    begun = time.monotonic()
    state = backfill([str(warc)], settings=settings, sources=[], dask=address, return_state=True)
    told(f"on two workers{', one killed' if killed else ''}: {time.monotonic() - begun:.1f} s, {state}")
    assert state.name == "Completed", state
    if killed:
        killer.join()
        assert workers[0].wait(5) == -9
    assert one.release is not None
    expected, found = files(one.release), files(settings.releases_dir / one.release.name)
    assert sorted(expected) == sorted(found)
    assert [name for name in expected if expected[name] != found[name]] == []
