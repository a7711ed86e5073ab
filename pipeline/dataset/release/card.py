"""The dataset card: what a release holds, of where and when, how good it is, and how to use and cite it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from extractors.lexicon.tables import load
from pipeline.dataset.release import about
from pipeline.dataset.release.codebook import Codebook
from pipeline.dataset.release.model import TABLES

NAME = "README.md"

_FILES = """\
| file | what |
| --- | --- |
| `TABLE.parquet`, `TABLE.csv`, `TABLE.jsonl` | each table in three formats; lists are JSON in CSV, and a cell that a spreadsheet would run as a formula begins with an apostrophe |
| `tongket.sqlite` | all tables with keys, indexes, the code book, and `search`: `SELECT * FROM search WHERE search MATCH 'dong thap'` |
| `tongket.xlsx` | a workbook for analysts |
| `panel.*` | a unit's year and indicator a row: achieved, target, attainment, sources |
| `CODEBOOK.md` | every field and code, in English and Vietnamese |
| `datapackage.json`, `croissant.json` | the same for programs |
| `changes.csv` | what was added, changed and removed since the release before, and why |
| `SHA256SUMS` | `sha256sum -c SHA256SUMS`; `tongket verify` checks keys and evidence too |
"""


def card(folder: Path, date: str, codebook: Codebook, changes: Mapping[str, int], before: str | None) -> str:
    """The card of the release whose SQLite file is in `folder`, as Markdown."""
    with closing(sqlite3.connect(folder / "tongket.sqlite")) as database:

        def ask(query: str) -> Sequence[tuple[Any, ...]]:
            return database.execute(query).fetchall()

        parts = [
            f"# {about.TITLE}\n\nRelease of {date}, version {about.version(date)}.\n\n{about.DESCRIPTION}",
            f"## What it holds\n\n{_counts(ask, codebook)}",
            f"## Files\n\n{_FILES}",
            f"## Coverage\n\n{_coverage(ask)}",
            f"## Quality\n\n{_quality()}",
            "## Known limits\n\n" + "\n".join(f"- {limit}" for limit in about.LIMITS),
            f"## Changes\n\n{_changes(changes, before)}",
            f"## Licence and citation\n\n{about.LICENCE_NOTE}\n\n    "
            + about.citation(date).replace("\n", "\n    "),
        ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    lines += [
        "| " + " | ".join("" if x is None else str(x).replace("|", "\\|") for x in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def _counts(ask: Any, codebook: Codebook) -> str:
    rows = []
    for table in TABLES:
        ((count,),) = ask(f"SELECT count(*) FROM {table.name}")  # noqa: S608  names of the models
        rows.append((f"`{table.name}`", count, codebook.tables[table.name].en))
    head = "| table | rows | a row is |\n| --- | ---: | --- |\n"
    return head + "\n".join(f"| {name} | {count} | {words} |" for name, count, words in rows)


def _coverage(ask: Any) -> str:
    names = {row["code"]: row["name"] for row in reversed(load("provinces"))}
    provinces = [
        (names.get(code, "not told") if code else "not told", outcomes, reports)
        for code, outcomes, reports in ask(
            "SELECT province_code, count(*), sum(articles) FROM outcomes GROUP BY province_code ORDER BY 2 DESC, 1"
        )
    ]
    years = ask(
        "SELECT coalesce(substr(date_start, 1, 4), 'not told'), count(*), sum(articles) FROM outcomes GROUP BY 1 ORDER BY 1"
    )
    sources = ask(
        "SELECT coalesce(a.source, 'not told'), count(DISTINCT a.id), count(DISTINCT r.outcome_id) FROM articles a "
        "LEFT JOIN outcome_reports r ON r.article_id = a.id GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return "\n\n".join(
        (
            "By province (code and name as of the event):\n\n"
            + _table(("province", "outcomes", "articles"), provinces),
            "By year of the event:\n\n" + _table(("year", "outcomes", "articles"), years),
            "By source:\n\n" + _table(("source", "articles", "outcomes"), sources),
        )
    )


def _quality() -> str:
    """How the extractors do on the project's annotated articles, as measured when the version was made."""
    text = files("pipeline.dataset").joinpath("codebook", "quality.json").read_text(encoding="utf-8")
    measured = json.loads(text)
    rows = []
    for name, score in measured["scores"].items():
        if "f1" in score:
            rows.append(
                (name, f"{score['p']:.3f}", f"{score['r']:.3f}", f"{score['f1']:.3f}", "", score["n"])
            )
        else:
            rows.append((name, "", "", "", f"{score['accuracy']:.3f}", score["n"]))
    return (
        f"The rules that read the articles, measured on {measured['articles']} articles annotated by hand, on which they were "
        "also improved (expect less of new text):\n\n"
        + _table(("measure", "precision", "recall", "F1", "accuracy", "n"), rows)
    )


def _changes(counts: Mapping[str, int], before: str | None) -> str:
    if before is None:
        return "There is no release before this one."
    told = ", ".join(f"{count} rows {change}" for change, count in counts.items())
    return f"Since the release of {before}: {told}; `changes.csv` has each with its reason."
