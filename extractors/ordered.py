"""Spans in the order of the text: those that begin between two offsets, found without looking at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

from extractors.dates import DateSpan

T = TypeVar("T")


def between(spans: Sequence[T], start: int, end: int, begins: Callable[[T], int]) -> Sequence[T]:
    """The spans with `start <= begins(span) < end`, of spans that are sorted by where they begin.

    >>> between([(2, 4), (5, 9), (9, 12)], 5, 9, lambda span: span[0])
    [(5, 9)]
    """
    return spans[bisect_left(spans, start, key=begins) : bisect_left(spans, end, key=begins)]


def dates_between(dates: Sequence[DateSpan], start: int, end: int) -> Sequence[DateSpan]:
    """The dates that begin between two offsets."""
    return between(dates, start, end, lambda d: d.offsets[0])
