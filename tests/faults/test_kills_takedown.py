"""A takedown killed between any two steps: nothing half-done is there for anybody, and called again it is done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.crawl.archive import verify as verify_archive
from pipeline.dataset.release.verify import verify
from pipeline.settings import Settings
from tests.faults.killing import PROGRAM
from tests.faults.taken import cells, check_gone, check_places, small

URL = "https://bao.example.vn/a.html"
PATIENCE = 300.0
# The program ends itself before the n-th statement that begins so, or the n-th file operation of that name.
AIMED = f"""
import os, signal, sys
from sqlalchemy import Engine, event
left, aim = int(sys.argv.pop(1)), sys.argv.pop(1)
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(lambda name, told: count() if name == aim and "archive" + os.sep in str(told[0]) + os.sep else None)
event.listen(Engine, "before_cursor_execute", lambda c, k, words, *_: count() if words.startswith(aim) else None)
{PROGRAM}
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three texts, two of them one article: nobody writes into it."""
    folder = tmp_path_factory.mktemp("whole")
    small(folder, f"sqlite:///{folder}/t.db")
    return folder


def run(settings: Settings, *aim: str) -> int:
    program = [sys.executable, "-c", AIMED if aim else PROGRAM, *aim]
    told = {
        "TONGKET_DB": settings.database_url,
        "TONGKET_ARCHIVE": str(settings.archive_dir),
        "TONGKET_RELEASES": str(settings.releases_dir),
        "TONGKET_RUNS": str(settings.runs_dir),
    }
    arguments = ["takedown", URL, "--yes", "--reprints", "--delete-releases"]
    done = subprocess.run(
        [*program, *arguments], env=os.environ | told, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode


@pytest.mark.guard("takedown-killed")
@pytest.mark.parametrize(
    ("aim", "nth", "gone", "proves"),
    [
        ("INSERT INTO takedowns", 1, False, "before anything is written"),
        ("DELETE FROM articles", 1, False, "within the transaction: it is as if it had not begun"),
        ("os.rename", 1, True, "the list beside the archive is not written"),
        ("os.remove", 3, True, "the new file is there aside, the index still the old one's"),
        ("os.rename", 2, True, "the index is deleted, the old file still there"),
        ("os.rename", 3, True, "the new file is there, without an index"),
        ("UPDATE pages", 1, True, "the database still names the old places"),
        ("DELETE FROM outcomes", 2, True, "while the release is being linked"),
    ],
)
def test_killed(aim: str, nth: int, gone: bool, proves: str, whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "whole"
    shutil.copytree(whole, folder, symlinks=True)
    settings = Settings(
        database_url=f"sqlite:///{folder}/t.db",
        archive_dir=folder / "archive",
        releases_dir=folder / "releases",
        runs_dir=folder / "runs",
    )
    assert run(settings, str(nth), aim) == -signal.SIGKILL, f"{aim} {nth} never came"
    held = [cell for cell in cells(settings.database_url) if "Hồ Thị Chôm" in cell]
    assert bool(held) is not gone, proves
    assert verify(settings.releases_dir / "latest").problems == []
    assert list(verify_archive(settings.archive_dir)) == [], "each file is the old one or the new one"
    assert run(settings) == 0
    check_gone(settings, "Hồ Thị Chôm")
    check_places(settings)
    assert [path.name for path in settings.archive_dir.rglob("*.new")] == []
