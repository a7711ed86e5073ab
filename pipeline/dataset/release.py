"""A release: the dataset as files, the same bytes whenever the same rows are released."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Engine, Float, Integer, Table, select

from pipeline.dataset.schema import RELEASED

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# A number and a list's dash (`- Kết nạp 705 đoàn viên`) are no formulas.
_FORMULA = re.compile(r"[=@\t]|[+-](?!\s|\d+(?:\.\d+)?\Z)")
_SQLITE = "tongket.sqlite"


def release(engine: Engine, out_dir: Path, date: str) -> Path:
    """Write `out_dir/DATE/` and move `out_dir/latest` to it; the folder's path is returned.

    Each table as CSV and as JSON Lines, all of them as one SQLite file, `README.txt` with the counts,
    `SHA256SUMS`. Written to a folder aside and renamed, `latest` last: a reader meets a whole release or
    the one before. A release of the same date is replaced. Raises `ValueError` unless `date` is like
    `2025-01-07`.
    """
    if not _DATE.fullmatch(date):
        raise ValueError(f"release date {date!r}: write it as YYYY-MM-DD, such as 2025-01-07")
    out_dir.mkdir(parents=True, exist_ok=True)
    aside = out_dir / f".{date}.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    counts = _write_tables(engine, aside)
    (aside / "README.txt").write_text(_card(date, counts), encoding="utf-8")
    (aside / "SHA256SUMS").write_text(_sums(aside), encoding="utf-8")
    final = out_dir / date
    _replace(aside, final)
    _point(out_dir / "latest", date)
    return final


def released_columns(table: Table) -> list[Column[Any]]:
    """Columns of `table` that a release has: not those that differ between two runs over the same pages."""
    return [column for column in table.columns if not column.info.get("run_specific")]


def _write_tables(engine: Engine, folder: Path) -> dict[str, int]:
    counts = {}
    with closing(sqlite3.connect(folder / _SQLITE)) as database:
        # One connection, so that all tables show the same moment.
        with engine.connect() as connection:
            for table in RELEASED:
                columns = released_columns(table)
                result = connection.execution_options(yield_per=1000).execute(
                    select(*columns).order_by(table.c.id)
                )
                rows = (tuple(row) for row in result)
                counts[table.name] = _write(folder, database, table, columns, rows)
        database.commit()
        database.execute("VACUUM")
    return counts


def _write(
    folder: Path,
    database: sqlite3.Connection,
    table: Table,
    columns: list[Column[Any]],
    rows: Iterator[tuple[Any, ...]],
) -> int:
    names = [column.name for column in columns]
    database.execute(_create(table, columns))
    # Names are those of schema.py, not of any input.
    insert = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    count = 0
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as csv_file,
        (folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="") as jsonl_file,
    ):
        writer = csv.writer(csv_file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            record = {
                name: _unpack(column, value) for name, column, value in zip(names, columns, row, strict=True)
            }
            jsonl_file.write(json.dumps(record, ensure_ascii=False) + "\n")
            database.execute(insert, row)
            count += 1
    return count


def _create(table: Table, columns: list[Column[Any]]) -> str:
    lines = []
    for column in columns:
        kind = "INTEGER" if isinstance(column.type, Integer | Boolean) else "TEXT"
        kind = "REAL" if isinstance(column.type, Float) else kind
        line = f'"{column.name}" {kind}'
        if column.primary_key:
            line += " PRIMARY KEY"
        for key in column.foreign_keys:
            line += f" REFERENCES {key.column.table.name}({key.column.name})"
        lines.append(line)
    return f"CREATE TABLE {table.name} ({', '.join(lines)})"


def _cell(value: Any) -> Any:
    """A CSV cell. Spreadsheets run cells that begin like a formula, and article text comes from anywhere."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value


def _unpack(column: Column[Any], value: Any) -> Any:
    """JSON texts as JSON, everything else as it is."""
    return json.loads(value) if value is not None and column.info.get("json") else value


_CARD = """\
tongket, release of {date}

Outcomes of Vietnamese trade-union conferences, read from news articles: which unit met when, what it says it
achieved, what it promised, who was awarded what. Each value has its evidence: half-open offsets in Unicode
code points into articles.text, the words that stand there, and the name of the rule that read them.

Tables (each as .csv and .jsonl, all in tongket.sqlite):
{tables}

conferences.article_id names a row of articles; conference_id in the other tables a row of conferences.
figures.value is the exact decimal number as text, value_number the same as a float. Money is in đồng.
figures.status: achieved, target (planned or promised) or standing (as things are).
conferences.date_basis says where the year of a date comes from; unresolved dates are empty, not guessed.
checks are the article's own arithmetic: holds is false where its numbers contradict each other.
A CSV cell that a spreadsheet would take for a formula begins with an apostrophe.

Values were read by rules and may be wrong: the words beside each of them let you check.
Article texts belong to their publishers. To check the files: sha256sum -c SHA256SUMS
"""


def _card(date: str, counts: dict[str, int]) -> str:
    tables = "\n".join(f"  {name:<12} {count:>8} rows" for name, count in counts.items())
    return _CARD.format(date=date, tables=tables)


def _sums(folder: Path) -> str:
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _replace(aside: Path, final: Path) -> None:
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    aside.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def _point(link: Path, target: str) -> None:
    """`link` → `target`, in one step: a symlink made aside is renamed over the old one."""
    aside = link.with_name(".latest.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(link)
