"""Which unit a name means: one key for all its spellings, and the stretch of time in which it was that unit.

A union takes in and is taken in with its territory: the federation of a province that was merged on 1 July 2025 (National
Assembly Resolution 202/2025/QH15) is one unit before and another since; district federations ended with the districts
(Resolution 203/2025/QH15). A unit whose province kept its territory stays the same.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache

from extractors.lexicon.tables import load
from extractors.places import Province, district_provinces, fold, province, province_pattern
from extractors.unit_names import expand

DISTRICTS_END = "2025-06-30"
_LAST = "S1"  # districts.tsv's source of the districts that stood on that day

_HEAD = r"(?P<head>liên đoàn lao động|công đoàn)"
_FEDERATION = re.compile(rf"{_HEAD}(?P<kind> tỉnh| thành phố| tp\.?)? (?P<place>.+)")
_DISTRICT = re.compile(
    rf"{_HEAD} (?P<kind>huyện|quận|thị xã|thành phố|tp\.?) (?P<place>.+?)(?:,? (?:tỉnh|thành phố|tp\.?) (?P<of>.+))?"
)
_CONFEDERATION = re.compile(r"tổng liên đoàn(?: lao động)?(?: việt nam)?")
# What a name consists of when it names nobody: `Liên đoàn Lao động tỉnh`, `cụm thi đua`, `Công đoàn cơ sở`.
_GENERIC = re.compile(
    r"(?:tổng|liên đoàn|lao động|công đoàn|cơ sở|cụm|khối|thi đua|các|ngành|viên chức|cấp trên|trực tiếp|cơ quan|"
    r"tỉnh|thành phố|tp|huyện|quận|thị xã|phường|xã|thị trấn|công ty|doanh nghiệp|đơn vị|nhà máy|xí nghiệp|trường|"
    r"khu công nghiệp|khu kinh tế|khu chế xuất|và|ban chấp hành|ban thường vụ|ban|sở|phòng|ủy ban nhân dân|"
    r"thị ủy|huyện ủy|tỉnh ủy|thành ủy|quận ủy|đảng ủy|bộ|[\s,.])+"
)
_CLUSTER = re.compile(r"(?:cụm|khối)\b")
_ORGANS = re.compile(r"^(?:ban chấp hành|ban thường vụ|ban thường trực|cơ quan) (?=liên đoàn|công đoàn)")
_PLACE_WORD = re.compile(r"(?:tỉnh|thành phố|tp\.?) ?$")


@dataclass(frozen=True)
class Unit:
    """A unit in one stretch of time. `key` is the same for all spellings; dates are ISO, inclusive, None unbounded.

    `renamed`: the successor is the same union by another name, which took in no other. `score` and `reason` say how
    surely the name means it.
    """

    key: str
    name: str
    level: str | None
    province_code: str | None
    valid_from: str | None = None
    valid_to: str | None = None
    successor: Unit | None = None
    source: str | None = None
    renamed: bool = False
    score: float = 1.0
    reason: str = "the name as written"

    @cached_property
    def id(self) -> str:
        """`u-` and twelve hexadecimal digits."""
        return "u-" + hashlib.sha256(self.key.encode()).hexdigest()[:12]

    @property
    def last(self) -> Unit:
        """The unit at the end of the chain of successors."""
        return self.successor.last if self.successor else self


@lru_cache(maxsize=50_000)
def resolve(
    name: str, *, level: str | None = None, province_code: str | None = None, on: str | None = None
) -> Unit | None:
    """The unit that `name`, its abbreviations opened, means on the ISO date `on`; None where it names nobody.

    `province_code` is that of the article's reading, for names that are found in several provinces. Without a date, the
    time before the mergers.

    >>> old = resolve("Liên đoàn Lao động Bến Tre", on="2024-12-30")
    >>> old.name, old.valid_to, old.successor.name
    ('Liên đoàn Lao động tỉnh Bến Tre', '2025-06-30', 'Liên đoàn Lao động tỉnh Vĩnh Long')
    """
    plain = normal_form(name)
    if _CONFEDERATION.fullmatch(plain):
        return Unit("confederation", "Tổng Liên đoàn Lao động Việt Nam", "national", None)
    if not plain or _GENERIC.fullmatch(plain):
        return None
    if level != "district" and (found := _provincial(plain, on)) is not None:
        return found
    if (found := _district(plain, province_code, on)) is not None:
        return found
    if (found := _provincial(plain, on)) is not None:
        return found
    return _other(name, plain, level, province_code, on)


def normal_form(name: str) -> str:
    """A unit's name for comparison: one case, one set of tone marks, no quotation marks, no `Ban Chấp hành` before it.

    >>> normal_form("BCH  Liên đoàn lao động tỉnh Thanh Hoá".replace("BCH", "Ban Chấp hành"))
    'liên đoàn lao động tỉnh thanh hóa'
    """
    plain = fold(expand(unicodedata.normalize("NFC", name)))
    plain = " ".join(re.sub(r"[\"“”‘’'()]", " ", plain).split()).strip(" .,;:-")
    return _ORGANS.sub("", plain)


def _provincial(plain: str, on: str | None) -> Unit | None:
    m = _FEDERATION.fullmatch(plain)
    if m is None:
        return None
    kind = (m["kind"] or "").strip()
    place = province(m["place"], on=on) or province(f"{kind} {m['place']}", on=on)
    if place is None or (kind and kind != "tỉnh" and place.kind == "tỉnh"):
        return None  # `thành phố Bến Tre` is a district of the province
    if on and place.valid_from > on:
        return None  # `thành phố Huế` was a district of its province till the end of 2024
    if m["head"] == "công đoàn" and not kind:
        return None  # `Công đoàn Đà Nẵng`: any union there
    exact = m["head"] == "liên đoàn lao động" and bool(kind)
    reason = "the province's name" if exact else "a looser name of the province's federation"
    return _federation(place, 1.0 if exact else 0.85, reason)


def _federation(place: Province, score: float = 1.0, reason: str = "the province's name") -> Unit:
    after = _successor(place)
    return Unit(
        key=f"federation|{place.name}|{place.kind}|{place.valid_from}",
        name=f"Liên đoàn Lao động {place.full}",
        level="province",
        province_code=place.code,
        valid_from=place.valid_from or None,
        valid_to=place.valid_to or None,
        successor=_federation(after) if after else None,
        source=place.source,
        renamed=after is not None and _takes_in(after) == 1,
        score=score,
        reason=reason,
    )


def _takes_in(place: Province) -> int:
    """How many provinces a province was made of."""
    return sum(
        1
        for row in load("provinces")
        if row["valid_to"]
        and row["successor"] == place.name
        and _day_after(row["valid_to"]) == place.valid_from
    )


def _successor(place: Province) -> Province | None:
    """The province that this one's territory belongs to since its end."""
    if not place.valid_to:
        return None
    after = province(place.successor, on=_day_after(place.valid_to))
    return None if after is None or after == place else after


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _district(plain: str, province_code: str | None, on: str | None) -> Unit | None:
    m = _DISTRICT.fullmatch(plain)
    if m is None:
        return None
    kind = "thành phố" if m["kind"].startswith("tp") else m["kind"]
    owners = sorted(district_provinces(kind, m["place"]))
    named = province(m["of"], on=on or DISTRICTS_END) if m["of"] else None
    if named is not None:
        owner, score, reason = named, 1.0, "the district's and the province's name"
    else:
        places = [place for place in map(province, owners) if place is not None]
        late = bool(on and on > DISTRICTS_END)  # then codes are those of the merged provinces
        fitting = [place for place in places if _code(place, late=late) == province_code]
        if not places:
            return None
        if len(places) == 1:
            owner, score, reason = places[0], 1.0, "the only district of that name"
        elif len(fitting) == 1:
            owner, score, reason = fitting[0], 0.95, "the district of that name in the article's province"
        else:
            return _lonely_district(kind, m["place"], province_code)
    if m["head"] != "liên đoàn lao động":
        score, reason = min(score, 0.9), "a looser name of the district's federation"
    return _district_federation(kind, m["place"], owner, score, reason)


def _district_federation(
    kind: str, place: str, owner: Province, score: float = 1.0, reason: str = ""
) -> Unit:
    row, later = _history(f"{kind} {place}", owner.name)
    return Unit(
        key=f"district|{kind} {place}|{owner.name}",
        name=f"Liên đoàn Lao động {kind} {row['name'] if row else _title(place)}",
        level="district",
        province_code=owner.code,
        valid_from=(row and row["valid_from"]) or None,
        valid_to=(row and row["valid_to"]) or (None if later else DISTRICTS_END),
        successor=_district_federation(later, place, owner) if later else None,
        source="National Assembly Resolution 203/2025/QH15" if not later else "districts.tsv",
        score=score,
        reason=reason,
    )


def _history(district: str, province_name: str) -> tuple[dict[str, str] | None, str | None]:
    """A district's row of the gazetteer, and the kind that it was raised to, if it was: `thị xã Dĩ An`, `thành phố`.

    The gazetteer lists the districts of June 2025 and, apart, earlier ones under the kind they had then. Two that stood
    side by side (`huyện` and `thành phố Cao Lãnh`) are both of 2025, and neither became the other.
    """
    same = _district_rows().get((province_name, district.split(" ", _words(district))[-1]), [])
    mine = next((row for row in same if fold(f"{row['kind']} {row['name']}") == district), None)
    if mine is None or _LAST not in {row["source"] for row in same} or mine["source"] == _LAST:
        return mine, None
    later = [row["kind"] for row in same if row["source"] == _LAST]
    return mine, later[0] if len(later) == 1 else None


@cache
def _district_rows() -> dict[tuple[str, str], list[dict[str, str]]]:
    """Rows of the gazetteer by province and folded name."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in load("districts"):
        rows.setdefault((row["province"], fold(row["name"])), []).append(row)
    return rows


def _words(district: str) -> int:
    """How many words a district's kind has."""
    return 2 if district.startswith(("thành phố", "thị xã")) else 1


def _lonely_district(kind: str, place: str, province_code: str | None) -> Unit:
    """A district of a name that several provinces have, and nothing says which."""
    return Unit(
        key=f"district|{kind} {place}|?{province_code or ''}",
        name=f"Liên đoàn Lao động {kind} {_title(place)}",
        level="district",
        province_code=province_code,
        valid_to=DISTRICTS_END,
        source="National Assembly Resolution 203/2025/QH15",
        score=0.5,
        reason="several provinces have a district of that name",
    )


def _code(place: Province, *, late: bool) -> str:
    """The code of a province, or where `late` that of the one its territory belongs to since."""
    after = _successor(place) if late else None
    return after.code if after else place.code


def _title(place: str) -> str:
    return place.title() if not place.isdigit() else place


def _other(
    name: str, plain: str, level: str | None, province_code: str | None, on: str | None
) -> Unit | None:
    """Sector unions, grassroots unions, clusters, employers, authorities: by name, within their province."""
    stem, place = _split_place(plain, on)
    stem = re.sub(r"^công đoàn (?:ngành|cơ sở) ", "công đoàn ", stem)
    stem = re.sub(r"(?<=công đoàn )(?:các |ban quản lý (?:các )?)(?=khu )", "", stem)
    stem = re.sub(r"(?<=công ty )(?:tnhh|trách nhiệm hữu hạn)(?: một thành viên| mtv)? ", "", stem)
    stem = re.sub(r"(?<=công ty )(?:cp|cổ phần) ", "", stem)
    stem = re.sub(r"\s*[-&,.]\s*", " ", stem).strip()
    if _CLUSTER.match(stem) and _GENERIC.fullmatch(stem):
        return None  # `Cụm thi đua Liên đoàn Lao động tỉnh Phú Thọ`: the province has several
    score, reason = 1.0, "the name as written"
    if place is None and level in {"national", "sector"}:
        return Unit(f"other|{stem}|", name, level, None)
    if place is None and province_code is not None:
        place = _by_code(province_code, on)
        score, reason = 0.9, "the name, in the article's province"
    where = f"{place.name}|{place.valid_from}" if place else f"?{province_code or ''}"
    return Unit(
        key=f"other|{stem}|{where}",
        name=name,
        level=level,
        province_code=place.code if place else province_code,
        score=score if place else 0.7,
        reason=reason if place else "the name alone: nothing says in which province",
    )


def _split_place(plain: str, on: str | None) -> tuple[str, Province | None]:
    """A name without the province at its end, and that province."""
    found = None
    for m in _last_places().finditer(plain):
        if m.end() == len(plain):
            found = m
    if found is None or (place := province(found.group(), on=on)) is None:
        return plain, None
    return _PLACE_WORD.sub("", plain[: found.start()].rstrip()).rstrip(" ,-"), place


@cache
def _last_places() -> re.Pattern[str]:
    pattern = province_pattern()
    return re.compile(pattern.pattern, pattern.flags | re.IGNORECASE)


def _by_code(code: str, on: str | None) -> Province | None:
    """The province that has this code on a day."""
    found = (province(name, on=on) for name in _names_by_code().get(code, ()))
    return next((place for place in found if place and place.code == code), None)


@cache
def _names_by_code() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for row in load("provinces"):
        names.setdefault(row["code"], []).append(row["name"])
    return names
