"""Tellings of one conference: how far a number may reach, what two share, and how a pair is judged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.dataset.link.same import Judgement, judge
from pipeline.dataset.link.told import Value, common, is_union_of, weight
from tests.pipeline.link.linked import told

# Numbers


@pytest.mark.parametrize(
    ("more", "less", "proves"),
    [
        ("14207", "1420", "a longer number"),
        ("14207", "14000", "one that is not round"),
        ("1240", "124", "a thousand and more"),
        ("68.75", "68", "decimals count"),
        ("14", "50", "nought at the end says nothing"),
    ],
)
def test_which_number_tells_more(more: str, less: str, proves: str) -> None:
    assert weight(more) > weight(less), proves


@pytest.mark.parametrize("number", ["0", "5", "50", "7000000"])
def test_a_number_of_one_digit_tells_next_to_nothing(number: str) -> None:
    assert weight(number) <= 0.5


@pytest.mark.parametrize(
    ("number", "modifier", "low", "high", "proves"),
    [
        ("1400", "more_than", "1400", "1500", "`hơn 1.400`: up to the next step"),
        ("1400", "at_least", "1400", "1500", "`ít nhất 1.400`"),
        ("1400", "nearly", "1300", "1400", "`gần 1.400`: down to the step before"),
        ("1400", "about", "1350", "1450", "`khoảng 1.400`: half a step around"),
        ("1460", "exact", "1455", "1465", "written exactly: half its last digit"),
        ("4.5", "exact", "4.45", "4.55", "a decimal"),
        ("7", "more_than", "7", "8", "one digit"),
    ],
)
def test_what_a_number_may_stand_for(number: str, modifier: str, low: str, high: str, proves: str) -> None:
    assert Value(number, "person", modifier).range == (Decimal(low), Decimal(high)), proves


@pytest.mark.parametrize(
    ("one", "other", "shared", "proves"),
    [
        (Value("705", "person"), Value("705", "person"), True, "one number"),
        (Value("705", "person"), Value("705", "gift"), False, "a short one in another unit"),
        (Value("14207", "person"), Value("14207", "turn"), True, "a long one in another unit"),
        (Value("1460", "person"), Value("1400", "person", "more_than"), True, "`hơn 1.400` for 1.460"),
        (Value("1560", "person"), Value("1400", "person", "more_than"), False, "`hơn 1.400` is not 1.560"),
        (Value("1460", "person"), Value("1500", "person", "nearly"), True, "`gần 1.500` for 1.460"),
        (Value("1360", "person"), Value("1500", "person", "nearly"), False, "`gần 1.500` is not 1.360"),
        (Value("41200", "person"), Value("41000", "person"), True, "rounded without a word"),
        (Value("1460", "person"), Value("1400", "gift", "more_than"), False, "a rounded one in another unit"),
        (Value("146", "person"), Value("100", "person", "more_than"), False, "small numbers are not held against a rounded one"),
        (Value("1460", "person"), Value("1000", "person", "order_of"), False, "`hàng nghìn` is no number"),
    ],
)  # fmt: skip
def test_whether_two_numbers_are_one(one: Value, other: Value, shared: bool, proves: str) -> None:
    assert bool(common([one], [other])) is shared, proves
    assert bool(common([other], [one])) is shared, proves


def test_the_weightiest_number_in_common_comes_first() -> None:
    told = [Value("12", "house"), Value("705", "person"), Value("14207", "person"), Value("9", "gift")]
    assert [one.number for one, _ in common(told, told[:3])] == ["14207", "705", "12"]


@pytest.mark.parametrize(
    ("union", "other", "is_its"),
    [
        ("công đoàn cơ sở công ty may cửa tiểu", "công ty may cửa tiểu", True),
        ("công đoàn công ty may cửa tiểu", "công ty may cửa tiểu", True),
        ("công ty may cửa tiểu", "công ty may cửa tiểu", False),
        ("công đoàn công ty may cửa đại", "công ty may cửa tiểu", False),
    ],
)
def test_the_union_of_an_employer(union: str, other: str, is_its: bool) -> None:
    assert is_union_of(union, other) is is_its


# Pairs


OTHERS = frozenset({Value("9301", "person"), Value("418", "person"), Value("73", "house")})
NONE: frozenset[Value] = frozenset()
H1 = ("2024-01-01", "2024-06-30")
YEAR = ("2024-01-01", "2024-12-31")


@pytest.mark.parametrize(
    ("one", "other", "verdict", "proves"),
    [
        ({}, {}, "linked", "all agree"),
        ({}, {"host": "u2"}, "apart", "two hosts, whatever else agrees"),
        ({}, {"host": None, "host_name": None}, "linked", "no host, but the numbers"),
        ({}, {"host": None, "host_name": None, "values": NONE}, "unsure", "no host and no numbers"),
        ({}, {"host": None, "host_name": None, "values": OTHERS}, "apart", "no host and other numbers"),
        ({"host_sure": False}, {"host_sure": False}, "linked", "namesakes with one set of numbers"),
        ({"host_sure": False}, {"host_sure": False, "values": OTHERS}, "apart", "namesakes in two provinces"),
        ({"host_sure": False, "values": {Value("74", "person"), Value("5", "person")}},
         {"host_sure": False, "values": {Value("74", "person"), Value("5", "person")}}, "linked",
         "namesakes: two numbers, one of two digits"),
        ({"host_sure": False, "values": {Value("6", "person"), Value("5", "person"), Value("34", "house")}},
         {"host_sure": False, "values": {Value("7", "person"), Value("5", "person"), Value("27", "house")}}, "unsure",
         "namesakes: a single small number"),
        ({"host_name": "công đoàn công ty a"}, {"host": "u2", "host_name": "công ty a"}, "linked",
         "an employer and its union"),
        ({}, {"start": "2025-01-20", "published": "2025-01-20T16:00:00+07:00"}, "apart", "eleven days apart"),
        ({}, {"start": "2025-01-10", "published": "2025-01-10T16:00:00+07:00"}, "linked", "a day told wrongly: the numbers"),
        ({}, {"start": "2025-01-10", "published": "2025-01-10T16:00:00+07:00", "values": OTHERS}, "apart",
         "the next day's, other numbers"),
        ({}, {"start": None, "precision": None, "published": "2025-01-10T16:00:00+07:00"}, "linked", "no day, news of the next"),
        ({}, {"start": None, "precision": None, "published": "2025-01-08T16:00:00+07:00"}, "apart", "news from before the event"),
        ({}, {"start": None, "precision": None, "published": "2025-01-20T16:00:00+07:00"}, "apart", "news of eleven days later"),
        ({}, {"start": "2025-01-01", "precision": "month"}, "linked", "the month alone"),
        ({}, {"start": "2025-02-01", "precision": "month"}, "apart", "another month"),
        ({"kind": "congress", "start": "2025-01-08", "end": "2025-01-09"},
         {"kind": "congress", "start": "2025-01-09"}, "linked", "the second day of a congress"),
        ({}, {"kind": "committee_meeting"}, "linked", "told as a meeting of the committee"),
        ({}, {"kind": "training", "values": OTHERS}, "apart", "a course on the day of the review"),
        ({"kind": "care_event", "place": "Khu nhà trọ Bình Minh", "values": NONE},
         {"kind": "care_event", "place": "Công ty Sao Mai", "values": NONE}, "unsure", "gifts in two places, no numbers told"),
        ({"kind": "care_event", "place": "Khu nhà trọ Bình Minh"},
         {"kind": "care_event", "place": "Công ty Sao Mai", "values": OTHERS}, "apart", "gifts in two places"),
        ({"kind": "care_event", "place": "Khu nhà trọ Bình Minh"},
         {"kind": "care_event", "place": "Nhà trọ Bình Minh"}, "linked", "gifts in one place"),
        ({"period": YEAR}, {"period": YEAR}, "linked", "one year reviewed"),
        ({"period": YEAR, "values": NONE}, {"period": H1, "values": NONE}, "unsure", "a year and half of it, no numbers told"),
        ({"period": YEAR}, {"period": H1, "values": OTHERS}, "apart", "a year and half of it"),
        ({"kind": "interim_review", "period": H1, "values": {Value("22", "organisation")}},
         {"kind": "workers_conference", "period": H1, "values": {Value("22", "organisation")}}, "linked",
         "one half year reviewed, told under two heads"),
        ({"kind": "interim_review", "period": H1, "values": NONE},
         {"kind": "workers_conference", "period": YEAR, "values": NONE}, "apart", "two heads and two periods"),
        ({"values": NONE, "session": "morning"}, {"values": NONE, "session": "afternoon"}, "unsure", "morning and afternoon, no numbers told"),
        ({"session": "morning"}, {"session": "afternoon", "values": OTHERS}, "apart", "morning and afternoon"),
        ({"values": OTHERS, "text": "a"}, {"text": "a"}, "linked", "a copy, its numbers changed"),
        ({"article": "x"}, {"article": "x"}, "apart", "two conferences of one article"),
    ],
)  # fmt: skip
def test_whether_two_tellings_are_of_one_conference(
    one: dict[str, Any], other: dict[str, Any], verdict: str, proves: str
) -> None:
    a, b = told("a", **one), told("b", **other)
    found = judge(a, b)
    assert found.verdict == verdict, f"{proves}: {found}"
    assert judge(b, a).score == found.score


def test_a_judgement_says_why() -> None:
    assert judge(told("a"), told("b")).reason == (
        "the same host; on the same day; of one kind; 3 numbers in common, 14207 among them"
    )
    assert [Judgement(score, "").verdict for score in (0.62, 0.61, 0.5, 0.49)] == [
        "linked", "unsure", "unsure", "apart",
    ]  # fmt: skip
