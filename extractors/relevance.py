"""Whether an article reports an event in which a trade union is host, giver or receiver."""

from __future__ import annotations

import re

from extractors.letters import lowered, lowered_article
from extractors.nlp import Reading

_LEADING = re.compile(r"công đoàn|liên đoàn lao động|lđlđ|cđcs|cnvclđ|nghiệp đoàn")
_GIVING = re.compile(
    r"(?:mái ấm|quỹ|công đoàn|cđ|lđlđ|liên đoàn lao động)[^.\n]{0,80}(?:trao|tặng|hỗ trợ|chăm lo|tổ chức|phối hợp|bàn giao|thăm)"
    r"|(?:trao|tặng|hỗ trợ)[^.\n]{0,60}(?:mái ấm công đoàn|cho công đoàn|quỹ mái ấm)"
)
_OF_UNIONS = re.compile(r"công đoàn|liên đoàn lao động")
_NO_UNION = ("Chi hội", "Hội", "Quỹ", "Trường", "Báo", "Đảng")
_NO_HOST = ("Chi hội", "Hội", "Cụm", "Khối", "Trung ương", "Tỉnh đoàn", "Ban Bí thư")


def is_relevant(r: Reading) -> bool:
    """A union holds the event, gives or gets something at it, or stands in title or lead beside a host that is no
    association or party."""
    if not r.conferences:
        return False
    conference = r.conferences[0]
    text = r.segments.text
    host = conference.host
    if host is not None and _is_union_name(host.canonical, host.type):
        return True
    unions = [
        u for u in r.units if u.is_union and u.rule != "unit.movement" and _is_union_name(u.canonical, u.type)
    ]
    if host is not None and (host.type == "party" or host.canonical.startswith(_NO_HOST)):
        return False
    if any(
        ref.role in {"grantor", "recipient"} and _is_union_name(ref.canonical, ref.type)
        for ref in conference.units
    ):
        return True
    # A union beside an event of no known kind that another holds, or nobody, is a voice in a debate or a strike's cause.
    if conference.kind == "other":
        return False
    if any(u.start < r.scene.lead_end and r.segments.line_at(u.start).kind != "furniture" for u in unions):
        return True
    low = lowered_article(text)
    return bool(_LEADING.search(low, 0, r.scene.lead_end) and _GIVING.search(low))


def _is_union_name(canonical: str, kind: str) -> bool:
    if canonical.startswith(_NO_UNION):
        return False
    return kind in {
        "confederation", "federation", "sector_union", "civil_servants_union", "enterprise_union", "grassroots_union",
    } or (kind == "cluster" and _OF_UNIONS.search(lowered(canonical)) is not None)  # fmt: skip
