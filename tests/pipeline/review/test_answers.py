"""Answers on records and links: each kind does what it says, and what cannot be taken is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from pipeline.dataset.corrected import CORRECTED
from pipeline.dataset.schema import (
    awards,
    checks,
    conferences,
    figures,
    links,
    outcome_reports,
    outcome_values,
    outcomes,
    people,
    review_items,
    target_results,
    unit_mentions,
    units,
)
from pipeline.review.answers import Answer, AnswerError
from tests.pipeline.release.filled import released, rows
from tests.pipeline.review.reviewer import NOW, WHO, a_figure, answer, correct, human, shown, stored, take

BY_NAME: dict[str, Table] = {table.name: table for table in CORRECTED}


# --- each answer on each thing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "field", "new_value", "expected"),
    [
        (conferences, "kind", "congress", "congress"),
        (conferences, "host_canonical", "Liên đoàn Lao động huyện Ba Tri", "Liên đoàn Lao động huyện Ba Tri"),
        (conferences, "date_start", "2024-02-29", "2024-02-29"),
        (conferences, "name", None, None),
        (unit_mentions, "canonical", "Công đoàn Viên chức tỉnh", "Công đoàn Viên chức tỉnh"),
        (people, "name", "Võ Thị Lụa", "Võ Thị Lụa"),
        (figures, "value", "4321.50", "4321.50"),
        (figures, "value", "-3", "-3"),
        (figures, "value_max", None, None),
        (figures, "indicator", "dialogues", "dialogues"),
        (figures, "attainment_pct", "87.5", 87.5),
        (figures, "of", "12", 12),
        (figures, "confidence", "1", 1.0),
        (figures, "period_start", "2023-01-01", "2023-01-01"),
        (awards, "count", "17", 17),
        (awards, "count", None, None),
        (awards, "grantors", '["Bộ Nội vụ"]', '["Bộ Nội vụ"]'),
        (checks, "holds", "false", False),
        (checks, "figures", "[0, 1]", "[0, 1]"),
    ],
    ids=lambda value: getattr(value, "name", None),
)  # fmt: skip
def test_correct(
    engine: Engine, tmp_path: Path, table: Table, field: str, new_value: str | None, expected: Any
) -> None:
    identity, before = next(iter(shown(engine, table).items()))
    taken = take(engine, correct(identity, field, new_value, table.name))
    assert (taken.new, taken.known) == (1, 0)
    after = shown(engine, table)[identity]
    assert after[field] == expected
    if f"{field}_number" in table.c:
        assert after[f"{field}_number"] == (None if new_value is None else float(new_value))
    assert stored(engine, table)[0][field] == before[field], "what was read stays as it was"
    folder = released(engine, tmp_path / "r")
    assert next(row for row in rows(folder, table.name) if row["id"] == identity)[field] in (
        expected,
        _list(expected),
    )
    told = next(row for row in rows(folder, "decisions") if row["human"])
    before_text = (
        None
        if before[field] is None
        else str(before[field]).lower()
        if field == "holds"
        else str(before[field])
    )
    assert (told["kind"], told["field"], told["value"], told["value_before"]) == (
        "correction",
        field,
        new_value,
        before_text,
    )
    assert (told["decided_by"], told["decided_at"]) == (WHO, NOW.isoformat())


def _list(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else object()


@pytest.mark.parametrize("table", CORRECTED, ids=lambda table: table.name)
def test_reject(engine: Engine, tmp_path: Path, table: Table) -> None:
    identity = next(iter(shown(engine, table)))
    take(engine, answer("reject", identity, table.name))
    assert identity not in shown(engine, table)
    assert identity in {row["id"] for row in stored(engine, table)}, "what was read stays"
    folder = released(engine, tmp_path / "r")
    assert identity not in {row["id"] for row in rows(folder, table.name)}
    if table is conferences:
        assert not [row for row in rows(folder, "figures") if row["conference_id"] == identity]
        assert not [row for row in rows(folder, "outcomes") if row["conference_id"] == identity]


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("low_confidence", figures),
        ("failed_check", checks),
        ("unresolved_host", conferences),
        ("unclassified", figures),
    ],
)
def test_accept(engine: Engine, kind: str, table: Table) -> None:
    item = next(row for row in stored(engine, review_items) if row["kind"] == kind)
    before = shown(engine, table)[item["record_id"]]
    take(engine, answer("accept", item["record_id"], table.name))
    assert item["id"] not in {row["id"] for row in stored(engine, review_items)}, "it is not asked again"
    assert shown(engine, table)[item["record_id"]] == before


def test_a_check_of_a_corrected_figure_says_nothing_any_more(engine: Engine) -> None:
    check = next(row for row in shown(engine, checks).values() if row["holds"])
    place = json.loads(check["figures"])[0]
    figure = next(
        row for row in shown(engine, figures).values()
        if (row["conference_id"], row["ordinal"]) == (check["conference_id"], place)
    )  # fmt: skip
    take(engine, correct(figure["id"], "value", "1"))
    assert check["id"] not in shown(engine, checks)


def pair_of(engine: Engine, kind: str) -> tuple[str, str]:
    """The first link of a kind."""
    row = next(row for row in stored(engine, links) if row["kind"] == kind)
    return row["left_id"], row["right_id"]


LINK_KINDS = ["same_unit", "succession", "reprint", "same_conference", "target_result"]


@pytest.mark.parametrize("kind", LINK_KINDS)
def test_apart(engine: Engine, tmp_path: Path, kind: str) -> None:
    left, right = pair_of(engine, kind)
    take(engine, answer("apart", left, "links", kind=kind, other=right, note="không phải"))
    assert (left, right) not in {
        (row["left_id"], row["right_id"]) for row in stored(engine, links) if row["kind"] == kind
    }
    folder = released(engine, tmp_path / "r")
    (told,) = [row for row in rows(folder, "decisions") if row["human"]]
    assert (told["kind"], told["left_id"], told["right_id"], told["verdict"]) == (kind, left, right, "apart")
    assert (told["reason"], told["value_before"]) == ("không phải", "linked")


@pytest.mark.parametrize("kind", LINK_KINDS)
def test_apart_and_together_again(engine: Engine, kind: str) -> None:
    before = stored(engine, outcomes), stored(engine, target_results), stored(engine, units)
    left, right = pair_of(engine, kind)
    take(engine, answer("apart", left, "links", kind=kind, other=right))
    take(engine, answer("link", left, "links", kind=kind, other=right), minutes=1)
    (link,) = [
        row
        for row in stored(engine, links)
        if (row["kind"], row["left_id"], row["right_id"]) == (kind, left, right)
    ]
    assert link["decision_id"] in {row["id"] for row in human(engine) if row["verdict"] == "linked"}
    found = stored(engine, outcomes), stored(engine, target_results), stored(engine, units)
    assert [len(rows) for rows in found] == [len(rows) for rows in before]


def test_link_two_conferences(engine: Engine) -> None:
    alone = [row["conference_id"] for row in stored(engine, outcomes) if row["reports"] == 1]
    articles = {row["id"]: row["article_id"] for row in stored(engine, conferences)}
    first, second = (
        sorted(alone)[0],
        next(one for one in sorted(alone) if articles[one] != articles[sorted(alone)[0]]),
    )
    take(engine, answer("link", second, "links", kind="same_conference", other=first))
    groups = {row["conference_id"]: row["outcome_id"] for row in stored(engine, outcome_reports)}
    assert groups[first] == groups[second]
    assert len(stored(engine, outcomes)) == len(set(groups.values()))


def test_a_name_is_of_another_unit(engine: Engine) -> None:
    name, unit = pair_of(engine, "same_unit")
    other = next(
        row["right_id"]
        for row in stored(engine, links)
        if row["kind"] == "same_unit" and row["right_id"] != unit
    )
    take(engine, answer("link", name, "links", kind="same_unit", other=unit, new_value=other))
    pairs = {(row["left_id"], row["right_id"]) for row in stored(engine, links) if row["kind"] == "same_unit"}
    assert (name, other) in pairs
    assert (name, unit) not in pairs


def test_a_target_is_of_another_result(engine: Engine) -> None:
    target, result = pair_of(engine, "target_result")
    take(engine, answer("apart", target, "links", kind="target_result", other=result))
    assert (target, result) not in {
        (row["target_value_id"], row["result_value_id"]) for row in stored(engine, target_results)
    }


# --- what cannot be taken ------------------------------------------------------------------------------------------


def refused(engine: Engine, *answers: Answer) -> str:
    """Why these answers are refused; nothing is taken of them."""
    before = stored(engine, outcome_values), human(engine)
    with pytest.raises(AnswerError) as caught:
        take(engine, *answers)
    assert (stored(engine, outcome_values), human(engine)) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"answered": "yes"}, "answer 'yes': write one of accept, correct, reject, link, apart, undo"),
        ({"answered": "accept", "table": "outcomes"}, "table 'outcomes': records are in conferences, unit_mentions"),
        ({"answered": "reject", "record": "nobody"}, "figures has no nobody: export again"),
        ({"answered": "undo"}, "nothing is decided on it that could be undone"),
        ({"answered": "undo", "table": "links", "kind": "reprint", "other": "x"}, "nothing is decided on it"),
        ({"answered": "link", "kind": "record"}, "kind 'record': links are same_unit, succession"),
        ({"answered": "link", "kind": "reprint"}, "a link is between two records"),
        ({"answered": "link", "kind": "reprint", "other": "nobody"}, "articles has no "),
        ({"answered": "apart", "kind": "same_conference", "other": "nobody"}, "conferences has no "),
        ({"answered": "apart", "kind": "target_result", "other": "nobody"}, "outcome_values has no "),
        ({"answered": "link", "kind": "same_unit", "other": "nobody"}, "units has no nobody"),
        ({"answered": "link", "kind": "succession", "other": "nobody"}, "units has no "),
        ({"answered": "correct"}, "field '' of figures cannot be corrected: indicator, value"),
        ({"answered": "correct", "field": "colour"}, "field 'colour' of figures cannot be corrected"),
        ({"answered": "correct", "field": "id"}, "field 'id' of figures cannot be corrected"),
        ({"answered": "correct", "field": "conference_id"}, "cannot be corrected"),
        ({"answered": "correct", "field": "ordinal"}, "cannot be corrected"),
        ({"answered": "correct", "field": "evidence_text"}, "cannot be corrected"),
        ({"answered": "correct", "field": "sentence_start"}, "cannot be corrected"),
        ({"answered": "correct", "field": "value_number"}, "cannot be corrected"),
        ({"answered": "correct", "field": "subject_unit_id"}, "cannot be corrected"),
        ({"answered": "correct", "field": "value"}, "new_value of value: must not be empty"),
        ({"answered": "correct", "field": "value", "new_value": "nhiều"}, "new_value of value: 'nhiều' is no number"),
        ({"answered": "correct", "field": "value", "new_value": "1,5"}, "'1,5' is no number"),
        ({"answered": "correct", "field": "value", "new_value": "NaN"}, "'NaN' is no number"),
        ({"answered": "correct", "field": "value", "new_value": "Infinity"}, "'Infinity' is no number"),
        ({"answered": "correct", "field": "value", "new_value": "1e400"}, "'1e400' is no number"),
        ({"answered": "correct", "field": "attainment_pct", "new_value": "nan"}, "'nan' is no number"),
        ({"answered": "correct", "field": "attainment_pct", "new_value": "x"}, "'x' is no number"),
        ({"answered": "correct", "field": "of", "new_value": "1.5"}, "'1.5' is no whole number"),
        ({"answered": "correct", "field": "of", "new_value": "9" * 30}, "is no whole number"),
        ({"answered": "correct", "field": "confidence", "new_value": "7"}, "'7' is not from 0 to 1"),
        ({"answered": "correct", "field": "indicator", "new_value": "members"}, "'members' is none of members_total"),
        ({"answered": "correct", "field": "period_start", "new_value": "12/1/2025"}, "'12/1/2025' is no day"),
        ({"answered": "correct", "field": "period_start", "new_value": "2025-02-30"}, "'2025-02-30' is no day"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_refused_answer(engine: Engine, given: dict[str, Any], expected: str) -> None:
    record = given.pop("record", None) or next(iter(shown(engine, figures)))
    told = refused(engine, answer(given.pop("answered"), record, **given))
    assert told.startswith("tờ.csv, row 2: ")
    assert expected in told


@pytest.mark.parametrize(
    ("table", "field", "new_value", "expected"),
    [
        (conferences, "date_start", "hôm qua", "'hôm qua' is no day"),
        (conferences, "date_evidence_text", "x", "cannot be corrected"),
        (conferences, "date_evidence_start", "1", "cannot be corrected"),
        (conferences, "place_evidence_rule", "x", "cannot be corrected"),
        (conferences, "host_rule", "x", "cannot be corrected"),
        (conferences, "host_unit_id", "nobody", "cannot be corrected"),
        (unit_mentions, "unit_id", "nobody", "cannot be corrected"),
        (checks, "holds", "yes", "'yes' is neither true nor false"),
        (checks, "figures", '["a"]', "is no JSON list of whole numbers"),
        (checks, "figures", "0", "is no JSON list"),
        (awards, "grantors", "[1]", "is no JSON list of texts"),
        (awards, "grantors", "Bộ Nội vụ", "is no JSON list"),
        (awards, "grantors", '{"a": 1}', "is no JSON list"),
        (awards, "count", "mười", "'mười' is no whole number"),
        (people, "name", None, "must not be empty"),
    ],
    ids=lambda value: getattr(value, "name", None),
)  # fmt: skip
def test_a_refused_correction(
    engine: Engine, table: Table, field: str, new_value: str | None, expected: str
) -> None:
    told = refused(engine, correct(next(iter(shown(engine, table))), field, new_value, table.name))
    assert expected in told


def test_the_fields_that_are_offered_can_be_corrected(engine: Engine) -> None:
    for table in CORRECTED:
        told = refused(engine, correct(next(iter(shown(engine, table))), "colour", "x", table.name))
        for name in told.partition("cannot be corrected: ")[2].split(", "):
            value = refused(
                engine, correct(next(iter(shown(engine, table))), name, "\0", table.name, value="not this")
            )
            assert "cannot be corrected" not in value, f"{table.name}.{name}"


def test_a_record_is_not_linked_to_itself(engine: Engine) -> None:
    one = next(iter(shown(engine, conferences)))
    told = refused(engine, answer("link", one, "links", kind="same_conference", other=one))
    assert "a record cannot be linked to itself" in told


def test_units_do_not_follow_each_other_in_a_ring(engine: Engine) -> None:
    first, second = pair_of(engine, "succession")
    told = refused(engine, answer("link", second, "links", kind="succession", other=first))
    assert "follow each other in a ring" in told


def test_all_or_none(engine: Engine) -> None:
    good = a_figure(engine)["id"]
    told = refused(
        engine,
        correct(good, "value", "1", where="tờ.csv, row 2"),
        correct(good, "value", "một", where="tờ.csv, row 3"),
        answer("reject", "nobody", where="tờ.csv, row 7"),
    )
    assert [line.partition(": ")[0] for line in told.splitlines()] == ["tờ.csv, row 3", "tờ.csv, row 7"]


# --- a second time, another time, and back -------------------------------------------------------------------------


def test_a_stale_value_is_refused(engine: Engine) -> None:
    figure = a_figure(engine)
    sheet = correct(figure["id"], "value", "1", value=figure["value"])
    take(engine, correct(figure["id"], "value", "2", value=figure["value"]), by="Trần Văn Bách")
    told = refused(engine, sheet)
    assert f"value is '2' now, the sheet says '{figure['value']}': export again" in told


def test_a_value_that_is_so_already_is_not_stale(engine: Engine) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "2", value=figure["value"]))
    taken = take(engine, correct(figure["id"], "value", "2", value=figure["value"]), minutes=5)
    assert (taken.new, taken.known) == (0, 1)


ANSWERS = ["accept", "correct", "reject", "apart", "link"]


def some(engine: Engine, kind: str) -> Answer:
    figure = a_figure(engine)
    if kind == "correct":
        return correct(figure["id"], "value", "4321", value=figure["value"])
    if kind in ("accept", "reject"):
        return answer(kind, figure["id"])
    left, right = pair_of(engine, "same_conference")
    return answer(kind, left, "links", kind="same_conference", other=right)


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_second_time_nothing_happens(engine: Engine, kind: str) -> None:
    one = some(engine, kind)
    assert take(engine, one).new == 1
    before = human(engine), shown(engine, figures), stored(engine, outcomes)
    taken = take(engine, one, minutes=5)
    assert (taken.new, taken.known) == (0, 1)
    assert (human(engine), shown(engine, figures), stored(engine, outcomes)) == before


def test_twice_in_one_sheet_is_once(engine: Engine) -> None:
    one = some(engine, "correct")
    taken = take(engine, one, one)
    assert (taken.new, len(human(engine))) == (1, 1)


@pytest.mark.parametrize("kind", ANSWERS)
def test_undo_brings_the_old_state_back(engine: Engine, kind: str) -> None:
    before = shown(engine, figures), stored(engine, outcomes), stored(engine, outcome_values)
    one = some(engine, kind)
    take(engine, one)
    undo = answer("undo", one.record, one.table, kind=one.kind, other=one.other, field=one.field)
    taken = take(engine, undo, by="Trần Văn Bách", minutes=5)
    assert taken.new == 1
    assert (shown(engine, figures), stored(engine, outcomes), stored(engine, outcome_values)) == before
    (kept,) = human(engine)
    assert (kept["decided_by"], kept["undone_by"]) == (WHO, "Trần Văn Bách")
    assert "nothing is decided on it" in refused(engine, undo)


def test_undone_and_decided_anew(engine: Engine) -> None:
    one = some(engine, "correct")
    take(engine, one)
    take(engine, answer("undo", one.record, field="value"), minutes=1)
    assert take(engine, one, minutes=2).new == 1
    assert shown(engine, figures)[one.record]["value"] == "4321"
    assert len(human(engine)) == 2


def test_of_two_corrections_the_later_counts_and_undo_takes_both(engine: Engine) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "1"))
    take(engine, correct(figure["id"], "value", "2"), minutes=1)
    assert shown(engine, figures)[figure["id"]]["value"] == "2"
    take(engine, answer("undo", figure["id"], field="value"), minutes=2)
    assert shown(engine, figures)[figure["id"]] == figure


@pytest.mark.parametrize(
    ("first", "then", "there"), [("reject", "accept", True), ("accept", "reject", False)]
)
def test_of_accept_and_reject_the_later_counts(engine: Engine, first: str, then: str, there: bool) -> None:
    figure = a_figure(engine)
    take(engine, answer(first, figure["id"]))
    take(engine, answer(then, figure["id"]), minutes=1)
    assert (figure["id"] in shown(engine, figures)) is there


def test_a_correction_stays_beside_another_field_s(engine: Engine) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "1"), correct(figure["id"], "unit", "case"))
    after = shown(engine, figures)[figure["id"]]
    assert (after["value"], after["unit"]) == ("1", "case")


def test_a_record_is_found_again_by_what_was_read_of_it(engine: Engine) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "1"))
    take(engine, correct(figure["id"], "value", "2"), minutes=1)
    for made in human(engine):
        anchored = json.loads(made["anchor"])
        assert anchored["words"] == figure["evidence_text"]
        assert anchored["read_as"]["value"] == figure["value"], "not by what somebody made of it"
