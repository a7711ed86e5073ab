"""The tables hold together: counts on given days, names that other tables point at, keys that stand once."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from extractors.lexicon.tables import TableError, load, parse, several
from extractors.records import UnitLevel, UnitType

TABLES = ["provinces", "districts", "sectors", "datelines", "abbreviations", "names"]
# What makes a row of each table one row: the same cells twice are a slip.
KEYS = {
    "provinces": ("code", "name", "valid_from"),
    "districts": ("name", "kind", "province"),
    "sectors": ("canonical",),
    "datelines": ("code",),
    "abbreviations": ("short",),
    "names": ("syllable",),
}


def in_force(day: str) -> list[dict[str, str]]:
    """The provinces of a day (ISO)."""
    return [
        row
        for row in load("provinces")
        if row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]


@pytest.mark.parametrize("table", TABLES)
def test_no_row_stands_twice(table: str) -> None:
    keys = Counter(tuple(row[column] for column in KEYS[table]) for row in load(table))
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("table", TABLES)
def test_no_cell_repeats_a_value_or_the_name(table: str) -> None:
    for row in load(table):
        values = several(row.get("variants", ""))
        name = row[KEYS[table][0] if table != "provinces" else "name"]
        assert len(set(values)) == len(values), row
        assert name not in values, row


@pytest.mark.parametrize(
    ("day", "count", "proves"),
    [
        ("2008-07-31", 64, "Hà Tây still stands"),
        ("2008-08-01", 63, "Hà Tây is part of Hà Nội"),
        ("2024-12-31", 63, "Thừa Thiên Huế is a province"),
        ("2025-01-01", 63, "Huế is a city; no other change"),
        ("2025-06-30", 63, "the last day before the mergers"),
        ("2025-07-01", 34, "the mergers"),
    ],
)
def test_provinces_of_a_day(day: str, count: int, proves: str) -> None:
    units = in_force(day)
    assert len(units) == count, proves
    assert len({row["code"] for row in units}) == count, "a code names one unit at a time"
    assert len({row["name"] for row in units}) == count, "and so does a name"


@pytest.mark.parametrize(
    ("name", "day", "code", "successor"),
    [
        ("Vĩnh Long", "2024-01-01", "86", "Vĩnh Long"),
        ("Bến Tre", "2024-01-01", "83", "Vĩnh Long"),
        ("Lào Cai", "2024-01-01", "10", "Lào Cai"),
        ("Lào Cai", "2025-07-01", "15", "Lào Cai"),  # it took the code of Yên Bái
        ("Yên Bái", "2025-06-30", "15", "Lào Cai"),
        ("Tây Ninh", "2025-06-30", "72", "Tây Ninh"),
        ("Tây Ninh", "2025-07-01", "80", "Tây Ninh"),  # and this one that of Long An
        ("Kon Tum", "2020-01-01", "62", "Quảng Ngãi"),
        ("Thừa Thiên Huế", "2020-01-01", "46", "Huế"),
        ("Hà Tây", "2007-01-01", "28", "Hà Nội"),
        ("Bình Dương", "2025-06-30", "74", "Hồ Chí Minh"),
        ("Nghệ An", "2026-01-01", "40", "Nghệ An"),
    ],
)
def test_code_and_successor(name: str, day: str, code: str, successor: str) -> None:
    assert [(row["code"], row["successor"]) for row in in_force(day) if row["name"] == name] == [
        (code, successor)
    ]


def test_every_successor_stands_and_succeeds_itself() -> None:
    since = {row["name"]: row for row in in_force("2025-07-01")}
    assert {row["successor"] for row in load("provinces")} == set(since)
    assert all(row["successor"] == name for name, row in since.items())


def test_how_many_merged() -> None:
    # 11 stayed as they were; 23 came of 52.
    before = Counter(row["successor"] for row in in_force("2025-06-30"))
    assert sum(times == 1 for times in before.values()) == 11
    assert sum(times for times in before.values() if times > 1) == 52


def test_spellings_of_different_provinces_do_not_meet() -> None:
    owner: dict[str, str] = {}
    for row in load("provinces"):
        for spelling in [row["name"], *several(row["variants"])]:
            assert owner.setdefault(spelling, row["name"]) == row["name"], spelling


def test_districts_lie_in_provinces_of_their_time() -> None:
    names = {row["name"] for row in load("provinces")}
    last = {row["name"] for row in in_force("2025-06-30")}
    for row in load("districts"):
        assert row["kind"] in {"quận", "huyện", "thị xã", "thành phố"}, row
        assert row["province"] in (last if row["valid_to"] == "2025-06-30" else names), row


def test_districts_of_the_last_day() -> None:
    last = [row for row in load("districts") if row["valid_to"] == "2025-06-30"]
    assert Counter(row["kind"] for row in last) == {"huyện": 508, "thành phố": 87, "thị xã": 52, "quận": 49}
    provinces = Counter(row["province"] for row in last)
    assert len(provinces) == 63
    assert (provinces["Hà Nội"], provinces["Thanh Hóa"], provinces["Hà Nam"]) == (30, 26, 6)


@pytest.mark.parametrize("table", ["provinces", "districts"])
def test_days_are_in_order(table: str) -> None:
    for row in load(table):
        assert not row["valid_to"] or row["valid_from"] <= row["valid_to"], row


def test_sectors_use_the_codes_of_the_records() -> None:
    spellings: Counter[str] = Counter()
    for row in load("sectors"):
        assert row["type"] in get_args(UnitType), row
        assert row["level"] in get_args(UnitLevel), row
        spellings.update([row["canonical"], *several(row["variants"])])
    assert [spelling for spelling, times in spellings.items() if times > 1] == []


def test_datelines_name_provinces() -> None:
    names = {row["name"] for row in load("provinces")} | {""}
    assert [row for row in load("datelines") if row["province"] not in names] == []
    assert next(row["province"] for row in load("datelines") if row["code"] == "NTO") == "Ninh Thuận"


def test_a_caller_cannot_change_the_table_for_the_next() -> None:
    load("names")[0]["syllable"] = "changed"
    assert load("names")[0]["syllable"] == "Nguyễn"


def test_notes_and_empty_lines_are_skipped() -> None:
    assert parse("# note\n\na\tb\n# note\n1\t\n", source="t.tsv") == [{"a": "1", "b": ""}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\n1\t2\n1\n", r"t\.tsv, line 3: 1 cells where the header has 2"),
        ("# note\na\tb\n1\t2\t3\n", r"t\.tsv, line 3: 3 cells where the header has 2"),
        ("a\ta\n1\t2\n", r"t\.tsv, line 1: the header has an empty or a repeated column"),
        ("a\t\n1\t2\n", r"t\.tsv, line 1: the header has an empty or a repeated column"),
        ("# only a note\n", r"t\.tsv: no header line"),
    ],
)
def test_an_error_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        parse(text, source="t.tsv")


def test_an_unknown_table_is_told_with_those_there_are() -> None:
    with pytest.raises(TableError, match=r"no table wards\.tsv .*provinces"):
        load("wards")


def test_abbreviations_begin_with_two_letters_as_they_are() -> None:
    assert [row for row in load("expansions") if not row["pattern"][:2].isalpha()] == []
