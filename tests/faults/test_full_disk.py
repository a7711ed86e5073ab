"""A disk that is full, and folders that are closed: a line that says so, nothing half done, and the next run goes on."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset.database import database
from pipeline.dataset.release.verify import verify
from pipeline.settings import ROOT
from tests.databases import all_rows
from tests.faults.killing import contents

TEXTS = [str(path) for path in sorted((ROOT / "corpus" / "gold").glob("*.txt"))[:10]]
PLACES = ("DB", "ARCHIVE", "RELEASES", "RUNS")
INGEST, RELEASE = ["ingest", *TEXTS], ["release", "--date", "2025-01-14"]


def command(folder: Path, *args: str, **places: Path) -> tuple[int, list[str]]:
    """The exit status of a command whose files are in `folder` but for `places`, and its lines on standard error."""
    where = {f"TONGKET_{name}": str(places.get(name, folder) / name.lower()) for name in PLACES}
    result = CliRunner().invoke(app, args, env=where)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stderr.splitlines()


def rows(file: Path) -> dict[str, Any]:
    with database(f"sqlite:///{file}") as engine:
        return all_rows(engine, seen=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a whole ingest and a release of 14 January leave."""
    folder = tmp_path_factory.mktemp("whole")
    for args in (INGEST, RELEASE):
        assert command(folder, *args)[0] == 0
    return folder


def check_comes_to_the_same(folder: Path, undisturbed: Path, **places: Path) -> None:
    for args in (INGEST, RELEASE):
        status, lines = command(folder, *args, **places)
        assert status == 0, lines
    assert rows(places.get("DB", folder) / "db") == rows(undisturbed / "db")
    made = places.get("RELEASES", folder) / "releases" / "2025-01-14"
    assert verify(made).problems == []
    ours, theirs = contents(made), contents(undisturbed / "releases" / "2025-01-14")
    for table in ("outcomes", "figures", "awards", "units"):
        assert ours[f"{table}.parquet"] == theirs[f"{table}.parquet"]


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes, as on a disk that is full there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.guard("full-disk")
@pytest.mark.parametrize("room", [1_000, 60_000, 150_000, 300_000])
def test_a_file_that_cannot_grow(room: int, undisturbed: Path, tmp_path: Path) -> None:
    assert command(tmp_path, "status")[0] == 0  # the database is there, and empty
    size = max(path.stat().st_size for path in tmp_path.glob("db*"))
    with files_at_most(size + room):
        status, lines = command(tmp_path, *INGEST)
    complaint = lines[-1]
    assert status == 2, lines
    assert complaint.endswith("start again: what is done is kept"), lines
    if (tmp_path / "releases").exists():
        assert [path for path in (tmp_path / "releases").glob("[!.]*") if verify(path).problems] == []
    check_comes_to_the_same(tmp_path, undisturbed)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes a disk of so many kilobytes, where this machine lets a test do that."""
    folder = tmp_path / "small"
    folder.mkdir()

    def make(kilobytes: int) -> Path:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tongket-test", str(folder)], capture_output=True, check=False
        )  # fmt: skip
        if mounted.returncode:
            pytest.skip("no disk can be made here: that takes root")
        return folder

    yield make
    if folder.is_mount():
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.guard("full-disk")
@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own takes root")
@pytest.mark.parametrize(
    ("place", "kilobytes"), [("DB", 700), ("ARCHIVE", 8), ("RELEASES", 300), ("RELEASES", 900)]
)
def test_a_full_disk(
    place: str, kilobytes: int, small_disk: Callable[[int], Path], undisturbed: Path, tmp_path: Path
) -> None:
    small = small_disk(kilobytes)
    status, lines = command(tmp_path, *INGEST, **{place: small})
    assert status == 2, lines
    assert lines[-1].endswith("start again: what is done is kept"), lines
    assert not (small / "releases" / "latest").exists()
    subprocess.run(["mount", "-o", "remount,size=40000k", str(small)], check=True)
    check_comes_to_the_same(tmp_path, undisturbed, **{place: small})


@pytest.mark.guard("full-disk")
def test_a_report_of_a_run_that_finds_no_room_costs_the_report_alone(
    small_disk: Callable[[int], Path], tmp_path: Path
) -> None:
    small = small_disk(4)
    (small / "filled").write_bytes(b"x" * 4096)
    status, lines = command(tmp_path, *INGEST, RUNS=small)
    assert status == 0, lines
    assert any("report" in line for line in lines), lines


@pytest.mark.guard("closed-folder")
@pytest.mark.parametrize("place", PLACES)
def test_a_folder_that_cannot_be_made(place: str, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.write_text("a file where a folder should be", encoding="utf-8")
    status, lines = command(tmp_path, *INGEST, **{place: closed})
    if place == "RUNS":
        assert status == 0, lines
    else:
        assert status == 2, lines
        assert str(closed) in lines[-1], lines


@pytest.mark.guard("closed-folder")
@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of its own takes root")
@pytest.mark.parametrize("place", PLACES[:3])
def test_a_disk_that_is_read_only(place: str, small_disk: Callable[[int], Path], tmp_path: Path) -> None:
    small = small_disk(9000)
    assert command(tmp_path, *INGEST, **{place: small})[0] == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    status, lines = command(
        tmp_path,
        *INGEST,
        str(ROOT / "corpus" / "gold" / "soc-trang-ky-ket-phuc-loi-2024.txt"),
        **{place: small},
    )
    assert status == 2, lines
    assert "read" in lines[-1].lower(), lines
