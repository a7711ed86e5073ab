"""The workbook as a spreadsheet opens it: sheets, heads, and texts that stay texts."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.dataset.release import workbook
from tests.pipeline.release.filled import DATE, rows

SHEETS = {
    "Outcomes": ("outcomes", ["date_start", "host", "kind"]),
    "Values": ("outcome_values", ["date_start", "unit_name", "indicator"]),
    "Awards": ("outcome_awards", ["date_start", "host", "form"]),
    "Targets and results": ("target_results", ["unit_name", "year", "indicator"]),
    "Panel": ("panel", ["unit_name", "level", "province_code"]),
    "Units": ("units", ["name", "type", "level"]),
}

Written = Callable[[str], Any]


@pytest.fixture(scope="module")
def book(rich: Path) -> Any:
    return load_workbook(rich / "tongket.xlsx")


@pytest.fixture
def written(rich: Path, tmp_path: Path) -> Written:
    """Runs SQL on a copy of the release's SQLite file, writes the workbook from it and opens that."""

    def write(change: str) -> Any:
        database = Path(shutil.copy(rich / "tongket.sqlite", tmp_path / "tongket.sqlite"))
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("DELETE FROM outcome_values")  # large, and looked at elsewhere
            connection.execute("DELETE FROM panel")
            connection.execute(change)
        workbook.write_workbook(tmp_path, database, DATE)
        return load_workbook(tmp_path / "tongket.xlsx")

    return write


def test_sheets(book: Any) -> None:
    assert book.sheetnames == ["Read me", *SHEETS, "Code book"]
    assert book["Read me"]["A2"].value == f"Release of {DATE}"
    assert book.properties.created.date().isoformat() == DATE


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_a_head_and_a_row_for_each_row(book: Any, rich: Path, name: str) -> None:
    table, head = SHEETS[name]
    sheet = book[name]
    assert [cell.value for cell in sheet[1]][:3] == head
    assert sheet["A1"].font.bold
    assert sheet.max_row == 1 + len(rows(rich, table))
    assert sheet.freeze_panes == "A2", "the head stays in sight"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"


def test_numbers_are_numbers(book: Any) -> None:
    head = [cell.value for cell in book["Values"][1]]
    column = head.index("value")
    assert {type(row[column]) for row in book["Values"].iter_rows(min_row=2, values_only=True)} <= {
        int,
        float,
    }


@pytest.mark.guard("formulas")
@pytest.mark.parametrize(
    ("text", "proves"),
    [
        ("=HYPERLINK(1)", "a formula"),
        ("{=SUM(A1)}", "a formula of an array"),
        ("https://example.vn/=1", "an address is no link"),
        ("+84", "a number in a text stays a text"),
        ("<b>đậm</b> & 'hai'", "markup"),
        ("", "nothing"),
    ],
)  # fmt: skip
def test_a_text_stays_a_text(written: Written, text: str, proves: str) -> None:
    quoted = text.replace("'", "''")
    sheet = written(f"UPDATE outcomes SET host = '{quoted}'")["Outcomes"]
    cell = sheet["B2"]
    assert (cell.value or "", cell.hyperlink) == (text, None), proves
    assert cell.data_type in ("s" if text else "ns"), "and no `f`, a formula"


def test_an_over_long_text_is_cut(written: Written) -> None:
    sheet = written("UPDATE outcomes SET host = printf('%.*c', 40000, 'x') || 'cuối'")["Outcomes"]
    assert sheet["B2"].value == "x" * 32_767


@pytest.mark.parametrize(("limit", "told"), [(5, True), (6, True), (1000, False)])
def test_a_sheet_that_is_too_long_says_so(
    written: Written, monkeypatch: pytest.MonkeyPatch, limit: int, told: bool
) -> None:
    monkeypatch.setattr(workbook, "_ROWS", limit)
    sheet = written("UPDATE outcomes SET host = ''")["Outcomes"]
    last = str(sheet.cell(sheet.max_row, 1).value)
    assert last.startswith("There are more rows") is told
    assert (sheet.max_row == 1 + limit) is told, "it fills the sheet and no more"


def test_a_sheet_that_is_just_full_says_nothing(
    written: Written, rich: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(rows(rich, "target_results"))
    monkeypatch.setattr(workbook, "_ROWS", count)
    sheet = written("UPDATE outcomes SET host = ''")["Targets and results"]
    assert sheet.max_row == 1 + count
    assert not str(sheet.cell(sheet.max_row, 1).value).startswith("There are more rows")
