"""Names as written become units: one id for all spellings, a chain over the mergers, and a decision behind each name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.dataset.link.names import resolve
from pipeline.dataset.link.unit import Unit

Row = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """A place where a unit is named: `record` is the id of the row that its id is written into.

    `home` is the province the article speaks from, `on` the ISO day of the conference, or of publication.
    """

    record: str
    name: str
    canonical: str
    type: str
    level: str | None
    province_code: str | None
    home: str | None
    on: str | None


@dataclass
class Registry:
    """`assigned`: record → unit id. `unsure`: units of which nothing says where they are. `rows` are those of `units`, the
    last of each chain first; `decisions` are `(name, unit id, score, reason)`, `successions` `(unit, successor, reason)`.
    """

    assigned: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    decisions: list[tuple[str, str, float, str]] = field(default_factory=list)
    successions: list[tuple[str, str, str]] = field(default_factory=list)
    same_line: dict[str, str] = field(default_factory=dict)
    """Unit id → the last unit of its chain as far as each only took another name."""


def register(
    named: Iterable[Named],
    names: Mapping[tuple[str, str], bool] | None = None,
    chains: Mapping[tuple[str, str], bool] | None = None,
) -> Registry:
    """The units behind `named`; `names` and `chains` are people's verdicts on `(name, unit)` and `(unit, successor)`."""
    names, chains = names or {}, chains or {}
    chosen = {name: unit for (name, unit), together in sorted(names.items()) if together}
    held_apart = {pair for pair, together in names.items() if not together}
    found: dict[str, Unit] = {}
    spelt: dict[str, list[Named]] = defaultdict(list)
    decided: dict[tuple[str, str], tuple[float, str]] = {}
    registry = Registry()
    for one in sorted(named, key=lambda one: one.record):
        unit = resolve(one.canonical, level=one.level, province_code=one.province_code or one.home, on=one.on)
        if unit is None:
            continue
        name = name_key(one, unit)
        identity, score, reason = unit.id, unit.score, unit.reason
        if (name, identity) in held_apart:
            unit = replace(unit, key=f"apart|{name}", successor=None)
            identity, score, reason = unit.id, 1.0, "a person's decision"
        found.setdefault(identity, unit)
        if name in chosen:
            identity, score, reason = chosen[name], 1.0, "a person's decision"
        spelt[identity].append(one)
        decided[name, identity] = (score, reason)
        registry.assigned[one.record] = identity
    # A person may have named a unit that no article names otherwise.
    registry.assigned = {record: one for record, one in registry.assigned.items() if one in found}
    used = set(registry.assigned.values())
    _close(registry, {name: found[name] for name in used}, spelt, chains)
    registry.decisions = sorted(
        (name, unit, score, reason) for (name, unit), (score, reason) in decided.items() if unit in used
    )
    registry.unsure = {name for name in used if found[name].score <= 0.7}
    return registry


def name_key(one: Named, unit: Unit) -> str:
    """What a person's decision on a name is keyed by: the name, its level, its province and the time since when."""
    return "|".join(
        (one.canonical, one.level or "", one.province_code or one.home or "", unit.valid_from or "")
    )


def _close(
    registry: Registry,
    found: dict[str, Unit],
    spelt: Mapping[str, list[Named]],
    chains: Mapping[tuple[str, str], bool],
) -> None:
    """Add the successors of `found`, then rows with the last of each chain first."""
    waiting = [found[name] for name in sorted(found)]
    after: dict[str, str] = {}
    while waiting:
        unit = waiting.pop()
        found.setdefault(unit.id, unit)
        if unit.successor is None or chains.get((unit.id, unit.successor.id)) is False:
            continue
        after[unit.id] = unit.successor.id
        waiting.append(unit.successor)
    for pair, together in chains.items():
        if together and set(pair) <= found.keys():
            after[pair[0]] = pair[1]
    before: dict[str, list[str]] = defaultdict(list)
    for earlier, later in sorted(after.items()):
        before[later].append(earlier)
    lasts = {name: _last(name, after) for name in found}
    depth = {name: len(_chain(name, after)) for name in found}
    for name in sorted(found, key=lambda name: (depth[name], name)):
        unit, ways = found[name], spelt.get(name, [])
        registry.rows.append(
            {
                "id": name,
                "name": _usual(unit, ways),
                "type": _most([one.type for one in ways], "federation"),
                "level": unit.level or _most([one.level for one in ways if one.level], None),
                "province_code": unit.province_code,
                "valid_from": unit.valid_from,
                "valid_to": unit.valid_to,
                "successor_id": after.get(name),
                "history_id": lasts[name],
                "predecessors": json.dumps(before[name]),
                "spellings": json.dumps(sorted({one.name for one in ways}), ensure_ascii=False),
                "source": unit.source,
            }
        )
        successor = unit.successor
        same = successor is not None and after.get(name) == successor.id and unit.renamed
        registry.same_line[name] = registry.same_line[after[name]] if same else name
    registry.successions = [(name, then, found[name].source or "") for name, then in sorted(after.items())]


def _chain(name: str, after: Mapping[str, str]) -> list[str]:
    chain = [name]
    while (then := after.get(chain[-1])) is not None and then not in chain:
        chain.append(then)
    return chain


def _last(name: str, after: Mapping[str, str]) -> str:
    return _chain(name, after)[-1]


def _usual(unit: Unit, ways: list[Named]) -> str:
    """The gazetteer's name, else the one most written, the longer of two."""
    if unit.source:
        return unit.name
    counts = Counter(one.canonical for one in ways)
    return max(counts, key=lambda name: (counts[name], len(name), name)) if counts else unit.name


def _most(values: list[Any], otherwise: Any) -> Any:
    counts = Counter(values)
    return max(sorted(counts), key=lambda value: counts[value]) if counts else otherwise
