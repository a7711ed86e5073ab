"""Office holders named in a report: name, position, unit, and what they did at the event.

Only people with an office are recorded: those who are helped, honoured or quoted as workers are not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from extractors.letters import LOWER, UPPER
from extractors.people_acting import acts, is_no_name, office_alone
from extractors.records import Evidence, Person
from extractors.segments import Segments
from extractors.surnames import surnames
from extractors.units import UnitMention

Role = Literal["directs", "attends", "speaks", "presides", "other"]

_NAME = rf"[{UPPER}][{LOWER}'’]+(?:\s[{UPPER}](?:[{LOWER}'’]+|(?=[\s,;.]))){{1,4}}"
_OFFICE = r"(?:Phó\s+|phó\s+|Tân\s+|tân\s+|nguyên\s+|Nguyên\s+)*(?:[Cc]hủ tịch|[Bb]í thư(?:\s+[Tt]hường trực)?|[Tt]rưởng ban|[Gg]iám đốc|[Tt]ổng [Gg]iám đốc|[Hh]iệu trưởng|[Cc]hánh [Vv]ăn phòng|[Ủủ]y viên|[Uu]ỷ viên|[Bb]ộ trưởng|[Tt]hứ trưởng|[Tt]rưởng phòng|[Cc]hủ nhiệm|[Tt]ổng [Tt]hư ký|[Cc]ục trưởng|[Tt]ổ trưởng|[Tt]rưởng [Kk]hối|[Cc]ụm trưởng|[Bb]an\b)"
_BEFORE = re.compile(
    rf"(?P<title>(?:[Đđ]ồng chí|[Đđ]/c|[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Tt]hầy|TS\.?|ThS\.?)\s+)(?P<name>{_NAME})\s*(?:[,–(-]|\s-)\s*(?P<office>{_OFFICE}[^.;:()\n]{{0,160}})"
)
_AFTER = re.compile(
    rf"(?P<office>{_OFFICE}(?:[^.;:()\n,]|,(?=\s*(?:Phó|Chủ|Bí|Trưởng|Ủy|Uỷ|Giám)))*?)\s+(?P<name>{_NAME})(?=\s+(?:phát biểu|chủ trì|cho biết|nhấn mạnh|trao|dự|đã|làm|ghi nhận|đến|khẳng định|chúc|tặng|đánh giá|nói|yêu cầu|đề nghị|và)|\s*[,.;)]|$)"
)
_ROLE: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("directs", re.compile(r"chỉ đạo", re.IGNORECASE)),
    ("presides", re.compile(r"chủ trì|điều hành", re.IGNORECASE)),
    ("speaks", re.compile(r"phát biểu|nhấn mạnh|cho biết|khẳng định|kết luận|đánh giá", re.IGNORECASE)),
    ("attends", re.compile(r"dự|tham dự|có mặt|đến", re.IGNORECASE)),
)  # fmt: skip


def find_people(segments: Segments, units: Sequence[UnitMention]) -> list[Person]:
    """Office holders, each once, in order; `unit` is the canonical name of the unit their office is of.

    >>> from extractors.segments import segment
    >>> find_people(segment("Đồng chí Lê Văn Bưởi, Phó Chủ tịch LĐLĐ tỉnh, đến dự."), [])[0].position
    'Phó Chủ tịch'
    """
    text = segments.text
    found: dict[str, Person] = {}
    matches = sorted([*_BEFORE.finditer(text), *_AFTER.finditer(text)], key=lambda m: m.start("name"))
    for m in matches:
        at = m.span("name")
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
        of = next((u for u in units if start <= u.start < end), None)
        stop = of.start if of else end
        position = re.split(
            r"\s(?=LĐLĐ|Liên đoàn|Công đoàn|UBND|Tỉnh ủy|CĐ)|\s+(?:của|cùng|và các|cùng các|thay mặt|là|gồm)\s|[-–]\s",
            office_alone(text[start:stop]),
        )[0].strip(" ,–-")
        if of is None:
            position = position.split(",")[0]
        words = text[sentence[0] : sentence[1]]
        role: Role = next((r for r, p in _ROLE if p.search(words)), "other")
        found[name] = Person(
            name=name, position=" ".join(position.split()) or None, unit=of.canonical if of else None, role=role,
            evidence=Evidence(start=at[0], end=at[1], text=text[slice(*at)], rule="person.office"),
        )  # fmt: skip
    return list(found.values())
