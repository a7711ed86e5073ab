"""The tables of pairs against the real linker: reports of one conference, reprints, names of one unit.

The pairs that are not judged right stand in the message of a failure. `missed("outcomes")` lists them at any time:

    .venv/bin/python -c 'from tests.pipeline.link.test_outcome_pairs import missed; print(*missed("outcomes"), sep="\n")'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from pipeline.dataset.link.reprints import Article, find_reprints
from pipeline.dataset.link.units import Named, register
from tests.extractors.tables import Row, rows
from tests.pipeline.link.linked import FLOORS, linked, report, together


def outcomes(row: Row) -> str:
    """Both texts read, stored in a database of their own and linked: whether an outcome has reports of both."""
    a, b = (report(row[f"text_{side}"], row[f"published_{side}"], f"{side}{row.line}") for side in "ab")
    with linked([a, b]) as engine:
        both = any({a.article.id, b.article.id} <= articles for articles in together(engine))
    return "same" if both else "different"


def reprints(row: Row) -> str:
    articles = [Article(side, row[f"published_{side}"] or None, row[f"text_{side}"]) for side in "ab"]
    found = find_reprints(articles)
    assert found == find_reprints(articles[::-1])
    return "reprint" if found else "no"


def same_units(row: Row) -> str:
    """`history` where one unit is in the other's chain of successors."""
    named = [
        Named(
            record=side,
            name=row[f"name_{side}"],
            canonical=row[f"name_{side}"],
            type="other",
            level=None,
            province_code=row[f"province_{side}"] or None,
            home=None,
            on=row[f"date_{side}"] or None,
        )
        for side in "ab"
    ]
    registry = register(named)
    after = {unit["id"]: unit["successor_id"] for unit in registry.rows}
    a, b = (registry.assigned.get(side) for side in "ab")
    if a is None or b is None:
        return "different"
    if a == b:
        return "same"
    return "history" if b in chain(a, after) or a in chain(b, after) else "different"


def chain(unit: str, after: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    then: str | None = unit
    while then is not None and then not in found:
        found.add(then)
        then = after[then]
    return found


JUDGED: dict[str, Callable[[Row], str]] = {
    "outcomes": outcomes,
    "outcomes_later": outcomes,
    "reprints": reprints,
    "same_units": same_units,
}


@cache
def judged(name: str) -> list[tuple[Row, str]]:
    """The rows of `tests/cases/NAME.tsv`, each with what comes out."""
    return [(row, JUDGED[name](row)) for row in rows(name)]


def missed(name: str) -> list[str]:
    """The rows that come out otherwise than they say: line, what it proves, expected, got."""
    return [
        f"{row.id}\n    expected {row['expected']}, got {got}"
        for row, got in judged(name)
        if got != row["expected"]
    ]


def test_each_table_of_pairs_has_its_floor() -> None:
    assert FLOORS.keys() == {
        "outcomes_precision",
        "outcomes_recall",
        "outcomes_later_precision",
        "outcomes_later_recall",
        "reprints",
        "same_units",
        "demo_targets",
    }


@pytest.mark.parametrize("name", ["outcomes", "outcomes_later"])
def test_reports_of_one_conference_are_found_and_hardly_any_others(name: str) -> None:
    counts = Counter((row["expected"], got) for row, got in judged(name))
    right = counts["same", "same"]
    precision = right / (right + counts["different", "same"])
    recall = right / (right + counts["same", "different"])
    told = f"{name}.tsv: precision {precision:.3f}, recall {recall:.3f}"
    assert precision >= FLOORS[f"{name}_precision"], "\n".join([told, *missed(name)])
    assert recall >= FLOORS[f"{name}_recall"], "\n".join([told, *missed(name)])


@pytest.mark.parametrize("name", ["reprints", "same_units"])
def test_the_share_of_pairs_judged_right(name: str) -> None:
    wrong, n = missed(name), len(judged(name))
    share = (n - len(wrong)) / n
    told = f"{name}.tsv: {n - len(wrong)} of {n} rows come out right, {share:.3f}, below the floor of {FLOORS[name]}"
    assert share >= FLOORS[name], "\n".join([told, *wrong])
