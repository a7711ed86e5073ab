"""The event an article reports: which sentence tells it, and of what kind it is."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from extractors.letters import alternation, lowered
from extractors.lexicon.tables import load
from extractors.records import ConferenceKind
from extractors.segments import Segments
from extractors.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Scene:
    """Title and lead of an article: where its event is told. `lead` are the first body sentences, in order."""

    title: str
    lead: tuple[tuple[int, int], ...]

    @property
    def lead_end(self) -> int:
        return self.lead[-1][1] if self.lead else 0


@cache
def _kinds() -> tuple[tuple[ConferenceKind, float, re.Pattern[str]], ...]:
    return tuple(
        (cast(ConferenceKind, r["kind"]), float(r["weight"]), re.compile(r["pattern"]))
        for r in load("event_kinds")
    )


@cache
def _possible_kinds() -> Sieve:
    """Few sentences have the cues of any kind: which kinds' they may have is asked of all at once."""
    return Sieve(pattern for _, _, pattern in _kinds())


_NOUN = re.compile(
    r"(?:tổ chức|khai mạc|diễn ra|tiến hành|tham dự|dự|tại|bế mạc|đã họp|họp)\s+(?:thành công\s+|chương trình\s+|buổi\s+)?(?=hội nghị|đại hội|lễ|buổi|ngày hội|chương trình|hội thi|hội thao|lớp|giải|chuyến|phiên|đối thoại|trao|tổng kết|sơ kết|tuyên dương)"
)  # fmt: skip


def scene(segments: Segments, title: str | None) -> Scene:
    """Title and the first body sentences, about as many as a lead and the paragraph behind it hold."""
    text = segments.text
    told = next((text[x.start : x.end] for x in segments.lines if x.kind == "title"), "")
    lead: list[tuple[int, int]] = []
    size = 0
    for start, end in segments.sentences:
        kind = segments.line_at(start).kind
        if kind not in {"body", "heading"} or (kind == "heading" and not lead):
            continue
        lead.append((start, end))
        size += end - start
        if len(lead) >= 4 and size > 600:
            break
    return Scene(title or told, tuple(lead))


def scene_at(segments: Segments, start: int, end: int) -> Scene:
    """The first sentences of a part of the text that tells an event of its own."""
    first = bisect_left(segments.sentences, (start,))
    return Scene("", tuple(s for s in segments.sentences[first : first + 4] if s[0] < end))


def kind_of(segments: Segments, where: Scene) -> tuple[ConferenceKind, float]:
    """The kind of event and the weight of its cues; weight 0 where no event is told.

    Title and lead are read; the cue that stands right behind the event's noun in the lead counts double.
    """
    kinds, possible_kinds = _kinds(), _possible_kinds().possible
    scores: dict[ConferenceKind, float] = defaultdict(float)
    parts = [(lowered(where.title), 1.5)]
    for n, (a, b) in enumerate(where.lead):
        words = lowered(segments.text[a:b])
        parts.append((words, 1.2 if n == 0 else 1.0 if n == 1 else 0.4))
    for words, factor in parts:
        possible = possible_kinds(words)
        if not possible:
            continue
        noun = _NOUN.search(words)
        best: dict[ConferenceKind, float] = {}
        for number in possible:
            kind, weight, pattern = kinds[number]
            m = pattern.search(words)
            if m is None:
                continue
            close = noun is not None and -2 <= m.start() - noun.end() <= 22
            best[kind] = max(best.get(kind, 0.0), weight * factor * (1.8 if close else 1.0))
        for kind, value in best.items():
            scores[kind] += value
    if not scores:
        return "other", 0.0
    order = [kind for kind, _, _ in kinds]
    top = max(scores, key=lambda k: (scores[k], -order.index(k)))
    return top, scores[top]


_WORD_BEGINS = r"(?<!\w.)"
_THING_WORDS = [
    "hội nghị", "đại hội", "lễ", r"buổi (?:lễ|gặp|làm việc|đối thoại|giao lưu|tọa đàm|trao|họp|sinh hoạt)", "chương trình",
    "ngày hội", "hội thi", "hội thao", "hội thảo", "hội diễn", r"giải (?:bóng|cầu|thể thao|cờ|đua|chạy)", "cuộc thi",
    r"lớp (?:tập huấn|bồi dưỡng|học|đào tạo)", r"khóa (?:học|tập huấn|bồi dưỡng)", "tọa đàm", "toạ đàm", r"phiên (?:chợ|họp)",
    r"chuyến (?:xe|tàu|đi)", r"đợt (?:trao|thăm|khám)", "đối thoại", "diễn đàn", "tuần lễ", "tháng công nhân", "họp mặt",
    "gặp mặt", "tiếp xúc", "kỷ niệm", "triển lãm", r"đánh giá (?:kết quả|tình hình|công tác|hoạt động)", r"đêm (?:nhạc|hội)",
    "hội chợ", "tết sum vầy", "tổng kết", "sơ kết", r"ký (?:kết )?giao ước",
]  # fmt: skip
_THING = re.compile(rf"(?:{alternation(_THING_WORDS, begins=_WORD_BEGINS)})(?!\w)")
_HELD_WORDS = [
    "tổ chức", "diễn ra", "khai mạc", "bế mạc", "khai giảng", r"tại (?:hội nghị|đại hội|lễ)", "tham dự", "đến dự", "về dự",
    r"dự(?! thảo| án| kiến| toán| báo| luật| phòng)", "phát động", "tiến hành", "chủ trì", "phối hợp", "mở", "họp",
    "long trọng", "vừa có", "đã có", "trao", "tặng", r"ký (?:kết|giao ước)", "bầu", "ra mắt", "thành công",
    r"đánh giá (?:kết quả|tình hình|công tác|hoạt động)", r"tổng kết (?:công tác|hoạt động|phong trào|năm)",
    r"sơ kết (?:công tác|hoạt động|phong trào|năm|6)", "tuyên dương", "vinh danh", "tôn vinh",
]  # fmt: skip
_HELD = re.compile(rf"(?:{alternation(_HELD_WORDS, begins=_WORD_BEGINS)})(?!\w)")
_GIVING_WORDS = [
    "trao", "tặng", "trao tặng", "hỗ trợ", "bàn giao", "gửi tặng", "dành", "đón nhận", "nhận",
]  # fmt: skip
_GIVING = re.compile(
    rf"(?:{alternation(_GIVING_WORDS, begins=_WORD_BEGINS)})(?!\w)[^.\n]{{0,70}}?(?<!\w)(?:quà|vé|suất|căn nhà|mái ấm|nhà|học bổng|vốn|xe đạp|bằng khen|giấy khen|cờ thi đua|huân chương|kỷ niệm chương|danh hiệu|giải thưởng|huy hiệu)(?!\w)",
)
_DAY = re.compile(
    r"(?<!\w)(?:sáng|trưa|chiều|tối|ngày|hôm|hôm nay|hôm qua|vừa qua|mới đây|trong hai ngày|dịp này)(?!\w)[^.\n]{0,20}(?:\d{1,2}\s?[/.-]\s?\d{1,2}|\d{1,2} tháng)|(?<!\w)(?:sáng|chiều|tối) (?:nay|qua)|hôm qua|tuần (?:qua|trước)|vừa (?:qua|tổ chức|tiến hành (?:hội nghị|đại hội|lễ)|phối hợp|diễn ra|trao|khai mạc|được|họp|tổng kết|sơ kết|ký|tuyên dương|tôn vinh|vinh danh|phát động|bàn giao|ra mắt)|mới đây|đã (?:long trọng )?(?:tổ chức|tiến hành|diễn ra|trao|khai mạc|họp|tổng kết|sơ kết)",
)


# What held, giving, day and title weigh together where an event is told.
_TOLD = 2.7


def tells_event(segments: Segments, where: Scene, held_by: Sequence[int] = ()) -> bool:
    """Whether title and lead tell an event: something held or given, at some time.

    `held_by` are offsets of units that a verb of holding follows. Comment, advice and news of policy speak of conferences and gifts in passing, not of what, and when, together.
    """
    told = lowered(where.title)
    title = 1.0 if _THING.search(told) or _GIVING.search(told) else 0.0
    held = giving = day = 0.0
    for n, (a, b) in enumerate(where.lead[:5]):
        words = lowered(segments.text[a:b])
        # A later sentence weighs less: what an earlier one told need not be looked for again.
        weight = 1.0 - 0.08 * n
        if not held and (
            any(a <= at < b for at in held_by) or (_THING.search(words) and _HELD.search(words))
        ):
            held = 2.0 * weight
        if held + day + title < _TOLD and not day and _DAY.search(words):
            day = 1.5 * weight
        if held + day + title < _TOLD and not giving and _GIVING.search(words):
            giving = 1.5 * weight
        if held + giving + day + title >= _TOLD:
            return True
    return False


_DAY_TOLD = re.compile(
    r"(?<!\w)(?:sáng|trưa|chiều|tối|ngày|cùng ngày)(?!\w)[^.\n]{0,20}?(?:\d{1,2}\s?[/.-]\s?\d{1,2}|\d{1,2} tháng \d)",
)


# A round-up of a week tells a dozen events; each part is read on its own, and a text is no bundle of hundreds.
_MOST_PARTS = 60


def event_parts(
    segments: Segments, held_by: Sequence[tuple[int, str]], host: str | None
) -> list[tuple[int, int]]:
    """Offsets of the parts of a text that each tell one event; most texts are one part.

    `held_by` are offset and name of units that a verb of holding follows. Another event begins with a line whose first
    sentence names its day and another union that holds it (`Trước đó, sáng 12/9, CĐCS Trường A họp tổng kết …`), as the
    items of a round-up do.
    """
    text = segments.text
    if not held_by:
        return [(0, len(text))]
    first_body = next((i for i, x in enumerate(segments.lines) if x.kind == "body"), 0)
    seen = {host.casefold()} if host else set()
    starts: list[int] = []
    first_held, last_held = min(held_by)[0], max(held_by)[0]
    for line in segments.lines[first_body:]:
        if line.kind != "body" or line.end <= first_held or last_held < line.start:
            continue
        end = segments.sentence_at(line.start)[1]
        holder = next((name for at, name in held_by if line.start <= at < end), None)
        if holder is None or not _DAY_TOLD.search(lowered(text[line.start : end])):
            continue
        if (
            not starts and (host is None or holder.casefold() == host.casefold() or not seen)
        ) or holder.casefold() not in seen:
            starts.append(line.start)
        seen.add(holder.casefold())
    # What stands before the first such line is an event of its own only where somebody holds one there.
    if (
        starts
        and host
        and starts[0] > segments.body_start() + 400
        and any(at < starts[0] for at, _ in held_by)
    ):
        starts.insert(0, 0)
    if len(starts) < 2:
        return [(0, len(text))]
    starts[0] = 0
    starts = starts[:_MOST_PARTS]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
