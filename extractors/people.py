"""Office holders named in a report: name, position, unit, and what they did at the event.

Only people with an office are recorded: those who are helped, honoured or quoted as workers are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

from extractors.letters import LOWER, UPPER, alternation, lowered, lowered_article
from extractors.people_acting import acts, is_no_name, office_alone
from extractors.records import Evidence, Person
from extractors.segments import Segments
from extractors.surnames import surnames
from extractors.unit_mention import UnitMention

Role = Literal["directs", "attends", "speaks", "presides", "other"]

_NAME = rf"[{UPPER}][{LOWER}'’]+(?:\s[{UPPER}](?:[{LOWER}'’]+|(?=[\s,;.]))){{1,4}}"


def _either(words: Iterable[str]) -> str:
    """Any of `words`, with a capital or a small first letter."""
    return alternation(first + word[1:] for word in words for first in (word[0].upper(), word[0]))


_TITLES = rf"{_either(['đồng chí', 'đ/c', 'ông', 'bà', 'anh', 'chị', 'cô', 'thầy'])}|TS\.?|ThS\.?"
_RANKS = ["phó", "tân", "nguyên"]
_POSTS = [
    "chủ tịch", r"bí thư(?:\s+[Tt]hường trực)?", "trưởng ban", "giám đốc", "tổng [Gg]iám đốc", "hiệu trưởng",
    "chánh [Vv]ăn phòng", "ủy viên", "uỷ viên", "bộ trưởng", "thứ trưởng", "trưởng phòng", "chủ nhiệm", "tổng [Tt]hư ký",
    "cục trưởng", "tổ trưởng", "trưởng [Kk]hối", "cụm trưởng", r"ban\b",
]  # fmt: skip
_OFFICE = rf"(?:(?:{_either(_RANKS)})\s+)*(?:{_either(_POSTS)})"
_OFFICE_BEGINS = re.compile(alternation([*_RANKS, *_POSTS]))
_BEFORE = re.compile(
    rf"(?:{_TITLES})\s+(?P<name>{_NAME})\s*(?:[,–(-]|\s-)\s*(?P<office>{_OFFICE}[^.;:()\n]{{0,160}})"
)
_AFTER = re.compile(
    rf"(?P<office>{_OFFICE}(?:[^.;:()\n,]|,(?=\s*(?:Phó|Chủ|Bí|Trưởng|Ủy|Uỷ|Giám))){{0,160}}?)\s+(?P<name>{_NAME})(?=\s+(?:phát biểu|chủ trì|cho biết|nhấn mạnh|trao|dự|đã|làm|ghi nhận|đến|khẳng định|chúc|tặng|đánh giá|nói|yêu cầu|đề nghị|và)|\s*[,.;)]|$)"
)
_POSITION_ENDS = re.compile(
    r"[\s–-](?:(?<=\s)(?:(?=LĐLĐ|Liên đoàn|Công đoàn|UBND|Tỉnh ủy|CĐ)|\s*(?:của|cùng|và các|cùng các|thay mặt|là|gồm)\s)|(?<=[–-])\s)"
)
_ROLE: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("directs", ("chỉ đạo",)),
    ("presides", ("chủ trì", "điều hành")),
    ("speaks", ("phát biểu", "nhấn mạnh", "cho biết", "khẳng định", "kết luận", "đánh giá")),
    ("attends", ("dự", "có mặt", "đến")),
)


def _names_after_offices(text: str) -> Iterator[re.Match[str]]:
    """What `_AFTER.finditer` finds, tried only where an office begins: of itself it would be tried at every letter."""
    low, at = lowered_article(text), 0
    while (office := _OFFICE_BEGINS.search(low, at)) is not None:
        m = _AFTER.match(text, office.start())
        if m is not None:
            yield m
        at = m.end() if m is not None else office.start() + 1


@lru_cache(maxsize=1)
def _named(text: str) -> tuple[re.Match[str], ...]:
    """All places where a name stands by an office, in order of the names; the parts of an article share them."""
    found = [*_BEFORE.finditer(text), *_names_after_offices(text)]
    return tuple(sorted(found, key=lambda m: m.start("name")))


def find_people(
    segments: Segments, units: Sequence[UnitMention], span: tuple[int, int] | None = None
) -> list[Person]:
    """Office holders, each once, in order; `unit` is the canonical name of the unit their office is of.

    With a `span` of offsets, those who are named in it first.

    >>> from extractors.segments import segment
    >>> find_people(segment("Đồng chí Lê Văn Bưởi, Phó Chủ tịch LĐLĐ tỉnh, đến dự."), [])[0].position
    'Phó Chủ tịch'
    """
    text = segments.text
    since, until = span or (0, len(text))
    found: dict[str, Person | None] = {}
    for m in _named(text):
        at = m.span("name")
        if at[0] >= until:
            break
        # `Chủ tịch UBND huyện Cát Hải Phạm Trí`: the name begins behind the place of the office.
        inside = next((u.end for u in units if u.start < at[0] < u.end < at[1]), at[0])
        at = (inside + len(text[inside : at[1]]) - len(text[inside : at[1]].lstrip()), at[1])
        name = " ".join(text[slice(*at)].split())
        if " " not in name or name.split()[0] not in surnames() or name in found:
            continue
        sentence = segments.sentence_at(m.start("name"))
        start, end = m.span("office")
        if is_no_name(text, at, units) or not acts(text, (start, end), at, sentence[1]):
            continue
        if at[0] < since:
            found[name] = None
            continue
        of = next((u for u in units if start <= u.start < end), None)
        stop = of.start if of else end
        position = _POSITION_ENDS.split(office_alone(text[start:stop]), maxsplit=1)[0].strip(" ,–-")
        if of is None:
            position = position.split(",")[0]
        words = lowered(text[slice(*sentence)])
        role: Role = next((r for r, told in _ROLE if any(word in words for word in told)), "other")
        found[name] = Person(
            name=name, position=" ".join(position.split()) or None, unit=of.canonical if of else None, role=role,
            evidence=Evidence(start=at[0], end=at[1], text=text[slice(*at)], rule="person.office"),
        )  # fmt: skip
    return [person for person in found.values() if person is not None]
