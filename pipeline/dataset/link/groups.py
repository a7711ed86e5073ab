"""Tellings that are judged the same become outcomes: the surest pairs first, and no group that contradicts itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.dataset.link.same import Judgement, judge
from pipeline.dataset.link.told import Told, weight

Pair = tuple[str, str]

_WINDOW = timedelta(days=14)  # tellings further apart are of two events
_RARE = 2.5  # weight of a number that makes two hostless tellings worth a look
_MANY = 50  # tellings that name one number: more, and it tells nothing


@dataclass
class Groups:
    """`members` of each outcome, the first telling first; the pairs behind them, and those that were not sure."""

    members: list[list[Told]]
    linked: dict[Pair, Judgement] = field(default_factory=dict)
    unsure: dict[Pair, Judgement] = field(default_factory=dict)


def group(told: Sequence[Told], verdicts: Mapping[Pair, bool] | None = None) -> Groups:
    """Outcomes from tellings; `verdicts` are a person's on pairs (ids in order): True together, False apart.

    The same in any order of `told`. A pair is linked only where the whole group then still has one host, one telling
    an article, and no pair that a person held apart.
    """
    verdicts = verdicts or {}
    by_id = {one.id: one for one in told}
    known = {pair: together for pair, together in verdicts.items() if set(pair) <= by_id.keys()}
    judged = {pair: judge(by_id[pair[0]], by_id[pair[1]]) for pair in candidates(told) if pair not in known}
    groups = {one.id: {one.id} for one in told}
    found = Groups([])
    for pair in sorted(pair for pair, together in known.items() if together):
        _merge(groups, pair)
        found.linked[pair] = Judgement(1.0, "a person's decision")
    apart = {pair for pair, together in known.items() if not together}
    decided = {name: frozenset(members) for name, members in groups.items()}
    for pair, judgement in sorted(judged.items(), key=lambda item: (-item[1].score, item[0])):
        if judgement.verdict == "unsure":
            found.unsure[pair] = judgement
        elif judgement.verdict == "linked":
            if not _fits(groups[pair[0]], groups[pair[1]], by_id, apart, decided):
                found.unsure[pair] = Judgement(
                    judgement.score, judgement.reason + "; but others of the group differ"
                )
                continue
            _merge(groups, pair)
            found.linked[pair] = judgement
    distinct = {id(members): members for members in groups.values()}
    found.members = sorted(
        (
            sorted((by_id[name] for name in members), key=lambda one: one.order)
            for members in distinct.values()
        ),
        key=lambda members: members[0].order,
    )
    # What ended up together needs no second look.
    found.unsure = {pair: one for pair, one in found.unsure.items() if groups[pair[0]] is not groups[pair[1]]}
    return found


def candidates(told: Iterable[Told]) -> set[Pair]:
    """Pairs worth judging: of one host, or one text, or with a rare number in common, and near each other in time.

    A telling without host, or without any date, needs the text or a number: of the confederation's there are thousands.
    """
    blocks: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        if one.host and _time(one):
            blocks["host", one.host].append(one)
        if one.host_name and _time(one):  # a company and its union
            blocks["name", one.host_name.rpartition("công đoàn ")[2].removeprefix("cơ sở ")].append(one)
        blocks["text", one.text].append(one)
        for value in one.values:
            if weight(value.number) >= _RARE:
                blocks["number", value.number].append(one)
        if one.start and not one.host:
            blocks["day", one.start].append(one)
    pairs: set[Pair] = set()
    for (kind, _), members in sorted(blocks.items()):
        if kind == "number" and (len(members) > _MANY or all(one.host and _time(one) for one in members)):
            continue
        pairs |= set(_near(members))
    return pairs


def _near(members: list[Told]) -> Iterator[Pair]:
    ordered = sorted(members, key=lambda one: (_time(one) or date.max, one.id))
    for i, one in enumerate(ordered):
        for other in ordered[i + 1 :]:
            a, b = _time(one), _time(other)
            if a is not None and b is not None and b - a > _WINDOW:
                break
            if one.article != other.article:
                yield min(one.id, other.id), max(one.id, other.id)


def _time(one: Told) -> date | None:
    return one.days[0] if one.days else one.published_day


def _merge(groups: dict[str, set[str]], pair: Pair) -> None:
    a, b = groups[pair[0]], groups[pair[1]]
    if a is not b:
        a |= b
        for name in b:
            groups[name] = a


def _fits(
    a: set[str],
    b: set[str],
    by_id: Mapping[str, Told],
    apart: set[Pair],
    decided: Mapping[str, frozenset[str]],
) -> bool:
    """Whether two groups may be one; `decided` is what a person brought together, by each of its members."""
    if a is b:
        return True
    if any((min(x, y), max(x, y)) in apart for x in a for y in b):
        return False
    if {by_id[name].article for name in a} & {by_id[name].article for name in b}:
        return False
    # Two of them may be linked through a third that names no host or no day. What a person brought together counts as
    # one telling: nobody leaves its group because a person put another report there.
    return all(
        any(judge(by_id[x], by_id[y]).score > 0 for x in one for y in other)
        for one in {decided[name] for name in a}
        for other in {decided[name] for name in b}
    )
