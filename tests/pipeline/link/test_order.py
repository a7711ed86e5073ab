"""The same articles in any order and any batches are the same dataset, on both databases."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Engine, select

import extractors
from extractors.records import Report
from pipeline.dataset.link import link
from pipeline.dataset.schema import article_versions, articles
from pipeline.dataset.store import Reading, store_reports
from tests.databases import all_rows, note_run
from tests.pipeline.link.linked import linked, plain, shuffled, store
from tests.pipeline.link.test_demo_outcomes import demo


@cache
def shelf() -> list[Report]:
    """One demo site's articles: a reprint, reports of one conference, targets among them."""
    return [one for name, one in demo().items() if name.startswith(("songtien/", "mietthu/2"))]


@cache
def expected() -> dict[str, list[str]]:
    with linked(shelf()) as engine:
        return {name: plain(rows) for name, rows in all_rows(engine).items()}


@pytest.mark.parametrize(("seed", "size"), [(1, 1), (2, 7), (3, None)])
def test_any_order_and_any_batches_are_one_dataset(engine: Engine, seed: int, size: int | None) -> None:
    note_run(engine, "r")
    store(engine, shuffled(shelf(), seed), size)
    link(engine)
    found = {name: plain(rows) for name, rows in all_rows(engine).items()}
    assert all(expected().values())  # every table is compared
    assert found == expected()


def test_linking_between_the_batches_and_twice_changes_nothing(engine: Engine) -> None:
    note_run(engine, "r")
    given = shuffled(shelf(), 4)
    for start in range(0, len(given), 20):
        store(engine, given[start : start + 20])
        link(engine)
    assert {name: plain(rows) for name, rows in all_rows(engine).items()} == expected()
    link(engine)
    assert {name: plain(rows) for name, rows in all_rows(engine).items()} == expected()


def test_what_goes_takes_its_links_with_it(engine: Engine) -> None:
    """An article that turns out to report nothing leaves the dataset as if it had never told of a conference."""
    note_run(engine, "r")
    copy = next(one for name, one in demo().items() if name.startswith("songtien/14-"))
    store(engine, shelf())
    link(engine)
    store(engine, [copy.model_copy(update={"conferences": []})])
    link(engine)
    told = [
        one if one.article.id != copy.article.id else one.model_copy(update={"conferences": []})
        for one in shelf()
    ]
    with linked(told) as other:
        without = {name: plain(rows) for name, rows in all_rows(other).items()}
    assert {name: plain(rows) for name, rows in all_rows(engine).items()} == without
    assert without != expected()


# One article, archived three times

A = "Sáng 9/1/2025, LĐLĐ huyện Ba Tri tổng kết năm 2024: kết nạp 705 đoàn viên."
B = A.replace("705", "750")
TIMES = ("2025-01-09T10:00:00+00:00", "2025-01-10T10:00:00+00:00", "2025-01-11T10:00:00+00:00")


def copies(*texts: str) -> list[Reading]:
    """The article at one URL with these words, day after day."""
    return [
        Reading(
            extractors.read(text, url="https://bao.example/1", published="2025-01-09"), "1",
            page_url="https://bao.example/1", fetched_at=time,
        )
        for text, time in zip(texts, TIMES, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("order", [*itertools.permutations(range(3))], ids=str)
@pytest.mark.parametrize(("texts", "current"), [((A, B, A), A), ((A, A, B), B)], ids=["ABA", "AAB"])
def test_the_copy_fetched_last_counts_and_each_wording_is_kept(
    engine: Engine, texts: tuple[str, ...], current: str, order: tuple[int, ...], batch: int
) -> None:
    note_run(engine, "r")
    given = [copies(*texts)[place] for place in order]
    for start in range(0, 3, batch):
        store_reports(engine, given[start : start + batch], "r")
    with engine.connect() as connection:
        (article,) = connection.execute(select(articles)).mappings()
        versions: list[Any] = list(connection.execute(select(article_versions)).mappings())
    assert (article["text"], article["fetched_at"]) == (current, TIMES[2])
    seen = {row["text"]: json.loads(row["seen"]) for row in versions}
    assert len(versions) == len(seen)
    assert seen == {
        text: [time for one, time in zip(texts, TIMES, strict=True) if one == text] for text in texts
    }
    (figure,) = all_rows(engine)["figures"]
    assert figure["value"] in current


def test_of_two_pages_fetched_at_once_the_smaller_address_counts_in_any_order(engine: Engine) -> None:
    note_run(engine, "r")
    urls = {A: "https://bao.example/a", B: "https://bao.example/b"}
    given = [
        Reading(extractors.read(text, url="https://bao.example/1"), "1", page_url=url, fetched_at=TIMES[0])
        for text, url in urls.items()
    ]
    for batch in (given, given[::-1], given[:1], given[1:]):
        store_reports(engine, batch, "r")
        with engine.connect() as connection:
            assert connection.execute(select(articles.c.text)).scalar_one() == A
