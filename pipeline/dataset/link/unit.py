"""A unit: who a name means, in one stretch of time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Unit:
    """A unit in one stretch of time. `key` is the same for all spellings; dates are ISO, inclusive, None unbounded.

    `renamed`: the successor is the same union by another name, which took in no other. `score` and `reason` say how
    surely the name means it.
    """

    key: str
    name: str
    level: str | None
    province_code: str | None
    valid_from: str | None = None
    valid_to: str | None = None
    successor: Unit | None = None
    source: str | None = None
    renamed: bool = False
    score: float = 1.0
    reason: str = "the name as written"

    @cached_property
    def id(self) -> str:
        """`u-` and twelve hexadecimal digits."""
        return "u-" + hashlib.sha256(self.key.encode()).hexdigest()[:12]

    @property
    def last(self) -> Unit:
        """The unit at the end of the chain of successors."""
        return self.successor.last if self.successor else self
