"""The day of the event, and its year where the article does not write it.

The year comes from the publication date, else from the article itself: the period reviewed, a new term, an
anniversary, a lunar year's name, a dated event told beside it. Where nothing tells, it stays unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from extractors.dates import DateSpan, find_dates
from extractors.events import Scene
from extractors.letters import alternation, lowered, lowered_article
from extractors.ordered import dates_between
from extractors.records import ConferenceKind, EventDate, Evidence
from extractors.segments import Segments

Session = Literal["morning", "afternoon", "evening"]

# Dates of papers, founding days, birthdays and deadlines are not the event's day.
_PAPERS = [
    "quyết định", "nghị quyết", "kế hoạch", "công văn", "hướng dẫn", "thông tư", "nghị định", "chỉ thị", "luật", "văn bản",
    "ban hành", "ký", "hiệu lực", "số",
]  # fmt: skip
_FEASTS = [
    "kỷ niệm", "thành lập", "truyền thống", "chào mừng", "quốc tế", "quốc khánh", "giải phóng", "sinh nhật", "sinh ngày",
    "nhà giáo", "phụ nữ", "doanh nhân", "thầy thuốc", "thương binh",
]  # fmt: skip
_BOUNDS = ["tính đến", "đến", "trước", "kể từ", "hết", "sau"]
_NOT_EVENT = re.compile(
    alternation(
        [
            *(rf"{word}[^.;,\n]{{0,40}}$" for word in _PAPERS),
            *(rf"{word}[^.;\n]{{0,60}}$" for word in _FEASTS),
            *(rf"{word}\s+(?:hết\s+)?(?:ngày\s+)?$" for word in _BOUNDS),
        ]
    )
)
_SESSION: tuple[tuple[Session, list[str]], ...] = (
    ("morning", ["sáng", *(rf"{hour}(?:h(?:\d\d)?| giờ)" for hour in "56789"), "1[01]h"]),
    ("afternoon", ["chiều", r"1[3-7](?:h(?:\d\d)?| giờ)"]),
    ("evening", ["tối", "đêm", r"1[89]h(?:\d\d)?", r"2[0-2]h(?:\d\d)?"]),
)
_WORD_BEGINS = r"(?<!\w.)"
_SESSION_WORDS = [(name, rf"(?:{alternation(words, begins=_WORD_BEGINS)})(?!\w)") for name, words in _SESSION]
_SESSION_TOLD = tuple((name, re.compile(pattern)) for name, pattern in _SESSION_WORDS)
_SESSION_OF_DAY = tuple(
    (name, re.compile(rf"{pattern}(?=\s*(?:sớm|nay|\d|ngày|cùng ngày))")) for name, pattern in _SESSION_WORDS
)
_PART_OF_DAY: dict[str, Session] = {"sáng": "morning", "chiều": "afternoon", "tối": "evening"}
_AT_PART = re.compile(r"(?:vào|buổi|lúc)\s+(?:buổi\s+)?(sáng|chiều|tối)")
_HAPPENS = re.compile(
    r"tổ chức|diễn ra|khai mạc|tham dự|tiến hành|trao|tặng|dự|họp|phát động|bế mạc|phối hợp|khởi hành|chủ trì|ký kết"
)
_EARLIER = re.compile(r"trước đó[^.;\n]{0,40}$")
_ON_DAY = re.compile(r"ngày\s*(?:\d+\s*(?:,|và)\s*)?$")
_SPAN = re.compile(r"(?:từ|đến)\s+(?:ngày\s+)?$")
_PLANNED = re.compile(r"(?:dự kiến|theo kế hoạch)[^.;\n]{0,40}$")


def event_date(
    segments: Segments, where: Scene, dates: Sequence[DateSpan], *, kind: ConferenceKind, review: DateSpan | None, plan: DateSpan | None, published: date | None
) -> EventDate:  # fmt: skip
    """When the event was; `dates` as found without a reference."""
    text = segments.text
    published = published or _stamped(segments, dates)
    chosen = _choose(segments, where, dates)
    if chosen is None:
        relative = _relative(segments, where, published)
        return relative or EventDate(session=_session_near(text, where))
    session = _session(text, chosen, segments) or _session_near(text, where)
    evidence = Evidence(
        start=chosen.offsets[0], end=chosen.offsets[1], text=text[slice(*chosen.offsets)], rule=chosen.rule
    )
    precision: Literal["day", "month", "year"] = "day" if chosen.grain == "day" else "month"
    if chosen.year_written:
        return _dated(chosen, "explicit", precision, session, evidence)
    if published is not None:
        placed = _before(chosen, published)
        if placed is not None:
            return _dated(placed, "publication", precision, session, evidence)
    year = _context_year(segments, where, dates, chosen, kind, review, plan)
    # A founding day told beside it (28/7/1929) is no event of this web's time.
    year = year if year is not None and year >= 1995 else None
    placed = chosen.in_year(year) if year else None
    if placed is not None:
        return _dated(placed, "context", precision, session, evidence)
    return EventDate(precision=precision, session=session, basis="unresolved", evidence=evidence)


def _dated(span: DateSpan, basis: Literal["explicit", "publication", "context"], precision: Literal["day", "month", "year"], session: Session | None, evidence: Evidence) -> EventDate:  # fmt: skip
    assert span.start is not None
    end = span.end.isoformat() if span.end is not None and span.end != span.start else None
    return EventDate(
        start=span.start.isoformat(),
        end=end,
        precision=precision,
        session=session,
        basis=basis,
        evidence=evidence,
    )


def _stamped(segments: Segments, dates: Sequence[DateSpan]) -> date | None:
    """The page's own stamp, where the article came without a publication date."""
    for d in dates:
        if d.grain == "day" and d.start is not None and segments.line_at(d.offsets[0]).kind == "stamp":
            return d.start
    return None


def _choose(segments: Segments, where: Scene, dates: Sequence[DateSpan]) -> DateSpan | None:
    """The date that looks most like the event's: early, with a part of day or `ngày` before it, beside an event verb."""
    text = segments.text
    best: tuple[float, DateSpan] | None = None
    order = {a: n for n, (a, _) in enumerate(where.lead)}
    for d in dates:
        if d.grain not in {"day", "month"} or d.relative or d.rule == "date.months":
            continue
        start = d.offsets[0]
        line = segments.line_at(start)
        if line.kind in {"stamp", "furniture", "byline"}:
            continue
        sentence = segments.sentence_at(start)
        left = lowered(text[max(sentence[0], start - 80) : start])
        if _NOT_EVENT.search(left) or _anniversary(text, d, dates):
            continue
        if d.grain == "month" and (d.month is not None and d.start is None):
            continue
        n = order.get(sentence[0])
        score = _looks(left, text[d.offsets[0] : d.offsets[1]], d) + (
            3 - 0.8 * n if n is not None else -2 - start / 2000
        )
        score += 2 if _HAPPENS.search(lowered(text[slice(*sentence)])) else 0
        score -= 2.5 if line.kind == "caption" else 0
        score -= 3 if n != 0 and _EARLIER.search(left) else 0
        if best is None or score > best[0]:
            best = (score, d)
    return best[1] if best is not None and best[0] > 1.5 else None


def _looks(left: str, words: str, d: DateSpan) -> float:
    """How much the words right before a date, in small letters, and its form make it the day of the event."""
    score = 3.0 if d.grain == "day" else 0.5
    if any(p.search(left[-14:]) for _, p in _SESSION_TOLD):
        score += 3
    elif _ON_DAY.search(left) or words.lower().startswith("ngày"):
        score += 1.5
    if _SPAN.search(left):
        # The span of a campaign rather than the day of a meeting.
        score -= 1.5
    if _PLANNED.search(left):
        score -= 1.2
    return score


def _anniversary(text: str, d: DateSpan, dates: Sequence[DateSpan]) -> bool:
    """`(28/7/1929 - 28/7/2024)`: two dates of one day years apart are an anniversary, not an event."""
    return any(
        o is not d and o.start and d.start and (o.day, o.month) == (d.day, d.month) and d.day is not None and o.start.year != d.start.year
        for o in dates_between(dates, d.offsets[0] - 39, d.offsets[0] + 40)
    )  # fmt: skip


def _session(text: str, d: DateSpan, segments: Segments) -> Session | None:
    start, end = d.offsets
    left = lowered(text[max(0, start - 18) : start + 6])
    for name, pattern in _SESSION_TOLD:
        if pattern.search(left):
            return name
    clause = lowered(text[start : min(end + 60, segments.sentence_at(start)[1])])
    m = _AT_PART.search(clause)
    return _PART_OF_DAY[m[1]] if m else None


def _session_near(text: str, where: Scene) -> Session | None:
    for a, b in where.lead[:4]:
        words = lowered(text[a:b])
        for name, pattern in _SESSION_OF_DAY:
            if pattern.search(words):
                return name
    return None


def _relative(segments: Segments, where: Scene, published: date | None) -> EventDate | None:
    """`sáng nay`, `hôm qua` in the lead, counted from the publication date."""
    if published is None:
        return None
    text = segments.text
    for a, b in where.lead:
        for d in find_dates(text[a:b], reference=published):
            if d.relative and d.grain == "day" and d.start is not None:
                at = (a + d.offsets[0], a + d.offsets[1])
                evidence = Evidence(start=at[0], end=at[1], text=text[slice(*at)], rule=d.rule)
                moved = d._replace(offsets=at)
                return _dated(d, "publication", "day", _session(text, moved, segments), evidence)
    return None


def _before(d: DateSpan, published: date) -> DateSpan | None:
    """A day without a year, placed at or before its publication; an announcement may lie some weeks ahead."""
    for year in (published.year, published.year - 1):
        placed = d.in_year(year)
        if placed is not None and placed.start is not None and placed.start <= published + timedelta(days=2):
            if (published - placed.start).days > 300:
                ahead = d.in_year(published.year if year < published.year else year + 1)
                if ahead is not None and ahead.start is not None and (ahead.start - published).days <= 60:
                    return ahead
            return placed
    return None


_STEMS = ["giáp", "ất", "bính", "đinh", "mậu", "kỷ", "canh", "tân", "nhâm", "quý"]
_BRANCHES = ["tý", "sửu", "dần", "mão", "thìn", "tỵ", "ngọ", "mùi", "thân", "dậu", "tuất", "hợi"]
_LUNAR = re.compile(
    rf"(?:tết|xuân|nguyên đán|năm)\s+(?:nguyên đán\s+)?({'|'.join(_STEMS)})\s+({'|'.join(_BRANCHES)}|tí|tị|mẹo)(?!\w)"
)
_FOUNDED = re.compile(r"kỷ niệm (\d{2,3}) năm (?:ngày )?thành lập (?:tổ chức )?công đoàn việt nam")
_SPRING = re.compile(r"(?:xuân|tết)(?! lao động)[^.\n]{0,24}?(20[0-3]\d)")
_YEARS = re.compile(r"(?:năm|Năm)\s[^.\n\d]{0,40}?(20[0-3]\d)(?!\s?[-–/]\s?\d)")


def lunar_year(stem: str, branch: str) -> int | None:
    """The Gregorian year in which a lunar year of the sixty-year cycle begins, between 1984 and 2043.

    >>> lunar_year("Ất", "Mùi")
    2015
    """
    branch = {"tí": "tý", "tị": "tỵ", "mẹo": "mão"}.get(branch.lower(), branch.lower())
    for year in range(1984, 2044):
        if _STEMS[(year - 4) % 10] == stem.lower() and _BRANCHES[(year - 4) % 12] == branch:
            return year
    return None


def _context_year(
    segments: Segments, where: Scene, dates: Sequence[DateSpan], chosen: DateSpan, kind: ConferenceKind, review: DateSpan | None, plan: DateSpan | None
) -> int | None:  # fmt: skip
    text, month = segments.text, chosen.month or 1
    same_day = next(
        (
            d
            for d in dates
            if d.start and d.year_written and d.day == chosen.day and d.month == chosen.month and d.day
        ),
        None,
    )
    if same_day is not None and same_day.start is not None:
        # An anniversary's last year, or the date told in full elsewhere.
        return max(d.start.year for d in dates if d.start and d.day == chosen.day and d.month == chosen.month)
    article = lowered_article(text)
    if (m := _FOUNDED.search(article)) is not None:
        # Congress of 28 July 1929, the founding day of the Vietnamese trade unions.
        return 1929 + int(m[1])
    if kind == "congress":
        terms = [
            d
            for d in dates
            if d.grain == "term"
            and d.start
            and d.rule == "date.term"
            and not lowered(d.label).startswith("giai đoạn")
        ]
        starts = sorted({d.start.year for d in terms if d.start})
        if starts:
            old_ends = {d.end.year for d in terms if d.end}
            return next((y for y in starts if y in old_ends), starts[-1])
    low = article[: where.lead_end + 400] + " " + lowered(where.title)
    if month <= 3 and (m := _LUNAR.search(low)) is not None and (year := lunar_year(m[1], m[2])) is not None:
        return year
    if review is not None and review.end is not None and kind not in {"congress"}:
        return _after_review(review, month)
    if (
        review is None
        and plan is not None
        and plan.start is not None
        and plan.grain in {"year", "school_year"}
    ):
        return (
            plan.start.year
            if month <= 6 and plan.grain == "year"
            else plan.start.year - (plan.grain == "year")
        )
    if month <= 3 and (m := _SPRING.search(low)) is not None:
        return int(m[1])
    named = [
        d
        for d in dates
        if d.grain in {"day", "month"}
        and d.start
        and d.year_written
        and not _NOT_EVENT.search(lowered(text[max(0, d.offsets[0] - 80) : d.offsets[0]]))
    ]
    if named:
        latest = max(named, key=lambda d: d.start or date.min)
        assert latest.start is not None
        return latest.start.year if month >= latest.start.month else latest.start.year + 1
    early = text[: where.lead_end + 400] + " " + where.title
    years = {int(y) for y in _YEARS.findall(early)}
    if len(years) == 1 and not any(d.grain == "term" for d in dates):
        year = years.pop()
        back = re.search(rf"(?:năm|kỷ niệm)[^.\n]{{0,40}}{year}", low)
        return year + 1 if back and month <= 2 and kind in {"commendation", "year_review"} else year
    return None


def _after_review(review: DateSpan, month: int) -> int | None:
    """The year of a conference in `month` that looks back on `review`: at its end, or up to half a year behind it."""
    assert review.end is not None
    year, last = review.end.year, review.end.month
    if review.grain == "school_year":
        return year if month >= 4 else year + 1
    if review.grain == "term":
        return None if (review.end.year - (review.start.year if review.start else year)) > 6 else year
    if last == 12:
        return year if month >= 7 else year + 1
    return year if month >= last - 1 else year + 1
