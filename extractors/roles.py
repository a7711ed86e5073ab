"""What each unit is to the event: host, member of the cluster, giver, receiver, head or deputy, first of its cluster."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.letters import lowered, lowered_article
from extractors.records import Award, ConferenceKind, Evidence, UnitRef, UnitRole
from extractors.segments import Segments
from extractors.unit_mention import UnitMention

_LEADS = r"[\s,]*(?:\([^)]*\)\s*)?(?:[^.;,]{0,30}(?:giữ vai trò|làm|giữ chức|đảm nhận|là)\s+)?(?:(?:vai trò|nhiệm vụ)\s+)?(?:cụm|khối) "
_HEAD = re.compile(rf"{_LEADS}trưởng")
_LEADER = re.compile(rf"{_LEADS}(?:trưởng|phó)")
_GROUP = re.compile(r"(?:gồm|bao gồm|gồm có)\s*:?[^.;]*$|(?:gồm|có)\s+\d+\s+(?:đơn vị|thành viên)[^.;]*$")


_FIRST = re.compile(r"dẫn đầu|đứng đầu|nhất")
_OFFICES = ("Chủ tịch", "Giám đốc", "Bộ trưởng", "Thủ trưởng", "Tổng Giám đốc")
_TOGETHER = re.compile(r"phối hợp (?:với|cùng|tổ chức với)?|(?<!\w)(?:cùng|cùng với|và)(?!\w)")
_JOINTLY = re.compile(r"phối hợp|cùng")
_HELD = re.compile(r"^[^.;]{0,40}?(?:tổ chức|khai mạc|phát động|trao|tặng|khai giảng)")
_GIVES = re.compile(
    r"\s*(?:\([^)]{0,30}\)\s*)?(?:(?:đã|sẽ|cũng|còn|vừa)\s+)*(?:trao tặng|trao tận tay|trao|tặng|hỗ trợ|đứng ra vận động|tài trợ)(?!\w)",
)


def _may_lead(low: str, start: int, end: int) -> bool:
    """Whether the words are there that `_LEADER` ends in: told sooner than by trying it."""
    return low.find("trưởng", start, end) >= 0 or low.find("phó", start, end) >= 0


def reference(u: UnitMention, text: str, role: UnitRole) -> UnitRef:
    return UnitRef(
        name=u.name, canonical=u.canonical, type=u.type, level=u.level, province_code=u.province_code, role=role,
        evidence=Evidence(start=u.start, end=u.end, text=text[u.start : u.end], rule=u.rule),
    )  # fmt: skip


def unit_roles(
    segments: Segments,
    units: Sequence[UnitMention],
    host: UnitMention | None,
    awards: Sequence[Award],
    kind: ConferenceKind,
) -> list[UnitRef]:
    """Unit references by role, each (unit, role) once, in the order of the text; plain mentions last."""
    text, low = segments.text, lowered_article(segments.text)
    found: dict[tuple[str, UnitRole], UnitRef] = {}
    own = host.canonical.casefold() if host is not None else None

    def add(u: UnitMention, role: UnitRole) -> None:
        if (u.canonical, role) not in found:
            found[u.canonical, role] = reference(u, text, role)

    if host is not None:
        add(host, "host")
    by_name = {u.canonical: u for u in reversed(units)}
    cluster = kind == "cluster_review" or (host is not None and host.type == "cluster")
    sentences = [segments.sentence_at(u.start) for u in units]
    for u, sentence in zip(units, sentences, strict=True):
        if _may_lead(low, u.end, sentence[1]) and _LEADER.match(low, u.end, sentence[1]):
            add(u, "cluster_head" if _HEAD.match(low, u.end, sentence[1]) else "cluster_deputy")
        if (
            cluster
            and u.type != "cluster"
            and u.is_union
            and u is not host
            and _GROUP.search(low, sentence[0], u.start)
            and u.level in {"district", "upper_grassroots", "sector", None}
        ):
            add(u, "member")
    for a in awards:
        for name in a.grantors:
            plain = next(
                (n for n in (name, *(name.removeprefix(f"{o} ") for o in _OFFICES)) if n in by_name), name
            )
            # The host's own awards make it no second unit.
            if name.casefold() != own and (giver := by_name.get(plain)) is not None:
                ref = reference(giver, text, "grantor")
                found.setdefault((name, "grantor"), ref.model_copy(update={"canonical": name}))
        for name in a.recipients:
            if name.casefold() != own and (taker := by_name.get(name)) is not None:
                add(taker, "leader" if a.form == "rank" else "recipient")
                if a.form == "rank" and not _FIRST.search(lowered(a.form_text)):
                    found.pop((name, "leader"), None)
    for u in _listed_receivers(low, units, sentences):
        if u.canonical.casefold() != own:
            add(u, "recipient")
    if host is not None:
        for u in _partners(text, segments, host, units):
            add(u, "host")
    if kind == "care_event":
        for u, sentence in zip(units, sentences, strict=True):
            if (
                _GIVES.match(low, u.end, sentence[1])
                and u.canonical.casefold() != own
                and u.rule not in {"unit.movement", "unit.prime_minister"}
                and segments.line_at(u.start).kind == "body"
                and not text[sentence[0] : u.start].rstrip().endswith("của")
                and (u.canonical, "host") not in found
            ):
                add(u, "grantor")
    if host is not None:
        above = _superior(host, units)
        if above is not None:
            add(above, "superior")
    named = {name for name, _ in found}
    for u in units:
        if u.canonical not in named and u.rule != "unit.movement":
            add(u, "mentioned")
    return sorted(found.values(), key=lambda r: (r.role == "mentioned", r.evidence.start, r.role))


_RECEIVERS_LIST = re.compile(
    r"(?:đơn vị|tập thể|doanh nghiệp|công đoàn|cđcs)[^.;:]{0,70}(?:gồm|là|bao gồm)\s*:?"
)
_AWARD_WORD = re.compile(r"cờ thi đua|bằng khen|giấy khen|huân chương|danh hiệu|tuyên dương|khen thưởng")


def _listed_receivers(
    low: str, units: Sequence[UnitMention], sentences: Sequence[tuple[int, int]]
) -> list[UnitMention]:
    """`22 đơn vị đạt cờ thi đua gồm: …`: the units listed behind got the award; `sentences` are those of the `units`."""
    by_sentence: dict[tuple[int, int], list[UnitMention]] = {}
    for u, sentence in zip(units, sentences, strict=True):
        by_sentence.setdefault(sentence, []).append(u)
    out: list[UnitMention] = []
    for (start, end), named in sorted(by_sentence.items(), key=lambda told: told[0]):
        # Found sooner than the words before it, and most sentences have neither.
        if low.find("gồm", start, end) < 0 and low.find("là", start, end) < 0:
            continue
        m = _RECEIVERS_LIST.search(low, start, end)
        if m is not None and _AWARD_WORD.search(low, start, m.end()):
            out.extend(u for u in named if m.end() <= u.start < end)
    return out


def _partners(
    text: str, segments: Segments, host: UnitMention, units: Sequence[UnitMention]
) -> list[UnitMention]:
    """Units that hold the event with the host: `Báo A phối hợp với Tỉnh đoàn và Công đoàn ngành B tổ chức`."""
    end = segments.sentence_at(host.start)[1]
    if segments.line_at(host.start).kind != "body":
        return []
    partners: list[UnitMention] = []
    at = host.end
    for u in units:
        if u.start < at or u.end > end:
            continue
        between = text[at : u.start]
        link = _TOGETHER.search(lowered(between))
        if link is None or len(between) > (60 if not partners else 16) or "," in between[:-12]:
            break
        partners.append(u)
        at = u.end
    if (
        not partners
        or not _HELD.match(lowered(text[at:end]))
        or not _JOINTLY.search(lowered(text[host.end : partners[0].start]))
    ):
        return []
    return [u for u in partners if u.type not in {"party"}]


def _superior(host: UnitMention, units: Sequence[UnitMention]) -> UnitMention | None:
    """The federation above the host: the province's for a cluster, sector or district, else the confederation."""
    if host.type == "confederation":
        return None
    for u in units:
        if (
            u.type == "federation"
            and u.level == "province"
            and u.canonical != host.canonical
            and host.level != "national"
            and host.type != "federation"
        ):
            return u
        if (
            u.type == "federation"
            and u.level == "province"
            and host.type == "federation"
            and host.level == "district"
        ):
            return u
    return next((u for u in units if u.type == "confederation" and u.rule == "unit.confederation"), None)
