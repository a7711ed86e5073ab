"""What a date is here, and what the rules that find one are made of.

Three layers after HeidelTime (Strötgen and Gertz 2010): patterns find, resolvers normalise, and a rule's name travels
with each result. Every repetition in a pattern is bounded, so that no text makes matching slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from extractors.calendar import day_of, last_day, month_span, nearest_year
from extractors.letters import UPPER

Grain = Literal["day", "week", "month", "quarter", "half", "year", "school_year", "term"]


class DateSpan(NamedTuple):
    """A date or period. `start` and `end` are inclusive dates, both None where the year is not known; then `day`,
    `month` (and `end_day`, `end_month` for a range) say what is. `offsets` count in the text."""

    offsets: tuple[int, int]
    grain: Grain
    rule: str
    start: date | None = None
    end: date | None = None
    day: int | None = None
    month: int | None = None
    end_day: int | None = None
    end_month: int | None = None
    year_written: bool = False
    label: str = ""
    relative: bool = False

    def in_year(self, year: int) -> DateSpan | None:
        """The same day and month placed in `year`; None where that year has no such day (29/2). A range that passes
        the year's end ends in the next."""
        if self.month is None:
            return self
        end_month = self.end_month or self.month
        if self.day is None:
            return self._replace(start=month_span(year, self.month)[0], end=month_span(year, end_month)[1])
        end_day = self.end_day or self.day
        end_year = year if (self.month, self.day) <= (end_month, end_day) else year + 1
        first, last = day_of(year, self.month, self.day), day_of(end_year, end_month, end_day)
        return self._replace(start=first, end=last) if first and last else None


Found = DateSpan | list[DateSpan] | None
Resolver = Callable[[re.Match[str], "date | None"], Found]


class Rule(NamedTuple):
    """A pattern with its resolver, which may refuse a match, and the name that results carry as `date.NAME`.

    `opens` are the words that a match can begin with, in lower case, or the signs of `starts` for digits and brackets.
    """

    name: str
    pattern: re.Pattern[str]
    resolve: Resolver
    opens: tuple[str, ...]


class Rules(list[Rule]):
    """The rules of one module, in the order in which they are tried."""

    def rule(self, name: str, pattern: str, *, opens: str) -> Callable[[Resolver], Resolver]:
        """Adds the decorated resolver. A group `x` in `pattern` marks the date, where cues around it belong to the
        pattern; letters match in both cases but inside `(?-i:…)`. `opens` are the words it can begin with, apart by
        blanks."""

        def add(resolver: Resolver) -> Resolver:
            self.append(Rule(name, re.compile(pattern, re.IGNORECASE), resolver, tuple(opens.split())))
            return resolver

        return add


# --- Pieces of patterns. `O` is room that may be missing, `B` room that may not.

O, B = r"\s{0,3}", r"\s{1,3}"  # noqa: E741
D = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
M = r"(?:0?[1-9]|1[0-2])(?!\d)"
Y = r"(?:1[89]|20)\d\d(?!\d)"
SEP = r"\s?[/.\-–]\s?"
_DIGIT_WORD = r"(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)"
WORD_NUMBER = rf"(?:mười{B}(?:lăm|{_DIGIT_WORD})|(?:hai|ba){B}mươi(?:{B}(?:mốt|tư|lăm|{_DIGIT_WORD}))?|mười|tư|{_DIGIT_WORD})(?!\w)"
NUMBER_WORDS = "một hai ba bốn năm sáu bảy bẩy tám chín mười tư"
# `tháng năm 2023` is no May but months of a year; Giêng and Chạp are lunar, Giêng is used for January as well.
MONTH_NAME = rf"(?:mười{B}(?:một|hai)|một|hai|ba|tư|bốn|năm(?!{B}(?:\d{{4}}|nay|ngoái|trước|qua|tới|sau|học)(?!\w))|sáu|bảy|bẩy|tám|chín|mười|giêng)(?!\w)"
MONTH = rf"(?:{M}|{MONTH_NAME})"
# No date begins inside a longer run of digits; a hyphen may stand before one only behind another date's year.
LEFT = r"(?<![\d/.,])(?<!\d\s[-–])(?:(?<!-)|(?<=\d{4}-))"
RIGHT = r"(?![\d%]|[/.,]\d|\s?[-–]\s?\d)"
TO = rf"(?:{O}[-–—]|{B}(?:đến|tới)){O}(?:hết{B})?(?:(?:sáng|chiều|tối){B})?(?:ngày{B})?"
# What is counted stands right behind a fraction (`9/9 chỉ tiêu`, `13/13 trường`); behind a date stand these, or a mark.
AFTER_DATE = re.compile(
    r"\s{0,4}(?:$|[.,;:)\]”\"…|]|\((?!\d)|[-–]\s|(?:và|đến|tới|tại|ở|do|của|là|trên|trong|vừa|qua|nay|năm|hàng năm|hằng năm|âm lịch|dương lịch"
    rf"|đã|sẽ|khi|với|cho|từ|lúc|này|vào|để|theo|các)(?!\w)|[{UPPER}]|\n)"
)


def offsets_of(m: re.Match[str]) -> tuple[int, int]:
    """Offsets of the group `x` where the pattern has cues around it, else of the whole match."""
    return m.span("x") if "x" in m.re.groupindex else m.span()


def number_of(text: str | None) -> int | None:
    return int(text) if text else None


def period(m: re.Match[str], grain: Grain, span: tuple[date, date], *, relative: bool = False) -> DateSpan:
    """A span whose year is written or counted from the reference."""
    a, b = offsets_of(m)
    return DateSpan(
        (a, b), grain, "", *span, year_written=not relative, label=m.string[a:b], relative=relative
    )


def days(
    at: tuple[int, int],
    text: str,
    first: tuple[int, int],
    last: tuple[int, int] | None = None,
    *,
    year: int | None,
    reference: date | None,
) -> DateSpan | None:
    """The day `first`, or the range `first` to `last`, as (day, month); None where there is no such day.

    A `year` is that of the last day; without one the first is placed against the reference, if there is one.
    """
    last = last or first
    for day, month in (first,) if first == last else (first, last):
        if not 1 <= month <= 12 or day > last_day(month):
            return None
    passes = first[::-1] > last[::-1]
    # A range from December may end in January; one from May to March is none.
    if passes and first[1] - last[1] < 6:
        return None
    bare = DateSpan(at, "day", "", None, None, *first, *last, label=text[slice(*at)])
    if year is None:
        return bare.in_year(nearest_year(first[1], first[0], reference)) if reference else bare
    placed = bare.in_year(year - passes)
    return placed._replace(year_written=True) if placed else None


def step_of(word: str) -> int:
    """How far `này`, `qua`, `tới` and the like lead from the reference.

    >>> step_of("này"), step_of("vừa qua"), step_of("tới")
    (0, -1, 1)
    """
    return {"này": 0, "nay": 0, "tới": 1, "sau": 1}.get(word.lower(), -1)
