"""Which unit a name means: one key for all its spellings, and the stretch of time in which it was that unit."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from extractors.lexicon.tables import load
from extractors.places import Province, fold, province, province_pattern
from extractors.unit_names import expand
from pipeline.dataset.link.federations import district, provincial
from pipeline.dataset.link.unit import Unit

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
    if level != "district" and (found := provincial(plain, on)) is not None:
        return found
    if (found := district(plain, province_code, on)) is not None:
        return found
    if (found := provincial(plain, on)) is not None:
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
