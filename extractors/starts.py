"""Where in a text a pattern can begin: at a digit, a bracket, or one of the words that open it.

Python's `re` tries a pattern at every character. A grammar's patterns begin with few words, so they are tried where one
of these stands; what is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

DIGIT = "0"
_PLACE = re.compile(r"[^\W\d_]+|\d+|\(")


class Starts:
    """The offsets at which words, runs of digits and opening brackets of `text` begin."""

    def __init__(self, text: str, wanted: frozenset[str]) -> None:
        self.text = text
        self._found: dict[str, list[int]] = {}
        lower = text.lower()
        # `İ` grows when it is lowered; then each word is lowered by itself.
        same = len(lower) == len(text)
        for m in _PLACE.finditer(lower if same else text):
            word = m.group() if same else m.group().lower()
            if word in wanted:
                self._found.setdefault(word, []).append(m.start())
            elif DIGIT in wanted and word[0].isdecimal():
                self._found.setdefault(DIGIT, []).append(m.start())

    def of(self, openers: Iterable[str]) -> list[int]:
        """The offsets at which one of `openers` stands (`DIGIT` for digits), rising.

        >>> Starts("Ngày 5 tháng 6", frozenset({"ngày", "tháng", DIGIT})).of([DIGIT, "tháng"])
        [5, 7, 13]
        """
        return sorted(at for opener in openers for at in self._found.get(opener, ()))

    def matches(self, pattern: re.Pattern[str], openers: Iterable[str]) -> Iterator[re.Match[str]]:
        """What `pattern.finditer` gives for a pattern that begins with one of `openers` alone."""
        free = 0
        for at in self.of(openers):
            if at >= free and (m := pattern.match(self.text, at)) is not None:
                free = m.end()
                yield m
