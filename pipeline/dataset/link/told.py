"""A conference as one article tells it: what two tellings are compared by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

REPEATED = frozenset({"care_event", "launch", "training", "commendation", "competition", "signing", "other"})
"""Kinds that one union may hold several of on one day."""

Value = tuple[str, str]
"""A number and its unit: `("14207", "person")`."""


@dataclass(frozen=True)
class Told:
    """One conference in one article. Dates are ISO; `host` the id of its unit, None where it is not known.

    `host_core` is the host's name without what makes a company's union of it, so that the company's and its union's
    conference are one. `text` is the id of the article's original where it is a reprint, else its own.
    """

    id: str
    article: str
    text: str
    ordinal: int
    kind: str
    published: str | None = None
    host: str | None = None
    host_core: str | None = None
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
            return first.replace(day=1), (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(1)
        return first, date.fromisoformat(self.end) if self.end else first

    @property
    def published_day(self) -> date | None:
        """The day of publication."""
        try:
            return date.fromisoformat((self.published or "")[:10])
        except ValueError:
            return None


def weight(value: str) -> float:
    """How much it says that two reports name this number: `14207` much, `50` or `2024` next to nothing.

    >>> weight("14207") > weight("14000") > weight("50")
    True
    """
    digits = value.replace(".", "").strip("0")
    return max(0.0, len(digits) - 1 + (0.5 if Decimal(value) >= 1000 else 0.0))


def common(a: Iterable[Value], b: Iterable[Value]) -> frozenset[Value]:
    """The numbers of `a` that stand in `b` too; a long number may have been given another unit there."""
    there = frozenset(b)
    long = {value for value, _ in there if weight(value) >= 3}
    return frozenset(one for one in a if one in there or one[0] in long)


def weigh(values: Iterable[Value]) -> float:
    """The weights of several numbers together."""
    return math.fsum(sorted(weight(value) for value, _ in values))


_UNION_OF = re.compile(r"^(?:ban chấp hành |ban thường vụ )?công đoàn (?:cơ sở |bộ phận )?(?=\w)")


def core(name: str) -> str:
    """A host's name in one form, its union and itself alike: `công đoàn công ty a` and `công ty a`.

    >>> core("công đoàn cơ sở công ty may cửa tiểu")
    'công ty may cửa tiểu'
    """
    return _UNION_OF.sub("", name)
