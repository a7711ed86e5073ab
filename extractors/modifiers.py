"""What stands before a number and says how exact it is: `gần`, `trên`, `ít nhất`."""

from __future__ import annotations

import re

from extractors.records import Modifier

_BLANK = r"[ \n]{0,2}"
# Longer cues first; each stands right before the number, or behind its noun. How the cues of each end is told
# before them: most numbers have none, and those few letters tell so.

_MODIFIERS: tuple[tuple[Modifier, str, str], ...] = (
    ("at_least", "nhất là thiểu dưới hơn ít", r"ít nhất(?: là)?|tối thiểu(?: là)?|không dưới|không ít hơn|không thấp hơn|chí ít"),
    ("about", "dưới khoảng chừng ước tính đạt kiệm thu lợi là tầm gần", r"trên dưới|khoảng(?: chừng)?|chừng|ước(?: tính)?(?: đạt| tiết kiệm| thu| làm lợi)?(?: khoảng| là)?|tầm|độ chừng|vào khoảng|trung bình khoảng|khoảng gần"),
    ("at_most", "quá đa là nhất hơn dưới đến tới đầy", r"không quá|tối đa(?: là)?|nhiều nhất(?: là)?|không hơn|không vượt quá|(?<!cấp )(?<!bên )dưới|chưa quá|chưa đến|chưa tới|chưa đầy"),
    ("nearly", "gần xỉ ngót nghét soát sắp đạt non", r"gần|xấp xỉ|ngót(?: nghét)?|suýt soát|sắp|gần đạt|(?<!mầm )non"),
    ("more_than", "hơn trên quá", r"hơn|trên|quá"),
    ("at_least", "≥ >=", r"≥|>="),
    ("at_most", "≤ <=", r"≤|<="),
    ("more_than", ">", r">"),
    ("at_most", "<", r"<"),
    ("about", "~ ≈", r"~|≈"),
)  # fmt: skip
_LEFT = [(m, tuple(ends.split()), re.compile(rf"(?<!\w)(?P<x>{p}){_BLANK}$")) for m, ends, p in _MODIFIERS]
_ENDS = tuple({end for _, ends, _ in _LEFT for end in ends})


def modifier_before(low: str, start: int) -> tuple[Modifier, int]:
    """The modifier before `start` and where it begins; `exact` and `start` itself where there is none.

    `low` is the text in small letters.

    >>> modifier_before("tặng gần 500 suất", 9)
    ('nearly', 5)
    """
    left = low[max(0, start - 24) : start]
    said = left.rstrip(" \n")
    if not said.endswith(_ENDS):
        return "exact", start
    for code, ends, pattern in _LEFT:
        if said.endswith(ends) and (m := pattern.search(left)):
            return code, start - len(left) + m.start("x")
    return "exact", start
