"""A release is verified whole; each damage to it is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset.release.model import TABLES
from pipeline.dataset.release.publish import SUMS
from pipeline.dataset.release.verify import VerifyError, verify
from tests.pipeline.release.filled import edit_rows, rows, sum_again

Damage = Callable[[Path], None]


def test_a_whole_release_is_well(rich: Path) -> None:
    verdict = verify(rich)
    assert verdict.problems == []
    assert verdict.files == len(list(rich.iterdir())) - 1
    assert verdict.rows == sum(len(rows(rich, table.name)) for table in TABLES)
    hosts = sum(row["host_start"] is not None for row in rows(rich, "conferences"))
    assert hosts
    assert verdict.spans > len(rows(rich, "figures")) + len(rows(rich, "awards")) + hosts
    assert verdict.line().endswith(": all is well")


def edited(table: str, edit: Callable[[list[dict[str, Any]]], Any]) -> Damage:
    """A change of a Parquet file, with the checksums made to fit."""

    def damage(folder: Path) -> None:
        edit_rows(folder, table, edit)
        sum_again(folder)

    return damage


def written(name: str, change: Callable[[bytes], bytes], *, again: bool = False) -> Damage:
    """A change of a file's bytes; with `again` the checksums are made to fit."""

    def damage(folder: Path) -> None:
        before = (folder / name).read_bytes()
        after = change(before)
        assert after != before
        (folder / name).write_bytes(after)
        if again:
            sum_again(folder)

    return damage


def removed(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def sql(change: str) -> Damage:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "tongket.sqlite")) as connection, connection:
            connection.execute(change)
        sum_again(folder)

    return damage


def first(**over: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda found: found[0].update(over)


def shift(prefix: str) -> Callable[[list[dict[str, Any]]], None]:
    def edit(found: list[dict[str, Any]]) -> None:
        one = next(row for row in found if row[f"{prefix}_start"] is not None)
        one[f"{prefix}_start"] += 1
        one[f"{prefix}_end"] += 1

    return edit


def without_last_line(text: bytes) -> bytes:
    return text[: text.rstrip(b"\n").rfind(b"\n") + 1]


def middle(content: bytes) -> bytes:
    """The same with bytes in the midst of it overwritten."""
    at = len(content) // 2
    return content[:at] + b"\0\xff\0\xff" + content[at + 4 :]


@pytest.mark.guard("changed-release")
@pytest.mark.parametrize(
    ("damage", "expected", "proves"),
    [
        (written("README.md", lambda text: text.replace(b"tongket", b"Tongket", 1)),
         "README.md: changed since the release was made (SHA-256)", "a byte changed"),
        (written("figures.csv", middle), "figures.csv: changed", "a byte of a table changed"),
        (written("figures.parquet", middle), "figures.parquet: changed", "a byte of a packed table changed"),
        (written("figures.parquet", lambda content: content[:-10]), "figures.parquet: changed", "cut off"),
        (written("tongket.sqlite", lambda content: content[:5000]), "tongket.sqlite: changed", "half a database"),
        (removed("awards.csv"), "awards.csv: missing", "a file is missing"),
        (removed("awards.parquet"), "awards.parquet: missing", "a packed table is missing"),
        (removed("tongket.sqlite"), "tongket.sqlite: missing", "the database is missing"),
        (lambda folder: (folder / "more.csv").write_text("a"), "more.csv: not named in SHA256SUMS", "a file more"),
        (lambda folder: (folder / "more").mkdir(), "more: not named in SHA256SUMS", "a folder more"),
        (written(SUMS, lambda text: text[3:]), "SHA256SUMS, line 1: not a checksum and a name", "a torn line"),
        (written(SUMS, lambda text: b"\xff" + text[1:]), "SHA256SUMS, line 1: not a checksum", "no text at all"),
        (written("people.csv", without_last_line, again=True), "people: not as many rows in each format", "a row dropped from CSV"),
        (written("people.jsonl", without_last_line, again=True), "people: not as many rows in each format", "from JSON Lines"),
        (edited("value_reports", lambda found: found.pop()), "value_reports: not as many rows in each format", "from Parquet"),
        (sql("DELETE FROM value_reports WHERE rowid = 1"), "value_reports: not as many rows in each format", "from SQLite"),
        (sql("DROP TABLE panel"), "panel: no such table: panel", "a table dropped"),
        (written("people.csv", lambda text: b"\xff" + text, again=True), "people: 'utf-8' codec", "a CSV that is no text"),
        (edited("figures", first(conference_id="nobody")), "conference_id nobody is not in conferences", "a foreign key broken"),
        (edited("units", first(successor_id="nobody")), "successor_id nobody is not in it", "a key within a table broken"),
        (edited("panel", first(unit_id="nobody")), "unit_id nobody is not in units", "a key of the panel"),
        (edited("people", lambda found: found[1].update(id=found[0]["id"])), "stands twice", "a duplicate id"),
        (edited("figures", shift("evidence")), "is not «", "the words of a figure are elsewhere"),
        (edited("conferences", shift("host")), "host ", "those of a host"),
        (edited("conferences", shift("date_evidence")), "date_evidence ", "those of a day"),
        (edited("conferences", shift("place_evidence")), "place_evidence ", "those of a place"),
        (edited("unit_mentions", shift("evidence")), "unit_mentions: ", "those of a unit"),
        (edited("people", shift("evidence")), "people: ", "those of a person"),
        (edited("awards", shift("evidence")), "awards: ", "those of an award"),
        (edited("articles", lambda found: [row.update(text=row["text"] and "Xin " + row["text"]) for row in found]),
         "and ", "the texts changed: the first few of many"),
        (edited("figures", first(evidence_text="không có")), "«không có» in its article", "other words"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" not in value else "",
)  # fmt: skip
def test_a_damage_is_named(copy: Path, damage: Damage, expected: str, proves: str) -> None:
    damage(copy)
    result = CliRunner().invoke(app, ["verify", str(copy)])
    assert result.exit_code == 1, f"{proves}: {result.output} {result.exception!r}"
    assert expected in result.stderr, proves
    assert "problems" in result.stdout


def test_a_table_of_another_shape_is_named(copy: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(
        pq.read_table(copy / "figures.parquet").drop_columns(["evidence_start"]), copy / "figures.parquet"
    )
    sum_again(copy)
    problems = verify(copy).problems
    assert len(problems) == 1
    assert problems[0].startswith("figures.parquet: ")
    assert "evidence_start" in problems[0]


def test_many_problems_of_one_sort_are_counted(copy: Path) -> None:
    count = len(rows(copy, "people"))
    edited("people", lambda found: [row.update(evidence_text="?") for row in found])(copy)
    problems = verify(copy).problems
    assert len(problems) == 6
    assert problems[-1] == f"and {count - 5} more like this"


@pytest.mark.parametrize(
    ("name", "expected"), [("nowhere", "no such folder"), (".", "no release: there is no SHA256SUMS in it")]
)
def test_what_is_no_release(tmp_path: Path, name: str, expected: str) -> None:
    with pytest.raises(VerifyError, match=expected):
        verify(tmp_path / name)
    result = CliRunner().invoke(app, ["verify", str(tmp_path / name)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert expected in result.stderr


def test_progress_is_told(rich: Path) -> None:
    lines: list[str] = []
    verify(rich, lines.append)
    assert lines[0] == "checking checksums"
    assert lines[-1] == "checking the words behind each value"
    assert f"checking keys: table {len(TABLES)} of {len(TABLES)}" in lines
