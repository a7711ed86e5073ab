"""`tongket release`, `verify`, `review export` and `review import` as their user meets them."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.cli_dataset import What
from pipeline.dataset.database import database
from pipeline.dataset.schema import decisions
from tests.pipeline.release.filled import digests, filled, readings, rows
from tests.pipeline.review.reviewer import stored

Tongket = Callable[..., Result]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with a score of articles, linked."""
    path = tmp_path_factory.mktemp("dataset") / "t.db"
    with filled(f"sqlite:///{path}", [one for one in readings() if one.report.conferences][:20]):
        pass
    return path


@pytest.fixture
def home(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of a user who has that dataset as `thu.db`."""
    shutil.copy(dataset, tmp_path / "thu.db")
    monkeypatch.chdir(tmp_path)
    for name in ("TONGKET_DB", "TONGKET_RELEASES", "TONGKET_REVIEWER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def tongket(home: Path) -> Tongket:
    """The program in this process, in `home`, on `thu.db`."""

    def run(*args: str) -> Result:
        result = CliRunner().invoke(app, list(args), env={"TONGKET_DB": "thu.db", "TONGKET_RELEASES": "ra"})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def answered(path: Path, rows: list[dict[str, str]], **more: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **more} for row in rows)


def taken(home: Path) -> list[Any]:
    with database(f"sqlite:///{home}/thu.db") as engine:
        return [row for row in stored(engine, decisions) if row["human"]]


# --- release and verify --------------------------------------------------------------------------------------------


def test_release_and_verify(tongket: Tongket, home: Path) -> None:
    result = tongket("release", "--date", "2025-01-14")
    assert result.exit_code == 0
    linked, told = result.stdout.splitlines()
    assert linked.startswith("linked: ")
    assert told == "release: ra/2025-01-14"
    assert "writing the release" in result.stderr
    assert (home / "ra" / "latest").readlink() == Path("2025-01-14")
    checked = tongket("verify", "ra/latest")
    assert checked.exit_code == 0
    assert checked.stdout.startswith("ra/latest: ")
    assert checked.stdout.endswith(": all is well\n")


def test_a_second_release_is_the_same_bytes(tongket: Tongket, home: Path) -> None:
    tongket("release", "--date", "2025-01-14")
    before = digests(home / "ra" / "2025-01-14")
    tongket("release", "--date", "2025-01-14", "--output", "khác")
    assert digests(home / "khác" / "2025-01-14") == before
    tongket("release", "--date", "2025-01-14", "--bom")
    differing = {
        name for name, digest in digests(home / "ra" / "2025-01-14").items() if before[name] != digest
    }
    assert "articles.csv" in differing
    assert {Path(name).suffix for name in differing} == {".csv", ".json", ""}


def test_without_a_date_it_is_today_s(tongket: Tongket, home: Path) -> None:
    result = tongket("release")
    (folder,) = [path for path in (home / "ra").iterdir() if path.name != ".lock" and not path.is_symlink()]
    assert result.stdout.endswith(f"release: ra/{folder.name}\n")


@pytest.mark.parametrize("date", ["14/01/2025", "2025-02-30", "", "../x", "2025-1-4"])
def test_a_bad_date(tongket: Tongket, home: Path, date: str) -> None:
    result = tongket("release", "--date", date)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"release date {date!r}: write a day as YYYY-MM-DD, such as 2025-01-07\n"
    assert not (home / "ra").exists()


@pytest.mark.parametrize(
    "command", [["release"], ["review", "export"], ["review", "import", "x.csv"]], ids=" ".join
)
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+psycopg://me:bimat@127.0.0.1:1/t", "postgresql+psycopg://me:***@127.0.0.1:1/t: the database cannot"),
        ("nonsense://me:bimat@x/y", "nonsense://me:***@x/y: the database cannot be opened"),
        ("://bimat", "--db or TONGKET_DB: the database cannot be opened"),
        ("ra/thu.txt", "the database cannot be opened: file is not a database"),
    ],
    ids=["nobody listens", "no such kind", "no URL", "another file"],
)  # fmt: skip
def test_a_bad_database(tongket: Tongket, home: Path, command: list[str], url: str, expected: str) -> None:
    (home / "ra").mkdir()
    (home / "ra" / "thu.txt").write_text("đây không phải là cơ sở dữ liệu\n" * 100, encoding="utf-8")
    result = tongket(*command, "--db", url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "bimat" not in result.stderr, "no password is shown"


def test_a_folder_that_cannot_be_written(tongket: Tongket, home: Path) -> None:
    (home / "tệp").write_text("x", encoding="utf-8")
    result = tongket("release", "--date", "2025-01-14", "--output", "tệp")
    assert result.exit_code == 2
    assert "tệp" in result.stderr.splitlines()[-1]


def test_verify_names_what_is_wrong(tongket: Tongket, home: Path) -> None:
    tongket("release", "--date", "2025-01-14")
    (home / "ra" / "2025-01-14" / "CODEBOOK.md").write_text("x", encoding="utf-8")
    result = tongket("verify", "ra/2025-01-14")
    assert result.exit_code == 1
    assert "CODEBOOK.md: changed since the release was made" in result.stderr
    assert result.stdout.endswith(": 1 problems\n")


@pytest.mark.parametrize("folder", ["không-có", "."])
def test_verify_where_there_is_no_release(tongket: Tongket, folder: str) -> None:
    result = tongket("verify", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


# --- review export -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [one.value for one in What if one is not What.decisions])
def test_export(tongket: Tongket, home: Path, what: str) -> None:
    result = tongket("review", "export", "--what", what, "--output", "tờ.csv")
    assert (result.exit_code, result.stdout) == (0, "")
    found = sheet(home / "tờ.csv")
    assert found
    assert result.stderr == f"tờ.csv: {len(found)} rows to answer\n"
    short = tongket("review", "export", "--what", what, "--limit", "2")
    assert list(csv.DictReader(io.StringIO(short.stdout.removeprefix("\ufeff")))) == found[:2]


def test_export_where_nothing_is_decided(tongket: Tongket) -> None:
    result = tongket("review", "export", "--what", "decisions")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1, "the head alone"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--what", "everything"], "everything"),
        (["--limit", "0"], "greater than or equal to 1"),
        (["--output", "không/có/tờ.csv"], "không/có/tờ.csv: No such file or directory"),
        (["--output", "."], ".: Is a directory"),
    ],
)
def test_export_that_cannot_be(tongket: Tongket, args: list[str], expected: str) -> None:
    result = tongket("review", "export", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr


# --- review import -------------------------------------------------------------------------------------------------


def test_import(tongket: Tongket, home: Path) -> None:
    tongket("release", "--date", "2025-01-14")
    tongket("review", "export", "--what", "figures", "--limit", "1", "--output", "tờ.csv")
    (row,) = sheet(home / "tờ.csv")
    answered(home / "tờ.csv", [row], answer="correct", new_value="4321", note="đọc sai")
    result = tongket("review", "import", "tờ.csv", "--by", "Lê Thị Sen")
    assert result.exit_code == 0
    first, linked, then = result.stdout.splitlines()
    assert first == "1 decisions of Lê Thị Sen taken, 0 known already"
    assert linked.startswith("linked: ")
    assert "tongket release" in then
    again = tongket("review", "import", "tờ.csv", "--by", "Lê Thị Sen")
    assert again.stdout.splitlines()[0] == "0 decisions of Lê Thị Sen taken, 1 known already"
    assert len(again.stdout.splitlines()) == 2
    tongket("release", "--date", "2025-02-14")
    figure = next(one for one in rows(home / "ra" / "latest", "figures") if one["id"] == row["record"])
    assert figure["value"] == "4321"
    changes = (home / "ra" / "latest" / "changes.csv").read_text(encoding="utf-8")
    assert "decision of Lê Thị Sen" in changes
    assert tongket("verify", "ra/latest").exit_code == 0
    # And back.
    tongket("review", "export", "--what", "decisions", "--output", "lại.csv")
    answered(home / "lại.csv", sheet(home / "lại.csv"), answer="undo")
    assert tongket("review", "import", "lại.csv").stdout.startswith("1 decisions of ")
    tongket("release", "--date", "2025-03-14")
    figure = next(one for one in rows(home / "ra" / "latest", "figures") if one["id"] == row["record"])
    assert figure["value"] == row["value"]


def test_rows_that_cannot_be_taken(tongket: Tongket, home: Path) -> None:
    tongket("review", "export", "--what", "figures", "--limit", "3", "--output", "tờ.csv")
    found = sheet(home / "tờ.csv")
    found[0] |= {"answer": "accept"}
    found[1] |= {"answer": "correct", "new_value": "nhiều"}
    found[2] |= {"answer": "có"}
    answered(home / "tờ.csv", found)
    result = tongket("review", "import", "tờ.csv", "--by", "Lê Thị Sen")
    assert (result.exit_code, result.stdout) == (2, "")
    first, second, last = result.stderr.splitlines()
    assert first.startswith("tờ.csv, row 3: new_value of value: 'nhiều' is no number")
    assert second.startswith("tờ.csv, row 4: answer 'có': write one of accept")
    assert last == "tờ.csv: nothing was taken: mend these rows and import again"
    assert taken(home) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "tờ.csv: No such file or directory"), (b"a,b\n", "no sheet of `tongket review export`"), (b"\xff\xfea", "UTF-8")],
    ids=["missing", "not a sheet", "not text"],
)  # fmt: skip
def test_a_file_that_is_no_sheet(tongket: Tongket, home: Path, content: bytes | None, expected: str) -> None:
    if content is not None:
        (home / "tờ.csv").write_bytes(content)
    result = tongket("review", "import", "tờ.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr


@pytest.mark.parametrize("by", ["", "  "])
def test_nobody_s_decisions(tongket: Tongket, home: Path, by: str) -> None:
    result = tongket("review", "import", "tờ.csv", "--by", by)
    assert (result.exit_code, result.stderr) == (2, "--by: say whose decisions these are\n")


def test_whose_decisions_they_are(tongket: Tongket, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tongket("review", "export", "--what", "people", "--limit", "1", "--output", "tờ.csv")
    answered(home / "tờ.csv", sheet(home / "tờ.csv"), answer="accept")
    monkeypatch.setenv("TONGKET_REVIEWER", "Trần Văn Bách")
    assert "1 decisions of Trần Văn Bách taken" in tongket("review", "import", "tờ.csv").stdout
    (made,) = taken(home)
    assert made["decided_by"] == "Trần Văn Bách"


def test_what_cannot_be_linked_is_not_taken(tongket: Tongket, home: Path) -> None:
    # The linking after it fails: the answers are not there either.
    tongket("review", "export", "--what", "people", "--limit", "1", "--output", "tờ.csv")
    answered(home / "tờ.csv", sheet(home / "tờ.csv"), answer="accept")
    with database(f"sqlite:///{home}/thu.db") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER stop BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    result = CliRunner().invoke(app, ["review", "import", "tờ.csv", "--db", "thu.db"])
    assert result.exit_code != 0
    assert taken(home) == []
