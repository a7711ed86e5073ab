"""What is counted: the noun behind a number, and the unit code it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from extractors.letters import LOWER, UPPER
from extractors.lexicon.tables import load
from extractors.numbers import NumberSpan
from extractors.records import UnitCode

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|%")
# Words that cannot be the head of what is counted: behind a bare number they end the reading.
_NO_NOUN = frozenset(row["word"] for row in load("no_nouns"))


@cache
def _nouns() -> tuple[dict[str, UnitCode | None], set[str]]:
    """Lower-case noun phrase → unit code, None for the beginnings of phrases that are none themselves; all beginnings."""
    table: dict[str, UnitCode | None] = {}
    beginnings = set()
    for row in load("nouns"):
        for noun in row["nouns"].split("|"):
            words = _PIECE_OF_LEXICON.findall(noun.lower())
            for length in range(1, len(words)):
                table.setdefault(" ".join(words[:length]), None)
                beginnings.add(" ".join(words[:length]))
            table[" ".join(words)] = row["unit"]  # type: ignore[assignment]
    return table, beginnings


_PIECE_OF_LEXICON = re.compile(r"[^\W_]+|%|\$|/")
_FIRST = re.compile(r"(?: {0,2}|\n| [“\"])([^\W\d_]+|[%$/])")
_NEXT = re.compile(r"(?: {0,2}|\n| [“\"]|, |-| - )([^\W\d_]+|[%$/])")


def find_noun(text: str, at: int) -> tuple[UnitCode, int] | None:
    """(unit code, end offset) of the longest lexicon noun that starts at `at` or behind one blank."""
    m = _FIRST.match(text, at, at + 60)
    if m is None:
        return None
    table, beginnings = _nouns()
    phrase = m[1].lower()
    best: tuple[UnitCode, int] | None = None
    while phrase in table:
        code = table[phrase]
        if code is not None and not (code in {"vnd", "usd"} and m[1] == "Đ"):
            best = (code, m.end())
        if phrase not in beginnings or (m := _NEXT.match(text, m.end(), at + 60)) is None:
            break
        phrase = f"{phrase} {m[1].lower()}"
    return best


WordEnd = Callable[[str, int], int | None]
"""The end offset of the word of a text that holds an offset; None where that is not known."""


# `m2`, `con giống`
_GOES_ON = re.compile(r"\w| [^\W\d_]")


def free_noun(text: str, at: int, word_end: WordEnd | None) -> int | None:
    """End offset of an unlisted counted noun: the word behind the number where words are known, else two syllables."""
    m = _WORD.match(text, at + 1 if text[at : at + 1] in {" ", "\n"} else at)
    if m is None or m.group()[0].isupper() or m.group().lower() in _NO_NOUN:
        return None
    if not _GOES_ON.match(text, m.end()):
        return m.end()
    end = word_end(text, m.start()) if word_end is not None else None
    if end is not None and end >= m.end():
        return end
    second = _WORD.match(text, m.end() + 1) if text[m.end() : m.end() + 1] == " " else None
    if second and second.group().lower() not in _NO_NOUN and second.group().islower():
        return second.end()
    return m.end()


# A bare digit word counts only before a noun that reports count, and not where it is an article, a name or a relation.
_WORD_NOUNS = frozenset({"organisation", "person", "turn", "session", "initiative", "house", "gift", "task", "target",
    "document", "place", "case", "project", "blood_unit"})  # fmt: skip
_NOT_COUNTED = re.compile(
    r"\s*(?:bên|bà mẹ|mẹ con|con đường|đầu|chân|tay|mặt|nơi|miền|vợ chồng|anh em nhà|chị em|ban|nước)(?!\w)",
    re.IGNORECASE,
)
_ORDINAL_BEFORE = re.compile(
    r"(?<!\w)(?:thứ|tháng|quý|hạng|lớp|ngày|mùng|mồng|giải|loại|khóa|khoá|lần|năm|tổ|đội|đầu|riêng|cấp|số|người|công|chủ|ông|bà|anh|chị|Út|cô|bên)\s*$",
    re.IGNORECASE,
)


# `bàn giao một căn nhà` counts; `một đơn vị`, `một số` do not. Behind a bound (`tối thiểu một sáng kiến`) one always counts.
_ONE_COUNTS = re.compile(r"\s+(?:căn|ngôi) nhà", re.IGNORECASE)
_BOUND_BEFORE = re.compile(r"(?:ít nhất|tối thiểu|không quá|tối đa)\s*$", re.IGNORECASE)


# `hàng năm Công ty tổ chức`: the noun year, not five.
_YEAR_BEFORE = re.compile(
    r"(?<!\w)(?:hàng|hằng|mỗi|trong|cuối|đầu|giữa|cả|từng|nhiều|các|những|một|sau|suốt|quanh|sang|của|mấy|vài|\d)\s*$",
    re.IGNORECASE,
)


def word_counts(text: str, number: NumberSpan, noun: tuple[UnitCode, int] | None) -> bool:
    """Whether a number in words counts something: `hai tập thể` does, `một số`, `bên ba miền`, `Ba Đình` do not."""
    surface = text[number.start : number.end].lower()
    before, after = text[max(0, number.start - 12) : number.start], text[number.end : number.end + 24]
    if " " in surface:
        return noun is not None or (number.value >= 20 and not surface.startswith("năm "))
    if surface in {"không", "mốt", "tư"} or (surface == "năm" and _YEAR_BEFORE.search(before)):
        return False
    if surface == "một":
        return _ONE_COUNTS.match(after) is not None or (
            noun is not None and _BOUND_BEFORE.search(before) is not None
        )
    if noun is None or noun[0] not in _WORD_NOUNS | {"percent", "other"}:
        # Unlisted nouns count with a digit word only where the word can be nothing else.
        return False
    if surface == "năm" and re.match(rf"\s+[{UPPER}][{LOWER}]", after):
        return False
    if _NOT_COUNTED.match(after) or _ORDINAL_BEFORE.search(before):
        return False
    # Inside a name the digit word has a capital: `Ba Đình`, `Năm Căn`; at the start of a sentence it may count.
    starts = not before.strip() or before.rstrip()[-1] in ".!?:;–-•\n" or "\n" in before[-2:]
    return starts or not text[number.start].isupper()
