"""Vietnamese numbers in digits and words: one grammar over raw text.

A number is read from tokens: digit literals (`24.500`, `1,1`), digit words (`hai mươi mốt`) and scales (`nghìn`,
`triệu`, `tỷ`). The reading of a lone separator is a matter of form and surroundings: `1,1 tỷ` is a decimal, `1,601
đoàn viên` a thousand. The hard word forms (`năm trăm tư` 540, `hai mốt` 21, `tám trăm rưỡi` 850) are those that inverse
text normalisation for Vietnamese has to handle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["digits", "words", "vague"]

DIGIT_WORDS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
SCALES = {
    "chục": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9,
    "tỉ": 10**9, "k": 1000, "m": 10**6,
}  # fmt: skip
# `tr`, `k`, `m` are scales only when glued to or following a digit literal (`100K`, `5tr`).
_SHORT_SCALES = frozenset({"tr", "k", "m"})
_HALF = frozenset({"rưỡi", "rưởi"})
_ODD = frozenset({"linh", "lẻ", "lẽ"})
_VAGUE = frozenset({"hàng", "vài", "mấy", "cả"})
# With these before it a bare scale counts one of itself: `hơn chục`, `gần trăm`.
_BEFORE_BARE = _VAGUE | frozenset({"hơn", "trên", "gần", "khoảng", "chừng", "ngót", "độ", "nửa", "non"})

# `,77` lacks its leading zero; a literal never ends in a separator.
_TOKEN = re.compile(r"(?P<literal>(?<![\w.,])[.,]\d+|\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+)|(?P<other>\S)")
# What follows a decimal with three digits: a scale, a percent sign or a measure (`1,125 tỷ`, `65,125%`, `2,350 ha`).
_DECIMAL_AFTER = re.compile(
    r"\s*(?:%|phần trăm|nghìn|ngàn|vạn|triệu|tr\b|tỷ|tỉ|ha\b|km|m2|m²|m3|kg|tấn|tạ|lít|độ\b)", re.IGNORECASE
)
_ENGLISH = re.compile(
    r"(?<![\d.,])\d+\.\d{1,2}(?![\d.,/-])|\d{1,3}(?:,\d{3})+\.\d|\d{1,3}(?:,\d{3}){2,}(?!\d)"
)
_VIETNAMESE = re.compile(
    r"(?<![\d.,])\d+,\d{1,2}(?![\d.,])|\d{1,3}(?:\.\d{3})+,\d|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
)


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number and where it stands; `start` and `end` are offsets, `value` is exact."""

    start: int
    end: int
    value: Decimal
    kind: Kind
    scaled: bool = False
    """Whether a scale word is part of it (`triệu`): the noun may then be elided (`thưởng 2 triệu`)."""
    literal: Decimal | None = None
    """The digit literal without its scales: `10` of `10 triệu`."""
    scale: int = 1


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "word" else ""


def english_separators(text: str) -> bool:
    """Whether an article writes `1.74 tỷ` and `35,214`: more English forms in it than Vietnamese ones."""
    return len(_ENGLISH.findall(text)) > len(_VIETNAMESE.findall(text))


def read_literal(literal: str, after: str = "", *, english: bool = False) -> Decimal | None:
    """The value of a digit literal, `after` being the text behind it; None where the form is no number.

    >>> read_literal("24.500"), read_literal("1,1", " tỷ"), read_literal("1,601", " đoàn viên")
    (Decimal('24500'), Decimal('1.1'), Decimal('1601'))
    """
    if literal[0] in ".,":
        return Decimal("0." + literal[1:])
    parts = re.split(r"[.,]", literal)
    separators = re.findall(r"[.,]", literal)
    if not separators:
        return Decimal(literal)
    grouped = len(parts[0]) <= 3 and parts[0] != "0" and all(len(p) == 3 for p in parts[1:])
    if len(separators) == 1:
        if len(parts[1]) == 3 and grouped:
            decimal_sign = "." if english else ","
            if separators[0] != decimal_sign or not _DECIMAL_AFTER.match(after):
                return Decimal("".join(parts))
        return Decimal(".".join(parts))
    if len(set(separators)) == 1:
        return Decimal("".join(parts)) if grouped else None
    if len(set(separators[:-1])) == 1 and all(len(p) == 3 for p in parts[1:-1]) and len(parts[0]) <= 3:
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return None


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.lastgroup or "", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


class _Reader:
    """Recursive descent over the tokens of one text; each method returns (value, next token) or None."""

    def __init__(self, text: str, tokens: Sequence[_Token], *, english: bool, strict: bool) -> None:
        self.text, self.tokens, self.english, self.strict = text, tokens, english, strict
        self.first = 0

    def word(self, i: int) -> str:
        """The lower-case word at `i`, "" where none stands or more than blanks lie between it and its forerunner."""
        if i >= len(self.tokens):
            return ""
        if i == self.first:
            return self.tokens[i].word
        if i and self.text[self.tokens[i - 1].end : self.tokens[i].start].strip(" "):
            return ""
        if i and "\n" in self.text[self.tokens[i - 1].end : self.tokens[i].start]:
            return ""
        return self.tokens[i].word

    def below_hundred(self, i: int) -> tuple[int, int] | None:
        first = self.word(i)
        if first == "mười":
            unit = DIGIT_WORDS.get(self.word(i + 1))
            if unit and self.word(i + 1) not in {"mốt", "tư"} and not self._is_year_word(i + 1):
                return 10 + unit, i + 2
            return 10, i + 1
        if first not in DIGIT_WORDS or first in {"mốt", "lăm", "nhăm"}:
            return None
        tens, second = DIGIT_WORDS[first], self.word(i + 1)
        if second in {"mươi", "chục"} and tens:
            unit_word = self.word(i + 2)
            if second == "mươi" and DIGIT_WORDS.get(unit_word) and not self._is_year_word(i + 2):
                return tens * 10 + DIGIT_WORDS[unit_word], i + 3
            if unit_word in _HALF:
                return tens * 10 + 5, i + 3
            return tens * 10, i + 2
        # `hai mốt`, `ba lăm`: the mươi is left out, told by the form of the unit.
        if second in {"mốt", "lăm", "nhăm"} and tens:
            return tens * 10 + DIGIT_WORDS[second], i + 2
        return tens, i + 1

    def _is_year_word(self, i: int) -> bool:
        """`mười lăm năm`, `hai mươi năm`: a last năm is the noun year, since five there is said lăm."""
        return self.word(i) == "năm"

    def below_thousand(self, i: int) -> tuple[int, int] | None:
        low = self.below_hundred(i)
        if low is None:
            return None
        value, j = low
        if value >= 10 or self.word(j) != "trăm":
            return value, j
        value, j = value * 100, j + 1
        follow = self.word(j)
        if follow in _HALF:
            return value + 50, j + 1
        if follow in _ODD and DIGIT_WORDS.get(self.word(j + 1)):
            return value + DIGIT_WORDS[self.word(j + 1)], j + 2
        rest = self.below_hundred(j)
        if rest is None:
            return value, j
        if rest[0] < 10:
            # `năm trăm tư` is 540: a lone digit after trăm counts tens. `hai trăm năm` mostly counts years.
            if self._is_year_word(j) and not self.strict:
                return value, j
            return value + rest[0] * 10, rest[1]
        return value + rest[0], rest[1]

    def scale(self, i: int, *, after_literal: bool, glued: bool = False) -> tuple[int, int] | None:
        """A chain of rising scales from `i`: `tỷ`, `nghìn tỷ`, `trăm nghìn tỷ`."""
        product, j, last = 1, i, 0
        while True:
            w = self.word(j)
            step = SCALES.get(w)
            if step is None or (w in _SHORT_SCALES and not (after_literal and j == i and glued)):
                break
            if last >= step:
                break
            product, last, j = product * step, step, j + 1
        return (product, j) if j > i else None

    def number(self, i: int) -> tuple[Decimal, int, bool, int] | None:
        """(value, next token, whether scaled, first scale) of the longest number that starts at token `i`."""
        total, j, limit, first_scale = Decimal(0), i, Decimal("Infinity"), 1
        self.first = i
        started = False
        while j < len(self.tokens):
            token, group, after_literal = self.tokens[j], None, False
            if started and self.text[self.tokens[j - 1].end : token.start] not in {" ", "", "  "}:
                break
            if token.kind == "literal":
                value = read_literal(token.text, self.text[token.end : token.end + 12], english=self.english)
                if value is None:
                    break
                group, k, after_literal = value, j + 1, True
            elif (low := self.below_thousand(j)) is not None:
                group, k = Decimal(low[0]), low[1]
            else:
                break
            glued = k < len(self.tokens) and self.tokens[k - 1].end == self.tokens[k].start
            chain = self.scale(k, after_literal=after_literal, glued=glued)
            factor, k = chain if chain else (1, k)
            if started:
                if factor >= limit or (after_literal and factor == 1) or group * factor >= limit:
                    break
                if factor == 1 and not after_literal and group < 10:
                    # `hai triệu tư` 2.400.000: a lone digit counts tenths of the scale before it.
                    if not self.strict and self.tokens[j].word in {"năm", "ba", "tư", "một", "hai"}:
                        break
                    total += group * limit / 10
                    j = k
                    break
            else:
                first_scale = factor
            total, j, started = total + group * factor, k, True
            limit = Decimal(factor)
            if factor == 1:
                break
            if self.word(j) in _HALF:
                total, j = total + limit / 2, j + 1
                break
            if self.word(j) in _ODD and DIGIT_WORDS.get(self.word(j + 1)):
                total, j = total + DIGIT_WORDS[self.word(j + 1)], j + 2
                break
        return (total, j, first_scale > 1, first_scale) if started else None


def _bare_scale(reader: _Reader, i: int) -> tuple[Decimal, int] | None:
    """`hàng trăm nghìn tỷ`, `vài chục`: scales alone, after a word that allows it; the value is their product."""
    reader.first = i
    w = reader.word(i)
    if w not in _BEFORE_BARE or reader.word(i + 1) not in SCALES or reader.word(i + 1) in _SHORT_SCALES:
        return None
    product, j = Decimal(1), i + 1
    while (step := SCALES.get(reader.word(j))) is not None and reader.word(j) not in _SHORT_SCALES:
        product, j = product * step, j + 1
    if w == "nửa":
        product /= 2
    return product, j


def find_numbers(text: str, *, english: bool | None = None) -> list[NumberSpan]:
    """All numbers of `text`, left to right, not overlapping, without judging what they count.

    `english` says that the article writes decimals with a point; None works it out from the text.

    >>> [str(n.value) for n in find_numbers("trên 24.500 lượt, hàng trăm nghìn tỷ đồng, một tỷ rưỡi")]
    ['24500', '100000000000000', '1500000000']
    """
    if english is None:
        english = english_separators(text)
    tokens = _tokens(text)
    reader = _Reader(text, tokens, english=english, strict=False)
    found: list[NumberSpan] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        bare = _bare_scale(reader, i) if token.kind == "word" else None
        if bare is not None:
            value, j = bare
            vague = token.word in _VAGUE
            first = i if vague or token.word == "nửa" else i + 1
            kind: Kind = "vague" if vague else "words"
            found.append(NumberSpan(tokens[first].start, tokens[j - 1].end, value, kind, scaled=True))
            i = j
            continue
        starts = token.kind == "literal" or token.word in DIGIT_WORDS or token.word == "mười"
        if starts and token.kind == "literal" and _inside_word(text, token):
            starts = False
        got = reader.number(i) if starts else None
        if got is None:
            i += 1
            continue
        value, j, scaled, scale = got
        kind = "digits" if token.kind == "literal" else "words"
        literal = value / scale if kind == "digits" and scaled and j - i <= 3 else None
        found.append(NumberSpan(token.start, tokens[j - 1].end, value, kind, scaled, literal, scale))
        i = max(j, i + 1)
    return found


def _inside_word(text: str, token: _Token) -> bool:
    """`F0`, `C500`, `5G`, `A4`: a digit beside a capital or behind a letter is part of a name."""
    before = text[token.start - 1] if token.start else " "
    after = text[token.end] if token.end < len(text) else " "
    if before.isalpha() or before == "_":
        return True
    return after.isupper() and after not in "KMĐV" and not text[token.end + 1 : token.end + 2].islower()


def parse_number(text: str) -> Decimal | None:
    """The number that `text` is, whole; None if it is none.

    Vague magnitudes give the magnitude: `hàng trăm` is 100. A minus sign or `âm` makes it negative.

    >>> parse_number("hai mươi mốt"), parse_number("âm 1.200.000"), parse_number("1,2M"), parse_number("năm học")
    (Decimal('21'), Decimal('-1200000'), Decimal('1200000.0'), None)
    """
    text = " ".join(text.split())
    sign = 1
    negative = re.match(r"(?:âm|trừ)\s+|[-−](?=\s*\d)\s*", text, re.IGNORECASE)
    if negative:
        sign, text = -1, text[negative.end() :]
    text = re.sub(r"^\+(?=\d)", "", text)
    if re.fullmatch(r"\d{1,3}(?: \d{3})+", text):
        return sign * Decimal(text.replace(" ", ""))
    tokens = _tokens(text)
    if not tokens:
        return None
    reader = _Reader(text, tokens, english=False, strict=True)
    bare = _bare_scale(reader, 0)
    if bare is not None and bare[1] == len(tokens):
        return sign * bare[0]
    if len(tokens) == 1 and tokens[0].word in SCALES and tokens[0].word not in _SHORT_SCALES | {"vạn"}:
        return sign * Decimal(SCALES[tokens[0].word])
    got = reader.number(0)
    if got is None:
        return None
    value, j = got[0], got[1]
    if reader.word(j) in {"phẩy", "phảy", "chấm"} and j < len(tokens):
        tail = reader.below_thousand(j + 1)
        if tail is not None:
            value, j = value + Decimal(f"0.{tail[0]}"), tail[1]
            chain = reader.scale(j, after_literal=False)
            if chain:
                value, j = value * chain[0], chain[1]
    return sign * value if j == len(tokens) else None
