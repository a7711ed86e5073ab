"""What holds of every text: spans lie in it, in order, apart; a span read by itself says the same; nothing raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dates import find_dates
from extractors.number_words import SCALES
from extractors.numbers import find_numbers, parse_number

REFERENCE = date(2024, 1, 15)
# Seeds of the grammar, with what breaks offsets: loose combining marks, newlines, letters that only case folding joins.
PIECES = ["ngày", "sáng", "chiều", "hôm", "nay", "qua", "tháng", "năm", "quý", "tuần", "thứ", "sáu", "đầu", "cuối", "từ", "đến", "và", "giai", "đoạn", "nhiệm", "kỳ", "học", "này", "trước", "tới", "mùng", "cách", "đây", "không", "một", "mốt", "hai", "ba", "bốn", "tư", "lăm", "bảy", "chín", "mười", "mươi", "hăm", "trăm", "chục", "nghìn", "vạn", "triệu", "tỷ", "tr", "rưỡi", "linh", "phẩy", "hàng", "vài", "nửa", "hơn", "tá", "đồng", "đoàn", "viên", "đơn", "vị", "chỉ", "tiêu", "đường", "công", "ty", "0", "1", "5", "05", "12", "31", "99", "500", "2023", "2024", "24.500", "1,1", "88,2%", "1.601", "1,234,567", "12/1", "14/12/2023", "5-6/2", "28/6", "30-6", "I", "IV", "XIII", "2018-2023", "2021", "–", "2025", "6", "10:30", "1.7.2025", "0912", "18-NQ/TW", "F0", "5CĐCS", "ſáu", "ıı", "İ", "٣", "²"]  # fmt: skip
GLUE = [
    " ",
    " ",
    " ",
    " ",
    "",
    "\n",
    "  ",
    ", ",
    ". ",
    "/",
    "-",
    " - ",
    "–",
    "(",
    ") ",
    "; ",
    "\u0301",
    "\u0323 ",
    "%",
]

texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GLUE)), max_size=30).map(
    lambda pairs: "".join(piece + glue for piece, glue in pairs)
)
anything = st.one_of(texts, st.text(max_size=60))
steady = settings(max_examples=300, derandomize=True, database=None, deadline=None)


def in_order(text: str, offsets: list[tuple[int, int]]) -> bool:
    """Whether the spans are not empty, inside `text`, ordered and apart."""
    edges = [edge for pair in offsets for edge in pair]
    return all(a < b for a, b in offsets) and edges == sorted(edges) and (not edges or edges[-1] <= len(text))


@given(anything, st.sampled_from([None, True, False]))
@steady
def test_numbers_lie_in_order_and_are_finite(text: str, english: bool | None) -> None:
    found = find_numbers(text, english=english)
    assert in_order(text, [(n.start, n.end) for n in found])
    assert all(n.value.is_finite() and n.value >= 0 for n in found)


@given(texts)
@steady
def test_a_number_in_a_text_is_the_number_by_itself(text: str) -> None:
    for number in find_numbers(text, english=False):
        surface = text[number.start : number.end]
        # Where the noun behind tells what a separator is, or the word before lets a scale stand alone, the span does not say.
        if re.search(r"[.,]", surface) or surface.split()[0].lower() in SCALES:
            continue
        assert parse_number(surface) == number.value, surface


@given(st.integers(0, 10**15))
@steady
def test_groups_read_back(n: int) -> None:
    assert parse_number(f"{n:,}".replace(",", ".")) == n
    assert parse_number(f"{n:,}".replace(",", " ")) == n


WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def said(n: int) -> str:
    """`n` below a thousand milliards as it is said in full: `một nghìn không trăm linh năm`."""
    if n >= 1000:
        scale, word = next((s, w) for s, w in ((10**9, "tỷ"), (10**6, "triệu"), (1000, "nghìn")) if n >= s)
        rest = n % scale
        more = "" if not rest else f" {said(rest)}" if rest >= 100 else f" không trăm {_tens(rest)}"
        return f"{said(n // scale)} {word}{more}"
    if n >= 100:
        return f"{WORDS[n // 100]} trăm" + (f" {_tens(n % 100)}" if n % 100 else "")
    return _tens(n) if n >= 10 else WORDS[n]


def _tens(n: int) -> str:
    tens, unit = divmod(n, 10)
    if tens == 0:
        return f"linh {WORDS[unit]}"
    word = {0: "", 1: " mốt" if tens > 1 else " một", 5: " lăm"}.get(unit, f" {WORDS[unit]}")
    return (f"{WORDS[tens]} mươi" if tens > 1 else "mười") + word


@given(st.integers(0, 10**12 - 1))
@steady
def test_numbers_in_words_read_back(n: int) -> None:
    assert parse_number(said(n)) == n, said(n)


@given(anything, st.sampled_from([None, REFERENCE, date(2024, 2, 29), date(2023, 12, 31)]))
@steady
def test_dates_lie_in_order_and_end_after_they_start(text: str, reference: date | None) -> None:
    found = find_dates(text, reference=reference)
    assert in_order(text, [d.offsets for d in found])
    assert all(d.label == text[slice(*d.offsets)] for d in found)
    for d in found:
        assert (d.start is None) == (d.end is None)
        assert d.start is None or d.end is None or d.start <= d.end
        assert d.start is not None or d.month is not None, "neither a date nor a month"
        assert reference is not None or not d.relative


@given(texts)
@steady
def test_a_written_date_is_the_same_by_itself(text: str) -> None:
    for d in find_dates(text, reference=REFERENCE):
        # A list's days share what stands at its end.
        if not d.year_written or d.rule.endswith("list") or not re.search(r"\d{4}", d.label):
            continue
        assert [(x.start, x.end, x.grain) for x in find_dates(d.label)] == [(d.start, d.end, d.grain)], (
            d.label
        )


@given(st.dates(date(1900, 1, 1), date(2089, 12, 31)), st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "ngày {d} tháng {m} năm {y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}"]))  # fmt: skip
@steady
def test_days_read_back(day: date, form: str) -> None:
    found = find_dates(f"Hội nghị họp {form.format(d=day.day, m=day.month, y=day.year)}, tại Vĩnh Long")
    assert [(d.start, d.end, d.grain) for d in found] == [(day, day, "day")]


HOSTILE = [
    "7",
    "1/1-",
    "năm ",
    "mười ",
    "12,",
    "123,",
    "1 ",
    "123 ",
    "ngày 1, ",
    "1/1 - ",
    " ",
    "\n",
    "(",
    "tháng ",
    "hàng trăm ",
    "2 tỷ 5 ",
]


@pytest.mark.parametrize("read", [find_numbers, find_dates, parse_number], ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", HOSTILE, ids=repr)
def test_hostile_text_ends(read: Callable[[str], object], seed: str) -> None:
    # Quadratic matching of 100,000 characters would take minutes; a run takes tenths of a second.
    text = (seed * (100_000 // len(seed) + 1))[:100_000]
    read(text)


@pytest.mark.parametrize(
    ("text", "expected", "proves"),
    [
        ("9" * 27, Decimal("9" * 27), "the longest number that is read stays exact"),
        ("9" * 28, None, "longer runs of digits are serial numbers"),
        ("9" * 5000, None, "and so are runs that would not fit a float or an int's string"),
        ("1." + "000." * 2000 + "000", None, "nor are groups without end"),
        ("0," + "0" * 4000 + "1", None, "nor decimals without end"),
    ],
)  # fmt: skip
def test_long_literals(text: str, expected: Decimal | None, proves: str) -> None:
    assert parse_number(text) == expected, proves
    assert [n.value for n in find_numbers(f"có {text} người")] == ([] if expected is None else [expected]), (
        proves
    )
