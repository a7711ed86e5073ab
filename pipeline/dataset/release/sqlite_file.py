"""A release as one SQLite file: keys, foreign keys, indexes, and full-text search that works without diacritics."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.dataset.release.codebook import Codebook
from pipeline.dataset.release.model import ReleasedField, ReleasedTable

NAME = "tongket.sqlite"
_AT_ONCE = 1000  # rows
_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_INDEXED = frozenset(
    {"kind", "date_start", "province_code", "level", "year", "indicator", "status", "source", "name"}
)


class ReleaseDatabase:
    """The file while it is written, for a `with` block; foreign keys are checked at the end."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)

    def __enter__(self) -> ReleaseDatabase:
        self._connection.execute(
            "PRAGMA journal_mode=OFF"
        )  # it is written aside, and only whole files are used
        self._connection.execute("PRAGMA synchronous=OFF")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._connection.commit()
                if broken := self._connection.execute("PRAGMA foreign_key_check").fetchone():
                    raise ValueError(
                        f"release: row {broken[1]} of {broken[0]} names a row of {broken[2]} that is not there"
                    )
                self._connection.execute("VACUUM")
        finally:
            self._connection.close()

    def add(self, table: ReleasedTable, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Make a table and put each of `rows` into it as it goes by."""
        self._connection.execute(_create(table))
        # Names are those of the tables' models, not of any input.
        insert = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.fields))})"  # noqa: S608
        waiting = iter(rows)
        while group := list(islice(waiting, _AT_ONCE)):
            self._connection.executemany(insert, [tuple(row[name] for name in table.names) for row in group])
            yield from group
        for field in table.fields:
            if field.refers or field.name in _INDEXED:
                self._connection.execute(
                    f'CREATE INDEX "{table.name}_{field.name}" ON {table.name} ("{field.name}")'
                )

    def describe(self, codebook: Codebook) -> None:
        """The code book as tables, for whoever has this file alone."""
        run = self._connection.execute
        run(
            "CREATE TABLE codebook_fields (table_name TEXT, field TEXT, en TEXT, vi TEXT, PRIMARY KEY (table_name, field))"
        )
        run(
            "CREATE TABLE codebook_codes (vocabulary TEXT, code TEXT, label_en TEXT, label_vi TEXT, en TEXT, vi TEXT, "
            "PRIMARY KEY (vocabulary, code))"
        )
        for (table, field), words in codebook.fields.items():
            run("INSERT INTO codebook_fields VALUES (?, ?, ?, ?)", (table, field, words.en, words.vi))
        for (vocabulary, code), (label, words) in codebook.codes.items():
            cells = (vocabulary, code, label.en, label.vi, words.en, words.vi)
            run("INSERT INTO codebook_codes VALUES (?, ?, ?, ?, ?, ?)", cells)

    def index_texts(self) -> None:
        """`search`: titles and texts of articles, names of units, people and conferences; `kind` and `id` say of what.

        The column `folded` has them without diacritics, đ as d: `WHERE search MATCH 'dong thap'` finds Đồng Tháp.
        """
        run = self._connection.execute
        self._connection.create_function("fold_letters", 1, fold_letters, deterministic=True)
        run(
            "CREATE VIRTUAL TABLE search USING fts5"
            '(kind UNINDEXED, id UNINDEXED, title, body, folded, tokenize="unicode61 remove_diacritics 2")'
        )
        for kind, title, body, source in (
            ("article", "title", "text", "articles"),
            ("unit", "name", "spellings", "units"),
            ("person", "name", "position", "people"),
            ("outcome", "name", "host", "outcomes"),
        ):
            run(
                "INSERT INTO search "  # noqa: S608  the names stand above
                f"SELECT '{kind}', id, {title}, {body}, fold_letters(coalesce({title}, '') || ' ' || coalesce({body}, '')) "
                f"FROM {source} ORDER BY id"
            )
        run("INSERT INTO search(search) VALUES ('optimize')")


def fold_letters(text: str) -> str:
    """A text as it is typed without Vietnamese letters: `Đồng Tháp` is `dong thap`.

    >>> fold_letters("Đồng Tháp, ƯỚC")
    'dong thap, uoc'
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _create(table: ReleasedTable) -> str:
    lines = [_column(field) for field in table.fields]
    lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
    lines += [
        f'FOREIGN KEY ("{field.name}") REFERENCES {field.refers[0]}("{field.refers[1]}")'
        for field in table.fields
        if field.refers
    ]
    return f"CREATE TABLE {table.name} ({', '.join(lines)})"


def _column(field: ReleasedField) -> str:
    line = f'"{field.name}" {_TYPES.get(field.type, "TEXT")}'
    if field.required:
        line += " NOT NULL"
    if field.codes and field.type == "string":
        line += f' CHECK ("{field.name}" IN ({", ".join(repr(code) for code in field.codes)}))'
    return line
