"""Figures: quantities bound to what they measure, with status, attainment, share and change.

A percentage beside a number is that number's attainment (`đạt 88,2%`) or share (`chiếm 20%`); one that stands alone is
a figure. A number told twice is one figure. Counts of awards are awards. Prices each, thresholds and lengths of time are
no figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence

from extractors.confidence import confidence, figure_support
from extractors.figure_drafts import Draft, attach_change, attach_percent
from extractors.figure_status import PLAN_OF_IT, at_event, count_units, risen, settle, share_predicates
from extractors.indicators import Cue, Zones, choose, possible_cues
from extractors.letters import lowered_article
from extractors.quantities import Quantity
from extractors.records import ConferenceKind, Figure
from extractors.segments import Line, Segments
from extractors.status import Moods

# All but the measures are sought in small letters. A condition names its threshold: `doanh nghiệp có từ 20 lao động trở lên`, `dưới 36 tháng`.
_THRESHOLD = re.compile(
    r"(?:doanh nghiệp|dn|đơn vị|công ty|cơ sở|nơi|nhà máy)(?:\s+[^\W\d_]+){0,4}?\s+(?:có|sử dụng)(?:\s+[^\W\d_]+){0,2}?\s*$|(?:doanh nghiệp|dn|công ty|đơn vị)(?:\s+[^\W\d_]+){0,2}\s*$|(?:nữ công nhân|con|hộ)(?:\s+[^\W\d_]+){0,4}\s*$|những nơi\s*$"
)
_GOODS = re.compile(r"(?:mỗi|một|trong)\s+(?:mỗi )?(?:phần|suất|túi|gói|giỏ)[^.;]{0,30}(?:gồm|có|là)[^.;]*$")
_WITH_IT = re.compile(r"(?:kèm|kèm theo|gồm)\s*$")
_MEASURE = re.compile(r"(?:kg|lít|chai|gói|thùng|hộp|lon|bánh|chiếc|túi|cân)(?!\w)", re.IGNORECASE)


_PAY = re.compile(r"(?:thu nhập|lương|thưởng)[^.;]{0,80}$")
# `kinh phí công đoàn 2%` is the rate that the law sets.
_RATE = re.compile(r"kinh phí(?: công đoàn)?\s*$")
_BOUND = re.compile(r"mức (?:thấp|cao) nhất(?: là)?\s*$")
_WORDS_BEHIND = re.compile(r"\s*(?:[^\s.;:(]+[ ]?){0,6}")


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
    masked = bytearray(len(text))
    for start, end in taken:
        masked[start:end] = b"\x01" * (end - start)
    low = lowered_article(text)
    drafts: list[Draft] = []
    for q in quantities:
        line = segments.line_at(q.offsets[0])
        if masked.find(1, *q.number) >= 0 or not _countable(text, low, line, q):
            continue
        draft = Draft(q, segments.sentence_at(q.offsets[0]), line_kind=line.kind)
        if q.unit == "percent" and attach_percent(text, draft, drafts):
            continue
        if attach_change(text, low, draft, drafts):
            continue
        drafts.append(draft)
    asked: tuple[int, int] | None = None
    cues: list[Cue] = []
    for i, d in enumerate(drafts):
        before = drafts[i - 1] if i and drafts[i - 1].sentence == d.sentence else None
        after = drafts[i + 1] if i + 1 < len(drafts) and drafts[i + 1].sentence == d.sentence else None
        zones = _zones(low, d, before, after)
        # A quantity may end beyond its sentence.
        words = (d.sentence[0], max(d.sentence[1], d.quantity.offsets[1]))
        if words != asked:
            asked, cues = words, possible_cues(low[slice(*words)])
        d.indicator, d.lead = choose(zones, d.quantity.unit, before.indicator if before else None, cues)
        if before is not None and (d.quantity.rule.endswith("elided") or PLAN_OF_IT.search(zones.before)):
            # `819 sáng kiến, trong đó tiểu học 268`; `thành lập 11 CĐCS (chỉ tiêu giao 10)`.
            d.indicator = before.indicator
        count_units(d, zones)
        settle(d, moods, zones)
        at_event(d, kind)
    share_predicates(text, drafts)
    risen(low, drafts)
    return [_record(text, d) for d in _once(drafts)]


def _countable(text: str, low: str, line: Line, q: Quantity) -> bool:
    if line.kind in {"furniture", "stamp"}:
        return False
    start = q.offsets[0]
    if q.per and not _PAY.search(low[max(line.start, start - 120) : start]):
        return False
    left = low[max(line.start, start - 80) : start]
    if q.unit == "other":
        # `mỗi phần gồm 5 kg gạo, 1 chai dầu ăn` lists goods.
        if _GOODS.search(left) or (_WITH_IT.search(left) and _MEASURE.match(q.unit_text)):
            return False
    elif q.unit == "percent":
        if _RATE.search(left):
            return False
    elif q.unit == "vnd":
        return not _BOUND.search(left)
    return not (
        q.modifier in {"at_least", "at_most"}
        and q.unit in {"person", "percent", "other"}
        and _THRESHOLD.search(left)
    )


def _zones(low: str, d: Draft, before: Draft | None, after: Draft | None) -> Zones:
    start, end = d.quantity.offsets
    a, b = d.sentence
    left = before.quantity.offsets[1] if before else a
    right = min(after.quantity.offsets[0] if after else b, end + 110)
    noun_end = d.quantity.number[1]
    words = _WORDS_BEHIND.match(low, noun_end, right)
    noun = low[d.quantity.number[0] : words.end() if words else noun_end]
    before_it = low[left:start]
    return Zones(
        phrase=(before_it + noun)[-140:],
        noun=noun,
        before=before_it,
        lead=low[a:start],
        after=low[end:right],
        sentence=low[a:b],
    )


_EDGE = frozenset({"title", "caption"})
_LEAST_TWICE = 10


def _once(drafts: Sequence[Draft]) -> list[Draft]:
    """Each figure once: of two with one value, unit and indicator the body's fuller one stays, at its place."""

    def weight(d: Draft) -> tuple[int, int, int]:
        extra = (
            (d.attainment is not None)
            + (d.share is not None)
            + (d.quantity.of is not None)
            + (d.change is not None)
        )
        return (d.line_kind not in _EDGE, extra, d.indicator != "other")

    kept: list[Draft] = []
    # Places in `kept` by what must agree in two tellings, so that each figure meets its likes alone.
    edges, bodies, whole = (defaultdict[Hashable, list[int]](list) for _ in range(3))
    for d in drafts:
        q = d.quantity
        value = (q.value, q.unit, q.value_max)
        # Small numbers and shares are told of many things; twice in the body they are two.
        alone = q.unit == "percent" or q.value < _LEAST_TWICE
        told = () if alone else (*value, d.status, d.indicator, q.unit == "vnd" or q.unit_text.lower())
        edge = d.line_kind in _EDGE
        twin = None
        if value in whole:
            likes = whole[value][:1] if edge else sorted({*edges[value], *(bodies[told] if told else ())})
            twin = next((i for i in likes if _same(kept[i], d)), None)
        if twin is None:
            twin = len(kept)
            whole[value].append(twin)
            kept.append(d)
        elif weight(d) > weight(kept[twin]):
            kept[twin] = d
        else:
            continue
        (edges[value] if edge else bodies[told]).append(twin)
    # What only a title sums or rounds is not told in the body: it stays, but not beside the body's own words.
    if any(k.line_kind in _EDGE for k in kept):
        body = {(k.quantity.unit, k.quantity.value) for k in kept if k.line_kind not in _EDGE}
        kept = [
            k for k in kept if k.line_kind not in _EDGE or (k.quantity.unit, k.quantity.value) not in body
        ]
    return sorted(kept, key=lambda d: d.quantity.offsets)


def _same(a: Draft, b: Draft) -> bool:
    """Whether two of one value and unit are one figure."""
    qa, qb = a.quantity, b.quantity
    if qa.value != qb.value or qa.unit != qb.unit or qa.value_max != qb.value_max:
        return False
    if a.line_kind in _EDGE or b.line_kind in _EDGE:
        return True
    if a.sentence == b.sentence or a.status != b.status:
        return False
    distinctive = qa.unit == "vnd" or qa.unit_text.lower() == qb.unit_text.lower()
    return a.indicator == b.indicator and distinctive and qa.unit != "percent" and qa.value >= _LEAST_TWICE


def _record(text: str, d: Draft) -> Figure:
    q = d.quantity
    start, end = q.offsets
    support = figure_support(d)
    return Figure.model_validate(
        {
            "indicator": d.indicator,
            "value": q.value,
            "value_max": q.value_max,
            "unit": q.unit,
            "unit_text": q.unit_text,
            "modifier": q.modifier,
            "status": d.status,
            "of": int(q.of) if q.of is not None and q.of == int(q.of) else None,
            "attainment_pct": float(d.attainment) if d.attainment is not None else None,
            "share_pct": float(d.share) if d.share is not None else None,
            "change": d.change,
            "confidence": confidence("figure", support),
            "support": support,
            # Made along with the figure: records of their own would be checked twice.
            "evidence": {"start": start, "end": end, "text": text[start:end], "rule": q.rule},
            "sentence": {"start": d.sentence[0], "end": d.sentence[1]},
        }
    )
