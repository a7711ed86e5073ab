"""Targets of one year's report and the results in the next year's, of the same unit and indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from extractors.numbers import PRECISION
from pipeline.dataset.link.told import Value

Row = Mapping[str, Any]

_LESS_IS_BETTER = frozenset({"disputes", "units_rated_poor", "units_unrated"})
_STANDING = frozenset({"members_total", "workers_total", "unions_total"})
_ROUNDING = Decimal("0.6")  # a percentage is printed with one decimal place at most, often with none


@dataclass(frozen=True)
class TargetResult:
    """A target met or missed. `attained` is None where bounds leave it open, as `claim_holds` where nothing is claimed."""

    target: Row
    result: Row
    value: Decimal
    attained: bool | None
    attained_pct: float | None
    claimed_pct: float | None
    claim_holds: bool | None
    score: float
    reason: str


def link_targets(
    values: Iterable[Row],
    outcomes: Mapping[str, Row],
    lines: Mapping[str, str],
    verdicts: Mapping[tuple[str, str], bool] | None = None,
) -> list[TargetResult]:
    """One link for each unit, indicator, unit of counting and year that has both.

    `values` are rows of `outcome_values` with a unit and a year; `lines` unit id → its last name's (a unit that only
    took another name goes on, one that took in others does not). Of several targets or results the largest is the
    whole, the others its parts. `verdicts` are a person's on `(target id, result id)`.
    """
    verdicts = verdicts or {}
    targets: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    results: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in values:
        if row["unit_id"] is None or row["year"] is None or row["indicator"] == "other":
            continue
        about = (lines.get(row["unit_id"], row["unit_id"]), row["indicator"], row["year"])
        if row["status"] == "target":
            targets[(*about, row["unit"])].append(row)
        elif row["status"] == "achieved" or row["indicator"] in _STANDING:
            results[(*about, row["unit"])].append(row)
            if row["share_pct"] is not None and row["unit"] != "percent":
                results[(*about, "percent")].append(row)
    found = []
    for about in sorted(targets.keys() & results.keys(), key=str):
        pairs = [
            (target, result)
            for target in targets[about]
            for result in results[about]
            if _later(outcomes[result["outcome_id"]], outcomes[target["outcome_id"]])
            and verdicts.get((target["id"], result["id"])) is not False
        ]
        if not pairs:
            continue
        sure = [pair for pair in pairs if verdicts.get((pair[0]["id"], pair[1]["id"]))]
        found.append(
            _link(*_main(sure or pairs, about[-1]), unit=about[-1], many=len(pairs), human=bool(sure))
        )
    return found


def _later(result: Row, target: Row) -> bool:
    """Whether one conference is another, later one."""
    if result["id"] == target["id"]:
        return False
    return (result["date_start"] or "9999") > (target["date_start"] or "")


def _main(pairs: list[tuple[Row, Row]], unit: str) -> tuple[Row, Row]:
    def size(pair: tuple[Row, Row]) -> tuple[Decimal, Decimal, str, str]:
        target, result = pair
        return Decimal(target["value"]), _value(result, unit), target["id"], result["id"]

    return max(pairs, key=size)


def _value(result: Row, unit: str) -> Decimal:
    if unit == "percent" and result["unit"] != "percent":
        return Decimal(str(result["share_pct"]))
    return Decimal(result["value"])


def _link(target: Row, result: Row, *, unit: str, many: int, human: bool) -> TargetResult:
    value, aim = _value(result, unit), Decimal(target["value"])
    as_share = unit == "percent" and result["unit"] != "percent"
    low, high = (value, value) if as_share else _range(result, value)
    pct = _percent(value, aim)
    claimed = None if as_share else result["attainment_pct"]
    holds = None
    if claimed is not None and aim:
        least, most = low / aim * 100 - _ROUNDING, high / aim * 100 + _ROUNDING
        holds = least <= Decimal(str(claimed)) <= most
    score, reasons = 0.95, [f"{target['year']}: planned in one report, told in a later one"]
    if human:
        score, reasons = 1.0, ["a person's decision"]
    elif many > 1:
        score -= 0.15
        reasons.append(f"the largest of {many} pairs")
    if as_share:
        score -= 0.05
        reasons.append("the result is told as a share")
    if result["unit_id"] != target["unit_id"]:
        score -= 0.05
        reasons.append("under the unit's new name")
    return TargetResult(
        target,
        result,
        value,
        _attained(target, aim, low, high),
        pct,
        claimed,
        holds,
        round(score, 3),
        "; ".join(reasons),
    )


def _range(row: Row, value: Decimal) -> tuple[Decimal, Decimal]:
    if row["value_max"]:
        return value, Decimal(row["value_max"])
    return (
        (value, value)
        if row["modifier"] == "exact"
        else Value(row["value"], row["unit"], row["modifier"]).range
    )


def _attained(target: Row, aim: Decimal, low: Decimal, high: Decimal) -> bool | None:
    """Whether all (True) or none (False) of the values from `low` to `high` meet the target; None where some do."""
    if target["modifier"] == "order_of":
        return None
    if target["indicator"] in _LESS_IS_BETTER or target["modifier"] == "at_most":
        return True if high <= aim else False if low > aim else None
    return True if low >= aim else False if high < aim else None


def _percent(value: Decimal, aim: Decimal) -> float | None:
    if not aim:
        return None
    with localcontext(prec=PRECISION):
        return float((value / aim * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))
