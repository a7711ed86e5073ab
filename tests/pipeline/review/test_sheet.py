"""Review sheets: out as a table, edited as spreadsheets do it, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, delete

from pipeline.dataset.database import writing
from pipeline.dataset.link import link
from pipeline.dataset.schema import (
    awards,
    checks,
    conferences,
    figures,
    outcome_values,
    people,
    unit_mentions,
)
from pipeline.review.answer import Answer, AnswerError
from pipeline.review.sheet import COLUMNS, What, read_sheet, sheet_rows, write_sheet
from tests.pipeline.release.filled import csv_rows, released, rows
from tests.pipeline.review.reviewer import NOW, WHO, a_figure, answer, correct, human, shown, stored, take

Written = Callable[..., Path]


def sheet(engine: Engine, what: What = "items", limit: int | None = None) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return list(sheet_rows(connection, what, limit=limit))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes rows as a spreadsheet does."""

    def write(
        *given: dict[str, Any],
        separator: str = ",",
        bom: bool = True,
        end: str = "\n",
        columns: Any = COLUMNS,
    ) -> Path:
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, delimiter=separator, lineterminator=end, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(given)
        path = tmp_path / "tờ.csv"
        path.write_bytes(("\ufeff" * bom + out.getvalue()).encode())
        return path

    return write


def row(**over: Any) -> dict[str, Any]:
    told = {"kind": "record", "table": "figures", "record": "f", "field": "value", "value": "705"}
    return {**dict.fromkeys(COLUMNS), **told, **over}


# --- out -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", get_args(What))
def test_each_sheet_can_be_answered(engine: Engine, tmp_path: Path, what: What) -> None:
    take(engine, correct(a_figure(engine)["id"], "value", "4321"))
    found = sheet(engine, what)
    assert found
    path = tmp_path / "tờ.csv"
    path.write_text(write_sheet(found), encoding="utf-8")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by it"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        assert len(list(reader)) == len(found)
        assert tuple(reader.fieldnames or ()) == COLUMNS
    # Nobody has answered anything; what was decided stands in its sheet as it was answered.
    assert len(read_sheet(path)) == (1 if what == "decisions" else 0)
    assert {one["record"] for one in found} != {None}
    assert len(sheet(engine, what, limit=1)) == 1


@pytest.mark.parametrize("what", ["items", "links"])
def test_the_least_certain_comes_first(engine: Engine, what: What) -> None:
    found = [one["priority"] for one in sheet(engine, what)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) > 1


def test_items_say_where_to_look(engine: Engine) -> None:
    kinds = set()
    for one in sheet(engine):
        kinds.add(one["kind"])
        assert one["question"]
        assert one["record"]
        assert one["url"] or one["kind"] == "lost_decision"
    assert {"low_confidence", "failed_check", "unclassified", "reports_differ"} <= kinds


def test_each_item_on_a_record_can_be_accepted(engine: Engine) -> None:
    tables = {"figures", "awards", "checks", "conferences"}
    items = [one for one in sheet(engine) if one["table"] in tables and one["other"] is None]
    taken = take(engine, *(answer("accept", one["record"], one["table"], kind=one["kind"]) for one in items))
    assert taken.new > 10
    assert taken.new + taken.known == len(items)
    asked = {"low_confidence", "failed_check", "unclassified", "unresolved_host", "unresolved_date"}
    assert not [one for one in sheet(engine) if one["kind"] in asked]


@pytest.mark.guard("formulas")
def test_a_formula_in_a_note_stays_text(engine: Engine, tmp_path: Path, written: Written) -> None:
    figure = a_figure(engine)
    take(
        engine,
        *read_sheet(written(row(record=figure["id"], value=figure["value"], answer="accept", note="=1+1"))),
    )
    text = write_sheet(sheet(engine, "decisions"))
    assert ",'=1+1," in text, "it goes out with an apostrophe"
    path = tmp_path / "lại.csv"
    path.write_text(text, encoding="utf-8")
    (again,) = read_sheet(path)
    assert again.note == "=1+1", "and comes back without it"
    folder = released(engine, tmp_path / "r")
    assert "'=1+1" in {one["reason"] for one in csv_rows(folder, "decisions")}
    assert "=1+1" in {one["reason"] for one in rows(folder, "decisions")}


# --- back ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("bom", [True, False], ids=["bom", "no bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_spreadsheets_write(written: Written, separator: str, bom: bool, end: str) -> None:
    given = row(
        answer="correct", new_value="706", note='thiếu một, "tôi đếm";\tthử\nhai dòng', sentence="a;b,c"
    )
    (found,) = read_sheet(written(given, row(), separator=separator, bom=bom, end=end))
    assert found.where.endswith("tờ.csv, row 2")
    assert (found.answer, found.table, found.record, found.field) == ("correct", "figures", "f", "value")
    assert (found.value, found.new_value, found.note) == ("705", "706", given["note"])
    assert (found.by, found.when, found.other) == (None, None, None)


@pytest.mark.parametrize(
    ("cells", "expected", "proves"),
    [
        ({"answer": " Correct ", "new_value": " 706 "}, {"answer": "correct", "new_value": "706"}, "blanks and capitals"),
        ({"answer": "accept", "note": "'=1"}, {"note": "=1"}, "an apostrophe that protects"),
        ({"answer": "accept", "note": "'tôi'"}, {"note": "'tôi'"}, "one that belongs to the text"),
        ({"answer": "accept", "note": "''=1"}, {"note": "'=1"}, "one of each"),
        ({"answer": "accept", "value": "'-5+3"}, {"value": "-5+3"}, "a value that was protected"),
        ({"answer": "accept", "value": ""}, {"value": ""}, "an empty value is one"),
        ({"answer": "accept", "note": ""}, {"note": None}, "an empty note is none"),
        ({"answer": "link", "kind": "unsure_link"}, {"kind": "same_conference"}, "a question by what is asked"),
        ({"answer": "correct", "by": "Lê Thị Sen", "when": "2025-01-14"}, {"by": "Lê Thị Sen", "when": "2025-01-14"}, "whose it was"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_cells(written: Written, cells: dict[str, str], expected: dict[str, Any], proves: str) -> None:
    (found,) = read_sheet(written(row(**cells)))
    assert {name: getattr(found, name) for name in expected} == expected, proves


def test_columns_may_be_moved_and_taken_out(written: Written) -> None:
    columns = ("answer", "record", "table", "kind", "của tôi")
    (found,) = read_sheet(written({**row(answer="accept"), "của tôi": "x"}, columns=columns))
    assert (found.answer, found.record, found.value, found.note) == ("accept", "f", None, None)


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = tmp_path / "tờ.csv"
    path.write_text(
        'kind,table,record,answer,note\nrecord,figures,f,,"hai\ndòng"\n\n\nrecord,figures,g,accept,\n',
        encoding="utf-8",
    )
    (found,) = read_sheet(path)
    assert (found.record, found.where) == ("g", f"{path}, row 5")


def test_rows_without_an_answer_are_left_alone(written: Written) -> None:
    assert read_sheet(written(row(), row(answer="  "), row(note="xem lại sau"))) == []


def test_a_long_sentence_is_no_fault(written: Written) -> None:
    (found,) = read_sheet(written(row(answer="accept", sentence="dài " * 50_000)))
    assert found.answer == "accept"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "No such file or directory"),
        (b"", "no sheet of `tongket review export`: no column answer, kind, record, table"),
        (b"a,b\n1,2\n", "no column answer, kind, record, table"),
        (b"kind,table,record\n", "no column answer"),
        ("kind,table,record,answer\nđ".encode("utf-16"), "cannot be read as UTF-8 text"),
        ("kind,table,record,answer,note\nx,x,x,accept,đ\n".encode("cp1258", "replace") + b"\xff", "save it as `CSV UTF-8`"),
        (b"kind,table,record,answer,new_value\nrecord,figures,f,,706\n", "row 2: new_value without an answer"),
        (b"PK\x03\x04\x14\x00\x06\x00", "no sheet of"),
    ],
    ids=["missing", "empty", "another table", "a column missing", "UTF-16", "an older code", "no answer", "a workbook"],
)  # fmt: skip
def test_what_is_no_sheet(tmp_path: Path, content: bytes | None, expected: str) -> None:
    path = tmp_path / "tờ.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AnswerError) as caught:
        read_sheet(path)
    assert str(caught.value).startswith(str(path))
    assert expected in str(caught.value)


# --- out and back --------------------------------------------------------------------------------------------------


def edited(engine: Engine, tmp_path: Path, what: What, **answers: dict[str, str]) -> list[Answer]:
    """A sheet exported, its rows answered by record id, and read."""
    found = [{**one, **answers.get(one["record"], {})} for one in sheet(engine, what)]
    path = tmp_path / "tờ.csv"
    path.write_text(write_sheet(found), encoding="utf-8")
    return read_sheet(path)


def test_a_sheet_goes_round(engine: Engine, tmp_path: Path) -> None:
    figure = a_figure(engine)
    answers = edited(
        engine, tmp_path, "figures", **{figure["id"]: {"answer": "correct", "new_value": "4321"}}
    )
    assert take(engine, *answers).new == 1
    assert shown(engine, figures)[figure["id"]]["value"] == "4321"
    assert take(engine, *answers, minutes=1).known == 1, "the same sheet again"
    back = edited(engine, tmp_path, "decisions", **{figure["id"]: {"answer": "undo"}})
    assert take(engine, *back, minutes=2).new == 1
    assert shown(engine, figures)[figure["id"]] == figure
    assert sheet(engine, "decisions") == []


def many(engine: Engine) -> list[Answer]:
    """Decisions of each kind, and one on a record that two decisions changed."""
    found = [one for one in shown(engine, figures).values() if one["indicator"] != "other"]
    pairs = {one["kind"]: one for one in sheet(engine, "links")}
    taken = [
        correct(found[0]["id"], "value", "4321"),
        correct(found[0]["id"], "unit", "case"),
        answer("reject", found[1]["id"], note="=không có"),
        answer("accept", found[2]["id"]),
    ]
    for kind in ("same_conference", "reprint", "target_result", "succession"):
        one = pairs[kind]
        taken.append(answer("apart", one["record"], "links", kind=kind, other=one["other"]))
    return taken


def test_decisions_are_taken_to_a_fresh_database(engine: Engine, fresh: Engine, tmp_path: Path) -> None:
    take(engine, *many(engine))
    first = next(iter(one for one in shown(fresh, figures).values() if one["indicator"] != "other"))["id"]
    take(engine, correct(first, "value", "4322"), by="Trần Văn Bách", minutes=7)
    answers = edited(engine, tmp_path, "decisions")
    taken = take(fresh, *answers, by="ai đó", minutes=60)
    assert (taken.new, taken.known) == (len(answers), 0)
    assert len(answers) == len(human(engine)) - 1, "of two on one thing the later goes"
    mine, theirs = (released(one, tmp_path / name) for name, one in (("a", engine), ("b", fresh)))
    for path in sorted(mine.glob("*.parquet")):
        if path.stem != "decisions":
            assert rows(mine, path.stem) == rows(theirs, path.stem), path.stem
    kept = {(one["decided_by"], one["decided_at"][:16]) for one in human(fresh)}
    assert kept == {(WHO, "2025-02-13T09:00"), ("Trần Văn Bách", "2025-02-13T09:07")}
    assert next(one for one in shown(fresh, figures).values() if one["id"] == first)["value"] == "4322"
    again = take(fresh, *answers, by="ai đó", minutes=90)
    assert (again.new, again.known) == (0, len(answers))
    assert (taken := take(engine, *answers, minutes=120)).new == 0, taken


def test_a_decision_that_contradicts_one_there_is_refused(
    engine: Engine, fresh: Engine, tmp_path: Path
) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "1"))
    take(fresh, correct(figure["id"], "value", "2"), by="Trần Văn Bách")
    with pytest.raises(AnswerError, match="value is '2' now"):
        take(fresh, *edited(engine, tmp_path, "decisions"))


def test_a_wrong_time_is_named(engine: Engine, written: Written) -> None:
    figure = a_figure(engine)
    given = row(record=figure["id"], value=figure["value"], answer="accept", by=WHO, when="13/2/25 9:00")
    with pytest.raises(AnswerError, match="row 2: when '13/2/25 9:00': write a time like"):
        take(engine, *read_sheet(written(given)))


def test_a_report_that_differs_is_corrected_at_its_figure(engine: Engine) -> None:
    found = [one for one in sheet(engine) if one["kind"] == "reports_differ"]
    value = next(one for one in stored(engine, outcome_values) if one["agreement"] == "differ")
    mine = [one for one in found if one["record"] in shown(engine, figures)]
    assert len(mine) == len(found) >= 2, "a row for each report's figure"
    right = next(one for one in found if one["record"] == value["figure_id"])
    for one in found:
        if one["question"] == right["question"] and one["value"] != right["value"]:
            take(engine, correct(one["record"], "value", right["value"], value=one["value"]))
            break
    assert len([one for one in sheet(engine) if one["kind"] == "reports_differ"]) < len(found)


def test_a_link_whose_record_is_gone_is_asked_about(engine: Engine, tmp_path: Path) -> None:
    pair = next(one for one in sheet(engine, "links") if one["kind"] == "same_conference")
    ends = {"kind": "same_conference", "other": pair["other"]}
    take(engine, answer("apart", pair["record"], "links", **ends))
    with writing(engine).begin() as connection:
        for table in (unit_mentions, people, figures, awards, checks):
            connection.execute(delete(table).where(table.c.conference_id == pair["record"]))
        connection.execute(delete(conferences).where(conferences.c.id == pair["record"]))
    link(engine)
    (lost,) = [one for one in sheet(engine) if "no record any more" in one["question"]]
    assert (lost["table"], lost["kind"]) == ("links", "same_conference")
    assert take(engine, *edited(engine, tmp_path, "items", **{lost["record"]: {"answer": "undo"}})).new == 1
    assert not [one for one in sheet(engine) if "no record any more" in one["question"]]


def test_a_decision_whose_record_is_gone_is_asked_about(engine: Engine, tmp_path: Path) -> None:
    figure = a_figure(engine)
    take(engine, correct(figure["id"], "value", "4321"))
    with writing(engine).begin() as connection:
        connection.execute(delete(figures).where(figures.c.evidence_text == figure["evidence_text"]))
    link(engine)
    (lost,) = [one for one in sheet(engine) if one["kind"] == "lost_decision"]
    assert (lost["table"], lost["record"], lost["sentence"]) == ("figures", figure["id"], "value = 4321")
    assert take(engine, *edited(engine, tmp_path, "items", **{figure["id"]: {"answer": "undo"}})).new == 1
    assert not [one for one in sheet(engine) if one["kind"] == "lost_decision"]
    assert human(engine)[0]["undone_at"] == NOW.isoformat()
