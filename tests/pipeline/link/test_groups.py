"""Which tellings become one outcome, and which pairs are looked at for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.dataset.link.groups import Groups, candidates, group
from pipeline.dataset.link.told import Told, Value
from tests.pipeline.link.linked import shuffled, told

NONE: frozenset[Value] = frozenset()


def members(found: Groups) -> list[list[str]]:
    return [[one.article for one in group] for group in found.members]


NAMELESS: dict[str, Any] = {"host": None, "host_name": None}


@pytest.mark.parametrize(
    ("given", "verdicts", "expected", "proves"),
    [
        ([told("a"), told("b"), told("c")], {}, [["a", "b", "c"]], "three reports"),
        ([told("a"), told("b", host="u2")], {}, [["a"], ["b"]], "two hosts"),
        ([told("b"), told("a", published="2025-01-09T17:00:00+07:00")], {}, [["b", "a"]], "the earliest is the first"),
        ([told("a"), told("b", **NAMELESS), told("c", host="u2", values=frozenset({Value("14207", "person"), Value("88", "gift")}))],
         {}, [["a", "b"], ["c"]], "a chain over a report without a host would bring two hosts together"),
        ([told("a"), replace(told("a"), id="a-c1", ordinal=1), told("b")], {}, [["a", "b"], ["a"]],
         "two conferences of one article stay two"),
        ([told("a"), told("b")], {("a-c0", "b-c0"): False}, [["a"], ["b"]], "a person holds them apart"),
        ([told("a"), told("b", host="u2", start="2024-01-01")], {("a-c0", "b-c0"): True}, [["a", "b"]],
         "a person brings them together"),
        ([told("a"), told("b"), told("c", host="u2")], {("a-c0", "c-c0"): True}, [["a", "b", "c"]],
         "what a person adds drives no other out"),
        ([told("a"), told("b"), told("c", host="u2"), told("d", host="u3")], {("a-c0", "c-c0"): True},
         [["a", "b", "c"], ["d"]], "and lets no other in"),
        ([told("a"), replace(told("a"), id="a-c1", ordinal=1), told("b")], {("a-c0", "a-c1"): True}, [["a", "a", "b"]],
         "two conferences of one article that a person calls one"),
        ([told("a"), told("b"), told("c")], {("a-c0", "b-c0"): False}, [["a", "c"], ["b"]],
         "held apart, they are not brought together by a third"),
        ([told("a"), told("b")], {("a-c0", "gone-c0"): True}, [["a", "b"]], "a decision on what is no longer there"),
    ],
)  # fmt: skip
def test_what_becomes_one_outcome_in_any_order(
    given: list[Told], verdicts: dict[tuple[str, str], bool], expected: list[list[str]], proves: str
) -> None:
    first = group(given, verdicts)
    assert members(first) == expected, proves
    for seed in range(6):
        assert group(shuffled(given, seed), verdicts) == first, proves


def test_a_link_that_would_contradict_its_group_is_left_to_a_person() -> None:
    c = told("c", host="u2", values=frozenset({Value("14207", "person"), Value("88", "gift")}))
    found = group([told("a"), told("b", **NAMELESS), c])
    assert list(found.linked) == [("a-c0", "b-c0")]
    assert list(found.unsure) == [("b-c0", "c-c0")]
    assert "others of the group differ" in found.unsure["b-c0", "c-c0"].reason


@pytest.mark.parametrize(
    ("one", "other", "worth", "proves"),
    [
        ({"values": NONE}, {"values": NONE}, True, "one host"),
        ({}, {"host": "u2", "host_name": "x"}, False, "two hosts with the same numbers"),
        ({}, {"host": None, "host_name": None, "start": None}, True, "a rare number and no host"),
        ({"values": NONE}, {"host": None, "host_name": None, "start": None, "values": NONE}, False, "nothing in common"),
        ({"text": "a", "host": "u1"}, {"text": "a", "host": "u2", "host_name": "x"}, True, "one text"),
        ({}, {"start": "2025-01-24"}, False, "fifteen days apart"),
    ],
)  # fmt: skip
def test_which_pairs_are_worth_judging(
    one: dict[str, Any], other: dict[str, Any], worth: bool, proves: str
) -> None:
    pairs = candidates([told("a", **one), told("b", **other)])
    assert pairs == ({("a-c0", "b-c0")} if worth else set()), proves
