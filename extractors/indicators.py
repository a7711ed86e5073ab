"""Which indicator a quantity measures: weighed cues from `lexicon/indicators.tsv`, then what its neighbour tells.

Money and people behind a count speak of the same thing: after `38 căn nhà` a sum is the houses', after `46 buổi` of
propaganda people are its audience.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast, get_args

from extractors.lexicon.tables import load
from extractors.records import Indicator, UnitCode
from extractors.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Cue:
    """A row of the cue table; `search` is its pattern's, for words in small letters."""

    indicator: Indicator
    units: frozenset[str]
    zone: str
    weight: float
    search: Callable[[str], re.Match[str] | None]


_UNITS: frozenset[str] = frozenset(get_args(UnitCode))


def _small(pattern: str) -> str:
    """`pattern` in small letters, but for escapes such as `\\S`."""
    return re.sub(r"\\.|[^\\]+", lambda m: m[0] if m[0][0] == "\\" else m[0].lower(), pattern)


def _anywhere(pattern: str) -> re.Pattern[str]:
    """`pattern` without `^` and `$`: it matches whatever it matches in a part of a sentence in the sentence too."""
    return re.compile(re.sub(r"(\\.|\[\^?(?:\\.|[^\]\\])+\])|[$^]", r"\1", pattern))


@cache
def _cues() -> tuple[Sieve, list[Cue], list[Cue]]:
    """The cues for parts of the sentence, with what tells the possible ones of them, and those for other words."""
    parts, others, patterns = [], [], []
    for row in load("indicators"):
        pattern = _small(row["pattern"])
        cue = Cue(
            cast(Indicator, row["indicator"]),
            _UNITS if row["units"] == "*" else frozenset(row["units"].split("|")),
            row["zone"],
            float(row["weight"]),
            re.compile(pattern).search,
        )
        # A phrase leaves out the modifier, so it is no part of its sentence.
        if cue.zone == "phrase":
            others.append(cue)
        else:
            parts.append(cue)
            patterns.append(_anywhere(pattern))
    return Sieve(patterns), parts, others


def possible_cues(sentence: str) -> list[Cue]:
    """The cues that can hold for a quantity of `sentence` (small letters): few of them all, and asked once a sentence."""
    sieve, parts, others = _cues()
    return [*others, *(parts[n] for n in sieve.likely(sentence))]


# What a quantity of some unit means right behind one of some indicator, where no cue of its own is stronger.
_FOLLOWS: dict[tuple[str, str], tuple[Indicator, float]] = {
    ("houses_supported", "vnd"): ("housing_spending", 6),
    ("housing_spending", "vnd"): ("housing_spending", 1),
    ("care_beneficiaries", "vnd"): ("care_spending", 5),
    ("gifts_given", "vnd"): ("care_spending", 5),
    ("gifts_given", "person"): ("care_beneficiaries", 2),
    ("gifts_given", "turn"): ("care_beneficiaries", 2),
    ("care_spending", "vnd"): ("care_spending", 2),
    ("care_beneficiaries", "person"): ("care_beneficiaries", 4),
    ("houses_supported", "person"): ("houses_supported", 4),
    ("disputes", "person"): ("other", 9),
    ("fund_contributions", "vnd"): ("fund_contributions", 2),
    ("health_checks", "vnd"): ("health_check_spending", 6),
    ("initiatives", "vnd"): ("initiative_value", 5),
    ("initiatives", "initiative"): ("initiatives", 1),
    ("emulation_projects", "vnd"): ("initiative_value", 4),
    ("loans", "person"): ("loans", 4),
    ("loans", "turn"): ("loans", 4),
    ("loans", "vnd"): ("loans", 5),
    ("propaganda_sessions", "turn"): ("propaganda_attendance", 6),
    ("propaganda_sessions", "person"): ("propaganda_attendance", 6),
    ("propaganda_attendance", "session"): ("propaganda_sessions", 2),
    ("training_sessions", "turn"): ("training_attendance", 6),
    ("training_sessions", "person"): ("training_attendance", 6),
    ("cultural_events", "person"): ("event_attendance", 4),
    ("cultural_events", "turn"): ("event_attendance", 4),
    ("unions_total", "person"): ("members_total", 4),
    ("members_total", "person"): ("members_total", 1),
    ("unions_founded", "organisation"): ("unions_founded", 5),
    ("unions_founded", "person"): ("members_recruited", 7),
    ("members_recruited", "organisation"): ("unions_founded", 1),
    ("legal_aid", "turn"): ("legal_aid", 4),
    ("legal_aid", "person"): ("legal_aid", 4),
    ("legal_aid", "case"): ("legal_aid", 3),
    ("committee_elected", "person"): ("committee_elected", 11.5),
    ("disputes", "case"): ("disputes", 3),
    ("units_rated_excellent", "organisation"): ("units_rated_excellent", 0.5),
    ("party_referrals", "person"): ("party_admissions", 2),
    ("wages_income", "vnd"): ("wages_income", 4),
    ("wages_income", "percent"): ("wages_income", 2),
    ("delegates", "person"): ("delegates", 0.5),
    ("inspections", "session"): ("inspections", 4),
    ("collective_agreements", "document"): ("collective_agreements", 4),
    ("welfare_agreements", "document"): ("welfare_agreements", 3),
    ("members_recruited", "person"): ("members_recruited", 3),
    ("units_rated_good", "organisation"): ("units_rated_good", 0.5),
    ("finance_revenue", "vnd"): ("finance_revenue", 1),
    ("finance_spending", "vnd"): ("finance_spending", 2),
    ("blood_donated", "organisation"): ("blood_donated", 5),
    ("workers_total", "person"): ("members_total", 1),
}


class Zones(NamedTuple):
    """The words around a quantity, as the cue table names them, in small letters."""

    noun: str
    phrase: str
    before: str
    lead: str
    after: str
    sentence: str


def choose(
    zones: Zones, unit: UnitCode, previous: str | None, cues: Sequence[Cue]
) -> tuple[Indicator, float]:
    """The indicator of a quantity and by how much it leads the second; `other` where no cue holds.

    `previous` is the indicator of the quantity before it in the sentence, `cues` are those that its sentence allows.

    >>> words = "trong năm phát triển 150 đoàn viên"
    >>> z = Zones(noun=words[21:], phrase=words, before=words[:21], lead=words[:21], after="", sentence=words)
    >>> choose(z, "person", None, possible_cues(words))[0]
    'members_recruited'
    """
    # Of the cues for an indicator the heaviest of each zone counts, of those against it the heaviest of all.
    counted: dict[tuple[str, str], float] = {}
    # Money in dollars buys the same things.
    unit = "vnd" if unit == "usd" else unit
    for cue in cues:
        if unit in cue.units and cue.search(getattr(zones, cue.zone)):
            key = cue.indicator, cue.zone if cue.weight > 0 else ""
            if abs(cue.weight) > abs(counted.get(key, 0.0)):
                counted[key] = cue.weight
    scores: dict[str, float] = defaultdict(float)
    for (indicator, _), weight in counted.items():
        scores[indicator] += weight
    if previous is not None and (follow := _FOLLOWS.get((previous, unit))) is not None:
        scores[follow[0]] += follow[1]
    if not scores:
        return "other", 0.0
    if len(scores) == 1:
        ((only, score),) = scores.items()
        return cast(Indicator, only), score
    ranked = sorted(scores.items(), key=lambda kv: (-kv[1], kv[0]))
    return cast(Indicator, ranked[0][0]), ranked[0][1] - ranked[1][1]
