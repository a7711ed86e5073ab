"""Batches of inputs, as a worker of `tongket extract` reads them: one line for each, whatever one of them does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractors import read, reading
from extractors.segments import Segments, segment
from pipeline.extract import read_batch
from pipeline.input_items import BadInput
from pipeline.inputs import read_raw

TEXTS = [
    "Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, kết nạp 150 đoàn viên.",
    "Bão số 3 đi vào đất liền.",
    "Ngày 5/1/2024, CĐCS Trường Tiểu học Long Hồ tổng kết công tác công đoàn năm 2023.",
]


def batch(tmp_path: Path, *lines: str) -> list[object]:
    path = tmp_path / "bai.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(read_raw([str(path)]))


def test_each_line_stands_in_its_place(tmp_path: Path) -> None:
    rows = [json.dumps({"text": text}) for text in TEXTS]
    lines = read_batch(batch(tmp_path, rows[0], "{no JSON", rows[1], rows[2]), everything=False)  # type: ignore[arg-type]
    assert isinstance(lines[1], BadInput)
    assert "bai.jsonl" in str(lines[1])
    texts = [json.loads(line)["article"]["text"] for line in lines if isinstance(line, bytes)]
    assert texts == TEXTS
    alone = [len(read(text).conferences) for text in TEXTS]
    assert [len(json.loads(line)["conferences"]) for line in lines if isinstance(line, bytes)] == alone
    assert alone == [1, 0, 1]


def test_an_article_that_the_reader_fails_on_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(text: str, *, title: str | None = None) -> Segments:
        if "Bão" in text:
            raise ZeroDivisionError("a fault")
        return segment(text, title=title)

    monkeypatch.setattr(reading, "segment", faulty)
    lines = read_batch(batch(tmp_path, *(json.dumps({"text": text}) for text in TEXTS)), everything=False)  # type: ignore[arg-type]
    assert [isinstance(line, BadInput) for line in lines] == [False, True, False]
    assert "bai.jsonl" in str(lines[1])
    assert "the reader failed (ZeroDivisionError: a fault)" in str(lines[1])
