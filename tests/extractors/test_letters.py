"""Small letters and alternations are there for speed alone: they find what the plain patterns find."""

from __future__ import annotations

import re
import sys

import pytest

from extractors.letters import LOWER, alternation, lowered
from extractors.units import find_units

EVERY_LETTER = "".join(map(chr, range(sys.maxunicode + 1)))


def test_small_letters_stand_one_for_one() -> None:
    assert len(lowered(EVERY_LETTER)) == len(EVERY_LETTER)


def test_small_letters_are_what_ignoring_case_takes_for_them() -> None:
    ignored = {m.start() for m in re.finditer(f"[{LOWER}]", EVERY_LETTER, re.IGNORECASE)}
    assert {m.start() for m in re.finditer(f"[{LOWER}]", lowered(EVERY_LETTER))} == ignored


WORDS = ["Bắc Ninh", "Bắc", "Cà Mau", "Bắc Kạn", "Cần Thơ"]


@pytest.mark.parametrize(
    ("text", "expected", "proves"),
    [
        ("Bắc Ninh và Cà Mau", ["Bắc Ninh", "Cà Mau"], "words of several first letters"),
        (
            "Bắc Kạn",
            ["Bắc"],
            "of one first letter the earlier word wins, as it does in the plain alternation",
        ),
        ("cà mau, à Mau", [], "neither small letters nor a word without its first"),
        ("xBắc, TừCà Mau", [], "a condition on the first letter: no word begins inside another"),
        ("\nBắc, (Cà Mau", ["Bắc", "Cà Mau"], "but at a line's head and behind a bracket it does"),
    ],
)
def test_alternation(text: str, expected: list[str], proves: str) -> None:
    assert re.findall(alternation(WORDS, begins=r"(?<!\w.)"), text) == expected, proves
    assert re.findall(rf"(?<!\w)(?:{'|'.join(WORDS)})", text) == expected, "the row itself"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("gặp mặt cụm thi đua số 4", "unit.cluster"),
        ("họp khối thi đua các trường", "unit.cluster"),
        ("gửi liên đoàn lao động tỉnh", "unit.federation"),
        ("tại công đoàn cơ sở trường Hoa Mai", "unit.grassroots"),
        ("thăm công ty Minh Tâm", "unit.company"),
        ("theo báo Lao Động", "unit.newspaper"),
        ("thưa Ủy ban nhân dân tỉnh", "unit.people_committee"),
        ("dự có Đảng ủy xã", "unit.party"),
        ("dự có Đảng-LĐLĐ tỉnh", None),
    ],
)
def test_heads_begin_with_a_capital_or_one_of_four_small_letters(text: str, rule: str | None) -> None:
    assert next((u.rule for u in find_units(text)), None) == rule
