"""Days, weeks, months and years counted from a reference: `hôm qua`, `thứ tư tuần tới`, `hai năm trước`.

All of them are none without a reference.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractors.calendar import WEEKDAYS, add_months, folded, month_span, week_span, word_number, year_span
from extractors.date_spans import NUMBER_WORDS, WORD_NUMBER, B, Found, Rules, period, step_of

RELATIVE = Rules()

_WHEN = rf"(?P<w>này|trước|vừa{B}qua|qua|vừa{B}rồi|rồi|tới|sau)(?!\w)"
_LENGTH_BEFORE = re.compile(
    r"(?:\d|(?<!\w)(?:mấy|nhiều|vài|những|các|mươi|mười|hai|ba|bốn|năm|sáu|bảy|tám|chín))\s{0,3}$",
    re.IGNORECASE,
)


@RELATIVE.rule(
    "day_relative",
    rf"(?<!\w)(?:(?:hôm|ngày|sáng|trưa|chiều|tối|đêm){B}(?P<w>nay|qua|kia|mai|mốt)|ngày{B}hôm{B}(?P<v>nay|qua|kia))(?!\w)",
    opens="hôm ngày sáng trưa chiều tối đêm",
)
def _day(m: re.Match[str], reference: date | None) -> Found:
    said = folded(m.group())
    # `ngày nay` is nowadays, `những ngày qua` some days.
    if reference is None or said in {"ngày nay", "ngày qua"}:
        return None
    steps = {"nay": 0, "qua": -1, "kia": 2 if said == "ngày kia" else -2, "mai": 1, "mốt": 2}
    day = reference + timedelta(days=steps[folded(m["w"] or m["v"])])
    return period(m, "day", (day, day), relative=True)


@RELATIVE.rule(
    "weekday",
    rf"(?<!\w)(?P<d>thứ{B}(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ{B}nhật){B}(?P<week>tuần{B})?{_WHEN}",
    opens="thứ chủ",
)
def _weekday(m: re.Match[str], reference: date | None) -> Found:
    if reference is None:
        return None
    weekday, step = WEEKDAYS[folded(m["d"])], step_of(m["w"])
    if m["week"]:
        day = week_span(reference + timedelta(weeks=step))[0] + timedelta(days=weekday)
    else:
        # `thứ hai vừa qua` is the last one before today, `thứ hai tới` the next after it.
        ahead = (weekday - reference.weekday()) % 7
        day = reference + timedelta(days=ahead - 7 if step < 0 else ahead + 7 * (step > 0 and ahead == 0))
    return period(m, "day", (day, day), relative=True)


# Before weeks and months, since `2 tuần trước` ends in `tuần trước`; behind weekdays, since `thứ 6 tuần trước` begins like it.
# `5 năm tới` is a length.
@RELATIVE.rule(
    "ago",
    rf"(?<![\w.,/])(?:(?P<since>cách{B}đây){B})?(?P<n>\d{{1,3}}|{WORD_NUMBER}){B}(?P<u>ngày|tuần|tháng|năm)"
    rf"(?:{B}(?P<w>trước|nữa|sau)(?!\w|{B}(?:đó|khi|đây))|(?!\w))",
    opens=f"{NUMBER_WORDS} cách 0a",
)
def _ago(m: re.Match[str], reference: date | None) -> Found:
    if reference is None or not (m["since"] or m["w"]):
        return None
    n = word_number(m["n"]) * (-1 if m["since"] or m["w"].lower() == "trước" else 1)
    unit = m["u"].lower()
    if unit == "ngày":
        day = reference + timedelta(days=n)
        return period(m, "day", (day, day), relative=True)
    if unit == "tuần":
        return period(m, "week", week_span(reference + timedelta(weeks=n)), relative=True)
    if unit == "tháng":
        return period(m, "month", month_span(*add_months(reference.year, reference.month, n)), relative=True)
    return period(m, "year", year_span(reference.year + n), relative=True)


@RELATIVE.rule("week_relative", rf"(?<!\w)(?P<end>cuối{B})?tuần{B}{_WHEN}", opens="cuối tuần")
def _week(m: re.Match[str], reference: date | None) -> Found:
    if reference is None or _LENGTH_BEFORE.search(m.string[max(0, m.start() - 8) : m.start()]):
        return None
    first, last = week_span(reference + timedelta(weeks=step_of(m["w"])))
    return period(m, "week", (first + timedelta(days=5), last) if m["end"] else (first, last), relative=True)


@RELATIVE.rule("month_relative", rf"(?<!\w)tháng{B}{_WHEN}", opens="tháng")
def _month(m: re.Match[str], reference: date | None) -> Found:
    if reference is None or _LENGTH_BEFORE.search(m.string[max(0, m.start() - 8) : m.start()]):
        return None
    year, month = add_months(reference.year, reference.month, step_of(m["w"]))
    return period(m, "month", month_span(year, month), relative=True)


@RELATIVE.rule(
    "year_relative", rf"(?<!\w)năm{B}(?P<w>nay|này|ngoái|trước|vừa{B}qua|qua|tới|sau)(?!\w)", opens="năm"
)
def _year(m: re.Match[str], reference: date | None) -> Found:
    # `2 năm qua`, `mấy năm trước` are lengths of time.
    if reference is None or _LENGTH_BEFORE.search(m.string[max(0, m.start() - 8) : m.start()]):
        return None
    return period(m, "year", year_span(reference.year + step_of(m["w"])), relative=True)
