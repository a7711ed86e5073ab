"""Awards given: what each sentence binds, less what is only proposed, promised, planned or past, each told once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.award_binding import bind_sentence
from extractors.award_events import FORM_WORDS, events
from extractors.award_receivers import AwardMention
from extractors.confidence import award_support, confidence
from extractors.letters import alternation, lowered_article
from extractors.numbers import NumberSpan
from extractors.ordered import between
from extractors.records import Award, Evidence
from extractors.segments import Segments
from extractors.sentence_words import SentenceWords
from extractors.status import Moods
from extractors.unit_mention import UnitMention

# These are sought in small letters.
_NOT_GIVEN = re.compile(
    alternation((
        r"đề nghị[^.;]{0,80}(?:tặng|khen|xét|trao)", r"đề xuất[^.;]{0,60}(?:tặng|khen)", "phấn đấu", r"s(?<!\ws)ẽ [^.;]{0,50}(?:trao|tặng|khen)",
        *(f"{it} được" for it in ("cần", "nên", "xứng đáng")), "mong (?:muốn|rằng)?", "dự kiến", r"trình [^.;]{0,40}tặng", "xét tặng",
        "nhiệt liệt biểu dương", "đánh giá cao",
        *(rf"{it} (?:những|các) (?:[^\W\d_]+ ){{1,4}}được (?:vinh danh|tuyên dương|tôn vinh|biểu dương|khen)" for it in ("với", "của", "trong số", "thay mặt", "đại diện", "chúc mừng")),
        "ghi nhận(?:,| và)? biểu dương", "biểu dương (?:những|các kết quả|tinh thần|sự|nỗ lực|và đánh giá|thành tích)",
        "chưa (?:được )?nhận", r"thi đua[^.;]{0,20}đạt danh hiệu", "hồ sơ (?:khen thưởng|đề nghị)", "đang (?:được )?(?:xét|thẩm định)", "cơ cấu",
    ))
)  # fmt: skip
_GIVEN = re.compile(r"đã (?:trao|tặng|được)|dịp này|tại hội nghị")
_DONE = re.compile(r"(?:đ(?<!\w.)(?:ã|ược)|d(?<!\w.)ịp này)(?!\w)")
_PLANNED = re.compile(r"(?<!\w)(?:năm 20\d\d,|chỉ tiêu|mục tiêu|nhiệm vụ|phương hướng|kế hoạch)(?!\w)")
_PAST = re.compile(
    r"(?<!\w)(?:trước đó|cho đến nay|nhắc lại|từng (?:được|nhận)|từng đạt|nhiều năm liền|nhiều lần được|tiền thân|truyền thống|lịch sử)(?!\w)"
)
_RANK = re.compile(
    r"(?P<a>(?:dẫn đầu|đứng đầu|đứng thứ (?:[Nn]hất|[Nn]hì|[Bb]a|hai|[Tt]ư|\d)|xếp (?:hạng |vị trí )?(?:thứ )?(?:[Nn]hất|[Nn]hì|[Bb]a|[Tt]ư|\d))(?:\s+(?:toàn\s+)?(?:Cụm|Khối|cụm|khối|phong trào)(?: thi đua)?)?)(?!\w)"
)  # fmt: skip
# One of these stands in each sentence that gives anything.
_WORDS = SentenceWords((*FORM_WORDS, "dẫn đầu", "đứng đầu", "đứng thứ", "xếp"))
# `cho các đơn vị dẫn đầu` speaks of the first, it does not rank them.
_SPOKEN_OF = re.compile(r"(?:các|những|cho) (?:đơn vị|tập thể)\s*$")
_HOPED = re.compile(r"(?:phấn đấu|đề nghị|sẽ|tiếp tục|là đơn vị được|người)\b[^,]{0,20}$", re.IGNORECASE)
_COLLECTIVE_BEFORE = re.compile(
    r"(?:LĐLĐ|Liên đoàn|CĐCS|Công đoàn|CĐ|[Đđ]ơn vị|[Tt]ập thể|Chi hội|Trường|Công ty|huyện|thành phố|phường|xã)(?!\w)"
)


def find_awards(
    segments: Segments, numbers: Sequence[NumberSpan], units: Sequence[UnitMention], moods: Moods
) -> tuple[list[Award], list[tuple[int, int]]]:
    """The awards given, and the offsets of every award count, given or not, which are then no figures."""
    text, made, spans = segments.text, list[AwardMention](), list[tuple[int, int]]()
    subject: list[str] = []
    line_start = -1
    telling = _WORDS.sentences(segments)
    for start, end in segments.sentences if telling else ():
        if start not in telling:
            continue
        line = segments.line_at(start)
        if line.kind == "furniture":
            continue
        pieces = events(text, start, end, numbers, units)
        if pieces:
            # `LĐLĐ tỉnh tặng cờ …. Đồng thời tặng bằng khen …`: the giver of the sentence before goes on giving.
            goes_on = line.start == line_start and _GOES_ON.match(text[start:end])
            line_start = line.start
            got, counted, subject = bind_sentence(text, pieces, subject if goes_on else [])
            spans.extend(counted)
            if _given(text, start, end, moods, bool(counted)):
                for a in got:
                    a.line_kind, a.sentence = line.kind, (start, end)
                made.extend(got)
        made.extend(_ranks(text, start, end, line.kind, units))
    return [_record(text, a) for a in _once(made)], spans


def _given(text: str, start: int, end: int, moods: Moods, counted: bool) -> bool:
    words = lowered_article(text)[start:end]
    # `Hứa` is a name.
    if ("hứa" in text[start:end] or _NOT_GIVEN.search(words)) and not _GIVEN.search(words):
        return False
    if _PAST.search(words[:60]):
        return False
    if moods.by_sentence.get(start) != "plan" or _DONE.search(words):
        return True
    # Giving told outright is done, also behind a paragraph's plans; a plan's own sentence gives nothing.
    return counted and not _PLANNED.search(words)


_GOES_ON = re.compile(
    r"\W*(?:(?:đồng thời|ngoài ra|bên cạnh đó|cùng với đó|dịp này|cũng trong dịp này|cũng|đã|và)[\s,]*)*(?:trao|tặng|khen|tuyên dương|biểu dương|công nhận)",
    re.IGNORECASE,
)


def _ranks(text: str, start: int, end: int, kind: str, units: Sequence[UnitMention]) -> list[AwardMention]:
    out = []
    for m in _RANK.finditer(text, start, end):
        clause = text.rfind(",", start, m.start()) + 1 or start
        left = text[max(clause, m.start() - 70) : m.start()]
        if _SPOKEN_OF.search(left):
            continue
        if not _COLLECTIVE_BEFORE.search(left) or _HOPED.search(left):
            continue
        near = between(units, clause - 2, m.start() + 1, lambda u: u.start)
        named = [u.canonical for u in near if u.end <= m.start() + 1]
        recipients = named[-1:]
        out.append(
            AwardMention(
                "rank",
                m["a"],
                m.start("a"),
                m.end("a"),
                "collective",
                1,
                [],
                recipients,
                "award.rank",
                kind,
                (start, end),
            )
        )
    return out


def _once(made: Sequence[AwardMention]) -> list[AwardMention]:
    """Each award once: what title, lead or caption tells again is dropped for the body's fuller word."""
    body = [a for a in made if a.line_kind not in {"title", "caption"}]
    kept: list[AwardMention] = []
    for a in body:
        twin = next((b for b in kept if _same(a, b)), None)
        if twin is None:
            kept.append(a)
        elif (bool(a.grantors), len(a.form_text)) > (bool(twin.grantors), len(twin.form_text)):
            kept[kept.index(twin)] = a
    for a in made:
        # A title or caption alone tells an award only with its count, and where the body has none of the form.
        if (
            a.line_kind in {"title", "caption"}
            and a.count
            and not any(b.form == a.form and b in body for b in kept)
        ):
            kept.append(a)
    return sorted(kept, key=lambda a: a.start)


def _same(a: AwardMention, b: AwardMention) -> bool:
    if a.sentence == b.sentence or (a.form, a.type) != (b.form, b.type):
        return False
    if a.form == "rank":
        return a.recipients == b.recipients and a.form_text == b.form_text
    return a.count == b.count and (
        not a.grantors or not b.grantors or set(a.grantors) & set(b.grantors) != set()
    )


def _record(text: str, a: AwardMention) -> Award:
    return Award(
        form=a.form, form_text=a.form_text, grantors=a.grantors, recipient_type=a.type, count=a.count, recipients=a.recipients, confidence=confidence("award", award_support(a)), support=award_support(a),
        evidence=Evidence(start=a.start, end=a.end, text=text[a.start : a.end], rule=a.rule),
    )  # fmt: skip
