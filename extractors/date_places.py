"""Where in a text dates are written: near a year, a month, or two numbers such as a date joins.

The words that open dates are frequent, and most of them open none (`từ`, `các`, `trong`, any number). So the grammar
looks for them only before what no date can do without, which is found in one pass.
"""

from __future__ import annotations

import re

# A day and its month (`12/1`, `5 - 6`), the first of several days (`5, 12`, `21 và 22`, `5 đến 12`), a year.
_NUMBERS = re.compile(
    r"\d(?:\d?(?:\s?[/.\-–]\s?(?:0?[1-9]|1[0-2])(?!\d)|(?:,|\s{1,3}(?:và|&))\s{1,3}(?:ngày\s{1,3})?(?=\d)"
    r"|\s{0,3}(?:[-–—]|đến|tới))|(?:(?<=1)[89]|(?<=2)0)\d\d(?!\d))"
)
# What dates without any of these have: a month, a quarter, a half of a year.
_WORDS = ("tháng", "quý", "quí", "nửa")
# The farthest that one of these stands behind the beginning of its date: `chủ nhật nay (ngày, mùng, 21 tháng`, with three
# blanks and more where one may stand, has 41 characters before it.
_BEFORE = 45
# No opening word is longer.
_WORD = 8


def date_places(low: str) -> list[tuple[int, int]]:
    """The spans of a text in small letters in which the dates begin that are not counted from another day.

    They are apart and rising.

    >>> date_places("sáng 12/1, hội nghị"), date_places("từ 12 đoàn viên trong các công ty")
    ([(0, 17)], [])
    """
    signs = [m.span() for m in _NUMBERS.finditer(low)]
    for word in _WORDS:
        at = low.find(word)
        while at >= 0:
            signs.append((at, at))
            at = low.find(word, at + 1)
    signs.sort()
    places: list[tuple[int, int]] = []
    first = last = 0
    for start, end in signs:
        if start - _BEFORE > last:
            if last:
                places.append((first, last))
            first = start - _BEFORE
        last = end + _WORD
    if last:
        places.append((first, last))
    return places
