"""Digit literals: `24.500`, `1,1`, `1 200 000`. The reading of a lone separator is a matter of form and surroundings:
`1,1 tỷ` is a decimal, `1,601 đoàn viên` a thousand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

# Nobody counts in more digits; longer runs are serial numbers, and arithmetic beyond would not stay exact.
_LONGEST = 27
# Groups apart by blanks come first. A literal never ends in a separator; `,77` lacks its leading zero. A blank joins
# groups only where no other digits stand beside them: `0912 345 678` is a telephone, `2023 500` a year and a count.
# What stands before is looked at behind the first sign, so that the search goes from one digit or separator to the next.
_LITERAL = re.compile(
    r"[\d.,](?:"
    r"(?<=[1-9])(?<![\w.,/+\-]\d)(?<![\d.,:/] \d)\d{0,2}(?: \d{3})+(?![\w.,/]\d|[^\W_]| \d)"
    r"|(?<=[.,])(?<![\w.,][.,])\d+"
    r"|(?<=\d)\d*(?:[.,]\d+)*)"
)
# What follows a decimal with three digits: a scale, a percent sign or a measure (`1,125 tỷ`, `65,125%`, `2,350 ha`).
_DECIMAL_AFTER = re.compile(
    r"\s{0,3}(?:%|phần trăm|nghìn|ngàn|vạn|triệu|tr\b|tỷ|tỉ|ha\b|km|m2|m²|m3|kg|tấn|tạ|lít|độ\b)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[., ]")
_ENGLISH = re.compile(r"\d+\.\d{1,2}|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
_VIETNAMESE = re.compile(r"\d+,\d{1,2}|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")


def literals(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the digit literals of `text`, left to right.

    >>> list(literals("1 200 000 đồng, 1,5%"))
    [(0, 9), (16, 19)]
    """
    return (m.span() for m in _LITERAL.finditer(text))


def english_separators(text: str, at: Iterable[tuple[int, int]] | None = None) -> bool:
    """Whether an article writes `1.74 tỷ` and `35,214`: more English forms in it than Vietnamese ones.

    `at` are the offsets of its literals, found anew if None.

    >>> english_separators("1.74 tỷ đồng cho 35,214 lượt"), english_separators("1,74 tỷ đồng, 8.5 điểm, 5,2%")
    (True, False)
    """
    english = vietnamese = 0
    for start, end in literals(text) if at is None else at:
        # The shortest form with a separator: `1,5`.
        if end - start < 3:
            continue
        # `12.5-15`, `1.5/2024` are dates as often as decimals.
        if _ENGLISH.fullmatch(text, start, end) and text[end : end + 1] not in {"/", "-"}:
            english += 1
        elif _VIETNAMESE.fullmatch(text, start, end):
            vietnamese += 1
    return english > vietnamese


def plain_digits(literal: str) -> bool:
    """Whether `literal` may be what is left over behind a scale: `500` of `3 nghìn 500`, no separators in it."""
    return len(literal) <= 3 and literal.isdecimal()


def read_literal(literal: str, after: str = "", *, english: bool = False) -> Decimal | None:
    """The value of a digit literal, `after` being the text behind it; None where the form is no number.

    >>> read_literal("24.500"), read_literal("1,1", " tỷ"), read_literal("1,601", " đoàn viên")
    (Decimal('24500'), Decimal('1.1'), Decimal('1601'))
    >>> read_literal("1 200 000"), read_literal("1.7.2025")
    (Decimal('1200000'), None)
    """
    if literal.isdecimal():
        return Decimal(literal) if len(literal) <= _LONGEST else None
    parts = _SEPARATOR.split(literal)
    separators = _SEPARATOR.findall(literal)
    if sum(map(len, parts)) > _LONGEST:
        return None
    if not parts[0]:
        return Decimal(f"0.{parts[1]}") if len(parts) == 2 else None
    grouped = len(parts[0]) <= 3 and parts[0][0] != "0" and all(len(p) == 3 for p in parts[1:])
    if len(separators) == 1:
        decimal_sign = "." if english else ","
        if grouped and (separators[0] != decimal_sign or not _DECIMAL_AFTER.match(after)):
            return Decimal("".join(parts))
        return Decimal(".".join(parts))
    if len(set(separators)) == 1:
        return Decimal("".join(parts)) if grouped else None
    # `1.234,5` and `1,234.5`: groups by one sign, the last sign is the decimal one.
    if len(set(separators[:-1])) == 1 and len(parts[0]) <= 3 and all(len(p) == 3 for p in parts[1:-1]):
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return None
