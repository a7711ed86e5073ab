"""From a form and its receivers to awards: counts, kinds of receiver, receivers told by name or in a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.award_events import Event
from extractors.records import AwardForm, RecipientType


@dataclass(slots=True)
class AwardMention:
    """One award in the making; `spans` are the offsets of counts that are award counts and so no figures."""

    form: AwardForm
    form_text: str
    start: int
    end: int
    type: RecipientType
    count: int | None
    grantors: list[str]
    recipients: list[str] = field(default_factory=list)
    rule: str = "award.active"
    line_kind: str = "body"
    sentence: tuple[int, int] = (0, 0)


# Honours that only people bear, and one that only groups do.
_PERSONAL: frozenset[AwardForm] = frozenset(
    {"emulation_fighter", "creative_labour_certificate", "commemorative_medal"}
)
_GROUP_SUBJECT = re.compile(
    r"(?:^|[,;.:]\s*|\bnăm \d{4},?\s*)(?:(?:đơn vị|tập thể|nhà trường|công ty|đội|CĐCS|công đoàn|bệnh viện|trường)\b[^,;]{0,45}?)(?:đã |vinh dự |cũng |liên tục )*$", re.IGNORECASE
)  # fmt: skip


def named_receiver(
    text: str, part: Sequence[Event], i: int, before: Sequence[int], behind_end: int
) -> Event | None:
    """A receiver told by name: `cho LĐLĐ huyện A`, `CĐ Tổng Công ty B được … tặng`, `ông C nhận`."""
    if before:
        return None
    for j in range(i + 1, behind_end):
        if part[j].kind == "recipient":
            break
        behind = part[j + 1] if j + 1 < len(part) else None
        if part[j].kind == "person" and part[j].count == 1 and part[j].start - part[i].end < 60:
            return part[j]
        if (
            part[j].kind == "for"
            and behind
            and behind.kind in {"grantor", "person"}
            and behind.start - part[j].end < 12
        ):
            return behind
    verb = next((j for j in range(i - 1, -1, -1) if part[j].kind in {"passive", "receive"}), None)
    if verb is None or any(p.kind in {"form", "recipient", "give"} for p in part[:verb]):
        return None
    subject = next((p for p in reversed(part[:verb]) if p.kind in {"grantor", "person"}), None)
    if subject is not None and part[verb].start - subject.end < 70:
        return subject
    start = part[0].start if part[0].start < part[verb].start else part[verb].start
    left = text[max(0, min(start, part[verb].start - 80)) : part[verb].start]
    m = _GROUP_SUBJECT.search(left[left.rfind("\n") + 1 :])
    # A group told by no name of its own: `Đơn vị vinh dự được … trao`.
    return Event("recipient", part[verb].start, part[verb].end, "", type="collective", count=1) if m else None


def award_mentions(
    text: str,
    part: Sequence[Event],
    form: Event,
    receivers: Sequence[Event],
    givers: list[str],
    *,
    passive: bool,
    named: Event | None,
) -> list[AwardMention]:
    """The awards of one form: one for each kind of receiver that has a number, else one."""
    assert form.form is not None
    rule = "award.passive" if passive else "award.active"
    kind: RecipientType = "individual" if form.form in _PERSONAL else "unspecified"
    if form.form == "title" and re.search(r"tập thể", form.text, re.IGNORECASE):
        kind = "collective"
    if form.form == "prize" and re.search(r"toàn đoàn|đồng đội|tập thể", form.text, re.IGNORECASE):
        kind = "collective"
    base = AwardMention(form.form, form.text, form.start, form.end, kind, form.count, givers, rule=rule)
    if form.form == "prize" and (listed := _prize_list(text, form)):
        inside = [e.unit.canonical for e in part if e.unit is not None and form.end <= e.start < listed[2]]
        end = form.end if listed[2] > form.end else listed[2]
        return [replace(base, type=listed[0], count=listed[1], end=end, recipients=inside, rule="award.list")]
    counted = [r for r in receivers if r.counted]
    if counted:
        # `8 bằng khen cho 3 tập thể và 5 cá nhân` is what the receivers say, not three awards.
        out = []
        for n, r in enumerate(counted):
            start, end = (form.start, r.end) if n == 0 and not passive else (r.start, r.end)
            if n == 0 and passive and len(counted) == 1:
                start, end = r.start, form.end
            out.append(replace(base, type=r.type, count=r.count, start=min(start, end), end=max(start, end)))
        return [
            *_joined_by_name(text, part, counted[0], base),
            *out,
            *_joined_person(text, part, counted[-1], base),
        ]
    if receivers:
        types = {r.type for r in receivers}
        both: RecipientType = "mixed" if len(types) > 1 or "mixed" in types else types.pop()
        last = receivers[-1]
        count = form.count if form.counted else receivers[0].count
        return [
            replace(
                base, type=both, count=count, start=min(form.start, last.start), end=max(form.end, last.end)
            )
        ]
    if named is not None:
        return _to_named(base, form, givers, named)
    if form.form == "commendation":
        return []
    # `Khen thưởng các tập thể, cá nhân …, LĐLĐ tỉnh đã tặng nhiều bằng khen`: those spoken of before get them.
    spoken = next((p for p in part if p.kind == "recipient" and not p.counted and p.end < form.start), None)
    if kind == "unspecified" and spoken is not None:
        base = replace(base, type=spoken.type)
    if form.counted:
        return [base]
    if form.form == "prize" and kind == "collective" and any(p.kind == "form" and p.counted for p in part):
        # `1 giải A, 2 giải C và giải Nhì toàn đoàn`
        return [replace(base, count=1)]
    # A form with nobody to get it is talk of awards, unless the sentence gives it.
    given = any(p.kind in {"give", "receive"} for p in part) and form.form not in {
        "title",
        "prize",
        "certificate",
    }
    return [base] if given and givers else []


def _joined_by_name(text: str, part: Sequence[Event], first: Event, base: AwardMention) -> list[AwardMention]:
    """`Văn phòng Quận ủy 11 và 6 cá nhân`: a named receiver beside the counted ones."""
    at = part.index(first)
    if (
        at == 0
        or part[at - 1].kind != "grantor"
        or text[part[at - 1].end : first.start].strip() not in {"và", "cùng", "và các"}
    ):
        return []
    unit = part[at - 1].unit
    if unit is None or unit.canonical in base.grantors:
        return []
    start, end = part[at - 1].start, part[at - 1].end
    return [
        replace(
            base,
            type="collective",
            count=1,
            recipients=[unit.canonical],
            start=start,
            end=end,
            rule="award.named",
        )
    ]


def _joined_person(text: str, part: Sequence[Event], last: Event, base: AwardMention) -> list[AwardMention]:
    """`2 doanh nghiệp và chị Điểu Thị Lan`: a named person beside the counted ones."""
    at = part.index(last)
    behind = part[at + 1] if at + 1 < len(part) else None
    if (
        behind is None
        or behind.kind != "person"
        or text[last.end : behind.start].strip() not in {"và", "cùng", ","}
    ):
        return []
    return [replace(base, type="individual", count=1, start=behind.start, end=behind.end, rule="award.named")]


def _to_named(base: AwardMention, form: Event, givers: list[str], named: Event) -> list[AwardMention]:
    individual = named.kind == "person"
    if not individual and named.unit is not None and named.unit.canonical in givers:
        return [base] if form.counted else []
    names = [named.unit.canonical] if named.unit is not None else []
    return [
        replace(
            base,
            type="individual" if individual else "collective",
            count=form.count or 1,
            recipients=names,
            grantors=[g for g in givers if g not in names],
            start=min(form.start, named.start),
            end=max(form.end, named.end),
            rule="award.named",
        )
    ]


# Some dozen receivers at most; a bracket that never closes is not sought to the end of the text.
_BRACKET = re.compile(
    r"(?:\s+[^\W\d_]+){0,4}?\s*(?:\((?P<in>[^)]{0,1000})\)|:\s*(?P<after>(?:đồng chí|đ/c|anh|chị|em|ông|bà)\s[^;:]{0,1000}?)(?=,\s*giả|;|\.\s|\bvới tổng|$))",
    re.IGNORECASE,
)


def _prize_list(text: str, form: Event) -> tuple[RecipientType, int, int] | None:
    """(kind, how many, end) of a prize whose receivers are told in brackets or behind a colon."""
    m = _BRACKET.match(text, form.end)
    if m is None:
        return None
    inside = m["in"] or m["after"]
    people = len(re.findall(r"(?<!\w)(?:đồng chí|đ/c|anh|chị|em|ông|bà)(?!\w)", inside, re.IGNORECASE))
    if people:
        return "individual", people, m.end()
    names = [
        n
        for n in re.split(r",|;|(?<=[\w)]) và (?=[A-ZĐ]{2}|Mỏ|Nhà|Công|CĐ|LĐ|Trường|Đội)", inside)
        if n.strip()
    ]
    return "collective", len(names), m.end()
