"""A release: the dataset as files for others, the same bytes whenever the same rows are released."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from pipeline.dataset.corrected import View, corrected
from pipeline.dataset.database import snapshot
from pipeline.dataset.release.card import NAME as CARD
from pipeline.dataset.release.card import card
from pipeline.dataset.release.changes import write_changes
from pipeline.dataset.release.codebook import Codebook, build
from pipeline.dataset.release.describe import codebook_markdown, croissant, datapackage
from pipeline.dataset.release.formats import write_table
from pipeline.dataset.release.model import PANEL, TABLES, released_table
from pipeline.dataset.release.panel import panel_rows
from pipeline.dataset.release.publish import publishing, release_before
from pipeline.dataset.release.redact import Redactions
from pipeline.dataset.release.sqlite_file import NAME as SQLITE
from pipeline.dataset.release.sqlite_file import ReleaseDatabase
from pipeline.dataset.release.workbook import write_workbook
from pipeline.dataset.schema import RELEASED, outcome_values, outcomes, target_results, units
from pipeline.dataset.takedowns import all_takedowns

__all__ = ["release"]

Rows = Iterable[Mapping[str, Any]]


def release(
    engine: Engine,
    out_dir: Path,
    date: str,
    *,
    bom: bool = False,
    blanked: Redactions | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write `out_dir/DATE/` from a linked dataset and move `out_dir/latest` to it; the folder's path is returned.

    A reader meets a whole release or the one before. With `bom` CSV files begin with a byte order mark; what is
    `blanked` stands in none of the files. Raises `ValueError` unless `date` is like `2025-01-07`, `codebook.CodebookError` where a field or code is not described.
    """
    tell = progress or (lambda _line: None)
    codebook = build(TABLES)
    blanked = blanked or Redactions()
    with publishing(out_dir, date) as folder:
        _write_tables(engine, folder, codebook, blanked, bom=bom, tell=tell)
        before = release_before(out_dir, date)
        tell("writing the release: workbook")
        write_workbook(folder, folder / SQLITE, date)
        tell("writing the release: descriptions and changes")
        _write_json(folder / "datapackage.json", datapackage(folder, date, TABLES, codebook, bom=bom))
        _write_json(folder / "croissant.json", croissant(folder, date, TABLES, codebook))
        (folder / "CODEBOOK.md").write_text(codebook_markdown(TABLES, codebook), encoding="utf-8")
        with engine.connect() as connection:
            gone = {name for one in all_takedowns(connection) for name in one.articles}
        changes = write_changes(folder, before, blanked, gone)
        told = card(folder, date, codebook, changes, before.name if before else None)
        (folder / CARD).write_text(told, encoding="utf-8")
    return out_dir / date


def _write_tables(
    engine: Engine,
    folder: Path,
    codebook: Codebook,
    blanked: Redactions,
    *,
    bom: bool,
    tell: Callable[[str], None],
) -> None:
    # One connection and one snapshot, so that all tables show the same moment.
    with ReleaseDatabase(folder / SQLITE) as database, snapshot(engine).connect() as connection:
        view, gate = corrected(connection), blanked.gate()
        for number, table in enumerate(RELEASED, start=1):
            tell(f"writing the release: table {number} of {len(TABLES)}")
            released = released_table(table)
            rows = gate.rows(released, view.rows(table))
            write_table(folder, released, database.add(released, rows), bom=bom)
        tell(f"writing the release: table {len(TABLES)} of {len(TABLES)}")
        write_table(folder, PANEL, database.add(PANEL, gate.rows(PANEL, _panel(view))), bom=bom)
        database.describe(codebook)
        database.index_texts()


def _panel(view: View) -> Rows:
    registry = {row["id"]: row for row in view.rows(units)}
    articles = {row["id"]: row["articles"] for row in view.rows(outcomes)}
    return panel_rows(view.rows(outcome_values), list(view.rows(target_results)), registry, articles)


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
