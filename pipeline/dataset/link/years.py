"""Which year a figure is of: the one it names, else the one its conference looks back on or plans for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]

_REVIEWS = frozenset(
    {"year_review", "cluster_review", "committee_meeting", "workers_conference", "care_event", "commendation"}
)


def year_of(figure: Row, conference: Row) -> int | None:
    """The year that a figure's value is a whole year's; None where it is of a part of one, of a term or of a day.

    A school year is the one it begins in: `năm học 2022-2023` is 2022.

    >>> year_of(
    ...     {"status": "achieved", "period_start": "2022-09-01", "period_end": "2023-08-31"},
    ...     {"kind": "year_review", "review_period_start": None, "review_period_end": None},
    ... )
    2022
    """
    if figure["period_start"] and figure["period_end"]:
        return whole_year(figure["period_start"], figure["period_end"])
    if conference["kind"] not in _REVIEWS:
        return None
    reviewed = whole_year(conference["review_period_start"], conference["review_period_end"])
    if figure["status"] != "target":
        return reviewed
    planned = whole_year(conference["plan_period_start"], conference["plan_period_end"])
    if planned is None and reviewed is not None and not conference["plan_period_start"]:
        return reviewed + 1
    return planned


def whole_year(start: str | None, end: str | None) -> int | None:
    """The year of a period that is a calendar or a school year.

    >>> whole_year("2024-01-01", "2024-06-30")
    """
    if not start or not end:
        return None
    first, last = int(start[:4]), int(end[:4])
    calendar = first == last and start[5:] == "01-01" and end[5:] == "12-31"
    school = last == first + 1 and start[5:7] in {"08", "09"} and end[5:7] in {"05", "06", "07", "08"}
    return first if calendar or school else None
