"""Reports built by hand, so that what is tested here does not hang on what the extractors read today."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractors.records import Article, Award, Conference, EventDate, Evidence, Figure, Report, Span, UnitRef

Build = Callable[..., Report]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


def evidence(text: str, quote: str, rule: str = "by_hand") -> Evidence:
    start = text.index(quote)
    return Evidence(start=start, end=start + len(quote), text=quote, rule=rule)


def figure(text: str, quote: str, value: str, **over: Any) -> Figure:
    given: dict[str, Any] = {"indicator": "members_recruited", "unit": "person", "status": "achieved", **over}
    return Figure(
        value=value,
        unit_text="đoàn viên",
        evidence=evidence(text, quote),
        sentence=Span(start=0, end=len(text)),
        **given,
    )


def award(text: str, quote: str, count: int | None, **over: Any) -> Award:
    given: dict[str, Any] = {"form": "certificate_of_merit", "recipient_type": "collective", **over}
    return Award(form_text="Bằng khen", count=count, evidence=evidence(text, quote), **given)


def unit(text: str, quote: str, canonical: str, role: str) -> UnitRef:
    return UnitRef(
        name=quote, canonical=canonical, type="federation", role=role, evidence=evidence(text, quote)
    )


def build_report(
    text: str,
    *,
    source: str = "a",
    relevant: bool = True,
    host: str | None = None,
    date: EventDate | None = None,
    figures: tuple[tuple[Any, ...], ...] = (),
    awards: tuple[tuple[Any, ...], ...] = (),
    units: tuple[tuple[str, str, str], ...] = (),
    **over: Any,
) -> Report:
    """`figures`: (quote, value, {…}); `awards`: (quote, count, {…}); `units`: (quote, name, role)."""
    conference = Conference(
        id="c", kind=over.get("kind", "year_review"), date=date or EventDate(),
        host=unit(text, host, host, "host") if host else None,
        review_period=over.get("review_period"), place=over.get("place"), people=over.get("people", []),
        checks=over.get("checks", []),
        figures=[figure(text, q, v, **(more[0] if more else {})) for q, v, *more in figures],
        awards=[award(text, q, n, **(more[0] if more else {})) for q, n, *more in awards],
        units=[unit(text, *u) for u in units],
    )  # fmt: skip
    article = Article(id="x", source=source, title=over.get("title"), text=text, relevant=relevant)
    return Report(article=article, conferences=[] if over.get("no_event") else [conference])


@pytest.fixture
def build() -> Build:
    return build_report


@pytest.fixture
def tongket() -> Run:
    """The installed program, run for real: `tongket("extract", "-", stdin=b"…")`."""
    program = Path(sys.executable).with_name("tongket")

    def run(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None):  # type: ignore[no-untyped-def]
        return subprocess.run(
            [program, *args], input=stdin, capture_output=True, timeout=120, check=False, env=env, cwd=cwd
        )

    return run
