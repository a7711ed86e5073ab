"""Provinces and districts: which names, which codes, valid when; and the province an article speaks from.

The 63 provinces became 34 on 1 July 2025 (National Assembly Resolution 202/2025/QH15). A name is resolved as of the
article's own time: `Vĩnh Long` in 2023 is the province of code 86 before the merger.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.letters import UPPER, alternation, lowered
from extractors.lexicon.tables import load, several


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str
    kind: str
    valid_from: str
    valid_to: str
    successor: str
    source: str = ""

    @property
    def full(self) -> str:
        """`tỉnh Vĩnh Long`, `thành phố Hà Nội`."""
        return f"{self.kind} {self.name}"


NEW_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "uý": "úy", "uỳ": "ùy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
}  # fmt: skip
"""The older place of a tone mark → the newer: `Hoà`, `Hòa`."""
_OLD_TONE = re.compile(rf"(?:{'|'.join(NEW_TONES)})(?!\w)")
_DASH = re.compile(r"\s*[-–—]\s*")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A place name for comparison: lower case, one kind of dash and blank, new tone marks (`Hoà` as `Hòa`)."""
    name = _DASH.sub("-", " ".join(name.lower().split()))
    return _OLD_TONE.sub(lambda m: NEW_TONES[m.group()], name)


@cache
def _by_name() -> dict[str, list[Province]]:
    table: dict[str, list[Province]] = {}
    for row in load("provinces"):
        p = Province(
            row["code"],
            row["name"],
            row["kind"],
            row["valid_from"],
            row["valid_to"],
            row["successor"],
            row["source"],
        )
        for name in [row["name"], *several(row["variants"])]:
            table.setdefault(fold(name), []).append(p)
    return table


@cache
def _districts() -> dict[str, set[str]]:
    """Folded `huyện Lang Chánh` → provinces that have one."""
    table: dict[str, set[str]] = {}
    for row in load("districts"):
        table.setdefault(fold(f"{row['kind']} {row['name']}"), set()).add(row["province"])
    return table


def province(name: str, *, on: str | None = None) -> Province | None:
    """The province called `name` as of the ISO date `on`; without a date, the one before the 2025 merger if there is.

    >>> p = province("TP.HCM"); p.full, p.code
    ('thành phố Hồ Chí Minh', '79')
    """
    candidates = _by_name().get(fold(name), [])
    if on:
        candidates = [p for p in candidates if (not p.valid_from or p.valid_from <= on) and (not p.valid_to or on <= p.valid_to)] or candidates  # fmt: skip
    return candidates[0] if candidates else None


@cache
def province_pattern() -> re.Pattern[str]:
    """Any province's name or variant, longest first, as a whole word."""
    names = sorted({p.name for ps in _by_name().values() for p in ps} | {v for row in load("provinces") for v in several(row["variants"])}, key=len, reverse=True)  # fmt: skip
    flexible = (re.escape(n).replace(r"\ ", r"\s+").replace(r"\-", r"\s?[-–]\s?") for n in names)
    names_of = alternation(flexible, begins=r"(?<!\w.)")
    return re.compile(rf"(?:{names_of})(?!\w)")


def district_province(kind: str, name: str) -> str | None:
    """The one province that has this district, None where there are several or none."""
    owners = _districts().get(fold(f"{kind} {name}"), set())
    return next(iter(owners)) if len(owners) == 1 else None


def district_provinces(kind: str, name: str) -> frozenset[str]:
    """Names of all provinces that have or had this district: of `huyện Châu Thành` ten."""
    return frozenset(_districts().get(fold(f"{kind} {name}"), set()))


def is_district(kind: str, name: str) -> bool:
    return fold(f"{kind} {name}") in _districts()


@cache
def _datelines() -> dict[str, str]:
    return {row["code"].lower(): row["province"] for row in load("datelines")}


_DATELINE = re.compile(
    # Blanks are never given back: a page of blank lines would be tried in every way to part them.
    r"^\s*+[(\[]?\s*+([A-ZĐ][\w.]{0,10}(?: online| Online)?)(?:\s*+[)\]])?(?:\s*+[-–:]\s|\s)",
    re.MULTILINE,
)
# Whether a word begins there is asked behind it: most of what begins with its letter is another word.
_DISTRICT = re.compile(
    r"(huyện(?<!\w.{5})|quận(?<!\w.{4})|thị xã(?<!\w.{6})|thành phố(?<!\w.{9})|T[PX](?<!\w..)\.?|Q\.(?<!\w..)|H\.(?<!\w..))"
    rf"\s*((?:[{UPPER}][\w'’]*|\d{{1,2}})(?:[\s-]+[{UPPER}][\w'’]*){{0,3}})"
)
_DISTRICT_FORMS = {
    "TP": "thành phố", "TP.": "thành phố", "Q.": "quận", "H.": "huyện", "TX": "thị xã", "TX.": "thị xã",
}  # fmt: skip
_OFFICIAL = (
    "tỉnh", "thành phố", "tp", "tp.", "tỉnh ủy", "tỉnh uỷ", "thành ủy", "tỉnh đoàn", "lđlđ", "lao động", "ubnd", "công đoàn",
    "viên chức",
)  # fmt: skip


def article_province(text: str, *, title: str | None = None, on: str | None = None) -> Province | None:
    """The province an article speaks from: named beside `tỉnh` or a body's name, by its districts, or by the dateline.

    Ties go to the one named first. None where nothing names one.
    """
    votes: Counter[str] = Counter()
    first: dict[str, int] = {}
    for m in province_pattern().finditer(text):
        p = province(m.group(), on=on)
        if p is None:
            continue
        at = m.start()
        official = lowered(text[max(0, at - 24) : at]).rstrip().endswith(_OFFICIAL)
        votes[p.name] += (3 if official else 1) + (2 if at < 900 else 0)
        first.setdefault(p.name, at)
    if title:
        for m in province_pattern().finditer(title):
            if (p := province(m.group(), on=on)) is not None:
                votes[p.name] += 4
                first.setdefault(p.name, 0)
    for m in _DISTRICT.finditer(text):
        owner = _longest_district(_DISTRICT_FORMS.get(m[1], m[1]), m[2])
        if owner and (p := province(owner, on=on)) is not None:
            votes[p.name] += 2
            first.setdefault(p.name, m.start())
    dateline = _DATELINE.search(text[:1500])
    if dateline and (name := _datelines().get(dateline[1].lower())):
        votes[name] += 4
        first.setdefault(name, 0)
    if not votes:
        return None
    best = max(votes, key=lambda n: (votes[n], -first[n]))
    return province(best, on=on)


def _longest_district(kind: str, words: str) -> str | None:
    parts = words.split()
    for n in range(len(parts), 0, -1):
        if owner := district_province(kind, " ".join(parts[:n])):
            return owner
    return None
