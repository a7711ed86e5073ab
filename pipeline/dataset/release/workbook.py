"""An Excel workbook for analysts: what happened, a sheet a question, with filters; the whole is in the other files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.dataset.release import about

NAME = "tongket.xlsx"
_ROWS = 1_048_575  # a sheet has no more, below its head
_TEXT = 32_767  # characters, and a cell has no more

_SHEETS = (
    (
        "Outcomes",
        "SELECT o.date_start, o.host, o.kind, o.name, o.province_code, o.place_text, o.review_period_label, o.articles, "
        "o.reports, a.title, a.url, o.id FROM outcomes o JOIN conferences c ON c.id = o.conference_id "
        "JOIN articles a ON a.id = c.article_id ORDER BY o.date_start, o.id",
    ),
    (
        "Values",
        "SELECT o.date_start, coalesce(u.name, v.subject, o.host) AS unit_name, v.indicator, v.status, v.value_number AS value, "
        "v.value_max_number AS value_max, v.unit, v.modifier, v.year, v.attainment_pct, v.share_pct, v.agreement, "
        "v.reports, v.confidence, f.evidence_text, a.url, v.id FROM outcome_values v "
        "JOIN outcomes o ON o.id = v.outcome_id JOIN figures f ON f.id = v.figure_id "
        "JOIN conferences c ON c.id = f.conference_id JOIN articles a ON a.id = c.article_id "
        "LEFT JOIN units u ON u.id = v.unit_id ORDER BY o.date_start, v.outcome_id, v.ordinal",
    ),
    (
        "Awards",
        "SELECT o.date_start, o.host, w.form, w.form_text, w.grantors, w.recipient_type, w.count, w.agreement, w.confidence, "
        "w.id FROM outcome_awards w JOIN outcomes o ON o.id = w.outcome_id ORDER BY o.date_start, w.outcome_id, w.ordinal",
    ),
    (
        "Targets and results",
        "SELECT u.name AS unit_name, t.year, t.indicator, t.unit, t.target_number AS target, t.result_number AS result, "
        "t.attained, t.attained_pct, t.claimed_pct, t.claim_holds, t.score, t.id FROM target_results t "
        "JOIN units u ON u.id = t.unit_id ORDER BY u.name, t.year, t.indicator",
    ),
    (
        "Panel",
        "SELECT unit_name, level, province_code, year, indicator, unit, achieved_number AS achieved, target_number AS target, "
        "attainment_pct, claimed_pct, sources, status_note, unit_id FROM panel ORDER BY unit_name, year, indicator, unit",
    ),
    (
        "Units",
        "SELECT u.name, u.type, u.level, u.province_code, u.valid_from, u.valid_to, s.name AS successor, h.name AS history, "
        "u.id FROM units u LEFT JOIN units s ON s.id = u.successor_id LEFT JOIN units h ON h.id = u.history_id ORDER BY u.name, u.id",
    ),
    (
        "Code book",
        "SELECT vocabulary, code, label_en, label_vi, en, vi FROM codebook_codes ORDER BY vocabulary, rowid",
    ),
)


def write_workbook(folder: Path, database: Path, date: str) -> None:
    """Write `tongket.xlsx` into `folder` from a release's SQLite file. The same release is the same bytes.

    Texts are written as texts: nothing in them is a formula or a link. A sheet that would be too long says so in its
    last row.
    """
    created = datetime.fromisoformat(date).replace(tzinfo=UTC)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(folder / NAME, options) as book, closing(sqlite3.connect(database)) as source:
        book.set_properties({"title": about.TITLE, "comments": about.LICENCE_NOTE, "created": created})
        head = book.add_format({"bold": True, "bottom": 1})
        _about(book.add_worksheet("Read me"), date)
        for name, query in _SHEETS:
            _fill(book.add_worksheet(name), source.execute(query), head)


def _about(sheet: Worksheet, date: str) -> None:
    sheet.set_column(0, 0, 110)
    lines = (
        about.TITLE,
        f"Release of {date}",
        "",
        about.DESCRIPTION,
        "",
        *about.LIMITS,
        "",
        about.LICENCE_NOTE,
    )
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)


def _fill(sheet: Worksheet, rows: sqlite3.Cursor, head: object) -> None:
    names = [column[0] for column in rows.description]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(names) - 1, 16)
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, head)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number == _ROWS and rows.fetchone() is not None:
            sheet.write_string(
                number, 0, "There are more rows than a sheet takes: see the CSV and Parquet files."
            )
            break
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, value[:_TEXT])
            elif value is not None:
                sheet.write_number(number, place, value)
    sheet.autofilter(0, 0, number, len(names) - 1)
