"""Short mentions of units (`LĐLĐ tỉnh`, `Công đoàn Viên chức`) resolved within their article, and each mention's province.

A short mention gets its full name from the longer one that begins the same way, or from the province or district that the
article speaks from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.letters import UPPER, lowered_article
from extractors.places import Province, is_district, province, province_pattern
from extractors.unit_mention import UnitMention


def resolved(
    found: Sequence[UnitMention], text: str, home: Province | None, on: str | None
) -> list[UnitMention]:
    """Full names for short mentions, and each mention's province.

    Most units are named several times: what a name stands for is told once for all its mentions.
    """
    placed = _with_employers(_placed(found, text, home))
    full = Counter(u.canonical for u in placed)
    keys = {c: _key(c) for c in full}
    longest: dict[str, str] = {}
    provinces: dict[str, Province | None] = {}
    out = []
    for u in placed:
        canonical = u.canonical
        if _may_be_short(u):
            if canonical not in longest:
                short_for = keys[canonical] + " "
                longer = [c for c, key in keys.items() if key.startswith(short_for)]
                longest[canonical] = max(longer, key=lambda c: (full[c], len(c))) if longer else canonical
            canonical = longest[canonical]
        if canonical not in provinces:
            name = province_pattern().search(canonical)
            provinces[canonical] = province(name.group(), on=on) if name else None
        level = u.level
        owner = provinces[canonical]
        if owner is None and level in _LOCAL:
            owner = home
        code = owner.code if owner and level != "national" else None
        # A sector's union got its place only now: it is the province's, not the nation's.
        if u.type == "sector_union" and not canonical.endswith("Việt Nam") and _HAS_PLACE.search(canonical):
            level = "upper_grassroots"
        out.append(UnitMention(u.start, u.end, u.name, canonical, u.type, level, code, u.rule, u.office))
    return out


# Levels at which a unit without a province in its name is of the article's.
_LOCAL = frozenset({"province", "district", "grassroots", None})


def _placed(found: Sequence[UnitMention], text: str, home: Province | None) -> list[UnitMention]:
    """Mentions with their place in the name, where the article tells it."""
    districts: Counter[str] | None = None
    nearest: str | None = None
    told: dict[tuple[str, str], str] = {}
    placed: list[UnitMention] = []
    for u in found:
        canonical = u.canonical
        if (known := told.get((canonical, u.rule))) is not None:
            placed.append(u._replace(canonical=known) if known != canonical else u)
            continue
        short = _SHORT.search(canonical) if canonical.endswith(_PLACE_NOUNS) else None
        if short:
            wanted = short[1]
            if wanted == "tỉnh" and home:
                canonical = f"{canonical} {home.name}" if home.kind == "tỉnh" else canonical
            elif wanted == "thành phố" and home and home.kind == "thành phố":
                canonical = f"{canonical} {home.name}"
            else:
                if districts is None:
                    districts = _districts(found, text)
                near = [d for d, _ in districts.most_common() if d.startswith(wanted)]
                if near:
                    canonical = canonical[: -len(wanted)] + near[0]
        elif (whole := _of_province(u)) is not None:
            canonical = whole
        elif canonical == "Liên đoàn Lao động":
            nearest = nearest or _nearest_federation(found, home) or canonical
            canonical = nearest
        elif canonical in {"Tỉnh ủy", "Thành ủy", "Tỉnh đoàn", "Thành đoàn"} and home:
            canonical = f"{canonical} {home.name}"
        elif (u.rule == "unit.department" and home and not _HAS_PLACE.search(canonical)) or (
            u.rule == "unit.sector"
            and home
            and re.fullmatch(r"Công đoàn ngành [^.]+", canonical)
            and not _HAS_PLACE.search(canonical)
        ):
            canonical = f"{canonical} {home.full}"
        told[u.canonical, u.rule] = canonical
        placed.append(u._replace(canonical=canonical) if canonical != u.canonical else u)
    return placed


_PLACE_NOUNS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã")
_SHORT = re.compile(r"(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã)$")
_DISTRICT_NAMED = re.compile(rf"(?:huyện|quận|thị xã|thành phố) [{UPPER}\d].*$")
_DISTRICT_WORD = re.compile(r"(huyện|quận|thị xã) ")
_DISTRICT_NAME = re.compile(rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{0,3}}|\d{{1,2}}")


def _districts(found: Sequence[UnitMention], text: str) -> Counter[str]:
    """How often each district, with its kind, is named in a unit or elsewhere in `text`."""
    districts = Counter(
        m[0] for u in found if u.level == "district" and (m := _DISTRICT_NAMED.search(u.canonical))
    )
    at = 0
    for m in _DISTRICT_WORD.finditer(lowered_article(text)):
        name = _DISTRICT_NAME.match(text, m.end())
        if name is None or m.start() < at:
            continue
        at = name.end()
        if is_district(m[1], name[0]):
            districts[f"{m[1]} {name[0]}"] += 1
    return districts


_BARE_EMPLOYER = re.compile(
    r"(Công đoàn(?: cơ sở)?) (Công ty|Tổng Công ty|Trường|Tập đoàn|Bệnh viện)$", re.IGNORECASE
)


def _with_employers(found: Sequence[UnitMention]) -> Sequence[UnitMention]:
    """`Công đoàn Công ty` where only the company is named in full: the union of that company."""
    employers = Counter(u.canonical for u in found if u.type == "employer")
    if not employers:
        return found
    out = []
    for u in found:
        m = _BARE_EMPLOYER.match(u.canonical)
        if m is not None and not any(x.canonical.startswith(u.canonical + " ") for x in found):
            own = [e for e, _ in employers.most_common() if e.lower().startswith(m[2].lower() + " ")]
            out.append(u._replace(canonical=f"{m[1]} {own[0]}") if own else u)
        else:
            out.append(u)
    return out


_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def _key(canonical: str) -> str:
    """For comparison: letter case and leading zeros (`số 01`, `số 1`) do not count."""
    return _LEADING_ZEROS.sub("", canonical.casefold())


_HAS_PLACE = re.compile(r"Việt Nam|(?<!\w)(?:tỉnh|thành phố|huyện|quận|thị xã)(?!\w)")
_DISTRICT_UNION = re.compile(r"Công đoàn ((?:huyện|quận|thị xã) .+)")
_SECTOR_OF_PLACE = re.compile(
    r"Công đoàn (?:ngành .+|Giáo dục|Y tế|Xây dựng|Giao thông vận tải|Công [Tt]hương|Viên chức)$"
)


def _of_province(u: UnitMention) -> str | None:
    """`Công đoàn Nghệ An` is the province's federation, `Công đoàn huyện A` the district's; `Công đoàn ngành Y tế Đà Nẵng` the city's sector union."""
    # Heads of other names stay as they are, whatever place is named behind them.
    if not u.canonical.startswith("Công đoàn"):
        return None
    local = _DISTRICT_UNION.fullmatch(u.canonical)
    if local is not None:
        return f"Liên đoàn Lao động {local[1]}"
    named = next((m for m in province_pattern().finditer(u.canonical) if m.end() == len(u.canonical)), None)
    if named is None or (p := province(named.group())) is None:
        return None
    head = u.canonical[: named.start()].rstrip()
    if head == "Công đoàn":
        return f"Liên đoàn Lao động {p.full}"
    return (
        f"{head} {p.full}"
        if _SECTOR_OF_PLACE.match(head) and not head.endswith(("tỉnh", "thành phố"))
        else None
    )


def _nearest_federation(found: Sequence[UnitMention], home: Province | None) -> str | None:
    """What a bare `LĐLĐ` stands for: the federation named in full most often, else the home province's."""
    full = Counter(
        x.canonical
        for x in found
        if x.type == "federation" and re.search(r"(?:tỉnh|thành phố|huyện|quận|thị xã) \S", x.canonical)
    )
    if full:
        return full.most_common(1)[0][0]
    return f"Liên đoàn Lao động {home.full}" if home else None


def _may_be_short(u: UnitMention) -> bool:
    """Whether a mention may stand for a longer name: a cluster, a sector's union, an employer's union; a federation not."""
    return u.rule == "unit.union_bare" or (
        u.type
        in {
            "cluster",
            "civil_servants_union",
            "sector_union",
            "enterprise_union",
            "grassroots_union",
            "other",
        }
        and not u.canonical.endswith("Việt Nam")
    )
