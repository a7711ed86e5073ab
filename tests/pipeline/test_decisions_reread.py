"""People's decisions outlive every reading: what was said of a record is said of the same words in the next one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from pipeline.dataset.link import link
from pipeline.dataset.schema import figures
from tests.databases import all_rows
from tests.pipeline.decided import (
    APART,
    ELSEWHERE,
    FIRST,
    figure,
    fill,
    groups,
    grown,
    on_pair,
    on_record,
    read,
    rows,
)


@pytest.fixture
def dataset(engine: Engine) -> Engine:
    fill(engine)
    return engine


def test_decisions_on_values_find_their_records_again(dataset: Engine) -> None:
    """A reading that gives the figures other ids: what a person said is said of the same words."""
    old = {value: figure(dataset, value)["id"] for value in ("12", "14", "3450")}
    on_record(dataset, figures, old["12"], "correction", field="value", value="21", value_before="12")
    on_record(dataset, figures, old["14"], "rejection")
    on_record(dataset, figures, old["3450"], "acceptance")
    on_pair(dataset, "first", "second", "apart")
    read(dataset, first=grown(FIRST))
    link(dataset)
    now = {value: figure(dataset, value)["id"] for value in ("12", "14", "3450")}
    assert all(now[value] != old[value] for value in now)
    told = {row["figure_id"]: row["value"] for row in all_rows(dataset)["outcome_values"]}
    assert told[now["12"]] == "21"
    assert now["14"] not in told
    assert told[figure(dataset, "162")["id"]] == "162"  # the new one, whose place a decision had named
    assert rows(dataset, "review_items", record_id=now["3450"]) == []
    assert rows(dataset, "review_items", kind="lost_decision") == []
    assert groups(dataset) == APART
    assert len(rows(dataset, "decisions", human=True)) == 4


TWICE = f"{ELSEWHERE} | Năm 2024, huyện phấn đấu kết nạp 318 đoàn viên."


@pytest.mark.parametrize(
    ("status", "grown_text"),
    [
        pytest.param(
            "achieved", TWICE.replace(": kết nạp", ": lập 4 CĐCS, kết nạp"), id="the first, moved back"
        ),
        pytest.param("target", TWICE.replace(" | ", " Có 42 CĐCS. | "), id="the second, moved back"),
    ],
)
def test_of_the_same_words_twice_the_nearest_are_meant(dataset: Engine, status: str, grown_text: str) -> None:
    read(dataset, elsewhere=TWICE)
    told = {row["status"]: row for row in rows(dataset, "figures", value="318")}
    assert told.keys() == {"achieved", "target"}
    assert told["achieved"]["evidence_text"] == told["target"]["evidence_text"]
    record = told[status]["id"]
    on_record(dataset, figures, record, "correction", field="value", value="319", value_before="318")
    read(dataset, elsewhere=grown_text)
    link(dataset)
    moved = {row["status"]: row["id"] for row in rows(dataset, "figures", value="318")}
    assert moved[status] != record
    found = {row["figure_id"]: row["value"] for row in all_rows(dataset)["outcome_values"]}
    assert {one for one, identity in moved.items() if found[identity] == "319"} == {status}


def test_a_decision_whose_words_are_gone_is_asked_about(dataset: Engine) -> None:
    identity = on_record(
        dataset, figures, figure(dataset, "12")["id"], "correction", field="value", value="21"
    )
    read(dataset, first=FIRST.replace("12 căn nhà", "15 căn nhà"))
    link(dataset)
    (asked,) = rows(dataset, "review_items", kind="lost_decision")
    assert (asked["record_table"], asked["record_id"], asked["sentence"]) == (
        "figures",
        identity,
        "value = 21",
    )
    assert [row["value"] for row in rows(dataset, "outcome_values", indicator="houses_supported")] == ["15"]
    # The page is mended: the decision holds again.
    read(dataset)
    link(dataset)
    assert rows(dataset, "review_items", kind="lost_decision") == []
    assert [row["value"] for row in rows(dataset, "outcome_values", indicator="houses_supported")] == ["21"]
