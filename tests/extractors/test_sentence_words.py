"""What is asked first, and cheaply, never says no to what the patterns behind it would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.indicators import possible_cues
from extractors.letters import lowered
from extractors.lexicon.tables import load
from extractors.modifiers import _LEFT
from extractors.segments import segment
from extractors.sentence_words import SentenceWords
from extractors.status import _PLAN_OPEN, _PLAN_OPENING, _PLAN_WORDS

FORMS = load("award_forms")
CUES = [row for row in load("indicators") if row["zone"] != "phrase"]


@pytest.mark.parametrize(
    ("text", "sentences", "why"),
    [
        ("Có 5 đơn vị. Phấn đấu tăng.", {13}, "letter case aside"),
        ("Có 5 đơn vị.", set(), "none"),
        ("Phấn đấu năm tới. Ngừng. Năm tới tăng.", {0, 25}, "several, each told once"),
        ("Ổn định đời sống; đề ra giải pháp.\nPhấn đấu.", {0, 35}, "letters of several bytes, and lines"),
    ],
)
def test_sentences_with_words(text: str, sentences: set[int], why: str) -> None:
    assert SentenceWords(["phấn đấu", "năm (?:tới|sau)", "đề ra"]).sentences(segment(text)) == sentences, why


@given(
    st.sampled_from(FORMS).flatmap(
        lambda r: st.tuples(st.just(r), st.from_regex(r["pattern"], fullmatch=True))
    )
)
def test_each_form_of_award_has_one_of_its_words(case: tuple[dict[str, str], str]) -> None:
    form, said = case
    assert re.search(form["words"], lowered(said))


@given(st.from_regex(_PLAN_OPEN.pattern, fullmatch=True) | st.from_regex(_PLAN_OPENING, fullmatch=True))
def test_each_plan_has_one_of_its_words(said: str) -> None:
    assert _PLAN_WORDS.sentences(segment(said.strip() or "-")) != set()


@given(
    st.sampled_from(_LEFT).flatmap(lambda m: st.tuples(st.just(m[1]), st.from_regex(m[2], fullmatch=True)))
)
def test_each_modifier_has_one_of_its_ends(case: tuple[tuple[str, ...], str]) -> None:
    ends, said = case
    assert said.rstrip(" \n").endswith(ends)


@given(
    st.sampled_from(CUES).flatmap(
        lambda r: st.tuples(st.just(r), st.from_regex(re.compile(r["pattern"], re.IGNORECASE)))
    )
)
def test_whatever_holds_of_a_part_is_possible_in_its_sentence(case: tuple[dict[str, str], str]) -> None:
    row, said = case
    sentence = lowered(f"trong năm {said} nữa")
    assert any(c.indicator == row["indicator"] and c.zone == row["zone"] for c in possible_cues(sentence))
