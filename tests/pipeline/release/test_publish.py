"""A release is there whole or not at all: replaced, recovered, and two at once one after the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.dataset.release.publish import SUMS, publishing, release_before
from pipeline.settings import ROOT

HOLD = """\
import sys, time
from pathlib import Path
from pipeline.dataset.release.publish import publishing
out, date, go = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
with publishing(out, date) as folder:
    (folder / "a.txt").write_text(date)
    go.with_name(f"in-{date}").touch()
    while not go.exists():
        time.sleep(0.01)
"""


def publish(out: Path, date: str, **files: str) -> Path:
    with publishing(out, date) as folder:
        for name, text in (files or {"a": "một"}).items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return out / date


def there(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir() if path.name != ".lock")


def hold(out: Path, date: str, go: Path) -> subprocess.Popen[bytes]:
    """Another process that begins a release and ends it once the file `go` is there."""
    return subprocess.Popen([sys.executable, "-c", HOLD, str(out), date, str(go)], cwd=ROOT)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < end, f"{path} does not come"
        time.sleep(0.01)


def test_a_date_is_replaced_whole(tmp_path: Path) -> None:
    first = publish(tmp_path, "2025-01-14", a="một", b="hai")
    assert (first / SUMS).read_text(encoding="utf-8").splitlines()[0].endswith("  a.txt")
    publish(tmp_path, "2025-01-14", a="ba")
    assert sorted(path.name for path in first.iterdir()) == [SUMS, "a.txt"]
    assert (first / "a.txt").read_text(encoding="utf-8") == "ba"
    assert there(tmp_path) == ["2025-01-14", "latest"]


@pytest.mark.parametrize(
    ("dates", "latest", "proves"),
    [
        (["2025-01-14"], "2025-01-14", "the only one"),
        (["2025-01-14", "2025-01-15"], "2025-01-15", "a newer one"),
        (["2025-01-15", "2025-01-14"], "2025-01-15", "an older one made later"),
        (["2025-01-14", "2025-01-15", "2025-01-14"], "2025-01-15", "an older one made anew"),
        (["2024-12-31", "2025-01-01"], "2025-01-01", "of another year"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_latest_is_the_newest(tmp_path: Path, dates: list[str], latest: str, proves: str) -> None:
    for date in dates:
        publish(tmp_path, date)
    assert (tmp_path / "latest").readlink() == Path(latest), proves
    assert (tmp_path / "latest" / SUMS).is_file()


@pytest.mark.parametrize(
    ("left", "expected", "proves"),
    [
        ({}, {"2025-01-13": "một"}, "nothing is left over"),
        ({".2025-01-14.new": "nửa"}, {"2025-01-13": "một"}, "one that had only begun"),
        ({".2025-01-13.old": "cũ"}, {"2025-01-13": "một"}, "killed before the old one was cleared away"),
        ({".2025-01-12.old": "cũ"}, {"2025-01-12": "cũ", "2025-01-13": "một"}, "killed between the two renames"),
        (
            {".2025-01-12.old": "cũ", ".2025-01-12.new": "mới"},
            {"2025-01-12": "cũ", "2025-01-13": "một"},
            "the same, with the new one whole: nobody can know that",
        ),
        ({".2025-01-15.new": "nửa", ".2025-01-16.new": "nửa"}, {"2025-01-13": "một"}, "several"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_killed_one_left(
    tmp_path: Path, left: dict[str, str], expected: dict[str, str], proves: str
) -> None:
    publish(tmp_path, "2025-01-13")
    for name, text in left.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text, encoding="utf-8")
    publish(tmp_path, "2025-01-14", a="hai")
    found = {name: (tmp_path / name / "a.txt").read_text(encoding="utf-8") for name in there(tmp_path)}
    assert found == {**expected, "2025-01-14": "hai", "latest": "hai"}, proves


@pytest.mark.guard("half-written-output")
def test_a_killed_one_leaves_the_release_before(tmp_path: Path) -> None:
    publish(tmp_path / "r", "2025-01-14")
    process = hold(tmp_path / "r", "2025-01-14", tmp_path / "go")
    wait_for(tmp_path / "in-2025-01-14")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (tmp_path / "r" / ".2025-01-14.new").is_dir(), "it was in the midst of it"
    assert (tmp_path / "r" / "latest" / "a.txt").read_text(encoding="utf-8") == "một"
    publish(tmp_path / "r", "2025-01-15")
    assert there(tmp_path / "r") == ["2025-01-14", "2025-01-15", "latest"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()], ids=["an error", "an interruption"])
def test_a_failing_block_leaves_the_release_before(tmp_path: Path, error: BaseException) -> None:
    publish(tmp_path, "2025-01-14")

    def fail() -> None:
        with publishing(tmp_path, "2025-01-14") as folder:
            (folder / "a.txt").write_text("nửa", encoding="utf-8")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert there(tmp_path) == ["2025-01-14", "latest"]
    assert (tmp_path / "2025-01-14" / "a.txt").read_text(encoding="utf-8") == "một"


@pytest.mark.guard("paths")
@pytest.mark.parametrize(
    "date",
    ["", "2025-1-4", "../2025-01-14", "2025-01-14/x", "2025-01-14\n", "2025-13-01", "2025-02-30", "２０２５-０１-１４",
     "latest", "14/01/2025"],
)  # fmt: skip
def test_a_wrong_date_is_named(tmp_path: Path, date: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD") as caught, publishing(tmp_path / "r", date):
        pytest.fail("nothing is written")
    assert repr(date) in str(caught.value)
    assert not (tmp_path / "r").exists()


@pytest.mark.guard("two-at-once")
def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    first = hold(tmp_path / "r", "2025-01-14", tmp_path / "go")
    wait_for(tmp_path / "in-2025-01-14")
    second = hold(tmp_path / "r", "2025-01-15", tmp_path / "go")
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=1.5)
        assert not (tmp_path / "in-2025-01-15").exists(), "the second has not begun"
    finally:
        (tmp_path / "go").touch()
    assert (first.wait(timeout=30), second.wait(timeout=30)) == (0, 0)
    assert there(tmp_path / "r") == ["2025-01-14", "2025-01-15", "latest"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2025-01-14", "2025-01-12"), ("2025-01-12", None), ("2025-01-16", "2025-01-14"), ("2025-01-20", "2025-01-14")],
)  # fmt: skip
def test_the_release_before(tmp_path: Path, date: str, expected: str | None) -> None:
    for one in ("2025-01-12", "2025-01-14"):
        publish(tmp_path, one)
    (tmp_path / "2025-01-15").mkdir()  # a folder that is no release
    found = release_before(tmp_path, date)
    assert (found and found.name) == expected
