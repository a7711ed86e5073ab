"""An indicator: over years, by province and by level, targets against results, and values that stand out."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from pipeline.explore.places import provinces, today
from pipeline.explore.rows import Row, exports, listed, rows
from pipeline.explore.spread import grouped, outliers

_ALL = """
SELECT indicator, count(*) AS n, count(DISTINCT unit_id) AS units, sum(target IS NOT NULL) AS targets,
       min(year) AS first, max(year) AS last
FROM panel GROUP BY 1 ORDER BY indicator = 'other', n DESC
"""
_VALUES = """
SELECT unit_id, unit_name, level, province_code, year, achieved, achieved_number, target, target_number, outcomes
FROM panel WHERE indicator = :indicator AND unit = :unit AND (:level IS NULL OR level = :level) ORDER BY year, unit_name
"""
_PAIRS = """
SELECT t.year, u.name AS unit_name, t.unit_id, t.target, t.target_number, t.result, t.result_number, t.attained,
       t.attained_pct, t.claimed_pct, v.outcome_id
FROM target_results t JOIN units u ON u.id = t.unit_id JOIN outcome_values v ON v.id = t.result_value_id
WHERE t.indicator = :indicator AND t.unit = :unit AND (:level IS NULL OR u.level = :level)
ORDER BY t.year DESC, u.name
"""
SHOWN = 200


def indicators(connection: sqlite3.Connection) -> Row:
    """All indicators with how much is known of each."""
    return {"rows": rows(connection, _ALL), "exports": exports(_ALL)}


def indicator(connection: sqlite3.Connection, code: str, asked: Mapping[str, str]) -> Row | None:
    """All that an indicator's page shows: of one unit of counting, of one `level` or all. None where nothing is known of it."""
    told = {"indicator": code}
    ways = rows(
        connection,
        "SELECT unit, count(*) AS n FROM panel WHERE indicator = :indicator GROUP BY 1 ORDER BY n DESC, 1",
        told,
    )
    if not ways:
        return None
    known = [way["unit"] for way in ways]
    counted = asked["unit"] if asked.get("unit") in known else known[0]
    levels = rows(
        connection,
        "SELECT level, count(*) AS n FROM panel WHERE indicator = :indicator AND unit = :unit AND level IS NOT NULL"
        " GROUP BY 1 ORDER BY n DESC, 1",
        {**told, "unit": counted},
    )
    level = asked.get("level") if asked.get("level") in {one["level"] for one in levels} else None
    params = {**told, "unit": counted, "level": level}
    values = rows(connection, _VALUES, params)
    reached = [one for one in values if one["achieved_number"] is not None]
    pairs = rows(connection, _PAIRS, params)
    names = {one.code: one.name for one in provinces().values()}
    of_province = [(today(one["province_code"]), one["achieved_number"]) for one in reached]
    return {
        "code": code,
        "ways": ways,
        "counted": counted,
        "levels": levels,
        "level": level,
        "values": [{**one, "found_in": listed(one["outcomes"])} for one in reached[::-1][:SHOWN]],
        "total": len(reached),
        "years": grouped([(one["year"], one["achieved_number"]) for one in reached], "year"),
        "by_level": grouped([(one["level"] or "", one["achieved_number"]) for one in reached], "level"),
        "by_province": [
            {**one, "name": names[one["province"]]}
            for one in grouped([(place, value) for place, value in of_province if place], "province")
        ],
        "pairs": pairs[:SHOWN],
        "all_pairs": len(pairs),
        "kept": sum(one["attained"] == 1 for one in pairs),
        "missed": sum(one["attained"] == 0 for one in pairs),
        "outliers": [{**one, "found_in": listed(one["outcomes"])} for one in outliers(reached)],
        "exports": exports(_VALUES, params),
        "pairs_exports": exports(_PAIRS, params),
    }
