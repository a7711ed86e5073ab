"""A release held against what it promises: its checksums, its keys, and the words behind each value."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.release.describe import sha256
from pipeline.dataset.release.formats import read_parquet
from pipeline.dataset.release.model import TABLES, ReleasedTable
from pipeline.dataset.release.publish import SUMS
from pipeline.dataset.release.sqlite_file import NAME as SQLITE

_SUM = re.compile(r"([0-9a-f]{64})  ([^/\n]+)")
_SHOWN = 5  # problems of one sort: more of it says no more
_EVIDENCE = {
    "conferences": ("host", "date_evidence", "place_evidence"),
    "unit_mentions": ("evidence",),
    "people": ("evidence",),
    "figures": ("evidence",),
    "awards": ("evidence",),
}


class VerifyError(Exception):
    """What was named is no release at all."""


@dataclass
class Verdict:
    """What was looked at, and what is wrong, a line each."""

    files: int = 0
    rows: int = 0
    spans: int = 0
    problems: list[str] = field(default_factory=list)

    def line(self) -> str:
        """`62 files, 4,210 rows, 1,502 spans: all is well`."""
        told = f"{self.files} files, {self.rows} rows, {self.spans} spans of evidence"
        return f"{told}: " + (f"{len(self.problems)} problems" if self.problems else "all is well")


def verify(folder: Path, progress: Callable[[str], None] | None = None) -> Verdict:
    """Look at every file, key and span of the release in `folder`. Raises `VerifyError` where there is none."""
    tell = progress or (lambda _line: None)
    if not folder.is_dir():
        raise VerifyError(f"{folder}: no such folder: name a release, such as outputs/releases/latest")
    if not (folder / SUMS).is_file():
        raise VerifyError(f"{folder}: no release: there is no {SUMS} in it")
    found = Verdict()
    tell("checking checksums")
    _files(folder, found)
    if any(not (folder / f"{table.name}.parquet").is_file() for table in TABLES):
        return found  # named among the missing files
    if broken := [told for table in TABLES if (told := _unreadable(folder, table))]:
        found.problems += broken
        return found
    keys: dict[str, set[str]] = {}
    for number, table in enumerate(TABLES, start=1):
        tell(f"checking keys: table {number} of {len(TABLES)}")
        _keys(folder, table, keys, found)
        _same_rows(folder, table, found)
    tell("checking the words behind each value")
    _evidence(folder, found)
    return found


def _unreadable(folder: Path, table: ReleasedTable) -> str:
    """Why nothing can be said of a table's rows; empty where they can be read."""
    name = f"{table.name}.parquet"
    try:
        with pq.ParquetFile(folder / name) as file:
            there = file.schema_arrow.names
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowException) as error:
        return f"{name}: cannot be read: {' '.join(str(error).split())}"
    if lacking := [one for one in table.names if one not in there]:
        return f"{name}: no field {', '.join(lacking)}: damaged, or made by another version of tongket"
    return ""


def _files(folder: Path, found: Verdict) -> None:
    told: dict[str, str] = {}
    sums = (folder / SUMS).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(sums.splitlines(), start=1):
        if (m := _SUM.fullmatch(line)) is None:
            found.problems.append(f"{SUMS}, line {number}: not a checksum and a name")
        else:
            told[m[2]] = m[1]
    there = {path.name for path in folder.iterdir()} - {SUMS}
    needed = {f"{table.name}.{kind}" for table in TABLES for kind in ("parquet", "csv", "jsonl")} | {SQLITE}
    found.problems += [f"{name}: missing" for name in sorted((told.keys() | needed) - there)]
    found.problems += [f"{name}: not named in {SUMS}" for name in sorted(there - told.keys())]
    for name in sorted(told.keys() & there):
        found.files += 1
        if sha256(folder / name) != told[name]:
            found.problems.append(f"{name}: changed since the release was made (SHA-256)")


def _keys(folder: Path, table: ReleasedTable, keys: dict[str, set[str]], found: Verdict) -> None:
    """Primary keys are unique, foreign keys name a row; a table's own keys are checked at its end."""
    mine: set[str] = set()
    waiting: list[tuple[str, str, str]] = []
    problems: list[str] = []
    refers = [one for one in table.fields if one.refers]
    columns = sorted({*table.key, *(one.name for one in refers)})
    for row in read_parquet(folder, table, columns):
        found.rows += 1
        name = "|".join(str(row[part]) for part in table.key)
        if name in mine:
            problems.append(f"{table.name}: {name} stands twice")
        mine.add(name)
        for one in refers:
            if (value := row[one.name]) is None or one.refers is None:
                continue
            if one.refers[0] == table.name:
                waiting.append((name, one.name, value))
            elif value not in keys[one.refers[0]]:
                problems.append(f"{table.name}: {name}: {one.name} {value} is not in {one.refers[0]}")
    problems += [
        f"{table.name}: {name}: {column} {value} is not in it"
        for name, column, value in waiting
        if value not in mine
    ]
    keys[table.name] = mine
    found.problems += _some(problems)


def _same_rows(folder: Path, table: ReleasedTable, found: Verdict) -> None:
    """All formats hold as many rows."""
    with pq.ParquetFile(folder / f"{table.name}.parquet") as file:
        counts = {"parquet": file.metadata.num_rows}
    csv.field_size_limit(1 << 30)
    try:
        with (folder / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            counts["csv"] = sum(1 for _ in csv.reader(stream)) - 1
        with (folder / f"{table.name}.jsonl").open(encoding="utf-8", newline="\n") as stream:
            counts["jsonl"] = sum(1 for _ in stream)
        with closing(sqlite3.connect(f"file:{folder / SQLITE}?mode=ro", uri=True)) as database:
            (counts["sqlite"],) = database.execute(f"SELECT count(*) FROM {table.name}").fetchone()  # noqa: S608
    except (OSError, UnicodeDecodeError, csv.Error, sqlite3.Error) as error:
        found.problems.append(f"{table.name}: {error}")
        return
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{count} in {kind}" for kind, count in counts.items())
        found.problems.append(f"{table.name}: not as many rows in each format: {told}")


def _evidence(folder: Path, found: Verdict) -> None:
    by_name = {table.name: table for table in TABLES}
    texts = {row["id"]: row["text"] for row in read_parquet(folder, by_name["articles"], ["id", "text"])}
    article_of = {
        row["id"]: row["article_id"]
        for row in read_parquet(folder, by_name["conferences"], ["id", "article_id"])
    }
    for name, prefixes in _EVIDENCE.items():
        problems: list[str] = []
        for row in read_parquet(folder, by_name[name]):
            text = texts.get(article_of.get(row.get("conference_id") or row["id"], ""), "")
            for prefix, start, end, words in _spans(row, prefixes):
                found.spans += 1
                if text[start:end] != words:
                    problems.append(
                        f"{name}: {row['id']}: {prefix} {start}-{end} is not «{words}» in its article"
                    )
        found.problems += _some(problems)


def _spans(row: dict[str, Any], prefixes: tuple[str, ...]) -> Iterator[tuple[str, int, int, str]]:
    for prefix in prefixes:
        if row[f"{prefix}_start"] is not None:
            yield prefix, row[f"{prefix}_start"], row[f"{prefix}_end"], row[f"{prefix}_text"]


def _some(problems: list[str]) -> list[str]:
    if len(problems) <= _SHOWN:
        return problems
    return [*problems[:_SHOWN], f"and {len(problems) - _SHOWN} more like this"]
