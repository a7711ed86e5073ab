"""Where in a text a pattern can begin: at a digit, a bracket, or one of the words that open it.

Python's `re` tries a pattern at every character. A grammar's patterns begin with few words, so they are tried where one
of these stands; what is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from extractors.letters import lowered, whole_word

DIGIT, BRACKET = "0", "("


class Openers:
    """The words, and `DIGIT` and `BRACKET` among them, that the patterns of one grammar begin with."""

    def __init__(self, words: Iterable[str]) -> None:
        plain = [word for word in words if word not in {DIGIT, BRACKET}]
        self._pattern = re.compile(rf"{whole_word(plain)}|\d+|\(")

    def starts(self, text: str) -> Starts:
        """Where they stand in `text`, in capitals or small letters.

        >>> Openers(["ngày", "tháng"]).starts("Ngày 5 tháng 6").of([DIGIT, "tháng"])
        [5, 7, 13]
        """
        found: dict[str, list[int]] = {}
        for m in self._pattern.finditer(lowered(text)):
            word = m.group()
            found.setdefault(DIGIT if word[0].isdecimal() else word, []).append(m.start())
        return Starts(text, found)


class Starts(NamedTuple):
    """The offsets at which words, runs of digits and opening brackets of `text` begin, by what stands there."""

    text: str
    found: Mapping[str, list[int]]

    def of(self, openers: Iterable[str]) -> list[int]:
        """The offsets at which one of `openers` stands, rising."""
        return sorted(at for opener in openers for at in self.found.get(opener, ()))

    def matches(self, pattern: re.Pattern[str], openers: Iterable[str]) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` gives for a pattern that begins with one of `openers` alone."""
        free = 0
        for at in self.of(openers):
            if at >= free and (m := pattern.match(self.text, at)) is not None:
                free = m.end()
                yield m
