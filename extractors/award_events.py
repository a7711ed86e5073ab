"""The pieces of an award sentence, in order: forms, counted or named receivers, givers, and the verbs between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, cast

from extractors.lexicon.tables import load
from extractors.numbers import NumberSpan
from extractors.records import AwardForm, RecipientType
from extractors.units import UnitMention

EventKind = Literal[
    "form", "recipient", "grantor", "passive", "give", "receive", "for", "of", "by", "cut", "person"
]


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    start: int
    end: int
    text: str = ""
    form: AwardForm | None = None
    type: RecipientType = "unspecified"
    count: int | None = None
    counted: bool = False
    """Whether a number stands before it."""
    unit: UnitMention | None = field(default=None, compare=False)


@cache
def _forms() -> tuple[tuple[AwardForm, re.Pattern[str]], ...]:
    return tuple(
        (cast(AwardForm, r["form"]), re.compile(rf"(?<!\w)(?:{r['pattern']})(?!\w)", re.IGNORECASE))
        for r in load("award_forms")
    )


_COLLECTIVE = r"tập thể|đơn vị|doanh nghiệp|DN|CĐCS|CĐ cơ sở|công đoàn cơ sở|công đoàn|nghiệp đoàn|tổ công đoàn|tổ chức|cơ quan|trường|chi hội|chi bộ|công ty|đội|phòng|ban|gia đình|LĐLĐ|nhóm|địa phương|xã|phường|huyện|câu lạc bộ|tổ"
_INDIVIDUAL = r"cá nhân|lượt cá nhân|người lao động|người|đoàn viên|ĐV|đồng chí|đ/c|cán bộ|em|cháu|chị|anh|học sinh|sinh viên|công nhân|giáo viên|nhà giáo|thầy|thầy cô|gương|lao động|CNVCLĐ|CNLĐ|hội viên|điển hình|công chức|viên chức|chủ tịch công đoàn|nữ|thí sinh|tác giả|anh chị|kỹ sư|gương điển hình|chiến sĩ|nhân viên|nghệ nhân|ông|bà"
_NOUN = re.compile(
    rf" ?(?:lượt )?(?:(?P<both>tập thể(?:,| và| &|/|,? ?và các) ?(?:lượt )?(?:các )?(?:cá nhân|gia đình|cán bộ)|cá nhân(?:,| và) ?tập thể)|(?P<one>{_INDIVIDUAL})|(?P<many>{_COLLECTIVE}))(?!\w)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"(?<!\w)(?:(?:cho|các|những|nhiều|một số|tới|đến)\s+)+(?:(?P<both>tập thể(?:,| và| &|/) ?(?:các )?cá nhân|cá nhân(?:,| và) ?tập thể)|(?P<one>{_INDIVIDUAL})|(?P<many>{_COLLECTIVE}))(?!\w)",
    re.IGNORECASE,
)
_WORDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    ("give", re.compile(r"(?<!\w)(?:trao tặng|trao|tặng thưởng|tặng|truy tặng|công nhận|cấp|ban tặng|khen tặng|phong tặng)(?!\w)", re.IGNORECASE)),
    ("receive", re.compile(r"(?<!\w)(?:đón nhận|vinh dự nhận|nhận|đạt|giành|đoạt|đạt được)(?!\w)", re.IGNORECASE)),
    ("passive", re.compile(r"(?<!\w)được(?!\w)", re.IGNORECASE)),
    ("for", re.compile(r"(?<!\w)cho(?!\w)", re.IGNORECASE)),
    ("of", re.compile(r"(?<!\w)của(?!\w)", re.IGNORECASE)),
    ("by", re.compile(r"(?<!\w)do(?!\w)", re.IGNORECASE)),
    ("cut", re.compile(r";|\.(?=\s)|:(?=\s)")),
    ("person", re.compile(r"(?<!\w)(?:ông|bà|anh|chị|đồng chí|đ/c|em|cô|thầy)(?= [A-ZĐÂÁÀẢĂÊÔƠƯÚÝ])", re.IGNORECASE)),
)  # fmt: skip


def events(
    text: str, start: int, end: int, numbers: Sequence[NumberSpan], units: Sequence[UnitMention]
) -> list[Event]:
    """All pieces between two offsets, ordered, not overlapping."""
    found: list[Event] = []
    taken = bytearray(end - start)

    def add(e: Event) -> None:
        if e.start < start or e.end > end or any(taken[e.start - start : e.end - start]):
            return
        taken[e.start - start : e.end - start] = b"\x01" * (e.end - e.start)
        found.append(e)

    here = [n for n in numbers if start <= n.start and n.end <= end]
    for form, pattern in _forms():
        for m in pattern.finditer(text, start, end):
            counting = next(
                (
                    n
                    for n in here
                    if n.end <= m.start() and not text[n.end : m.start()].strip() and m.start() - n.end < 3
                ),
                None,
            )
            if (
                counting is not None
                and counting.value == int(counting.value)
                and form not in {"commendation"}
            ):
                add(
                    Event(
                        "form",
                        counting.start,
                        m.end(),
                        m.group(),
                        form,
                        count=int(counting.value),
                        counted=True,
                    )
                )
            else:
                add(Event("form", m.start(), m.end(), m.group(), form))
    for u in units:
        if start <= u.start and u.end <= end:
            office = text[max(start, u.start - 16) : u.start].rstrip().endswith("Chủ tịch")
            add(Event("grantor", u.start - len("Chủ tịch ") if office else u.start, u.end, u.name, unit=u))
    for n in here:
        noun = _NOUN.match(text, n.end, end)
        if noun and n.value == int(n.value) and n.value < 10**7:
            add(
                Event(
                    "recipient",
                    n.start,
                    noun.end(),
                    text[n.start : noun.end()],
                    type=_type(noun),
                    count=int(n.value),
                    counted=True,
                )
            )
    for m in _PLAIN.finditer(text, start, end):
        add(Event("recipient", m.start(), m.end(), m.group(), type=_type(m)))
    for kind, pattern in _WORDS:
        for m in pattern.finditer(text, start, end):
            add(Event(kind, m.start(), m.end(), m.group()))
    return sorted(found, key=lambda e: e.start)


def _type(m: re.Match[str]) -> RecipientType:
    if m["both"]:
        return "mixed"
    return "individual" if m["one"] else "collective"
