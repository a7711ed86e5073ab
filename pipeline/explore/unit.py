"""A unit over the years: its names and mergers, its numbers, what it promised and kept, its awards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from pipeline.explore.listing import match
from pipeline.explore.places import provinces
from pipeline.explore.rows import Row, exports, listed, one, row, rows

PAGE = 100
_LISTED = """
SELECT u.id, u.name, u.type, u.level, u.province_code, u.valid_from, u.valid_to, count(o.id) AS conferences,
       max(o.date_start) AS last
FROM units u LEFT JOIN outcomes o ON o.host_unit_id = u.id WHERE {where}
GROUP BY u.id ORDER BY conferences DESC, u.name, u.id LIMIT :limit
"""
PANEL = "SELECT * FROM panel WHERE {column} = :unit ORDER BY indicator, unit, unit_name, year"
_PROMISES = """
SELECT t.*, v.outcome_id AS told_in, w.outcome_id AS set_in, w.modifier AS target_modifier
FROM target_results t JOIN outcome_values v ON v.id = t.result_value_id JOIN outcome_values w ON w.id = t.target_value_id
WHERE t.unit_id = :unit ORDER BY t.year DESC, t.indicator
"""
_GIVEN = """
SELECT DISTINCT a.id, a.form, a.form_text, a.count, a.recipient_type, a.grantors, r.outcome_id, o.date_start, o.host
FROM unit_mentions m JOIN awards a ON a.conference_id = m.conference_id
JOIN outcome_reports r ON r.conference_id = m.conference_id JOIN outcomes o ON o.id = r.outcome_id
WHERE m.unit_id = :unit AND r.first
  AND EXISTS (SELECT 1 FROM json_each(a.recipients) j WHERE j.value = m.canonical OR j.value = m.name)
ORDER BY o.date_start DESC, a.id LIMIT 200
"""
_HOSTED = (
    "SELECT id, kind, name, date_start, date_end, reports FROM outcomes WHERE host_unit_id = :unit"
    " ORDER BY date_start DESC, id LIMIT 200"
)


def units(connection: sqlite3.Connection, asked: Mapping[str, str]) -> Row:
    """Units by how many conferences they held; `q`, `level` and `province` narrow them."""
    where, params = ["1"], dict[str, Any](limit=PAGE)
    query = asked.get("q", "").strip()
    if wanted := match(query):
        where.append("u.id IN (SELECT id FROM search WHERE search MATCH :match AND kind = 'unit')")
        params["match"] = wanted
    if level := asked.get("level"):
        where.append("u.level = :level")
        params["level"] = level
    if code := asked.get("province"):
        where.append("u.province_code IN (SELECT value FROM json_each(:province))")
        params["province"] = json.dumps(provinces()[code].codes if code in provinces() else [code])
    condition = " AND ".join(where)
    return {
        "rows": rows(connection, _LISTED.format(where=condition), params),
        "total": one(connection, f"SELECT count(*) FROM units u WHERE {condition}", params),  # noqa: S608
        "query": query,
        "level": level or "",
        "province": code or "",
        "exports": exports(_LISTED.format(where=condition), {**params, "limit": 1_000_000}),
    }


def unit(connection: sqlite3.Connection, identity: str, *, history: bool) -> Row | None:
    """All that a unit's page shows; with `history` the numbers of those merged with it too. None where there is none."""
    told = {"unit": identity}
    about = row(connection, "SELECT * FROM units WHERE id = :unit", told)
    if about is None:
        return None
    chain = rows(
        connection,
        "SELECT id, name, valid_from, valid_to, successor_id FROM units WHERE history_id = :history"
        " ORDER BY valid_to IS NULL, valid_to, name",
        {"history": about["history_id"]},
    )
    sql = PANEL.format(column="history_id" if history else "unit_id")
    asked = {"unit": about["history_id"] if history else identity}
    promises = rows(connection, _PROMISES, told)
    return {
        "about": about,
        "spellings": listed(about["spellings"]),
        "chain": chain,
        "successor": next((one for one in chain if one["id"] == about["successor_id"]), None),
        "history": history,
        "panel": grid(rows(connection, sql, asked)),
        "panel_exports": exports(sql, asked),
        "promises": promises,
        "kept": sum(one["attained"] == 1 for one in promises),
        "missed": sum(one["attained"] == 0 for one in promises),
        "awards": [{**one, "given_by": listed(one["grantors"])} for one in rows(connection, _GIVEN, told)],
        "hosted": rows(connection, _HOSTED, told),
    }


def grid(panel: list[Row]) -> Row:
    """Rows of `panel` as a table: an indicator (and unit of counting, and union) a line, a year a column."""
    years = sorted({one["year"] for one in panel})
    lines: dict[tuple[str, str, str], dict[int, Row]] = {}
    for one_row in panel:
        key = (one_row["indicator"], one_row["unit"], one_row["unit_id"])
        lines.setdefault(key, {})[one_row["year"]] = {**one_row, "found_in": listed(one_row["outcomes"])}
    return {
        "years": years,
        "lines": [
            {
                "indicator": key[0],
                "unit": key[1],
                "name": next(iter(cells.values()))["unit_name"],
                "cells": cells,
            }
            for key, cells in sorted(
                lines.items(), key=lambda pair: (pair[0][0] == "other", -len(pair[1]), pair[0])
            )
        ],
    }
