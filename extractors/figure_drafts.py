"""Figures in the making, and what a percentage or a rise says of the number before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Literal

from extractors.quantities import Quantity
from extractors.records import Change, Indicator, Status


@dataclass(slots=True)
class Draft:
    """A figure in the making; `lead` is by how much its indicator's cues outweigh the next."""

    quantity: Quantity
    sentence: tuple[int, int]
    indicator: Indicator = "other"
    lead: float = 0.0
    status: Status = "achieved"
    attainment: Decimal | None = None
    share: Decimal | None = None
    change: Change | None = None
    line_kind: str = "body"


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
    r"(?P<w>tăng|giảm|cao hơn|thấp hơn|nhiều hơn|ít hơn)(?:\s+(?:thêm|lên|xuống|hơn|trên|gần|khoảng|tới))*\s*\(?$"
)
_VERSUS = re.compile(r"[^.;]{0,30}?(?:so với|so cùng)\s+(?P<v>[^.,;()]{2,40})", re.IGNORECASE)


def attach_percent(text: str, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Give a percentage to the number it qualifies; False where it stands alone."""
    q = draft.quantity
    start, end = q.offsets
    host = drafts[-1] if drafts else None
    if (
        host is None
        or host.sentence != draft.sentence
        or host.quantity.unit == "percent"
        or host.quantity.per
    ):
        return False
    between = text[host.quantity.offsets[1] : start]
    after = text[end : end + 40]
    if len(between) > 160 or ";" in between:
        return False
    attain, share, opened = _ATTAIN.search(between), _SHARE.search(between), _OPEN.search(between)
    if not (attain or share or opened):
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


def attach_change(text: str, low: str, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """`tăng 12% so với cùng kỳ`, `giảm hai vụ so với năm trước` behind a number is that number's change.

    `low` is `text` in small letters.
    """
    q = draft.quantity
    said = _CHANGE.search(low[max(draft.sentence[0], q.offsets[0] - 30) : q.offsets[0]])
    if said is None:
        return False
    here = takewhile(lambda d: d.sentence == draft.sentence, reversed(drafts))
    host = next((d for d in here if q.unit in {"percent", d.quantity.unit}), None)
    versus = _VERSUS.match(text, q.offsets[1], draft.sentence[1])
    if host is None or host.change is not None or (versus is None and q.unit != "percent"):
        return False
    if q.offsets[0] - host.quantity.offsets[1] > 90 or (q.unit not in ("percent", host.quantity.unit)):
        return False
    direction: Literal["increase", "decrease"] = (
        "decrease" if said["w"] in {"giảm", "thấp hơn", "ít hơn"} else "increase"
    )
    host.change = Change(
        direction=direction,
        value=q.value,
        unit=q.unit,
        versus=" ".join(versus["v"].split()) if versus else None,
    )
    return True
