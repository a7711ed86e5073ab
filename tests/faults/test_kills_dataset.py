"""Kill -9 while the archive is loaded, linked and released: no article is half there, no release half published."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine

from pipeline.crawl.site import crawl_site
from pipeline.crawl.sources import load_source
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageTable
from pipeline.dataset.schema import LINKED, READ
from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.settings import ROOT, load_settings
from tests.databases import KINDS, NewDatabase
from tests.faults.killing import (
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
# Two kills after each other, then a run that is left alone.
ROUNDS = (
    (("os.rename", 2), "write"),  # in the gap between two renames: no release has that name
    (("os.remove", 25), "link"),  # while the release that was replaced is cleared away
    (("os.rename", 1), "write"),
    (("os.symlink", 1), "write"),
    (("os.rename", 3), "link"),  # `latest` is made and not moved
)
LOADED = ("statement", "time", "linking statement", "time", "write")


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


@pytest.mark.guard("kills")
@pytest.mark.parametrize("kind", KINDS)
def test_killed_loads_leave_whole_articles(
    whole: Whole, kind: str, new_database: NewDatabase, tmp_path: Path
) -> None:
    chance = random.Random(f"tongket {kind}")
    done = number = 0
    while done < LOADS:
        number += 1
        origin = whole.program
        program = Program(tmp_path / f"run-{number}", origin.archive, origin.manifests, new_database(kind))
        for moment in LOADED[done % len(LOADED) :]:
            done += kill_load(program, moment, chance, whole)
            check_rows(program.url, whole)
            if (program.releases / "latest").is_symlink():
                check_releases(program.releases)
            if done >= LOADS or chance.random() < 0.5:
                break
        program.finish(*program.load)
        check_rows(program.url, whole)
        assert stored(program.url) == len(whole.read)
        date = (program.releases / "latest").readlink().name
        check_finished(program.releases, date, whole.release(date))


def kill_load(program: Program, moment: str, chance: random.Random, whole: Whole) -> bool:
    """Kill a load at such a moment; False where it was done before."""
    if moment == "write":
        return program.killed(*program.load, when=writes(program), later=chance.uniform(0, 0.5))
    if moment == "time":
        there = chance.randint(-1, len(whole.read) - 2)  # -1: while the tables are made
        return program.killed(*program.load, when=fills(program, there), later=chance.uniform(0, 0.05))
    if moment == "linking statement" or stored(program.url) > 0:
        table, number = chance.choice(LINKED), 1
    else:
        table, number = chance.choice(READ), chance.randint(1, 5)
    return program.killed_before(*program.load, aim=(f"INSERT INTO {table.name} ", number))


@pytest.mark.guard("kills")
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
    (program.releases / "latest").symlink_to(DATE)
    command = ["release", "--date", DATE]
    done = 0
    while done < RELEASES:
        shutil.rmtree(program.releases / DATE, ignore_errors=True)
        shutil.copytree(other, program.releases / DATE)
        aim, then = ROUNDS[done // 2 % len(ROUNDS)]
        done += program.killed_before(*command, aim=aim)
        there = check_releases(program.releases)
        assert there == (aim != ("os.rename", 2))
        if there:
            assert contents(program.releases / "latest") in (replaced, contents(expected))
        if done < RELEASES:
            moment = tells(program, "table 1 of" if then == "write" else "linking")
            done += program.killed(*command, when=moment, later=chance.uniform(0.01, 0.6))
            check_rows(program.url, whole)
            if check_releases(program.releases):
                assert contents(program.releases / "latest") in (replaced, contents(expected))
            else:
                assert then == "link", "begun, and the release before not put back"
        program.finish(*command)
        check_finished(program.releases, DATE, expected)
