"""Two to five units on the same indicators."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from pipeline.explore.listing import match
from pipeline.explore.rows import Row, exports, listed, rows

MOST = 5
_PANEL = "SELECT * FROM panel WHERE unit_id IN (SELECT value FROM json_each(:units)) ORDER BY indicator, unit, year"


def compare(
    connection: sqlite3.Connection, asked: Sequence[str], year: str, indicator: str, query: str
) -> Row:
    """The chosen units' numbers of one year beside each other, one indicator over the years, and units that `query` finds."""
    ids = list(dict.fromkeys(asked))[:MOST]
    params = {"units": json.dumps(ids)}
    found = {
        one["id"]: one
        for one in rows(
            connection, "SELECT * FROM units WHERE id IN (SELECT value FROM json_each(:units))", params
        )
    }
    units = [found[one] for one in ids if one in found]
    panel = rows(connection, _PANEL, params) if units else []
    years = sorted({one["year"] for one in panel}, reverse=True)
    chosen = int(year) if year.isdecimal() and len(year) == 4 and int(year) in years else _fullest(panel)
    lines: dict[tuple[str, str], dict[str, Row]] = {}
    for one in panel:
        if one["year"] == chosen:
            key = (one["indicator"], one["unit"])
            lines.setdefault(key, {})[one["unit_id"]] = {**one, "found_in": listed(one["outcomes"])}
    shared: dict[tuple[str, str], set[str]] = {}
    for one in panel:
        known = shared.setdefault((one["indicator"], one["unit"]), set())
        if one["achieved"] is not None:
            known.add(one["unit_id"])
    order = sorted(shared, key=lambda key: (key[0] == "other", -len(shared[key]), key))
    picked = next((key for key in order if f"{key[0]}.{key[1]}" == indicator), order[0] if order else None)
    return {
        "chosen": units,
        "year": chosen,
        "years": years,
        "lines": [
            {"indicator": key[0], "unit": key[1], "cells": [lines[key].get(one["id"]) for one in units]}
            for key in order
            if key in lines
        ],
        "picked": picked,
        "pickable": order,
        "series": [one for one in panel if (one["indicator"], one["unit"]) == picked and one["achieved"]],
        "query": query,
        "found": _search(connection, query, ids),
        "exports": exports(_PANEL, params),
        "most": MOST,
    }


def _fullest(panel: Sequence[Row]) -> int | None:
    """The newest of the years in which most of the units have results."""
    of_year: dict[int, set[str]] = {one["year"]: set() for one in panel}
    for one in panel:
        if one["achieved"] is not None:
            of_year[one["year"]].add(one["unit_id"])
    return max(of_year, key=lambda year: (len(of_year[year]), year), default=None)


def _search(connection: sqlite3.Connection, query: str, ids: Sequence[str]) -> list[Row]:
    sql = (
        "SELECT u.id, u.name, u.level, count(DISTINCT p.year) AS years FROM units u LEFT JOIN panel p ON p.unit_id = u.id"
        " WHERE {} GROUP BY u.id ORDER BY years DESC, u.name LIMIT 20"
    )
    if wanted := match(query):
        condition = "u.id IN (SELECT id FROM search WHERE search MATCH :match AND kind = 'unit')"
        found = rows(connection, sql.format(condition), {"match": wanted})
    elif ids:
        return []
    else:  # a beginning: those with the longest series
        found = rows(connection, sql.format("u.id IN (SELECT unit_id FROM panel GROUP BY 1 ORDER BY count(DISTINCT year) DESC LIMIT 12)"))  # fmt: skip
    return [one for one in found if one["id"] not in ids]
