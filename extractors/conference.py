"""The conference as a whole: kind, name, host, day, place, periods, units and people around what was counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extractors.context import with_context, with_reasons
from extractors.dates import DateSpan
from extractors.event_dates import event_date
from extractors.events import Scene
from extractors.letters import alternation
from extractors.people import find_people
from extractors.periods import period_of
from extractors.places import Province, province, province_pattern
from extractors.records import Award, Conference, ConferenceKind, EventDate, Evidence, Figure, Period, Place
from extractors.roles import reference, unit_roles
from extractors.segments import Segments
from extractors.unit_mention import UnitMention

_WORD_BEGINS = r"(?<!\w.)"
_PLACE = re.compile(
    rf"(?:{alternation(['tại', 'ở'], begins=_WORD_BEGINS)})"
    r"\s+(?!hội nghị|đại hội|buổi|lễ|đây|chương trình|các|nơi|nhiều|điểm|cuộc|phiên|Điều|Quyết|Nghị)"
    r"(?P<x>[^.;,\n()]{3,90}?(?:,\s*(?:tỉnh|huyện|quận|thành phố|TP\.?|phường|xã|thị xã)\s[^.;,\n()]{2,40})*)"
    r"(?=[.;\n]|,\s|\s+(?:với|do|đã|nhằm|để|vào|có|,|diễn ra|và|-)\s|\s*\(|$|,?\s+(?:LĐLĐ|Liên đoàn|Công đoàn|CĐ|Cụm|Khối|Hội|Ban|Trung ương|Tiểu đoàn|Bộ)\b)"
)
_NAME = re.compile(
    r"(?:Hội nghị|hội nghị|Đại hội|đại hội|Lễ|lễ|Hội thi|Hội thao|hội thi|hội thao|Chương trình|chương trình|Ngày hội|ngày hội|Giải|lớp|Lớp)\s[^.;\n]{5,180}"
)


def assemble(
    segments: Segments,
    where: Scene,
    *,
    conference_id: str,
    kind: ConferenceKind,
    host: UnitMention | None,
    units: Sequence[UnitMention],
    dates: Sequence[DateSpan],
    review: DateSpan | None,
    plan: DateSpan | None,
    published: date | None,
    figures: Sequence[Figure],
    awards: Sequence[Award],
    home: Province | None,
    span: tuple[int, int],
) -> Conference:
    """One conference from the parts that were found; its checks are added by `checks`."""
    text = segments.text
    if host is not None and host.type == "cluster" and kind in {"year_review", "interim_review"}:
        kind = "cluster_review"
    when = event_date(segments, where, dates, kind=kind, review=review, plan=plan, published=published)
    review_period, plan_period = _period(review, when), _period(plan, when)
    told = with_context(
        figures, segments, units, dates, host=host, kind=kind, review=review_period, plan=plan_period
    )
    return Conference(
        id=conference_id,
        kind=kind,
        name=_name(segments, where),
        host=reference(host, text, "host") if host is not None else None,
        date=when,
        place=_place(segments, where, home),
        review_period=review_period,
        plan_period=plan_period,
        units=unit_roles(segments, units, host, awards, kind),
        people=find_people(segments, units, span),
        figures=told,
        awards=with_reasons(awards, segments, dates),
    )


def _period(span: DateSpan | None, when: EventDate) -> Period | None:
    """A period with its year; one without (`6 tháng đầu năm`) is of the event's year."""
    if span is None:
        return None
    if span.start is None and when.start is not None:
        year = int(when.start[:4])
        placed = span.in_year(year)
        if (
            placed is not None
            and placed.grain in {"half", "month"}
            and placed.month == 1
            and when.start < f"{year}-03-01"
        ):
            placed = span.in_year(year - 1)
        span = placed or span
    return period_of(span)


def _name(segments: Segments, where: Scene) -> str | None:
    for a, b in where.lead:
        m = _NAME.search(segments.text[a:b])
        if m is not None:
            return " ".join(m.group().strip(" ,").split())
    return None


def _place(segments: Segments, where: Scene, home: Province | None) -> Place | None:
    text = segments.text
    for a, b in where.lead[:3]:
        m = _PLACE.search(text, a, b)
        if m is None:
            continue
        start, end = m.span("x")
        words = text[start:end].strip()
        named = province_pattern().search(words)
        own = province(named.group()) if named else home
        evidence = Evidence(start=start, end=start + len(words), text=words, rule="place.at")
        return Place(text=words, province_code=own.code if own else None, evidence=evidence)
    return None
