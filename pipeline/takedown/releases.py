"""Which releases hold an article."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from pipeline.dataset.release.sqlite_file import NAME as SQLITE

_MANY = 500
_LONG = 1 << 30  # a cell of `changes.csv` may be a whole row


def holding(releases_dir: Path, urls: Collection[str], articles: Collection[str]) -> list[Path]:
    """The releases that hold an article by its address or id, or quote it in `changes.csv`; oldest first.

    One that cannot be read counts as holding it.
    """
    return [
        folder
        for folder in sorted(releases_dir.glob("????-??-??"))
        if _has_article(folder / SQLITE, urls, articles) or _quotes(folder / "changes.csv", articles)
    ]


def _has_article(file: Path, urls: Collection[str], articles: Collection[str]) -> bool:
    given = [*urls, *articles]
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            for start in range(0, len(given), _MANY):
                some = given[start : start + _MANY]
                marks = ", ".join("?" * len(some))
                query = f"SELECT 1 FROM articles WHERE url IN ({marks}) OR id IN ({marks}) LIMIT 1"  # noqa: S608
                if database.execute(query, [*some, *some]).fetchone():
                    return True
    except sqlite3.Error:
        return True
    return False


def _quotes(file: Path, articles: Collection[str]) -> bool:
    csv.field_size_limit(_LONG)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                said = (row["before"] or "") + (row["after"] or "")
                if said and any(name in row["row"] or name in said for name in articles):
                    return True
    except FileNotFoundError:
        return False
    except (OSError, KeyError, csv.Error, UnicodeDecodeError):
        return True
    return False
