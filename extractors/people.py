"""Office holders named in a report: name, position, unit, and what they did at the event.

Only people with an office are recorded: those who are helped, honoured or quoted as workers are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from extractors.letters import LOWER, UPPER, lowered
from extractors.records import Evidence, Person
from extractors.segments import Segments
from extractors.surnames import surnames
from extractors.units import UnitMention

Role = Literal["directs", "attends", "speaks", "presides", "other"]

_NAME = rf"[{UPPER}][{LOWER}'’]+(?:\s[{UPPER}](?:[{LOWER}'’]+|(?=[\s,;.]))){{1,4}}"


def _either(words: Iterable[str]) -> str:
    """An alternation of words with a capital or a small first letter, spelt out: `re` skips to the first letters of such."""
    return "|".join(f"{word[0].upper()}{word[1:]}|{word}" for word in words)


_TITLES = rf"{_either(['đồng chí', 'đ/c', 'ông', 'bà', 'anh', 'chị', 'cô', 'thầy'])}|TS\.?|ThS\.?"
_RANKS = ["phó", "tân", "nguyên"]
_POSTS = [
    "chủ tịch", r"bí thư(?:\s+[Tt]hường trực)?", "trưởng ban", "giám đốc", "tổng [Gg]iám đốc", "hiệu trưởng",
    "chánh [Vv]ăn phòng", "ủy viên", "uỷ viên", "bộ trưởng", "thứ trưởng", "trưởng phòng", "chủ nhiệm", "tổng [Tt]hư ký",
    "cục trưởng", "tổ trưởng", "trưởng [Kk]hối", "cụm trưởng", r"ban\b",
]  # fmt: skip
_OFFICE = rf"(?:(?:{_either(_RANKS)})\s+)*(?:{_either(_POSTS)})"
_OFFICE_BEGINS = re.compile(_either([*_RANKS, *_POSTS]))
_BEFORE = re.compile(
    rf"(?:{_TITLES})\s+(?P<name>{_NAME})\s*(?:[,–(-]|\s-)\s*(?P<office>{_OFFICE}[^.;:()\n]{{0,160}})"
)
_AFTER = re.compile(
    rf"(?P<office>{_OFFICE}(?:[^.;:()\n,]|,(?=\s*(?:Phó|Chủ|Bí|Trưởng|Ủy|Uỷ|Giám))){{0,160}}?)\s+(?P<name>{_NAME})(?=\s+(?:phát biểu|chủ trì|cho biết|nhấn mạnh|trao|dự|đã|làm|ghi nhận|đến|khẳng định|chúc|tặng|đánh giá|nói|yêu cầu|đề nghị|và)|\s*[,.;)]|$)"
)
_POSITION_ENDS = re.compile(
    r"\s(?=LĐLĐ|Liên đoàn|Công đoàn|UBND|Tỉnh ủy|CĐ)|\s+(?:của|cùng|và các|cùng các|thay mặt)\s|[-–]\s"
)
_ROLE: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("directs", re.compile(r"chỉ đạo")),
    ("presides", re.compile(r"chủ trì|điều hành")),
    ("speaks", re.compile(r"phát biểu|nhấn mạnh|cho biết|khẳng định|kết luận|đánh giá")),
    ("attends", re.compile(r"dự|tham dự|có mặt|đến")),
)  # fmt: skip


def _names_after_offices(text: str) -> Iterator[re.Match[str]]:
    """What `_AFTER.finditer` finds, tried only where an office begins: of itself it would be tried at every letter."""
    at = 0
    while (office := _OFFICE_BEGINS.search(text, at)) is not None:
        m = _AFTER.match(text, office.start())
        if m is not None:
            yield m
        at = m.end() if m is not None else office.start() + 1


def find_people(segments: Segments, units: Sequence[UnitMention]) -> list[Person]:
    """Office holders, each once, in order; `unit` is the canonical name of the unit their office is of.

    >>> from extractors.segments import segment
    >>> find_people(segment("Đồng chí Lê Văn Bưởi, Phó Chủ tịch LĐLĐ tỉnh, đến dự."), [])[0].position
    'Phó Chủ tịch'
    """
    text = segments.text
    found: dict[str, Person] = {}
    matches = sorted([*_BEFORE.finditer(text), *_names_after_offices(text)], key=lambda m: m.start("name"))
    for m in matches:
        at = m.span("name")
        # `Chủ tịch UBND huyện Cát Hải Phạm Trí`: the name begins behind the place of the office.
        inside = next((u.end for u in units if u.start < at[0] < u.end < at[1]), at[0])
        at = (inside + len(text[inside : at[1]]) - len(text[inside : at[1]].lstrip()), at[1])
        name = " ".join(text[slice(*at)].split())
        if " " not in name or name.split()[0] not in surnames() or name in found:
            continue
        start, end = m.span("office")
        of = next((u for u in units if start <= u.start < end), None)
        stop = of.start if of else end
        position = _POSITION_ENDS.split(text[start:stop], maxsplit=1)[0].strip(" ,")
        if of is None:
            position = position.split(",")[0]
        sentence = segments.sentence_at(m.start("name"))
        words = lowered(text[slice(*sentence)])
        role: Role = next((r for r, p in _ROLE if p.search(words)), "other")
        found[name] = Person(
            name=name, position=" ".join(position.split()) or None, unit=of.canonical if of else None, role=role,
            evidence=Evidence(start=at[0], end=at[1], text=text[slice(*at)], rule="person.office"),
        )  # fmt: skip
    return list(found.values())
