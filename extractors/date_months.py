"""Months and years: read after days and longer periods, which contain them."""

from __future__ import annotations

import re
from datetime import date

from extractors.calendar import month_span, nearest_year, word_number, year_span
from extractors.date_spans import (
    AFTER_DATE,
    MONTH,
    MONTH_NAME,
    B,
    DateSpan,
    Found,
    M,
    O,
    Rules,
    Y,
    number_of,
    period,
)

MONTHS = Rules()


@MONTHS.rule(
    "month_range",
    rf"(?<!\w)tháng{B}(?P<a>{MONTH})(?:\s?[/-]\s?(?P<x0>{Y}))?(?:{B}(?:đến|tới){B}(?:hết{B})?|{O}[-–]{O})(?:tháng{B})?(?P<b>{MONTH})(?:\s?[/-]\s?|,?{B}năm{B})(?P<y>{Y})",
    opens="tháng",
)
def _range(m: re.Match[str], reference: date | None) -> Found:
    year = int(m["y"])
    first = month_span(number_of(m["x0"]) or year, word_number(m["a"]))[0]
    last = month_span(year, word_number(m["b"]))[1]
    return period(m, "month", (first, last)) if first <= last else None


@MONTHS.rule(
    "month_year",
    rf"(?<!\w)tháng{B}(?P<m>{MONTH})(?:{O}[/.\-–—]{O}|,?{B}năm{B})(?P<y>{Y}|(?:nay|ngoái)(?!\w))",
    opens="tháng",
)
def _month_year(m: re.Match[str], reference: date | None) -> Found:
    month = word_number(m["m"])
    if m["y"].isdigit():
        return period(m, "month", month_span(int(m["y"]), month))._replace(month=month, end_month=month)
    if reference is None:
        return None
    year = reference.year - (m["y"].lower() == "ngoái")
    return period(m, "month", month_span(year, month), relative=True)


@MONTHS.rule("month_slash", rf"(?<![\w/.,-])(?P<m>{M})/(?P<y>{Y})(?!/)", opens="0/")
def _month_slash(m: re.Match[str], reference: date | None) -> Found:
    # `Nghị định 12/2022/NĐ-CP` goes on with a slash, and papers are numbered within the year.
    if re.search(
        r"(?<!\w)(?:số|quyết định|nghị định|thông tư|luật)\s{0,3}$",
        m.string[max(0, m.start() - 14) : m.start()].lower(),
    ):
        return None
    return period(m, "month", month_span(int(m["y"]), int(m["m"])))


# `mỗi tháng 1 lần`, `lương tháng 13 triệu`, `tháng ba buổi`: what is counted follows.
_COUNTED = re.compile(
    r"\s{1,3}(?:lần|lượt|triệu|tỷ|nghìn|ngàn|trăm|đồng|buổi|người|ngày|kỳ|số|\d)(?!\w)", re.IGNORECASE
)


# A month in words takes a cue or a capital, since the word may count as well; Giêng, 11 and 12 are told by themselves.
@MONTHS.rule(
    "month_bare",
    rf"(?<!\d\s)(?<!\w)(?<!rằm\s)(?:(?P<cue>đầu|giữa|cuối|trong|hết|vào|từ|đến|hồi){B})?tháng{B}(?P<m>{M}(?![/.,]\d)|{MONTH_NAME})(?!{B}âm{B}lịch)",
    opens="đầu giữa cuối trong hết vào từ đến hồi tháng",
)
def _bare(m: re.Match[str], reference: date | None) -> Found:
    said = m["m"]
    sure = said.isdigit() or said.lower() in {"giêng", "mười một", "mười hai"} or said[0].isupper()
    if not (sure or m["cue"]) or _COUNTED.match(m.string, m.end()):
        return None
    month = word_number(said)
    bare = DateSpan(m.span(), "month", "", month=month, end_month=month, label=m.group())
    return bare.in_year(nearest_year(month, 1, reference)) if reference else bare


@MONTHS.rule(
    "year_list",
    rf"(?<!\w)năm{B}(?P<items>{Y}(?:,{B}{Y}){{0,8}}){B}(?:và|&){B}(?:năm{B})?(?P<last>{Y})(?!\s?[-–]\s?{Y}|[.,]\d)",
    opens="năm",
)
def _list(m: re.Match[str], reference: date | None) -> Found:
    # `năm 2022 và 2023 đoàn viên` would count the members.
    if not AFTER_DATE.match(m.string, m.end()):
        return None
    years = [
        *re.compile(Y).finditer(m.string, *m.span("items")),
        *re.compile(Y).finditer(m.string, *m.span("last")),
    ]
    found = [
        DateSpan(y.span(), "year", "", *year_span(int(y[0])), year_written=True, label=y[0]) for y in years
    ]
    return [
        found[0]._replace(offsets=(m.start(), years[0].end()), label=m.string[m.start() : years[0].end()]),
        *found[1:],
    ]


@MONTHS.rule("year", rf"(?<!\w)năm{B}(?P<y>{Y})(?!\s?[-–]\s?{Y}|[.,]\d)", opens="năm")
def _year(m: re.Match[str], reference: date | None) -> Found:
    return period(m, "year", year_span(int(m["y"])))
