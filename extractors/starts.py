"""Where in a text patterns can begin: at a digit, a bracket, or one of the words that open them.

Python's `re` tries a pattern at every character. A grammar's patterns begin with few words, so each is tried where one
of its own stands; what is found is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from extractors.letters import whole_word

DIGIT, YEAR, BRACKET = "0", "0000", "("
"""What a pattern opens with that is no word: a run of one to three digits, a longer one, a bracket."""


class Starts:
    """The patterns of one grammar, in an order, each with the words (and `DIGIT`, `YEAR`, `BRACKET`) that open it."""

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], Iterable[str]]]) -> None:
        self._tries: dict[str, list[tuple[int, re.Pattern[str]]]] = {DIGIT: [], YEAR: [], BRACKET: []}
        self._count = 0
        for n, (pattern, openers) in enumerate(patterns):
            self._count = n + 1
            for opener in openers:
                self._tries.setdefault(opener, []).append((n, pattern))
        words = [word for word in self._tries if word[0].isalpha()]
        self._opener = re.compile(rf"{whole_word(words)}|\d+|\(")

    def matches(
        self, text: str, low: str, within: Sequence[tuple[int, int]]
    ) -> list[tuple[int, re.Match[str]]]:
        """What `finditer` gives for each pattern, of matches that begin within spans of `text`, rising and apart: the
        pattern's place and the match, in the order of the patterns. `low` is `text` in small letters.

        >>> starts = Starts([(re.compile(r"tháng \\d"), ["tháng"]), (re.compile(r"ngày \\d|\\d"), ["ngày", DIGIT])])
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
                    word = DIGIT if len(word) < len(YEAR) else YEAR
                for n, pattern in tries[word]:
                    if at >= free[n] and (m := pattern.match(text, at)) is not None:
                        free[n] = m.end()
                        found.append((n, m))
        found.sort(key=itemgetter(0))
        return found
