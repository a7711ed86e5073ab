"""What invented unions report: a conference each a year, with numbers of which a fifth are planned."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from extractors.lexicon.tables import load, parse

FIGURES = 25  # of a conference
YEARS = range(2015, 2026)
_HERE = Path(__file__).parent
_HERE = Path(__file__).parent
TOLD = [
    (row["indicator"], row["unit"], row["noun"], row["before"], int(row["least"]), int(row["most"]))
    for row in parse((_HERE / "bench_told.tsv").read_text("utf-8"), source="bench_told.tsv")
]


@dataclass(frozen=True)
class Host:
    name: str
    level: str
    code: str
    province: str


@dataclass
class Told:
    """What happened at one conference: told once, or twice in other words."""

    host: Host
    year: int
    day: str
    values: list[tuple[Any, ...]]
    """Place in `TOLD`, number, whether it is a target."""


def events(chance: random.Random) -> Iterator[Told]:
    """Each union's conferences, year by year; a fifth of what is told is planned for the next year."""
    hosts = list(_hosts())
    chance.shuffle(hosts)
    while True:
        for host in hosts:
            for year in YEARS:
                values = []
                for place in islice(_places(chance), FIGURES):
                    *_, least, most = TOLD[place]
                    value = int(least * (most / least) ** chance.random())
                    values.append((place, value, chance.random() < 0.2))
                yield Told(host, year, f"{year + 1}-01-{chance.randint(3, 28):02d}", values)


def _places(chance: random.Random) -> Iterator[int]:
    while True:
        yield from chance.sample(range(len(TOLD)), len(TOLD))


def _hosts() -> Iterator[Host]:
    codes = {}
    for row in load("provinces"):
        codes.setdefault(row["name"], row["code"])
        if row["valid_to"] != "2008-07-31" and not row["valid_from"]:
            name = f"Liên đoàn Lao động {row['kind']} {row['name']}"
            yield Host(name, "province", row["code"], row["name"])
    for row in load("districts"):
        name = f"Liên đoàn Lao động {row['kind']} {row['name']}"
        yield Host(name, "district", codes[row["province"]], row["province"])
