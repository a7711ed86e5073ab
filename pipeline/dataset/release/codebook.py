"""The code book: what every field and code of a release means, in English and Vietnamese.

The list of fields and codes comes from the tables, the words from the folder `codebook`; a field or code without words
fails the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extractors.lexicon.tables import parse
from pipeline.dataset.release.model import ReleasedField, ReleasedTable


class CodebookError(Exception):
    """Fields or codes that nothing describes, or descriptions of what is not there; the message lists them."""


@dataclass(frozen=True)
class Words:
    """A description in both languages."""

    en: str
    vi: str


@dataclass(frozen=True)
class Codebook:
    """Descriptions by table, by (table, field), and by (vocabulary, code) with a label before each."""

    tables: dict[str, Words]
    fields: dict[tuple[str, str], Words]
    codes: dict[tuple[str, str], tuple[Words, Words]]

    def label(self, vocabulary: str, code: str, language: str = "en") -> str:
        """A code's short name: `members_recruited` is `đoàn viên kết nạp mới`."""
        words = self.codes[vocabulary, code][0]
        return words.vi if language == "vi" else words.en


def build(tables: Iterable[ReleasedTable]) -> Codebook:
    """The code book of `tables`. Raises `CodebookError` where words are missing, doubled, or left over."""
    tables = list(tables)
    told_tables, told_fields, told_codes = _words()
    problems: list[str] = []
    used: set[tuple[str, str]] = set()
    fields: dict[tuple[str, str], Words] = {}
    codes: dict[tuple[str, str], tuple[Words, Words]] = {}
    for table in tables:
        if table.name not in told_tables:
            problems.append(f"tables.tsv: no row for {table.name}")
        for field in table.fields:
            key = (table.name, field.name) if (table.name, field.name) in told_fields else ("*", field.name)
            if key not in told_fields:
                problems.append(f"fields.tsv: no row for {table.name}.{field.name}")
                continue
            used.add(key)
            fields[table.name, field.name] = told_fields[key]
        codes |= _codes(table.fields, told_codes, problems)
    problems += [
        f"fields.tsv: {table}.{name} is in no table" for table, name in sorted(told_fields.keys() - used)
    ]
    problems += [
        f"codes.tsv: {name} {code} is no code" for name, code in sorted(told_codes.keys() - codes.keys())
    ]
    problems += [
        f"tables.tsv: {name} is no table" for name in sorted(told_tables.keys() - {t.name for t in tables})
    ]
    if problems:
        raise CodebookError("the code book does not fit the tables:\n  " + "\n  ".join(problems))
    return Codebook({table.name: told_tables[table.name] for table in tables}, fields, codes)


def _codes(
    fields: Iterable[ReleasedField],
    told: dict[tuple[str, str], tuple[Words, Words]],
    problems: list[str],
) -> dict[tuple[str, str], tuple[Words, Words]]:
    found = {}
    for field in fields:
        for code in field.codes:
            key = (field.vocabulary, code)
            if key in told:
                found[key] = told[key]
            elif (line := f"codes.tsv: no row for {field.vocabulary} {code}") not in problems:
                problems.append(line)
    return found


@cache
def _words() -> tuple[
    dict[str, Words], dict[tuple[str, str], Words], dict[tuple[str, str], tuple[Words, Words]]
]:
    tables = {row["table"]: Words(row["en"], row["vi"]) for row in _read("tables")}
    fields = {(row["table"], row["field"]): Words(row["en"], row["vi"]) for row in _read("fields")}
    codes = {
        (row["vocabulary"], row["code"]): (
            Words(row["label_en"], row["label_vi"]),
            Words(row["en"], row["vi"]),
        )
        for row in _read("codes")
    }
    return tables, fields, codes


def _read(name: str) -> list[dict[str, str]]:
    file = files("pipeline.dataset").joinpath("codebook", f"{name}.tsv")
    rows = parse(file.read_text(encoding="utf-8"), source=f"codebook/{name}.tsv")
    empty = [f"codebook/{name}.tsv: {row} has an empty cell" for row in rows if not all(row.values())]
    if empty:
        raise CodebookError("\n".join(empty))
    return rows
