"""Figures: quantities bound to what they measure, with status, attainment, share and change.

A percentage beside a number is that number's attainment (`đạt 88,2%`) or share (`chiếm 20%`); one that stands alone is
a figure. A number told twice is one figure. Counts of awards are awards. Prices each, thresholds and lengths of time are
no figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from extractors.indicators import Zones, choose
from extractors.quantities import Quantity
from extractors.records import Change, ConferenceKind, Evidence, Figure, Indicator, Span, Status
from extractors.segments import Segments
from extractors.status import Moods


@dataclass(slots=True)
class _Draft:
    quantity: Quantity
    sentence: tuple[int, int]
    indicator: Indicator = "other"
    lead: float = 0.0
    status: Status = "achieved"
    attainment: Decimal | None = None
    share: Decimal | None = None
    change: Change | None = None
    line_kind: str = "body"
    rank: int = field(default=0)


_ATTAIN = re.compile(
    r"(?:(?P<over>vượt)(?: mức)?|đạt(?: và vượt)?|bằng|hoàn thành|tương đương|ước đạt)(?:\s+(?:tỷ lệ|tỉ lệ|trên|hơn|gần|khoảng|được|mức|là))*\s*\(?$",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:chiếm(?:\s+(?:tỷ lệ|tỉ lệ|trên|hơn|gần|khoảng|là))*|(?:với |có )?(?:tỷ lệ|tỉ lệ)(?: là| đạt)?|tỷ trọng)\s*:?\s*\(?$",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\(\s*(?:trên|hơn|gần|khoảng)?\s*$")
_OF_PLAN = re.compile(
    r"^\s*(?:so với\s+)?(?:chỉ tiêu|kế hoạch|KH|nghị quyết|dự toán|chỉ tiêu được giao|so với (?:chỉ tiêu|kế hoạch|nghị quyết))",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?P<w>tăng|giảm|cao hơn|thấp hơn|nhiều hơn|ít hơn)(?:\s+(?:thêm|lên|xuống|hơn|trên|gần|khoảng|tới))*\s*\(?$",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"^[^.;]{0,30}?(?:so với|so cùng)\s+(?P<v>[^.,;()]{2,40})", re.IGNORECASE)
# A condition names its threshold: `doanh nghiệp có từ 20 lao động trở lên`, `dưới 36 tháng`.
_THRESHOLD = re.compile(
    r"(?:doanh nghiệp|DN|đơn vị|công ty|cơ sở|nơi|nhà máy)(?:\s+[^\W\d_]+){0,4}?\s+(?:có|sử dụng)(?:\s+[^\W\d_]+){0,2}?\s*$|(?:doanh nghiệp|DN|công ty|đơn vị)(?:\s+[^\W\d_]+){0,2}\s*$|(?:nữ công nhân|con|hộ)(?:\s+[^\W\d_]+){0,4}\s*$|những nơi\s*$",
    re.IGNORECASE,
)
_GOODS = re.compile(
    r"(?:mỗi|một|trong)\s+(?:mỗi )?(?:phần|suất|túi|gói|giỏ)[^.;]{0,30}(?:gồm|có|là)[^.;]*$", re.IGNORECASE
)
_WITH_IT = re.compile(r"(?:kèm|kèm theo|gồm)\s*$", re.IGNORECASE)
_MEASURE = re.compile(r"(?:kg|lít|chai|gói|thùng|hộp|lon|bánh|chiếc|túi|cân)(?!\w)", re.IGNORECASE)
_CONTEXT_STANDING: frozenset[str] = frozenset(
    {"members_total", "workers_total", "unions_total", "member_units", "delegates", "participants"}
)


def find_figures(
    segments: Segments,
    quantities: Sequence[Quantity],
    moods: Moods,
    taken: Sequence[tuple[int, int]],
    *,
    kind: ConferenceKind = "other",
) -> list[Figure]:
    """The figures of one article, in order; `taken` are offsets of award counts and
    of names with numbers in them, which are left out."""
    text = segments.text
    kept = [q for q in quantities if _countable(segments, q, taken)]
    drafts: list[_Draft] = []
    for q in kept:
        sentence = segments.sentence_at(q.offsets[0])
        draft = _Draft(q, sentence, line_kind=segments.line_at(q.offsets[0]).kind)
        if q.unit == "percent" and _attach(text, draft, drafts):
            continue
        if _attach_change(text, draft, drafts):
            continue
        drafts.append(draft)
    for i, d in enumerate(drafts):
        before = drafts[i - 1] if i and drafts[i - 1].sentence == d.sentence else None
        after = drafts[i + 1] if i + 1 < len(drafts) and drafts[i + 1].sentence == d.sentence else None
        zones = _zones(text, d, before, after)
        d.indicator, d.lead = choose(zones, d.quantity.unit, before.indicator if before else None)
        if before is not None and (d.quantity.rule.endswith("elided") or _PLAN_OF_IT.search(zones.before)):
            # `819 sáng kiến, trong đó tiểu học 268`; `thành lập 11 CĐCS (chỉ tiêu giao 10)`.
            d.indicator = before.indicator
        _as_counted(d, zones)
        _settle(text, d, moods, zones)
        _at_event(d, kind)
    _share_predicates(text, drafts)
    return [_record(text, d) for d in _once(drafts)]


def _countable(segments: Segments, q: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    text, start = segments.text, q.offsets[0]
    line = segments.line_at(start)
    if line.kind in {"furniture", "stamp"}:
        return False
    if any(a < q.number[1] and q.number[0] < b for a, b in taken):
        return False
    left = text[max(line.start, start - 80) : start]
    if q.per and not re.search(
        r"(?:thu nhập|lương|thưởng)[^.;]{0,80}$", text[max(line.start, start - 120) : start], re.IGNORECASE
    ):
        return False
    if (
        q.modifier in {"at_least", "at_most"}
        and q.unit in {"person", "percent", "other"}
        and _THRESHOLD.search(left)
    ):
        return False
    if q.unit == "percent" and re.search(r"kinh phí(?: công đoàn)?\s*$", left, re.IGNORECASE):
        # `kinh phí công đoàn 2%` is the rate that the law sets.
        return False
    if q.unit == "vnd" and re.search(r"mức (?:thấp|cao) nhất(?: là)?\s*$", left, re.IGNORECASE):
        return False
    # `mỗi phần gồm 5 kg gạo, 1 chai dầu ăn` lists goods.
    return not (
        q.unit == "other" and (_GOODS.search(left) or (_WITH_IT.search(left) and _MEASURE.match(q.unit_text)))
    )


def _attach(text: str, draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """Give a percentage to the number it qualifies; False where it stands alone."""
    q = draft.quantity
    start, end = q.offsets
    host = next((d for d in reversed(drafts) if d.sentence == draft.sentence), None)
    if host is None or host.quantity.unit == "percent" or host.quantity.per:
        return False
    between = text[host.quantity.offsets[1] : start]
    after = text[end : end + 40]
    attain, share, opened = _ATTAIN.search(between), _SHARE.search(between), _OPEN.search(between)
    if len(between) > 160 or ";" in between:
        return False
    of = host.quantity.of
    is_ratio = of is not None and of != 0 and abs(host.quantity.value / of * 100 - q.value) < Decimal("0.6")
    # `đạt 87% CĐCS` counts unions; an attainment has its plan, a mark or the end behind it.
    ends = (
        not re.match(r"\s*(?:[^\W\d_]+)", after)
        or _OF_PLAN.match(after)
        or re.match(r"\s*(?:và|so|trong|\(|của năm|năm|kế|chỉ|với|cả năm)(?!\w)", after)
    )
    bracketed = opened is not None and (_OF_PLAN.match(after) is not None or q.value > 100)
    if bracketed and not is_ratio and host.attainment is None:
        # `(129,5% kế hoạch)`, `(133%)`: no share is over a hundred.
        host.attainment = q.value
        return True
    if attain and ends and not is_ratio and host.attainment is None:
        host.attainment = q.value + 100 if attain["over"] and q.value < 100 else q.value
        return True
    if (
        share or (opened and re.match(r"\s*(?:\)|,|tổng)", after)) or (attain and is_ratio and ends)
    ) and host.share is None:
        host.share = q.value
        return True
    return False


def _attach_change(text: str, draft: _Draft, drafts: Sequence[_Draft]) -> bool:
    """`tăng 12% so với cùng kỳ`, `giảm hai vụ so với năm trước` behind a number is that number's change."""
    q = draft.quantity
    same = [d for d in drafts if d.sentence == draft.sentence and (q.unit in {"percent", d.quantity.unit})]
    host = same[-1] if same else None
    sentence_end = draft.sentence[1]
    said = _CHANGE.search(text[max(draft.sentence[0], q.offsets[0] - 30) : q.offsets[0]])
    versus = _VERSUS.match(text[q.offsets[1] : sentence_end])
    if said is None or host is None or host.change is not None or (versus is None and q.unit != "percent"):
        return False
    if q.offsets[0] - host.quantity.offsets[1] > 90 or (q.unit not in ("percent", host.quantity.unit)):
        return False
    direction: Literal["increase", "decrease"] = (
        "decrease" if said["w"].lower() in {"giảm", "thấp hơn", "ít hơn"} else "increase"
    )
    host.change = Change(
        direction=direction,
        value=q.value,
        unit=q.unit,
        versus=" ".join(versus["v"].split()) if versus else None,
    )
    return True


def _zones(text: str, d: _Draft, before: _Draft | None, after: _Draft | None) -> Zones:
    start, end = d.quantity.offsets
    a, b = d.sentence
    left = before.quantity.offsets[1] if before else a
    right = min(after.quantity.offsets[0] if after else b, end + 110)
    noun_end = d.quantity.number[1]
    words = re.match(r"\s*(?:[^\s.;:(]+[ ]?){0,6}", text[noun_end:right])
    phrase = text[left:start] + text[d.quantity.number[0] : noun_end + (words.end() if words else 0)]
    return Zones(
        phrase=phrase[-140:],
        noun=text[d.quantity.number[0] : noun_end + (words.end() if words else 0)],
        before=text[left:start],
        lead=text[a:start],
        after=text[end:right],
        sentence=text[a:b],
    )


_RATED = {"units_rated_excellent", "units_rated_good", "units_rated_satisfactory", "units_rated_poor"}


_PLAN_OF_IT = re.compile(r"\((?:chỉ tiêu|kế hoạch)[^)]*$", re.IGNORECASE)
_NOW_TOTAL = re.compile(
    r"(?:nâng[^.;]{0,40}lên|tổng số (?:hiện có|lên)|hiện có|hiện còn|hiện là|hiện nay là|đang có|dư nợ|trong số|còn nợ là)\s*(?:trên|hơn|gần|khoảng)?\s*$",
    re.IGNORECASE,
)
_TASK_DONE = re.compile(r"(?:hoàn thành|thực hiện|đạt|vượt|xong)[^.;,]{0,45}$", re.IGNORECASE)
_EACH_MUST = re.compile(r"(?:^|[^\w])(?:mỗi|phải)\s[^.;]{0,60}$", re.IGNORECASE)
_THINGS = re.compile(r"\s*(?:chiếc|hộp|bộ|xe đạp|máy tính|thùng|túi|tấm|cặp|áo|tivi|quạt)", re.IGNORECASE)
_GIVEN = re.compile(r"(?:tặng|trao|quà)[^.;]{0,60}$", re.IGNORECASE)


def _as_counted(d: _Draft, zones: Zones) -> None:
    """Units that only the indicator tells: things given are gifts, `702 đơn vị` of blood and a dispute's `cuộc` too."""
    if (
        d.indicator == "blood_donated"
        and d.quantity.unit == "organisation"
        and d.quantity.unit_text.lower() == "đơn vị"
    ):
        d.quantity = replace(d.quantity, unit="blood_unit")
    if d.indicator == "disputes" and d.quantity.unit == "session":
        d.quantity = replace(d.quantity, unit="case")
    if d.quantity.unit == "other" and _THINGS.match(d.quantity.unit_text) and _GIVEN.search(zones.lead):
        d.quantity = replace(d.quantity, unit="gift")
        d.indicator = "gifts_given"


def _share_predicates(text: str, drafts: Sequence[_Draft]) -> None:
    """`100% CĐCS nhà nước và 70% CĐCS ngoài nhà nước hoàn thành tốt nhiệm vụ`: what is said of the last holds for all."""
    for d, following in zip(reversed(drafts[:-1]), reversed(drafts[1:]), strict=True):
        between = text[d.quantity.offsets[1] : following.quantity.offsets[0]]
        if (
            d.indicator == "other"
            and d.quantity.unit == following.quantity.unit == "percent"
            and d.sentence == following.sentence
            and re.fullmatch(r"[^.;,:]{0,50}\s(?:và|cùng)\s+(?:trên |hơn |gần )?", between)
        ):
            d.indicator, d.status = following.indicator, following.status


def _at_event(d: _Draft, kind: ConferenceKind) -> None:
    """What only the event tells: at a contest or course those who compete or learn are its participants, as they stand;
    money at a care event is spent on care."""
    if kind == "care_event" and d.quantity.unit == "vnd" and d.indicator == "other":
        d.indicator = "care_spending"
    if (
        kind == "care_event"
        and d.indicator == "other"
        and d.quantity.unit == "other"
        and d.status == "standing"
    ):
        d.status = "achieved"
    if d.status == "target" or kind not in {"competition", "training"}:
        return
    if (
        kind == "training"
        and d.indicator in {"event_attendance", "participants"}
        and d.quantity.unit == "person"
    ):
        d.indicator = "training_attendance"
    if kind == "competition" and d.indicator == "event_attendance":
        d.indicator = "participants" if d.quantity.unit in {"person", "turn"} else "other"
    if d.indicator in {"participants", "other", "training_attendance"} and d.quantity.unit != "percent":
        d.status = "standing"


def _settle(text: str, d: _Draft, moods: Moods, zones: Zones) -> None:
    """Status, and the indicators that depend on it (tasks planned or completed, targets set or met)."""
    start, end = d.quantity.offsets
    plan = moods.at(start, end) == "plan"
    if plan and d.indicator in _CONTEXT_STANDING and not moods.own_plan(start):
        # `toàn thành phố có 2,6 triệu đoàn viên` stands so, whatever plans its paragraph tells.
        plan = False
    d.status = "target" if plan else "standing" if d.indicator in _CONTEXT_STANDING else "achieved"
    if (
        d.indicator == "other"
        and not plan
        and d.quantity.unit in {"other", "place", "organisation", "person"}
    ):
        done = re.search(
            r"(?<!\w)(?:đã|được|vừa|làm|bị|xảy ra|phát hiện|ghi nhận|giải quyết)(?!\w)",
            zones.lead,
            re.IGNORECASE,
        )
        d.status = "achieved" if done else "standing"
    if d.indicator == "tasks_completed" and d.quantity.unit == "task":
        after_done = re.match(
            r"[^.;]{0,40}(?:đã |đều |được )(?:[^\W\d_]+ )?(?:hoàn thành|thực hiện)",
            zones.after,
            re.IGNORECASE,
        )
        given = re.search(r"giao\s*$", zones.lead, re.IGNORECASE)
        if plan or given or not (_TASK_DONE.search(zones.lead) or after_done):
            d.indicator, d.status = "tasks_planned", "target"
    if d.indicator == "targets_met":
        met = re.search(
            r"(?:đạt|vượt|hoàn thành|thực hiện)[^.;,]{0,40}$", zones.lead, re.IGNORECASE
        ) or re.match(r"[^.;]{0,40}(?:đạt|vượt|hoàn thành)", zones.after, re.IGNORECASE)
        if plan or not met:
            d.indicator, d.status = "targets_set", "target"
    if re.match(
        r"[^.;,]{0,20}(?:chưa|không) (?:đạt|hoàn thành)", zones.after, re.IGNORECASE
    ) and d.indicator in {"targets_met", "targets_set"}:
        d.indicator, d.status = "other", "achieved"
    if d.quantity.modifier == "at_least" and d.status == "achieved" and _EACH_MUST.search(zones.lead):
        d.status = "target"
    if d.status == "achieved" and _NOW_TOTAL.search(zones.lead):
        d.status = "standing"
    if d.indicator in {"members_total", "workers_total"} and plan and d.status == "target":
        grows = re.search(r"(?:tăng|kết nạp|phát triển|thêm)[^.;]{0,25}$", zones.before, re.IGNORECASE)
        d.indicator = "members_recruited" if d.indicator == "members_total" and grows else d.indicator


def _once(drafts: Sequence[_Draft]) -> list[_Draft]:
    """Each figure once: of two with one value, unit and indicator the body's fuller one stays, at its place."""

    def weight(d: _Draft) -> tuple[int, int, int]:
        extra = (
            (d.attainment is not None)
            + (d.share is not None)
            + (d.quantity.of is not None)
            + (d.change is not None)
        )
        return (d.line_kind not in {"title", "caption"}, extra, d.indicator != "other")

    kept: list[_Draft] = []
    for d in drafts:
        twin = next((k for k in kept if _same(k, d)), None)
        if twin is None:
            kept.append(d)
        elif weight(d) > weight(twin):
            kept[kept.index(twin)] = d
    # What only a title sums or rounds is not told in the body: it stays, but not beside the body's own words.
    body = [k for k in kept if k.line_kind not in {"title", "caption"}]
    out = [k for k in kept if k.line_kind not in {"title", "caption"} or not any(_rounds(k, b) for b in body)]
    return sorted(out, key=lambda d: d.quantity.offsets)


def _same(a: _Draft, b: _Draft) -> bool:
    qa, qb = a.quantity, b.quantity
    if qa.value != qb.value or qa.unit != qb.unit or qa.value_max != qb.value_max:
        return False
    edge = {"title", "caption"}
    if a.line_kind in edge or b.line_kind in edge:
        return True
    if a.sentence == b.sentence or a.status != b.status:
        return False
    distinctive = qa.unit == "vnd" or qa.unit_text.lower() == qb.unit_text.lower()
    return a.indicator == b.indicator and distinctive and qa.unit != "percent" and qa.value >= 10


def _rounds(edge: _Draft, body: _Draft) -> bool:
    return edge.quantity.unit == body.quantity.unit and edge.quantity.value == body.quantity.value


def _record(text: str, d: _Draft) -> Figure:
    q = d.quantity
    start, end = q.offsets
    return Figure(
        indicator=d.indicator,
        value=q.value,
        value_max=q.value_max,
        unit=q.unit,
        unit_text=q.unit_text,
        modifier=q.modifier,
        status=d.status,
        of=int(q.of) if q.of is not None and q.of == int(q.of) else None,
        attainment_pct=float(d.attainment) if d.attainment is not None else None,
        share_pct=float(d.share) if d.share is not None else None,
        change=d.change,
        evidence=Evidence(start=start, end=end, text=text[start:end], rule=q.rule),
        sentence=Span(start=d.sentence[0], end=d.sentence[1]),
    )
