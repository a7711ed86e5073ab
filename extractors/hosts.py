"""Whose conference it is: the unit that holds it, told by what stands around its name, not by how often it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.events import Scene
from extractors.letters import lowered, lowered_article
from extractors.records import ConferenceKind
from extractors.segments import Segments
from extractors.unit_mention import UnitMention

# Three such words at most: `phối hợp … phối hợp …` could be parted in thousands of ways.
_HOLDS = re.compile(
    r"\s*(?:\([^)]{0,40}\)\s*)?(?:,?\s*(?:khóa|khoá|nhiệm kỳ)\s+[\w–-]+)*(?:,?\s(?:và|cùng)\s[^.;,]{3,70}?)?,?\s*(?:(?:vừa|đã|cũng|sẽ|quyết định|long trọng|trọng thể|phối hợp (?:với|cùng|tổ chức)?[^.;]{0,90}?|chính thức|tiếp tục|mới)\s+){0,3}(?:tổ chức|tiến hành|khai mạc|phát động|tổng kết|sơ kết|ký kết|trao|tặng|họp|đón nhận|tuyên dương|tôn vinh|dành|hỗ trợ|tập huấn|khai giảng|công bố|gặp mặt|nhìn lại|đánh giá|kiểm điểm|khảo sát|tọa đàm|đại hội|khám|tiễn|thăm|bàn giao|ra mắt|đối thoại|khánh thành|khởi công|mở|vinh danh|biểu dương|ký|hội nghị)(?!\w)",
)
_BY = re.compile(r"(?<!\w)do\s+(?:(?:ban (?:thường vụ|chấp hành)|btv|bch)\s+)?$")
_EVENT_OF = re.compile(
    r"(?:hội nghị|đại hội|lễ|giải|hội thi|hội thao|chương trình|buổi lễ|kỳ họp|ngày hội|phiên họp)(?:\s+[^\W\d_.,;]+|\s+lần thứ \S+|,\s+nhiệm kỳ [\d\s–-]+|\s\d{4}\s?[-–]\s?\d{4}){0,12}\s*(?:của\s+)?(?:(?:ban (?:thường vụ|chấp hành)|btv|bch)\s+)?$",
)
_OFFICE = re.compile(
    r"(?:chủ tịch|ủy viên|uỷ viên|bí thư|giám đốc|trưởng ban|phó ban|lãnh đạo|đại diện|thường trực|chuyên viên|cán bộ|hiệu trưởng|trưởng phòng|chánh|thành viên|đoàn chủ tịch|bộ trưởng|các ban của|trưởng đoàn)"
    r"(?:\s+[^\W\d_.,;]+){0,6}\s*$",
)
_ATTENDS = re.compile(r"(?:dự|tham dự|về dự|đến dự|cùng đi|tham gia)[^.;]{0,60}$")
# Persons of state, and the movement as a whole, hold no conference.
_NO_HOST = frozenset(
    {"unit.movement", "unit.prime_minister", "unit.president", "unit.government", "unit.party"}
)
_UNDER = ("thuộc", "gửi", "theo", "được", "của nghị quyết", "giao", "do")
_WITH = re.compile(r"(?:phối hợp|cùng|liên kết)\s+(?:với\s+|cùng\s+)?(?:[^.;,]{3,80}\s(?:và|cùng)\s+)?$")
# What the words before a name end in where `_BY`, `_WITH` or `_PASSIVE` can hold: told sooner than by a search.
_BY_ENDS = ("do", "vụ", "hành", "btv", "bch")
_WITH_ENDS = ("hợp", "kết", "với", "và", "cùng")
_PASSIVE_ENDS = "được"
_PASSIVE = re.compile(r"(?<!\w)được\s*$")
_HELD_BY = re.compile(r"(?:\s+và\s[^.;,]{3,50}?)?\s+(?:tổ chức|phát động)")
_YEARLY = re.compile(r"[^.;]{0,60}(?:hàng|hằng) năm")
_ORGANISES = re.compile(r"[^.;]{0,60}(?:tổ chức|phát động|chủ trì|phối hợp)")
_SECOND = re.compile(r"(?<!\w)(?:và|cùng)\s+$")


def holds_event(text: str, u: UnitMention, end: int) -> bool:
    """Whether a verb of holding stands right behind a unit: `LĐLĐ huyện A vừa tổng kết …`."""
    return u.is_union and _HOLDS.match(lowered_article(text), u.end, min(end, u.end + 150)) is not None


def find_host(
    segments: Segments, where: Scene, units: Sequence[UnitMention], kind: ConferenceKind
) -> UnitMention | None:
    """The mention that names the host best, None where none looks like one.

    `do X tổ chức` and `X tổ chức …` tell most, then `Hội nghị … của X`; offices before a name make it a guest's unit.
    """
    text = segments.text
    scores: dict[str, float] = {}
    first: dict[str, UnitMention] = {}
    top = -99.0
    lead = {a: n for n, (a, _) in enumerate(where.lead)}
    for u in units:
        if u.rule in _NO_HOST:
            continue
        line = segments.line_at(u.start)
        if line.kind in {"furniture", "byline", "stamp"}:
            continue
        sentence = segments.sentence_at(u.start)
        n = lead.get(sentence[0])
        if line.kind == "title":
            n = 0
        elif n is None:
            n = 6 if line.kind != "caption" else 8
        far = 1.0 if n <= 3 else 0.45
        place = max(0.0, 1.6 - 0.4 * n)
        union = 0.6 if u.is_union else 0.0
        head = 1.2 if line.kind == "title" and u.start - line.start < 8 else 0.0
        cluster = 0.0 if u.type != "cluster" else 3.0 if kind == "cluster_review" else -1.0
        key = u.canonical
        first.setdefault(key, u)
        # Whatever stands around it, such a mention looks less like the host's than another does.
        if _MOST * far + place + union + head + cluster < top:
            continue
        score = _told(text, u, sentence) * far + place + union + head + cluster
        if score > scores.get(key, -99.0):
            scores[key] = score
            top = max(top, score)
    if not scores:
        return None
    best = max(scores, key=lambda k: (scores[k], -first[k].start))
    return first[best] if scores[best] > 1.2 else None


# What the words around a name tell at most.
_MOST = 6.0


def _told(text: str, u: UnitMention, sentence: tuple[int, int]) -> float:
    left, right = text[max(sentence[0], u.start - 120) : u.start], text[u.end : min(sentence[1], u.end + 150)]
    before, behind = lowered(left), lowered(right)
    said = before.rstrip()
    if said.endswith(_PASSIVE_ENDS) and _PASSIVE.search(left) and _HELD_BY.match(right):
        return 4.0
    if said.endswith(_BY_ENDS) and _BY.search(before):
        if _YEARLY.match(behind):
            return 1.0
        return _MOST if _ORGANISES.match(behind) else 1.0
    if _OFFICE.search(before):
        return -3.0
    if said != before and said.endswith(_UNDER):
        return -1.5
    if _EVENT_OF.search(before):
        return 4.5
    if said.endswith(_WITH_ENDS) and _WITH.search(before):
        return 1.0
    if _HOLDS.match(behind):
        # The second of two that hold it together is a partner.
        return 3.0 if _SECOND.search(left) else 5.0
    return -3.0 if _ATTENDS.search(before) else 0.0
