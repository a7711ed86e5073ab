"""School years, terms, stages, halves and quarters of years: read before days, whose digits they share."""

from __future__ import annotations

import re
from datetime import date

from extractors.calendar import ROMAN, add_months, folded, nearest_period_year, quarter_span, word_number
from extractors.date_spans import (
    NUMBER_WORDS,
    WORD_NUMBER,
    B,
    DateSpan,
    Found,
    Grain,
    O,
    Rules,
    Y,
    period,
    step_of,
)

PERIODS = Rules()

_TO_YEAR = rf"(?:\s?[-–—]\s?|{B}(?:đến|tới){B}(?:hết{B})?(?:năm{B})?)"
_YEAR_WORD = rf"(?P<y>{Y}|(?:nay|này|ngoái|trước|sau|tới)(?!\w|{B}(?:khi|đó)))"


def _years(m: re.Match[str], grain: Grain) -> DateSpan | None:
    a, b = int(m["a"]), int(m["b"])
    return period(m, grain, (date(a, 1, 1), date(b, 12, 31))) if a < b else None


@PERIODS.rule(
    "school_year",
    rf"(?:năm{B}học|niên{B}học|niên{B}khóa|niên{B}khoá){O}(?P<a>{Y})\s?[-–—/]\s?(?P<b>{Y}|\d\d(?!\d))",
    opens="năm niên",
)
def _school_year(m: re.Match[str], reference: date | None) -> Found:
    a, b = int(m["a"]), int(m["b"])
    b = b if b > 100 else a // 100 * 100 + b
    return period(m, "school_year", (date(a, 9, 1), date(b, 8, 31))) if b == a + 1 else None


@PERIODS.rule(
    "school_year_relative", rf"năm{B}học{B}(?P<w>này|qua|vừa{B}qua|trước|tới|sau|mới)(?!\w)", opens="năm"
)
def _school_year_relative(m: re.Match[str], reference: date | None) -> Found:
    if reference is None:
        return None
    a = reference.year - (reference.month < 9) + (1 if m["w"].lower() == "mới" else step_of(m["w"]))
    return period(m, "school_year", (date(a, 9, 1), date(a + 1, 8, 31)), relative=True)


@PERIODS.rule(
    "term",
    rf"(?:nhiệm{B}k[ỳì]|khóa|khoá)(?:{B}[IVX]{{1,6}},?)?[\s(,]{{0,4}}(?:từ{B})?(?:năm{B})?(?P<a>{Y})(?:/|{_TO_YEAR})(?P<b>{Y})",
    opens="nhiệm khóa khoá",
)
def _term(m: re.Match[str], reference: date | None) -> Found:
    return _years(m, "term")


@PERIODS.rule(
    "years",
    rf"(?<!\w)(?:(?:giai{B}đoạn|thời{B}kỳ|(?:trong{B})?các{B}năm)[\s(]{{1,4}}(?:từ{B})?(?:năm{B})?|(?:từ{B})?năm{B})(?P<a>{Y}){_TO_YEAR}(?P<b>{Y})",
    opens="giai thời trong các từ năm",
)
def _stage(m: re.Match[str], reference: date | None) -> Found:
    return _years(m, "year")


@PERIODS.rule(
    "years_in_brackets",
    rf"(?<!\w)(?P<n>\d{{1,2}}|{WORD_NUMBER}){B}năm{O}\({O}(?P<a>{Y}){_TO_YEAR}(?P<b>{Y}){O}\)",
    opens=f"{NUMBER_WORDS} 0a",
)
def _years_in_brackets(m: re.Match[str], reference: date | None) -> Found:
    # `5 năm (2016-2020)`; of an anniversary (`95 năm (1929-2024)`) the brackets hold two dates, no period.
    n, apart = word_number(m["n"]), int(m["b"]) - int(m["a"])
    return _years(m, "year") if n in {apart, apart + 1} and n <= 20 else None


def _in_some_year(
    m: re.Match[str], grain: Grain, months: tuple[int, int], reference: date | None
) -> DateSpan | None:
    """The months from first to last: of the year that is written, said relatively, or nearest to the reference."""
    bare = DateSpan(m.span(), grain, "", month=months[0], end_month=months[1], label=m.group())
    word = m["y"]
    if word and word.isdigit():
        placed = bare.in_year(int(word))
        return placed._replace(year_written=True) if placed else None
    if reference is None:
        return bare
    return bare.in_year(reference.year + step_of(word) if word else nearest_period_year(months[0], reference))


@PERIODS.rule(
    "half",
    rf"(?<!\w)(?:(?:0?6|sáu){B}tháng{B}(?P<w>đầu|cuối)(?:{B}(?:của{B})?năm)?(?!{B}(?:năm{B})?(?:học|nhiệm|khóa|khoá)(?!\w))"
    rf"|nửa{B}năm{B}(?P<u>đầu|cuối)(?:{B}năm)?|nửa{B}(?P<v>đầu|cuối){B}(?:của{B})?năm)(?:{O}{_YEAR_WORD})?",
    opens="0a sáu nửa",
)
def _half(m: re.Match[str], reference: date | None) -> Found:
    first = (m["w"] or m["u"] or m["v"]).lower() == "đầu"
    return _in_some_year(m, "half", (1, 6) if first else (7, 12), reference)


# `9 tháng đầu năm`, `9 tháng năm 2023`, `11 tháng của năm 2023`; without đầu or cuối only a written year makes it one.
@PERIODS.rule(
    "months",
    rf"(?<![\w.,/])(?<!ngày\s)(?P<n>0?[2-9]|1[0-2]|{WORD_NUMBER}){B}tháng{B}(?:(?P<w>đầu|cuối){B}(?:của{B})?năm(?!{B}học)(?:{O}{_YEAR_WORD})?"
    rf"|(?:của{B}|trong{B})?năm{B}(?P<z>{Y}))",
    opens=f"{NUMBER_WORDS} 0a",
)
def _months(m: re.Match[str], reference: date | None) -> Found:
    n = word_number(m["n"])
    if not 2 <= n <= 12:
        return None
    grain: Grain = "half" if n == 6 else "month"
    months = (13 - n, 12) if (m["w"] or "").lower() == "cuối" else (1, n)
    if m["z"] is None:
        return _in_some_year(m, grain, months, reference)
    bare = DateSpan(
        m.span(), grain, "", month=months[0], end_month=months[1], year_written=True, label=m.group()
    )
    return bare.in_year(int(m["z"]))


@PERIODS.rule(
    "quarter",
    rf"(?<!\w)qu[ýí]{B}(?P<q>IV|I{{1,3}}|[1-4]|một|nhất|hai|nhì|ba|tư|bốn)(?!\w)(?:(?:{O}[/,\-–]?{O}(?:năm{B})?(?={Y})|{B}năm{B}){_YEAR_WORD})?",
    opens="quý quí",
)
def _quarter(m: re.Match[str], reference: date | None) -> Found:
    words = {"nhất": 1, "nhì": 2}
    said = folded(m["q"])
    number = ROMAN.get(said.upper()) or words.get(said) or word_number(said)
    return _in_some_year(m, "quarter", (3 * number - 2, 3 * number), reference)


@PERIODS.rule(
    "quarter_relative", rf"(?<!\w)qu[ýí]{B}(?P<w>này|trước|vừa{B}qua|qua|tới|sau)(?!\w)", opens="quý quí"
)
def _quarter_relative(m: re.Match[str], reference: date | None) -> Found:
    if reference is None:
        return None
    year, month = add_months(reference.year, (reference.month - 1) // 3 * 3 + 1, 3 * step_of(m["w"]))
    return period(m, "quarter", quarter_span(year, (month - 1) // 3 + 1), relative=True)
