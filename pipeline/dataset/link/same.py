"""Whether two articles tell of one conference: host, day, kind and numbers weighed, with the reason in words.

Two known hosts that differ are never one conference's, whatever else agrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.dataset.link.told import REPEATED, Told, common, is_union_of, weigh

LINKED, UNSURE = 0.62, 0.5
_HOST, _DAY, _KIND, _NUMBERS = 0.3, 0.25, 0.15, 0.3
_NAMESAKE = 0.6  # one name, and nothing says in which province: there are communes of one name in two
_NEAR = 3  # days that two reports of one event may be apart in
_LATE = 10  # days in which news that names no day is still of the event
_TOGETHER = (
    {"year_review", "cluster_review", "committee_meeting"},
    {"year_review", "workers_conference"},
    {"year_review", "commendation"},
    {"interim_review", "cluster_review", "committee_meeting"},
    {"congress", "committee_meeting"},
    {"care_event", "launch", "commendation"},
    {"launch", "competition", "commendation"},
)


@dataclass(frozen=True)
class Judgement:
    """`score` from 0 to 1, and why."""

    score: float
    reason: str

    @property
    def verdict(self) -> str:
        """`linked`, `unsure` or `apart`."""
        return "linked" if self.score >= LINKED else "unsure" if self.score >= UNSURE else "apart"


APART = Judgement(0.0, "another host, day or article")


def judge(a: Told, b: Told) -> Judgement:
    """How surely two tellings are of one conference; the same whichever comes first."""
    host, host_words = _host(a, b)
    day, day_words = _day(a, b)
    if a.article == b.article or host < 0 or day < 0:
        return APART
    kind, kind_words = _kind(a, b)
    numbers, number_words = _numbers(a, b)
    copied = a.text == b.text
    if {a.kind, b.kind} <= REPEATED and not copied:
        where = _places(a, b)
        if where is False or (where is None and numbers < 0.3):
            kind, kind_words = kind - 1.0, "perhaps two events of one day"
    several = numbers >= 0.3 and len(common(a.values, b.values)) > 1
    one_review = a.period is not None and a.period == b.period and not {a.kind, b.kind} <= REPEATED
    if kind < 0 and (several or one_review):
        kind = 0.0  # told under two heads
    score = _HOST * host + _DAY * day + _KIND * kind + _NUMBERS * numbers
    reasons = [host_words, day_words, kind_words, number_words]
    if a.session and b.session and a.session != b.session and a.days == b.days and not copied:
        score -= 0.15
        reasons.append(f"{a.session} against {b.session}")
    if a.period and b.period and a.period != b.period and not copied:
        score -= 0.2
        reasons.append("other periods are reviewed")
    if copied:
        score += 0.3
        reasons.append("one text is a copy of the other")
    elif host < 1 and numbers < 0.6 and not (host == _NAMESAKE and several):
        score = min(score, LINKED - 0.02)  # nobody's conference is not somebody's without numbers
    score = round(min(max(score, 0.0), 1.0), 3)
    return Judgement(score, "; ".join(word for word in reasons if word))


def _host(a: Told, b: Told) -> tuple[float, str]:
    if a.host is None or b.host is None:
        return 0.5, "one report names no host"
    if a.host == b.host:
        return (1.0, "the same host") if a.host_sure and b.host_sure else (_NAMESAKE, "hosts of one name")
    one, other = a.host_name or "", b.host_name or ""
    if is_union_of(one, other) or is_union_of(other, one):
        return 1.0, "the same host, as employer and as union"
    return -1.0, ""


def _day(a: Told, b: Told) -> tuple[float, str]:
    one, other = a.days, b.days
    if one and other:
        gap = max((other[0] - one[1]).days, (one[0] - other[1]).days, 0)
        if gap == 0:
            exact = "month" not in {a.precision, b.precision}
            return (1.0, "on the same day") if exact else (0.5, "in the same month")
        if gap > _NEAR:
            return -1.0, ""
        if gap == 1 and a.kind == b.kind == "congress":
            return 0.8, "on two days of one congress"
        return (0.5 if gap == 1 else 0.2), f"{gap} day{'s' * (gap > 1)} apart"
    if one or other:
        return _news((one or other)[1], b.published_day if one else a.published_day)  # type: ignore[index]
    return _news(a.published_day, b.published_day, both_ways=True)


def _news(day: date | None, published: date | None, *, both_ways: bool = False) -> tuple[float, str]:
    """An event of `day` and news of it that names no day."""
    if day is None or published is None:
        return 0.2, "one report tells no day"
    late = published - day
    if both_ways:
        late = abs(late)
    if timedelta(0) <= late <= timedelta(days=_LATE):
        return (
            0.7 if late.days <= 1 else 0.55 if late.days <= 4 else 0.4
        ), f"news of {late.days} days later that names no day"
    return -1.0, ""


def _kind(a: Told, b: Told) -> tuple[float, str]:
    if a.kind == b.kind:
        return 1.0, "of one kind"
    if "other" in {a.kind, b.kind}:
        return 0.5, ""
    if any({a.kind, b.kind} <= group for group in _TOGETHER):
        return 0.7, f"{a.kind} and {b.kind} go together"
    return -0.2, f"{a.kind} against {b.kind}"


def _numbers(a: Told, b: Told) -> tuple[float, str]:
    shared = common(a.values, b.values)
    together = sum(weighed for _, weighed in shared)
    least = min(weigh(a.values), weigh(b.values))
    same_awards = len({one for one in a.awards & b.awards if one[2] > 1})
    together += 0.7 * max(0, same_awards - 1)
    few = min(len(a.values), len(b.values))
    if not shared:
        return (0.0, "few numbers told") if few < 3 else (-0.4, "no number in common")
    words = f"{len(shared)} numbers in common, {shared[0][0].number} among them"
    share = together / least if least else 1.0
    if together >= 5 and share >= 0.25:
        return 1.0, words
    if together >= 2.5 and share >= 0.2:
        return 0.7, words
    if together >= 1 or (len(shared) >= 2 and len(shared) / few >= 0.5):
        return 0.3, words
    return 0.1, words


def _places(a: Told, b: Told) -> bool | None:
    """Whether two places share a proper word; None where one is not told."""
    if not a.place or not b.place:
        return None
    return bool(_proper(a.place) & _proper(b.place))


def _proper(place: str) -> set[str]:
    return {word.strip(",.()").lower() for word in place.split() if word[:1].isupper()} - {
        "khu",
        "công",
        "nhà",
    }
