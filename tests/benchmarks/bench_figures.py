"""What a benchmark measured: as a table with goals and verdicts, as JSON, and beside what an earlier run measured."""

from __future__ import annotations

import csv
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

GOALS = Path(__file__).with_name("bench_goals.tsv")


@dataclass(frozen=True)
class Figure:
    """One thing measured several times: `Figure("filter", "articles_per_second", [9100.0, 9400.0])`.

    `cpu` holds the same per second of the process's own time, which others on the machine disturb less.
    """

    name: str
    unit: str
    samples: list[float]
    cpu: list[float] = field(default_factory=list)

    def as_json(self) -> dict[str, float]:
        """Median, lowest and highest, the unit in each key."""
        told = {
            self.unit: statistics.median(self.samples),
            f"{self.unit}_lowest": min(self.samples),
            f"{self.unit}_highest": max(self.samples),
        }
        if self.cpu:
            told[cpu_unit(self.unit)] = statistics.median(self.cpu)
        return told


@dataclass(frozen=True)
class Goal:
    """What a figure's median shall reach, or stay below."""

    unit: str
    at_least: bool
    limit: float

    def reached(self, value: float) -> bool:
        """Whether `value` is as wanted."""
        return value >= self.limit if self.at_least else value <= self.limit


def cpu_unit(unit: str) -> str:
    """`articles_per_second` → `articles_per_cpu_second`."""
    return unit.replace("_per_second", "_per_cpu_second")


def load_goals(path: Path = GOALS) -> dict[str, Goal]:
    """A figure's name → its goal."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {
        row["figure"]: Goal(row["unit"], row["bound"] == "at least", float(row["limit"]))
        for row in csv.DictReader(lines, delimiter="\t")
    }


def load_earlier(path: Path | None, same: dict[str, Any]) -> dict[str, Any]:
    """What an earlier run wrote to `path`; nothing where it does not hold what is in `same`."""
    if path is None or not path.is_file():
        return {}
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told if told.items() >= same.items() else {}


def write(path: Path, told: dict[str, Any]) -> None:
    """`told` as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def show(figures: Sequence[Figure], earlier: dict[str, dict[str, float]]) -> None:
    """The table on standard output; as wide as its cells where that is no terminal."""
    goals = load_goals()
    table = Table("figure", "unit")
    for head in ("median", "lowest", "highest", "per CPU s", "goal"):
        table.add_column(head, justify="right")
    table.add_column("verdict")
    if earlier:
        table.add_column("÷ earlier", justify="right")
        table.caption = "÷ earlier: by an earlier run's, of the process's own seconds where they are told"
    for figure in figures:
        table.add_row(*_row(figure, goals.get(figure.name), earlier))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _row(figure: Figure, goal: Goal | None, earlier: dict[str, dict[str, float]]) -> list[str]:
    told = figure.as_json()
    values = [told[figure.unit + end] for end in ("", "_lowest", "_highest")]
    cpu = told.get(cpu_unit(figure.unit)) if figure.cpu else None
    cells = [figure.name, figure.unit.replace("_", " ").replace(" per ", "/")]
    cells += [*map(_short, values), "" if cpu is None else _short(cpu)]
    if goal is None:
        cells += ["", ""]
    else:
        cells.append(f"{'≥' if goal.at_least else '≤'} {goal.limit:g}")
        cells.append("reached" if goal.reached(told[goal.unit]) else "[bold]missed[/bold]")
    if earlier:
        unit = cpu_unit(figure.unit) if figure.cpu else figure.unit
        was = earlier.get(figure.name, {}).get(unit)
        cells.append(f"{told[unit] / was:.2f}" if was else "")
    return cells


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
