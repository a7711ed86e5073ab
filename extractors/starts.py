"""Where in a text patterns can begin: at a digit, a bracket, or one of the words that open them.

Python's `re` tries a pattern at every character. A grammar's patterns begin with few words, so each is tried where one
of its own stands; what is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

from extractors.letters import whole_word

FIGURE, COUNT, YEAR, BRACKET = "0/", "0a", "0000", "("
"""What a pattern opens with that is no word: one to three digits before a sign, and before a blank and a word; more
digits; a bracket before a digit."""

_Match = Callable[[str, int], re.Match[str] | None]


class Starts:
    """The patterns of one grammar, in an order, each with the words (or `FIGURE`, `COUNT`, `YEAR`, `BRACKET`) that open it."""

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], Iterable[str]]]) -> None:
        self._tries: dict[str, list[tuple[int, _Match]]] = {FIGURE: [], COUNT: [], YEAR: [], BRACKET: []}
        self._count = 0
        for n, (pattern, openers) in enumerate(patterns):
            self._count = n + 1
            for opener in openers:
                self._tries.setdefault(opener, []).append((n, pattern.match))
        words = [word for word in self._tries if word[0].isalpha()]
        self._opener = re.compile(rf"{whole_word(words)}|\d+(?=(\s{{1,3}}[^\W\d_])?)|\((?=\d)")

    def matches(
        self, text: str, low: str, within: Sequence[tuple[int, int]]
    ) -> list[tuple[int, re.Match[str]]]:
        """What `finditer` gives for each pattern, of matches that begin within spans of `text`, rising and apart: the
        pattern's place and the match, in the order of the patterns. `low` is `text` in small letters.

        >>> starts = Starts([(re.compile(r"tháng \\d"), ["tháng"]), (re.compile(r"ngày \\d|\\d"), ["ngày", COUNT, FIGURE])])
        >>> [(n, m.group()) for n, m in starts.matches("ngày 5 tháng 6", "ngày 5 tháng 6", [(0, 14)])]
        [(0, 'tháng 6'), (1, 'ngày 5'), (1, '6')]
        """
        found: list[tuple[int, re.Match[str]]] = []
        free = [0] * self._count
        tries = self._tries
        for first, last in within:
            for opener in self._opener.finditer(low, first, last):
                at, word = opener.start(), opener.group()
                if word not in tries:
                    word = YEAR if len(word) >= len(YEAR) else COUNT if opener.lastindex else FIGURE
                for n, match in tries[word]:
                    if at >= free[n] and (m := match(text, at)) is not None:
                        free[n] = m.end()
                        found.append((n, m))
        found.sort(key=itemgetter(0))
        return found
