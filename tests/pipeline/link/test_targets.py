"""A target and the result of the next year's report: which belong together, and whether one meets the other."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.dataset.link.targets import TargetResult, link_targets

OUTCOMES: dict[str, dict[str, Any]] = {
    "o24": {"id": "o24", "date_start": "2024-12-27"},
    "o25": {"id": "o25", "date_start": "2025-12-26"},
    "o23": {"id": "o23", "date_start": "2023-12-28"},
    "o?": {"id": "o?", "date_start": None},
}


def value(name: str, **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": name,
        "outcome_id": "o25",
        "indicator": "members_recruited",
        "status": "achieved",
        "unit": "person",
        "value": "700",
        "value_max": None,
        "modifier": "exact",
        "attainment_pct": None,
        "share_pct": None,
        "unit_id": "u1",
        "year": 2025,
    }
    return given | fields


def target(name: str = "t", **fields: Any) -> dict[str, Any]:
    return value(name, **({"status": "target", "outcome_id": "o24"} | fields))


def linked(*rows: dict[str, Any], lines: dict[str, str] | None = None, **more: Any) -> list[TargetResult]:
    return link_targets(rows, OUTCOMES, lines or {}, **more)


@pytest.mark.parametrize(
    ("aim", "result", "attained", "pct", "proves"),
    [
        ({}, {}, True, 100.0, "met exactly"),
        ({}, {"value": "699"}, False, 99.9, "missed by one"),
        ({}, {"value": "771"}, True, 110.1, "surpassed"),
        ({}, {"value": "700", "modifier": "more_than"}, True, 100.0, "`hơn 700`"),
        ({}, {"value": "600", "modifier": "more_than"}, None, 85.7, "`hơn 600`: up to 700, perhaps"),
        ({}, {"value": "700", "modifier": "nearly"}, None, 100.0, "`gần 700` leaves it open"),
        ({}, {"value": "500", "modifier": "nearly"}, False, 71.4, "`gần 500` does not"),
        ({}, {"value": "900", "modifier": "nearly"}, True, 128.6, "`gần 900` is above 700 in any case"),
        ({}, {"value": "650", "value_max": "720"}, None, 92.9, "from 650 to 720"),
        ({"modifier": "at_least"}, {"value": "710"}, True, 101.4, "`từ 700 trở lên`"),
        ({"modifier": "at_most", "indicator": "other_x"}, {"indicator": "other_x", "value": "650"}, True, 92.9, "at most: less is met"),
        ({"modifier": "at_most", "indicator": "other_x"}, {"indicator": "other_x", "value": "750"}, False, 107.1, "at most: more is not"),
        ({"indicator": "disputes", "value": "3"}, {"indicator": "disputes", "value": "2"}, True, 66.7, "fewer disputes are better"),
        ({"indicator": "disputes", "value": "3"}, {"indicator": "disputes", "value": "4"}, False, 133.3, "more disputes"),
        ({"modifier": "order_of"}, {"value": "9000"}, None, 1285.7, "`hàng trăm` is no aim"),
        ({"value": "0"}, {"value": "5"}, True, None, "no share of nought"),
        ({"unit": "percent", "value": "90"}, {"unit": "percent", "value": "88.2"}, False, 98.0, "a rate"),
    ],
)  # fmt: skip
def test_whether_a_result_meets_its_target(
    aim: dict[str, Any], result: dict[str, Any], attained: bool | None, pct: float | None, proves: str
) -> None:
    (found,) = linked(target(**aim), value("r", **result))
    assert (found.attained, found.attained_pct) == (attained, pct), proves


@pytest.mark.parametrize(
    ("aim", "result", "expected", "proves"),
    [
        ({}, {}, True, "year, unit, indicator and unit of counting"),
        ({}, {"year": 2024}, False, "another year's result"),
        ({}, {"year": None}, False, "a result of no year"),
        ({}, {"unit_id": "u2"}, False, "another unit's"),
        ({"unit_id": None}, {"unit_id": None}, False, "nobody's"),
        ({}, {"indicator": "unions_founded"}, False, "another indicator"),
        ({"indicator": "other"}, {"indicator": "other"}, False, "what is not classified"),
        ({}, {"unit": "organisation"}, False, "counted otherwise"),
        ({}, {"status": "standing"}, False, "members there are, of members recruited"),
        (
            {"indicator": "members_total"},
            {"indicator": "members_total", "status": "standing"},
            True,
            "a total as it stands",
        ),
        ({}, {"status": "target"}, False, "the next target"),
        ({}, {"outcome_id": "o24"}, False, "told in the report that sets it"),
        ({}, {"outcome_id": "o23"}, False, "told before it was set"),
        ({}, {"outcome_id": "o?"}, True, "a report of no day"),
        ({"outcome_id": "o?"}, {"outcome_id": "o?"}, False, "told in the report of no day that sets it"),
    ],
)
def test_which_result_a_target_is_held_against(
    aim: dict[str, Any], result: dict[str, Any], expected: bool, proves: str
) -> None:
    assert bool(linked(target(**aim), value("r", **result))) is expected, proves


@pytest.mark.parametrize(
    ("result", "claimed", "holds", "proves"),
    [
        ({"value": "771"}, None, None, "nothing claimed"),
        ({"value": "771"}, 110.1, True, "to the decimal"),
        ({"value": "771"}, 110.0, True, "rounded to a whole percentage"),
        ({"value": "771"}, 111.0, False, "a percent too many"),
        ({"value": "771"}, 100.0, False, "another plan's"),
        ({"value": "700", "modifier": "more_than"}, 108.0, True, "`hơn 700`: up to 800"),
        ({"value": "700", "modifier": "more_than"}, 120.0, False, "`hơn 700` is no 840"),
    ],
)
def test_whether_a_claim_holds(
    result: dict[str, Any], claimed: float | None, holds: bool | None, proves: str
) -> None:
    (found,) = linked(target(), value("r", **result, attainment_pct=claimed))
    assert (found.claimed_pct, found.claim_holds) == (claimed, holds), proves


def test_a_share_is_the_result_of_a_target_in_percent() -> None:
    (found,) = linked(
        target(unit="percent", value="90", indicator="collective_agreements"),
        value("r", indicator="collective_agreements", value="41", share_pct=91.1, attainment_pct=50.0),
    )
    assert (str(found.value), found.attained, found.attained_pct) == ("91.1", True, 101.2)
    assert found.claimed_pct is None  # that claim is of the number, not of the share
    assert "told as a share" in found.reason


def test_a_share_of_something_else_is_none() -> None:
    assert not linked(
        target(unit="percent", value="90", indicator="collective_agreements"), value("r", share_pct=91.1)
    )


def test_a_unit_that_only_took_another_name_goes_on() -> None:
    rows = target(unit_id="old"), value("r", unit_id="new")
    assert not linked(*rows)
    assert not linked(*rows, lines={"old": "old", "new": "new"})  # it took in others
    (found,) = linked(*rows, lines={"old": "new", "new": "new"})
    assert "under the unit's new name" in found.reason
    assert found.score < linked(target(), value("r"))[0].score


def test_of_several_pairs_the_largest_is_the_whole() -> None:
    rows = [
        target("t1", value="120"),
        target("t2", value="700"),
        value("r1", value="90"),
        value("r2", value="650"),
    ]
    for order in (rows, rows[::-1]):
        (found,) = linked(*order)
        assert (found.target["id"], found.result["id"]) == ("t2", "r2")
        assert "the largest of 4 pairs" in found.reason


def test_a_person_says_which_pair_it_is() -> None:
    rows = [target("t1", value="120"), target("t2"), value("r1", value="90"), value("r2", value="650")]
    (chosen,) = linked(*rows, verdicts={("t1", "r1"): True})
    assert (chosen.target["id"], chosen.result["id"], chosen.score) == ("t1", "r1", 1.0)
    (other,) = linked(*rows, verdicts={("t2", "r2"): False})
    assert (other.target["id"], other.result["id"]) == ("t2", "r1")
    assert not linked(target(), value("r"), verdicts={("t", "r"): False})
