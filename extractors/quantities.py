"""Quantities: a number with its modifier on the left and what it counts on the right.

What is no quantity is left out here, by form alone: dates, ordinals, numbers in names and documents, times, ages and
lengths of time. Whether a quantity is a figure of the report is decided later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import NamedTuple

from extractors.counted_nouns import WordEnd, find_noun, free_noun, word_counts
from extractors.dates import DateSpan, find_dates
from extractors.letters import LOWER, UPPER, lowered_article
from extractors.modifiers import modifier_before
from extractors.number_names import is_length, is_name
from extractors.numbers import PRECISION, NumberSpan, find_numbers
from extractors.records import Modifier, UnitCode

_ONE = Decimal(1)


class Quantity(NamedTuple):
    """`value` (and `value_max` of a range, `of` of a fraction) in units of `unit`; `offsets` span the words from the
    modifier to the counted noun, `number` those of the number alone."""

    value: Decimal
    value_max: Decimal | None
    unit: UnitCode
    modifier: Modifier
    offsets: tuple[int, int]
    unit_text: str
    number: tuple[int, int]
    of: Decimal | None = None
    per: bool = False
    """A price or wage each: `500.000 đồng/suất`, `mỗi suất 500.000 đồng`."""
    rule: str = ""


_FROM = re.compile(r"(?<!\w)từ\s*$", re.IGNORECASE)
_UPWARD = re.compile(
    r"\s*(?:/[\w/]+\s*)?(?:trở lên|trở đi)(?!\w)|\s+(?:[\w]+\s+){0,4}?trở lên(?!\w)", re.IGNORECASE
)
_DOWNWARD = re.compile(r"\s+(?:[\w]+\s+){0,4}?trở xuống(?!\w)", re.IGNORECASE)
_UNIT_TOLD = re.compile(r" ?(?:%|đồng|đ|triệu đồng|tỷ đồng|VNĐ)(?= )")
# How what stands between two numbers ends where they are a range, a fraction or neighbouring digits.
_JOINTS = ("-", "–", "—", "/", ",", "đến", "tới", "trên", "trong")
_RANGE = re.compile(r"\s?[-–—]\s?|\s+(?:đến|tới)\s+")

# --- A price or wage each is no sum.

_EACH_AFTER = re.compile(
    r"\s?(?:/\s?|(?:cho )?(?:mỗi|một|từng)\s+|mỗi\s)(?:người|thuyền viên|chị|anh|thầy cô|suất|phần|căn|nhà|tháng|lao động|đoàn viên|giáo viên|trường hợp|hộ|em|cháu|vé|giờ|ngày|sinh viên|ĐV|nữ|hồ sơ|bài|túi|cuốn|kg|lượt|ca|công nhân|công|gia đình|ngôi nhà|cá nhân|tập thể|đơn vị|xe|phòng|chuyến|học sinh|kỳ|đợt)"
)
_EACH_BEFORE = re.compile(
    r"(?<!\w)(?:mỗi|một|từng)\s+(?:chị|anh|chị em|suất|phần|phần quà|suất quà|căn|căn nhà|nhà|người|trường hợp|em|cháu|gia đình|hộ|đơn vị|túi|vé|mái ấm|ngôi nhà"
    r"|học bổng|suất học bổng|giải|lao động|công nhân|đoàn viên|cá nhân|tập thể|giáo viên|món quà|túi quà|sổ|sổ tiết kiệm|xe)"
    r"(?:\s+(?:quà|nhà|học bổng|mái ấm))?(?:\s+(?:trị giá|có giá trị|được|là|gồm|hỗ trợ|nhận|giá|tặng|trị|giá trị|với|số tiền|có|tiền mặt))*"
    r"[\s:,]*(?:hơn|trên|gần|khoảng)?\s*$"
)


_MONEY_ENDS = re.compile(r"\s*(?:$|[.,;)/]|(?:mỗi|một|cho|để|từ|của|và|trở|so|đến|tiền)(?!\w))")


def find_quantities(
    text: str,
    *,
    dates: Sequence[DateSpan] | None = None,
    numbers: Sequence[NumberSpan] | None = None,
    word_end: WordEnd | None = None,
) -> list[Quantity]:
    """All quantities of `text`, left to right.

    `dates` are the date spans to leave out and `numbers` those of the text (each found anew if None); `word_end` gives
    the extent of nouns that the lexicon lacks.

    >>> [(str(q.value), q.unit, q.modifier) for q in find_quantities("gần 500 lượt, với trên 240 triệu đồng")]
    [('500', 'turn', 'nearly'), ('240000000', 'vnd', 'more_than')]
    """
    masked = bytearray(len(text))
    for d in find_dates(text) if dates is None else dates:
        masked[d.offsets[0] : d.offsets[1]] = b"\x01" * (d.offsets[1] - d.offsets[0])
    known = find_numbers(text) if numbers is None else numbers
    numbers = [n for n in known if masked.find(1, n.start, n.end) < 0]
    found: list[Quantity] = []
    if not numbers:
        return found
    low = lowered_article(text)
    bounded = "trở " in low and any(words in low for words in ("trở lên", "trở đi", "trở xuống"))
    i = 0
    with localcontext(prec=PRECISION):
        while i < len(numbers):
            number = numbers[i]
            upper, whole = _joined(text, number, numbers[i + 1]) if i + 1 < len(numbers) else (None, None)
            made = _quantity(text, low, number, upper, whole, word_end, bounded=bounded)
            if made is None and found and not (upper or whole):
                made = _elided(text, number, found[-1])
            if made is not None:
                found.append(made)
            i += 2 if upper or whole else 1
    return found


def _joined(text: str, low: NumberSpan, high: NumberSpan) -> tuple[NumberSpan | None, NumberSpan | None]:
    """(upper bound, whole): what the next number is to this one, if they are a range or a fraction."""
    joint = text[low.end : high.start]
    if not joint.rstrip().endswith(_JOINTS):
        return None, None
    if joint in {"/", " / ", "/ "} and low.kind == high.kind == "digits":
        return None, high
    if (
        joint in {" trên ", " trong "}
        and low.kind == high.kind == "digits"
        and low.value <= high.value
        and not high.scaled
    ):
        # `45 trên 48 đầu việc`
        return None, high
    if joint == ", " and low.kind == high.kind == "words" and not low.scaled:
        # `ba, bốn trăm người`: neighbouring digits, the scale told once.
        scale = high.value / (low.value + 1)
        return (
            (high._replace(scale=int(scale)), None)
            if low.value < 9 and scale in {10, 100, 1000, 10**6}
            else (None, None)
        )
    # `từ 5% đến 10%`, `500.000 đồng - 1.000.000 đồng`: the unit may be told twice.
    unit = (
        _UNIT_TOLD.match(joint)
        if _FROM.search(text[max(0, low.start - 5) : low.start]) or "%" in joint
        else None
    )
    if not _RANGE.fullmatch(joint[unit.end() :] if unit else joint):
        return None, None
    value = low.value * high.scale if not low.scaled else low.value
    if value >= high.value:
        return None, None
    if joint.strip() in {"-", "–", "—"}:
        return (high, None) if low.kind == high.kind == "digits" else (None, None)
    return (
        (high, None)
        if _FROM.search(text[max(0, low.start - 5) : low.start]) or low.kind == high.kind
        else (None, None)
    )


def _quantity(
    text: str,
    low: str,
    number: NumberSpan,
    upper: NumberSpan | None,
    whole: NumberSpan | None,
    word_end: WordEnd | None,
    *,
    bounded: bool,
) -> Quantity | None:
    """The quantity of a number; `low` is the text in small letters, `bounded` says that a `trở lên` or the like stands in the text."""
    last = upper or whole or number
    noun = find_noun(text, last.end)
    counted = noun is not None and noun[0] in {"vnd", "percent", "usd"}
    if whole is not None:
        # `24/24 giờ` is round the clock.
        if noun is None or counted or noun[0] == "hour":
            return None
        if whole.value < number.value or number.value != int(number.value):
            whole = None
    if number.kind == "words" and not number.scaled and not word_counts(text, number, noun):
        return None
    # Whether there is a noun at all is asked first, and where it ends last: the one tells most, the other is dear.
    found = noun or _unlisted(text, number, last, None)
    if (
        found is None
        or is_length(text, number.start, last.end, counts=noun is not None, scaled=number.scaled)
        or (not counted and is_name(text, number, counts=noun is not None))
    ):
        return None
    if noun is None and found[0] == "other":
        found = _unlisted(text, number, last, word_end) or found
    unit, end = found
    if number.value == 0 and unit == "vnd":
        # `phiên chợ 0 đồng` is free of charge.
        return None
    modifier, start = modifier_before(low, number.start)
    if number.start and text[number.start - 1] == "$":
        start -= 1
    unit_text = text[last.end : end].strip()
    if number.kind == "vague":
        modifier = "order_of"
    if bounded and (upward := _UPWARD.match(text, end)) is not None:
        modifier, start = "at_least", _from(text, number.start, start)
        end = upward.end()
    elif bounded and _DOWNWARD.match(text, end):
        modifier = "at_most"
    elif upper is not None:
        start = _from(text, number.start, start)
    # `từ 10 đến 15 triệu`: one scale for both bounds.
    value = number.value * upper.scale if upper is not None and not number.scaled else number.value
    return Quantity(
        value=value.normalize() if value != value.to_integral() else value.quantize(_ONE),
        value_max=upper.value if upper else None,
        unit=unit,
        modifier=modifier,
        offsets=(start, end),
        unit_text=unit_text,
        number=(number.start, last.end),
        of=whole.value if whole else None,
        per=unit in {"vnd", "usd"} and _each(text, low, start, end),
        rule=f"quantity.{number.kind}.{'noun' if noun else 'free'}",
    )


def _each(text: str, low: str, start: int, end: int) -> bool:
    """Whether money is told for each of some: `500.000 đồng/suất`, `mỗi suất 500.000 đồng`."""
    if _EACH_AFTER.match(text, end):
        return True
    left = low[max(0, start - 70) : start]
    return any(word in left for word in ("mỗi", "một", "từng")) and _EACH_BEFORE.search(left) is not None


_SIGN = re.compile(r" ?(₫|\$)")


def _unlisted(
    text: str, number: NumberSpan, last: NumberSpan, word_end: WordEnd | None
) -> tuple[UnitCode, int] | None:
    """Unit and end of a number whose noun the lexicon lacks: money by its sign or scale, else a noun of its own."""
    if number.start and text[number.start - 1] == "$":
        return "usd", last.end
    if sign := _SIGN.match(text, last.end):
        return ("vnd" if sign[1] == "₫" else "usd"), sign.end()
    if text[last.end - 1] in "kK" and last.kind == "digits":
        return "vnd", last.end
    said = text[number.start : last.end]
    if number.scaled and last.value >= 100_000 and (number.kind != "vague" or "tỷ" in said):
        # `thưởng 2 triệu`, `hàng tỷ`: money with its đồng left out, unless something else is counted.
        money = _MONEY_ENDS.match(text, last.end) or said.endswith(("tỷ", "tỉ"))
        free = None if money else free_noun(text, last.end, word_end)
        return ("other", free) if free else ("vnd", last.end)
    labelled = _labelled(text, number, last)
    if labelled is not None:
        return labelled, last.end
    looks_like_year = (
        number.kind == "digits" and 1900 <= number.value <= 2100 and number.end - number.start == 4
    )
    free = None if looks_like_year else free_noun(text, last.end, word_end)
    return ("other", free) if free is not None else None


_PART = re.compile(r"[^.;\d]{0,30}[,;(](?: và)?\s?[^.,;\d]{2,50}\s|\s(?:và|,)\s[^.,;\d]{2,50}\s")
# No longer words match `_PART`.
_FURTHEST_PART = 90
_PART_ENDS = re.compile(r"\s*(?:[,;.)]|và\s)")
_LISTED = re.compile(r"trong đó|gồm|\(")
_NAMED = re.compile(rf"[{UPPER}][{LOWER}]+\s$")


def _elided(text: str, number: NumberSpan, head: Quantity) -> Quantity | None:
    """A part whose noun its whole has told: `819 sáng kiến, trong đó mầm non 203, tiểu học 268`."""
    if number.kind != "digits" or number.scaled or head.unit in {"percent", "vnd"}:
        return None
    if number.start - head.number[1] > _FURTHEST_PART or not _PART_ENDS.match(
        text, number.end, number.end + 4
    ):
        return None
    between = text[head.number[1] : number.start]
    if "\n" in between or number.value > head.value * 2 + 10 or not _PART.fullmatch(between):
        return None
    sentence = text[
        max(text.rfind(". ", 0, number.start), text.rfind("\n", 0, number.start)) + 1 : number.start
    ]
    # `(Toán 1, Toán 2)`: a capital before the number makes a name of both; `THPT 151` is a kind of school.
    if not _LISTED.search(sentence) or _NAMED.search(between) or is_name(text, number, counts=True):
        return None
    return head._replace(
        value=number.value, value_max=None, of=None, modifier="exact", offsets=(number.start, number.end), unit_text="",
        number=(number.start, number.end), rule="quantity.digits.elided",
    )  # fmt: skip


# `Kết nạp đoàn viên: 512; thành lập CĐCS: 9`: in a list the act is told before the colon.
_COLON = re.compile(
    r"(?:^|[;.\n]|[-+•]\s)\s*(?P<noun>(?:kết nạp|phát triển|thành lập|giới thiệu|xây dựng|tổ chức|hỗ trợ|thăm)[^.;:\d\n]{2,60}):\s*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?<!\w)(?:tổng )?số\s+(?P<noun>[^.;:\d\n]{2,60}?)\s*(?:là|:|đạt|còn)\s*(?:trên|hơn|gần|khoảng)?\s*$",
    re.IGNORECASE,
)


_ENDS_THERE = re.compile(r"\s*(?:$|[.,;()\n])")


def _labelled(text: str, number: NumberSpan, last: NumberSpan) -> UnitCode | None:
    """The unit of a number whose noun stands before it: `Số CĐCS thành lập mới: 11`, `số cuộc đối thoại là 2`."""
    if not _ENDS_THERE.match(text[last.end : last.end + 3]):
        return None
    left = text[max(0, number.start - 90) : number.start]
    m = _LABEL.search(left) or _COLON.search(left)
    if m is None:
        return None
    nouns = (find_noun(m["noun"], word.start()) for word in re.finditer(r"(?<!\w)\w", m["noun"]))
    return next((n[0] for n in nouns if n is not None), None)


def _from(text: str, number_start: int, start: int) -> int:
    m = _FROM.search(text[max(0, number_start - 6) : number_start])
    return number_start - len(m.group()) if m else start
