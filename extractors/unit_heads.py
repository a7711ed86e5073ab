"""Heads of unit names (`LĐLĐ`, `Công đoàn ngành`, `Cụm thi đua`, `UBND`) and how the name behind each is read."""

from __future__ import annotations

import re
from collections.abc import Callable

from extractors.letters import UPPER
from extractors.lexicon.tables import load
from extractors.places import province, province_pattern
from extractors.records import UnitLevel, UnitType
from extractors.unit_names import begins_person, expand, read_name, read_place, skip_abbreviation

# (end of the mention, normal form) from the text and the end of the head; None where the head is no name there.
_Reader = Callable[[str, "re.Match[str]"], "tuple[int, str] | None"]


_COUNTRY = re.compile(r" *(?:Việt Nam|VN)(?!\w)")


def _placed(full: str, *, bare: bool = True) -> _Reader:
    """A head and a place: `LĐLĐ tỉnh Vĩnh Long`. `bare` allows a place noun alone (`LĐLĐ tỉnh`)."""

    def read(text: str, m: re.Match[str]) -> tuple[int, str] | None:
        at = skip_abbreviation(text, m.end())
        country = _COUNTRY.match(text, at, at + 12)
        if country:
            return country.end(), f"{full} Việt Nam"
        got = read_place(text, at)
        if got is None:
            return (m.end(), full) if bare and m.group()[0].isupper() else None
        return got[1], f"{full} {got[0]}"

    return read


def _sector(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """A sector's union with or without its place: `Công đoàn ngành Y tế (tỉnh Quảng Bình)`."""
    end = read_name(text, m.end())
    if end == m.end() and "ngành" not in m.group().lower():
        return None
    return end, expand(text[m.start() : end])


def _named(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """A head and a free name: `Công đoàn Công ty Cổ phần May Sài Gòn`."""
    end = read_name(text, m.end())
    if end == m.end():
        return None
    return end, expand(text[m.start() : end])


def _authority(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """A head and the name of a public body: `Sở Y tế`, before the director's name."""
    end = read_name(text, m.end(), authority=True)
    return (end, expand(text[m.start() : end])) if end > m.end() else None


def _fixed(full: str) -> _Reader:
    return lambda text, m: (m.end(), full)


def _whole(text: str, m: re.Match[str]) -> tuple[int, str]:
    return m.end(), expand(m.group())


def _youth(text: str, m: re.Match[str]) -> tuple[int, str]:
    return m.end(), "Ban Bí thư Trung ương Đoàn" if m.group().startswith("Ban") else "Trung ương Đoàn"


def _youth_place(text: str, m: re.Match[str]) -> tuple[int, str]:
    head = m.group().replace("Đ", "đ")
    named = province_pattern().match(text, m.end() + 1)
    if named is not None and (p := province(named.group())):
        return named.end(), f"{head} {p.name if p.name != 'Hồ Chí Minh' else p.full}"
    end = read_name(text, m.end(), limit=4, authority=True)
    return end, head + text[m.end() : end]


def _own_union(text: str, m: re.Match[str]) -> tuple[int, str]:
    """`BCH CĐCS`, `Công đoàn nhà trường`: the union spoken of, whose name stands elsewhere."""
    return m.end(), "Công đoàn cơ sở" if re.search("CS|cơ sở", m.group()) else "Công đoàn"


_FORCE = re.compile(rf"(?: +(?:[{UPPER}][\w]*|\d+|quân))+")


def _military(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """`Tiểu đoàn DK1`, `Bộ tư lệnh Vùng 2 Hải quân`."""
    name = _FORCE.match(text, m.end())
    return (name.end(), text[m.start() : name.end()]) if name else None


_CLUSTER_NUMBER = re.compile(r" +số +(?:\d{1,2}|[IVX]+)(?![\w/%])")
_CLUSTER_LINK = re.compile(
    r" *+(?:[,(]|-|–)? *+(?:thuộc +|trực thuộc +|của +)?(?=(?:các +)?(?:LĐLĐ|Liên đoàn|Công đoàn|CĐ|công đoàn|Hội|Tổng))"
)
_CLUSTER_OF = re.compile(
    r"(?:các +)?(?:LĐLĐ|Liên đoàn [Ll]ao động|[Cc]ông đoàn(?: cơ sở)?|CĐCS|CĐ|Tổng (?:LĐLĐ|Liên đoàn)|Hội)"
)


def _cluster(text: str, m: re.Match[str]) -> tuple[int, str] | None:
    """`Cụm thi đua số 6, LĐLĐ tỉnh Thanh Hóa`: a number, then the units it is made of or belongs to."""
    end = m.end()
    if number := _CLUSTER_NUMBER.match(text, end):
        end = number.end()
    if (link := _CLUSTER_LINK.match(text, end)) and (inner := _CLUSTER_OF.match(text, link.end())):
        at = inner.end()
        stop = read_name(text, at) if inner.group() == "Hội" else _cluster_tail(text, at)
        return stop, _cluster_name(f"{text[m.start() : end]} {text[link.end() : stop]}")
    stop = _cluster_tail(text, end)
    if stop == m.end() and "thi đua" not in m.group().lower():
        return None
    return stop, _cluster_name(text[m.start() : stop])


_TAIL_WORD = re.compile(
    r" +(?:(?:các|số|ngành|cơ sở|công đoàn|trực thuộc|thuộc|Trung ương|trung ương|thành phố|tỉnh|huyện|quận|thị xã|khối|doanh nghiệp|trường học|trường|cơ quan|viên chức|cấp trên|trực tiếp"
    rf"|LĐLĐ|Liên đoàn [Ll]ao động|CĐCS|CĐ|Công đoàn|Tổng|và|khu công nghiệp|KCN|miền|vùng|đồng bằng|sông|miền núi|phía|trung du|duyên hải|Trung ương Hội)(?!\w)|\d{{1,2}}(?![\d/%.,])|[{UPPER}][\w'’]*)"
)  # fmt: skip


def _cluster_name(name: str) -> str:
    """`Khối thi đua các công đoàn ngành thuộc LĐLĐ tỉnh` is named without `thuộc`, `trực thuộc` stays."""
    return re.sub(r"(?<!trực) thuộc (?=Liên đoàn|Tổng|Công đoàn)", " ", expand(name))


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


_PARTY_PLACE = re.compile(rf"\s+((?:[{UPPER}]\w*|\d{{1,2}})(?: [{UPPER}]\w*){{0,2}})")


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
    capitals = _PARTY_PLACE.match(text, m.end())
    if capitals and full != "Đảng ủy" and not (capitals[1].count(" ") > 1 and begins_person(text, m.end())):
        return capitals.end(), f"{full} {capitals[1]}"
    return m.end(), full


_UPPER = f"[{UPPER}]"
_NEWSPAPERS = "|".join(re.escape(row["name"]) for row in load("newspapers"))
_SECTORS = (
    r"Giáo dục(?: và Đào tạo)?|Y tế|Công [Tt]hương|Xây dựng|Giao thông [Vv]ận tải|GTVT|Nông nghiệp(?: và (?:Phát triển nông thôn|PTNT))?|NN&PTNT|Ngân hàng|Thông tin và Truyền thông"
    r"|Văn hóa, Thể thao và Du lịch|Dầu khí|Điện lực|Bưu điện|Cao su|Dệt may|Đường sắt|Hàng không|Hàng hải|Than - Khoáng sản|Quốc phòng|Công an|Lao động - Thương binh và Xã hội|Tài nguyên và Môi trường"
)  # fmt: skip
_GRASSROOTS = rf"(?: +\(CĐCS\))?(?= +(?:{_UPPER}|trường|cơ quan|công ty|các nhà))"
# Name of the rule, patterns of the head, type, level, reader. Order matters: of two heads at one place the earlier wins. Each
# pattern begins with a letter, by which the places where one can begin are found (`alternation`).
HEADS: tuple[tuple[str, tuple[str, ...], UnitType, UnitLevel | None, _Reader], ...] = (
    ("confederation", (r"T(?:ổng +(?:LĐ ?LĐ|[Ll]iên đoàn [Ll]ao động)|LĐLĐ|LĐ|ổng [Ll]iên đoàn)(?:\s*\((?:TLĐ|LĐLĐ|Tổng LĐLĐ)\))?(?:\s*(?:VN|Việt Nam))?",), "confederation", "national", _fixed("Tổng Liên đoàn Lao động Việt Nam")),
    ("movement", (r"Công đoàn (?:Việt Nam|VN)(?! *(?:Sở|Công ty))",), "confederation", "national", _fixed("Công đoàn Việt Nam")),
    ("cluster", (*(rf"{word}(?:\s+(?:trưởng|phó))?\s+[Tt]hi đua" for word in ("Cụm", "Khối", "cụm", "khối")), r"Cụm\s+(?=số\s+\d)"), "cluster", None, _cluster),
    ("federation", (r"LĐ ?LĐ", r"Liên đoàn [Ll]ao [Đđ]ộng", r"liên đoàn [Ll]ao [Đđ]ộng"), "federation", None, _placed("Liên đoàn Lao động")),
    ("civil_servants", (r"C(?:ĐVC|(?:ông đoàn|Đ) [Vv]iên chức)",), "civil_servants_union", None, _placed("Công đoàn Viên chức")),
    ("grassroots", (rf"C(?:ĐCS|(?:ông đoàn|Đ) [Cc]ơ sở){_GRASSROOTS}", rf"công đoàn [Cc]ơ sở{_GRASSROOTS}"), "grassroots_union", "grassroots", _named),
    ("trade", (rf"Nghiệp đoàn(?: cơ sở)?(?= +(?:nghề|xe|bốc|giáo|lái|khai|thu|{_UPPER}))",), "grassroots_union", "grassroots", _named),
    ("zone", (r"C(?:ông đoàn|Đ) (?:các )?(?:[Kk]hu|KCN|KCX|KKT)",), "sector_union", "upper_grassroots", _named),
    ("sector", (rf"C(?:ông đoàn|Đ) (?:[Nn]gành )?(?i:{_SECTORS})(?!\w)",), "sector_union", "sector", _sector),
    ("sector_bare", (r"C(?:(?:ông đoàn|Đ) [Nn]gành|ĐN)",), "sector_union", "sector", _sector),
    ("union", (rf"C(?:ông đoàn|(?<!rường .)(?<!rường\n.)Đ)(?= +(?:\(CĐ\w*\) +)?(?:{_UPPER}|[Tt]rường |[Cc]ông ty |[Bb]áo |[Cc]ơ quan |[Kk]hối |[Tt]ổng |[Tt]ập đoàn|[Bb]an |huyện |xã |phường |quận |đặc khu ))",), "enterprise_union", "grassroots", _named),
    ("union_bare", (r"C(?:(?:(?<=Ban Chấp hành .)|(?<=BCH .))(?:ĐCS|ông đoàn)|(?<=BTV .)ông đoàn|(?:ĐCS|ông đoàn|ông đoàn cơ sở) nhà trường)",), "grassroots_union", "grassroots", _own_union),
    ("people_committee", (r"U(?:BND|ỷ? ?[Bb]an [Nn]hân dân)", r"Ủ(?:ỷ? ?[Bb]an [Nn]hân dân|y ban nhân dân)"), "authority", None, _placed("Ủy ban nhân dân")),
    ("council", (r"H(?:ĐND|ội đồng nhân dân)",), "authority", None, _placed("Hội đồng nhân dân")),
    ("prime_minister", (r"Thủ tướng(?: Chính phủ)?",), "authority", "national", _fixed("Thủ tướng Chính phủ")),
    ("president", (r"Chủ tịch [Nn]ước(?! CH)",), "authority", "national", _fixed("Chủ tịch nước")),
    ("government", (rf"Chính phủ(?=\s+{_UPPER}\w+ gia)",), "authority", "national", _named),
    ("government", (r"Chính phủ(?! [A-ZĐ])",), "authority", "national", _fixed("Chính phủ")),
    ("ministry", (r"Bộ(?=\s+(?:Giáo dục|GD|Y tế|Công|Quốc phòng|Lao động|LĐ|Nội vụ|Tài|Xây dựng|Giao thông|GTVT|Nông|Thông tin|Văn|Khoa|Tư pháp|Kế hoạch|Ngoại|Tư lệnh))",), "authority", "national", _authority),
    ("party", (r"T(?:(?:ỉnh|hành) (?:ủy|uỷ)|hị ủy)", r"Huyện (?:ủy|uỷ)", r"Quận (?:ủy|uỷ)", r"Đảng (?:ủy|uỷ)"), "party", None, _party),
    ("youth", (r"Ban [Bb]í thư\s+Trung ương Đoàn", r"Trung ương Đoàn"), "other", "national", _youth),
    ("youth_place", (r"T(?:ỉnh|hành|hị) [đĐ]oàn", r"Huyện [đĐ]oàn", r"Quận [đĐ]oàn"), "other", None, _youth_place),
    ("association", tuple(rf"{word}(?=\s+(?:Luật gia|Nhà báo|Phụ nữ|Nông dân|Cựu|Chữ thập|Liên hiệp|LHPN|Khuyến|Sinh viên|Doanh))" for word in ("Chi hội", "Trung ương Hội", "Hội")), "other", None, _authority),
    ("department", (rf"Sở(?=\s+{_UPPER})",), "authority", "province", _authority),
    ("management", (r"Ban [Qq]uản lý(?=\s+(?:các )?(?:[Kk]hu|KCN|KKT|KCX))",), "authority", None, _authority),
    ("fund", (r"Quỹ(?=\s+(?:Xã hội|Bảo|Tấm|[Tt]rợ vốn|Trợ))",), "other", None, _named),
    ("newspaper", tuple(rf"{word} (?:{_NEWSPAPERS})" for word in ("Báo", "báo", "Tạp chí")), "other", None, _whole),
    ("military", tuple(rf"{word}(?= +(?:{_UPPER}|\d))" for word in (r"Bộ [Tt]ư lệnh", "Quân chủng", "Sư đoàn", "Lữ đoàn", "Trung đoàn", "Tiểu đoàn")), "authority", None, _military),
    ("school", tuple(rf"{word}(?=\s+(?:Đại học|ĐH|Cao đẳng|CĐ|THPT|THCS|Tiểu học|TH|Mầm non|Chính trị|Trung)\b)" for word in ("Trường", "Học viện")), "employer", "grassroots", _named),
    ("works", tuple(rf"{word}(?= +(?:{_UPPER}|sắt|than|đá))" for word in ("Nhà máy", "Xí nghiệp", "Mỏ")), "employer", "grassroots", _named),
    ("association_bare", (r"H(?<=Chủ tịch .)ội(?= cho| tặng| trao)",), "other", None, _fixed("Hội")),
    ("company", tuple(rf"{word}(?=\s+(?:{_UPPER}|cổ phần|trách nhiệm))" for word in (r"T(?:ổng [Cc]ông ty|ập đoàn)", r"C(?:ông ty|TCP|ty)", "công ty", "Ngân hàng")), "employer", "grassroots", _named),
)  # fmt: skip
