"""An article's text cut where spans begin and end, so that each piece can be shown in the colours of what it was read as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """Words that were read as something: half-open offsets into the text, `row` is the id of its row in the tables."""

    start: int
    end: int
    kind: str
    row: str
    label: str


@dataclass
class Piece:
    """A stretch of one line that the same spans cover, the shortest first; `begins` are the rows of those that start here."""

    text: str
    spans: list[Span] = field(default_factory=list)
    begins: list[str] = field(default_factory=list)


def cut(text: str, spans: Sequence[Span]) -> list[list[Piece]]:
    """The lines of `text` in pieces; empty lines are left out, spans beyond its ends are cut off.

    >>> [[(p.text, [s.row for s in p.spans]) for p in line] for line in cut("ab cd", [Span(1, 4, "figure", "f", "")])]
    [[('a', []), ('b c', ['f']), ('d', [])]]
    """
    lines = []
    offset = 0
    inside = [span for span in spans if 0 <= span.start < min(span.end, len(text))]
    for line in text.split("\n"):
        end = offset + len(line)
        here = [span for span in inside if span.start < end and span.end > offset]
        if line.strip():
            lines.append(_pieces(text, offset, end, here))
        offset = end + 1
    return lines


def _pieces(text: str, start: int, end: int, spans: list[Span]) -> list[Piece]:
    edges = {start, end} | {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
    places = sorted(edges)
    found = []
    for left, right in pairwise(places):
        over = [span for span in spans if span.start <= left and span.end >= right]
        over.sort(key=lambda span: (span.end - span.start, span.row))
        found.append(Piece(text[left:right], over, [span.row for span in over if span.start == left]))
    return found
