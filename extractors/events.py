"""The event an article reports: which sentence tells it, and of what kind it is."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import cast

from extractors.lexicon.tables import load
from extractors.records import ConferenceKind
from extractors.segments import Segments


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
        (cast(ConferenceKind, r["kind"]), float(r["weight"]), re.compile(r["pattern"], re.IGNORECASE))
        for r in load("event_kinds")
    )


_NOUN = re.compile(
    r"(?:tổ chức|khai mạc|diễn ra|tiến hành|tham dự|dự|tại|bế mạc|đã họp|họp)\s+(?:thành công\s+|chương trình\s+|buổi\s+)?(?=hội nghị|đại hội|lễ|buổi|ngày hội|chương trình|hội thi|hội thao|lớp|giải|chuyến|phiên|đối thoại|trao|tổng kết|sơ kết|tuyên dương)", re.IGNORECASE
)  # fmt: skip


def scene(segments: Segments, title: str | None) -> Scene:
    """Title and the first body sentences, about as many as a lead and the paragraph behind it hold."""
    text = segments.text
    told = next((text[x.start : x.end] for x in segments.lines if x.kind == "title"), "")
    lead: list[tuple[int, int]] = []
    size = 0
    for start, end in segments.sentences:
        if segments.line_at(start).kind not in {"body", "heading"} or (
            segments.line_at(start).kind == "heading" and not lead
        ):
            continue
        lead.append((start, end))
        size += end - start
        if len(lead) >= 4 and size > 600:
            break
    return Scene(title or told, tuple(lead))


def kind_of(segments: Segments, where: Scene) -> tuple[ConferenceKind, float]:
    """The kind of event and the weight of its cues; weight 0 where no event is told.

    Title and lead are read; the cue that stands right behind the event's noun in the lead counts double.
    """
    scores: dict[ConferenceKind, float] = defaultdict(float)
    order: list[ConferenceKind] = []
    parts = [(where.title, 1.5)]
    for n, (a, b) in enumerate(where.lead):
        words = segments.text[a:b]
        parts.append((words, 1.2 if n == 0 else 1.0 if n == 1 else 0.4))
    for words, factor in parts:
        noun = _NOUN.search(words)
        best: dict[ConferenceKind, float] = {}
        for kind, weight, pattern in _kinds():
            if kind not in order:
                order.append(kind)
            m = pattern.search(words)
            if m is None:
                continue
            at = noun.end() if noun else None
            close = at is not None and -2 <= m.start() - at <= 22
            best[kind] = max(best.get(kind, 0.0), weight * factor * (1.8 if close else 1.0))
        for kind, value in best.items():
            scores[kind] += value
    if not scores:
        return "other", 0.0
    top = max(scores, key=lambda k: (scores[k], -order.index(k)))
    return top, scores[top]
