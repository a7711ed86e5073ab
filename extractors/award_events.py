"""The pieces of an award sentence, in order: forms, counted or named receivers, givers, and the verbs between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeVar, cast

from extractors.letters import UPPER, alternation, lowered_article
from extractors.lexicon.tables import load
from extractors.numbers import NumberSpan
from extractors.ordered import between
from extractors.records import AwardForm, RecipientType
from extractors.sieve import Sieve
from extractors.surnames import surnames
from extractors.unit_mention import UnitMention

EventKind = Literal[
    "form", "recipient", "grantor", "passive", "give", "receive", "for", "of", "by", "cut", "person"
]


_Found = TypeVar("_Found", NumberSpan, UnitMention)


@dataclass(frozen=True, slots=True)
class Event:
    kind: EventKind
    start: int
    end: int
    text: str = ""
    form: AwardForm | None = None
    type: RecipientType = "unspecified"
    count: int | None = None
    counted: bool = False
    """Whether a number stands before it."""
    unit: UnitMention | None = field(default=None, compare=False)
    office: str = ""
    """`Chủ tịch` where an office gives: `Chủ tịch UBND tỉnh`."""


_OFFICE = re.compile(r"(?:Chủ tịch|Giám đốc|Bộ trưởng|Thủ trưởng|Tổng Giám đốc) $")


@cache
def _receivers() -> tuple[str, str]:
    """Alternatives of the nouns that name people, and those that name groups."""
    people, groups = [], []
    for row in load("nouns"):
        if row["unit"] == "person":
            people += row["nouns"].split("|")
        elif row["unit"] == "organisation":
            groups += row["nouns"].split("|")
    people += ["lượt cá nhân", "gương điển hình", "thợ lò", "nghệ sĩ"]
    groups += ["gia đình", "hộ gia đình", "hộ", "địa phương", "xã", "phường", "huyện"]

    def alternatives(nouns: list[str]) -> str:
        return "|".join(re.escape(n) for n in sorted(set(nouns), key=len, reverse=True))

    return alternatives(people), alternatives(groups)


@cache
def _forms() -> tuple[Sieve, list[tuple[AwardForm, re.Pattern[str]]]]:
    forms = [
        (cast(AwardForm, r["form"]), re.compile(rf"(?<!\w)(?:{r['pattern']})(?!\w)", re.IGNORECASE))
        for r in load("award_forms")
    ]
    return Sieve(pattern for _, pattern in forms), forms


# One of these stands wherever a form is told.
FORM_WORDS = tuple(row["words"] for row in load("award_forms"))
_PEOPLE, _GROUPS = _receivers()
_BOTH = r"tập thể(?:,| và| &|/|,? ?và các) ?(?:lượt )?(?:các )?(?:cá nhân|gia đình|cán bộ)|cá nhân(?:,| và) ?tập thể"
_NOUN = re.compile(
    rf" ?(?:lượt )?(?:(?P<both>{_BOTH})|(?P<one>{_PEOPLE})|(?P<many>{_GROUPS}))(?!\w)", re.IGNORECASE
)
# Without a number; a capital behind `đồng chí` begins a name, which is somebody and not some people. A number may follow in
# brackets: `các tập thể (07)`.
_TITLES = r"đồng chí|đ/c|ông|bà|anh|chị|em|cô|thầy"
_PLAIN = re.compile(
    rf"(?<!\w)(?P<det>(?:(?:cho(?! biết| thấy| hay| rằng)|các|những|nhiều|một số|tới|đến|và)\s+){{1,6}})(?!(?:{_TITLES}) (?-i:[{UPPER}]))(?:(?P<both>{_BOTH})|(?P<one>{_PEOPLE})|(?P<many>{_GROUPS}))(?!\w)(?: \((?P<n>\d{{1,4}})\))?",
    re.IGNORECASE,
)
# `cho lão nông Phạm Văn Cường`: whatever he is called, a surname makes him a person.
_SOMEBODY = re.compile(
    rf"cho(?<!\wcho) (?P<who>(?:[^\W\d_A-Z]+ ){{1,3}})(?P<name>[{UPPER}][\w’']+ [{UPPER}])"
)
_SOME = re.compile(r"(?:các|những|nhiều|một số)\s", re.IGNORECASE)


def _word(*words: str, behind: str = r"(?!\w)") -> re.Pattern[str]:
    """Any of some words of small letters, each whole."""
    return re.compile("(?:" + alternation(words, begins=r"(?<!\w.)") + ")" + behind)


# Where `_PLAIN` can begin, and the pieces of one kind: sought in small letters.
_DETERMINED = _word("cho", "các", "những", "nhiều", "một số", "tới", "đến", "và", behind=r"\s")
_WORDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    ("give", _word("trao tặng", "trao", "tặng thưởng", "tặng", "truy tặng", "công nhận", "cấp", "ban tặng", "khen tặng", "phong tặng")),
    ("receive", _word("đón nhận", "vinh dự nhận", "n(?<!ghi n)(?<!tiếp n)(?<!công n)(?<!xác n)(?<!thừa n)(?<!đảm n)hận", "đạt", "giành", "đoạt", "ẵm", "rinh", "đạt được")),
    ("passive", _word("được")),
    ("for", _word("cho(?! biết| thấy| hay| rằng| phép| tới| đến| dù)", "thuộc về")),
    ("of", _word("của")),
    ("by", _word("do")),
    # `tặng bằng khen vì đã giảm giá vé cho công nhân`: the reason's people receive nothing.
    ("cut", re.compile(r";|\.(?=\s)|:(?=\s)|v(?<!\w.)ì (?:đã|có|những)(?!\w)")),
    ("person", _word(*_TITLES.split("|"), behind="(?= [a-zđâáàảăêôơưúý])")),
)  # fmt: skip


_ONE_OF = re.compile(r"(?:một|1|01) trong (?:số |những |tổng số )?$", re.IGNORECASE)


def events(
    text: str, start: int, end: int, numbers: Sequence[NumberSpan], units: Sequence[UnitMention]
) -> list[Event]:
    """All pieces between two offsets, ordered, not overlapping; none where no form of award stands between them."""
    sieve, forms = _forms()
    possible = [forms[n] for n in sieve.possible(text[start:end])]
    named = [(form, m) for form, pattern in possible for m in pattern.finditer(text, start, end)]
    if not named:
        return []
    found: list[Event] = []
    taken = bytearray(end - start)

    def add(e: Event) -> None:
        if e.start < start or e.end > end or any(taken[e.start - start : e.end - start]):
            return
        taken[e.start - start : e.end - start] = b"\x01" * (e.end - e.start)
        found.append(e)

    here = [n for n in between(numbers, start, end, lambda n: n.start) if n.end <= end]
    for form, m in named:
        counting = next(
            (
                n
                for n in here
                if n.end <= m.start() and not text[n.end : m.start()].strip() and m.start() - n.end < 3
            ),
            None,
        )
        if counting is not None and counting.value == int(counting.value) and form not in {"commendation"}:
            add(
                Event(
                    "form",
                    counting.start,
                    m.end(),
                    m.group(),
                    form,
                    count=int(counting.value),
                    counted=True,
                )
            )
        else:
            add(Event("form", m.start(), m.end(), m.group(), form))
    for u in (u for u in between(units, start, end, lambda u: u.start) if u.end <= end):
        office = _OFFICE.search(text[max(start, u.start - 14) : u.start])
        # A minister or chairman gives in the office's own name; a union's chairman gives for the union.
        title = office.group() if office and u.type in {"authority", "department", "other"} else ""
        add(Event("grantor", u.start - len(title), u.end, u.name, unit=u, office=title.strip()))
    for n in here:
        noun = _NOUN.match(text, n.end, end)
        one_of = _ONE_OF.search(text[max(start, n.start - 22) : n.start])
        if noun and not one_of and n.value == int(n.value) and n.value < 10**7:
            add(
                Event(
                    "recipient",
                    n.start,
                    noun.end(),
                    text[n.start : noun.end()],
                    type=_type(noun),
                    count=int(n.value),
                    counted=True,
                )
            )
    low = lowered_article(text)
    for m in _plain(text, low, start, end):
        if m["n"]:
            add(
                Event(
                    "recipient", m.start(), m.end(), m.group(), type=_type(m), count=int(m["n"]), counted=True
                )
            )
        elif m["det"].strip().lower() != "và":
            one = (
                bool(m["many"])
                and not _SOME.search(m["det"])
                and m["many"].lower() not in {"tập thể", "đơn vị"}
            )
            # `cho Nghiệp đoàn nghề cá Vạn Giã` is one receiver, told by name.
            add(Event("recipient", m.start(), m.end(), m.group(), type=_type(m), count=1 if one else None))
    for m in _SOMEBODY.finditer(text, start, end):
        if m["name"].split()[0] in surnames():
            add(Event("person", m.start(), m.end("who"), m.group(), type="individual", count=1))
    for kind, pattern in _WORDS:
        # A cut's `vì` is sought as it is written.
        for m in pattern.finditer(text if kind == "cut" else low, start, end):
            add(Event(kind, m.start(), m.end(), text[m.start() : m.end()]))
    return sorted(found, key=lambda e: e.start)


def _plain(text: str, low: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Receivers without a number: `_PLAIN` is tried where one of its first words stands, not at each letter."""
    at = start
    while (first := _DETERMINED.search(low, at, end)) is not None:
        m = _PLAIN.match(text, first.start(), end)
        if m is not None:
            yield m
        at = m.end() if m is not None else first.start() + 1


def _is_name_at(text: str, at: int) -> bool:
    """Whether a person's name, by its surname, begins behind one blank."""
    word = re.compile(rf" ([{UPPER}]\w+) [{UPPER}]").match(text, at)
    return word is not None and word[1] in surnames()


def _type(m: re.Match[str]) -> RecipientType:
    if m["both"]:
        return "mixed"
    return "individual" if m["one"] else "collective"
