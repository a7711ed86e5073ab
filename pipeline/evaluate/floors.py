"""Scores that must not fall: a checked-in file of floors, and the fingerprint of the gold that they were measured on.

A floor is an F1 for what is counted (`figures`), an accuracy for what is judged (`host`), both 0 to 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from shlex import quote
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.evaluate.gold import GoldArticle
from pipeline.evaluate.score import COUNTED, JUDGED, Scores

# Floors stand on a grid, so that a change of a hair writes the same file.
_STEP = Decimal("0.005")
_ROUNDING = 1e-9


class FloorsError(ValueError):
    """A floors file that cannot be used; the message names it and what to do."""


class Floors(BaseModel):
    """The file: `{"fingerprint": "9f86…", "floors": {"figures": 0.97, "host": 0.915}}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str
    floors: dict[str, Annotated[float, Field(ge=0, le=1)]]


@dataclass(frozen=True, slots=True)
class Gate:
    """Where gold and floors lie, for the messages and the commands in them."""

    folder: Path
    file: Path

    @property
    def write(self) -> str:
        """The command that writes the floors anew."""
        return f"tongket evaluate {quote(str(self.folder))} --floors {quote(str(self.file))} --write-floors"


def fingerprint(folder: Path, gold: Sequence[GoldArticle]) -> str:
    """SHA-256, in hex, over names and bytes of the gold's files: other words, other annotations, another fingerprint."""
    digest = hashlib.sha256()
    for article in gold:
        for suffix in (".json", ".txt"):
            content = (folder / f"{article.name}{suffix}").read_bytes()
            digest.update(f"{article.name}{suffix}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def measures(scores: Scores) -> dict[str, float]:
    """What floors are held against, by name; a measure of nothing is left out."""
    counted = {name: t.f1 for name, t in scores.counted.items() if t.right + t.missed + t.false}
    return counted | {name: share.accuracy for name, share in scores.judged.items() if share.n}


def load_floors(gate: Gate) -> Floors:
    """The floors file; raises `FloorsError` where it is missing, broken, or names a measure that there is not."""
    try:
        floors = Floors.model_validate_json(gate.file.read_bytes())
    except FileNotFoundError:
        raise FloorsError(f"{gate.file}: no such file: write it with `{gate.write}`") from None
    except OSError as error:
        raise FloorsError(f"{gate.file}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        what = ": ".join([*map(str, first["loc"]), first["msg"]])
        raise FloorsError(
            f"{gate.file}: no floors ({what}): mend it, or write it with `{gate.write} --lower`"
        ) from None
    if unknown := sorted(floors.floors.keys() - {*COUNTED, *JUDGED}):
        raise FloorsError(f"{gate.file}: no such measure: {', '.join(unknown)}: take it out of the file")
    return floors


def breaches(gate: Gate, floors: Floors, scores: Mapping[str, float], print_now: str) -> list[str]:
    """Why the gate is shut, a line each; empty where it is open. `print_now` is the gold's fingerprint now."""
    if floors.fingerprint != print_now:
        return [
            f"{gate.file}: {gate.folder} is not the gold that these floors were measured on: "
            f"measure them anew with `{gate.write}`"
        ]
    low = [
        f"{name}: {scores.get(name, 0):.4f} is below its floor {floor:g}"
        for name, floor in floors.floors.items()
        if scores.get(name, 0) < floor - _ROUNDING
    ]
    if low:
        low.append(
            f"see what is misread with `tongket evaluate {quote(str(gate.folder))} --errors`; if it must be: `{gate.write} --lower`"
        )
    unfloored = [name for name in scores if name not in floors.floors]
    return low + [
        f"{name}: {gate.file} has no floor for it: give it one with `{gate.write}`" for name in unfloored
    ]


def floor_of(score: float) -> float:
    """The floor a score gives: rounded down to the grid.

    >>> floor_of(0.9814), floor_of(0.98), floor_of(1)
    (0.98, 0.98, 1.0)
    """
    steps = (Decimal(repr(score)) + Decimal(repr(_ROUNDING))) / _STEP
    return float(steps.to_integral_value(rounding=ROUND_FLOOR) * _STEP)


def write_floors(gate: Gate, scores: Mapping[str, float], print_now: str, *, lower: bool) -> list[str]:
    """Floors from the scores now, into the file. Returns why not, a line each: none may fall unless `lower`.

    Raises `FloorsError` where the file there is none of floors, or cannot be written.
    """
    new = {name: floor_of(score) for name, score in scores.items()}
    if gate.file.exists() and not lower:
        falling = [
            f"{name}: its floor would fall from {floor:g} to {f'{new[name]:g}' if name in new else 'nothing'}"
            for name, floor in load_floors(gate).floors.items()
            if new.get(name, -1) < floor
        ]
        if falling:
            return [*falling, f"{gate.file} is left as it was; if it must be: `{gate.write} --lower`"]
    text = json.dumps({"fingerprint": print_now, "floors": new}, indent=2) + "\n"
    try:
        gate.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FloorsError(f"{gate.file}: cannot be written: {error.strerror or error}") from None
    return []


def hold(
    gate: Gate, gold: Sequence[GoldArticle], scores: Scores, *, write: bool = False, lower: bool = False
) -> tuple[dict[str, float], list[str]]:
    """The floors in force, and why the gate is shut or could not be written anew; no reason: all is well."""
    now, print_now = measures(scores), fingerprint(gate.folder, gold)
    if write:
        complaints = write_floors(gate, now, print_now, lower=lower)
        return load_floors(gate).floors, complaints
    floors = load_floors(gate)
    return floors.floors, breaches(gate, floors, now, print_now)
