"""The filter before reading loses no article that reading finds relevant, and stops those that name no union."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors import read
from extractors.relevance_filter import may_be_relevant
from extractors.text import normalise
from extractors.units import find_units

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted(
    [*(ROOT / "corpus" / "gold").glob("*.txt"), *(ROOT / "corpus" / "sites").glob("*/articles/*.txt")]
)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        pytest.param("Công đoàn Trường Tiểu học An Hòa họp.", True, id="the word in full"),
        pytest.param("CÔNG ĐOÀN NGÀNH Y TẾ", True, id="in capitals"),
        pytest.param("Co\u0302ng đoa\u0300n các khu công nghiệp", True, id="in letters apart, once normalised"),
        pytest.param("Sáng 5/1, CĐ Công ty May Bình Minh khen thưởng", True, id="an abbreviation alone"),
        pytest.param("khối thi đua (CĐGD)", True, id="an abbreviation of one sector"),
        pytest.param("TLĐLĐVN ban hành kế hoạch", True, id="an abbreviation of the confederation"),
        pytest.param("Nghiệp đoàn nghề cá Sa Huỳnh", True, id="fishermen"),
        pytest.param("LĐLĐtỉnh", True, id="run together by a page"),
        pytest.param("CĐV Nam Định mừng chiến thắng", False, id="supporters of a team"),
        pytest.param("Liên đoàn Bóng đá Việt Nam họp báo", False, id="another federation"),
        pytest.param("Tỉnh đoàn và Hội Nông dân trao 50 suất quà", False, id="other associations"),
        pytest.param("người lao động trong các doanh nghiệp", False, id="workers without a union"),
        pytest.param("", False, id="nothing"),
    ],
)  # fmt: skip
def test_what_passes(text: str, passes: bool) -> None:
    assert may_be_relevant(normalise(text)) is passes


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem)
def test_no_relevant_article_and_no_name_of_a_union_is_lost(path: Path) -> None:
    report = read(path.read_text(encoding="utf-8"), everything=True)
    if report.article.relevant:
        assert may_be_relevant(report.article.text)
    for unit in find_units(report.article.text):
        if unit.is_union and unit.type != "cluster" and unit.rule != "unit.list":
            assert may_be_relevant(unit.name), unit


def test_what_is_stopped_is_still_an_article() -> None:
    text = "Đội bóng trẻ giành cúp\n\nSáng 12/1, đội trẻ Sông Lam giành cúp sau loạt luân lưu cân não trên sân nhà."
    quick, whole = read(text), read(text, everything=True)
    assert quick.article == whole.article
    assert (quick.article.title, quick.article.relevant) == ("Đội bóng trẻ giành cúp", False)
