"""SECURITY.md names the guards and the tests that there are, and a run writes what it showed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import ROOT
from tests.security.table import (
    BEGIN,
    END,
    GROUPS,
    Shown,
    Threat,
    marked,
    named,
    render,
    threats,
    write_table,
)  # fmt: skip


def test_every_guard_has_a_row_and_a_test() -> None:
    rows = threats()
    ids = [row.id for row in rows]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(marked(ROOT)), "guards without a test, or tests without a row in threats.tsv"
    for row in rows:
        assert row.group in GROUPS, row.id
        assert re.fullmatch(r"[a-z0-9-]+", row.id), row.id
        assert all(cell.endswith(".") and "|" not in cell for cell in (row.threat, row.guard)), row.id


def test_security_names_every_guard_and_the_tests_that_show_it() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert named(page) == marked(ROOT), "run `make security`"
    for row in threats():
        assert row.threat in page, f"{row.id}: run `make security`"
        assert row.guard in page, f"{row.id}: run `make security`"


def test_the_modules_that_guards_name_are_there() -> None:
    for row in threats():
        for path in re.findall(r"`((?:pipeline|extractors)/[\w/.]+)`", row.guard):
            assert (ROOT / path).exists(), (row.id, path)


MARKED = """
import pytest
from hypothesis import given, settings, strategies as st

@pytest.mark.guard("one")
@pytest.mark.parametrize("n", [1, 2, pytest.param(3, marks=pytest.mark.guard("two"))])
def test_rows(n):
    assert n

@pytest.mark.guard("one", "three")
def test_many(record_property):
    record_property("cases", 500)

@pytest.mark.guard("two")
@settings(max_examples=7, database=None)
@given(st.integers())
def test_found(n):
    assert n is not None

@pytest.mark.guard("three")
@pytest.mark.parametrize("n", [1, 0])
def test_wrong(n):
    assert n

@pytest.mark.guard("four")
@pytest.mark.skip
def test_not_here():
    assert True

def test_no_guard():
    assert True
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["in one process", "in workers"])
def test_a_run_writes_what_it_showed(tmp_path: Path, workers: list[str]) -> None:
    folder = tmp_path / "tests" / "a"
    folder.mkdir(parents=True)
    (folder / "test_marked.py").write_text(MARKED, encoding="utf-8")
    (folder / "conftest.py").touch()
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = guard\n", encoding="utf-8")
    program = [
        sys.executable, "-c",
        "import sys, pytest; from pathlib import Path; from tests.security import table; "
        "table.threats = lambda: [table.Threat(n, 'faults', f'{n}.', 'G.') for n in ('one', 'two', 'three', 'four')]; "
        "sys.exit(pytest.main(sys.argv[1:]))",
        "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "tests.security.recording", *workers, "tests",
    ]  # fmt: skip
    page = tmp_path / "SECURITY.md"
    page.write_text(f"# A\n{BEGIN}\nold\n{END}\nB\n", encoding="utf-8")
    env = os.environ | {"TONGKET_TEST_THREATS": str(page), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    told = page.read_text(encoding="utf-8")
    assert told.startswith("# A\n")
    assert told.endswith(f"{END}\nB\n")
    assert "old" not in told
    assert "5 tests, 512 cases, 1 failed." in told
    cells = {
        line.split('"')[1]: line.split(" | ")[2:] for line in told.splitlines() if line.startswith("| <a")
    }
    file = "`tests/a/test_marked.py::test"
    assert cells == {
        "one": [f"{file}_many`<br>{file}_rows`", "500<br>3", "passed<br>passed |"],
        "two": [f"{file}_found`<br>{file}_rows`", "7<br>1", "passed<br>passed |"],
        "three": [f"{file}_many`<br>{file}_wrong`", "500<br>2", "passed<br>failed |"],
        "four": [f"{file}_not_here`", "0", "skipped |"],
    }
    assert named(told) == marked(tmp_path)


def test_what_a_row_says(tmp_path: Path) -> None:
    rows = [Threat("a-b", "faults", "A fire.", "A `bucket`."), Threat("c", "load", "A crowd.", "A queue.")]
    shown = {"a-b": {"tests/x/test_y.py::test_z": Shown(1200, "passed")}}
    page = render(rows, shown, "Last run: never.")
    assert (
        '| <a id="a-b"></a>A fire. | A `bucket`. | `tests/x/test_y.py::test_z` | 1,200 | passed |\n' in page
    )
    assert page.index("### Faults") < page.index("### Load")
    target = tmp_path / "S.md"
    target.write_text(f"{BEGIN}\n{page}{END}\n", encoding="utf-8")
    assert named(target.read_text(encoding="utf-8")) == {"a-b": {"tests/x/test_y.py::test_z"}, "c": set()}
    write_table(target, {})
    assert named(target.read_text(encoding="utf-8")).keys() == {row.id for row in threats()}
