"""Mentions of unions, clusters, employers and authorities, each with its full name, type, level and province.

Short mentions (`LĐLĐ tỉnh`, `Công đoàn Viên chức`, `Cụm thi đua số 6`) get their full name from the longer mention that
begins the same way, or from the province or district the article speaks from.
"""

from __future__ import annotations

import re

from extractors.letters import LOWER, UPPER, alternation, lowered
from extractors.places import Province, is_district, province, province_pattern
from extractors.records import UnitLevel, UnitType
from extractors.unit_heads import HEADS
from extractors.unit_mention import UnitMention
from extractors.unit_names import read_place
from extractors.unit_resolution import resolved

# The empty group behind each pattern of a head names the head.
_HEAD_OF = {f"h{i}_{n}": HEADS[i] for i, (_, patterns, *_r) in enumerate(HEADS) for n in range(len(patterns))}
_HEAD = re.compile(
    alternation(
        (
            rf"{pattern}(?P<h{i}_{n}>)"
            for i, (_, patterns, *_r) in enumerate(HEADS)
            for n, pattern in enumerate(patterns)
        ),
        begins=r"(?<![\w-].)",
    )
)
_OFFICE_ENDS = ("tịch", "đốc", "thư", "trưởng", "ban")
_OFFICE = re.compile(r"(?:Phó )?(?:Chủ tịch|Giám đốc|Bí thư|Bộ trưởng|Trưởng ban)\s+$", re.IGNORECASE)


_BETTING = re.compile(
    r"nhà cái|kèo|cá cược|bet(?:\d|(?<!\wbet)(?!\w))|casino|w88|fun88|m88|188|uy tín expert|lô đề|xổ số"
)
_COUNTED = re.compile(r"\d\s$")


def find_units(text: str, *, home: Province | None = None, on: str | None = None) -> list[UnitMention]:
    """All mentions of units in `text`, left to right, short ones resolved within the article.

    `home` is the province the article speaks from; `on` the ISO date that provinces are named as of.

    >>> find_units("LĐLĐ tỉnh Vĩnh Long tặng cờ")[0].canonical
    'Liên đoàn Lao động tỉnh Vĩnh Long'
    """
    found: list[UnitMention] = []
    at = 0
    while (m := _HEAD.search(text, at)) is not None:
        assert m.lastgroup is not None
        rule, _, kind, level, reader = _HEAD_OF[m.lastgroup]
        got = reader(text, m)
        if got is None:
            at = m.end()
            continue
        end, canonical = got
        if rule == "federation" and canonical == "Liên đoàn Lao động Việt Nam":
            kind, level, canonical = "confederation", "national", "Tổng Liên đoàn Lao động Việt Nam"
        if _BETTING.search(lowered(canonical)):
            at = m.end()
            continue
        if canonical.endswith(("huyện", "tỉnh", "quận", "thành phố", "thị xã")) and _COUNTED.search(
            text, max(0, m.start() - 3), m.start()
        ):
            # `12 LĐLĐ huyện, thành phố` counts units, it names none.
            at = m.end()
            continue
        typed = _type(kind, canonical)
        before = text[max(0, m.start() - 16) : m.start()]
        office = _OFFICE.search(before) if before.rstrip().lower().endswith(_OFFICE_ENDS) else None
        found.append(
            UnitMention(
                m.start(), end, text[m.start() : end], canonical, typed, _level(level, typed, canonical), None,
                f"unit.{rule}", office.group().strip() if office else "",
            )
        )  # fmt: skip
        found.extend(_listed(text, found[-1], end))
        at = max(found[-1].end, m.end())
    return resolved(found, text, home, on)


_LIST = re.compile(r"(?:,|;|\s+và)\s+")
_LIST_HEAD = re.compile(r"Liên đoàn Lao động tỉnh|Tỉnh đoàn|Thành đoàn")
_DISTRICT_FEDERATION = re.compile(r"Liên đoàn Lao động (huyện|quận|thị xã|thành phố)\s")
_LIST_NEXT = re.compile(rf"(?:,|;|\s+và)\s+(?:(huyện|quận|thị xã|thành phố|tỉnh|TP\.?)\s+)?(?=[{UPPER}])")


def _listed(text: str, first: UnitMention, at: int) -> list[UnitMention]:
    """`LĐLĐ các huyện Bắc Bình, Tuy Phong`, `LĐLĐ các tỉnh A, B và C`, `các Tỉnh đoàn A, B`: the head told once for all."""
    if _LIST.match(text, at) is None:
        return []
    local = _DISTRICT_FEDERATION.search(first.canonical)
    if local is not None and first.level == "district":
        return _listed_districts(text, first, at, local[1])
    head = _LIST_HEAD.match(first.canonical)
    made: list[UnitMention] = []
    while head is not None and (m := _LIST.match(text, at)) is not None:
        named = province_pattern().match(text, m.end())
        p = province(named.group()) if named else None
        if named is None or p is None:
            break
        name = p.full if "Liên đoàn" in head.group() else p.name
        body = "Liên đoàn Lao động" if "Liên đoàn" in head.group() else head.group()
        made.append(
            first._replace(
                start=m.end(),
                end=named.end(),
                name=named.group(),
                canonical=f"{body} {name}",
                rule="unit.list",
            )
        )
        at = named.end()
    return made


def _listed_districts(text: str, first: UnitMention, at: int, word: str) -> list[UnitMention]:
    made: list[UnitMention] = []
    while (m := _LIST_NEXT.match(text, at)) is not None:
        word = {"TP": "thành phố", "TP.": "thành phố"}.get(m[1], m[1]) or word
        place = read_place(f" {word} {text[m.end() : m.end() + 60]}", 0) if word != "tỉnh" else None
        if place is None or " " not in place[0]:
            break
        names = _apart(word, place[0][len(word) + 1 :])
        if not all(is_district(word, name) for name in names):
            break
        for name in names:
            start = text.index(name, m.end())
            canonical = f"Liên đoàn Lao động {word} {name}"
            made.append(
                first._replace(
                    start=start,
                    end=start + len(name),
                    name=name,
                    canonical=canonical,
                    rule="unit.list",
                )
            )
        at = m.end() + place[1] - len(word) - 2
    return made


def _apart(kind: str, name: str) -> list[str]:
    """Two district names that a lost comma ran together (`Thường XuânBá Thước`), else the one name."""
    for m in re.finditer(rf"(?<=[{LOWER}])(?=[{UPPER}])", name):
        if is_district(kind, name[: m.start()]) and is_district(kind, name[m.start() :]):
            return [name[: m.start()], name[m.start() :]]
    return [name]


_WARD_UNION = ("Công đoàn xã ", "Công đoàn phường ", "Công đoàn đặc khu ")
_GROUP_UNION = ("Công đoàn Tổng Công ty", "Công đoàn Tổng công ty", "Công đoàn Tập đoàn")
_OFFICE_UNION = re.compile(
    r"Công đoàn (?:Trường|trường|Bệnh viện|Sở|cơ quan|Cơ quan|Văn phòng|Học viện|báo|Báo|Trung tâm|Ban|Đài|Cục|Chi cục|Kho bạc|Tòa án|Viện)"
)


def _type(kind: UnitType, canonical: str) -> UnitType:
    if kind == "enterprise_union" and canonical.startswith(_WARD_UNION):
        # Since 2025 a ward's or commune's union stands over its grassroots unions.
        return "federation"
    if kind == "enterprise_union" and _OFFICE_UNION.match(canonical):
        return "grassroots_union"
    return kind


_OF_PROVINCE = re.compile(r"(?<!\w)(?:tỉnh|thành phố)(?:\s|$)")
_OF_PLACE = re.compile(r"(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã|phường|xã)(?:\s+(.+))?$")


def _level(level: UnitLevel | None, kind: UnitType, canonical: str) -> UnitLevel | None:
    if kind == "cluster":
        return None
    if canonical.endswith("Việt Nam") and kind in {"federation", "civil_servants_union", "sector_union"}:
        return "national" if kind == "federation" else "sector"
    if kind in {"civil_servants_union", "sector_union"} and _OF_PROVINCE.search(canonical):
        return "upper_grassroots"
    if kind == "federation" and canonical.startswith(_WARD_UNION):
        return "upper_grassroots"
    if canonical.startswith(_GROUP_UNION):
        return "upper_grassroots"
    if kind == "party":
        return (
            "province"
            if canonical.startswith(("Tỉnh", "Thành"))
            else "district"
            if canonical.startswith(("Huyện", "Quận", "Thị"))
            else None
        )
    if level is not None:
        return level
    place = _OF_PLACE.search(canonical)
    if place is None:
        return None
    if place[1] in {"huyện", "quận", "thị xã"}:
        return "district"
    if place[1] in {"phường", "xã"}:
        return "grassroots"
    own = province(place[2]) if place[2] else None
    if place[1] == "thành phố" and place[2] and (own is None or own.kind != "thành phố"):
        return "district"
    return "province"
