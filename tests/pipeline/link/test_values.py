"""Values that several reports give side by side, and the year that each is of."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.dataset.link.values import Entry, Report, align
from pipeline.dataset.link.years import whole_year, year_of

Told = list[tuple[str, str]]


def rows(report: int, *told: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows `(topic, value)`, with a confidence where it matters."""
    return [
        {"id": f"{report}{n}", "ordinal": n, "topic": topic, "value": value, "confidence": (*rest, 0.9)[0]}
        for n, (topic, value, *rest) in enumerate(told)
    ]


def aligned(*reports: tuple[str, list[tuple[Any, ...]]]) -> list[Entry]:
    given = [Report(text, rows(n, *told)) for n, (text, told) in enumerate(reports)]
    return align(given, lambda row: row["topic"], lambda row: row["value"])


@pytest.mark.parametrize(
    ("reports", "expected", "proves"),
    [
        ([("a", [("members", "705")])], [("705", "single", 1, "00+")], "one report"),
        ([("a", [("members", "705")]), ("b", [("members", "705")])], [("705", "agree", 2, "00+ 10+")], "two reports agree"),
        ([("a", [("members", "705")]), ("b", [("members", "750")])], [("705", "differ", 1, "00+ 10-")], "two reports differ: the first one's stands"),
        ([("a", [("members", "705")]), ("b", [("members", "750")]), ("c", [("members", "750")])],
         [("750", "differ", 2, "00- 10+ 20+")], "two against one"),
        ([("a", [("members", "705")]), ("b", [("members", "750")]), ("c", [("members", "705")])],
         [("705", "differ", 2, "00+ 10- 20+")], "the one between two"),
        ([("a", [("members", "705"), ("members", "90")]), ("b", [("members", "705"), ("members", "95")]),
          ("c", [("members", "705"), ("members", "95")])],
         [("705", "agree", 3, "00+ 10+ 20+"), ("95", "differ", 2, "01- 11+ 21+")], "two against one beside what all agree on"),
        ([("a", [("members", "705"), ("members", "90")]), ("b", [("members", "705")]), ("c", [("members", "90")])],
         [("705", "agree", 2, "00+ 10+"), ("90", "agree", 2, "01+ 20+")], "each of two is told twice"),
        ([("a", [("members", "705")]), ("a", [("members", "705")])], [("705", "single", 1, "00+ 10+")], "a reprint is no second report"),
        ([("a", [("members", "705")]), ("b", [("members", "750")]), ("b", [("members", "750")])],
         [("705", "differ", 1, "00+ 10- 20-")], "a reprint gives its original no more weight"),
        ([("a", [("members", "705")]), ("a", [("members", "750")])], [("705", "differ", 1, "00+ 10-")], "a reprint with a slip"),
        ([("a", [("members", "705"), ("members", "90")])], [("705", "single", 1, "00+"), ("90", "single", 1, "01+")],
         "two of one topic in one report stay apart"),
        ([("a", [("members", "705"), ("members", "90")]), ("b", [("members", "705")])],
         [("705", "agree", 2, "00+ 10+"), ("90", "single", 1, "01+")], "one of them is told twice"),
        ([("a", [("members", "705"), ("members", "90")]), ("b", [("members", "705"), ("members", "95")])],
         [("705", "agree", 2, "00+ 10+"), ("90", "differ", 1, "01+ 11-")], "of what is left, one each: told in two ways"),
        ([("a", [("members", "705"), ("members", "90")]), ("b", [("members", "95")])],
         [("705", "single", 1, "00+"), ("90", "single", 1, "01+"), ("95", "single", 1, "10+")],
         "nothing says which of two the other is"),
        ([("a", [("gifts", "5"), ("gifts", "5")]), ("b", [("gifts", "5"), ("gifts", "5")])],
         [("5", "agree", 2, "00+ 10+"), ("5", "agree", 2, "01+ 11+")], "one number of two things, twice"),
        ([("a", [("members", "705")]), ("b", [("gifts", "750")])],
         [("705", "single", 1, "00+"), ("750", "single", 1, "10+")], "two topics"),
        ([("a", [("members", "705")]), ("b", [("gifts", "9"), ("members", "705")])],
         [("705", "agree", 2, "00+ 11+"), ("9", "single", 1, "10+")], "in the order of the first report"),
        ([], [], "no report"),
    ],
)  # fmt: skip
def test_what_reports_tell_side_by_side(
    reports: list[tuple[str, list[tuple[Any, ...]]]], expected: list[Any], proves: str
) -> None:
    shown = [
        (
            entry.chosen["value"],
            entry.agreement,
            entry.reports,
            " ".join(row["id"] + "-+"[agrees] for row, agrees in entry.told),
        )
        for entry in aligned(*reports)
    ]
    assert shown == expected, proves


def test_of_the_reports_that_agree_the_surest_reading_is_chosen() -> None:
    (entry,) = aligned(("a", [("members", "705", 0.6)]), ("b", [("members", "705", 0.95)]))
    assert entry.chosen["id"] == "10"
    (entry,) = aligned(("a", [("members", "705", 0.6)]), ("b", [("members", "706", 0.95)]))
    assert entry.chosen["id"] == "00"  # sureness of a reading is no vote on the value


# Years

YEAR = ("2024-01-01", "2024-12-31")
H1 = ("2024-01-01", "2024-06-30")
SCHOOL = ("2022-09-01", "2023-05-31")
NEXT = ("2025-01-01", "2025-12-31")


@pytest.mark.parametrize(
    ("period", "year", "proves"),
    [
        (YEAR, 2024, "a calendar year"),
        (SCHOOL, 2022, "a school year is the one it begins in"),
        (H1, None, "half a year"),
        (("2024-02-01", "2024-12-31"), None, "eleven months"),
        (("2018-01-01", "2023-12-31"), None, "a term"),
        (("2023-12-01", "2024-12-31"), None, "thirteen months"),
        (("2024-12-27", "2024-12-27"), None, "a day"),
        (("2024-01-01", None), None, "no end"),
    ],
)
def test_which_period_is_a_year(period: tuple[str, str | None], year: int | None, proves: str) -> None:
    assert whole_year(*period) == year, proves


@pytest.mark.parametrize(
    ("status", "period", "kind", "review", "plan", "year", "proves"),
    [
        ("achieved", YEAR, "year_review", None, None, 2024, "the figure's own year"),
        ("achieved", ("2023-01-01", "2023-12-31"), "year_review", YEAR, None, 2023, "its own before the review's"),
        ("achieved", None, "year_review", YEAR, None, 2024, "the year reviewed"),
        ("standing", None, "year_review", YEAR, None, 2024, "as things are at its end"),
        ("achieved", None, "year_review", H1, None, None, "half a year is reviewed"),
        ("achieved", H1, "year_review", YEAR, None, None, "half of the year reviewed"),
        ("achieved", None, "care_event", YEAR, None, 2024, "gifts at a year's end"),
        ("achieved", None, "training", YEAR, None, None, "a course looks back on no year"),
        ("target", None, "year_review", YEAR, NEXT, 2025, "the year planned for"),
        ("target", None, "year_review", YEAR, None, 2025, "the year after the one reviewed"),
        ("target", None, "year_review", H1, None, None, "after half a year: its other half"),
        ("target", None, "year_review", YEAR, ("2025-01-01", "2025-03-31"), None, "a plan for a quarter"),
        ("target", ("2026-01-01", "2026-12-31"), "year_review", YEAR, NEXT, 2026, "the target's own year"),
        ("target", None, "congress", YEAR, NEXT, None, "a congress aims at a term"),
        ("achieved", None, "year_review", SCHOOL, None, 2022, "a school year reviewed"),
    ],
)  # fmt: skip
def test_which_year_a_figure_is_of(
    status: str, period: Any, kind: str, review: Any, plan: Any, year: int | None, proves: str
) -> None:
    figure = {
        "status": status,
        **dict(zip(("period_start", "period_end"), period or (None, None), strict=True)),
    }
    conference: dict[str, Any] = {"kind": kind}
    for name, span in (("review_period", review), ("plan_period", plan)):
        conference |= dict(zip((f"{name}_start", f"{name}_end"), span or (None, None), strict=True))
    assert year_of(figure, conference) == year, proves
