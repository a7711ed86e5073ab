"""One table in four formats: the same rows in each, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.dataset.release.cells import cell
from pipeline.dataset.release.formats import read_parquet, write_table
from pipeline.dataset.release.model import TABLES, ReleasedField, ReleasedTable
from tests.pipeline.release.filled import csv_rows, json_rows

SMALL = ReleasedTable(
    "small",
    (
        ReleasedField("id", "string", required=True),
        ReleasedField("many", "integer"),
        ReleasedField("much", "number"),
        ReleasedField("holds", "boolean"),
        ReleasedField("names", "list", required=True),
        ReleasedField("places", "integers", required=True),
    ),
)
ROWS: list[dict[str, Any]] = [
    {"id": "=1", "many": 236_899_800_000, "much": 88.2, "holds": True, "names": '["đ", "a, \\"b\\""]', "places": "[0, 2]"},
    {"id": 'hai "dòng"\nmột ô', "many": None, "much": None, "holds": False, "names": "[]", "places": "[]"},
    {"id": "\u2028 <b> \x07", "many": -1, "much": -0.5, "holds": None, "names": '["=1"]', "places": "[7]"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected", "proves"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)", "a formula"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0", "a formula that begins with a plus"),
        ("-2+3", "'-2+3", "a sum that begins with a minus"),
        ("@SUM(A1)", "'@SUM(A1)", "a function in the old way"),
        ("\t=1", "'\t=1", "a tab, which some programs skip"),
        ("\rmột", "'\rmột", "a carriage return"),
        ("\nmột", "'\nmột", "a line break"),
        ("＝1+1", "'＝1+1", "a full-width sign of equality"),
        ("＠SUM(1)", "'＠SUM(1)", "a full-width at"),
        ("＋1+1", "'＋1+1", "a full-width plus"),
        ("  =1", "'  =1", "blanks before it"),
        ("\u00a0=1", "'\u00a0=1", "a blank that does not break before it"),
        ("\u200b=1", "'\u200b=1", "a blank of no width before it"),
        ("\ufeff=1", "'\ufeff=1", "a byte order mark before it"),
        ('"=1', "'\"=1", "a quote before it"),
        ("'=1", "''=1", "an apostrophe before it: the text had one, so it gets another"),
        ("-", "'-", "a dash alone"),
        ("- Kết nạp 705 đoàn viên", "- Kết nạp 705 đoàn viên", "a list's dash is none"),
        ("-5", "-5", "a negative number is none"),
        ("-88.2", "-88.2", "nor is a decimal one"),
        ("+84", "+84", "nor is a positive one"),
        ("+84 912", "'+84 912", "two numbers are no number"),
        ("năm = 12", "năm = 12", "a sign within the text is none"),
        ("(=1)", "(=1)", "nor one behind a bracket"),
        ("thu@example.vn", "thu@example.vn", "an address is none"),
        ("'tổng kết'", "'tổng kết'", "a quoted word is none"),
        ("", "", "nothing is none"),
        (None, None, "an empty cell"),
        (-5, -5, "a number"),
        (True, "true", "yes"),
        (False, "false", "no"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else None,
)  # fmt: skip
def test_cell(value: Any, expected: Any, proves: str) -> None:
    assert cell(value) == expected, proves


@pytest.mark.parametrize("bom", [False, True])
def test_rows_arrive_in_each_format(tmp_path: Path, bom: bool) -> None:
    assert write_table(tmp_path, SMALL, iter(ROWS), bom=bom) == 3
    expected = [{**row, "names": json.loads(row["names"]), "places": json.loads(row["places"])} for row in ROWS]  # fmt: skip
    assert list(read_parquet(tmp_path, SMALL)) == expected
    assert json_rows(tmp_path, "small") == expected
    assert (tmp_path / "small.csv").read_bytes().startswith(b"\xef\xbb\xbf") is bom
    assert csv_rows(tmp_path, "small") == [
        {"id": "'=1", "many": "236899800000", "much": "88.2", "holds": "true", "names": ROWS[0]["names"], "places": "[0, 2]"},
        {"id": ROWS[1]["id"], "many": "", "much": "", "holds": "false", "names": "[]", "places": "[]"},
        {"id": ROWS[2]["id"], "many": "-1", "much": "-0.5", "holds": "", "names": ROWS[2]["names"], "places": "[7]"},
    ]  # fmt: skip


def test_a_table_without_rows_has_its_head(tmp_path: Path) -> None:
    assert write_table(tmp_path, SMALL, []) == 0
    assert (tmp_path / "small.csv").read_text(encoding="utf-8") == "id,many,much,holds,names,places\n"
    assert (tmp_path / "small.jsonl").read_bytes() == b""
    assert pq.read_schema(tmp_path / "small.parquet").names == SMALL.names


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_all_formats_tell_the_same(rich: Path, table: ReleasedTable) -> None:
    packed = list(read_parquet(rich, table))
    assert packed, "a table that nothing fills is not tested"
    assert json_rows(rich, table.name) == packed
    lists = {field.name for field in table.fields if field.type in {"list", "integers"}}
    with closing(sqlite3.connect(rich / "tongket.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        query = f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}"
        stored = [dict(row) for row in connection.execute(query)]
    for row in stored:
        row |= {name: json.loads(row[name]) for name in lists if row[name] is not None}
    assert stored == sorted(packed, key=lambda row: [row[name] for name in table.key])

    def shown(name: str, value: Any) -> str:
        if name in lists and value is not None:
            return json.dumps(value, ensure_ascii=False)
        return "" if value is None else str(cell(value))

    with (rich / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
        head, *cells = csv.reader(stream)
    assert head == table.names
    assert cells == [[shown(name, row[name]) for name in head] for row in packed]
