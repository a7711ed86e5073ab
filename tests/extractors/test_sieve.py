"""What is asked whether it is possible: never too little, and seldom too much."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.lexicon.tables import load
from extractors.segments import segment
from extractors.sieve import Sieve, Sieved

GOLD = Path(__file__).parents[2] / "corpus" / "gold"
CUES = [
    re.compile(row["pattern"], re.IGNORECASE)
    for name in ("indicators", "award_forms", "event_kinds")
    for row in load(name)
]

SIEVE = Sieve(CUES)


@pytest.mark.parametrize(
    ("pattern", "text", "possible"),
    [
        pytest.param("kết nạp[^.]{0,20}$", "đã kết nạp 5 đoàn viên", True, id="its words stand there"),
        pytest.param("kết nạp[^.]{0,20}$", "đã tặng 5 suất quà", False, id="its words do not"),
        pytest.param("kết nạp", "KẾT NẠP", True, id="letter case aside, marked letters too"),
        pytest.param("(?:tặng|trao) quà", "trao quà", True, id="one of two is enough"),
        pytest.param("(?:tặng |trao )?quà", "có quà", True, id="what may be left out is not asked for"),
        pytest.param("(?<!đã )tặng(?! cờ)", "tặng", True, id="words around are not asked for"),
        pytest.param(
            "(?<![(\\]])tặng(?=[)\\s]|(?:a|b))", "tặng", True, id="brackets in a class of a look-around"
        ),
        pytest.param("năm \\d+", "năm ٣", True, id="any digit is one"),
        pytest.param("toàn\\s+cảnh", "toàn\u00a0cảnh", True, id="any blank is one"),
        pytest.param(r"\b(?:ông|bà) [\w.]+", "bà Đào", True, id="any letter is one"),
        pytest.param("", "tặng", True, id="a pattern without words is always possible"),
    ],
)
def test_possible(pattern: str, text: str, possible: bool) -> None:
    assert Sieve([re.compile(pattern)]).possible(text) == ([0] if possible else [])


@given(st.sampled_from(range(len(CUES))).flatmap(lambda n: st.tuples(st.just(n), st.from_regex(CUES[n]))))
def test_whatever_a_cue_matches_is_possible(case: tuple[int, str]) -> None:
    number, text = case
    assert number in SIEVE.possible(text)


def test_few_are_possible_in_a_sentence() -> None:
    found = possible = asked = 0
    for path in sorted(GOLD.glob("*.txt")):
        cuts = segment(path.read_text(encoding="utf-8"))
        for start, end in cuts.sentences:
            words = cuts.text[start:end]
            here = SIEVE.possible(words)
            matching = [n for n, cue in enumerate(CUES) if cue.search(words)]
            assert set(matching) <= set(here), words
            found, possible, asked = found + len(matching), possible + len(here), asked + len(CUES)
    assert found <= possible < asked / 5


def test_a_sieved_pattern_finds_what_it_says() -> None:
    cue = Sieved("phấn đấu|dự kiến", re.IGNORECASE)
    text = "Dự kiến năm 2024; phấn đấu kết nạp 50 đoàn viên."
    assert (
        [m.span() for m in cue.finditer(text)]
        == [m.span() for m in cue.pattern.finditer(text)]
        == [(0, 7), (18, 26)]
    )
    assert [m.span() for m in cue.finditer(text, 10)] == [(18, 26)]
    assert cue.search("Đã kết nạp 50 đoàn viên.") is None
