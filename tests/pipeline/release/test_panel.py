"""The panel: a unit's year and indicator a row, target beside result."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset.release.panel import panel_rows
from tests.pipeline.release.filled import rows

UNITS = {
    "u": {
        "id": "u",
        "history_id": "h",
        "name": "LĐLĐ huyện Ba Tri",
        "level": "district",
        "province_code": "83",
    }
}
ARTICLES = {"o1": 1, "o2": 3}


def value(identity: str, number: str, status: str = "achieved", **over: Any) -> dict[str, Any]:
    given = {
        "id": identity, "outcome_id": "o1", "unit_id": "u", "year": 2024, "indicator": "members_recruited",
        "unit": "person", "status": status, "value": number, "value_number": float(number), "confidence": 0.9,
        "agreement": "single", "modifier": "exact", "attainment_pct": None,
    }  # fmt: skip
    return {**given, **over}


def target(identity: str, number: str, **over: Any) -> dict[str, Any]:
    return value(identity, number, "target", **over)


def linked(target_id: str, result_id: str, result: str, pct: float | None) -> dict[str, Any]:
    return {
        "unit_id": "u", "year": 2024, "indicator": "members_recruited", "unit": "person",
        "target_value_id": target_id, "result_value_id": result_id, "result": result, "attained_pct": pct,
    }  # fmt: skip


CASES: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]] = [
    (
        "a result alone",
        [value("v", "705", attainment_pct=101.5)],
        [],
        [{"achieved": "705", "achieved_number": 705.0, "target": None, "attainment_pct": None, "claimed_pct": 101.5,
          "achieved_value_id": "v", "target_value_id": None, "outcomes": '["o1"]', "sources": 1, "status_note": None}],
    ),
    (
        "a target without a result",
        [target("t", "700")],
        [],
        [{"achieved": None, "achieved_number": None, "target": "700", "target_number": 700.0, "attainment_pct": None,
          "claimed_pct": None, "achieved_value_id": None, "target_value_id": "t", "sources": 1}],
    ),
    (
        "target beside result, of two reports",
        [target("t", "700"), value("v", "705", outcome_id="o2")],
        [linked("t", "v", "705", 100.7)],
        [{"achieved": "705", "target": "700", "attainment_pct": 100.7, "outcomes": '["o1", "o2"]', "sources": 4}],
    ),
    (
        "not linked, and worked out all the same",
        [target("t", "700"), value("v", "705")],
        [],
        [{"achieved": "705", "target": "700", "attainment_pct": 100.7, "sources": 1, "outcomes": '["o1"]'}],
    ),
    (
        "a target of nothing has no share",
        [target("t", "0"), value("v", "705")],
        [],
        [{"achieved": "705", "target": "0", "attainment_pct": None}],
    ),
    (
        "of several values the largest, and it says so",
        [value("v", "90"), value("w", "705"), value("x", "615")],
        [],
        [{"achieved": "705", "achieved_value_id": "w", "status_note": "the largest of 3 values"}],
    ),
    (
        "larger as numbers, not as texts",
        [value("v", "90"), value("w", "105.5")],
        [],
        [{"achieved": "105.5", "achieved_number": 105.5}],
    ),
    (
        "of several targets too",
        [target("t", "90"), target("s", "105")],
        [],
        [{"target": "105", "target_value_id": "s", "status_note": "the largest of 2 targets"}],
    ),
    (
        "equal values: the surer one",
        [value("v", "705", confidence=0.7), value("w", "705", confidence=0.8)],
        [],
        [{"achieved_value_id": "w"}],
    ),
    (
        "the linked pair counts, not the largest",
        [target("t", "700"), target("s", "900"), value("v", "705"), value("w", "806")],
        [linked("t", "v", "705", 100.7)],
        [{"achieved": "705", "target": "700", "target_value_id": "t", "attainment_pct": 100.7,
          "status_note": "the largest of 2 values; the largest of 2 targets"}],
    ),
    (
        "the share of a result, where the target is a share",
        [target("t", "90", unit="percent"), value("v", "705", share_pct=92.5)],
        [{**linked("t", "v", "92.5", 102.8), "unit": "percent"}],
        [{"unit": "percent", "achieved": "92.5", "target": "90"}, {"unit": "person", "achieved": "705", "target": None}],
    ),
    (
        "reports that differ",
        [value("v", "705", agreement="differ")],
        [],
        [{"status_note": "reports differ"}],
    ),
    (
        "a difference in a value that is not shown",
        [value("v", "9", agreement="differ"), value("w", "705")],
        [],
        [{"status_note": "the largest of 2 values"}],
    ),
    (
        "a rounded number",
        [value("v", "700", modifier="more_than")],
        [],
        [{"status_note": "a bound or a rounded number"}],
    ),
    (
        "a standing number is what was achieved",
        [value("v", "12000", "standing", indicator="members_total")],
        [],
        [{"indicator": "members_total", "achieved": "12000", "target": None}],
    ),
    ("no year", [value("v", "705", year=None)], [], []),
    ("no unit", [value("v", "705", unit_id=None)], [], []),
    ("nobody knows what it counts", [value("v", "705", indicator="other")], [], []),
    ("nothing", [], [], []),
    (
        "years and units of counting apart, in order",
        [value("v", "2", year=2025), value("w", "1"), value("x", "3", unit="turn")],
        [],
        [{"year": 2024, "unit": "person", "achieved": "1"}, {"year": 2024, "unit": "turn"}, {"year": 2025}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("values", "targets", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_panel(
    values: list[dict[str, Any]], targets: list[dict[str, Any]], expected: list[dict[str, Any]]
) -> None:
    for given in (values, values[::-1]):
        found = list(panel_rows(given, targets, UNITS, ARTICLES))
        assert [
            {name: row[name] for name in told} for row, told in zip(found, expected, strict=True)
        ] == expected
        for row in found:
            assert (row["unit_name"], row["history_id"]) == ("LĐLĐ huyện Ba Tri", "h")


def test_the_panel_of_a_release_is_worked_out_from_its_values(rich: Path) -> None:
    panel, values = rows(rich, "panel"), {row["id"]: row for row in rows(rich, "outcome_values")}
    keys = [(row["unit_id"], row["year"], row["indicator"], row["unit"]) for row in panel]
    assert keys == sorted(keys)
    assert max(Counter(keys).values()) == 1
    both = [row for row in panel if row["achieved"] and row["target"]]
    assert both, "some have a target beside the result"
    for row in panel:
        if row["achieved_value_id"] and row["target"] is None:
            assert Decimal(row["achieved"]) == Decimal(values[row["achieved_value_id"]]["value"])
        if row["target_value_id"]:
            assert values[row["target_value_id"]]["status"] == "target"
            assert row["target"] == values[row["target_value_id"]]["value"]
        if row["achieved"] and row["target"]:
            share = round(Decimal(row["achieved"]) / Decimal(row["target"]) * 100, 1)
            assert row["attainment_pct"] == pytest.approx(float(share), abs=0.1)


def test_a_school_year_is_the_year_it_begins_in(rich: Path) -> None:
    begun = {
        (row["unit_id"], row["indicator"], row["unit"], int(row["period_start"][:4]))
        for row in rows(rich, "outcome_values")
        if row["period_start"] and row["period_start"][5:7] in {"08", "09"} and row["year"]
        and row["unit_id"] and row["indicator"] != "other"
    }  # fmt: skip
    assert begun
    assert begun <= {
        (row["unit_id"], row["indicator"], row["unit"], row["year"]) for row in rows(rich, "panel")
    }
