"""The period a conference looks back on and the one it plans for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extractors.dates import DateSpan
from extractors.letters import lowered
from extractors.records import Period

_REVIEW = re.compile(
    r"(?:tổng kết|sơ kết|kết quả|đánh giá|nhìn lại|kiểm điểm|tình hình|báo cáo|bình xét|xếp loại|thành tích|điển hình|tuyên dương|biểu dương)[^.\n]{0,110}$"
)  # fmt: skip
_PLAN = re.compile(
    r"(?:triển khai|bàn (?:việc|công tác|giải pháp|nhiệm)|phương hướng|nhiệm vụ|kế hoạch|chương trình công tác|đề ra|mục tiêu|chỉ tiêu|chủ đề|giao ước thi đua|thông qua)[^.\n]{0,70}$"
)  # fmt: skip


def period_of(span: DateSpan) -> Period | None:
    """A dated span as a period; None where its year is not known.

    >>> from extractors.dates import find_dates
    >>> period_of(find_dates("năm học 2021-2022")[0]).end
    '2022-08-31'
    """
    if span.start is None or span.end is None:
        return None
    return Period(label=" ".join(span.label.split()), start=span.start.isoformat(), end=span.end.isoformat())


def review_and_plan(
    text: str, dates: Sequence[DateSpan], *, until: int, event_year: int | None = None
) -> tuple[DateSpan | None, DateSpan | None]:
    """The spans of the review and plan period, looked for before offset `until` first, then everywhere.

    A span is the review's where `tổng kết`, `kết quả` and the like stand before it in its sentence, the plan's where
    `phương hướng`, `nhiệm vụ`, `đề ra` do; a plan follows its review.
    """
    grains = {"year", "half", "quarter", "school_year", "term", "month"}
    spans = [
        d
        for d in dates
        if d.grain in grains and not (d.grain == "month" and d.day is None and d.rule == "date.month_bare")
    ]
    spans = [d for d in spans if d.grain != "month" or d.rule == "date.months"]
    review = plan = None
    for scope in ([d for d in spans if d.offsets[0] < until], spans):
        for d in scope:
            line_start = text.rfind("\n", 0, d.offsets[0]) + 1
            left = lowered(text[max(line_start, d.offsets[0] - 170) : d.offsets[0]])
            said_plan, said_review = _PLAN.search(left), _REVIEW.search(left)
            nearer_plan = said_plan and (
                not said_review or _last(left, _PLAN_WORD) > _last(left, _REVIEW_WORD)
            )
            if nearer_plan:
                if plan is None and (review is None or _after(d, review)):
                    plan = d
            elif said_review and review is None:
                review = d
        if review is not None:
            break
    if review is None and plan is not None and plan.start is not None and plan.grain == "year":
        review = next(
            (d for d in spans if d.grain == "year" and d.start and d.start.year == plan.start.year - 1), None
        )
    if review is not None and plan is None:
        plan = next(
            (d for d in spans if d.grain == review.grain and _after(d, review) and _next(d, review)), None
        )
    return review, plan


_PLAN_WORD = re.compile(
    r"triển khai|bàn (?:việc|công tác|giải pháp|nhiệm)|phương hướng|nhiệm vụ|kế hoạch|đề ra|mục tiêu|chỉ tiêu|chủ đề|giao ước",
)
_REVIEW_WORD = re.compile(
    r"tổng kết|sơ kết|kết quả|đánh giá|nhìn lại|kiểm điểm|tình hình|bình xét|thành tích|điển hình",
)


def _last(text: str, pattern: re.Pattern[str]) -> int:
    return max((m.start() for m in pattern.finditer(text)), default=-1)


def _after(later: DateSpan, earlier: DateSpan) -> bool:
    if later.start is None or earlier.start is None:
        return (later.month or 0) > (earlier.month or 0)
    # `Riêng năm 2022` inside `giai đoạn 2018 - 2022` is no plan.
    return later.start > earlier.start and (not later.end or not earlier.end or later.end > earlier.end)


def _next(later: DateSpan, earlier: DateSpan) -> bool:
    if later.start is None or earlier.end is None:
        return True
    return abs((later.start - earlier.end).days) <= 370


def year_of_review(review: DateSpan | None, event: date | None) -> int | None:
    """The year whose results are told: the review's last year, else the year before a conference of January to March."""
    if review is not None and review.end is not None:
        return review.end.year
    if event is not None:
        return event.year - 1 if event.month <= 3 else event.year
    return None
