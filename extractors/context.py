"""What a figure or award leaves to its surroundings: the period it is of, the unit it is about, why it was given."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extractors.dates import DateSpan
from extractors.letters import lowered, lowered_article
from extractors.ordered import dates_between
from extractors.periods import period_of
from extractors.records import Award, ConferenceKind, Figure, Period
from extractors.segments import Segments
from extractors.unit_mention import UnitMention

_REVIEWS: frozenset[ConferenceKind] = frozenset(
    {"year_review", "interim_review", "cluster_review", "congress", "committee_meeting", "workers_conference"}
)
_STANDS_ALONE = frozenset({"day", "week"})
_ACTS = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:(?:đã|sẽ|còn|cũng|vừa|tiếp tục|dự kiến|phấn đấu)\s+)*(?:tặng|trao|hỗ trợ|kết nạp|thành lập|phát triển|vận động|tổ chức|chi|đóng góp|ủng hộ|xây dựng|bàn giao|chăm lo|thăm|giới thiệu|có|hiện có|quản lý|đạt|giải ngân|dành|trích)(?!\w)",
)
_OFFICE = re.compile(
    r"(?:chủ tịch|phó chủ tịch|ủy viên|lãnh đạo|cán bộ|đại diện|của|thuộc|theo|do|được|và|với|cùng|ban(?:\s[^\W\d_]+){1,4})\s+$",
)
_REASON = re.compile(
    r"(?:(?:vì |do )?(?:đã )?(?:có|lập|đạt) (?:nhiều )?(?:thành tích|đóng góp|sáng kiến)|vì (?:đã )?có)[^.;\n]{4,160}",
)


def with_context(
    figures: Sequence[Figure],
    segments: Segments,
    units: Sequence[UnitMention],
    dates: Sequence[DateSpan],
    *,
    host: UnitMention | None,
    kind: ConferenceKind,
    review: Period | None,
    plan: Period | None,
) -> list[Figure]:
    """Figures with their period and subject.

    A period named in the figure's own sentence counts first (`Trong 9 tháng, …`), else a target is of the plan's period
    and what a review tells is of the period reviewed. The subject is the unit whose deed or state the figure is, where
    that is not the host: `LĐLĐ tỉnh tặng thêm 60 suất quà`.
    """
    low = lowered_article(segments.text)
    own = host.canonical.casefold() if host is not None else None
    spans = [d for d in dates if d.grain not in _STANDS_ALONE and d.start and not d.relative]
    span_starts, unit_starts = [d.offsets[0] for d in spans], [u.start for u in units]
    out = []
    for f in figures:
        start, end = f.sentence.start, f.evidence.start
        nearest = bisect_left(span_starts, end) - 1
        period = None
        if nearest >= 0 and span_starts[nearest] >= start:
            period = period_of(spans[nearest])
        if period is None and f.status == "target":
            period = plan
        elif period is None and f.status == "achieved" and kind in _REVIEWS:
            period = review
        before = units[bisect_left(unit_starts, start) : bisect_left(unit_starts, end)]
        subject = _subject(before, low, start, end, own) if before else None
        is_told = period is not None or subject is not None
        out.append(f.model_copy(update={"period": period, "subject": subject}) if is_told else f)
    return out


def _subject(before: Sequence[UnitMention], low: str, start: int, end: int, own: str | None) -> str | None:
    """The unit whose deed the number at `end` is, of those named `before` it in its sentence; None where it is the host.

    `low` is the text in small letters, `own` the host's folded name.
    """
    for u in reversed(before):
        if u.end > end or u.rule == "unit.movement":
            continue
        if _OFFICE.search(low, max(start, u.start - 30), u.start):
            continue
        if _ACTS.match(low, u.end, end):
            return None if u.canonical.casefold() == own else u.canonical
    return None


def with_reasons(awards: Sequence[Award], segments: Segments, dates: Sequence[DateSpan]) -> list[Award]:
    """Awards with what they were given for, and the period of that: `có thành tích xuất sắc trong … năm 2023`."""
    out = []
    for a in awards:
        end = segments.sentence_at(a.evidence.start)[1]
        words = segments.text[a.evidence.start : end]
        m = _REASON.search(lowered(words))
        if m is None:
            out.append(a)
            continue
        start, stop = (a.evidence.start + at for at in m.span())
        spans = [d for d in dates_between(dates, start, stop) if d.grain not in _STANDS_ALONE]
        period = period_of(spans[0]) if spans else None
        out.append(
            a.model_copy(update={"reason": " ".join(words[slice(*m.span())].split()), "period": period})
        )
    return out
