"""Arithmetic of days, weeks, months and years; nothing Vietnamese but the names of weekdays and number words."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from extractors.letters import lowered
from extractors.numbers import parse_number

WEEKDAYS = {
    "thứ hai": 0, "thứ 2": 0, "thứ ba": 1, "thứ 3": 1, "thứ tư": 2, "thứ 4": 2, "thứ năm": 3, "thứ 5": 3,
    "thứ sáu": 4, "thứ 6": 4, "thứ bảy": 5, "thứ 7": 5, "chủ nhật": 6,
}  # fmt: skip
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}

_LENGTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def readable_day(day: date | None) -> date | None:
    """`day`, or None where it is centuries from any newspaper: years are counted from it in both directions.

    >>> readable_day(date(2024, 1, 15)), readable_day(date.max)
    (datetime.date(2024, 1, 15), None)
    """
    return day if day is not None and 1800 <= day.year <= 2200 else None


def last_day(month: int) -> int:
    """The last day that `month` can have in any year: 29 for February."""
    return _LENGTHS[month]


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None where the month of that year has no such day (29/2/2023)."""
    return date(year, month, day) if day <= _length(year, month) else None


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, _length(year, month))


def _length(year: int, month: int) -> int:
    return 28 if month == 2 and not calendar.isleap(year) else _LENGTHS[month]


def quarter_span(year: int, quarter: int) -> tuple[date, date]:
    """First and last day of a quarter, 1 to 4."""
    return date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter)[1]


def year_span(year: int) -> tuple[date, date]:
    """1 January and 31 December."""
    return date(year, 1, 1), date(year, 12, 31)


def week_span(day: date) -> tuple[date, date]:
    """Monday to Sunday of the week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def add_months(year: int, month: int, step: int) -> tuple[int, int]:
    """The year and month `step` months later, or earlier where it is negative.

    >>> add_months(2023, 12, 1)
    (2024, 1)
    """
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


def nearest_period_year(month: int, reference: date) -> int:
    """The year of a quarter or half that begins in `month`: as of a day, but one of this year is still meant where it
    begins within half a year, since plans are made for it."""
    year = nearest_year(month, 1, reference)
    this = date(reference.year, month, 1)
    return reference.year if year < reference.year and (this - reference).days <= 183 else year


def folded(text: str) -> str:
    r"""`text` in lower case, blanks single, and the letters that `re.IGNORECASE` takes for i and s as those.

    >>> folded("Thứ  \u017fÁU"), folded("CHỦ NHẬT")
    ('thứ sáu', 'chủ nhật')
    """
    return " ".join(lowered(text).split())


def word_number(text: str) -> int:
    """`7`, `07`, `bảy`, `giêng` as a whole number; 0 for what is none.

    >>> word_number("mười hai"), word_number("giêng")
    (12, 1)
    """
    if len(text) <= 2 and text.isdecimal():
        return int(text)
    text = folded(text)
    # Of these only tư is a number word, and none is a number by itself.
    named = {"giêng": 1, "tư": 4}
    if text in named:
        return named[text]
    value = parse_number(text)
    return int(value) if value is not None else 0
