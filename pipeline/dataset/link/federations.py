"""Federations of provinces and districts: units that come and go with their territory.

The federation of a province that was merged on 1 July 2025 (National Assembly Resolution 202/2025/QH15) is one unit
before and another since; district federations ended with the districts (Resolution 203/2025/QH15). One whose province
kept its territory stays the same.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from extractors.lexicon.tables import load
from extractors.places import Province, district_provinces, fold, province
from pipeline.dataset.link.unit import Unit

DISTRICTS_END = "2025-06-30"
_DISTRICTS_ENDED_BY = "National Assembly Resolution 203/2025/QH15"
_LAST = "S1"  # districts.tsv's source of the districts that stood on that day

_HEAD = r"(?P<head>liên đoàn lao động|công đoàn)"
_FEDERATION = re.compile(rf"{_HEAD}(?P<kind> tỉnh| thành phố| tp\.?)? (?P<place>.+)")
_DISTRICT = re.compile(
    rf"{_HEAD} (?P<kind>huyện|quận|thị xã|thành phố|tp\.?) (?P<place>.+?)(?:,? (?:tỉnh|thành phố|tp\.?) (?P<of>.+))?"
)


def provincial(plain: str, on: str | None) -> Unit | None:
    """The federation of a province that a name in normal form means on a day."""
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


def district(plain: str, province_code: str | None, on: str | None) -> Unit | None:
    """The federation of a district that a name in normal form means, in the province of that code where several have it."""
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
        source=_DISTRICTS_ENDED_BY if not later else "districts.tsv",
        score=score,
        reason=reason,
    )


def _history(named: str, province_name: str) -> tuple[dict[str, str] | None, str | None]:
    """A district's row of the gazetteer, and the kind that it was raised to, if it was: `thị xã Dĩ An`, `thành phố`.

    The gazetteer lists the districts of June 2025 and, apart, earlier ones under the kind they had then. Two that stood
    side by side (`huyện` and `thành phố Cao Lãnh`) are both of 2025, and neither became the other.
    """
    same = _district_rows().get((province_name, named.split(" ", _words(named))[-1]), [])
    mine = next((row for row in same if fold(f"{row['kind']} {row['name']}") == named), None)
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


def _words(named: str) -> int:
    """How many words a district's kind has."""
    return 2 if named.startswith(("thành phố", "thị xã")) else 1


def _lonely_district(kind: str, place: str, province_code: str | None) -> Unit:
    """A district of a name that several provinces have, and nothing says which."""
    return Unit(
        key=f"district|{kind} {place}|?{province_code or ''}",
        name=f"Liên đoàn Lao động {kind} {_title(place)}",
        level="district",
        province_code=province_code,
        valid_to=DISTRICTS_END,
        source=_DISTRICTS_ENDED_BY,
        score=0.5,
        reason="several provinces have a district of that name",
    )


def _code(place: Province, *, late: bool) -> str:
    """The code of a province, or where `late` that of the one its territory belongs to since."""
    after = _successor(place) if late else None
    return after.code if after else place.code


def _title(place: str) -> str:
    return place.title() if not place.isdigit() else place
