"""Releases: the same rows are the same bytes, whole or not there."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from extractors.records import Article, Report
from pipeline.dataset.database import database
from pipeline.dataset.release import release
from pipeline.dataset.store import Reading, store_reports

TEXTS = {"b": "=HYPERLINK(1)", "a": 'Tổng kết, "năm" cũ\nhai dòng', "c": "- Kết nạp 12 đoàn viên"}


def fill(engine: Engine, names: list[str], run_id: str) -> None:
    for name in names:
        article = Article(id=name, source="thu", text=TEXTS[name], relevant=False)
        store_reports(engine, [Reading(Report(article=article), "1", fetched_at=run_id)], run_id)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database(f"sqlite:///{tmp_path}/one.db") as opened:
        fill(opened, ["a", "b", "c"], "run-1")
        yield opened


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_rows_are_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    first = digests(release(engine, tmp_path / "r", "2025-01-14"))
    assert len(first) == 2 * 7 + 3
    assert digests(release(engine, tmp_path / "r", "2025-01-14")) == first
    # Another database, filled in another order by another run.
    with database(f"sqlite:///{tmp_path}/two.db") as other:
        fill(other, ["c", "b", "a"], "run-2")
        assert digests(release(other, tmp_path / "s", "2025-01-14")) == first


def test_all_formats_tell_the_same(engine: Engine, tmp_path: Path) -> None:
    folder = release(engine, tmp_path / "r", "2025-01-14")
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["id"]: row["text"] for row in csv.DictReader(stream)}
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    with closing(sqlite3.connect(folder / "tongket.sqlite")) as connection:
        stored = dict(connection.execute("SELECT id, text FROM articles"))
    assert {record["id"]: record["text"] for record in map(json.loads, lines)} == stored == TEXTS
    # A spreadsheet would run the one cell that begins like a formula; a list's dash is none.
    assert rows == {**TEXTS, "b": "'=HYPERLINK(1)"}


def test_checksums_hold(engine: Engine, tmp_path: Path) -> None:
    folder = release(engine, tmp_path / "r", "2025-01-14")
    sums = dict(
        reversed(line.split("  "))
        for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    found = digests(folder)
    del found["SHA256SUMS"]
    assert sums == found


def test_latest_moves_and_a_date_is_replaced_whole(engine: Engine, tmp_path: Path) -> None:
    out = tmp_path / "r"
    first = release(engine, out, "2025-01-14")
    (first / "left-over.txt").write_text("x", encoding="utf-8")
    (out / ".2025-01-14.new").mkdir()  # left by a killed run
    release(engine, out, "2025-01-14")
    assert not (first / "left-over.txt").exists()
    release(engine, out, "2025-01-15")
    assert (out / "latest").readlink() == Path("2025-01-15")
    assert sorted(path.name for path in out.iterdir()) == ["2025-01-14", "2025-01-15", "latest"]


@pytest.mark.parametrize("date", ["", "2025-1-4", "../2025-01-14", "2025-01-14/x"])
def test_a_wrong_date_is_named(engine: Engine, tmp_path: Path, date: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        release(engine, tmp_path / "r", date)
    assert not (tmp_path / "r").exists()
