"""Status of a figure, and the unit and indicator that hang on it: tasks planned or done, targets set or met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.figure_drafts import Draft
from extractors.indicators import Zones
from extractors.letters import alternation
from extractors.records import ConferenceKind
from extractors.status import Moods

_CONTEXT_STANDING: frozenset[str] = frozenset(
    {"members_total", "workers_total", "unions_total", "member_units", "delegates", "participants"}
)


# All but the things are sought in words of small letters.
PLAN_OF_IT = re.compile(r"\((?:chỉ tiêu|kế hoạch)[^)]*$")
_NOW_TOTAL = re.compile(
    r"(?:nâng[^.;]{0,40}lên|tổng số (?:hiện có|lên)|hiện có|hiện còn|hiện là|hiện nay là|đang có|dư nợ|trong số|còn nợ là)\s*(?:trên|hơn|gần|khoảng)?\s*$"
)
# How words end that tell a total: most tell none.
_TOTAL_ENDS = ("lên", "có", "còn", "là", "nợ", "số", "trên", "hơn", "gần", "khoảng")
_TASK_DONE = re.compile(r"(?:hoàn thành|thực hiện|đạt|vượt|xong)[^.;,]{0,45}$")
_EACH_MUST = re.compile(r"(?:^|[^\w])(?:mỗi|phải)\s[^.;]{0,60}$")
_THINGS = re.compile(r"\s*(?:chiếc|hộp|bộ|xe đạp|máy tính|thùng|túi|tấm|cặp|áo|tivi|quạt)", re.IGNORECASE)
_GIVEN = re.compile(r"(?:tặng|trao|quà)[^.;]{0,60}$")


def count_units(d: Draft, zones: Zones) -> None:
    """Units that only the indicator tells: things given are gifts, `702 đơn vị` of blood and a dispute's `cuộc` too."""
    if (
        d.indicator == "blood_donated"
        and d.quantity.unit == "organisation"
        and d.quantity.unit_text.lower() == "đơn vị"
    ):
        d.quantity = d.quantity._replace(unit="blood_unit")
    if d.indicator == "disputes" and d.quantity.unit == "session":
        d.quantity = d.quantity._replace(unit="case")
    if d.quantity.unit == "other" and _THINGS.match(d.quantity.unit_text) and _GIVEN.search(zones.lead):
        d.quantity = d.quantity._replace(unit="gift")
        d.indicator = "gifts_given"


def share_predicates(text: str, drafts: Sequence[Draft]) -> None:
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


_FROM = re.compile(r"(?<!\w)từ\s+(?:trên |hơn |gần |khoảng )?$")
_TO = re.compile(r"\s*(?:lên|xuống|còn)\s+(?:tới |đến |trên |hơn |gần |khoảng )?")


def risen(low: str, drafts: Sequence[Draft]) -> None:
    """`từ 82% lên 85%`: one thing told twice, the first as it stood, whatever is done or planned with the second."""
    for d, following in pairwise(drafts):
        start, end = d.quantity.offsets
        left = low[max(0, start - 20) : start]
        if "từ" not in left or d.sentence != following.sentence or not _FROM.search(left):
            continue
        if not _TO.fullmatch(low[end : following.quantity.offsets[0]]):
            continue
        if d.quantity.unit == "other":
            d.quantity = d.quantity._replace(unit=following.quantity.unit)
        d.indicator = following.indicator = following.indicator if d.indicator == "other" else d.indicator
        d.status = "standing"


def at_event(d: Draft, kind: ConferenceKind) -> None:
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


_DOING = ("đã", "được", "vừa", "làm", "bị", "xảy ra", "phát hiện", "ghi nhận", "giải quyết")
_DONE = re.compile("(?:" + alternation(_DOING, begins=r"(?<!\w.)") + r")(?!\w)")
_AFTER_DONE = re.compile(r"[^.;]{0,40}(?:đã |đều |được )(?:[^\W\d_]+ )?(?:hoàn thành|thực hiện)")
_HANDED = re.compile(r"giao\s*$")
_MET_BEFORE = re.compile(r"(?:đạt|vượt|hoàn thành|thực hiện)[^.;,]{0,40}$")
_MET_AFTER = re.compile(r"[^.;]{0,40}(?:đạt|vượt|hoàn thành)")
_NOT_MET = re.compile(r"[^.;,]{0,20}(?:chưa|không) (?:đạt|hoàn thành)")
_GROWS = re.compile(r"(?:tăng|kết nạp|phát triển|thêm)[^.;]{0,25}$")


def settle(d: Draft, moods: Moods, zones: Zones) -> None:
    """Status, and the indicators that depend on it (tasks planned or completed, targets set or met)."""
    start, end = d.quantity.offsets
    plan = moods.at(start, end, d.sentence) == "plan"
    if plan and d.indicator in _CONTEXT_STANDING and not moods.own_plan(start, d.sentence):
        # `toàn thành phố có 2,6 triệu đoàn viên` stands so, whatever plans its paragraph tells.
        plan = False
    d.status = "target" if plan else "standing" if d.indicator in _CONTEXT_STANDING else "achieved"
    if (
        d.indicator == "other"
        and not plan
        and d.quantity.unit in {"other", "place", "organisation", "person"}
    ):
        d.status = "achieved" if _DONE.search(zones.lead) else "standing"
    if d.indicator == "tasks_completed" and d.quantity.unit == "task":
        done = _TASK_DONE.search(zones.lead) or _AFTER_DONE.match(zones.after)
        if plan or not done or _HANDED.search(zones.lead):
            d.indicator, d.status = "tasks_planned", "target"
    if d.indicator == "targets_met":
        met = _MET_BEFORE.search(zones.lead) or _MET_AFTER.match(zones.after)
        if plan or not met:
            d.indicator, d.status = "targets_set", "target"
    if d.indicator in {"targets_met", "targets_set"} and _NOT_MET.match(zones.after):
        d.indicator, d.status = "other", "achieved"
    if d.quantity.modifier == "at_least" and d.status == "achieved" and _EACH_MUST.search(zones.lead):
        d.status = "target"
    if d.status == "achieved" and zones.lead.rstrip().endswith(_TOTAL_ENDS) and _NOW_TOTAL.search(zones.lead):
        d.status = "standing"
    if d.indicator in {"members_total", "workers_total"} and plan and d.status == "target":
        grows = _GROWS.search(zones.before)
        d.indicator = "members_recruited" if d.indicator == "members_total" and grows else d.indicator
