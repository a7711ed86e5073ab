"""What was read, as tables for people: shared by `extract --format table`, `explain` and the demo.

Every string that comes from an article passes `visible`, so nothing in a page can steer the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from extractors.records import Award, Check, Conference, EventDate, Figure, Report

# Control, format (bidi overrides, zero-width), surrogate and line separator characters.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SIGNS = {
    "exact": "", "more_than": "> ", "nearly": "< ", "about": "≈ ", "at_least": "≥ ", "at_most": "≤ ",
    "order_of": "~ ",
}  # fmt: skip
_STATUS = {"achieved": "green", "target": "yellow", "standing": "cyan"}


def visible(text: str, *, lines: bool = False) -> str:
    r"""`text` with whatever a terminal would obey spelt out; `lines` leaves line feeds alone.

    >>> visible("Công đoàn\x1b[2J")
    'Công đoàn\\x1b[2J'
    """
    if text.isprintable():
        return text
    return escaped(text, lambda ch: ch if lines and ch == "\n" else ch.encode("unicode_escape").decode())


def escaped(text: str, spell: Callable[[str], str]) -> str:
    """`text` with each character that a terminal would obey as `spell` writes it."""
    return "".join(spell(ch) if unicodedata.category(ch) in _HIDDEN else ch for ch in text)


def plain(text: str | None, style: str = "") -> Text:
    """A string from an article as it is: no markup, no control characters, a dash for None."""
    return Text("–", style="dim") if text is None else Text(visible(text), style=style)


def number(value: Decimal) -> str:
    """`236899800` as `236 899 800`: groups set off by blanks, since a dot or comma reads both ways here."""
    text = format(value, ",f").replace(",", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(figure: Figure) -> str:
    """The value with its bound, range and whole: `> 1 601 person`, `9 of 9 target`, `10 to 15 percent`."""
    text = _SIGNS[figure.modifier] + number(figure.value)
    if figure.value_max is not None:
        text += f" to {number(figure.value_max)}"
    if figure.of is not None:
        text += f" of {number(Decimal(figure.of))}"
    return f"{text} {figure.unit}"


def event_date(date: EventDate) -> str:
    """`2024-12-14 morning (explicit)`; a date without a year that nothing supplies is `unresolved`."""
    if date.start is None:
        return "unresolved"
    day = date.start if date.end is None else f"{date.start} to {date.end}"
    return " ".join(part for part in (day, date.session, f"({date.basis})") if part)


def _notes(figure: Figure) -> str:
    notes = []
    if figure.attainment_pct is not None:
        notes.append(f"{figure.attainment_pct:g}% of plan")
    if figure.share_pct is not None:
        notes.append(f"share {figure.share_pct:g}%")
    if figure.change is not None:
        sign = "+" if figure.change.direction == "increase" else "−"
        notes.append(f"{sign}{number(figure.change.value)} {figure.change.unit}")
    if figure.subject:
        notes.append(figure.subject)
    return "; ".join(notes)


def figures_table(figures: Iterable[Figure]) -> Table:
    """One row a figure: what is counted, how much, done or planned, and the words it was read from."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    # On a narrow terminal the words fold, the names and numbers stay whole.
    table.add_column("indicator", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    for name in ("status", "notes", "read from"):
        table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_row(
            figure.indicator, amount(figure), Text(figure.status, style=_STATUS[figure.status]),
            plain(_notes(figure)), plain(figure.evidence.text, "italic"),
        )  # fmt: skip
    return table


def awards_table(awards: Iterable[Award]) -> Table:
    """One row an award: form, how many, to whom, by whom."""
    table = Table("award", "as written", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("count", justify="right")
    for name in ("recipients", "given by"):
        table.add_column(name, overflow="fold")
    for award in awards:
        count = "–" if award.count is None else number(Decimal(award.count))
        to = award.recipient_type + (f": {', '.join(award.recipients)}" if award.recipients else "")
        givers = plain("; ".join(award.grantors) or None)
        table.add_row(award.form, plain(award.form_text, "italic"), count, plain(to), givers)
    return table


def checks_lines(checks: Iterable[Check]) -> Text:
    """A line a check: what the article's own arithmetic says, and whether it holds."""
    lines = Text()
    for check in checks:
        lines.append("✓ " if check.holds else "✗ ", style="green" if check.holds else "bold red")
        lines.append(f"{check.rule}: {visible(check.message)}\n")
    lines.rstrip()
    return lines


def conference_view(conference: Conference) -> RenderableType:
    """Host, date, kind and name on top, then figures, awards and checks where there are any."""
    head = Table.grid(padding=(0, 2))
    place = conference.place.text if conference.place else None
    period = conference.review_period.label if conference.review_period else None
    for label, value in (
        ("host", conference.host.canonical if conference.host else None), ("kind", conference.kind),
        ("date", event_date(conference.date)), ("event", conference.name),
        ("place", place), ("period", period),
    ):  # fmt: skip
        if value is not None or label == "host":
            head.add_row(Text(label, style="dim"), plain(value, "bold" if label == "host" else ""))
    parts: list[RenderableType] = [head]
    if conference.figures:
        parts.append(figures_table(conference.figures))
    if conference.awards:
        parts.append(awards_table(conference.awards))
    if conference.checks:
        parts.append(checks_lines(conference.checks))
    return Group(*parts)


def report_view(report: Report) -> RenderableType:
    """One article: where it comes from, its title, then each event it reports."""
    article = report.article
    head = Text.assemble((visible(article.source or article.id), "bold"))
    if article.title:
        head.append(f"  {visible(article.title)}")
    if article.quality:
        head.append(f"  [{', '.join(article.quality)}]", style="red")
    if not report.conferences:
        why = "reports no event" if article.relevant else "no trade union's event"
        return Group(head, Padding(Text(why, style="dim"), (0, 0, 1, 2)))
    if not article.relevant:
        head.append("  (no trade union's event)", style="dim")
    return Group(head, *(Padding(conference_view(c), (0, 0, 1, 2)) for c in report.conferences))
