"""A conference as one article tells it: what two tellings are compared by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

REPEATED = frozenset({"care_event", "signing", "other"})
"""Kinds that one union may well hold several of on one day."""


class Value(NamedTuple):
    """A number, its unit and its bound: `Value("14207", "person", "exact")`, of the records' codes."""

    number: str
    unit: str
    modifier: str = "exact"

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """The numbers that it may stand for: `hơn 1.400` for any up to 1.500, half a step around where it is exact.

        A step is one of its last digit that is not nought.
        """
        value = Decimal(self.number)
        digits = value.normalize().as_tuple()
        step = Decimal(1).scaleb(int(digits.exponent))
        low = {"more_than": value, "at_least": value, "nearly": value - step}.get(
            self.modifier, value - step / 2
        )
        high = {"more_than": value + step, "at_least": value + step, "nearly": value}.get(
            self.modifier, value + step / 2
        )
        return low, high


@dataclass(frozen=True)
class Told:
    """One conference in one article. Dates are ISO; `host` the id of its unit, None where it is not known.

    `host_name` is its name in normal form, `host_sure` False where nothing says in which province it is. `text` is the id of the article's original where it is a reprint, else its own.
    """

    id: str
    article: str
    text: str
    ordinal: int
    kind: str
    published: str | None = None
    host: str | None = None
    host_name: str | None = None
    host_sure: bool = True
    start: str | None = None
    end: str | None = None
    precision: str | None = None
    basis: str | None = None
    session: str | None = None
    place: str | None = None
    period: tuple[str, str] | None = None
    values: frozenset[Value] = frozenset()
    awards: frozenset[tuple[str, str, int]] = frozenset()

    @property
    def order(self) -> tuple[str, str, int]:
        """Earlier first; what has no date comes last."""
        return self.published or "9999", self.article, self.ordinal

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day, None where the day is not known."""
        if self.start is None or self.precision == "year":
            return None
        first = date.fromisoformat(self.start)
        if self.precision == "month":
            return first.replace(day=1), (first.replace(day=1) + timedelta(days=31)).replace(
                day=1
            ) - timedelta(1)
        return first, date.fromisoformat(self.end) if self.end else first

    @property
    def published_day(self) -> date | None:
        """The day of publication."""
        try:
            return date.fromisoformat((self.published or "")[:10])
        except ValueError:
            return None


def weight(number: str) -> float:
    """How much it says that two reports name this number: `14207` much, `50` or `2024` next to nothing.

    >>> weight("14207") > weight("14000") > weight("50")
    True
    """
    digits = number.replace(".", "").strip("0")
    return max(0.0, len(digits) - 1 + (0.5 if Decimal(number) >= 1000 else 0.0))


def common(a: Iterable[Value], b: Iterable[Value]) -> list[tuple[Value, float]]:
    """The numbers of `a` that stand in `b` too, each with its weight, the weightiest first.

    A long number may have been given another unit there, and a round one may stand for it: `hơn 1.400` for 1.460.
    """
    there = sorted(b)
    units = {(one.number, one.unit) for one in there}
    long = {one.number for one in there if weight(one.number) >= 3}
    found: dict[tuple[str, str], tuple[Value, float]] = {}
    for one in sorted(a):
        if (one.number, one.unit) in units or one.number in long:
            found[one.number, one.unit] = (one, weight(one.number))
        elif round_one := next((other for other in there if _stands_for(one, other)), None):
            found[one.number, one.unit] = (one, min(weight(one.number), weight(round_one.number), 1.0))
    return sorted(found.values(), key=lambda pair: (-pair[1], pair[0]))


def _stands_for(a: Value, b: Value) -> bool:
    """Whether one of two numbers is the other rounded."""
    exact, rounded = sorted((a, b), key=lambda one: -len(one.number.strip("0")))
    if a.unit != b.unit or Decimal(rounded.number) < 1000 or rounded.modifier == "order_of":
        return False
    low, high = rounded.range
    return low <= Decimal(exact.number) <= high


def weigh(values: Iterable[Value]) -> float:
    """The weights of several numbers together."""
    return math.fsum(sorted(weight(number) for number in {one.number for one in values}))


_UNION_OF = re.compile(r"^(?:ban chấp hành |ban thường vụ )?công đoàn (?:cơ sở |bộ phận )?(?=\w)")


def is_union_of(union: str, other: str) -> bool:
    """Whether one name, in normal form, is that of the union of the other.

    >>> is_union_of("công đoàn cơ sở công ty may cửa tiểu", "công ty may cửa tiểu")
    True
    """
    return union != other and _UNION_OF.sub("", union) == other
