"""Which sentences hold any of some words, told in one pass over the text.

What few sentences tell, such as a plan or an award, is then sought in these alone and not in each.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import re2

from extractors.letters import lowered_article
from extractors.segments import Segments


class SentenceWords:
    """Words in small letters, or patterns that re2 and `re` read alike; each of a few letters, and no blank at an end.

    >>> from extractors.segments import segment
    >>> SentenceWords(["phấn đấu", "năm (?:tới|sau)"]).sentences(segment("Đã có 5 đơn vị. Năm tới tăng."))
    {16}
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._pattern = re2.compile("|".join(words).encode())

    def sentences(self, segments: Segments) -> set[int]:
        """Where the sentences begin that hold any of the words."""
        found: set[int] = set()
        told = _encoded(segments.text)
        at = behind = 0
        for m in self._pattern.finditer(told):
            start, end = m.span()
            at, behind = at + len(told[behind:start].decode()), start
            first = segments.sentence_at(at)
            found.add(first[0])
            # Other words may begin inside of these: they are in one of the sentences that these are in.
            length = len(told[start:end].decode())
            if at + length > first[1]:
                found.update(segments.sentence_at(offset)[0] for offset in range(at, at + length))
        return found


@lru_cache(maxsize=2)
def _encoded(text: str) -> bytes:
    """An article in small letters as re2 reads it, kept for the next that asks for it."""
    return lowered_article(text).encode()
