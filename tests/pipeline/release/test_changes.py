"""What changed since the release before, and why, row by row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select

import extractors
from pipeline.dataset.database import writing
from pipeline.dataset.release.changes import write_changes
from pipeline.dataset.release.model import TABLES
from pipeline.dataset.schema import figures
from pipeline.dataset.store import Reading
from pipeline.review.answers import Answer, decide
from tests.pipeline.release.filled import DATE, filled, readings, released, rows

LATER = "2025-02-14"
HEAD = ["table", "row", "change", "fields", "before", "after", "why"]
NOW = datetime(2025, 2, 13, tzinfo=UTC)

Decide = Callable[[Engine], None]


def given() -> list[Reading]:
    """A dozen of articles with events, small enough to release twice."""
    return [one for one in readings() if one.report.conferences][:12]


def changes(folder: Path) -> list[dict[str, str]]:
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        found = list(reader)
        assert reader.fieldnames == HEAD
        return found


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release before, in a folder of its own."""
    folder = tmp_path_factory.mktemp("before")
    with filled(f"sqlite:///{folder}/t.db", given()) as engine:
        return released(engine, folder / "releases")


@pytest.fixture
def after(before: Path, tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    """Releases another dataset a month later; the changes since `before`."""

    def release_it(articles: Sequence[Reading], decide_it: Decide | None = None) -> list[dict[str, str]]:
        with filled(f"sqlite:///{tmp_path}/t.db", articles) as engine:
            if decide_it:
                decide_it(engine)
            (tmp_path / "releases").mkdir()
            (tmp_path / "releases" / DATE).symlink_to(before)
            return changes(released(engine, tmp_path / "releases", LATER))

    return release_it


def edited(one: Reading) -> Reading:
    report = one.report
    old = report.conferences[0].figures[0].evidence.text
    text = report.article.text.replace(old, old.replace(old[0], "9", 1), 1) + "\n\nBài đã được sửa."
    return replace(
        one,
        report=extractors.read(
            text, title=report.article.title, published=report.article.published_at, url=report.article.url,
            source=report.article.source,
        ),
    )  # fmt: skip


def whys(told: list[dict[str, str]], table: str) -> set[tuple[str, str]]:
    return {(row["change"], row["why"]) for row in told if row["table"] == table}


def test_the_first_release_has_the_head_alone(before: Path) -> None:
    assert (before / "changes.csv").read_text(encoding="utf-8") == ",".join(HEAD) + "\n"


def test_no_change_is_told_where_nothing_changed(after: Callable[..., list[dict[str, str]]]) -> None:
    assert after(given()) == []


def test_a_new_article(after: Callable[..., list[dict[str, str]]]) -> None:
    more = [one for one in readings() if one.report.conferences][12]
    told = after([*given(), more])
    assert [(row["row"], row["change"], row["why"]) for row in told if row["table"] == "articles"] == [
        (more.report.article.id, "added", "new article")
    ]
    for table in ("conferences", "figures", "outcomes", "outcome_values", "article_versions"):
        assert whys(told, table) == {("added", "new article")}, table
    count = sum(len(one.figures) for one in more.report.conferences)
    assert sum(row["table"] == "figures" for row in told) == count


def test_an_article_that_is_gone(after: Callable[..., list[dict[str, str]]]) -> None:
    gone, *rest = given()
    told = after(rest)
    assert [(row["row"], row["change"], row["why"]) for row in told if row["table"] == "articles"] == [
        (gone.report.article.id, "removed", "article gone")
    ]
    assert whys(told, "figures") == {("removed", "article gone")}
    assert all(row["after"] == "" and row["before"] != "" for row in told if row["change"] == "removed")


def test_an_edited_article(after: Callable[..., list[dict[str, str]]]) -> None:
    first, *rest = given()
    told = after([edited(first), *rest])
    (article,) = [row for row in told if row["table"] == "articles"]
    assert (article["change"], article["fields"], article["why"]) == (
        "changed",
        "text",
        "article edited at its source",
    )
    assert '"text": "sha256:' in article["before"], "a long text is told by its digest"
    assert "article edited at its source" in {why for _, why in whys(told, "figures")}


def test_an_article_read_by_another_reader(after: Callable[..., list[dict[str, str]]]) -> None:
    first, *rest = given()
    less = first.report.conferences[0].model_copy(update={"figures": first.report.conferences[0].figures[1:]})
    report = first.report.model_copy(update={"conferences": [less, *first.report.conferences[1:]]})
    told = after([replace(first, report=report, version="2"), *rest])
    (article,) = [row for row in told if row["table"] == "articles"]
    assert (article["change"], article["fields"], article["why"]) == (
        "changed",
        "extractor_version",
        "read anew by 2",
    )
    assert (article["before"], article["after"]) == (
        '{"extractor_version": "1"}',
        '{"extractor_version": "2"}',
    )
    assert {why for _, why in whys(told, "figures")} == {"read anew by 2"}


def answered(**told: str) -> Decide:
    """A person's answer on the first figure that the panel may show."""

    def decide_it(engine: Engine) -> None:
        with writing(engine).begin() as connection:
            query = select(figures.c.id).where(figures.c.status == "achieved").order_by(figures.c.id)
            record = connection.execute(query).scalars().first() or ""
            answer = Answer("sheet, row 2", kind="record", table="figures", record=record, **told)  # type: ignore[arg-type]
            decide(connection, [answer], by="Lê Thị Sen", now=NOW)

    return decide_it


@pytest.mark.parametrize(
    ("answer", "change", "fields", "proves"),
    [
        ({"answer": "correct", "field": "value", "new_value": "4321"}, "changed", "value, value_number", "a correction"),
        ({"answer": "reject"}, "removed", None, "a rejection"),
    ],
    ids=["correction", "rejection"],
)  # fmt: skip
def test_a_decision(
    after: Callable[..., list[dict[str, str]]],
    answer: dict[str, str],
    change: str,
    fields: str | None,
    proves: str,
) -> None:
    told = after(given(), answered(**answer))
    (figure,) = [row for row in told if row["table"] == "figures"]
    assert (figure["change"], figure["why"]) == (change, "decision of Lê Thị Sen"), proves
    assert fields is None or figure["fields"] == fields
    ((how, _),) = whys(told, "decisions")
    assert how == "added"
    assert (change, "decision of Lê Thị Sen") in whys(told, "outcome_values"), "what the reports say together"
    follows = {row["why"] for row in told if row["table"] in {"outcomes", "checks", "awards"}}
    assert follows <= {"follows a decision of Lê Thị Sen"}
    assert not [row for row in told if row["table"] == "articles"]


def test_a_formula_in_it_does_not_run(after: Callable[..., list[dict[str, str]]], tmp_path: Path) -> None:
    told = after(given(), answered(answer="accept", note="=HYPERLINK(1)"))
    assert {row["table"] for row in told} <= {"decisions", "review_items"}
    with (tmp_path / "releases" / LATER / "decisions.csv").open(encoding="utf-8", newline="") as stream:
        assert "'=HYPERLINK(1)" in {row["reason"] for row in csv.DictReader(stream)}
    assert not [row for row in told for cell in row.values() if cell.startswith("=")]


def test_the_card_counts_them(after: Callable[..., list[dict[str, str]]], tmp_path: Path) -> None:
    told = after(given()[1:])
    count = {kind: sum(row["change"] == kind for row in told) for kind in ("added", "changed", "removed")}
    card = (tmp_path / "releases" / LATER / "README.md").read_text(encoding="utf-8")
    expected = ", ".join(f"{n} rows {kind}" for kind, n in count.items())
    assert f"Since the release of {DATE}: {expected};" in card


def older(path: Path, how: str) -> None:
    """A table as an older version of tongket might have released it."""
    table = pq.read_table(path)
    name = path.stem
    if how == "not there":
        path.unlink()
    elif how == "key alone":
        key = next(one.key for one in TABLES if one.name == name)
        pq.write_table(table.select(list(key)), path)
    elif how == "another key":
        key = next(one.key for one in TABLES if one.name == name)
        pq.write_table(
            table.rename_columns([f"old_{one}" if one in key else one for one in table.column_names]), path
        )
    elif how == "a field less":
        field = next(one for one in reversed(table.column_names) if one not in ("id", *TABLES[-1].key))
        pq.write_table(table.drop_columns([field]), path)
    else:
        pq.write_table(table.append_column("older", pa.array(["x"] * len(table))), path)


@pytest.mark.parametrize("how", ["not there", "key alone", "another key", "a field less", "a field more"])
@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_release_of_an_older_shape(rich: Path, tmp_path: Path, table: str, how: str) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for path in rich.glob("*.parquet"):
        (old / path.name).write_bytes(path.read_bytes())
    older(old / f"{table}.parquet", how)
    counts = write_changes_of(rich, old, tmp_path)
    assert counts["removed"] == counts["changed"] == 0, "a field that is new is no change of each row"
    assert counts["added"] == (len(rows(rich, table)) if how in {"not there", "another key"} else 0)


def write_changes_of(new: Path, old: Path, tmp_path: Path) -> dict[str, int]:
    folder = tmp_path / "new"
    folder.mkdir()
    for path in new.glob("*.parquet"):
        (folder / path.name).symlink_to(path)
    return write_changes(folder, old)
