"""The registry: one unit for all its spellings, another since it took in others, and people's word on both."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.dataset.link.names import resolve
from pipeline.dataset.link.units import Named, Registry, name_key, register
from tests.pipeline.link.linked import shuffled

BEN_TRE, VINH_LONG = "Liên đoàn Lao động tỉnh Bến Tre", "Liên đoàn Lao động tỉnh Vĩnh Long"
HUE, TT_HUE = "Liên đoàn Lao động thành phố Huế", "Liên đoàn Lao động tỉnh Thừa Thiên Huế"


def named(record: str, canonical: str, on: str = "2024-12-27", **fields: Any) -> Named:
    given: dict[str, Any] = {
        "record": record,
        "name": canonical,
        "canonical": canonical,
        "type": "federation",
        "level": "province",
        "province_code": None,
        "home": None,
        "on": on,
    }
    return Named(**(given | fields))


def by_name(registry: Registry) -> dict[tuple[str, str | None], dict[str, Any]]:
    return {(row["name"], row["valid_from"]): row for row in registry.rows}


def test_spellings_are_one_unit() -> None:
    registry = register(
        [
            named("a", BEN_TRE, name="LĐLĐ tỉnh Bến Tre"),
            named("b", "Liên đoàn lao động Bến Tre"),
            named("c", BEN_TRE),
        ]
    )
    assert len(set(registry.assigned.values())) == 1
    row = by_name(registry)[BEN_TRE, None]
    assert row["id"] == registry.assigned["a"]
    assert set(json.loads(row["spellings"])) == {"LĐLĐ tỉnh Bến Tre", BEN_TRE, "Liên đoàn lao động Bến Tre"}


def test_a_name_that_names_nobody_is_assigned_nothing() -> None:
    registry = register([named("a", "Liên đoàn Lao động tỉnh"), named("b", BEN_TRE)])
    assert registry.assigned.keys() == {"b"}


def test_a_merged_province_s_union_is_another_since() -> None:
    registry = register([named("a", BEN_TRE), named("b", VINH_LONG), named("c", VINH_LONG, on="2025-12-24")])
    old, before, after = (registry.assigned[name] for name in "abc")
    assert len({old, before, after}) == 3
    rows = {row["id"]: row for row in registry.rows}
    assert rows[old]["successor_id"] == rows[before]["successor_id"] == after
    assert {row["history_id"] for row in rows.values()} == {after}
    assert {old, before} <= set(json.loads(rows[after]["predecessors"]))
    assert (rows[before]["valid_to"], rows[after]["valid_from"]) == ("2025-06-30", "2025-07-01")
    assert registry.same_line == {name: name for name in rows}  # it took in others: no target goes over


def test_a_successor_that_no_article_names_is_in_the_registry() -> None:
    registry = register([named("a", BEN_TRE)])
    assert [row["name"] for row in registry.rows] == [VINH_LONG, BEN_TRE]
    assert set(registry.assigned.values()) == {registry.rows[1]["id"]}


def test_rows_come_with_the_last_of_each_chain_first() -> None:
    registry = register([named("a", BEN_TRE), named("b", TT_HUE), named("c", HUE, on="2025-03-01")])
    seen: set[str] = set()
    for row in registry.rows:
        assert {row["successor_id"], row["history_id"]} - {None} <= seen | {row["id"]}
        seen.add(row["id"])


def test_a_unit_that_only_took_another_name_is_one_line() -> None:
    registry = register([named("a", TT_HUE), named("b", HUE, on="2025-03-01")])
    old, new = registry.assigned["a"], registry.assigned["b"]
    assert old != new
    assert registry.same_line[old] == registry.same_line[new] == new


def test_units_that_nothing_places_are_unsure() -> None:
    school = "Công đoàn Trường Tiểu học Nguyễn Viết Xuân"
    lonely = register([named("a", school, level="grassroots", type="grassroots_union")])
    placed = register([named("a", school, level="grassroots", type="grassroots_union", home="83")])
    assert lonely.unsure == set(lonely.assigned.values())
    assert placed.unsure == set()
    assert lonely.assigned != placed.assigned


@pytest.mark.parametrize("seed", range(4))
def test_the_registry_is_the_same_in_any_order(seed: int) -> None:
    given = [
        named("a", BEN_TRE), named("b", "Liên đoàn lao động Bến Tre"), named("c", VINH_LONG, on="2025-12-24"),
        named("d", TT_HUE), named("e", HUE, on="2025-03-01"), named("f", "Công đoàn Y tế Bến Tre", level="sector"),
    ]  # fmt: skip
    assert register(shuffled(given, seed)) == register(given)


# People's decisions


def key_of(one: Named) -> str:
    unit = resolve(one.canonical, level=one.level, province_code=one.province_code or one.home, on=one.on)
    assert unit is not None
    return name_key(one, unit)


def test_a_person_names_another_unit() -> None:
    mine = named("a", "Công đoàn May Cửa Tiểu", level="grassroots", type="grassroots_union", home="82")
    its = named("b", "Công đoàn Công ty May Cửa Tiểu", level="grassroots", type="grassroots_union", home="82")
    apart = register([mine, its])
    assert apart.assigned["a"] != apart.assigned["b"]
    one = register([mine, its], {(key_of(mine), apart.assigned["b"]): True})
    assert one.assigned == {"a": apart.assigned["b"], "b": apart.assigned["b"]}
    (decided,) = (row for row in one.decisions if row[0] == key_of(mine))
    assert decided[1:] == (apart.assigned["b"], 1.0, "a person's decision")


def test_a_person_says_that_a_name_is_not_that_unit() -> None:
    loose = named("a", "Liên đoàn lao động Bến Tre")
    given = [loose, named("b", BEN_TRE)]
    unit = register(given).assigned["b"]
    held = register(given, {(key_of(loose), unit): False})
    assert held.assigned["b"] == unit
    assert held.assigned["a"] not in {unit, None}


def test_a_person_breaks_and_makes_a_succession() -> None:
    given = [named("a", BEN_TRE), named("c", VINH_LONG, on="2025-12-24"), named("d", HUE, on="2025-03-01")]
    registry = register(given)
    old, new, other = (registry.assigned[name] for name in "acd")
    broken = {row["id"]: row for row in register(given, chains={(old, new): False}).rows}
    assert (broken[old]["successor_id"], broken[old]["history_id"]) == (None, old)
    made = {row["id"]: row for row in register(given, chains={(other, new): True}).rows}
    assert (made[other]["successor_id"], made[other]["history_id"]) == (new, new)
    assert other in json.loads(made[new]["predecessors"])
