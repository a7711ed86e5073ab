"""Every regular expression of the two packages, as it is used, and texts made to slow it.

Expressions are caught where `re` compiles them, also those that a function puts together, and note by which method they were
asked and over how many characters at most. So one that only sees forty characters before a number is judged by forty.
"""

from __future__ import annotations

import re
import re._compiler  # type: ignore[import-not-found]
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_PLACES = {
    "search": 0,
    "match": 0,
    "fullmatch": 0,
    "finditer": 0,
    "findall": 0,
    "split": 0,
    "sub": 1,
    "subn": 1,
}
_OURS = ("/extractors/", "/pipeline/")


class Noted:
    """A compiled pattern that notes how it is asked: `used` is method → characters at most."""

    def __init__(self, pattern: re.Pattern[Any], where: str) -> None:
        self.pattern_, self.where, self.used = pattern, where, dict[str, int]()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.pattern_, name)
        if name not in _PLACES:
            return value

        def ask(*given: Any, **named: Any) -> Any:
            place = _PLACES[name]
            text = given[place] if len(given) > place else named["string"]
            bounds = given[place + 1 : place + 3] if place == 0 and name != "split" else ()
            length = min([len(text), *bounds[1:]]) - (bounds[0] if bounds else 0)
            self.used[name] = max(self.used.get(name, 0), length)
            return value(*given, **named)

        return ask


def catch() -> dict[tuple[Any, int], Noted]:
    """From now on what our modules compile is noted; the patterns by their source and flags."""
    caught: dict[tuple[Any, int], Noted] = {}
    compile_ = re._compile  # type: ignore[attr-defined]

    def compiled(pattern: Any, flags: int) -> Any:
        if isinstance(pattern, Noted):
            return pattern
        made = compile_(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename == re.__file__:
            frame = frame.f_back
        file = frame.f_code.co_filename
        if "site-packages" in file or not any(part in file for part in _OURS):
            return made
        where = f"{Path(file).name}:{frame.f_lineno}"
        return caught.setdefault((made.pattern, made.flags), Noted(made, where))

    re._compile = compiled  # type: ignore[attr-defined]
    return caught


# --- Texts that a pattern nearly matches, from its own parts

_PROBES = " aàA1,.\n-(–/:|“"
_constants: Any = re._compiler
_parser: Any = re._compiler._parser
_SINGLE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN}
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
_WIDE = 40


def _fitting(node: Any, flags: int) -> list[str]:
    """Characters that a node of one character matches."""
    state = _parser.State()
    state.flags = flags
    single = _constants.compile(_parser.SubPattern(state, [node]), flags & ~re.DEBUG)
    found = [char for char in _PROBES if single.match(char)]
    return found or [chr(code) for code in range(0x20, 0x1EF9) if single.match(chr(code))][:2] or ["x"]


def _sample(nodes: Any, flags: int, pick: int = 0) -> str:
    """A short text that nearly fits; `pick` chooses among branches."""
    out = ""
    for op, value in nodes:
        if op in _SINGLE:
            fitting = _fitting((op, value), flags)
            out += fitting[pick % len(fitting)]
        elif op in _REPEATS:
            out += _sample(value[2], flags, pick) * max(value[0], min(1, value[1]) * (pick % 2))
        elif op is _constants.SUBPATTERN:
            out += _sample(value[3], flags, pick)
        elif op is _constants.ATOMIC_GROUP:
            out += _sample(value, flags, pick)
        elif op is _constants.BRANCH:
            out += _sample(value[1][pick % len(value[1])], flags, pick)
        elif op is _constants.ASSERT and value[0] > 0:
            out += _sample(value[1], flags, pick)
    return out


def _inner(op: Any, value: Any) -> list[Any]:
    """The sequences of nodes that a node holds."""
    if op in _REPEATS:
        return [value[2]]
    if op is _constants.BRANCH:
        return list(value[1])
    if op is _constants.ATOMIC_GROUP:
        return [value]
    if op is _constants.SUBPATTERN:
        return [value[3]]
    return [value[1]] if op in {_constants.ASSERT, _constants.ASSERT_NOT} else []


def _wide(nodes: Any, flags: int, before: str = "") -> Iterator[tuple[str, str]]:
    """What stands before each wide repetition, and what it repeats."""
    for op, value in nodes:
        inner = _inner(op, value)
        if op in _REPEATS and value[1] >= _WIDE:
            single = len(value[2]) == 1 and value[2][0][0] in _SINGLE
            for unit in (
                _fitting(value[2][0], flags)[:6]
                if single
                else {_sample(value[2], flags, n) for n in range(4)}
            ):
                if unit:
                    yield before, unit
        for part in inner:
            yield from _wide(part, flags, before)
        before += _sample([(op, value)], flags)


def attacks(pattern: re.Pattern[Any]) -> list[Callable[[int], Any]]:
    """Makers of texts of a length that the pattern nearly matches: what it repeats, and itself, again and again."""
    flags = pattern.flags
    raw = isinstance(pattern.pattern, bytes)
    tree = _parser.parse(pattern.pattern, flags)
    made = {("", _sample(tree, flags, n) + end) for n in range(3) for end in ("", " ")}
    for before, unit in _wide(tree, flags):
        made |= {(before, unit), ("", before + unit)}
    made |= {("", char) for char in " \n1a("}

    def maker(before: str, unit: str) -> Callable[[int], Any]:
        def make(length: int) -> Any:
            text = (before + unit * (length // len(unit) + 1))[:length] + "\x01"
            return text.encode("latin-1", "replace") if raw else text

        return make

    return [maker(before, unit) for before, unit in sorted(made) if unit.strip("\0")]
