"""Copies of one text: which article is the original, and what is no copy."""

from __future__ import annotations

import pytest

from pipeline.dataset.link.reprints import Article, compare, find_reprints
from tests.pipeline.decided import ELSEWHERE, FIRST
from tests.pipeline.link.linked import shuffled

LONG = (
    FIRST
    + " | Chủ tịch LĐLĐ huyện Đỗ Thị Mận cảm ơn đoàn viên các xã ven biển đã giữ vững sản xuất sau mùa hạn mặn."
)
OTHER = (
    "Chiều 9/1, đoàn viên một xí nghiệp đóng tàu ở Ba Tri nghe phổ biến Luật Công đoàn. Hơn hai trăm người hỏi đáp về "
    "tiền lương, giờ làm thêm, nhà ở và bữa ăn ca; ban tổ chức hứa trả lời bằng văn bản từng câu còn lại trong tuần sau."
)


def article(name: str, day: str | None, text: str = LONG) -> Article:
    return Article(name, day, text)


@pytest.mark.parametrize(
    ("articles", "expected", "proves"),
    [
        ([article("a", "2024-01-09"), article("b", "2024-01-10")], {"b": "a"}, "the later one is the copy"),
        ([article("a", "2024-01-10"), article("b", "2024-01-09")], {"a": "b"}, "whatever their ids are"),
        ([article("a", "2024-01-09T16:00:00+07:00"), article("b", "2024-01-09T08:00:00+07:00")], {"a": "b"}, "by the hour"),
        ([article("a", None), article("b", "2024-01-10")], {"a": "b"}, "what has no date comes last"),
        ([article("a", "2024-01-10"), article("b", "2024-01-10")], {"b": "a"}, "of one day: by id"),
        ([article("c", "2024-01-09"), article("a", "2024-01-10"), article("b", "2024-01-11")], {"a": "c", "b": "c"},
         "all copies have one original"),
        ([article("a", "2024-01-09"), article("b", "2024-01-10", OTHER)], {}, "another text"),
        ([article("a", "2024-01-09"), article("b", "2024-01-10", LONG.replace("705", "706"))], {"b": "a"}, "one value changed"),
        ([article("a", "2024-01-09"), article("b", "2024-01-10", f"{LONG} | {OTHER}")], {"b": "a"}, "something added"),
        ([article("a", "2024-01-09"), article("b", "2024-03-09")], {"b": "a"}, "sixty days later"),
        ([article("a", "2024-01-09"), article("b", "2024-03-10")], {}, "sixty-one days later"),
        ([article("a", "2024-01-09", ELSEWHERE), article("b", "2024-01-10", ELSEWHERE)], {}, "too short to tell a copy by"),
    ],
)  # fmt: skip
def test_the_earliest_article_of_a_text_is_the_original(
    articles: list[Article], expected: dict[str, str], proves: str
) -> None:
    first = find_reprints(articles)
    assert {one.copy: one.original for one in first} == expected, proves
    for seed in range(4):
        assert find_reprints(shuffled(articles, seed)) == first, proves


@pytest.mark.parametrize(
    ("verdicts", "expected", "proves"),
    [
        ({}, {"b": "a"}, "no person's word"),
        ({("b", "a"): False}, {}, "a person says it is none"),
        ({("c", "a"): True}, {"b": "a", "c": "a"}, "a person says that another text is one"),
        ({("c", "b"): True}, {"b": "a", "c": "a"}, "a copy of a copy is one of the original"),
        ({("c", "gone"): True}, {"b": "a"}, "an article that is no longer there"),
        ({("a", "b"): False}, {"b": "a"}, "the other way round it says nothing"),
    ],
)
def test_a_person_s_word_on_copies(
    verdicts: dict[tuple[str, str], bool], expected: dict[str, str], proves: str
) -> None:
    given = [article("a", "2024-01-09"), article("b", "2024-01-10"), article("c", "2024-01-11", OTHER)]
    assert {one.copy: one.original for one in find_reprints(given, verdicts)} == expected, proves


def test_a_comparison_says_how_much_is_the_same() -> None:
    assert compare(article("a", None), article("b", None)) == (
        1.0,
        "100% of both texts is the same, and 100% of their numbers",
    )
    score, reason = compare(article("a", None), article("b", None, OTHER))
    assert (reason, score < 0.1) == ("", True)


def test_a_copy_of_a_copy_is_one_of_the_original_whatever_their_ids_are() -> None:
    given = [article("c", "2024-01-09"), article("b", "2024-01-10"), article("a", "2024-01-11", OTHER)]
    found = find_reprints(given, {("a", "b"): True})
    assert {one.copy: one.original for one in found} == {"b": "c", "a": "c"}
