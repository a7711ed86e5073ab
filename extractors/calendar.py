"""Arithmetic of days, weeks, months and years; nothing Vietnamese but the names of weekdays and number words."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from extractors.numbers import parse_number

WEEKDAYS = {
    "thứ hai": 0, "thứ 2": 0, "thứ ba": 1, "thứ 3": 1, "thứ tư": 2, "thứ 4": 2, "thứ năm": 3, "thứ 5": 3,
    "thứ sáu": 4, "thứ 6": 4, "thứ bảy": 5, "thứ 7": 5, "chủ nhật": 6,
}  # fmt: skip
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


def last_day(month: int) -> int:
    """The last day that `month` can have in any year."""
    return 29 if month == 2 else calendar.monthrange(2023, month)[1]


def day_of(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def quarter_span(year: int, quarter: int) -> tuple[date, date]:
    return date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter)[1]


def year_span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def week_span(day: date) -> tuple[date, date]:
    """Monday to Sunday of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def add_months(year: int, month: int, step: int) -> tuple[int, int]:
    year, month = divmod(year * 12 + month - 1 + step, 12)
    return year, month + 1


def nearest_year(month: int, day: int, reference: date) -> int:
    """The year that puts a day and month nearest to `reference`, the past preferred: a report looks back, so up to
    ten months before, else up to two months ahead."""
    ahead = reference + timedelta(days=61)
    for year in (ahead.year, ahead.year - 1):
        placed = day_of(year, month, day) or date(year, month, 28)
        if placed <= ahead:
            return year
    return reference.year - 1


def word_number(text: str) -> int:
    """`7`, `07`, `bảy`, `giêng` as a whole number.

    >>> word_number("mười hai"), word_number("giêng")
    (12, 1)
    """
    text = " ".join(text.lower().split())
    if text == "giêng":
        return 1
    value = parse_number(text)
    return int(value) if value is not None else 0
