"""Vietnamese numbers: found in running text, or read from a text that is one.

The reading of words and of digit literals is `number_words` and `number_literals`; here a number is put together from
both (`2 tỷ 350 triệu`, `hai phẩy năm tỷ`) and cut out of the text around it. Two readers share the grammar: the strict
one is told that the whole text is a number, the loose one stands in running text, where `năm` may be a year and `ba`
may be somebody's father, and takes a doubtful word only where what follows makes it a number.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import Literal, NamedTuple

from extractors.letters import lowered_article
from extractors.number_literals import english_separators, plain_digits, read_literal
from extractors.number_tokens import (
    BEFORE_BARE,
    DIGITS,
    HALF,
    ODD,
    SCALES,
    SHORT_SCALES,
    TENTHS,
    VAGUE,
    Token,
    Tokens,
)
from extractors.number_words import Words

Kind = Literal["digits", "words", "vague"]

__all__ = ["NumberSpan", "english_separators", "find_numbers", "parse_number", "read_literal"]

# What ends an amount: only before it does a lone digit count tenths in running text (`hai triệu ba đồng`).
_AMOUNT_ENDS = re.compile(r"\s{0,2}(?:đồng|đ|VNĐ|VND)(?!\w)|\s{0,2}(?:$|[.,;:)/](?!\d))", re.IGNORECASE)
_NEGATIVE = re.compile(r"(?:âm|trừ)\s+|[-−]\s*(?=\d)", re.IGNORECASE)
PRECISION = 100
"""Digits of arithmetic with numbers: sums of scales, halves and shares stay exact far beyond the default's 28."""
# The longest number in words, with all its places said, has some 250 characters.
_LONGEST = 400
# How much of what stands behind a literal tells what its separator is.
_AFTER = 12


class NumberSpan(NamedTuple):
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


class _Read(NamedTuple):
    """What a reading took: the value, the token behind it, and its first scale (1 where there is none)."""

    value: Decimal
    stop: int
    scale: int = 1


class _Reader:
    """Descends over a chain of tokens."""

    def __init__(self, text: str, chain: list[Token], *, english: bool, strict: bool) -> None:
        self.text, self.tokens, self.english, self.strict = text, chain, english, strict
        self.words = Words(chain, strict=strict)

    def number(self, first: int) -> _Read | None:
        """The longest number that starts at token `first`: parts with falling scales, the last one perhaps without.

        >>> text, tokens = "2 tỷ 350 triệu", Tokens("2 tỷ 350 triệu")
        >>> _Reader(text, tokens.chain(tokens.at(0)), english=False, strict=True).number(0).value
        Decimal('2350000000')
        """
        total, at, limit, first_scale = Decimal(0), first, Decimal(0), 1
        while at < len(self.tokens):
            token = self.tokens[at]
            by_digits = token.kind == "literal"
            part = self._part(at, opening=at == first)
            if part is None:
                break
            group, stop = part
            factor, stop = self._scale(group, at, stop, by_digits=by_digits)
            if at > first:
                if factor == 1 and stop == at + 1 and (tenths := self._remainder(at, limit)) is not None:
                    return _Read(total + tenths, stop, first_scale)
                if group * factor >= limit or (
                    factor == 1 and (by_digits or (group < 10 and stop == at + 1))
                ):
                    break
            else:
                first_scale = factor
            total, at, limit = total + group * factor, stop, Decimal(factor)
            follow = self.words.word(at)
            if follow in HALF and (factor > 1 or group < 100):
                return _Read(total + limit / 2, at + 1, first_scale)
            if factor == 1:
                break
            if follow in ODD and (low := self.words.digit(at + 1)):
                return _Read(total + low, at + 2, first_scale)
        return _Read(total, at, first_scale) if at > first else None

    def _part(self, at: int, *, opening: bool) -> tuple[Decimal, int] | None:
        """A literal, or a number of words below a thousand, with its decimals in words: (value, next token)."""
        token = self.tokens[at]
        if token.kind == "literal":
            value = read_literal(token.text, self.text[token.end : token.end + _AFTER], english=self.english)
            return None if value is None else (value, at + 1)
        low = self.words.below_thousand(at) or (self.words.left_out_one(at) if opening else None)
        if low is None:
            # A lone tư or mốt is no number, but counts tenths behind a scale.
            return (Decimal(TENTHS[token.word]), at + 1) if not opening and token.word in TENTHS else None
        value, stop = Decimal(low[0]), low[1]
        decimals = self.words.decimals(stop) if opening else None
        if decimals is not None:
            value, stop = value + Decimal(f"0.{decimals[0]}"), decimals[1]
        return value, stop

    def _scale(self, group: Decimal, at: int, stop: int, *, by_digits: bool) -> tuple[int, int]:
        """The scales behind a part, and the token behind them; words have said their own tens and hundreds."""
        opening = self.tokens[at].word
        if opening in SCALES and opening != "trăm":
            # `triệu rưỡi`: the part is the scale itself.
            return SCALES[opening], stop
        return self.words.scales(stop, above=1 if by_digits else 100) or (1, stop)

    def _remainder(self, at: int, limit: Decimal) -> Decimal | None:
        """`3 nghìn 500`, `2 tỷ 5`, `hai triệu tư`: behind a scale a part without one goes on like its decimals."""
        token = self.tokens[at]
        sure = self.strict or _AMOUNT_ENDS.match(self.text, token.end) is not None
        if token.kind == "literal":
            if not plain_digits(token.text) or not (sure or (limit == 1000 and len(token.text) == 3)):
                return None
            return Decimal(f"0.{token.text}") * limit
        if token.word not in TENTHS or not (
            sure or token.word not in {"năm", "ba", "tư", "một", "hai", "mốt"}
        ):
            return None
        return TENTHS[token.word] * limit / 10

    def bare_scale(self, at: int) -> _Read | None:
        """`hàng trăm nghìn tỷ`, `vài chục`, `nửa triệu`: scales alone behind a word that allows it."""
        before = self.words.word(at)
        if before not in BEFORE_BARE or self.words.word(at + 1) in SHORT_SCALES:
            return None
        product, stop = Decimal(1), at + 1
        while (step := SCALES.get(self.words.word(stop))) and stop - at <= 4:
            product, stop = product * step, stop + 1
        if stop == at + 1:
            return None
        if self.words.word(stop) in HALF and stop == at + 2:
            product, stop = product + product / 2, stop + 1
        return _Read(product / 2 if before == "nửa" else product, stop, int(product))


_BEHIND_LITERAL = SCALES.keys() | HALF
"""The words that a number goes on with behind a literal; before a literal none goes on."""
_KINDS: dict[str, Kind] = {"literal": "digits", "word": "words"}


def find_numbers(text: str, *, english: bool | None = None) -> list[NumberSpan]:
    """All numbers of `text`, left to right, not overlapping, without judging what they count.

    `english` says that the article writes decimals with a point; None works it out from the text.

    >>> [str(n.value) for n in find_numbers("trên 24.500 lượt, hàng trăm nghìn tỷ đồng, một tỷ rưỡi")]
    ['24500', '100000000000000', '1500000000']
    """
    tokens = Tokens(text, lowered_article(text))
    if english is None:
        english = english_separators(text, tokens.literals.items())
    found: list[NumberSpan] = []
    with localcontext() as context:
        context.prec = PRECISION
        behind = 0
        for start, end, word in tokens.firsts():
            if start < behind:
                continue
            second = tokens.joined(end)
            if second is None:
                # Most numbers are one word.
                if (span := _alone(text, start, end, word, english=english)) is not None:
                    found.append(span)
                continue
            chain = [
                Token("word" if word else "literal", text[start:end], start, end, word),
                *tokens.chain(second),
            ]
            behind = chain[-1].end
            reader = _Reader(text, chain, english=english, strict=False)
            at = 0
            while at < len(chain):
                span, at = _span(reader, at)
                if span is not None:
                    found.append(span)
    return found


def _alone(text: str, start: int, end: int, word: str, *, english: bool) -> NumberSpan | None:
    """The number that a literal, or a `word`, is with nothing joined to it: `24.500`, `hai`; tư and chục are none."""
    if word:
        digit = 10 if word == "mười" else DIGITS.get(word)
        return None if digit is None else NumberSpan(start, end, Decimal(digit), "words")
    if _inside_word(text, start, end):
        return None
    value = read_literal(text[start:end], text[end : end + _AFTER], english=english)
    return None if value is None else NumberSpan(start, end, value, "digits")


def _span(reader: _Reader, at: int) -> tuple[NumberSpan | None, int]:
    """The number that begins at token `at`, if one does, and the token to go on with."""
    token = reader.tokens[at]
    follow = reader.words.word(at + 1)
    if not follow or (token.kind == "literal" and follow not in _BEHIND_LITERAL):
        return _alone(reader.text, token.start, token.end, token.word, english=reader.english), at + 1
    if token.kind == "literal" and _inside_word(reader.text, token.start, token.end):
        return None, at + 1
    if token.kind == "word":
        bare = reader.bare_scale(at)
        if bare is not None:
            vague = token.word in VAGUE
            first = at if vague or token.word == "nửa" else at + 1
            end = reader.tokens[bare.stop - 1].end
            kind: Kind = "vague" if vague else "words"
            return NumberSpan(reader.tokens[first].start, end, bare.value, kind, scaled=True), bare.stop
    got = reader.number(at)
    if got is None:
        return None, at + 1
    scaled = got.scale > 1
    kind = _KINDS[token.kind]
    literal = got.value / got.scale if kind == "digits" and scaled and got.stop - at <= 3 else None
    end = reader.tokens[got.stop - 1].end
    return NumberSpan(token.start, end, got.value, kind, scaled, literal, got.scale), got.stop


def _inside_word(text: str, start: int, end: int) -> bool:
    """`F0`, `C500`, `5G`, `A4`: a digit behind a letter or before a lone capital is part of a name; `5CĐCS` counts."""
    before = text[start - 1] if start else " "
    if before.isalpha() or before == "_":
        return True
    after = text[end : end + 1]
    if not after.isupper() or after in "KMĐV":
        return False
    after = text[end : end + 3]
    return not after[1:2].islower() and not (len(after) == 3 and after.isupper() and after.isalpha())


def parse_number(text: str) -> Decimal | None:
    """The number that `text` is, whole; None if it is none.

    Vague magnitudes give the magnitude: `hàng trăm` is 100. A minus sign or `âm` makes it negative.

    >>> parse_number("hai mươi mốt"), parse_number("âm 1.200.000"), parse_number("1,2M"), parse_number("năm học")
    (Decimal('21'), Decimal('-1200000'), Decimal('1200000.0'), None)
    """
    if len(text) > _LONGEST and len(text.strip()) > _LONGEST:
        return None
    text = " ".join(unicodedata.normalize("NFC", text).split())
    sign = 1
    if (negative := _NEGATIVE.match(text)) is not None:
        sign, text = -1, text[negative.end() :]
    elif text.startswith("+"):
        text = text[1:].lstrip()
    tokens = Tokens(text)
    chain = tokens.chain(tokens.at(0))
    if not chain or chain[-1].end < len(text):
        return None
    reader = _Reader(text, chain, english=False, strict=True)
    with localcontext() as context:
        context.prec = PRECISION
        for got in (reader.bare_scale(0), reader.number(0)):
            if got is not None and reader.tokens[got.stop - 1].end == len(text):
                return sign * got.value
    return None
