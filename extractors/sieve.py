"""Patterns asked at once which of them can match at all: most cannot, and that is told many times faster.

`re` tries a pattern of many cues at each letter. re2 reads out of each pattern the words that it cannot do without (`kết nạp`
or `phát triển`), looks for those of all patterns in one pass, and tries the few that are left in time linear in the text.
What is possible is then searched by `re`: it alone decides, so no pattern means anything else than it says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

import re2

# An escape, a class, the head of a look-around, any other character.
_PIECE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|\(\?<?[=!]|.", re.DOTALL)
_BOUNDS = re.compile(r"\{\d+(?:,\d*)?\}")
_ANY = "(?s:.)"


def _wider(pattern: str) -> str:
    """`pattern` as re2 can read it, matching no less.

    Look-arounds are left out, bounds of repetition too (re2 unrolls them). Where re2 knows ASCII's letters, digits and
    blanks only, any character may stand; `$` holds before a last newline as well.
    """
    kept: list[str] = []
    depth = 0
    for piece in _PIECE.findall(pattern):
        if depth or piece.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            depth += piece.startswith("(") - (piece == ")")
        elif piece in {r"\b", r"\B"}:
            continue
        elif (piece[0] == "[" and "\\" in piece) or (piece[0] == "\\" and piece[1].isalpha()):
            kept.append(_ANY)
        elif piece == "$":
            kept.append(r"\n?$")
        else:
            kept.append(piece)
    return _BOUNDS.sub("*", "".join(kept))


class Sieve:
    """Several patterns, in an order; letter case aside, whatever they say of it.

    >>> Sieve([re.compile("kết nạp[^.]*$"), re.compile("(?:tặng|trao) (?!giải)")]).possible("Đã trao 5 suất quà.")
    [1]
    """

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        self._filter = re2.Filter()
        for pattern in patterns:
            self._filter.Add(_wider(pattern.pattern), options)
        self._filter.Compile()

    def possible(self, text: str) -> list[int]:
        """Which patterns can match in `text`, by their place."""
        return sorted(self._filter.Match(text) or ())

    def likely(self, text: str) -> list[int]:
        """`possible`, but told by the words of the patterns alone: hardly more, and much faster for many patterns."""
        return sorted(self._filter.Match(text, potential=True) or ())


class Sieved:
    """A pattern that is searched for only where it is possible: like `re.compile`, for cues that few sentences have."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = re.compile(pattern, flags)
        self._sieve = Sieve([self.pattern])

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self._sieve.possible(text) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text, start, end) if self._sieve.possible(text[start:end]) else iter(())


class Signs:
    """Patterns of re2's own, each with a name, all sought in one pass.

    >>> sorted(Signs(money="đồng|triệu", day="ngày [0-9]").found("Ngày hội ngày 5: 2 triệu."))
    ['day', 'money']
    """

    def __init__(self, **patterns: str) -> None:
        self._names = list(patterns)
        self._set = re2.Set.SearchSet()
        for pattern in patterns.values():
            self._set.Add(pattern)
        self._set.Compile()

    def found(self, text: str) -> set[str]:
        """The names of those that are anywhere in `text`."""
        return {self._names[at] for at in self._set.Match(text) or ()}
