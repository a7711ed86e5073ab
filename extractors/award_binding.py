"""Who gave what to whom in one sentence: forms bound to their receivers and givers.

A form takes the receivers behind it up to the next form (`cờ thi đua cho 8 tập thể`), or, where the sentence is passive
or says `nhận`, those before it (`6 tập thể, 9 cá nhân nhận Bằng khen`). Givers are the subject of tặng, the agent of
được … tặng, or stand behind `của`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.award_events import Event
from extractors.award_receivers import AwardMention, award_mentions, named_receiver


def bind_sentence(
    text: str, pieces: Sequence[Event], subject: list[str]
) -> tuple[list[AwardMention], list[tuple[int, int]], list[str]]:
    """Awards of one sentence, the spans of their counts, and who gave last."""
    made: list[AwardMention] = []
    counted: list[tuple[int, int]] = []
    part: list[Event] = []
    parts: list[list[Event]] = []
    for e in pieces:
        if e.kind == "cut" and (e.text in {";", "."} or e.text.startswith("vì")):
            parts.append(part)
            part = []
        else:
            part.append(e)
    parts.append(part)
    # `Theo quyết định khen thưởng của Công đoàn Y tế Việt Nam, …`: the giver of all that follows.
    decided = next(
        (e for e in pieces if e.kind == "grantor" and _DECIDED.search(text[max(0, e.start - 60) : e.start])),
        None,
    )
    if decided is not None:
        subject = _names([decided])
    for events_ in parts:
        got, subject, used = _part(text, events_, subject, decided=decided is not None)
        made.extend(got)
        counted.extend(used)
    return made, counted, subject


def _part(
    text: str, part: Sequence[Event], subject: list[str], *, decided: bool = False
) -> tuple[list[AwardMention], list[str], list[tuple[int, int]]]:
    part = [e for i, e in enumerate(part) if not _mere_title(part, i)]
    forms = [i for i, e in enumerate(part) if e.kind == "form"]
    strong = [i for i in forms if part[i].form != "commendation"]
    if strong:
        # `biểu dương, tặng giấy khen cho …`: the certificate is the award, the verb only its manner.
        forms = [i for i in forms if part[i].form != "commendation" or _stands_alone(part, i, strong)]
    made: list[AwardMention] = []
    used: list[tuple[int, int]] = []
    taken: set[int] = set()
    subject = _subject(part, subject)
    k = 0
    while k < len(forms):
        group = [forms[k]]
        while k + 1 < len(forms) and _coordinate(text, part, forms[k], forms[k + 1]):
            k += 1
            group.append(forms[k])
        before = _receivers_before(text, part, group[0], taken)
        behind_end = forms[k + 1] if k + 1 < len(forms) else len(part)
        behind = [] if before else _receivers_behind(part, group[-1], behind_end, taken, text)
        taken.update(before, behind)
        receivers = [part[i] for i in (before or behind)]
        givers = _givers(part, group, behind_end, subject, passive=bool(before), taken=taken)
        if before and not givers and made:
            # `5 tập thể được Tổng LĐLĐ tặng Cờ, 11 tập thể được tặng Bằng khen`: the agent is told once.
            givers = made[-1].grantors
        if before and not givers and decided:
            givers = list(subject)
        for at, i in enumerate(group):
            own = givers if len(group) == 1 or len(givers) != len(group) else [givers[at]]
            # `1 giải Nhất, 2 giải Nhì cho các đội`: what is told behind the last holds for all, but its numbers do not.
            mine = (
                receivers
                if at == len(group) - 1 or not part[i].counted
                else [r for r in receivers if not r.counted]
            )
            made.extend(
                award_mentions(
                    text,
                    part,
                    part[i],
                    mine,
                    own,
                    passive=bool(before),
                    named=named_receiver(text, part, i, before, behind_end),
                )
            )
            if part[i].counted:
                used.append((part[i].start, part[i].end))
        # Families commended are counted as figures as well.
        used.extend(
            (r.start, r.end)
            for r in receivers
            if r.counted
            and not (part[group[0]].form in {"commendation", "title"} and "gia đình" in r.text.lower())
        )
        k += 1
    return made, subject, used


def _mere_title(part: Sequence[Event], i: int) -> bool:
    """`đạt danh hiệu Cờ thi đua`: danh hiệu only introduces the form behind it."""
    behind = part[i + 1] if i + 1 < len(part) else None
    return (
        part[i].text.lower() == "danh hiệu"
        and behind is not None
        and behind.kind == "form"
        and behind.start - part[i].end < 4
    )


def _stands_alone(part: Sequence[Event], i: int, strong: Sequence[int]) -> bool:
    """A commendation verb with receivers of its own between it and the next form."""
    ahead = next((s for s in strong if s > i), None)
    if ahead is None:
        return any(e.kind == "recipient" and e.counted for e in part[i:])
    return any(e.kind == "recipient" and e.counted for e in part[i:ahead]) and any(
        e.kind == "recipient" for e in part[ahead:]
    )


def _coordinate(text: str, part: Sequence[Event], i: int, j: int) -> bool:
    """`bằng khen, giấy khen`: two forms side by side, receivers shared."""
    if part[j].form == "commendation" or part[i].form == "commendation":
        return False
    return text[part[i].end : part[j].start].strip() in {",", "và", "và các", "&", ", và"}


def _subject(part: Sequence[Event], subject: list[str]) -> list[str]:
    """The givers before the first verb of giving that has any; where a part has none, those of the part before it."""
    for i, e in enumerate(part):
        if e.kind != "give" and not (e.kind == "form" and e.form == "commendation"):
            continue
        before = part[:i]
        if any(p.kind == "passive" for p in before):
            return subject
        names = _names(_adjacent([p for p in before if p.kind == "grantor"]))
        if names:
            return names
    return subject


def _adjacent(givers: Sequence[Event]) -> list[Event]:
    """The last giver, with those joined to it: `UBND tỉnh và Bộ Giáo dục và Đào tạo`."""
    out: list[Event] = []
    for g in reversed(givers):
        if out and out[0].start - g.end > 8:
            break
        out.insert(0, g)
    return out


def _names(givers: Sequence[Event]) -> list[str]:
    names: list[str] = []
    for g in givers:
        if g.unit is None:
            continue
        # The piece begins before the unit where an office gives: `Chủ tịch UBND tỉnh`.
        office = g.office + " " if g.office else ""
        if (name := f"{office}{g.unit.canonical}") not in names:
            names.append(name)
    return names


def _givers(
    part: Sequence[Event],
    group: Sequence[int],
    behind_end: int,
    subject: list[str],
    *,
    passive: bool,
    taken: set[int],
) -> list[str]:
    """Givers of a group of forms: behind `của` or `do`, else the agent between được and the verb, else the subject."""
    after: list[Event] = []
    for i in range(group[-1] + 1, behind_end):
        e = part[i]
        if e.kind in {"of", "by"} and i + 1 < behind_end and part[i + 1].kind == "grantor":
            after = [p for p in part[i + 1 : behind_end] if p.kind == "grantor"]
            joined = after[:1]
            for g in after[1:]:
                if g.start - joined[-1].end > 8:
                    break
                joined.append(g)
            after = joined
            break
        # `Cờ thi đua LĐLĐ tỉnh: 06 đơn vị`: the giver right behind the form.
        if i == group[-1] + 1 and e.kind == "grantor" and e.start - part[group[-1]].end <= 1:
            after = [e]
            break
        if e.kind == "form":
            break
    if after:
        return _names(after)
    passives = [i for i in range(group[0]) if part[i].kind == "passive"]
    if passives and (passive or any(p.kind == "grantor" for p in part[passives[-1] : group[0]])):
        agents = [p for p in part[passives[-1] : group[0]] if p.kind == "grantor"]
        if agents:
            return _names(_adjacent(agents))
        if passive:
            return []
    if passive and any(p.kind == "receive" for p in part[: group[0]]):
        return []
    return list(subject)


_OBJECT = re.compile(
    r"(?:kết nạp|phát triển|thành lập|giới thiệu|bồi dưỡng)(?: mới| được| thêm)*\s*(?:trên|hơn|gần)?\s*$",
    re.IGNORECASE,
)
_DECIDED = re.compile(r"(?:theo )?quyết định (?:khen thưởng|tặng|khen)[^,;]{0,30}của\s*$", re.IGNORECASE)


def _receivers_before(text: str, part: Sequence[Event], i: int, taken: set[int]) -> list[int]:
    """Receivers before a form, where `được` or `nhận` stands between: `02 tập thể được Tổng LĐLĐ tặng Cờ thi đua`."""
    verb = None
    for j in range(i - 1, -1, -1):
        e = part[j]
        if e.kind in {"passive", "receive"}:
            verb = j
            break
        if e.kind in {"form", "recipient"}:
            break
    if verb is None:
        return []
    out: list[int] = []
    for j in range(verb - 1, -1, -1):
        e = part[j]
        if e.kind == "form" or j in taken:
            break
        if e.kind == "recipient":
            if out and part[out[0]].start - e.end > 45:
                break
            # `phát triển 120 đoàn viên, lập 3 CĐCS và nhận Cờ`: objects of verbs of their own.
            if _OBJECT.search(text[max(0, e.start - 30) : e.start]) or (
                not out and text[e.end : part[verb].start].lstrip(" ,").startswith("và ")
            ):
                break
            out.insert(0, j)
        elif e.kind in {"give"}:
            break
    return out


def _receivers_behind(part: Sequence[Event], i: int, stop: int, taken: set[int], text: str) -> list[int]:
    out: list[int] = []
    for j in range(i + 1, stop):
        e = part[j]
        if e.kind == "recipient" and j not in taken:
            if stop < len(part) and _belongs_to_next(part, j, stop):
                break
            reach = 40 if part[i].form == "commendation" else 110 if e.counted else 60
            if not out and e.start - part[i].end > reach:
                break
            if out and (e.start - part[out[-1]].end > 60 or (not e.counted and part[out[-1]].counted)):
                break
            out.append(j)
        elif (e.kind == "passive" and out) or (e.kind in {"receive"} and out):
            break
    return out


def _belongs_to_next(part: Sequence[Event], j: int, stop: int) -> bool:
    """Whether the receiver at `j` is the subject of the next form: `…, 6 cá nhân nhận Bằng khen`."""
    return any(p.kind in {"receive", "passive"} for p in part[j:stop])
