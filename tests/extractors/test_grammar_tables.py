"""Numbers, dates and quantities against their tables: a case is a row, its name says the line and what it proves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractors.dates import DateSpan, find_dates
from extractors.numbers import parse_number
from extractors.quantities import Quantity, find_quantities
from tests.extractors.tables import Row, rows


def cases(name: str) -> list[object]:
    return [pytest.param(row, id=row.id) for row in rows(name)]


def plain(value: Decimal) -> str:
    """`1E+14` as `100000000000000`, `1.0` as `1`: how the tables write a number."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_date(span: DateSpan) -> str:
    """A span as the table writes it: `2023-12-14..2023-12-14@day`; without a year `--12-14@day`, `--12@month`."""
    if span.start is not None and span.end is not None:
        return f"{span.start}..{span.end}@{span.grain}"
    if span.day is None:
        first, last = f"--{span.month:02}", f"--{span.end_month or span.month:02}"
    else:
        first = f"--{span.month:02}-{span.day:02}"
        last = f"--{span.end_month or span.month:02}-{span.end_day or span.day:02}"
    return f"{first}@{span.grain}" if first == last else f"{first}..{last}@{span.grain}"


def shown_quantity(quantity: Quantity) -> str:
    """A quantity as the table writes it: `10000000..15000000|vnd|exact`."""
    upper = f"..{plain(quantity.value_max)}" if quantity.value_max is not None else ""
    return f"{plain(quantity.value)}{upper}|{quantity.unit}|{quantity.modifier}"


@pytest.mark.parametrize("row", cases("numbers"))
def test_number(row: Row) -> None:
    value = parse_number(row["input"])
    assert ("none" if value is None else plain(value)) == row["expected"]


@pytest.mark.parametrize("row", cases("dates"))
def test_dates(row: Row) -> None:
    reference = None if row["reference"] == "-" else date.fromisoformat(row["reference"])
    found = find_dates(row["input"], reference=reference)
    assert (";".join(map(shown_date, found)) or "none") == row["expected"]


@pytest.mark.parametrize("row", cases("quantities"))
def test_quantities(row: Row) -> None:
    found = find_quantities(row["input"])
    assert (";".join(map(shown_quantity, found)) or "none") == row["expected"]
