"""Patterns tried where they can begin find what they find when they are tried everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.date_places import date_places
from extractors.date_spans import Rule
from extractors.dates import _RULES, _STARTS, _WRITTEN, _WRITTEN_STARTS
from extractors.letters import lowered
from extractors.words import word_end

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "corpus").glob("**/*.txt"))]
# Dates of all rules and cases, in capitals, run together and broken off, behind letters and brackets.
MADE = [
    "NGÀY 5-6/2, (28/6 đến 2/7/2023) TỪ NGÀY 1 ĐẾN NGÀY 31 THÁNG 5 NĂM 2024; Năm học 2021-2022, Quý IV/2023, quí 1 năm 2020",
    "Sáng 12/1, chủ nhật 3/2, thứ Hai tuần trước, hôm qua, hai năm trước, tháng này, năm ngoái, nửa đầu năm, 6 tháng cuối năm 2022",
    "5, 12 và 19/3/2024; mùng một tháng Giêng; nhiệm kỳ 2018 - 2023; giai đoạn từ năm 2016 đến 2020; 5 năm (2016-2020); 2024-01-13",
    "a5/6/2020 x12/1 (24/7) ngày12/1/2024 08:30 13-01-24 tháng 5 và tháng 6 năm 2022 ngày 5 thá",
    "quý này, ngày 13/01/24, ngày 5 tháng này, tháng 3 đến tháng 5 năm 2024, năm 2020, 2021 và 2022, tháng 3/2024-tháng 5/2024",
    "chủ   nhật   nay  , (ngày ,( mùng  , (1   đến   hết   chiều   ngày   31   tháng   5, trong   các   năm  , (từ   năm   2016   đến   năm   2020",
    "nhiệm   kỳ   XVIIII,   (từ   năm   2018   đến   2023, ngày 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 và ngày 12 tháng 3, 5 & 6/7, 1 , 2 và 3/4",
]


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.name)
def test_nothing_is_missed(rule: Rule) -> None:
    found = 0
    for text in (*TEXTS, *MADE):
        low = lowered(text)
        everywhere = [m.span() for m in rule.pattern.finditer(text)]
        matches = _STARTS.matches(text, low, [(0, len(text))])
        assert [m.span() for n, m in matches if _RULES[n] is rule] == everywhere
        if rule in _WRITTEN and rule.name != "school_year_relative":
            near = _WRITTEN_STARTS.matches(text, low, date_places(low))
            assert [m.span() for n, m in near if _WRITTEN[n] is rule] == everywhere
        found += len(everywhere)
    assert found, "no text has such a date"


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [
        pytest.param("trao 12 con giống cho đoàn viên", 8, "con giống", id="a word of two syllables"),
        pytest.param("trao 12 con giống cho đoàn viên", 12, "con giống", id="asked at its second"),
        pytest.param("tặng 5 xe cho công nhân", 7, "xe", id="a word of one"),
        pytest.param("Có 3 đoàn\nviên", 5, "đoàn", id="no word crosses a line"),
        pytest.param("đoàn viên " * 400 + "12 con giống tốt", 4003, "con giống", id="far into a long text"),
        pytest.param("x" * 5000, 4000, "x" * 230, id="no blank anywhere: cut, not read whole"),
        pytest.param("12 ", 2, None, id="a blank is no word"),
    ],
)  # fmt: skip
def test_words_are_told_from_their_surroundings(text: str, at: int, word: str | None) -> None:
    end = word_end(text, at)
    if word is None:
        assert end is None
    elif set(word) == {"x"}:
        assert end is not None
        assert end - at <= len(word)
    else:
        assert end is not None
        assert text[:end].endswith(word)
