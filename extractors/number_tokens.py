"""What numbers are made of: digit literals and number words, in chains that nothing but blanks part.

A number begins with a literal, with a digit word, or with a scale that another word may stand before (`hàng trăm`). Only
there is looked at the words around, which are frequent and mostly belong to no number (`trên`, `nhân`, `gia`).
"""

from __future__ import annotations

import re
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
_BEFORE_SCALE = re.compile(rf"({whole_word(BEFORE_BARE)}) {{1,2}}\Z")
# `khoảng`, two blanks and what stands before.
_BEFORE = 9
_WORD = re.compile(whole_word(_WORDS))
_NEXT = re.compile(rf" {{0,2}}(?:({_WORD.pattern})|(?=[\d.,]))")


class Token(NamedTuple):
    """A digit literal, or a word of the grammar in lower case, with its offsets."""

    kind: Literal["literal", "word"]
    text: str
    start: int
    end: int
    word: str
    """The word in lower case, "" for a literal."""


class Tokens:
    """The tokens of one text; `low` is the text in small letters, where it is known."""

    def __init__(self, text: str, low: str | None = None) -> None:
        self.text, self._low = text, lowered(text) if low is None else low
        self.literals = dict(literals(text))
        """Where digit literals begin and end."""

    def firsts(self) -> list[tuple[int, int, str]]:
        """What numbers may begin with, left to right: offsets, and the word in lower case, "" for a literal.

        >>> Tokens("gần 500 lượt, hơn trăm người, Hai mươi mốt nhà").firsts()
        [(4, 7, ''), (14, 17, 'hơn'), (30, 33, 'hai')]
        """
        low = self._low
        found = [(start, end, "") for start, end in self.literals.items()]
        for m in _FIRST_WORD.finditer(low):
            at, word = m.start(), m.group()
            if word in SCALES and (before := _BEFORE_SCALE.search(low, max(0, at - _BEFORE), at)):
                at, word = before.start(), before[1]
            found.append((at, at + len(word), word))
        found.sort()
        return found

    def joined(self, end: int) -> Token | None:
        """The token that follows what ends at offset `end` with at most two blanks between."""
        if (m := _NEXT.match(self._low, end)) is None:
            return None
        if m.lastindex:
            start, end = m.span(1)
            return Token("word", self.text[start:end], start, end, m[1])
        return self._literal(m.end())

    def chain(self, first: Token | None) -> list[Token]:
        """The token `first` and those joined to it.

        >>> tokens = Tokens("hai mươi  mốt, 5")
        >>> [token.word for token in tokens.chain(tokens.at(0))]
        ['hai', 'mươi', 'mốt']
        """
        chain = []
        while first is not None:
            chain.append(first)
            first = self.joined(first.end)
        return chain

    def at(self, start: int) -> Token | None:
        """The token that begins at offset `start`."""
        if (m := _WORD.match(self._low, start)) is None:
            return self._literal(start)
        return Token("word", self.text[start : m.end()], start, m.end(), m.group())

    def _literal(self, start: int) -> Token | None:
        if (end := self.literals.get(start)) is None:
            return None
        return Token("literal", self.text[start:end], start, end, "")
