"""What numbers are made of: digit literals and number words, in chains that nothing but a blank parts.

A number begins with a literal, with a digit word, or with a scale that another word may stand before (`hàng trăm`). Only
there is looked at the words around, which are frequent and mostly belong to no number (`trên`, `nhân`, `gia`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from extractors.letters import lowered, whole_word
from extractors.number_literals import literals

DIGITS = {
    "không": 0, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
# Units that stand behind a ten only, said or left out; tư also for four months and fourth parts, so never alone.
UNITS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
TENTHS = {**DIGITS, "mốt": 1, "tư": 4}
SCALES = {
    "chục": 10, "tá": 12, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 10**6, "tr": 10**6,
    "tỷ": 10**9, "tỉ": 10**9, "k": 1000, "m": 10**6,
}  # fmt: skip
# Scales only behind a digit literal, `k` and a capital M only glued to it (`100K`, `5tr`): `1,2m` is a length.
SHORT_SCALES = frozenset({"tr", "k", "m"})
HALF = frozenset({"rưỡi", "rưởi"})
ODD = frozenset({"linh", "lẻ", "lẽ"})
POINT = frozenset({"phẩy", "phảy"})
# `một tư tưởng`, `ba tư liệu`: tư as the first half of a word.
AFTER_TU = frozenset(
    [
        "bản",
        "cách",
        "chất",
        "doanh",
        "duy",
        "gia",
        "liệu",
        "lệnh",
        "lợi",
        "nhân",
        "pháp",
        "thế",
        "thù",
        "thục",
        "tưởng",
        "vấn",
        "vị",
        "trang",
    ]
)

# With these before it a bare scale counts: some of it (`vài chục`), or one (`hơn chục`, `gần trăm`).
VAGUE = frozenset({"hàng", "vài", "mấy", "cả"})
BEFORE_BARE = VAGUE | frozenset({"hơn", "trên", "gần", "khoảng", "chừng", "ngót", "độ", "nửa", "non"})
# All words that the grammar looks at; any other only parts what stands around it, as a sign does.
_WORDS = frozenset(
    {"mười", "mươi", "hăm", *DIGITS, *UNITS, *SCALES, *HALF, *ODD, *POINT, *AFTER_TU, *BEFORE_BARE}
)
_FIRST_WORD = re.compile(whole_word({"mười", "hăm", *DIGITS, *(SCALES.keys() - SHORT_SCALES)}))
_BEFORE_SCALE = re.compile(rf"(?:{whole_word(BEFORE_BARE)}) {{1,2}}\Z")
# `khoảng`, two blanks and what stands before.
_BEFORE = 9
_NEXT = re.compile(rf" {{0,2}}(?:({whole_word(_WORDS)})|(?=[\d.,]))")


class Token(NamedTuple):
    """A digit literal, or a word of the grammar in lower case, with its offsets."""

    kind: Literal["literal", "word"]
    text: str
    start: int
    end: int
    word: str
    """The word in lower case, "" for a literal."""


class Tokens:
    """The tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text, self._low = text, lowered(text)
        self.literals = dict(literals(text))
        """Where digit literals begin and end."""

    def chains(self) -> Iterator[list[Token]]:
        """The chains that may hold numbers, left to right, each from where the first number may begin.

        >>> [[t.text for t in chain] for chain in Tokens("gần 500 lượt, hơn trăm người, Hai mươi mốt nhà").chains()]
        [['500'], ['hơn', 'trăm'], ['Hai', 'mươi', 'mốt']]
        """
        behind = 0
        for at in sorted([*self.literals, *self._first_words()]):
            if at >= behind:
                chain = self.chain(at)
                behind = chain[-1].end
                yield chain

    def _first_words(self) -> Iterator[int]:
        for m in _FIRST_WORD.finditer(self._low):
            at = m.start()
            before = (
                _BEFORE_SCALE.search(self._low, max(0, at - _BEFORE), at) if m.group() in SCALES else None
            )
            yield before.start() if before else at

    def chain(self, at: int) -> list[Token]:
        """The tokens from offset `at` that follow each other with at most two blanks between; none if none stands there."""
        text, ends = self.text, self.literals
        chain: list[Token] = []
        m = _NEXT.match(self._low, at)
        if m is not None and (m.start(1) if m.lastindex else m.end()) > at:
            return chain
        while m is not None:
            if m.lastindex:
                start, end = m.span(1)
                chain.append(Token("word", text[start:end], start, end, m[1]))
            elif (start := m.end()) in ends:
                end = ends[start]
                chain.append(Token("literal", text[start:end], start, end, ""))
            else:
                break
            m = _NEXT.match(self._low, end)
        return chain
