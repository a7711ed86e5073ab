"""Mentions of unions, clusters, employers and authorities, each with its full name, type, level and province.

Short mentions (`LĐLĐ tỉnh`, `Công đoàn Viên chức`, `Cụm thi đua số 6`) get their full name from the longer mention that
begins the same way, or from the province or district the article speaks from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.letters import LOWER, UPPER
from extractors.lexicon.tables import load
from extractors.places import Province, is_district, province, province_pattern
from extractors.records import UnitLevel, UnitType
from extractors.unit_names import expand, read_name, read_place, skip_abbreviation


@dataclass(frozen=True, slots=True)
class UnitMention:
    """`text[start:end]` names a unit; `canonical` is its full name; `rule` names the head that found it."""

    start: int
    end: int
    name: str
    canonical: str
    type: UnitType
    level: UnitLevel | None
    province_code: str | None
    rule: str
    office: str = ""
    """`Chủ tịch` of `Chủ tịch UBND tỉnh`: a person in office gives in its own name."""

    @property
    def is_union(self) -> bool:
        return (
            self.type not in {"authority", "party", "other", "employer", "department"}
            or "công đoàn" in self.canonical.lower()
        )


# (end of the mention, normal form) from the text and the end of the head; None where the head is no name there.
_Reader = Callable[[str, "re.Match[str]"], "tuple[int, str] | None"]


def _placed(full: str, *, bare: bool = True) -> _Reader:
    """A head and a place: `LĐLĐ tỉnh Vĩnh Long`. `bare` allows a place noun alone (`LĐLĐ tỉnh`)."""

    def read(text: str, m: re.Match[str]) -> tuple[int, str] | None:
        at = skip_abbreviation(text, m.end())
        country = re.match(r" *(?:Việt Nam|VN)(?!\w)", text[at : at + 12])
        if country:
            return at + country.end(), f"{full} Việt Nam"
        got = read_place(text, at)
        if got is None:
            return (m.end(), full) if bare and m.group()[0].isupper() else None
        return got[1], f"{full} {got[0]}"

    return read


def _named(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """A head and a free name: `Công đoàn Công ty Cổ phần May Sài Gòn`."""
    end = read_name(text, m.end())
    if end == m.end():
        return None
    return end, expand(text[m.start() : end])


def _fixed(full: str) -> _Reader:
    return lambda text, m: (m.end(), full)


def _whole(text: str, m: re.Match[str]) -> tuple[int, str]:
    return m.end(), expand(m.group())


def _youth(text: str, m: re.Match[str]) -> tuple[int, str]:
    return m.end(), "Ban Bí thư Trung ương Đoàn" if m.group().startswith("Ban") else "Trung ương Đoàn"


def _own_union(text: str, m: re.Match[str]) -> tuple[int, str]:
    """`BCH CĐCS`, `Công đoàn nhà trường`: the union spoken of, whose name stands elsewhere."""
    return m.end(), "Công đoàn cơ sở" if re.search("CS|cơ sở", m.group()) else "Công đoàn"


def _military(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """`Tiểu đoàn DK1`, `Bộ tư lệnh Vùng 2 Hải quân`."""
    name = re.compile(rf"(?: +(?:[{UPPER}][\w]*|\d+|quân))+").match(text, m.end())
    return (name.end(), text[m.start() : name.end()]) if name else None


def _cluster(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """`Cụm thi đua số 6, LĐLĐ tỉnh Thanh Hóa`: a number, then the units it is made of or belongs to."""
    end = m.end()
    number = re.match(r" +(?:số +)?(?:\d{1,2}|[IVX]+)(?![\w/%])", text[end:])
    if number and re.match(r" +(?:số +)", number.group()):
        end += number.end()
    link = re.match(
        r" *(?:[,(]|-|–)? *(?:thuộc +|trực thuộc +|của +)?(?=(?:các +)?(?:LĐLĐ|Liên đoàn|Công đoàn|CĐ|công đoàn|Hội|Tổng))",
        text[end:],
    )
    if link:
        head_end = end + link.end()
        inner = re.match(
            r"(?:các +)?(?:LĐLĐ|Liên đoàn [Ll]ao động|[Cc]ông đoàn(?: cơ sở)?|CĐCS|CĐ|Tổng (?:LĐLĐ|Liên đoàn)|Hội)",
            text[head_end:],
        )
        if inner:
            at = head_end + inner.end()
            stop = read_name(text, at) if inner.group() == "Hội" else _cluster_tail(text, at)
            tail = text[head_end:stop]
            return stop, expand(f"{text[m.start() : end]} {tail}")
    stop = _cluster_tail(text, end)
    if stop == m.end() and "thi đua" not in m.group().lower():
        return None
    return stop, expand(text[m.start() : stop])


_TAIL_WORD = re.compile(
    r" +(?:(?:các|số|ngành|cơ sở|công đoàn|trực thuộc|thuộc|Trung ương|trung ương|thành phố|tỉnh|huyện|quận|thị xã|khối|doanh nghiệp|trường học|trường|cơ quan|viên chức|cấp trên|trực tiếp"
    rf"|LĐLĐ|Liên đoàn [Ll]ao động|CĐCS|CĐ|Công đoàn|Tổng|và|khu công nghiệp|KCN|miền|vùng|đồng bằng|Trung ương Hội)(?!\w)|\d{{1,2}}(?![\d/%.,])|[{UPPER}][\w'’]*)"
)  # fmt: skip


def _cluster_tail(text: str, at: int) -> int:
    end = at
    while True:
        at = skip_abbreviation(text, at)
        place = read_place(text, at)
        if place and " " in place[0] and place[0] != "thành phố":
            return place[1]
        m = _TAIL_WORD.match(text, at)
        if m is None:
            break
        at = m.end()
        word = m.group().strip().lower()
        if word not in {"các", "số", "và", "trực thuộc", "thuộc", "khối"}:
            end = at
    return end


_UPPER = f"[{UPPER}]"
_NEWSPAPERS = "|".join(re.escape(row["name"]) for row in load("newspapers"))
_SECTORS = (
    r"Giáo dục(?: và Đào tạo)?|Y tế|Công [Tt]hương|Xây dựng|Giao thông [Vv]ận tải|GTVT|Nông nghiệp(?: và (?:Phát triển nông thôn|PTNT))?|NN&PTNT|Ngân hàng|Thông tin và Truyền thông"
    r"|Văn hóa, Thể thao và Du lịch|Dầu khí|Điện lực|Bưu điện|Cao su|Dệt may|Đường sắt|Hàng không|Hàng hải|Than - Khoáng sản|Quốc phòng|Công an|Lao động - Thương binh và Xã hội|Tài nguyên và Môi trường"
)  # fmt: skip
# Head pattern, type, level, reader. Order matters: of two heads at one place the earlier wins.
_HEADS: tuple[tuple[str, str, UnitType, UnitLevel | None, _Reader], ...] = (
    ("confederation", r"(?:Tổng +(?:LĐ ?LĐ|[Ll]iên đoàn [Ll]ao động)|TLĐLĐ|TLĐ|Tổng [Ll]iên đoàn)(?:\s*\((?:TLĐ|LĐLĐ|Tổng LĐLĐ)\))?(?:\s*(?:VN|Việt Nam))?", "confederation", "national", _fixed("Tổng Liên đoàn Lao động Việt Nam")),
    ("movement", r"Công đoàn (?:Việt Nam|VN)(?! *(?:Sở|Công ty))", "confederation", "national", _fixed("Công đoàn Việt Nam")),
    ("cluster", r"(?:Cụm|Khối|cụm|khối)(?:\s+(?:trưởng|phó))?\s+[Tt]hi đua|Cụm\s+(?=số\s+\d)", "cluster", None, _cluster),
    ("federation", r"(?:LĐ ?LĐ|[Ll]iên đoàn [Ll]ao [Đđ]ộng)", "federation", None, _placed("Liên đoàn Lao động")),
    ("civil_servants", r"(?:CĐVC|(?:Công đoàn|CĐ) [Vv]iên chức)", "civil_servants_union", None, _placed("Công đoàn Viên chức")),
    ("grassroots", rf"(?:CĐCS|(?:Công đoàn|CĐ|công đoàn) [Cc]ơ sở)(?: +\(CĐCS\))?(?= +(?:{_UPPER}|trường|cơ quan|công ty|các nhà))", "grassroots_union", "grassroots", _named),
    ("zone", r"(?:Công đoàn|CĐ) (?:các )?(?:[Kk]hu|KCN|KCX|KKT)", "sector_union", "upper_grassroots", _named),
    ("sector", rf"(?:Công đoàn|CĐ) (?:[Nn]gành )?(?i:{_SECTORS})(?!\w)", "sector_union", "sector", _named),
    ("sector_bare", r"(?:Công đoàn|CĐ) [Nn]gành|CĐN", "sector_union", "sector", _named),
    ("union", rf"(?:Công đoàn|CĐ)(?= +(?:\(CĐ\w*\) +)?(?:{_UPPER}|[Tt]rường |[Cc]ông ty |[Bb]áo |[Cc]ơ quan |[Kk]hối |[Tt]ổng |[Tt]ập đoàn|[Bb]an |huyện |xã |phường |quận ))", "enterprise_union", "grassroots", _named),
    ("union_bare", r"(?<=Ban Chấp hành )(?:CĐCS|Công đoàn)|(?<=BCH )(?:CĐCS|Công đoàn)|(?<=BTV )Công đoàn|(?:CĐCS|Công đoàn|Công đoàn cơ sở) nhà trường", "grassroots_union", "grassroots", _own_union),
    ("people_committee", r"(?:UBND|[UỦ]ỷ? ?[Bb]an [Nn]hân dân|Ủy ban nhân dân|Uỷ ban nhân dân)", "authority", None, _placed("Ủy ban nhân dân")),
    ("council", r"(?:HĐND|Hội đồng nhân dân)", "authority", None, _placed("Hội đồng nhân dân")),
    ("prime_minister", r"Thủ tướng Chính phủ|Thủ tướng", "authority", "national", _fixed("Thủ tướng Chính phủ")),
    ("president", r"Chủ tịch [Nn]ước(?! CH)", "authority", "national", _fixed("Chủ tịch nước")),
    ("government", rf"Chính phủ(?=\s+{_UPPER}\w+ gia)", "authority", "national", _named),
    ("government", r"Chính phủ(?! [A-ZĐ])", "authority", "national", _fixed("Chính phủ")),
    ("ministry", r"Bộ(?=\s+(?:Giáo dục|GD|Y tế|Công|Quốc phòng|Lao động|LĐ|Nội vụ|Tài|Xây dựng|Giao thông|GTVT|Nông|Thông tin|Văn|Khoa|Tư pháp|Kế hoạch|Ngoại|Tư lệnh))", "authority", "national", _named),
    ("party", r"(?:Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Huyện ủy|Huyện uỷ|Quận ủy|Quận uỷ|Thị ủy|Đảng ủy|Đảng uỷ)", "party", None, lambda t, m: _party(t, m)),
    ("youth", r"(?:Ban [Bb]í thư\s+)?Trung ương Đoàn", "other", "national", _youth),
    ("youth_place", r"(?:Tỉnh đoàn|Thành đoàn|Tỉnh Đoàn|Thành Đoàn|Huyện đoàn|Quận đoàn)", "other", None, _named),
    ("association", r"(?:Chi hội|Trung ương Hội|Hội)(?=\s+(?:Luật gia|Nhà báo|Phụ nữ|Nông dân|Cựu|Chữ thập|Liên hiệp|LHPN|Khuyến|Sinh viên|Doanh))", "other", None, _named),
    ("department", rf"Sở(?=\s+{_UPPER})", "department", "province", _named),
    ("management", r"Ban [Qq]uản lý(?=\s+(?:các )?(?:[Kk]hu|KCN|KKT|KCX))", "authority", None, _named),
    ("fund", r"Quỹ(?=\s+(?:Xã hội|Bảo|Tấm|Trợ))", "other", None, _named),
    ("newspaper", rf"(?:Báo|báo|Tạp chí) (?:{_NEWSPAPERS})", "other", None, _whole),
    ("military", rf"(?:Bộ [Tt]ư lệnh|Quân chủng|Sư đoàn|Lữ đoàn|Trung đoàn|Tiểu đoàn)(?= +(?:{_UPPER}|\d))", "authority", None, _military),
    ("school", r"(?:Trường|Học viện)(?=\s+(?:Đại học|ĐH|Cao đẳng|CĐ|THPT|THCS|Tiểu học|TH|Mầm non|Chính trị|Trung)\b)", "employer", "grassroots", _named),
    ("company", rf"(?:Tổng [Cc]ông ty|Công ty|Tập đoàn|Ngân hàng|CTCP|Cty)(?=\s+(?:{_UPPER}|cổ phần|trách nhiệm))", "employer", "grassroots", _named),
)  # fmt: skip
_PATTERN = re.compile("|".join(f"(?P<h{i}>(?<![\\w-]){p})" for i, (_, p, *_r) in enumerate(_HEADS)))
_OFFICE = re.compile(r"(?:Phó )?(?:Chủ tịch|Giám đốc|Bí thư|Bộ trưởng|Trưởng ban)\s+$", re.IGNORECASE)


def _party(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    full = {
        "tỉnh": "Tỉnh ủy",
        "thành": "Thành ủy",
        "huyện": "Huyện ủy",
        "quận": "Quận ủy",
        "thị": "Thị ủy",
        "đảng": "Đảng ủy",
    }[m.group().split()[0].lower()]
    named = province_pattern().match(text, m.end() + 1)
    if named and (p := province(named.group())):
        return named.end(), f"{full} {p.name}"
    capitals = re.match(rf"\s+((?:[{UPPER}]\w*|\d{{1,2}})(?: [{UPPER}]\w*){{0,2}})", text[m.end() :])
    if capitals and full != "Đảng ủy":
        return m.end() + capitals.end(), f"{full} {capitals[1]}"
    return m.end(), full


_BETTING = re.compile(
    r"nhà cái|kèo|cá cược|\bbet\b|\w*bet\d|casino|w88|fun88|m88|188bet|188|uy tín expert|lô đề|xổ số",
    re.IGNORECASE,
)


def find_units(text: str, *, home: Province | None = None, on: str | None = None) -> list[UnitMention]:
    """All mentions of units in `text`, left to right, short ones resolved within the article.

    `home` is the province the article speaks from; `on` the ISO date that provinces are named as of.

    >>> find_units("LĐLĐ tỉnh Vĩnh Long tặng cờ")[0].canonical
    'Liên đoàn Lao động tỉnh Vĩnh Long'
    """
    found: list[UnitMention] = []
    at = 0
    while (m := _PATTERN.search(text, at)) is not None:
        index = next(i for i in range(len(_HEADS)) if m[f"h{i}"] is not None)
        rule, _, kind, level, reader = _HEADS[index]
        got = reader(text, m)
        if got is None:
            at = m.end()
            continue
        end, canonical = got
        if rule == "federation" and canonical == "Liên đoàn Lao động Việt Nam":
            kind, level, canonical = "confederation", "national", "Tổng Liên đoàn Lao động Việt Nam"
        if _BETTING.search(canonical):
            at = m.end()
            continue
        office = _OFFICE.search(text[max(0, m.start() - 16) : m.start()])
        found.append(
            UnitMention(
                m.start(), end, text[m.start() : end], canonical, _type(kind, canonical), _level(level, kind, canonical), None,
                f"unit.{rule}", office.group().strip() if office else "",
            )
        )  # fmt: skip
        found.extend(_listed(text, found[-1], end))
        at = max(found[-1].end, m.end())
    return _resolved(found, text, home, on)


_LIST_NEXT = re.compile(rf"(?:,|;|\s+và)\s+(?:(huyện|quận|thị xã|thành phố|tỉnh|TP\.?)\s+)?(?=[{UPPER}])")


def _listed(text: str, first: UnitMention, at: int) -> list[UnitMention]:
    """`LĐLĐ các huyện Bắc Bình, Tuy Phong, Phú Quý`, `LĐLĐ huyện A, B, huyện C và D`: the head told once for all."""
    if first.type != "federation" or first.level != "district":
        return []
    kind = re.search(r"(huyện|quận|thị xã|thành phố)\s", first.canonical)
    if kind is None:
        return []
    word, made = kind[1], []
    while (m := _LIST_NEXT.match(text, at)) is not None:
        word = {"TP": "thành phố", "TP.": "thành phố"}.get(m[1], m[1]) or word
        if word == "tỉnh":
            break
        place = read_place(f" {word} {text[m.end() : m.end() + 60]}", 0)
        if place is None or " " not in place[0]:
            break
        end = m.end() + place[1] - len(word) - 2
        names = _apart(word, place[0][len(word) + 1 :])
        if not all(is_district(word, name) for name in names):
            break
        for name in names:
            start = text.index(name, m.end())
            made.append(
                replace(
                    first,
                    start=start,
                    end=start + len(name),
                    name=name,
                    canonical=f"Liên đoàn Lao động {word} {name}",
                    rule="unit.list",
                )
            )
        at = end
    return made


def _apart(kind: str, name: str) -> list[str]:
    """Two district names that a lost comma ran together (`Thường XuânBá Thước`), else the one name."""
    for m in re.finditer(rf"(?<=[{LOWER}])(?=[{UPPER}])", name):
        if is_district(kind, name[: m.start()]) and is_district(kind, name[m.start() :]):
            return [name[: m.start()], name[m.start() :]]
    return [name]


def _type(kind: UnitType, canonical: str) -> UnitType:
    if kind == "enterprise_union" and re.search(r"đoàn (?:xã|phường|huyện|quận)", canonical):
        return "grassroots_union"
    return kind


def _level(level: UnitLevel | None, kind: UnitType, canonical: str) -> UnitLevel | None:
    if canonical.endswith("Việt Nam") and kind in {"federation", "civil_servants_union"}:
        return "sector" if kind == "civil_servants_union" else "national"
    if level is not None:
        return level
    place = re.search(r"(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã|phường|xã)(?:\s+(.+))?$", canonical)
    if place is None:
        return None
    if place[1] in {"huyện", "quận", "thị xã"}:
        return "district"
    if place[1] in {"phường", "xã"}:
        return "grassroots"
    if place[1] == "thành phố" and place[2] and province(place[2]) is None:
        return "district"
    return "province"


def _resolved(
    found: Sequence[UnitMention], text: str, home: Province | None, on: str | None
) -> list[UnitMention]:
    """Full names for short mentions, and each mention's province."""
    districts = Counter(
        m[0] for u in found if (m := re.search(rf"(?:huyện|quận|thị xã|thành phố) [{UPPER}\d].*$", u.canonical)) and u.level == "district"
    )  # fmt: skip
    placed: list[UnitMention] = []
    for u in found:
        canonical = u.canonical
        short = re.search(r"(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã)$", canonical)
        if short:
            wanted = short[1]
            if wanted == "tỉnh" and home:
                canonical = f"{canonical} {home.name}" if home.kind == "tỉnh" else canonical
            elif wanted == "thành phố" and home and home.kind == "thành phố":
                canonical = f"{canonical} {home.name}"
            else:
                near = [d for d, _ in districts.most_common() if d.startswith(wanted)]
                if near:
                    canonical = canonical[: -len(wanted)] + near[0]
        elif (whole := _of_province(u)) is not None:
            canonical = whole
        elif canonical == "Liên đoàn Lao động":
            canonical = _nearest_federation(found, home) or canonical
        elif canonical in {"Tỉnh ủy", "Thành ủy"} and home:
            canonical = f"{canonical} {home.name}"
        placed.append(replace(u, canonical=canonical))
    full = Counter(u.canonical for u in placed)
    out = []
    for u in placed:
        key = _key(u.canonical)
        longer = [c for c in full if _key(c).startswith(key + " ")] if _may_be_short(u) else []
        canonical = max(longer, key=lambda c: (full[c], len(c))) if longer else u.canonical
        name = province_pattern().search(canonical)
        own = province(name.group(), on=on) if name else None
        owner = own or (home if u.level in {"province", "district", "grassroots", None} else None)
        out.append(
            replace(
                u, canonical=canonical, province_code=owner.code if owner and u.level != "national" else None
            )
        )
    return out


def _key(canonical: str) -> str:
    """For comparison: letter case and leading zeros (`số 01`, `số 1`) do not count."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", canonical.casefold())


_SECTOR_OF_PLACE = re.compile(
    r"Công đoàn (?:ngành .+|Giáo dục|Y tế|Xây dựng|Giao thông vận tải|Công [Tt]hương|Viên chức)$"
)


def _of_province(u: UnitMention) -> str | None:
    """`Công đoàn Nghệ An` is the province's federation; `Công đoàn ngành Y tế Đà Nẵng` the city's sector union."""
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
