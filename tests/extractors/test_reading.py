"""What holds of every report, whatever the text: spans point at their words, the same input gives the same output."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors import read, read_many, reading
from extractors.records import Report
from tests.extractors.grounded import assert_grounded

ROOT = Path(__file__).resolve().parents[2]
GOLD = sorted((ROOT / "corpus" / "gold").glob("*.txt"))
SITES = sorted((ROOT / "corpus" / "sites").glob("*/articles/*.txt"))

# Fragments that reports are made of; joined at random they make text that no reporter wrote.
FRAGMENTS = [
    "Sáng 12/1", "ngày 30 tháng 11 năm 2023", "LĐLĐ tỉnh Vĩnh Long", "CĐCS", "Công đoàn", "Cụm thi đua số 6", "tổ chức hội nghị tổng kết",
    "kết nạp 705 đoàn viên (đạt 87,5%)", "trên 1,1 tỷ đồng", "hàng trăm", "8 bằng khen cho 3 tập thể và 5 cá nhân", "tặng", "được", "nhận",
    "chiếm 20%", "9/9 chỉ tiêu", "năm", "mười", "hai mươi mốt", "%", "đồng", "(", ")", "“", "”", "\n", "\n\n", ". ", ", ", "; ", ":", "-", "/", "1.", "2.122.280.000đ",
    "Ảnh: K.N", "từ 10 đến 15 triệu đồng", "TP. Hồ Chí Minh", "huyện", "giải nhất (", "tháng năm", "e\u0301", "\u200b", "Ð", "㊙", "😀", "999999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("path", [*GOLD, *SITES], ids=lambda p: p.stem)
def test_every_span_of_every_article_holds_its_words(path: Path) -> None:
    report = read(path.read_text(encoding="utf-8"), source=path.stem, everything=True)
    assert_grounded(report)
    assert Report.model_validate_json(report.to_json()) == report


def test_the_corpus_is_not_empty() -> None:
    assert len(GOLD) >= 12
    assert len(SITES) >= 10


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=40),
    st.sampled_from(["", " "]),
)
def test_spans_hold_on_text_that_nobody_wrote(parts: list[str], glue: str) -> None:
    assert_grounded(read(glue.join(parts), everything=True))


@pytest.mark.parametrize("everything", [False, True])
def test_together_as_alone(monkeypatch: pytest.MonkeyPatch, everything: bool) -> None:
    """Whatever stands beside an article, and wherever a batch ends."""
    rows = [{"text": path.read_text(encoding="utf-8"), "title": None} for path in [*GOLD[:12], *SITES[:8]]]
    rows[3:3] = [
        {"text": ""},
        {"text": "Trời mưa to.", "published": "2024-01-05T08:00:00+07:00", "url": "https://bao.example/1"},
    ]
    alone = [read(**row, everything=everything).to_json() for row in rows]
    for together, length in [(1, 10**6), (7, 10**6), (32, 3_000), (32, 10**6)]:
        monkeypatch.setattr(reading, "TOGETHER", together)
        monkeypatch.setattr(reading, "TOGETHER_LENGTH", length)
        assert [report.to_json() for report in read_many(iter(rows), everything=everything)] == alone


def test_an_odd_article_raises_behind_those_before_it() -> None:
    rows = [{"text": "LĐLĐ tỉnh Cà Mau tổng kết."}, {"text": None}, {"text": "Công đoàn Bến Tre họp."}]
    reports = read_many(rows)
    assert next(reports).article.text == rows[0]["text"]
    with pytest.raises(AttributeError, match="encode"):
        next(reports)


def test_same_input_same_bytes_in_any_order() -> None:
    rows = [{"text": p.read_text(encoding="utf-8"), "source": p.stem} for p in GOLD]
    first = {r.article.source: r.to_json() for r in read_many(rows, everything=True)}
    shuffled = list(rows)
    random.Random(7).shuffle(shuffled)
    second = {r.article.source: r.to_json() for r in read_many(shuffled, everything=True)}
    assert first == second


@pytest.mark.parametrize(
    ("text", "proves"),
    [
        ("", "nothing to read"),
        ("   \n\n\t", "blanks alone"),
        ("công đoàn", "a union word alone is no event"),
        ("x" * 20_000, "one long word"),
        ("1" * 5_000, "thousands of digits"),
        ("(" * 3_000, "brackets that never close"),
        ("12/1 " * 2_000, "dates without end"),
        ("\ud800 Sáng 12/1 LĐLĐ tỉnh tổ chức hội nghị", "a lone surrogate"),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)
def test_odd_texts_are_read_without_error(text: str, proves: str) -> None:
    report = read(text, everything=True)
    assert_grounded(report)


def test_an_article_that_is_not_relevant_has_conferences_only_on_demand() -> None:
    text = "Ngày 5/3/2024, Hội Luật gia tỉnh An Giang tổ chức hội nghị tổng kết năm 2023, có 120 đại biểu tham dự."
    assert read(text).conferences == []
    assert len(read(text, everything=True).conferences) == 1


def test_a_report_is_one_line_of_json_with_values_as_strings() -> None:
    line = read(
        "Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, vận động quỹ 236.899.800 đồng."
    ).to_json()
    assert "\n" not in line
    assert json.loads(line)["conferences"][0]["figures"][0]["value"] == "236899800"
