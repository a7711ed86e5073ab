"""Vietnamese dates and periods: pattern, normal form, and the name of the rule that made it.

Three layers after HeidelTime (Strötgen and Gertz 2010): patterns find, resolvers normalise, and a rule's name travels
with each result. Nothing here reads a clock: relative expressions count from `reference`, and a day without a year is
given one only against a reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from extractors.calendar import (
    ROMAN,
    WEEKDAYS,
    add_months,
    day_of,
    last_day,
    month_span,
    nearest_year,
    quarter_span,
    week_span,
    word_number,
    year_span,
)
from extractors.letters import UPPER

Grain = Literal["day", "week", "month", "quarter", "half", "year", "school_year", "term"]


@dataclass(frozen=True, slots=True)
class DateSpan:
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
        """The same day and month placed in `year`; None where that year has no such day (29/2)."""
        if self.month is None:
            return self
        if self.day is None:
            first, last = month_span(year, self.month)
            if self.end_month is not None:
                last = month_span(year, self.end_month)[1]
            return replace(self, start=first, end=last)
        first_day = day_of(year, self.month, self.day)
        end_month = self.end_month or self.month
        last = day_of(year, end_month, self.end_day or self.day)
        if first_day is None or last is None:
            return None
        if last < first_day:
            last = day_of(year + 1, end_month, self.end_day or self.day)
        return replace(self, start=first_day, end=last)


_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
_Y = r"(?:1[89]|20)\d\d"
_DASH = r"\s?[-–—]\s?"
_SEP = r"\s?[/.\-–]\s?"
_TO = r"\s*(?:[-–—]|đến hết|đến|tới|và|,|&)\s*(?:hết\s+)?(?:sáng|chiều|tối)?\s*(?:ngày\s+)?"
_WORDNUM = (
    r"(?:mười\s+(?:một|hai|ba|bốn|lăm|năm|sáu|bảy|tám|chín)|(?:hai|ba)\s+mươi(?:\s+(?:mốt|một|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín))?"
    r"|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười|giêng)"
)
_MONTH_WORD = (
    rf"(?:{_M}(?!\d)|(?:mười\s+(?:một|hai)|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|giêng)(?!\w))"
)
# Before a bare day and month these say that it is a date and no fraction or range.
_CUE = (
    r"(?<!\w)(?:ngày|sáng|chiều|tối|trưa|đêm|hôm|hôm nay|hôm qua|sáng nay|chiều nay|hôm nay,|hôm qua,|ngày mai,"
    r"|từ|đến|tới|đến hết|vào|lúc|mùng|mồng|dịp|lễ|Quốc khánh|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])"
    r"|chủ nhật|cuối tuần)(?:\s+(?:ngày|nay|qua|mai))?[\s,(]+(?:ngày\s+|rạng sáng\s+)?"
)
_NO_LEFT, _NO_RIGHT = r"(?<![\d/.,\-])(?<!\d\s[-–])", r"(?![\d%]|[/.,]\d|\s?[-–]\s?\d)"
# What is counted stands right behind a fraction (`9/9 chỉ tiêu`, `13/13 trường`); behind a date stand these, or a mark.
_AFTER_DATE = (
    r"(?=\s*(?:$|[.,;:)\]”\"…|]|[-–]\s|(?:và|đến|tới|tại|ở|do|của|là|trên|trong|vừa|qua|nay|năm|hàng năm|hằng năm|âm lịch|dương lịch"
    rf"|đã|sẽ|khi|với|cho|từ|lúc|này|tới|vào|để|theo|các|[{UPPER}])(?!\w)|[A-ZĐ]|\n))"
)

Resolver = Callable[[re.Match[str], "date | None"], "DateSpan | None"]
_RULES: list[tuple[str, re.Pattern[str], Resolver]] = []


def _rule(name: str, pattern: str, flags: int = re.IGNORECASE) -> Callable[[Resolver], Resolver]:
    def register(resolver: Resolver) -> Resolver:
        _RULES.append((name, re.compile(pattern, flags), resolver))
        return resolver

    return register


def _made(m: re.Match[str], grain: Grain, span: tuple[date, date] | None, **more: object) -> DateSpan | None:
    if span is None:
        return None
    made = DateSpan((m.start(), m.end()), grain, "", span[0], span[1], label=m.group())
    return replace(made, **more)  # type: ignore[arg-type]


def _whole(m: re.Match[str]) -> tuple[int, int]:
    """Offsets of the group `x` where the pattern has a cue before it, else of the whole match."""
    return (m.start("x"), m.end("x")) if "x" in m.re.groupindex else (m.start(), m.end())


def _days(
    m: re.Match[str],
    reference: date | None,
    day: int,
    month: int,
    year: int | None,
    until: tuple[int, int] | None = None,
) -> DateSpan | None:
    """A day or range of days; without a year it is placed against the reference, if there is one."""
    end_day, end_month = until or (day, month)
    if not (
        1 <= month <= 12
        and 1 <= end_month <= 12
        and day <= last_day(month)
        and end_day <= last_day(end_month)
    ):
        return None
    if (month, day) > (end_month, end_day) and (month - end_month) < 6:
        return None
    at = _whole(m)
    bare = DateSpan(
        at,
        "day",
        "",
        day=day,
        month=month,
        end_day=end_day,
        end_month=end_month,
        label=m.string[at[0] : at[1]],
    )
    if year is None:
        return bare.in_year(nearest_year(month, day, reference)) if reference else bare
    placed = bare.in_year(year if (month, day) <= (end_month, end_day) else year - 1)
    return replace(placed, year_written=True) if placed else None


def _year(text: str | None) -> int | None:
    return int(text) if text else None


# --- Spans of years: before single years, which they contain.


@_rule("school_year", rf"(?:năm học|niên học|niên khóa)\s*(?P<a>{_Y})\s?[-–—/]\s?(?P<b>{_Y}|\d\d(?!\d))")
def _school_year(m: re.Match[str], reference: date | None) -> DateSpan | None:
    a, b = int(m["a"]), int(m["b"])
    b = b if b > 100 else a // 100 * 100 + b
    return _made(m, "school_year", (date(a, 9, 1), date(b, 8, 31)), year_written=True) if b == a + 1 else None


@_rule(
    "term",
    rf"(?:nhiệm kỳ|nhiệm kì|giai đoạn|khóa|khoá|trong các năm|các năm)(?:\s+[IVX]+,?)?[\s(]*(?:từ\s+)?(?:năm\s+)?"
    rf"(?P<a>{_Y})(?:\s?[-–—/]\s?|\s+đến\s+(?:năm\s+)?)(?P<b>{_Y})",
)
def _term(m: re.Match[str], reference: date | None) -> DateSpan | None:
    a, b = int(m["a"]), int(m["b"])
    return _made(m, "term", (date(a, 1, 1), date(b, 12, 31)), year_written=True) if a < b else None


@_rule("school_year_relative", r"năm học\s+(?P<w>này|qua|vừa qua|trước|tới|sau|mới)(?!\w)")
def _school_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    a = reference.year if reference.month >= 9 else reference.year - 1
    a += {"qua": -1, "vừa qua": -1, "trước": -1, "tới": 1, "sau": 1, "mới": 1}.get(m["w"].lower(), 0)
    return _made(m, "school_year", (date(a, 9, 1), date(a + 1, 8, 31)), relative=True)


# --- Parts of years.


@_rule(
    "half",
    rf"(?:(?:(?:6|06|sáu)\s+tháng|nửa(?:\s+năm)?)\s+(?P<w>đầu|cuối)(?:\s+(?:của\s+)?năm)?|nửa\s+(?P<v>đầu|cuối)\s+năm)"
    rf"(?:\s*(?P<y>{_Y}|nay|ngoái|trước|sau|tới)(?!\w))?",
)
def _half(m: re.Match[str], reference: date | None) -> DateSpan | None:
    first = (m["w"] or m["v"]).lower() == "đầu"
    year = _some_year(m["y"], reference)
    if year is None:
        a = 1 if first else 7
        return replace(_bare(m, "half"), month=a, end_month=a + 5)
    span = (date(year, 1, 1), date(year, 6, 30)) if first else (date(year, 7, 1), date(year, 12, 31))
    return _made(m, "half", span, year_written=bool(m["y"] and m["y"].isdigit()))


@_rule("months", rf"(?P<n>[3-9]|1[01])\s+tháng\s+(?P<w>đầu|cuối)\s+năm(?:\s*(?P<y>{_Y}|nay|ngoái)(?!\w))?")
def _months(m: re.Match[str], reference: date | None) -> DateSpan | None:
    n, first, year = int(m["n"]), m["w"].lower() == "đầu", _some_year(m["y"], reference)
    a, b = (1, n) if first else (13 - n, 12)
    if year is None:
        return replace(_bare(m, "month"), month=a, end_month=b)
    return _made(
        m, "month", (date(year, a, 1), month_span(year, b)[1]), year_written=bool(m["y"] and m["y"].isdigit())
    )


@_rule(
    "quarter",
    rf"qu[ýí]\s+(?P<q>IV|I{{1,3}}|[1-4]|một|nhất|hai|nhì|ba|tư|bốn)(?![\wÀ-ỹ])"
    rf"(?:\s*[/,\-–]?\s*(?:năm\s+)?(?P<y>{_Y}|nay|ngoái|trước|tới|sau)(?!\w))?",
)
def _quarter(m: re.Match[str], reference: date | None) -> DateSpan | None:
    words = {"một": 1, "nhất": 1, "hai": 2, "nhì": 2, "ba": 3, "tư": 4, "bốn": 4}
    q = m["q"].lower()
    number = ROMAN.get(q.upper()) or words.get(q) or int(q)
    year = _some_year(m["y"], reference)
    if year is None:
        return replace(_bare(m, "quarter"), month=3 * number - 2, end_month=3 * number)
    return _made(m, "quarter", quarter_span(year, number), year_written=bool(m["y"] and m["y"].isdigit()))


@_rule("quarter_relative", r"qu[ýí]\s+(?P<w>này|trước|vừa qua|qua|tới|sau)(?!\w)")
def _quarter_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    year, month = add_months(reference.year, (reference.month - 1) // 3 * 3 + 1, 3 * _step(m["w"]))
    return _made(m, "quarter", quarter_span(year, (month - 1) // 3 + 1), relative=True)


# --- Days.


@_rule("stamp", rf"(?<![\d:])\d\d:\d\d(?::\d\d)?\s+(?P<x>(?P<d>{_D})-(?P<m>{_M})-(?P<y>\d\d))(?![\d-])")
def _stamp(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), 2000 + int(m["y"]))


@_rule("day_iso", rf"(?<![\d-])(?P<y>{_Y})-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])")
def _iso(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), int(m["y"]))


@_rule(
    "day_range_months",
    rf"{_NO_LEFT}(?P<d>{_D}){_SEP}(?P<m>{_M})(?:{_SEP}(?P<y>{_Y}))?{_TO}(?P<e>{_D}){_SEP}(?P<n>{_M}){_SEP}(?P<z>{_Y})(?![\d])",
)
def _range_months(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if m["y"] and m["y"] != m["z"]:
        return None
    return _days(m, reference, int(m["d"]), int(m["m"]), int(m["z"]), (int(m["e"]), int(m["n"])))


@_rule("day_range_full", rf"(?<![\d/.,])(?P<d>{_D}){_TO}(?P<e>{_D}){_SEP}(?P<m>{_M}){_SEP}(?P<y>{_Y})(?!\d)")
def _range_full(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), int(m["y"]), (int(m["e"]), int(m["m"])))


@_rule("day_full", rf"(?<![\d/.,-])(?P<d>{_D})(?P<s>{_SEP})(?P<m>{_M})(?P=s)(?P<y>{_Y})(?!\d)")
def _full(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), int(m["y"]))


@_rule("day_two_digit_year", rf"(?<![\d/.,-])(?:ngày\s+)(?P<x>(?P<d>{_D})/(?P<m>{_M})/(?P<y>\d\d))(?![\d/])")
def _two_digit(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), 2000 + int(m["y"]))


@_rule(
    "day_words_range",
    rf"(?<![\d/.,-])(?P<d>{_D}){_TO}(?P<e>{_D})\s+tháng\s+(?P<m>{_MONTH_WORD})(?:\s*(?:,\s*)?(?:năm\s+|/|-)(?P<y>{_Y}))?",
)
def _words_range(m: re.Match[str], reference: date | None) -> DateSpan | None:
    month = word_number(m["m"])
    return _days(m, reference, int(m["d"]), month, _year(m["y"]), (int(m["e"]), month))


@_rule(
    "day_words",
    rf"(?<![\d/.,-])(?:(?:ngày|mùng|mồng|ngày mùng|ngày mồng)\s+)?(?P<d>{_D}|(?<=ngày\s){_WORDNUM}|(?<=mùng\s){_WORDNUM}|(?<=mồng\s){_WORDNUM})"
    rf"\s+tháng\s+(?P<m>{_MONTH_WORD})(?!\s*(?:âm lịch|Chạp|lương))(?:\s*(?:,\s*)?(?:năm\s+|/|-)(?P<y>{_Y}))?",
)
def _words(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, word_number(m["d"]), word_number(m["m"]), _year(m["y"]))


@_rule(
    "day_range_cue",
    rf"(?:{_CUE}|\()(?P<x>(?P<d>{_D})(?:{_SEP}(?P<m>{_M}))?{_TO}(?P<e>{_D}){_SEP}(?P<n>{_M})){_NO_RIGHT}",
)
def _range_cue(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if m["m"] is None and int(m["d"]) >= int(m["e"]):
        return None
    # `30/4, 1/5` and `14/12 và 20/12` are two days; `13 và 14/7` are one event's.
    if m["m"] and not re.search(r"[-–—]|đến|tới", m.string[m.end("m") : m.start("e")]):
        return None
    return _days(m, reference, int(m["d"]), int(m["m"] or m["n"]), None, (int(m["e"]), int(m["n"])))


@_rule(
    "day_cue",
    rf"(?:{_CUE}|\()(?P<x>(?P<d>{_D})(?:/|{_DASH}|\.)(?P<m>{_M})){_NO_RIGHT}(?!\s*(?:triệu|tỷ|tỉ|đồng|nghìn))",
)
def _cue(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _days(m, reference, int(m["d"]), int(m["m"]), None)


@_rule("day_bare", rf"(?<![\d/.,\-\w–])(?P<d>{_D})(?P<s>[/-])(?P<m>{_M}){_NO_RIGHT}{_AFTER_DATE}", 0)
def _bare_day(m: re.Match[str], reference: date | None) -> DateSpan | None:
    # `2/3 số phiếu`, `(5-10%)`, `24/24`: a bare pair is a date only where nothing counted follows it.
    before = m.string[max(0, m.start() - 14) : m.start()].lower()
    if re.search(r"(?:số|tỷ lệ|tỉ lệ|điểm|từ|đạt|có|chiếm|quá|hơn|gần|trên)\s*$", before):
        return None
    return _days(m, reference, int(m["d"]), int(m["m"]), None)


# --- Months, years.


@_rule(
    "month_range",
    rf"tháng\s+(?P<a>{_M})(?:\s?[/-]\s?(?P<x0>{_Y}))?\s*(?:đến(?: hết)?|[-–])\s*(?:hết\s+)?(?:tháng\s+)?(?P<b>{_M})(?:\s?[/-]\s?|\s+năm\s+)(?P<y>{_Y})(?!\d)",
)
def _month_range(m: re.Match[str], reference: date | None) -> DateSpan | None:
    year = int(m["y"])
    first = month_span(int(m["x0"] or year), int(m["a"]))[0]
    last = month_span(year, int(m["b"]))[1]
    return _made(m, "month", (first, last), year_written=True) if first <= last else None


@_rule(
    "month_year",
    rf"tháng\s+(?P<m>{_MONTH_WORD})\s*(?:/|{_DASH}|\.|,?\s*năm\s+)\s*(?P<y>{_Y}|nay|ngoái)(?!\w)",
)
def _month_year(m: re.Match[str], reference: date | None) -> DateSpan | None:
    year = _some_year(m["y"], reference)
    if year is None:
        return None
    return _made(m, "month", month_span(year, word_number(m["m"])), year_written=m["y"].isdigit())


@_rule("month_slash", rf"(?<![\d/.,-])(?P<m>{_M})/(?P<y>{_Y})(?![\d/])")
def _month_slash(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _made(m, "month", month_span(int(m["y"]), int(m["m"])), year_written=True)


@_rule("month_relative", r"tháng\s+(?P<w>này|trước|vừa qua|qua|vừa rồi|rồi|tới|sau)(?!\w)")
def _month_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    year, month = add_months(reference.year, reference.month, _step(m["w"]))
    return _made(m, "month", month_span(year, month), relative=True)


# `tháng năm` is May only where nothing makes it five months or the start of a year; `hai tháng ba` would be odd.
@_rule(
    "month_bare",
    rf"(?<!\d\s)(?<!\w)(?P<c>đầu |giữa |cuối |trong )?tháng\s+(?P<m>{_M}(?![\d/.,])|mười một|mười hai|giêng)(?!\w)",
)
def _month_bare(m: re.Match[str], reference: date | None) -> DateSpan | None:
    month = word_number(m["m"])
    bare = replace(_bare(m, "month"), month=month, end_month=month)
    return bare.in_year(nearest_year(month, 1, reference)) if reference else bare


@_rule("year", rf"(?<!\w)năm\s+(?P<y>{_Y})(?!\d|\s?[-–]\s?{_Y}|[.,]\d)")
def _year_written(m: re.Match[str], reference: date | None) -> DateSpan | None:
    return _made(m, "year", year_span(int(m["y"])), year_written=True)


@_rule("year_relative", r"(?<!\w)năm\s+(?P<w>nay|này|ngoái|ngoài|trước|vừa qua|qua|tới|sau)(?!\w)")
def _year_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None or m["w"].lower() == "ngoài":
        return None
    # `2 năm qua`, `mấy năm trước` are lengths of time.
    if re.search(
        r"(?:\d|\bmấy|\bnhiều|\bvài|\bnhững|\bcác|\bmười|\bhai|\bba|\bbốn|\bnăm)\s*$", m.string[: m.start()]
    ):
        return None
    return _made(m, "year", year_span(reference.year + _step(m["w"])), relative=True)


# --- Relative days and weeks.


@_rule(
    "day_relative",
    r"(?<!\w)(?:(?:hôm|ngày|sáng|trưa|chiều|tối|đêm)\s+(?P<w>nay|qua|kia|mai|mốt)|ngày\s+hôm\s+(?P<v>nay|qua|kia|sau|trước))(?!\w)",
)
def _day_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    word, head = (m["w"] or m["v"]).lower(), m.group().lower()
    step = {"nay": 0, "qua": -1, "kia": 2 if head.startswith("ngày kia") else -2, "mai": 1, "mốt": 2}.get(
        word
    )
    if step is None or head in {"ngày nay", "ngày qua"}:
        return None
    if reference is None:
        return None
    day = reference + timedelta(days=step)
    return _made(m, "day", (day, day), relative=True)


@_rule(
    "weekday",
    r"(?<!\w)(?P<d>thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\s+nhật)(?:\s+(?:tuần\s+)?(?P<w>này|trước|vừa qua|qua|vừa rồi|rồi|tới|sau))(?!\w)",
)
def _weekday(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    weekday, text = WEEKDAYS[" ".join(m["d"].lower().split())], m.group().lower()
    if "tuần" in text:
        day = week_span(reference + timedelta(weeks=_step(m["w"])))[0] + timedelta(days=weekday)
    else:
        step = _step(m["w"])
        ahead = (weekday - reference.weekday()) % 7
        day = reference + timedelta(days=ahead if step >= 0 else ahead - 7 if ahead else -7)
        if step > 0 and ahead == 0:
            day += timedelta(days=7)
    return _made(m, "day", (day, day), relative=True)


@_rule(
    "week_relative", r"(?<!\w)(?P<c>cuối\s+)?tuần\s+(?P<w>này|trước|vừa qua|qua|vừa rồi|rồi|tới|sau)(?!\w)"
)
def _week_relative(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    first, last = week_span(reference + timedelta(weeks=_step(m["w"])))
    return _made(m, "week", (first + timedelta(days=5), last) if m["c"] else (first, last), relative=True)


@_rule(
    "ago",
    rf"(?<![\d.,/])(?P<n>\d{{1,3}}|{_WORDNUM})\s+(?P<u>ngày|tuần|tháng|năm)\s+(?P<w>trước|nữa|sau|tới)(?!\w|\s+(?:đó|khi|đây|khi))",
)
def _ago(m: re.Match[str], reference: date | None) -> DateSpan | None:
    if reference is None:
        return None
    n = word_number(m["n"]) * (-1 if m["w"].lower() == "trước" else 1)
    unit = m["u"].lower()
    if unit == "ngày":
        day = reference + timedelta(days=n)
        return _made(m, "day", (day, day), relative=True)
    if unit == "tuần":
        return _made(m, "week", week_span(reference + timedelta(weeks=n)), relative=True)
    if unit == "tháng":
        return _made(m, "month", month_span(*add_months(reference.year, reference.month, n)), relative=True)
    return _made(m, "year", year_span(reference.year + n), relative=True)


def _step(word: str) -> int:
    return {"này": 0, "nay": 0, "tới": 1, "sau": 1}.get(word.lower(), -1)


def _some_year(word: str | None, reference: date | None) -> int | None:
    """A written year, or `nay`, `ngoái`, … or nothing counted from the reference."""
    if word and word.isdigit():
        return int(word)
    if reference is None:
        return None
    return reference.year + {"ngoái": -1, "trước": -1, "sau": 1, "tới": 1}.get((word or "").lower(), 0)


def _bare(m: re.Match[str], grain: Grain) -> DateSpan:
    return DateSpan((m.start(), m.end()), grain, "", label=m.group())


def find_dates(text: str, *, reference: date | None = None) -> list[DateSpan]:
    """All dates and periods of `text`, left to right; of overlapping ones the earlier rule's stands.

    Without a `reference` relative expressions are left out, and a day without a year keeps `start` None.

    >>> [d.start.isoformat() for d in find_dates("Sáng 12/1, hội nghị", reference=date(2024, 1, 15))]
    ['2024-01-12']
    """
    found: list[DateSpan] = []
    taken = bytearray(len(text))
    for name, pattern, resolve in _RULES:
        for m in pattern.finditer(text):
            a, b = _whole(m)
            if any(taken[a:b]):
                continue
            span = resolve(m, reference)
            if span is not None:
                found.append(replace(span, rule=f"date.{name}"))
                a, b = span.offsets
                taken[a:b] = b"\x01" * (b - a)
    return sorted(found, key=lambda d: d.offsets)
