"""Number words: `hai mươi mốt`, `năm trăm tư`, `hăm hai`, scales, decimals.

The hard forms are those that inverse text normalisation for Vietnamese has to handle: a unit that says by its form that
a ten went before (`hai mốt` 21), a lone digit that counts the next lower place (`năm trăm tư` 540), a half of the last
place (`tám trăm rưỡi` 850), and `năm`, which is five or a year.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.number_tokens import (
    AFTER_TU,
    DIGITS,
    HALF,
    ODD,
    POINT,
    SCALES,
    SHORT_SCALES,
    TENTHS,
    UNITS,
    Token,
)


class Words:
    """Reads number words from a chain of tokens; a method takes the index of a token and returns None, or the value and
    the index behind what it took."""

    def __init__(self, tokens: Sequence[Token], *, strict: bool) -> None:
        self.tokens, self.strict = tokens, strict

    def word(self, at: int) -> str:
        """The lower-case word at `at`; "" where none stands there."""
        return self.tokens[at].word if at < len(self.tokens) else ""

    def digit(self, at: int) -> int:
        """The digit that the word at `at` says behind a ten or linh; 0 where it says none."""
        return DIGITS.get(self.word(at)) or UNITS.get(self.word(at), 0)

    def _unit(self, at: int) -> int:
        """The unit behind mươi or mười: five there is lăm or nhăm, a last năm is the noun year."""
        return 0 if self.word(at) == "năm" else self.digit(at)

    def _four(self, at: int) -> bool:
        """Whether the word at `at` is tư for four, not the first half of `tư nhân`."""
        return self.word(at) == "tư" and (self.strict or self.word(at + 1) not in AFTER_TU)

    def below_hundred(self, at: int) -> tuple[int, int] | None:
        first, second = self.word(at), self.word(at + 1)
        if first == "mười":
            unit = self._unit(at + 1)
            return (10 + unit, at + 2) if unit and second not in {"mốt", "tư"} else (10, at + 1)
        if first == "hăm":
            return (20 + self.digit(at + 1), at + 2) if self.digit(at + 1) else None
        if first not in DIGITS:
            return None
        tens = DIGITS[first]
        if tens and second in {"mươi", "chục"}:
            if self.word(at + 2) in HALF:
                return tens * 10 + 5, at + 3
            unit = self._unit(at + 2) if second == "mươi" else 0
            return (tens * 10 + unit, at + 3) if unit else (tens * 10, at + 2)
        # `hai mốt`, `ba lăm`, `sáu tư`: mươi is left out, told by the form of the unit; ten itself is never left out.
        if (tens and second in {"lăm", "nhăm"}) or (tens > 1 and (second == "mốt" or self._four(at + 1))):
            return tens * 10 + UNITS[second], at + 2
        return tens, at + 1

    def below_thousand(self, at: int) -> tuple[int, int] | None:
        low = self.below_hundred(at)
        if low is None or low[1] > at + 1 or low[0] >= 10 or self.word(at + 1) != "trăm":
            return low
        return self._after_hundred(low[0] * 100, at + 2)

    def _after_hundred(self, hundreds: int, at: int) -> tuple[int, int]:
        word = self.word(at)
        if word in HALF:
            return hundreds + 50, at + 1
        if word in ODD and self.digit(at + 1):
            return hundreds + self.digit(at + 1), at + 2
        if word == "mốt" or self._four(at):
            return hundreds + 10 * UNITS[word], at + 1
        rest = self.below_hundred(at)
        if rest is None or rest[0] == 0:
            return hundreds, at
        if rest[1] > at + 1 or rest[0] >= 10:
            return hundreds + rest[0], rest[1]
        # `năm trăm hai` is 520: a lone digit counts the next place. `hai trăm năm` mostly counts years.
        if word == "năm" and not self.strict:
            return hundreds, at
        return hundreds + 10 * rest[0], rest[1]

    def left_out_one(self, at: int) -> tuple[int, int] | None:
        """`trăm rưỡi`, `triệu hai`: one is left out before a scale, but only where more follows.

        In running text a digit is too little to tell that (`trăm hai` also ends `hàng trăm`), the half is enough.
        """
        scale, follow = self.word(at), self.word(at + 1)
        if SCALES.get(scale, 0) < 100 or scale in SHORT_SCALES:
            return None
        if follow not in HALF and not (self.strict and DIGITS.get(follow)):
            return None
        return self._after_hundred(100, at + 1) if scale == "trăm" else (1, at + 1)

    def decimals(self, at: int) -> tuple[str, int] | None:
        """`phẩy không năm`: the decimals as digits (`05`), each said by itself; `phẩy mười lăm` says two at once."""
        if self.word(at) not in POINT:
            return None
        said, stop = "", at + 1
        while (word := self.word(stop)) in TENTHS or (said and word in UNITS):
            if said and word == "năm" and not self.strict:
                break
            said, stop = said + str(TENTHS.get(word, UNITS.get(word))), stop + 1
        # `hai mươi lăm`: the first digit was a ten.
        whole = self.below_hundred(at + 1)
        if whole is not None and whole[1] > stop:
            said, stop = str(whole[0]), whole[1]
        return (said, stop) if said else None

    def scales(self, at: int, *, above: int) -> tuple[int, int] | None:
        """A chain of rising scales from `at`, the first greater than `above`: `tỷ`, `nghìn tỷ`, `trăm nghìn tỷ`."""
        product, stop, last = 1, at, above
        while (step := SCALES.get(self.word(stop))) is not None:
            word = self.word(stop)
            dozen = word == "tá" and stop == at
            if (step <= last and not dozen) or (
                word in SHORT_SCALES and not (stop == at and self._short(stop))
            ):
                break
            product, last, stop = product * step, step, stop + 1
            if word in SHORT_SCALES or dozen:
                break
        return (product, stop) if stop > at else None

    def _short(self, at: int) -> bool:
        """Whether a short scale stands as one: behind a literal, all but `tr` glued to it, M as a capital."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if before.kind != "literal":
            return False
        return token.word == "tr" or (before.end == token.start and token.text != "m")
