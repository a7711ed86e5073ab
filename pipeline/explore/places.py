"""Provinces as they are today, where the release has codes of any time, and where each stands on a grid like the map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extractors.lexicon.tables import load, parse

_GRID = Path(__file__).with_name("provinces.tsv")


@dataclass(frozen=True)
class Province:
    """A province of today: the codes that it and those merged into it ever had, and its place on the grid (from 1)."""

    name: str
    code: str
    codes: tuple[str, ...]
    row: int
    column: int


@cache
def provinces() -> dict[str, Province]:
    """Today's code → province, by name.

    >>> provinces()["86"].codes          # Vĩnh Long took in Bến Tre and Trà Vinh
    ('83', '84', '86')
    """
    grid = {row["name"]: row for row in parse(_GRID.read_text(encoding="utf-8"), source=_GRID.name)}
    known = load("provinces")
    today = {row["name"]: row["code"] for row in known if not row["valid_to"]}
    found = {}
    for name in sorted(today):
        codes = {row["code"] for row in known if row["successor"] == name} | {today[name]}
        place = (int(grid[name]["row"]), int(grid[name]["column"]))
        found[today[name]] = Province(name, today[name], tuple(sorted(codes)), *place)
    return found


@cache
def _today() -> dict[str, str]:
    return {old: one.code for one in provinces().values() for old in one.codes}


@cache
def _names() -> dict[str, str]:
    # The last row of a code is its newest name.
    return {row["code"]: row["name"] for row in load("provinces")}


def today(code: str | None) -> str | None:
    """The code of the province of today that `code`'s land belongs to.

    >>> today("84")
    '86'
    """
    return _today().get(code or "")


def province_name(code: str | None) -> str:
    """The name that `code` stands for, as it was; empty where there is none.

    >>> province_name("84")
    'Trà Vinh'
    """
    return _names().get(code or "", code or "")
