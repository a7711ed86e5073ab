"""Strategies of Vietnamese text: reports put together from the grammar's pieces, and the ways in which pages spoil them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("TONGKET_TEST_FUZZ", "1"))
"""How many times as much is tried: `make fuzz` sets it."""


def tries(count: int) -> settings:
    """Settings of a test that tries `count` examples, the same each time; in the long form as many more, and new ones."""
    return settings(
        max_examples=count * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# --- Pieces

_PLACES = ["Cà Mau", "Vĩnh Long", "Thừa Thiên Huế", "TP. Hồ Chí Minh", "Đắk Lắk", "Bà Rịa - Vũng Tàu", "Hoà Bình", "Khánh Hòa"]  # fmt: skip
_HEADS = ["LĐLĐ tỉnh {}", "Liên đoàn Lao động tỉnh {}", "Công đoàn Viên chức tỉnh {}", "CĐCS Trường THPT {}", "Công đoàn Công ty Cổ phần May {}", "Cụm thi đua số 6, LĐLĐ tỉnh {}", "UBND tỉnh {}", "Sở Y tế {}"]  # fmt: skip
_PEOPLE = ["đồng chí Điểu Thị Lành", "ông Trần Văn Bưởi", "bà Thuý Hoà", "đ/c K’ Brơn"]
_NOUNS = ["đoàn viên", "công đoàn cơ sở", "lượt người", "suất quà", "căn nhà “Mái ấm Công đoàn”", "đồng", "triệu đồng", "%", "tập thể", "cá nhân", "sáng kiến", "cuộc", "đơn vị máu", "kg gạo", "m2"]  # fmt: skip
_VERBS = ["kết nạp", "thành lập", "vận động được", "trao", "hỗ trợ", "chi", "tổ chức", "đạt", "giảm còn", "phấn đấu đến cuối năm có"]  # fmt: skip
_LEFT = ["", "", "hơn ", "gần ", "trên dưới ", "khoảng ", "không dưới ", "ước đạt ", "hàng ", "từ 10 đến ", "mỗi suất "]  # fmt: skip
_RIGHT = ["", "", " (đạt 105,2%)", " (đạt 0,01% kế hoạch)", " (chiếm 20%)", ", tăng 12% so với cùng kỳ", ", bằng 9/10 chỉ tiêu", " trở lên", "/suất", ", trong đó có 3 nữ"]  # fmt: skip
_WORDS = ["mười lăm", "hai mươi mốt", "một nghìn không trăm linh năm", "hai tỷ rưỡi", "ba, bốn trăm", "hàng chục nghìn", "nửa triệu", "vài chục"]  # fmt: skip
_AWARDS = ["Bằng khen", "Giấy khen", "Cờ thi đua", "Huân chương Lao động hạng Ba", "danh hiệu “Lao động giỏi”", "5 giải Nhất (LĐLĐ huyện Đầm Dơi, CĐCS Sở Y tế)"]  # fmt: skip
_JOINTS = [" ", ", ", ". ", "; ", ": ", " và ", " (", ") ", " “", "” ", "\n", "\n\n", " – ", "…", "/", "", "\n- ", "\n1. ", "\t", "\r\n", "|"]  # fmt: skip


def _grouped(n: int, sign: str) -> str:
    return f"{n:,}".replace(",", sign)


_whole = st.integers(0, 10**12)
numbers = st.one_of(
    st.builds(_grouped, _whole, st.sampled_from([".", ",", " ", ""])),
    st.builds("{},{}".format, st.integers(0, 999), st.integers(0, 9999)),
    st.builds("{} {}".format, st.integers(0, 999), st.sampled_from(["tỷ", "triệu", "nghìn", "tỷ 5", "trăm"])),
    st.builds("{}/{}".format, st.integers(0, 99), st.integers(0, 99)),
    st.builds("{}-{}".format, st.integers(0, 99), st.integers(0, 99)),
    st.builds("{}{}".format, st.integers(10**18, 10**27 - 1), st.sampled_from(["", " tỷ", " tỷ tỷ", ",5%"])),
    st.sampled_from(_WORDS),
)
"""Numbers as reports write them, right and wrong: `1.234.567`, `12,5`, `3 tỷ 5`, `9/10`, in words."""

long_numbers = st.one_of(
    st.builds(lambda digit, count: digit * count, st.sampled_from("019"), st.integers(20, 6000)),
    st.builds(lambda group, count: "1" + group * count, st.sampled_from([".000", ",5", " 000"]), st.integers(9, 900)),
)  # fmt: skip
"""Runs of digits and groups that are longer than any number."""

dates = st.builds(
    lambda day, form, session: form.format(s=session, d=day.day, m=day.month, y=day.year),
    st.dates(),
    st.sampled_from(["{s} {d}/{m}/{y}", "{s} {d}/{m}", "ngày {d} tháng {m} năm {y}", "{s} {d}.{m}.{y}", "quý {m} năm {y}", "tháng {m}/{y}", "{y}-{m:02}-{d:02}", "năm học {y}-{m}", "từ {d} đến {m}/{y}", "nhiệm kỳ {y}-{y}", "{s} nay ({d}/{m})"]),
    st.sampled_from(["Sáng", "chiều", "ngày", "hôm", "Tối ngày"]),
)  # fmt: skip
"""Dates and periods, also of years that no newspaper tells."""

units = st.builds(str.format, st.sampled_from(_HEADS), st.sampled_from(_PLACES))
_figures = st.builds("{} {}{} {}{}".format, st.sampled_from(_VERBS), st.sampled_from(_LEFT), numbers, st.sampled_from(_NOUNS), st.sampled_from(_RIGHT))  # fmt: skip
_given = st.builds("{} tặng {} cho {} tập thể và {}".format, units, st.sampled_from(_AWARDS), numbers, st.sampled_from(_PEOPLE))  # fmt: skip
_held = st.builds("{}, {} tổ chức hội nghị {} hoạt động {}".format, dates, units, st.sampled_from(["tổng kết", "sơ kết", "triển khai"]), dates)  # fmt: skip
_sentences = st.one_of(
    _held,
    _given,
    st.builds("{} đã {}, {}".format, units, _figures, _figures),
    st.builds("Trong {}, các cấp công đoàn {}".format, dates, _figures),
    st.builds("{} phát biểu, đề ra mục tiêu {}".format, st.sampled_from(_PEOPLE), _figures),
)
reports = st.builds(
    lambda held, rest: "\n".join([held + ".", *(f"{line}." for line in rest)]), _held, st.lists(_sentences, max_size=5)
)  # fmt: skip
"""Sound reports: a conference held, and what it tells, a sentence a line."""

pieces = st.one_of(numbers, dates, units, _figures, st.sampled_from([*_AWARDS, *_PEOPLE, *_NOUNS, *_VERBS, *_PLACES]))  # fmt: skip
soup = st.lists(st.tuples(pieces, st.sampled_from(_JOINTS)), max_size=16).map(
    lambda parts: "".join(piece + joint for piece, joint in parts)
)
"""The same pieces, joined as nobody would."""

# --- What pages do to them

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OLD = {
    unicodedata.normalize("NFC", first + tone) + last: first + unicodedata.normalize("NFC", last + tone)
    for first, last in ("oa", "oe", "uy", "Oa", "Oe", "Uy")
    for tone in _TONES
}
_PLACED_NEW = re.compile(f"(?<!q)(?<!Q)(?:{'|'.join(_OLD)})(?!\\w)")


def old_tones(text: str) -> str:
    """`hòa`, `thủy` as `hoà`, `thuỷ`, where older spelling puts the tone.

    >>> old_tones("hòa thủy quý Khóa")
    'hoà thuỷ quý Khoá'
    """
    return _PLACED_NEW.sub(lambda m: _OLD[m[0]], text)


def decomposed(text: str) -> str:
    """Letters and their marks apart, as macOS writes file names."""
    return unicodedata.normalize("NFD", text)


def zero_widths(text: str) -> str:
    """Marks that nobody sees between all letters."""
    return "\u200b".join(text)


SAME: tuple[Callable[[str], str], ...] = (decomposed, zero_widths)
"""What changes nothing that a reader sees."""

_SPOILS: tuple[Callable[[str], str], ...] = (
    *SAME,
    old_tones,
    str.upper,
    str.casefold,
    str.swapcase,
    lambda text: "".join(text.split()),
    lambda text: text.replace(" ", "\n"),
    " ".join,
    lambda text: text.translate(str.maketrans("aeopcxAEOPCBHT0", "аеорсхАЕОРСВНТ٠")),  # look-alikes of other scripts
    lambda text: text.encode("utf-8", "replace").decode("latin-1"),
    lambda text: text.encode("utf-8", "replace").decode("cp1252", "replace"),
    lambda text: f"{'(' * 40}{text}{'”' * 40}",
    lambda text: re.sub(r"(\w+)", r"“(\1)”", text),
    lambda text: text[len(text) // 3 :],
    lambda text: "\ud83d" + text + "\udc00",
    lambda text: text.replace(" ", "\u00a0\u3000"),
    lambda text: text * 3,
)  # fmt: skip
_sound = st.one_of(reports, soup)
spoilt = st.builds(lambda text, spoil, again: again(spoil(text)), _sound, st.sampled_from(_SPOILS), st.sampled_from(_SPOILS))  # fmt: skip
"""Reports and soup, spoilt twice."""

texts = st.one_of(
    reports, soup, spoilt, st.builds("{} {} {}".format, soup, long_numbers, soup), st.text(max_size=80)
)
"""Everything that may come as a text."""

REPEATED = [" ", "\n", "a", "1", "(", "“", "1.", "1 ", "12/1-", "số 1.000.000 ", "hội nghị ", "Công đoàn ", "tặng Bằng khen cho ", "a\n", "Ảnh: "]  # fmt: skip
