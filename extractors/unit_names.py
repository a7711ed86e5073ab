"""The grammar of union names: where a name that begins with a known head ends, and its full form.

A name is a head (`LĐLĐ`, `Công đoàn`, `Cụm thi đua`, `UBND`) and a complement: a place, a sector, an employer's name, a
number. The complement is read word by word: capitals, and such lower-case words as stand inside names.
"""

from __future__ import annotations

import re
from functools import cache

from extractors.letters import LOWER, UPPER, alternation
from extractors.lexicon.tables import load
from extractors.places import fold, is_district, province, province_pattern
from extractors.surnames import surnames

# Lower-case words that occur inside the names of unions, schools, firms and offices; a name never ends in one,
# but for the place nouns (`LĐLĐ tỉnh`).
_INSIDE = frozenset(row["word"] for row in load("name_words"))
_COMPOUNDS = frozenset(row["compound"] for row in load("name_compounds"))
# Behind `và` these begin a name of their own: `Bộ Công an và Bộ Y tế`.
_AND = re.compile(r" +(?:và|&) ")
_AND_INSIDE = re.compile(
    r" +(?:và|&) +(?:[Đđ]ào|[Pp]hát|[Xx]ã|Công nghệ|công nghệ|[Tt]ruyền|[Mm]ôi|[Đđ]ầu|[Dd]u lịch|[Cc]hế|[Tt]hương|[Dd]ịch|[Xx]ây|[Ss]ản|[Kk]inh|[Nn]hân|[Kk]hoáng|[Tt]hể|[Xx]uất|[Qq]uản|[Vv]iễn|[Gg]ia|[Hh]ải|[Hh]uấn|[Tt]in|[Kk]hu|KCX|các)"
)
_NEW_NAME = re.compile(
    r" +và +(?:Bộ|Sở|LĐLĐ|Liên đoàn|Công đoàn|CĐ|UBND|Ủy ban|Tỉnh|Thành|Ban|Hội|Trường|Công ty|Cụm|Báo|Tổng|Ngân hàng|Công an)(?!\w)"
)
# In small letters never part of a name: `CĐCS Công ty A tổ chức thành công Hội nghị …`.
_VERB = re.compile(r" +(?:tổ chức|thành công|phối hợp|quản lý(?= +(?:trực tiếp|\d)))(?!\w)")
_PLACE_NOUN = r"(?:tỉnh|thành phố|thành Phố|TP\.?|Tp\.?|T\.P|huyện đảo|huyện|quận|thị xã|TX\.?|Q\.|H\.|phường|xã|thị trấn|đặc khu)"
PLACE_FORMS = {
    "tp": "thành phố", "tp.": "thành phố", "t.p": "thành phố", "tx": "thị xã", "tx.": "thị xã", "q.": "quận", "h.": "huyện",
    "p.": "phường", "huyện đảo": "huyện",
}  # fmt: skip
_PLACE = re.compile(
    rf"[ ]+(?:các )?(?P<kind>{_PLACE_NOUN})(?![{LOWER}])(?! ?[uUủỦ][ỷyỵ])(?P<gap>[ ]*)", re.IGNORECASE
)
# What `_PLACE` begins with behind its blanks.
_PLACE_BEGINS = frozenset("cthqpxđCTHQPXĐ")
_CITY = re.compile(r" +(?=TP|Tp|T\.P|Thành phố|thành phố)")
_COUNTRY = re.compile(r" +(?:Việt Nam|VN)(?!\w)")
_CAPITALS = re.compile(
    rf"(?:[{UPPER}][\w'’&]*)(?:[ ]+[{UPPER}][\w'’]*|\s?[-–]\s?[{UPPER}][\w'’]*)*|\d{{1,2}}(?!\d)"
)
_SKIP = re.compile(r" *\((?:gọi tắt là |viết tắt là )?[A-ZĐ][A-Za-zĐ&.\-]{0,11}\)")
_WORD = re.compile(r"(?P<gap> +| ?[-–] ?| ?& ?|, )?(?P<word>[^\W_][\w'’.&]*(?<!\.)|\d+)")
# Offices whose own names hold a comma or dash.
_COMMA_NAMES = re.compile(
    r"Lao động(?:,| ?[-–]) ?Thương binh và Xã hội|Văn hóa(?:,| ?[-–]) ?Thể thao(?: và Du lịch)?|Văn hoá, Thể thao và Du lịch|Nông nghiệp & PTNT|Giáo dục và đào tạo", re.IGNORECASE
)  # fmt: skip


def _behind_blanks(text: str, at: int) -> int:
    while text.startswith(" ", at):
        at += 1
    return at


def skip_abbreviation(text: str, at: int) -> int:
    """Behind an abbreviation introduced in brackets: `Liên đoàn Lao động (LĐLĐ) tỉnh`."""
    m = _SKIP.match(text, at)
    return m.end() if m else at


def read_place(text: str, at: int) -> tuple[str, int] | None:
    """(normal form, end) of a place behind `at`: `tỉnh Vĩnh Long`, bare `tỉnh`, `Q.11`, or a province's bare name.

    >>> read_place("LĐLĐ TP HCM tổ chức", 4)
    ('thành phố Hồ Chí Minh', 11)
    """
    behind = _behind_blanks(text, at)
    if behind == at:
        return None
    first = text[behind : behind + 1]
    whole = _CITY.match(text, at) if first in {"T", "t"} else None
    named = province_pattern().match(text, whole.end()) if whole else None
    if named and named.group()[0] in "Tt" and (p := province(named.group())):
        # `TP.HCM`, `TPHCM` are written as one.
        return p.full, named.end()
    m = _PLACE.match(text, at) if first in _PLACE_BEGINS else None
    if m is None:
        named = province_pattern().match(text, behind) if behind <= at + 3 else None
        if named and (p := province(named.group())):
            return p.full, named.end()
        return None
    kind = PLACE_FORMS.get(m["kind"].lower(), m["kind"].lower())
    start = m.end()
    named = province_pattern().match(text, start)
    if kind in {"tỉnh", "thành phố"} and named and (p := province(named.group())):
        return (
            p.full
            if p.kind == kind or (kind == "thành phố" and p.kind == "thành phố")
            else f"{kind} {named.group()}"
        ), named.end()
    if kind == "tỉnh":
        return kind, m.end("kind")
    if named and kind == "thành phố" and (p := province(named.group())):
        return f"{kind} {p.name}", named.end()
    capitals = _CAPITALS.match(text, start)
    if capitals is None or (m["gap"] == "" and not m["kind"].endswith(".") and not m["kind"].isupper()):
        return kind, m.end("kind")
    words = capitals.group()
    parts = list(re.finditer(r"[^\s–-]+", words))
    for n in range(min(4, len(parts)), 0, -1):
        if is_district(kind, words[: parts[n - 1].end()]):
            return f"{kind} {words[: parts[n - 1].end()]}", start + parts[n - 1].end()
    if words.isdigit():
        return f"{kind} {int(words)}", start + len(words)
    if len(parts) > 2 and begins_person(text, m.end("kind")):
        # `Chủ tịch LĐLĐ huyện Trần Thị Bưởi`: no district is called so.
        return kind, m.end("kind")
    # A name that the gazetteer lacks: two or three capitals; a surname behind them begins a person.
    n = min(len(parts), 3)
    while n > 2 and parts[n - 1].group() in surnames():
        n -= 1
    return f"{kind} {words[: parts[n - 1].end()]}", start + parts[n - 1].end()


# The first letters of `_COMMA_NAMES`, `_VERB` and `_AND`, behind their blanks.
_COMMA_BEGINS = frozenset("LlVvNnGg")
_VERB_BEGINS = frozenset("tpq")
_AND_BEGINS = frozenset("v&")
_NUMBERED = re.compile(
    r"(?:số|cụm|khối|quận|phường|tổ|trường|xí nghiệp|công ty|ty|máy|học|non|viện)\s*$", re.IGNORECASE
)
_SCHOOL = re.compile(r"(?:TH|PT|GD|ĐH)")  # THPT, PTDTNT, GDTX: schools are called after people
_PERSON = re.compile(rf"\s+(?P<surname>[{UPPER}][{LOWER}]*)(?:\s[{UPPER}][{LOWER}]*){{1,3}}(?!\w)")


def begins_person(text: str, at: int) -> bool:
    """Whether a blank and a person's name stand at `at`: a surname and one to three capitals, and no province.

    >>> begins_person("Giám đốc Sở Y tế Lê Văn Hải", 16), begins_person("Sở Y tế Hà Nội", 7)
    (True, False)
    """
    m = _PERSON.match(text, at)
    return (
        m is not None
        and m["surname"] in surnames()
        and not province_pattern().match(text, m.start("surname"))
    )


def read_name(text: str, at: int, *, limit: int = 16, authority: bool = False) -> int:
    """End of the name that goes on behind `at`: `Công đoàn` + ` Công ty Cổ phần Gang thép Thái Nguyên`.

    An `authority` bears no person's name: behind `Giám đốc Sở Y tế` the director's begins. Schools and firms may bear one.

    >>> read_name("CĐCS Trường Tiểu học Trần Quang Khải họp tổng kết", 4)
    36
    """
    end, position, count, before = at, at, 0, ""
    while count < limit:
        # What comes next tells most of what cannot stand here.
        behind = _behind_blanks(text, position)
        comma = None
        if behind == position + 1 and text[behind : behind + 1] in _COMMA_BEGINS:
            comma = _COMMA_NAMES.match(text, behind)
        if comma:
            position = end = comma.end()
            count += 3
            continue
        if text.startswith("(", behind):
            position = skip_abbreviation(text, position)
            behind = _behind_blanks(text, position)
        first = text[behind : behind + 1]
        if first in _VERB_BEGINS and _VERB.match(text, position):
            break
        if first in _AND_BEGINS and (
            _NEW_NAME.match(text, position)
            or (_AND.match(text, position) and not _AND_INSIDE.match(text, position))
        ):
            break
        place = read_place(text, position)
        if place is not None and (
            (" " in place[0] and place[0] != "thành phố") or not _continues(text, place[1])
        ):
            return place[1]
        country = _COUNTRY.match(text, position, position + 12) if first == "V" else None
        if country:
            return country.end()
        m = _WORD.match(text, position)
        if m is None or (position > at and m["gap"] is None):
            break
        word, gap = m["word"], m["gap"] or ""
        if gap.startswith(","):
            break
        capital = word[0].isupper()
        if gap.strip() in {"-", "–"} and not (capital and word not in surnames() and count > 0):
            break
        if (
            capital
            and word in surnames()
            and before.isupper()
            and not _SCHOOL.match(before)
            and len(before) > 2
        ):
            # `CĐ DKVN Nghiêm Thùy Lan`: behind an abbreviation a person's name begins.
            break
        if authority and count > 0 and begins_person(text, position):
            break
        if word.isdigit():
            if not _NUMBERED.search(text[at - 5 if at > 5 else 0 : position]):
                break
        elif not capital and word.lower() not in _INSIDE:
            break
        position = m.end()
        # `Sở Y tế`, `Công ty`: a body's name has its first syllable in capitals, and ends with the second.
        if capital or word.isdigit() or f"{before} {word}".lower() in _COMPOUNDS:
            end = position
        before = word
        count += 1
    return end


def _continues(text: str, at: int) -> bool:
    m = _WORD.match(text, at)
    return m is not None and (m["gap"] or "").isspace() and m["word"][0].isupper()


_WORD_BEGINS = r"(?<!\w.)"


@cache
def _expansions() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """The two letters that an abbreviation begins with, its pattern, and what it stands for."""
    return tuple(
        (
            row["pattern"][:2],
            re.compile(rf"{alternation([row['pattern']], begins=_WORD_BEGINS)}(?!\w)"),
            row["full"],
        )
        for row in load("expansions")
    )


@cache
def _abbreviation() -> re.Pattern[str]:
    """Anything that `_expansions` opens."""
    patterns = (row["pattern"] for row in load("expansions"))
    return re.compile(rf"(?:{alternation(patterns, begins=_WORD_BEGINS)})(?!\w)")


_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PLACE_ABBREVIATION = re.compile(r"(?<!\w)(TP|Tp|TX|Q|H|P)\.\s*")
_COMMA = re.compile(r"(?<=\w),(?=\s+(?:Liên đoàn|Công đoàn|Tổng|Hội))")


def expand(name: str) -> str:
    """`name` with abbreviations opened, introduced ones dropped, and one blank between words.

    >>> expand("CĐCS Công ty CP May (CTCP) TP. Vinh")
    'Công đoàn cơ sở Công ty Cổ phần May thành phố Vinh'
    """
    if "(" in name:
        name = _BRACKETS.sub("", name)
    if "." in name:
        name = _PLACE_ABBREVIATION.sub(lambda m: PLACE_FORMS[m[1].lower() + "."] + " ", name)
    if _abbreviation().search(name) is not None:
        for begins, pattern, full in _expansions():
            if begins in name:
                name = pattern.sub(full, name)
    if "," in name:
        name = _COMMA.sub("", name)
    return " ".join(name.split())


__all__ = ["PLACE_FORMS", "begins_person", "expand", "fold", "read_name", "read_place", "skip_abbreviation"]
