"""Which indicator a quantity measures: weighed cues from `lexicon/indicators.tsv`, then what its neighbour tells.

Money and people behind a count speak of the same thing: after `38 căn nhà` a sum is the houses', after `46 buổi` of
propaganda people are its audience.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import cast

from extractors.lexicon.tables import load
from extractors.records import Indicator, UnitCode
from extractors.sieve import Sieve


@dataclass(frozen=True, slots=True)
class _Cue:
    indicator: Indicator
    weight: float
    pattern: re.Pattern[str]


@cache
def _cues(unit: str) -> dict[str, tuple[Sieve, list[_Cue]]]:
    """The cues of a unit by zone."""
    zones: dict[str, list[_Cue]] = defaultdict(list)
    for row in load("indicators"):
        if not {unit, "*"}.isdisjoint(row["units"].split("|")):
            pattern = re.compile(row["pattern"], re.IGNORECASE)
            zones[row["zone"]].append(_Cue(cast(Indicator, row["indicator"]), float(row["weight"]), pattern))
    return {zone: (Sieve(cue.pattern for cue in cues), cues) for zone, cues in zones.items()}


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


@dataclass(frozen=True, slots=True)
class Zones:
    """The words around a quantity, as the cue table names them."""

    noun: str
    phrase: str
    before: str
    lead: str
    after: str
    sentence: str


def choose(zones: Zones, unit: UnitCode, previous: str | None) -> tuple[Indicator, float]:
    """The indicator of a quantity and by how much it leads the second; `other` where no cue holds.

    `previous` is the indicator of the quantity before it in the sentence.

    >>> z = Zones(noun="150 đoàn viên", phrase="", before="Trong năm phát triển ", lead="", after="", sentence="")
    >>> choose(z, "person", None)[0]
    'members_recruited'
    """
    best: dict[tuple[str, str], float] = {}
    against: dict[str, float] = defaultdict(float)
    # Money in dollars buys the same things.
    unit = "vnd" if unit == "usd" else unit
    for zone, (sieve, cues) in _cues(unit).items():
        words = getattr(zones, zone)
        for cue in (cues[n] for n in sieve.possible(words)):
            if not cue.pattern.search(words):
                continue
            if cue.weight < 0:
                against[cue.indicator] = min(against[cue.indicator], cue.weight)
            else:
                best[cue.indicator, zone] = max(best.get((cue.indicator, zone), 0.0), cue.weight)
    scores: dict[str, float] = defaultdict(float)
    for (indicator, _), weight in best.items():
        scores[indicator] += weight
    for indicator, weight in against.items():
        scores[indicator] += weight
    if previous is not None and (follow := _FOLLOWS.get((previous, unit))) is not None:
        scores[follow[0]] += follow[1]
    if not scores:
        return "other", 0.0
    ranked = sorted(scores.items(), key=lambda kv: (-kv[1], kv[0]))
    lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
    return cast(Indicator, ranked[0][0]), lead
