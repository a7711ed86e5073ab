"""Vietnamese dates and periods: all rules over one text, and what neighbouring dates say about each other.

Nothing here reads a clock: relative expressions count from `reference`, and a day without a year is given one only
against a reference. The rules stand in the modules `date_*`; where two want the same words the earlier one has them.
"""

from __future__ import annotations

import re
from datetime import date

from extractors.calendar import readable_day
from extractors.date_days import DAYS
from extractors.date_months import MONTHS
from extractors.date_periods import PERIODS
from extractors.date_places import date_places
from extractors.date_relative import RELATIVE
from extractors.date_spans import DateSpan, Grain
from extractors.letters import lowered, lowered_article
from extractors.starts import Starts

__all__ = ["DateSpan", "Grain", "find_dates"]

_WRITTEN = (*PERIODS, *DAYS, *MONTHS)
_RULES = (*_WRITTEN, *RELATIVE)
_WRITTEN_STARTS, _STARTS = (
    Starts((rule.pattern, rule.opens) for rule in rules) for rules in (_WRITTEN, _RULES)
)
_NAMES = [f"date.{rule.name}" for rule in _RULES]

# `tháng 5 và tháng 6 năm 2022`, `ngày 21/6 và ngày 25/6/2018`: the year at the end holds for both.
_AND = re.compile(r"\s{0,3}(?:,|và|&)\s{0,3}(?:ngày\s{1,3})?", re.IGNORECASE)
# `hôm qua, 22/8`, `hôm qua (22/8)`, `tháng này (tháng 8/2023)`: the date explains the word before it.
_EXPLAINS = re.compile(r"[\s,(–-]{1,4}(?:tức\s{1,3}(?:là\s{1,3})?)?(?:ngày\s{1,3})?", re.IGNORECASE)


def find_dates(text: str, *, reference: date | None = None) -> list[DateSpan]:
    """All dates and periods of `text`, left to right; of overlapping ones the earlier rule's stands.

    Without a `reference`, or with one that is centuries away, relative expressions are left out, and a day without a year
    keeps `start` None.

    >>> [d.start.isoformat() for d in find_dates("Sáng 12/1, hội nghị", reference=date(2024, 1, 15))]
    ['2024-01-12']
    """
    reference = readable_day(reference)
    if reference:
        matches = _STARTS.matches(text, lowered(text), [(0, len(text))])
    else:
        low = lowered_article(text)
        matches = _WRITTEN_STARTS.matches(text, low, date_places(low))
    found: list[DateSpan] = []
    taken = bytearray(len(text))
    for n, m in matches:
        resolved = _RULES[n].resolve(m, reference)
        if resolved is None:
            continue
        spans = resolved if isinstance(resolved, list) else [resolved]
        if any(taken.find(1, *span.offsets) >= 0 for span in spans):
            continue
        for span in spans:
            found.append(span._replace(rule=_NAMES[n]))
            a, b = span.offsets
            taken[a:b] = b"\x01" * (b - a)
    found.sort(key=lambda span: span.offsets)
    return _explained(text, _years_shared(text, found))


def _years_shared(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """Of two spans joined by và the first takes the year that is written at the second."""
    shared = list(spans)
    for i in range(len(shared) - 2, -1, -1):
        first, second = shared[i], shared[i + 1]
        if first.year_written or first.relative or first.month is None or first.grain != second.grain:
            continue
        if not second.year_written or second.start is None:
            continue
        if _AND.fullmatch(text, first.offsets[1], second.offsets[0]):
            later = (first.month, first.day or 0) > (second.start.month, second.start.day)
            placed = first.in_year(second.start.year - later)
            shared[i] = placed._replace(year_written=True) if placed else first
    return shared


def _explained(text: str, spans: list[DateSpan]) -> list[DateSpan]:
    """`spans` without the relative ones that a written date beside them explains; the date's own offsets stay."""
    kept: list[DateSpan] = []
    for span in spans:
        before = kept[-1] if kept else None
        if before is None or not _explain_each_other(text, before, span):
            kept.append(span)
        elif before.relative:
            kept[-1] = span
    return kept


def _explain_each_other(text: str, first: DateSpan, second: DateSpan) -> bool:
    """Whether one of two neighbours says relatively what the other writes; a relative one behind must agree."""
    if first.grain != second.grain or first.relative == second.relative:
        return False
    if not first.relative and (first.start, first.end) != (second.start, second.end):
        return False
    return _EXPLAINS.fullmatch(text, first.offsets[1], second.offsets[0]) is not None
