"""The panel: a unit's year and indicator a row, what was achieved beside what was planned."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
_Key = tuple[str, int, str, str]


def panel_rows(
    values: Iterable[Row], targets: Iterable[Row], units: Mapping[str, Row], articles: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Rows of the panel by unit, year, indicator and unit of counting.

    `values` are rows of `outcome_values`, `targets` of `target_results`, `units` rows by id, `articles` outcome id →
    how many articles report it. Of several values the largest is the whole, the others its parts.
    """
    done: dict[_Key, list[Row]] = defaultdict(list)
    planned: dict[_Key, list[Row]] = defaultdict(list)
    for row in values:
        if row["unit_id"] is None or row["year"] is None or row["indicator"] == "other":
            continue
        key = (row["unit_id"], row["year"], row["indicator"], row["unit"])
        (planned if row["status"] == "target" else done)[key].append(row)
    linked = {(row["unit_id"], row["year"], row["indicator"], row["unit"]): row for row in targets}
    by_id = {row["id"]: row for rows in (*done.values(), *planned.values()) for row in rows}
    for row in linked.values():
        # Set under the unit's old name: it stands in the row of its result.
        before = by_id[row["target_value_id"]]
        key = (before["unit_id"], row["year"], row["indicator"], row["unit"])
        if before["unit_id"] != row["unit_id"] and planned[key] == [before]:
            del planned[key]
    for key in sorted(done.keys() | planned.keys() | linked.keys()):
        yield _row(key, done[key], planned[key], linked.get(key), units, articles, by_id)


def _row(
    key: _Key,
    done: list[Row],
    planned: list[Row],
    link: Row | None,
    units: Mapping[str, Row],
    articles: Mapping[str, int],
    by_id: Mapping[str, Row],
) -> dict[str, Any]:
    unit_id, year, indicator, unit = key
    result = by_id.get(link["result_value_id"]) if link else _main(done)
    target = by_id.get(link["target_value_id"]) if link else _main(planned)
    achieved = (link["result"] if link else result["value"]) if result else None
    behind = [row for row in (result, target) if row]
    outcomes = sorted({row["outcome_id"] for row in behind})
    about = units[unit_id]
    return {
        "unit_id": unit_id,
        "history_id": about["history_id"],
        "unit_name": about["name"],
        "level": about["level"],
        "province_code": about["province_code"],
        "year": year,
        "indicator": indicator,
        "unit": unit,
        "achieved": achieved,
        "achieved_number": None if achieved is None else float(achieved),
        "target": target["value"] if target else None,
        "target_number": target["value_number"] if target else None,
        "attainment_pct": link["attained_pct"] if link else _percent(achieved, target),
        "claimed_pct": result["attainment_pct"] if result else None,
        "achieved_value_id": result["id"] if result else None,
        "target_value_id": target["id"] if target else None,
        "outcomes": json.dumps(outcomes),
        "sources": sum(articles[outcome] for outcome in outcomes),
        "status_note": _note(done, planned, behind),
    }


def _main(rows: list[Row]) -> Row | None:
    return max(rows, key=lambda row: (Decimal(row["value"]), row["confidence"], row["id"]), default=None)


def _percent(achieved: str | None, target: Row | None) -> float | None:
    if achieved is None or target is None or not Decimal(target["value"]):
        return None
    return float(round(Decimal(achieved) / Decimal(target["value"]) * 100, 1))


def _note(done: list[Row], planned: list[Row], behind: list[Row]) -> str | None:
    notes = []
    if len(done) > 1:
        notes.append(f"the largest of {len(done)} values")
    if len(planned) > 1:
        notes.append(f"the largest of {len(planned)} targets")
    if any(row["agreement"] == "differ" for row in behind):
        notes.append("reports differ")
    if any(row["modifier"] != "exact" for row in behind):
        notes.append("a bound or a rounded number")
    return "; ".join(notes) or None
