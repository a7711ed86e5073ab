"""What several reports of one conference say side by side: values that agree, values that differ, and who gave which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One thing that reports tell: `chosen` stands for it; `told` are all rows that tell it, each with whether it agrees.

    `agreement` is `single` where one report tells it (a reprint is no second), `agree` or `differ`; `reports` counts the
    independent reports that give the chosen value.
    """

    chosen: Row
    told: tuple[tuple[Row, bool], ...]
    agreement: str
    reports: int


@dataclass(frozen=True)
class Report:
    """The rows of one conference as one article tells it. `text` is the same for an article and its reprints."""

    text: str
    rows: Sequence[Row]


def align(
    reports: Sequence[Report], topic: Callable[[Row], Hashable], value: Callable[[Row], Hashable]
) -> list[Entry]:
    """Entries from the rows of several reports, the first report first, in its order.

    Rows of one topic and value are one entry. What is left of a topic differs where each report has just one row left
    of it: then they tell the same thing in two ways, and the value of most independent reports stands for it, of equals
    the first. Otherwise nothing says which belongs to which, and each stands by itself.
    """
    by_topic: dict[Hashable, list[tuple[int, Row]]] = defaultdict(list)
    for number, report in enumerate(reports):
        for row in report.rows:
            by_topic[topic(row)].append((number, row))
    entries: list[tuple[tuple[int, int], Entry]] = []
    for told in by_topic.values():
        for cluster in _clusters(told, value):
            first = min((number, row["ordinal"]) for number, row in cluster)
            entries.append((first, _entry(cluster, reports, value)))
    return [entry for _, entry in sorted(entries, key=lambda pair: pair[0])]


def _clusters(
    told: list[tuple[int, Row]], value: Callable[[Row], Hashable]
) -> Iterable[list[tuple[int, Row]]]:
    by_value: dict[Hashable, list[tuple[int, Row]]] = defaultdict(list)
    for number, row in told:
        by_value[value(row)].append((number, row))
    clusters: list[list[tuple[int, Row]]] = []
    for same in by_value.values():
        # A report may tell the same number twice, of two things: they pair off in order.
        ranks: dict[int, int] = Counter()
        rounds: dict[int, list[tuple[int, Row]]] = defaultdict(list)
        for number, row in same:
            rounds[ranks[number]].append((number, row))
            ranks[number] += 1
        clusters += rounds.values()
    # What all reports agree on is taken away, else what any two do, till each has one row left at most.
    for agreed in (len({number for number, _ in told}), 2):
        left = [cluster for cluster in clusters if len(cluster) < agreed]
        rest = sorted((one for cluster in left for one in cluster), key=lambda one: one[0])
        if one_each := len({number for number, _ in rest}) == len(rest) > 0:
            break
    yield from (cluster for cluster in clusters if len(cluster) >= agreed)
    if one_each:
        yield rest
    else:
        yield from left


def _entry(
    cluster: list[tuple[int, Row]], reports: Sequence[Report], value: Callable[[Row], Hashable]
) -> Entry:
    texts: dict[Hashable, set[str]] = defaultdict(set)
    for number, row in cluster:
        texts[value(row)].add(reports[number].text)
    first = {value(row): place for place, (_, row) in reversed(list(enumerate(cluster)))}
    best = min(texts, key=lambda one: (-len(texts[one]), first[one]))
    agreeing = [row for _, row in cluster if value(row) == best]
    chosen = max(agreeing, key=lambda row: (row["confidence"], -agreeing.index(row)))
    independent = {reports[number].text for number, _ in cluster}
    agreement = "differ" if len(texts) > 1 else "agree" if len(independent) > 1 else "single"
    told = tuple((row, value(row) == best) for _, row in cluster)
    return Entry(chosen, told, agreement, len(texts[best]))
