"""The hand-made tables of what belongs together on the demo's sites agree with the texts, and their sums are right."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import get_args

import pytest

import extractors
from extractors.records import Conference, Indicator, UnitCode
from pipeline.demo_sites import FOLDER, SITES, load_story
from tests.extractors.tables import Row, rows

OUTCOMES = rows("demo_outcomes")
TARGETS = rows("demo_targets")
EVENTS = [
    f"{site}/{file.stem}" for site in SITES for file in sorted((FOLDER / site / "articles").glob("*.txt"))
]


@cache
def event(article: str) -> Conference | None:
    """What is read of one article: its event, None where it reports none."""
    site, stem = article.split("/")
    story = load_story(FOLDER / site / "articles" / f"{stem}.txt")
    text = "\n\n".join([story.lead, *(block.text for block in story.body)])
    found = extractors.read(text, title=story.title, published=story.published.isoformat()).conferences
    return found[0] if found else None


def what(article: str) -> tuple[str, str, str] | None:
    """Host, day and the kind's half (a review or another event) of an article's event, where both are known."""
    read = event(article)
    if read is None or read.host is None or read.date.start is None:
        return None
    looks_back = "review" if read.review_period else read.kind
    return read.host.canonical, read.date.start, looks_back


def groups() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in OUTCOMES:
        found[row["group"]].append(row["article"])
    return found


def test_a_group_has_two_articles_and_an_article_one_group() -> None:
    articles = [row["article"] for row in OUTCOMES]
    assert set(articles) <= set(EVENTS)
    assert len(set(articles)) == len(articles)
    assert min(len(members) for members in groups().values()) >= 2


@pytest.mark.parametrize("group", groups())
def test_reports_of_one_conference_agree_on_host_and_day(group: str) -> None:
    read = [event(article) for article in groups()[group]]
    keys = {what(article) for article in groups()[group]}
    assert len(keys) == 1
    assert None not in keys
    told: list[set[tuple[str, Decimal, str]]] = [
        {(f.indicator, f.value, f.status) for f in one.figures} for one in read if one is not None
    ]
    assert len(set.intersection(*told)) >= 5
    assert all(figures - {one for other in told if other is not figures for one in other} for figures in told)


def test_articles_that_agree_on_host_day_and_kind_are_in_one_group() -> None:
    """Nothing on the shelves is left out of the table."""
    alike: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for article in EVENTS:
        key = what(article)
        if key is not None:
            alike[key].add(article)
    together = {frozenset(members) for members in alike.values() if len(members) > 1}
    assert together == {frozenset(members) for members in groups().values()}


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row.id)
def test_the_sums_of_a_target_are_right(row: Row) -> None:
    assert row["indicator"] in get_args(Indicator)
    assert row["unit_code"] in get_args(UnitCode)
    target, result = Decimal(row["target"]), Decimal(row["result"])
    assert row["attained"] == ("yes" if result >= target else "no")
    if not row["claimed_pct"]:
        assert row["claim_holds"] == ""
        return
    claimed = Decimal(row["claimed_pct"])
    assert row["claim_holds"] == ("yes" if round(result / target * 100, 1) == claimed else "no")


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row.id)
def test_both_values_of_a_target_are_in_the_texts(row: Row) -> None:
    """The target in a review of the year before, the result in one of the year itself."""
    year = int(row["year"])
    for reviewed, value in ((year - 1, row["target"]), (year, row["result"])):
        reviews = [
            read
            for read in map(event, EVENTS)
            if read is not None
            and read.host is not None
            and read.host.canonical == row["unit"]
            and read.review_period is not None
            and read.review_period.start == f"{reviewed}-01-01"
        ]
        assert any(figure.value == Decimal(value) for read in reviews for figure in read.figures), reviewed


def test_claims_and_targets_fail_in_some_rows() -> None:
    assert [row["claim_holds"] for row in TARGETS].count("no") == 1
    assert {row["attained"] for row in TARGETS} == {"yes", "no"}
