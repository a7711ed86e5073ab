"""The home page: what the dataset holds, and how well."""

from __future__ import annotations

import sqlite3
from collections import Counter

from pipeline.explore.places import provinces, today
from pipeline.explore.rows import Row, exports, row, rows

_MONTHS = (
    "SELECT substr(date_start, 1, 7) AS month, count(*) AS conferences FROM outcomes"
    " WHERE date_start IS NOT NULL GROUP BY 1 ORDER BY 1"
)
_HELD = """
SELECT (SELECT count(*) FROM outcomes) AS conferences, (SELECT count(*) FROM units) AS units,
       (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM outcome_values) AS figures,
       (SELECT count(*) FROM outcome_awards) AS awards, (SELECT count(*) FROM review_items) AS to_review,
       (SELECT min(date_start) FROM outcomes) AS first, (SELECT max(date_start) FROM outcomes) AS last
"""
_SOURCES = """
SELECT coalesce(source, '') AS source, count(*) AS articles, sum(relevant) AS relevant, max(published_at) AS newest,
       sum(quality <> '[]') AS flagged
FROM articles GROUP BY 1 ORDER BY 2 DESC
"""
_LATEST = """
SELECT o.id, o.host, o.kind, o.name, o.date_start, o.date_end, o.reports, o.province_code, a.title
FROM outcomes o JOIN conferences c ON c.id = o.conference_id JOIN articles a ON a.id = c.article_id
WHERE o.date_start IS NOT NULL ORDER BY o.date_start DESC, o.id LIMIT 8
"""
_SHADES = (1, 3, 10, 30, 100)


def home(connection: sqlite3.Connection) -> Row:
    """All that the home page shows."""
    held = row(connection, _HELD) or {}
    sources = rows(connection, _SOURCES)
    return {
        "held": {**held, "sources": len(sources)},
        "months": rows(connection, _MONTHS),
        "months_exports": exports(_MONTHS),
        "sources": sources,
        "sources_exports": exports(_SOURCES),
        "latest": rows(connection, _LATEST),
        "tiles": tiles(connection),
    }


def tiles(connection: sqlite3.Connection) -> list[Row]:
    """A tile a province of today, with how many conferences it has; `shade` is 0 where none, then up to 6."""
    counts: Counter[str | None] = Counter()
    for found in rows(connection, "SELECT province_code, count(*) AS n FROM outcomes GROUP BY 1"):
        counts[today(found["province_code"])] += found["n"]
    return [
        {
            "code": one.code,
            "name": one.name,
            "row": one.row,
            "column": one.column,
            "conferences": counts[one.code],
            "shade": sum(counts[one.code] >= step for step in _SHADES),
        }
        for one in sorted(provinces().values(), key=lambda one: (one.row, one.column))
    ]
