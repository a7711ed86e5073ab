"""The article in the terminal, each span marked with what it was read as and by which rule.

With colour, a span is coloured by its kind and labelled behind it; without (NO_COLOR, a pipe, a file) it
stands in brackets: `kết nạp [figure members_recruited 705 (number_noun): 705 đoàn viên]`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Literal

from rich.console import Console
from rich.text import Text

from extractors.records import Conference, Evidence, Report
from pipeline.extract import read_article
from pipeline.input_rows import UnreadableError, text_article
from pipeline.inputs import BadInput, InputArticle, read_inputs
from pipeline.tables import amount, event_date, report_view, visible

# Kind of span → colour; the order is that of the legend.
STYLES = {
    "figure": "green", "target": "yellow", "award": "magenta", "unit": "cyan", "person": "blue",
    "date": "red", "place": "bright_black",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Half-open span of `article.text`: kind (a key of `STYLES`), what it was read as, the rule's name."""

    start: int
    end: int
    kind: str
    label: str
    rule: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A step in writing marked text: a mark opens or closes, or a slice of text that `open` covers."""

    step: Literal["open", "text", "close"]
    text: str = ""
    mark: Mark | None = None
    open: tuple[Mark, ...] = ()


def marks(report: Report) -> list[Mark]:
    """Every span of every event, in order of place, the longer first; none twice."""
    length = len(report.article.text)
    found = {
        mark
        for conference in report.conferences
        for mark in _marks(conference)
        if 0 <= mark.start < mark.end <= length
    }
    return sorted(found, key=lambda m: (m.start, -m.end, m.kind, m.label, m.rule))


def _marks(conference: Conference) -> Iterator[Mark]:
    def mark(evidence: Evidence, kind: str, label: str) -> Mark:
        return Mark(evidence.start, evidence.end, kind, label, evidence.rule)

    for figure in conference.figures:
        kind = "target" if figure.status == "target" else "figure"
        yield mark(figure.evidence, kind, f"{figure.indicator} {amount(figure)}")
    for award in conference.awards:
        count = "" if award.count is None else f" {award.count}"
        yield mark(award.evidence, "award", f"{award.form}{count} {award.recipient_type}")
    for unit in filter(None, (conference.host, *conference.units)):
        yield mark(unit.evidence, "unit", f"{unit.role} {unit.canonical}")
    for person in conference.people:
        yield mark(person.evidence, "person", f"{person.role} {person.name}")
    if conference.date.evidence:
        yield mark(conference.date.evidence, "date", event_date(conference.date))
    if conference.place:
        yield mark(conference.place.evidence, "place", conference.place.province_code or "no province")


def pieces(text: str, spans: list[Mark]) -> Iterator[Piece]:
    """The text cut at every end of a mark, properly nested.

    Where two marks cross, the one that opened later is closed at the earlier one's end and opened again
    behind it, so that brackets always pair.
    """
    cuts = sorted({0, len(text), *(m.start for m in spans), *(m.end for m in spans)})
    waiting = list(reversed(spans))
    stack: list[Mark] = []
    for here, after in pairwise(cuts):
        yield from _close(stack, here)
        while waiting and waiting[-1].start == here:
            stack.append(waiting.pop())
            yield Piece("open", mark=stack[-1])
        yield Piece("text", text[here:after], open=tuple(stack))
    yield from _close(stack, len(text))


def _close(stack: list[Mark], here: int) -> Iterator[Piece]:
    ending = [i for i, mark in enumerate(stack) if mark.end == here]
    if not ending:
        return
    reopened = [mark for mark in stack[ending[0] :] if mark.end != here]
    while len(stack) > ending[0]:
        yield Piece("close", mark=stack.pop())
    for mark in reopened:
        stack.append(mark)
        yield Piece("open", mark=mark)


def marked(report: Report, *, colour: bool) -> Text:
    """The article's text with its marks, as coloured spans with labels or as bracketed plain text."""
    out = Text()
    for piece in pieces(report.article.text, marks(report)):
        if piece.mark is None:
            style = (
                STYLES[min(reversed(piece.open), key=lambda m: m.end - m.start).kind]
                if colour and piece.open
                else ""
            )
            # A second mark over the same words shows as underlining.
            style += " underline" if style and len(piece.open) > 1 else ""
            out.append(visible(piece.text, lines=True), style=style)
        elif colour and piece.step == "close":
            out.append(f"‹{_label(piece.mark)}›", style=f"dim italic {STYLES[piece.mark.kind]}")
        elif not colour:
            opening = f"[{piece.mark.kind} {_label(piece.mark)}: "
            out.append(opening if piece.step == "open" else "]")
    return out


def _label(mark: Mark) -> str:
    return f"{visible(mark.label)} ({visible(mark.rule)})"


def legend(report: Report, *, colour: bool) -> Text:
    """The kinds that occur and how often: `figure 12  target 4  award 3`."""
    counts = Counter(mark.kind for mark in marks(report))
    out = Text("spans: ")
    for kind, style in STYLES.items():
        if counts[kind]:
            out.append(f"{kind} {counts[kind]}", style=style if colour else "")
            out.append("  ")
    return out if counts else Text("spans: none")


def explain_input(what: str, console: Console, *, published: str | None = None) -> list[BadInput]:
    """Explain each article of a file (or of standard input, `-`), or `what` itself; returns the bad input.

    What an article itself says of its publication outranks `published`.
    """
    bad: list[BadInput] = []
    for item in read_inputs([what]) if _names_a_file(what) else [_given(what)]:
        if isinstance(item, InputArticle):
            dated = replace(item, published=item.published or published)
            result = read_article(dated, everything=True)
        else:
            result = item
        if isinstance(result, BadInput):
            bad.append(result)
        else:
            explain(result, console)
    return bad


def _given(text: str) -> InputArticle | BadInput:
    try:
        # The shell hands over bytes: what is not UTF-8 in them must not get further than here.
        return text_article(os.fsencode(text), where="the text", source="text")
    except UnreadableError as error:
        return BadInput("the text", str(error))


def _names_a_file(what: str) -> bool:
    """Whether `what` is a path: one that exists, or one word that ends as file names do (`bai-viet.txt`)."""
    if what == "-":
        return True
    try:
        if what and Path(what).exists():  # the empty path would be this folder
            return True
    except (OSError, ValueError):  # longer than any path, or with a NUL: then it is text
        return False
    return len(what.split()) == 1 and bool(PurePath(what).suffix or "/" in what)


def explain(report: Report, console: Console) -> None:
    """Print the marked article, a legend and the table of what was read."""
    colour = console.color_system is not None and not console.no_color
    if report.article.title:
        console.print(
            Text(visible(report.article.title), style="bold" if colour else ""), soft_wrap=not colour
        )
    console.print()
    console.print(marked(report, colour=colour), soft_wrap=not colour, highlight=False)
    console.print()
    console.print(legend(report, colour=colour), soft_wrap=not colour)
    console.print()
    console.print(report_view(report))
