"""How values look in tables."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from extractors.records import Check, EventDate
from pipeline.tables import amount, event_date, number, report_view, visible

TEXT = "Hội nghị kết nạp 705 đoàn viên, trao 12 bằng khen."


@pytest.mark.parametrize(
    ("value", "expected", "proves"),
    [
        ("705", "705", "short"),
        ("236899800", "236 899 800", "groups"),
        ("88.20", "88.2", "no idle zeros"),
        ("100", "100", "but zeros that count stay"),
        ("1E+14", "100 000 000 000 000", "no exponent"),
        ("1234.5", "1 234.5", "both"),
        ("-0.5", "-0.5", "below nought"),
    ],
)
def test_numbers(value: str, expected: str, proves: str) -> None:
    assert number(Decimal(value)) == expected, proves


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "10 person"),
        ({"modifier": "more_than"}, "> 10 person"),
        ({"modifier": "order_of"}, "~ 10 person"),
        ({"value_max": 15, "unit": "vnd"}, "10 to 15 vnd"),
        ({"of": 12, "unit": "target"}, "10 of 12 target"),
    ],
)
def test_amounts(fields: dict[str, Any], expected: str, build: Any) -> None:
    report = build(TEXT, figures=(("705", 10, fields),))
    assert amount(report.conferences[0].figures[0]) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (EventDate(), "unresolved"),
        (EventDate(start="2024-01-12", basis="explicit"), "2024-01-12 (explicit)"),
        (
            EventDate(start="2024-01-12", end="2024-01-13", session="evening", basis="context"),
            "2024-01-12 to 2024-01-13 evening (context)",
        ),
    ],
)
def test_dates(date: EventDate, expected: str) -> None:
    assert event_date(date) == expected


@pytest.mark.parametrize(
    ("text", "expected", "proves"),
    [
        ("Công đoàn “Bến Tre” – 5%", "Công đoàn “Bến Tre” – 5%", "Vietnamese and its marks stay"),
        ("a\x1b[2J", "a\\x1b[2J", "an escape sequence"),
        ("a\nb", "a\\nb", "one line stays one line"),
        ("a\u202eb\u200b", "a\\u202eb\\u200b", "direction and zero width"),
        ("\ud800", "\\ud800", "half a pair"),
        ("[bold]", "[bold]", "markup is text"),
    ],
)
def test_visible(text: str, expected: str, proves: str) -> None:
    assert visible(text) == expected, proves


def rendered(renderable: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=160).print(renderable)
    return out.getvalue()


def test_a_report_shows_host_figures_awards_and_checks(build: Any) -> None:
    checks = [
        Check(rule="parts_sum_to_total", holds=True, figures=[0], message="3 + 9 = 12"),
        Check(rule="part_of_whole", holds=False, figures=[0], message="14 of 12"),
    ]
    report = build(
        TEXT,
        source="bai.txt",
        title="[bold]Tổng kết[/bold]",
        host="Hội nghị",
        date=EventDate(start="2024-01-12", basis="explicit"),
        figures=(("705 đoàn viên", 705, {"attainment_pct": 87.5, "subject": "Huyện Ba Tri"}),),
        awards=(("12 bằng khen", 12, {"grantors": ["Liên đoàn Lao động tỉnh Bến Tre"]}),),
        checks=checks,
    )
    lines = rendered(report_view(report)).splitlines()
    assert lines[0] == "bai.txt  [bold]Tổng kết[/bold]", "brackets in a title are no markup"
    for words in (
        ["host", "Hội", "nghị"], ["date", "2024-01-12", "(explicit)"], ["kind", "year_review"],
        ["members_recruited", "705", "person", "achieved", "87.5%", "of", "plan;", "Huyện", "Ba", "Tri", "705", "đoàn", "viên"],
        ["✓", "parts_sum_to_total:", "3", "+", "9", "=", "12"], ["✗", "part_of_whole:", "14", "of", "12"],
    ):  # fmt: skip
        assert words in [line.split() for line in lines]
    assert any("certificate_of_merit" in line and "Liên đoàn Lao động tỉnh Bến Tre" in line for line in lines)


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"no_event": True}, "reports no event"),
        ({"no_event": True, "relevant": False}, "no trade union's event"),
        ({"relevant": False}, "(no trade union's event)"),
    ],
)
def test_a_report_without_an_event_says_why(over: dict[str, Any], expected: str, build: Any) -> None:
    assert expected in rendered(report_view(build(TEXT, **over)))
