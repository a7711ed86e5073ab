"""Rows: the same reports twice change nothing, changed ones replace the old."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from extractors.records import (
    Article,
    Award,
    Check,
    Conference,
    EventDate,
    Evidence,
    Figure,
    Person,
    Report,
    Span,
    UnitRef,
)
from pipeline.dataset.pages import PageState, PageTable
from pipeline.dataset.release import release
from pipeline.dataset.schema import READ, articles, awards, conferences, figures, pages, people
from pipeline.dataset.store import Reading, count_rows, store_reports
from tests.databases import all_rows, note_run

TEXT = "Sáng 12/1, LĐLĐ huyện Ba Tri kết nạp 705 đoàn viên; bà Đỗ Thị Mận trao 6 giấy khen."


def evidence(words: str) -> Evidence:
    start = TEXT.index(words)
    return Evidence(start=start, end=start + len(words), text=words, rule="test")


def report(article: str = "a1", *, members: str = "705", events: int = 1) -> Report:
    """An article with `events` conferences of a host, a person, a figure, an award and a check each."""
    conference = Conference(
        id="c",
        kind="year_review",
        host=UnitRef(
            name="LĐLĐ huyện Ba Tri",
            canonical="Liên đoàn Lao động huyện Ba Tri",
            type="federation",
            level="district",
            province_code="83",
            role="host",
            evidence=evidence("LĐLĐ huyện Ba Tri"),
        ),
        date=EventDate(
            start="2025-01-12", session="morning", basis="publication", evidence=evidence("Sáng 12/1")
        ),
        people=[
            Person(name="Đỗ Thị Mận", position="Chủ tịch", role="directs", evidence=evidence("bà Đỗ Thị Mận"))
        ],
        figures=[
            Figure(
                indicator="members_recruited",
                value=Decimal(members),
                unit="person",
                unit_text="đoàn viên",
                status="achieved",
                attainment_pct=87.5,
                evidence=evidence("705 đoàn viên"),
                sentence=Span(start=0, end=len(TEXT)),
            )
        ],
        awards=[
            Award(
                form="certificate_of_commendation",
                form_text="giấy khen",
                grantors=["Liên đoàn Lao động huyện Ba Tri"],
                recipient_type="unspecified",
                count=6,
                evidence=evidence("6 giấy khen"),
            )
        ],
        checks=[
            Check(rule="part_of_whole", holds=True, expected=Decimal("705.50"), figures=[0], message="vừa")
        ],
    )
    return Report(
        article=Article(
            id=article, source="thu", url=f"https://baothu.vn/{article}", text=TEXT, relevant=True
        ),
        conferences=[conference.model_copy(update={"id": f"c{n}"}) for n in range(events)],
    )


@pytest.fixture(autouse=True)
def _runs(engine: Engine) -> None:
    note_run(engine, "run-1", "run-2")


def readings(*reports: Report) -> list[Reading]:
    return [Reading(report=one, version="1") for one in reports]


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    return all_rows(engine, READ)


def test_a_second_time_changes_nothing(engine: Engine) -> None:
    first = store_reports(engine, readings(report("a1"), report("a2")), "run-1")
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    before = everything(engine)
    assert {name: len(rows) for name, rows in before.items()} == count_rows(engine)
    second = store_reports(engine, readings(report("a2"), report("a1")), "run-2")
    assert (second.new, second.changed, second.unchanged) == (0, 0, 2)
    assert everything(engine) == before


def test_a_changed_article_s_old_rows_go(engine: Engine) -> None:
    store_reports(engine, readings(report("a1", events=3), report("a2")), "run-1")
    other = [row for row in everything(engine)["figures"] if row["conference_id"].startswith("a2")]
    summary = store_reports(engine, readings(report("a1", members="706", events=1)), "run-2")
    assert (summary.new, summary.changed) == (0, 1)
    assert count_rows(engine)["figures"] == 2
    with engine.connect() as connection:
        values = connection.execute(select(figures.c.value).order_by(figures.c.id)).scalars().all()
        runs = connection.execute(select(articles.c.run_id).order_by(articles.c.id)).scalars().all()
    assert values == ["706", "705"]
    assert runs == ["run-2", "run-1"]
    assert [row for row in everything(engine)["figures"] if row["conference_id"].startswith("a2")] == other


def test_two_articles_conferences_of_one_id_stay_apart(engine: Engine) -> None:
    # An extractor's ids are stable for one article; a reprint may bring the same ones.
    store_reports(engine, readings(report("a1"), report("a2")), "run-1")
    assert [row["id"] for row in everything(engine)["conferences"]] == ["a1-c0", "a2-c0"]


def test_values_arrive_as_they_are(engine: Engine) -> None:
    store_reports(engine, readings(report()), "run-1")
    with engine.connect() as connection:
        head = connection.execute(select(conferences)).mappings().one()
        figure = connection.execute(select(figures)).mappings().one()
        award = connection.execute(select(awards)).mappings().one()
        person = connection.execute(select(people)).mappings().one()
    assert (head["host_canonical"], head["date_start"]) == ("Liên đoàn Lao động huyện Ba Tri", "2025-01-12")
    assert TEXT[head["host_start"] : head["host_end"]] == head["host_text"] == "LĐLĐ huyện Ba Tri"
    assert (figure["value"], figure["value_number"], figure["attainment_pct"]) == ("705", 705.0, 87.5)
    assert TEXT[figure["evidence_start"] : figure["evidence_end"]] == "705 đoàn viên"
    assert award["grantors"] == '["Liên đoàn Lao động huyện Ba Tri"]'
    assert person["position"] == "Chủ tịch"


def state(engine: Engine, *urls: str) -> dict[str, tuple[str | None, str | None]]:
    """What the reader noted of pages: the digest it read, and why that gave nothing."""
    with engine.connect() as connection:
        query = select(pages.c.url, pages.c.read_digest, pages.c.read_error).where(pages.c.url.in_(urls))
        return {url: (digest, error) for url, digest, error in connection.execute(query)}


@pytest.mark.guard("refused-article")
def test_an_article_that_the_database_refuses_is_noted_and_the_others_are_stored(engine: Engine) -> None:
    twice = report("a1", events=2)
    same_id = twice.model_copy(update={"conferences": [twice.conferences[0]] * 2})
    table = PageTable(engine)
    for url in ("p0", "p1", "p2"):
        table.put(PageState(url, "thu", "article", digest="d"))
    given = (report("a0"), same_id, report("a2"))
    batch = [Reading(one, "1", page_url=f"p{n}", page_digest="d") for n, one in enumerate(given)]
    summary = store_reports(engine, batch, "run-1")
    assert (summary.new, summary.failed) == (2, 1)
    rows = everything(engine)
    assert [row["id"] for row in rows["articles"]] == ["a0", "a2"]
    assert [row["conference_id"] for row in rows["figures"]] == ["a0-c0", "a2-c0"]
    assert [row["article_id"] for row in rows["article_versions"]] == ["a0", "a2"]
    told = state(engine, "p0", "p1", "p2")
    assert told["p0"] == told["p2"] == ("d", None)
    digest, error = told["p1"]
    assert (digest, str(error).partition(":")[0]) == ("d", "the database refuses it")


def test_an_article_that_is_refused_keeps_the_rows_of_its_last_good_reading(engine: Engine) -> None:
    store_reports(engine, readings(report("a1")), "run-1")
    before = everything(engine)
    other = report("a1", members="706", events=2)
    same_id = other.model_copy(update={"conferences": [other.conferences[0]] * 2})
    summary = store_reports(engine, readings(same_id, report("a0")), "run-2")
    assert (summary.new, summary.changed, summary.failed) == (1, 0, 1)
    after = everything(engine)
    assert after["figures"][0]["conference_id"] == "a0-c0"
    assert after["figures"][1:] == before["figures"]


def test_a_batch_of_a_run_that_nobody_noted_is_not_stored(engine: Engine) -> None:
    summary = store_reports(engine, readings(report("a1"), report("a2")), "run-9")
    assert (summary.new, summary.failed) == (0, 2)
    assert set(count_rows(engine).values()) == {0}


def test_a_release_tells_lists_and_numbers_apart(engine: Engine, tmp_path: Path) -> None:
    store_reports(engine, readings(report()), "run-1")
    folder = release(engine, tmp_path / "releases", "2025-01-14")
    assert '"grantors": ["Liên đoàn Lao động huyện Ba Tri"]' in (folder / "awards.jsonl").read_text("utf-8")
    assert '"expected": "705.5", "expected_number": 705.5' in (folder / "checks.jsonl").read_text("utf-8")
