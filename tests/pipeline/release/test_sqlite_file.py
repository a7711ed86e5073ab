"""The SQLite file: keys that hold, indexes, and search with and without Vietnamese letters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.dataset.release.codebook import build
from pipeline.dataset.release.model import TABLES, ReleasedField, ReleasedTable
from pipeline.dataset.release.sqlite_file import ReleaseDatabase, fold_letters
from pipeline.dataset.schema import RELEASED, units
from tests.pipeline.release.filled import rows

PARENT = ReleasedTable("parent", (ReleasedField("id", "string", required=True),))
CHILD = ReleasedTable(
    "child",
    (
        ReleasedField("id", "string", required=True),
        ReleasedField("parent_id", "string", refers=("parent", "id")),
        ReleasedField("kind", "string", codes=("a", "b"), vocabulary="kind"),
    ),
)
ODD = (
    ("<script>alert('x')</script>", "markup"),
    ('"; DROP TABLE articles; --', "quotes"),
    ("\x07 \x1b[31m \u202e \u200b", "control characters"),
    ("Hà Nội\r\n\t— “trích” 𝒜", "breaks and letters beyond the first plane"),
)


@pytest.fixture(scope="module")
def opened(rich: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{rich}/tongket.sqlite?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_are_declared(opened: sqlite3.Connection, table: ReleasedTable) -> None:
    declared = {(row[3], row[2], row[4]) for row in opened.execute(f"PRAGMA foreign_key_list({table.name})")}
    assert declared == {(field.name, *field.refers) for field in table.fields if field.refers}
    primary = [row[1] for row in opened.execute(f"PRAGMA table_info({table.name})") if row[5]]
    assert sorted(primary) == sorted(table.key)
    indexed = {
        opened.execute(f"PRAGMA index_info('{row[1]}')").fetchone()[2]
        for row in opened.execute(f"PRAGMA index_list({table.name})")
    }
    assert {field.name for field in table.fields if field.refers} <= indexed


def test_the_models_keys_are_those_of_the_database() -> None:
    # What the test above compares with is not worked out from the same place alone.
    by_name = {table.name: table for table in TABLES}
    assert {field.refers for field in by_name["units"].fields if field.refers} == {("units", "id")}
    assert by_name["units"].names == [column.name for column in units.columns]
    assert set(by_name) == {table.name for table in RELEASED} | {"panel"}


def test_keys_hold(opened: sqlite3.Connection) -> None:
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(
    ("child", "expected", "proves"),
    [
        ({"id": "c", "parent_id": "p", "kind": "a"}, None, "all is well"),
        ({"id": "c", "parent_id": None, "kind": None}, None, "nothing is named"),
        ({"id": "c", "parent_id": "q", "kind": "a"}, "names a row of parent that is not there", "a broken key"),
        ({"id": "c", "parent_id": "p", "kind": "z"}, "CHECK constraint failed", "no code"),
        ({"id": None, "parent_id": "p", "kind": "a"}, "NOT NULL constraint failed", "no id"),
    ],
    ids=lambda value: value if isinstance(value, str) and "failed" not in value else "",
)  # fmt: skip
def test_a_broken_row_is_not_released(
    tmp_path: Path, child: dict[str, str | None], expected: str | None, proves: str
) -> None:
    def write() -> int:
        with ReleaseDatabase(tmp_path / "t.sqlite") as database:
            list(database.add(PARENT, [{"id": "p"}]))
            return len(list(database.add(CHILD, [child])))

    if expected is None:
        assert write() == 1, proves
        return
    with pytest.raises((ValueError, sqlite3.IntegrityError), match=expected):
        write()


@pytest.mark.parametrize(
    ("query", "kind", "words", "proves"),
    [
        ("dong thap", "unit", "dong thap", "without Vietnamese letters"),
        ("Đồng Tháp", "unit", "đồng tháp", "as it is written"),
        ("đồng tháp", "unit", "đồng tháp", "in small letters"),
        ("đong thap", "unit", "đong thap", "đ typed, and no accents"),
        ("DONG THAP", "unit", "dong thap", "in large letters"),
        ("lien doan", "unit", "lien doan", "a common name"),
        ("lien đoan", "unit", "lien đoan", "the same with đ"),
        ("đ*", "article", "đ", "the beginning of a word, with đ"),
        ("d*", "article", "d", "and with d"),
        ('"cong doan"', "article", "cong doan", "words beside each other"),
        ("tong ket", "article", "tong ket", "in the text of an article"),
        ("dong thapp", "unit", None, "a word that is nowhere"),
        ("dồng tháp", "unit", "dong thap", "wrong accents"),
    ],
    ids=lambda value: value,
)
def test_search(opened: sqlite3.Connection, query: str, kind: str, words: str | None, proves: str) -> None:
    found = opened.execute(
        "SELECT coalesce(title, '') || ' ' || coalesce(body, '') FROM search WHERE search MATCH ? AND kind = ?",
        (query, kind),
    ).fetchall()
    assert bool(found) is (words is not None), proves
    for (text,) in found:
        # A word is found in its letters without accents: `đ` finds đ, `d` finds both.
        both = fold_letters(text) + " " + fold_letters(text.lower().replace("đ", "ð")).replace("ð", "đ")
        wanted = fold_letters((words or "").replace("đ", "ð")).replace("ð", "đ")
        assert all(word in both for word in wanted.split())


def test_search_knows_each_unit_and_article(opened: sqlite3.Connection, rich: Path) -> None:
    for kind, table in (
        ("unit", "units"),
        ("article", "articles"),
        ("person", "people"),
        ("outcome", "outcomes"),
    ):
        found = {row[0] for row in opened.execute("SELECT id FROM search WHERE kind = ?", (kind,))}
        assert found == {row["id"] for row in rows(rich, table)}, kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Đồng Tháp", "dong thap"), ("ƯỚC, ưỡn", "uoc, uon"), ("Straße", "strasse"), ("e\u0301", "e"), ("12.5%", "12.5%")],
)  # fmt: skip
def test_fold_letters(text: str, expected: str) -> None:
    assert fold_letters(text) == expected


@pytest.mark.parametrize(("text", "proves"), ODD, ids=[proves for _, proves in ODD])
def test_an_odd_text_survives(tmp_path: Path, text: str, proves: str) -> None:
    articles, others = (
        next(t for t in TABLES if t.name == "articles"),
        [t for t in TABLES if t.name != "articles"],
    )
    row = {
        **dict.fromkeys(articles.names),
        "id": "a",
        "text": text,
        "title": text,
        "relevant": 1,
        "quality": "[]",
    }
    with ReleaseDatabase(tmp_path / "t.sqlite") as database:
        list(database.add(articles, [{**row, "extractor_version": "1"}]))
        for table in others:
            list(database.add(table, []))
        database.describe(build(TABLES))
        database.index_texts()
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as connection:
        assert connection.execute("SELECT text, title FROM articles").fetchone() == (text, text), proves
        assert connection.execute("SELECT title, body FROM search").fetchone() == (text, text)


def test_the_code_book_is_in_it(opened: sqlite3.Connection) -> None:
    codebook = build(TABLES)
    told = {
        (table, field): (en, vi) for table, field, en, vi in opened.execute("SELECT * FROM codebook_fields")
    }
    assert told == {key: (words.en, words.vi) for key, words in codebook.fields.items()}
    query = (
        "SELECT label_vi FROM codebook_codes WHERE vocabulary = 'indicator' AND code = 'members_recruited'"
    )
    assert opened.execute(query).fetchone() == (codebook.label("indicator", "members_recruited", "vi"),)
