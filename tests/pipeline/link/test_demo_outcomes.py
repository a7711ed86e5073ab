"""The demo's articles and the gold's texts linked: what belongs together is what was found by hand, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine, select

import extractors
from extractors.records import Report
from pipeline.dataset.database import database
from pipeline.dataset.link import link
from pipeline.dataset.schema import (
    conferences,
    outcome_values,
    outcomes,
    review_items,
    target_results,
    units,
)
from pipeline.demo_sites import FOLDER, SITES, load_story
from pipeline.evaluate.gold import load_gold
from pipeline.settings import ROOT
from tests.databases import KINDS, NewDatabase, all_rows, note_run
from tests.extractors.tables import rows
from tests.pipeline.link.linked import FLOORS, Row, linked, plain, store, together

EXACT = {"members_recruited", "unions_founded", "houses_supported"}
"""Indicators of which no target may be held against a wrong result."""


@cache
def demo() -> dict[str, Report]:
    """`songtien/01-…` → what is read of that article, as its site prints it."""
    found = {}
    for site in SITES:
        for file in sorted((FOLDER / site / "articles").glob("*.txt")):
            story = load_story(file)
            found[f"{site}/{file.stem}"] = extractors.read(
                "\n\n".join([story.lead, *(block.text for block in story.body)]),
                title=story.title,
                published=story.published.isoformat(),
                url=f"https://{site}.example{story.path}",
                source=site,
            )
    return found


@cache
def gold() -> dict[str, Report]:
    return {
        one.name: extractors.read(
            one.text, title=one.title, published=one.published, url=f"https://gold.example/{one.name}"
        )
        for one in load_gold(ROOT / "corpus" / "gold")
    }


def everything() -> dict[str, Report]:
    return {**demo(), **gold()}


@pytest.fixture(scope="module")
def dataset() -> Iterator[Engine]:
    """All articles of the demo and of the gold in one database, linked."""
    with linked(everything().values()) as engine:
        yield engine


@pytest.fixture(scope="module")
def shelves() -> Iterator[Engine]:
    """The demo's articles alone."""
    with linked(demo().values()) as engine:
        yield engine


def test_the_shelves_are_whole() -> None:
    assert len(demo()) == 74
    assert len(gold()) >= 26
    ids = [one.article.id for one in everything().values()]
    assert len(set(ids)) == len(ids)


def test_reports_of_one_conference_are_those_found_by_hand(dataset: Engine) -> None:
    names = {one.article.id: name for name, one in everything().items()}
    expected: dict[str, set[str]] = defaultdict(set)
    for row in rows("demo_outcomes"):
        expected[row["group"]].add(row["article"])
    found = [{names[article] for article in articles} for articles in together(dataset)]
    assert sorted(sorted(one) for one in found if len(one) > 1) == sorted(map(sorted, expected.values()))


def found_targets(engine: Engine) -> dict[tuple[Any, ...], Row]:
    """By host, indicator, unit of counting, year and target; the host by its name in that year's report."""
    reported = outcomes.alias()
    query = (
        select(target_results, reported.c.host.label("host"))
        .join(outcome_values, outcome_values.c.id == target_results.c.result_value_id)
        .join(reported, reported.c.id == outcome_values.c.outcome_id)
    )
    with engine.connect() as connection:
        told = [dict(row) for row in connection.execute(query).mappings()]
    return {(row["host"], row["indicator"], row["unit"], row["year"], row["target"]): row for row in told}


def as_told(row: Row) -> tuple[Any, ...]:
    yes = {True: "yes", False: "no", None: ""}
    claimed = "" if row["claimed_pct"] is None else f"{row['claimed_pct']:g}"
    return row["result"], yes[row["attained"]], claimed, yes[row["claim_holds"]]


def test_targets_are_held_against_the_next_year_s_results(shelves: Engine) -> None:
    found = found_targets(shelves)
    wrong = []
    table = rows("demo_targets")
    for row in table:
        about = (row["unit"], row["indicator"], row["unit_code"], int(row["year"]), row["target"])
        told = (row["result"], row["attained"], row["claimed_pct"], row["claim_holds"])
        got = found.get(about)
        if got is None or as_told(got) != told:
            wrong.append(f"{row.id}\n    expected {about} {told}\n    got {got and as_told(got)}")
    share = (len(table) - len(wrong)) / len(table)
    assert share >= FLOORS["demo_targets"], "\n".join([f"demo_targets.tsv: {share:.3f}", *wrong])


def test_no_target_is_held_against_a_result_of_something_else(shelves: Engine) -> None:
    expected = {
        (row["unit"], row["indicator"], row["unit_code"], int(row["year"]), row["target"], row["result"])
        for row in rows("demo_targets")
        if row["indicator"] in EXACT
    }
    assert {
        (*about, row["result"]) for about, row in found_targets(shelves).items() if about[1] in EXACT
    } == expected


def test_the_contradicted_claim_is_found_and_asked_about(shelves: Engine) -> None:
    (row,) = (row for row in found_targets(shelves).values() if row["claim_holds"] is False)
    told = (row["host"], row["indicator"], row["year"], row["target"], row["result"], row["claimed_pct"])
    assert told == ("Liên đoàn Lao động tỉnh Nghệ An", "unions_founded", 2024, "35", "37", 123.3)
    with shelves.connect() as connection:
        query = select(review_items.c.record_id, review_items.c.value)
        asked = connection.execute(query.where(review_items.c.kind == "claim_contradicted")).tuples().all()
    assert asked == [(row["id"], "123.3")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Liên đoàn Lao động tỉnh Thừa Thiên Huế", "Liên đoàn Lao động thành phố Huế"),
        ("Liên đoàn Lao động tỉnh Tiền Giang", "Liên đoàn Lao động tỉnh Đồng Tháp"),
    ],
)
def test_a_unit_before_and_after_is_two_of_one_history(dataset: Engine, before: str, after: str) -> None:
    with dataset.connect() as connection:
        query = select(units).join(conferences, conferences.c.host_unit_id == units.c.id).distinct()
        hosts = [dict(row) for row in connection.execute(query).mappings()]
    (old,) = (row for row in hosts if row["name"] == before)
    (new,) = (row for row in hosts if row["name"] == after and (row["valid_from"] or "") >= "2025-01-01")
    assert old["id"] != new["id"]
    assert old["history_id"] == new["history_id"] == new["id"]
    assert old["valid_to"] < new["valid_from"]


@pytest.mark.parametrize(
    ("one", "other", "day"),
    [
        pytest.param(
            "songtien/03-ldld-huyen-cai-be-nhiem-vu-2025",
            "songtien/19-ldld-huyen-cai-lay-tong-ket-2024",
            "2025-01-08",
            id="two districts' reviews",
        ),
        pytest.param(
            "truongson/13-ldld-thanh-hoa-tong-ket-2024",
            "truongson/29-thanh-hoa-trao-qua-le-mon",
            "2024-12-27",
            id="one province's review and its gifts",
        ),
    ],
)
def test_two_conferences_of_one_day_stay_apart(shelves: Engine, one: str, other: str, day: str) -> None:
    articles = {demo()[name].article.id for name in (one, other)}
    with shelves.connect() as connection:
        query = select(conferences.c.date_start).where(conferences.c.article_id.in_(articles))
        assert list(connection.execute(query).scalars()) == [day, day]
    assert not any(articles <= found for found in together(shelves))


def test_both_databases_link_alike(new_database: NewDatabase) -> None:
    told = {}
    for kind in KINDS:
        with database(new_database(kind)) as engine:
            note_run(engine, "r")
            store(engine, demo().values())
            link(engine)
            told[kind] = {name: plain(table) for name, table in all_rows(engine).items()}
    assert told["sqlite"]["outcomes"]
    assert told["sqlite"]["target_results"]
    assert told["sqlite"] == told["postgresql"]
