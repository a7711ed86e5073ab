"""A mention of a unit: where it stands, and what is known of the unit it names."""

from __future__ import annotations

from typing import NamedTuple

from extractors.records import UnitLevel, UnitType


class UnitMention(NamedTuple):
    """`text[start:end]` names a unit; `canonical` is its full name; `rule` names the head that found it."""

    start: int
    end: int
    name: str
    canonical: str
    type: UnitType
    level: UnitLevel | None
    province_code: str | None
    rule: str
    office: str = ""
    """`Chủ tịch` of `Chủ tịch UBND tỉnh`: a person in office gives in its own name."""

    @property
    def is_union(self) -> bool:
        return (
            self.type not in {"authority", "party", "other", "employer", "department"}
            or "công đoàn" in self.canonical.lower()
        )
