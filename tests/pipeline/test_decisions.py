"""People's decisions are followed whenever the dataset is linked, and leave what was read as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, update

from pipeline.dataset.database import writing
from pipeline.dataset.link import link
from pipeline.dataset.schema import conferences, decisions, figures
from tests.databases import all_rows
from tests.pipeline.decided import (
    APART,
    CONFERENCES,
    FIRST,
    IDS,
    TOGETHER,
    decide,
    figure,
    fill,
    groups,
    members,
    on_pair,
    on_record,
    rows,
)
from tests.pipeline.link.linked import report, store


@pytest.fixture
def dataset(engine: Engine) -> Engine:
    fill(engine)
    return engine


def test_what_is_decided_without_a_person(dataset: Engine) -> None:
    assert groups(dataset) == TOGETHER
    assert members(dataset) == ["318", "705"]
    (held,) = all_rows(dataset)["target_results"]
    assert (held["target"], held["result"], held["attained"], held["claim_holds"]) == (
        "650",
        "618",
        False,
        True,
    )
    assert not any(row["human"] for row in all_rows(dataset)["decisions"])


# Links


def test_what_a_person_holds_apart_is_two_outcomes(dataset: Engine) -> None:
    identity = on_pair(dataset, "first", "second", "apart")
    link(dataset)
    assert groups(dataset) == APART
    pair = {"left_id": min(CONFERENCES["first"], CONFERENCES["second"]), "kind": "same_conference"}
    assert rows(dataset, "links", **pair) == []
    assert [row["id"] for row in rows(dataset, "decisions", **pair)] == [identity]


def test_what_a_person_links_is_one_outcome(dataset: Engine) -> None:
    identity = on_pair(dataset, "first", "elsewhere", "linked")
    link(dataset)
    assert groups(dataset) == {frozenset({"first", "second", "elsewhere"}), frozenset({"next"})}
    (made,) = rows(dataset, "links", decision_id=identity)
    assert {made["left_id"], made["right_id"]} == {CONFERENCES["first"], CONFERENCES["elsewhere"]}
    assert made["score"] == 1.0


def test_a_link_to_what_is_no_longer_there_is_without_effect_and_asked_about(dataset: Engine) -> None:
    identity = decide(dataset, "same_conference", CONFERENCES["first"], "gone-1", "linked")
    link(dataset)
    assert groups(dataset) == TOGETHER
    (lost,) = rows(dataset, "review_items", kind="lost_decision")
    assert (lost["record_id"], lost["value"], lost["other_id"]) == (identity, CONFERENCES["first"], "gone-1")


def test_the_last_of_several_decisions_counts_and_one_undone_does_not(dataset: Engine) -> None:
    on_pair(dataset, "first", "second", "apart", decided_at="2025-02-01")
    later = on_pair(dataset, "first", "second", "linked", decided_at="2025-02-02")
    link(dataset)
    assert groups(dataset) == TOGETHER
    with writing(dataset).begin() as connection:
        connection.execute(update(decisions).where(decisions.c.id == later).values(undone_at="2025-02-03"))
    link(dataset)
    assert groups(dataset) == APART
    assert len(rows(dataset, "decisions", human=True)) == 2  # none is ever deleted


def test_a_person_says_that_a_text_is_no_copy_and_that_it_is_one(dataset: Engine) -> None:
    copied = FIRST.replace("705", "750")
    store(dataset, [report(copied, "2024-01-11T08:00:00+07:00", "copy")])
    link(dataset)
    copy = report(copied, "2024-01-11T08:00:00+07:00", "copy").article.id
    assert [row["reprint_of"] for row in rows(dataset, "outcome_reports", article_id=copy)] == [IDS["first"]]
    decide(dataset, "reprint", copy, IDS["first"], "apart")
    decide(dataset, "reprint", IDS["second"], IDS["first"], "linked")
    link(dataset)
    told = {row["article_id"]: row["reprint_of"] for row in all_rows(dataset)["outcome_reports"]}
    assert (told[copy], told[IDS["second"]]) == (None, IDS["first"])


def test_a_person_says_that_a_result_is_not_that_target_s(dataset: Engine) -> None:
    (held,) = all_rows(dataset)["target_results"]
    decide(dataset, "target_result", held["target_value_id"], held["result_value_id"], "apart")
    link(dataset)
    assert all_rows(dataset)["target_results"] == []


# Values


def test_a_correction_changes_what_happened_and_not_what_was_read(dataset: Engine) -> None:
    before = all_rows(dataset)["figures"]
    # Both reports misread, as it were: otherwise they would differ.
    for article in ("first", "second"):
        record = figure(dataset, "705", article)["id"]
        on_record(dataset, figures, record, "correction", field="value", value="750", value_before="705")
    link(dataset)
    assert all_rows(dataset)["figures"] == before
    assert members(dataset) == ["318", "750"]
    (row,) = rows(dataset, "outcome_values", value="750")
    assert (row["value_number"], row["agreement"], row["reports"]) == (750.0, "agree", 2)


def test_one_report_corrected_differs_from_the_other(dataset: Engine) -> None:
    record = figure(dataset, "705")["id"]
    on_record(dataset, figures, record, "correction", field="value", value="750", value_before="705")
    link(dataset)
    (row,) = rows(dataset, "outcome_values", value="750")
    assert row["agreement"] == "differ"
    assert [row["record_id"] for row in rows(dataset, "review_items", kind="reports_differ")] == [row["id"]]


def test_a_corrected_target_is_met(dataset: Engine) -> None:
    record = figure(dataset, "650")["id"]
    on_record(dataset, figures, record, "correction", field="value", value="600", value_before="650")
    link(dataset)
    (held,) = all_rows(dataset)["target_results"]
    assert (held["target"], held["attained"], held["attained_pct"], held["claim_holds"]) == (
        "600",
        True,
        103.0,
        False,
    )


def test_a_corrected_host_moves_its_conference(dataset: Engine) -> None:
    name = "Liên đoàn Lao động huyện Giồng Trôm"
    on_record(dataset, conferences, CONFERENCES["second"], "correction", field="host_canonical", value=name)
    link(dataset)
    assert groups(dataset) == APART
    (row,) = rows(dataset, "outcomes", conference_id=CONFERENCES["second"])
    assert row["host"] == name
    (read_,) = rows(dataset, "conferences", id=CONFERENCES["second"])
    assert read_["host_canonical"] == "Liên đoàn Lao động huyện Ba Tri"


def test_the_last_correction_of_a_field_counts(dataset: Engine) -> None:
    record = figure(dataset, "318", "elsewhere")["id"]
    for day, value in (("2025-02-02", "320"), ("2025-02-01", "319")):
        on_record(dataset, figures, record, "correction", field="value", value=value, decided_at=day)
    link(dataset)
    assert members(dataset) == ["320", "705"]


def test_a_rejected_figure_is_in_no_outcome(dataset: Engine) -> None:
    record = figure(dataset, "318", "elsewhere")["id"]
    on_record(dataset, figures, record, "rejection")
    link(dataset)
    assert members(dataset) == ["705"]
    assert rows(dataset, "value_reports", figure_id=record) == []
    assert figure(dataset, "318", "elsewhere")["id"] == record


def test_a_rejected_conference_is_no_outcome(dataset: Engine) -> None:
    on_record(dataset, conferences, CONFERENCES["second"], "rejection")
    link(dataset)
    assert groups(dataset) == APART - {frozenset({"second"})}
    (row,) = rows(dataset, "outcome_values", value="705")
    assert row["reports"] == 1


def test_what_a_person_accepts_is_not_asked_again(dataset: Engine) -> None:
    record = figure(dataset, "3450")["id"]
    asked = {"record_id": record, "record_table": "figures"}
    assert [row["kind"] for row in rows(dataset, "review_items", **asked)] == ["unclassified"]
    others = len(all_rows(dataset)["review_items"]) - 1
    on_record(dataset, figures, record, "acceptance")
    link(dataset)
    assert rows(dataset, "review_items", **asked) == []
    assert len(all_rows(dataset)["review_items"]) == others


def test_linking_again_with_the_same_decisions_changes_nothing(dataset: Engine) -> None:
    on_pair(dataset, "first", "elsewhere", "linked")
    on_record(dataset, figures, figure(dataset, "14")["id"], "rejection")
    link(dataset)
    before = all_rows(dataset)
    link(dataset)
    assert all_rows(dataset) == before
