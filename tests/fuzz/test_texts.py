"""Texts that nobody wrote, through the extractors: no error, values that point at their words, the same each time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import read
from extractors.dates import find_dates
from extractors.numbers import find_numbers, parse_number
from extractors.quantities import find_quantities
from extractors.records import Report
from tests.extractors.grounded import assert_grounded
from tests.fuzz.strategies import SAME, TIMES, dates, numbers, old_tones, pieces, reports, texts, tries

PUBLISHED = st.sampled_from([None, "2024-01-15T08:00:00+07:00", "0001-01-01", "9999-12-31", "hôm qua", ""])


@pytest.mark.guard("hostile-text")
@given(texts, st.one_of(st.none(), pieces, texts), PUBLISHED, st.booleans())
@tries(150)
def test_any_text_is_read(text: str, title: str | None, published: str | None, everything: bool) -> None:
    report = read(text, title=title, published=published, everything=everything)
    assert_grounded(report)
    line = report.to_json()
    assert "\n" not in line
    assert Report.model_validate_json(line) == report
    assert read(text, title=title, published=published, everything=everything).to_json() == line


@pytest.mark.guard("hostile-text")
@given(texts, st.sampled_from([None, date(2024, 2, 29), date.min, date.max]))
@tries(300)
def test_any_text_has_spans_in_order(text: str, reference: date | None) -> None:
    days, found, counted = find_dates(text, reference=reference), find_numbers(text), find_quantities(text)
    for spans in ([d.offsets for d in days], [(n.start, n.end) for n in found], [q.number for q in counted]):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(d.start is None or d.end is None or d.start <= d.end for d in days)
    assert all(n.value.is_finite() for n in found)
    assert all(0 <= q.offsets[0] <= q.number[0] and q.number[1] <= q.offsets[1] <= len(text) for q in counted)
    assert all(q.value.is_finite() and (q.value_max is None or q.value_max.is_finite()) for q in counted)


@pytest.mark.guard("hostile-text")
@given(st.one_of(numbers, dates, texts))
@tries(500)
def test_a_text_is_a_finite_number_or_none(text: str) -> None:
    value = parse_number(text)
    assert value is None or value.is_finite()


@pytest.mark.guard("unicode-forms")
@pytest.mark.parametrize("form", SAME, ids=lambda f: f.__name__)
@given(text=reports)
@tries(60)
def test_what_nobody_sees_changes_nothing(form: object, text: str) -> None:
    assert callable(form)
    plain, other = read(text, everything=True), read(form(text), everything=True)
    assert other.to_json() == plain.to_json()


@pytest.mark.guard("unicode-forms")
@given(reports)
@tries(60)
def test_older_spelling_tells_the_same_numbers(text: str) -> None:
    plain, older = (
        [(f.value, f.unit, f.status) for c in read(form, everything=True).conferences for f in c.figures]
        for form in (text, old_tones(text))
    )
    assert older == plain


@pytest.mark.guard("hostile-text")
@pytest.mark.parametrize(
    "told",
    [
        "{} đoàn viên (đạt 0,01% kế hoạch)",
        "{} tỷ đồng, đạt 87,5% kế hoạch",
        "{} tỷ tỷ tỷ tỷ đồng (đạt 0,0000001%)",
        "5/{} CĐCS (chiếm 20%)",
        "{}/3 chỉ tiêu (đạt 5%)",
        "{0} đến {0} suất quà",
        "{0},{0} triệu đồng",
        "tăng từ 5% lên {}%",
        "{} đơn vị xuất sắc (chiếm 20%), 5 đơn vị tốt (chiếm 80%)",
    ],
)
def test_arithmetic_with_the_longest_numbers(told: str) -> None:
    words = told.format("9" * 27)
    report = read(f"Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, kết nạp {words}.", everything=True)
    assert_grounded(report)
    assert Report.model_validate_json(report.to_json()) == report


@pytest.mark.guard("hostile-text", "time")
@pytest.mark.parametrize("length", [30_000, *([1_000_000] if TIMES > 1 else [])])
@pytest.mark.parametrize(
    "line", ["Có 5 đoàn viên, ", "a", "1", "(", "“", "ệ", "1.000 ", "LĐLĐ tỉnh Cà Mau tặng 5 Bằng khen; "]
)
def test_a_line_without_end_is_read(line: str, length: int) -> None:
    report = read((line * (length // len(line) + 1))[:length], everything=True)
    assert_grounded(report)
    assert len(report.article.text) > length * 0.9
