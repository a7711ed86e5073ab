"""Texts and pages made to be slow: twice the length never takes four times as long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import extractors.lexicon
from extractors import read
from pipeline.crawl.parse import ParseError, parse_html
from tests.fuzz.growth import MOST, growth, repeated
from tests.fuzz.strategies import TIMES

LEXICON = Path(str(extractors.lexicon.__path__[0]))
ENOUGH, LAST = (0.06, 40_000) if TIMES == 1 else (2.0, 80_000)
SIGNS = ["a", "A", "á", " ", "\n", "1", "0", "(", ")", "[", "“", "”", "“”", '"', "'", ".", "…", ",", ";", ":", "-", "–", "/", "%", "|", "đ", "!", "\u0301", "a\u0301\u0302", "\u200b", "Ð", "ð", "ð ", "İ", "㊙", "Ã´", "Ä‘", "&#7897;", "&nbsp;", "\\u1ed9", "=E1=BB=99", "<p>"]  # fmt: skip
MARKS = ["1.000.", "1.000 ", "1,", "1 ", "5%", "5/5 ", "5-", "12/1 ", "12/1-", "12/1/2024 ", "số 1.000.000 ", "số 1.000.000\n", "20% ", "(5) ", "# ", "#, ", "#\n", "a\n", "A\n", "- a\n", "1. a\n", "a: ", "HỘI NGHỊ:\n", "C\nông ", "l à ", "ngư ời ", "http://a.vn/ ", "0912345678 ", "A. B. ", "TP. "]  # fmt: skip
WORDS = ["một ", "mười ", "triệu ", "2 tỷ 5 ", "hàng trăm ", "hơn ", "từ 10 đến ", "năm ", "tháng ", "ngày ", "quý ", "thứ hai ", "hôm qua ", "và ", "cho ", "các ", "của ", "được ", "tặng ", "đã ", "sẽ ", "trong đó ", "đồng chí ", "LĐLĐ ", "LĐLĐ tỉnh ", "Công đoàn ", "Công đoàn cơ sở ", "CĐCS ", "Công ty ", "Cụm thi đua ", "UBND ", "huyện ", "hội nghị ", "tổng kết ", "tại ", "Bằng khen ", "giải nhất (", "danh hiệu “", "Ảnh: ", "Xem thêm: ", "phấn đấu ", "giai đoạn 2021-2025 ", "nhiệm kỳ "]  # fmt: skip
CLAUSES = ["Có # đoàn viên. ", "Có # đoàn viên, ", "Có # đoàn viên\n", "Có 5 đoàn viên. ", "có 5 đoàn viên và ", "đạt #% ", "đạt 100% kế hoạch, ", "chiếm 20% (", "#/# chỉ tiêu, ", "tăng 12% so với cùng kỳ, ", "trong đó có # nữ, ", "mỗi suất #.000 đồng, ", "cho # tập thể ", "# giải nhất, ", "tặng # Bằng khen cho # cá nhân. ", "Ông Điểu A#, Chủ tịch LĐLĐ, ", "bà Lê Thị Bưởi phát biểu. ", "huyện A#, tỉnh B#, ", "CĐCS Công ty A#, ", "CĐCS Công ty A# tặng # suất quà. ", "LĐLĐ các huyện: A, B, ", "Công đoàn Công ty ", "Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổ chức hội nghị tổng kết năm 2023. ", "Sáng 12/1/2024, LĐLĐ huyện A# tổ chức hội nghị tổng kết năm 2023.\n", "Năm #, LĐLĐ tỉnh tặng 5 Bằng khen. ", "Ảnh: A# trao quà\n", "Tin A#\n", "từ ngày 1/1 đến 5/#, "]  # fmt: skip


def lexicon_words(path: Path) -> str:
    """The words of a lexicon, without its patterns, one behind the other."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    cells = [
        cell for line in lines[1:] for cell in line.split("\t") if cell and not re.search(r"[\\|(\[?]", cell)
    ]
    return " ".join(cells) + " "


LEXICONS = {path.stem: lexicon_words(path) for path in sorted(LEXICON.glob("*.tsv"))}
# A part of them in the short form, other kinds beside each other; all in the long one.
EVERY = 4 if TIMES == 1 else 1
SEEDS = [*SIGNS, *MARKS, *WORDS, *CLAUSES][::EVERY]
EACH = sorted({word for words in LEXICONS.values() for word in words.split()}) if TIMES > 1 else []


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Lexicons and models are loaded by the first reading."""
    read(
        "Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, kết nạp 150 đoàn viên, trao 12 con giống.",
        everything=True,
    )


def everything(text: str) -> object:
    return read(text, title=text[:100], published="2024-01-15", everything=True)


@pytest.mark.guard("time")
@pytest.mark.parametrize("seed", SEEDS, ids=repr)
def test_one_thing_again_and_again(seed: str) -> None:
    ratio, told = growth(everything, lambda length: repeated(seed, length), last=LAST, enough=ENOUGH)
    assert ratio < MOST, told


@pytest.mark.guard("time")
@pytest.mark.parametrize("name", sorted(LEXICONS)[::EVERY])
def test_all_words_of_a_lexicon(name: str) -> None:
    ratio, told = growth(
        everything, lambda length: repeated(LEXICONS[name], length), last=LAST, enough=ENOUGH
    )
    assert ratio < MOST, told


@pytest.mark.guard("time")
def test_each_word_of_the_lexicons() -> None:
    for word in EACH or ["đoàn", "tặng"]:
        ratio, told = growth(everything, lambda length, seed=f"{word} ": repeated(seed, length), enough=0.1)  # type: ignore[misc]
        assert ratio < MOST, (word, told)


TRAPS = [
    ("kết nạp", " mới được", " ấy 5 đoàn viên", "a cue of words that are also parts of each other"),
    ("thành lập", " mới được thêm", " ấy 5 CĐCS", "the same of unions"),
    (
        "Công đoàn Công ty May A",
        " phối hợp",
        " ấy. Có 5 đoàn viên",
        "verbs that could be parted in many ways",
    ),
    ("Sáng 12/1", ".", "x có 5 đoàn viên", "stops that end nothing"),
    ("Có 5 đoàn viên.", " ", "và 6 công nhân", "blanks behind a stop"),
    ("1.1.2011", " ", "Có 5 đoàn viên", "blanks behind a stamp"),
    ("Tin khác", " ", "Có 5 đoàn viên", "blanks behind a heading over other articles"),
    ("Bí thư", " ", "Điểu Thị Lành dự", "blanks behind an office"),
    ("Cụm thi đua số 6", " ", "có 5 đoàn viên", "blanks behind a cluster"),
    ("tặng 5 giải nhất", "(", " cho 5 tập thể", "brackets behind a prize"),
]


@pytest.mark.guard("time")
@pytest.mark.parametrize(("before", "again", "behind", "proves"), TRAPS, ids=[trap[-1] for trap in TRAPS])
def test_what_nearly_fits(before: str, again: str, behind: str, proves: str) -> None:
    ratio, told = growth(
        everything,
        lambda n: f"{before}{again * (n // len(again))}{behind}",
        first=1_000,
        last=LAST,
        enough=ENOUGH,
    )
    assert ratio < MOST, (proves, told)


def page(text: str) -> object:
    try:
        return parse_html(f"<html><body><h1>Tin</h1><article>{text}".encode())
    except ParseError:
        return None


@pytest.mark.guard("time")
@pytest.mark.parametrize("seed", ["<div>", "</div>", "<p>Có # đoàn viên.</p>", "<p>Có 5 đoàn viên.</p>", "<a href='/#'>Tin #</a>", "<b><p>", "<table><tr><td>", "<ul><li>a", "<!--", "<", "<p ", "a=", "&#7897;", "<br>", "Có # đoàn viên<br>", "<span>a</span>", "<h2>Tin #</h2>", "<meta property='og:title' content='#'>", "<script>", "<time datetime='2024-01-12'>", "<div class='date'>12/1/2024</div>", "<figure><figcaption>Ảnh #</figcaption></figure>", "<p>\n\n"][::EVERY], ids=repr)  # fmt: skip
def test_a_page_of_one_thing(seed: str) -> None:
    ratio, told = growth(page, lambda length: repeated(seed, length), last=2 * LAST, enough=2 * ENOUGH)
    assert ratio < MOST, told


@pytest.mark.guard("time")
def test_what_is_quadratic_is_found() -> None:
    ratio, told = growth(lambda text: re.search(r"a+$", text), lambda length: "a" * length + "b", first=2_000)
    assert ratio > MOST, told
