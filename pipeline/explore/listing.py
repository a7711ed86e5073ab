"""The list of conferences: filters with counts, search that needs no diacritics, orders, pages."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.dataset.release.sqlite_file import fold_letters
from pipeline.explore.places import provinces, today
from pipeline.explore.rows import Row, exports, one, rows

PAGE = 50
FACETS = ("year", "kind", "province", "level", "source", "failed")
ORDERS = {
    "newest": "o.date_start IS NULL, o.date_start DESC, o.id",
    "oldest": "o.date_start IS NULL, o.date_start, o.id",
    "host": "o.host IS NULL, o.host, o.date_start DESC, o.id",
    "figures": "figures DESC, o.date_start DESC, o.id",
    "reports": "o.reports DESC, o.date_start DESC, o.id",
}
_FAILED = (
    "EXISTS (SELECT 1 FROM outcome_reports r JOIN checks c ON c.conference_id = r.conference_id"
    " WHERE r.outcome_id = o.id AND c.holds = 0)"
)
_CONDITIONS = {
    "year": "o.date_start BETWEEN :year || '-01-01' AND :year || '-12-31'",
    "kind": "o.kind = :kind",
    "province": "o.province_code IN (SELECT value FROM json_each(:province))",
    "level": "u.level = :level",
    "source": "EXISTS (SELECT 1 FROM outcome_reports r JOIN articles a ON a.id = r.article_id"
    " WHERE r.outcome_id = o.id AND a.source = :source)",
    "failed": f"{_FAILED} = :failed",
    "found": "o.id IN (SELECT value FROM json_each(:found))",
}
_SEARCH = """
SELECT id FROM search WHERE search MATCH :match AND kind = 'outcome'
UNION SELECT r.outcome_id FROM search s JOIN outcome_reports r ON r.article_id = s.id
      WHERE search MATCH :match AND s.kind = 'article'
UNION SELECT r.outcome_id FROM search s JOIN people p ON p.id = s.id
      JOIN outcome_reports r ON r.conference_id = p.conference_id WHERE search MATCH :match AND s.kind = 'person'
UNION SELECT o.id FROM search s JOIN outcomes o ON o.host_unit_id = s.id WHERE search MATCH :match AND s.kind = 'unit'
"""
_COUNTED = {
    "year": "substr(o.date_start, 1, 4)",
    "kind": "o.kind",
    "province": "o.province_code",
    "level": "u.level",
    "failed": _FAILED,
}
_SHOWN = "o.id, o.host, o.kind, o.name, o.date_start, o.date_end, o.date_basis, o.province_code, o.reports, u.level"
_FROM = "FROM outcomes o LEFT JOIN units u ON u.id = o.host_unit_id"
# A phrase in quotes, or a word.
_WORD = re.compile(r'"([^"]+)"|(\w+)')


def match(text: str) -> str | None:
    """What FTS5 is asked for a person's words: all of them, those in quotes side by side, the last perhaps unfinished.

    None where there are no words.

    >>> match("Đồng Tháp"), match('"đồng tháp" 2025')
    ('folded : ("dong" "thap"*)', 'folded : ("dong thap" "2025"*)')
    """
    found = []
    for phrase, word in _WORD.findall(fold_letters(text))[:12]:
        words = re.findall(r"\w+", phrase or word)
        if words:
            found.append('"' + " ".join(words) + '"')
    return "folded : (" + " ".join(found) + "*)" if found else None


def conferences(connection: sqlite3.Connection, asked: Mapping[str, str]) -> Row:
    """The page of conferences that `asked` wants: `year`, `kind`, …, `q`, `sort` and `page`; what makes no sense is ignored."""
    chosen = _chosen(asked)
    query = asked.get("q", "").strip()
    told, params = _conditions(chosen)
    if wanted := match(query):
        found = [row["id"] for row in rows(connection, _SEARCH, {"match": wanted})]
        told["found"], params["found"] = _CONDITIONS["found"], json.dumps(found)
    where = " AND ".join(told.values()) or "1"
    total = int(one(connection, f"SELECT count(*) {_FROM} WHERE {where}", params))
    order = asked.get("sort", "") if asked.get("sort") in ORDERS else "newest"
    pages = max(1, -(-total // PAGE))
    asked_page = asked.get("page", "")
    number = min(int(asked_page), pages) if asked_page.isdecimal() and 0 < len(asked_page) < 8 else 1
    number = max(number, 1)
    return {
        "rows": _page(connection, where, params, order, number),
        "total": total,
        "page": number,
        "pages": pages,
        "order": order,
        "orders": list(ORDERS),
        "query": query,
        "chosen": chosen,
        "facets": {name: _facet(connection, name, told, params) for name in FACETS},
        "exports": exports(*_whole(chosen, wanted, order)),
    }


def _chosen(asked: Mapping[str, str]) -> dict[str, str]:
    found = {name: asked[name] for name in FACETS if asked.get(name)}
    if not re.fullmatch(r"\d{4}", found.get("year", "0000")):
        del found["year"]
    if found.get("failed", "1") not in {"0", "1"}:
        del found["failed"]
    return found


def _conditions(chosen: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    params: dict[str, Any] = dict(chosen)
    if code := chosen.get("province"):
        # A province of today stands for those that were merged into it.
        params["province"] = json.dumps(provinces()[code].codes if code in provinces() else [code])
    if "failed" in chosen:
        params["failed"] = int(chosen["failed"])
    return {name: _CONDITIONS[name] for name in chosen}, params


def _page(
    connection: sqlite3.Connection, where: str, params: Mapping[str, Any], order: str, number: int
) -> list[Row]:
    counted = "(SELECT count(*) FROM outcome_values v WHERE v.outcome_id = o.id) AS figures"
    limits = {"limit": PAGE, "skip": PAGE * (number - 1)}
    # Counted for all only where they are sorted by it.
    early = f", {counted}" if order == "figures" else ""
    found = rows(
        connection,
        f"SELECT {_SHOWN}{early} {_FROM} WHERE {where} ORDER BY {ORDERS[order]} LIMIT :limit OFFSET :skip",
        {**params, **limits},
    )
    ids = json.dumps([row["id"] for row in found])
    details = {
        row["id"]: row
        for row in rows(
            connection,
            f"SELECT o.id, {counted}, {_FAILED} AS failed, a.title, a.source FROM outcomes o"  # noqa: S608
            " JOIN conferences c ON c.id = o.conference_id JOIN articles a ON a.id = c.article_id"
            " WHERE o.id IN (SELECT value FROM json_each(:ids))",
            {"ids": ids},
        )
    }
    return [{**row, **details[row["id"]]} for row in found]


def _facet(
    connection: sqlite3.Connection, name: str, told: Mapping[str, str], params: Mapping[str, Any]
) -> list[tuple[str, int]]:
    """The values of a facet with how many conferences each would leave, given the other filters."""
    where = " AND ".join(sql for key, sql in told.items() if key != name) or "1"
    if name == "source":
        sql = (
            f"SELECT a.source AS value, count(DISTINCT o.id) AS n {_FROM} JOIN outcome_reports r ON r.outcome_id = o.id"
            f" JOIN articles a ON a.id = r.article_id WHERE {where} GROUP BY 1"
        )
    else:
        sql = f"SELECT {_COUNTED[name]} AS value, count(*) AS n {_FROM} WHERE {where} GROUP BY 1"
    counts: Counter[str] = Counter()
    for row in rows(connection, sql, params):
        value = today(row["value"]) if name == "province" else row["value"]
        if value is not None:
            counts[str(value)] += row["n"]
    if name == "year":
        return sorted(counts.items(), reverse=True)
    return counts.most_common()


def _whole(chosen: Mapping[str, str], wanted: str | None, order: str) -> tuple[str, dict[str, Any]]:
    """The same list whole, as one query that Datasette can run."""
    told, params = _conditions(chosen)
    if wanted:
        told["found"], params["match"] = f"o.id IN ({_SEARCH})", wanted
    where = " AND ".join(told.values()) or "1"
    counted = "(SELECT count(*) FROM outcome_values v WHERE v.outcome_id = o.id) AS figures"
    return f"SELECT {_SHOWN}, {counted} {_FROM} WHERE {where} ORDER BY {ORDERS[order]}", params
