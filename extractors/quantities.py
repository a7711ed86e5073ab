"""Quantities: a number with its modifier on the left and what it counts on the right.

What is no quantity is left out here, by form alone: dates, ordinals, numbers in names and documents, times, ages and
lengths of time. Whether a quantity is a figure of the report is decided later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from extractors.dates import DateSpan, find_dates
from extractors.letters import LOWER
from extractors.lexicon.tables import load
from extractors.numbers import NumberSpan, english_separators, find_numbers
from extractors.records import Modifier, UnitCode

_BLANK = r"[ \n]{0,2}"


@dataclass(frozen=True, slots=True)
class Quantity:
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


# --- Modifiers. Longer cues first; each stands right before the number, or behind its noun.

_MODIFIERS: tuple[tuple[Modifier, str], ...] = (
    ("at_least", r"ít nhất(?: là)?|tối thiểu(?: là)?|không dưới|không ít hơn|không thấp hơn|chí ít|thấp nhất(?: là)?"),
    ("about", r"trên dưới|khoảng(?: chừng)?|chừng|ước(?: tính)?(?: đạt)?(?: khoảng| là)?|tầm|độ chừng|vào khoảng|trung bình khoảng|khoảng gần"),
    ("at_most", r"không quá|tối đa(?: là)?|nhiều nhất(?: là)?|không hơn|không vượt quá|dưới|cao nhất(?: là)?|chưa quá|chưa đến|chưa tới|chưa đầy"),
    ("nearly", r"gần|xấp xỉ|ngót(?: nghét)?|suýt soát|sắp|gần đạt|non"),
    ("more_than", r"hơn|trên|quá"),
)  # fmt: skip
_LEFT = [(m, re.compile(rf"(?<!\w)(?P<x>{p}){_BLANK}$", re.IGNORECASE)) for m, p in _MODIFIERS]
_FROM = re.compile(r"(?<!\w)từ\s*$", re.IGNORECASE)
_UPWARD = re.compile(
    r"\s*(?:/[\w/]+\s*)?(?:trở lên|trở đi)(?!\w)|\s+(?:[\w]+\s+){0,4}?trở lên(?!\w)", re.IGNORECASE
)
_DOWNWARD = re.compile(r"\s+(?:[\w]+\s+){0,4}?trở xuống(?!\w)", re.IGNORECASE)
_RANGE = re.compile(r"\s?[-–—]\s?|\s+(?:đến|tới)\s+")

# --- What makes a number part of a name, ordinal, address or document, by the words before it. The first group holds
# kinds that are always names when a number follows; letters' case matters for the second.

_NAME_BEFORE = re.compile(
    r"(?<!\w)(?:số|số hiệu|thứ|lần thứ|hạng|loại|khóa|khoá|lớp|điều|khoản|điểm|mục|phần|chương|trang|bảng|hình|biểu|mẫu|kỳ họp thứ"
    r"|tổ|tổ dân phố|khu phố|ấp|thôn|đội|phường|quận|Q\.|P\.|q\.|ngõ|ngách|hẻm|đường|quốc lộ|QL|tỉnh lộ|km|căn số|lô|tầng|phòng|toà|tòa"
    r"|nghị quyết|nghị định|thông tư|chỉ thị|kế hoạch|quyết định|công văn|hướng dẫn|quy định|kết luận|luật|văn bản|tờ trình|thông báo"
    r"|đồn|lữ đoàn|sư đoàn|trung đoàn|tiểu đoàn|quân đoàn|quân khu|vùng|binh đoàn|xưởng|phân xưởng|nhà máy|xí nghiệp|chi nhánh"
    r"|nhóm|top|covid|cov|zalo|tel|đt|điện thoại|hotline|fax|sđt|mã|bài|ban chỉ đạo|chương trình|đề án|dự án|cổng|bão số|cơn bão số"
    r"|bệnh viện|trường tiểu học|trường thcs|trường mầm non|mầm non|mẫu giáo|tiểu học|thcs|thpt|khóm|khu|xếp thứ|đứng thứ|vị trí thứ|công ty|cụm|cụm số|khối|phiên)"
    r"\s*(?:số\s*|thứ\s*)?[:.]?\s*$",
    re.IGNORECASE,
)
# Of these a number may also be counted: `hỗ trợ phần 5 suất` is rare, `đại hội 12 đại biểu` is not a name.
_COUNTABLE_AFTER = re.compile(
    r"\s*(?:[\w/]+\s+)?(?:%|đồng|đ\b|VNĐ|triệu|tỷ|tỉ|nghìn|ngàn|người|đoàn viên|đơn vị|CĐCS|tập thể|cá nhân|suất|lượt|căn|cuộc|buổi|chỉ tiêu"
    r"|sáng kiến|đại biểu|CNVCLĐ|công đoàn|doanh nghiệp|đồng chí|cán bộ|công nhân|nhiệm vụ|phần quà|ủy viên|uỷ viên)",
    re.IGNORECASE,
)
_ALWAYS_NAME = re.compile(
    r"(?<!\w)(?:số|thứ|lần thứ|hạng|khóa|khoá|điều|khoản|quốc lộ|QL|xếp thứ|đứng thứ|bão số|cụm số|quận|covid|số hiệu|lớp|đại hội|nghị quyết|nghị định|chỉ thị)\s*[-.:]?\s*$",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(r"(?:tổng số|con số|một số|số tiền|có số|số)\s*:?\s*$", re.IGNORECASE)
_TOTAL = re.compile(r"(?:tổng số|con số|với số|nâng số|tổng cộng)\s*:?\s*$", re.IGNORECASE)
_DOCUMENT_AFTER = re.compile(
    r"\s?[-/–]?\s?(?:[A-ZĐ]{1,6}\s?[-–]\s?[A-ZĐ]|/?(?:NQ|QĐ|KH|CT|NĐ|TT|CV|HD|TB|KL|BC|TTr|QH)\b|/\d{4}/)"
)
_TIME_AFTER = re.compile(
    rf"\s?(?:h(?=\d|\b)|g(?=\d\d)|:\d\d|giờ(?!\s*(?:công|làm thêm|bay|lao động))|phút|giây)(?![{LOWER}])",
    re.IGNORECASE,
)
_ACRONYM_AFTER = re.compile(rf"[A-ZĐ](?![{LOWER}])(?!ĐV|Đ\b|V\b|M\b|K\b)")
_LENGTH_AFTER = re.compile(
    r"\s?(?:năm|tháng|ngày|tuần|quý|thế kỷ|thập kỷ|thập niên|tuổi|phút|tuần lễ|mùa|vụ mùa)(?!\w)(?!\s*(?:công|phép|lương))"
    r"|\s?(?:buổi tối|buổi sáng)(?!\w)",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(r"(?<!\w)(?:tuổi|ngoài|sinh năm|sinh)\s*$", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:^|\n)[ \t]*[-+•*]?[ \t]*$|[;:.]\s*$")
_PER_AFTER = re.compile(
    r"\s?(?:/\s?|(?:mỗi|một|từng)\s+|mỗi\s)(?:người|suất|phần|căn|nhà|tháng|lao động|đoàn viên|giáo viên|trường hợp|hộ|em|cháu|vé|năm|giờ|ngày|sinh viên|ĐV|nữ|hồ sơ|bài|túi|cuốn|kg|lượt|ca|công nhân|công|gia đình|ngôi nhà|cá nhân|tập thể|đơn vị|xe|phòng|chuyến|học sinh|kỳ|đợt)"
)
_PER_BEFORE = re.compile(
    r"(?<!\w)(?:mỗi|một)\s+(?:suất|phần|phần quà|suất quà|căn|căn nhà|nhà|người|trường hợp|em|cháu|gia đình|hộ|đơn vị|túi|vé|mái ấm|ngôi nhà"
    r"|học bổng|suất học bổng|giải|lao động|công nhân|đoàn viên|cá nhân|tập thể|giáo viên|món quà|túi quà|sổ|sổ tiết kiệm|xe)"
    r"(?:\s+(?:quà|nhà|học bổng|mái ấm))?(?:\s+(?:trị giá|có giá trị|được|là|gồm|hỗ trợ|nhận|giá|tặng|trị|giá trị|với|số tiền|có|tiền mặt))*"
    r"[\s:,]*(?:hơn|trên|gần|khoảng)?\s*$",
    re.IGNORECASE,
)

_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|%")
# Words that cannot be the head of what is counted: behind a bare number they end the reading.
_NO_NOUN = frozenset(
    [
        "và",
        "hoặc",
        "của",
        "cho",
        "với",
        "tại",
        "ở",
        "trong",
        "trên",
        "dưới",
        "từ",
        "đến",
        "là",
        "được",
        "bị",
        "đã",
        "đang",
        "sẽ",
        "thì",
        "mà",
        "nên",
        "do",
        "bởi",
        "vì",
        "để",
        "khi",
        "nếu",
        "như",
        "theo",
        "về",
        "ra",
        "vào",
        "này",
        "kia",
        "đó",
        "ấy",
        "nay",
        "năm",
        "tháng",
        "ngày",
        "tuần",
        "quý",
        "giờ",
        "phút",
        "tuổi",
        "cũng",
        "còn",
        "vẫn",
        "chỉ",
        "rất",
        "hay",
        "đạt",
        "chiếm",
        "tăng",
        "giảm",
        "so",
        "nhằm",
        "nhất",
        "lần",
        "trở",
        "hơn",
        "đầu",
        "cuối",
        "giữa",
        "tới",
        "qua",
        "sau",
        "trước",
        "bằng",
        "tính",
        "có",
        "không",
        "chưa",
        "các",
        "những",
        "một",
    ]
)


@cache
def _nouns() -> tuple[dict[str, UnitCode], int]:
    """Lower-case noun phrase → unit code, and the longest phrase in words."""
    table: dict[str, UnitCode] = {}
    for row in load("nouns"):
        for noun in row["nouns"].split("|"):
            table[" ".join(re.findall(r"[^\W_]+|%|\$|/", noun.lower()))] = row["unit"]  # type: ignore[assignment]
    return table, max(len(n.split()) for n in table)


_PIECE = re.compile(r"[^\W\d_]+|%|\$|/")


def _noun(text: str, at: int) -> tuple[UnitCode, int] | None:
    """(unit code, end offset) of the longest lexicon noun that starts at `at` or behind one blank."""
    table, longest = _nouns()
    pieces: list[str] = []
    best: tuple[UnitCode, int] | None = None
    position = at
    for m in _PIECE.finditer(text, at, min(len(text), at + 60)):
        gap = text[position : m.start()]
        if gap not in {"", " ", "  ", "\n", ", ", "-", " - "} or (gap.startswith(",") and not pieces):
            break
        pieces.append(m.group().lower())
        if len(pieces) > longest:
            break
        code = table.get(" ".join(pieces))
        if code is not None and not (code in {"vnd", "usd"} and m.group() in {"Đ"}):
            best = (code, m.end())
        position = m.end()
    return best


def _unknown_noun(text: str, at: int, token_ends: Sequence[int] | None) -> int | None:
    """End offset of an unlisted counted noun: the token behind the number where tokens are known, else two words."""
    m = _WORD.match(text, at) or _WORD.match(text, at + 1 if text[at : at + 1] in {" ", "\n"} else at)
    if m is None or m.group().lower() in _NO_NOUN or m.group()[0].isupper():
        return None
    if token_ends is not None:
        i = bisect_right(token_ends, m.start())
        if i < len(token_ends) and token_ends[i] >= m.end():
            return token_ends[i]
    second = _WORD.match(text, m.end() + 1) if text[m.end() : m.end() + 1] == " " else None
    if second and second.group().lower() not in _NO_NOUN and second.group().islower():
        return second.end()
    return m.end()


def _modifier(text: str, start: int) -> tuple[Modifier, int]:
    """The modifier before `start` and where it begins; `exact` and `start` itself where there is none."""
    left = text[max(0, start - 24) : start]
    for code, pattern in _LEFT:
        m = pattern.search(left)
        if m:
            return code, start - len(left) + m.start("x")
    return "exact", start


def _is_name(text: str, number: NumberSpan, noun_end: int | None) -> bool:
    """Whether the words around make the number part of a name, ordinal, document, address or time."""
    before, after = text[max(0, number.start - 32) : number.start], text[number.end : number.end + 40]
    if _DOCUMENT_AFTER.match(after) or _TIME_AFTER.match(after):
        return True
    if after[:1].isupper() and _ACRONYM_AFTER.match(after):
        return True
    if after[:2] == ".0" or re.match(r"\.\d", after):
        return True
    if re.search(r"[A-ZĐ][-–]$|\d[-/.:]$|/$|#$|\($", before) and not re.match(rf"\s?(?:%|[{LOWER}])", after):
        return True
    if re.search(r"\b[A-ZĐ]{2,}-$|\bCOVID\s?-\s?$", before, re.IGNORECASE):
        return True
    if _TOTAL.search(before):
        return False
    if _ALWAYS_NAME.search(before):
        # `tổng số 25 đơn vị`, `số: 15` count; `số 6` is a name.
        return True
    if _NAME_BEFORE.search(before):
        return not _COUNTABLE_AFTER.match(after)
    return False


def find_quantities(
    text: str, *, dates: Sequence[DateSpan] | None = None, token_ends: Sequence[int] | None = None
) -> list[Quantity]:
    """All quantities of `text`, left to right.

    `dates` are the date spans to leave out (found anew if None); `token_ends`, the end offsets of word tokens, give the
    extent of nouns that the lexicon lacks.

    >>> [(str(q.value), q.unit, q.modifier) for q in find_quantities("gần 500 lượt, với trên 240 triệu đồng")]
    [('500', 'turn', 'nearly'), ('240000000', 'vnd', 'more_than')]
    """
    masked = bytearray(len(text))
    for d in find_dates(text) if dates is None else dates:
        masked[d.offsets[0] : d.offsets[1]] = b"\x01" * (d.offsets[1] - d.offsets[0])
    numbers = [
        n for n in find_numbers(text, english=english_separators(text)) if not any(masked[n.start : n.end])
    ]
    found: list[Quantity] = []
    i = 0
    while i < len(numbers):
        number, upper, whole, used = numbers[i], None, None, 1
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        if following is not None:
            joint = text[number.end : following.start]
            if joint in {"/", " / ", "/ "} and number.kind == "digits" and following.kind == "digits":
                whole, used = following, 2
            elif _RANGE.fullmatch(joint) and _is_range(text, number, following, joint):
                upper, used = following, 2
        found_one = _quantity(text, number, upper, whole, token_ends)
        if found_one is not None:
            found.append(found_one)
        i += used
    return _percent_pairs(found)


def _is_range(text: str, low: NumberSpan, high: NumberSpan, joint: str) -> bool:
    value = low.value * high.scale if not low.scaled else low.value
    if joint.strip() in {"-", "–", "—"}:
        return value < high.value and low.kind == "digits" == high.kind
    from_cue = _FROM.search(text[max(0, low.start - 5) : low.start]) is not None
    return value < high.value and (from_cue or low.kind == high.kind)


def _quantity(
    text: str,
    number: NumberSpan,
    upper: NumberSpan | None,
    whole: NumberSpan | None,
    token_ends: Sequence[int] | None,
) -> Quantity | None:
    last = upper or whole or number
    noun = _noun(text, last.end)
    if noun is None and last.end < len(text) and text[last.end] in "(" + "“\"'":
        noun = None
    value, value_max = number.value, upper.value if upper else None
    if upper is not None and not number.scaled and upper.scaled:
        # `từ 10 đến 15 triệu`: one scale for both bounds.
        value = number.value * upper.scale
    after = text[last.end : last.end + 40]
    if _LENGTH_AFTER.match(after) and not (number.scaled and noun):
        return None
    if whole is not None and (
        whole.value < number.value or number.value != int(number.value) or noun is None
    ):
        if noun is None or noun[0] in {"vnd", "percent"}:
            return None
        whole = None
    if _is_name(text, number, noun[1] if noun else None) and not (noun and noun[0] in {"vnd", "percent"}):
        return None
    if _AGE_BEFORE.search(text[max(0, number.start - 10) : number.start]) and noun is None:
        return None
    words = number.kind == "words" and not number.scaled
    if words and not _words_count(text, number, noun):
        return None
    unit: UnitCode
    if noun is not None:
        unit, end = noun
        if (
            unit == "vnd"
            and text[last.end : end].strip().lower() in {"đ"}
            and not text[end : end + 1].isalpha()
        ):
            pass
    elif (
        number.scaled
        and last.value >= 100_000
        and (number.kind != "vague" or "tỷ" in text[number.start : last.end])
    ):
        # `thưởng 2 triệu`, `hàng tỷ`: money with its đồng left out, unless something else is counted.
        named = _unknown_noun(text, last.end, token_ends)
        unit, end = ("other", named) if named and not _MONEY_GOES_ON.match(after) else ("vnd", last.end)
    else:
        named = _unknown_noun(text, last.end, token_ends)
        if named is None or (number.kind == "digits" and _looks_like_year(number, text)):
            return None
        unit, end = "other", named
    modifier, start = _modifier(text, number.start)
    unit_text = text[last.end : end].strip()
    if number.kind == "vague":
        modifier = "order_of"
    tail = text[end : end + 40]
    if _UPWARD.match(tail):
        modifier = "at_least"
        start = _from_start(text, number.start, start)
        end += _UPWARD.match(tail).end()  # type: ignore[union-attr]
    elif _DOWNWARD.match(tail):
        modifier = "at_most"
    elif upper is not None:
        start = _from_start(text, number.start, start)
    per = unit == "vnd" and bool(
        _PER_AFTER.match(tail) or _PER_BEFORE.search(text[max(0, start - 70) : start])
    )
    return Quantity(
        value.normalize() if value != value.to_integral() else value.quantize(Decimal(1)),
        value_max,
        unit,
        modifier,
        (start, end),
        unit_text,
        (number.start, last.end),
        whole.value if whole else None,
        per,
        f"quantity.{number.kind}.{'noun' if noun else 'free'}",
    )


_MONEY_GOES_ON = re.compile(r"\s*(?:$|[.,;)/]|(?:mỗi|một|cho|để|từ|của|và|trở|so|đến|tiền)(?!\w))")


def _from_start(text: str, number_start: int, start: int) -> int:
    m = _FROM.search(text[max(0, number_start - 6) : number_start])
    return number_start - len(m.group()) if m else start


def _looks_like_year(number: NumberSpan, text: str) -> bool:
    return 1900 <= number.value <= 2100 and number.end - number.start == 4


# A bare digit word counts only before a noun that reports count, and not where it is an article, a name or a relation.
_WORD_NOUNS = frozenset({"organisation", "person", "turn", "session", "initiative", "house", "gift", "task", "target",
    "document", "place", "case", "project", "blood_unit"})  # fmt: skip
_NOT_COUNTED = re.compile(
    r"\s*(?:bên|bà mẹ|mẹ con|con đường|đầu|chân|tay|mặt|nơi|miền|vợ chồng|anh em nhà|chị em|ban|nước)(?!\w)",
    re.IGNORECASE,
)
_ORDINAL_BEFORE = re.compile(
    r"(?<!\w)(?:thứ|tháng|quý|hạng|lớp|ngày|mùng|mồng|giải|loại|khóa|khoá|lần|năm|tổ|đội|đầu|riêng|cấp|số|người|công|chủ|ông|bà|anh|chị|Út|cô|bên)\s*$",
    re.IGNORECASE,
)


def _words_count(text: str, number: NumberSpan, noun: tuple[UnitCode, int] | None) -> bool:
    surface = text[number.start : number.end]
    before = text[max(0, number.start - 12) : number.start]
    if surface.lower() in {"một", "không"} or " " not in surface.strip():
        if surface.lower() in {"một", "không", "mốt", "tư"}:
            return False
        if noun is None or (noun[0] not in _WORD_NOUNS and noun[0] != "percent"):
            # Unlisted nouns count with a digit word only where the word can be nothing else.
            return surface.lower() in {"năm"} and bool(
                re.match(r"\s+(?:tiêu chí|nội dung|nhóm|bước|điều)", text[number.end :])
            )
        if _NOT_COUNTED.match(text[number.end :]) or _ORDINAL_BEFORE.search(before):
            return False
        # Inside a name the digit word has a capital: `Ba Đình`, `Năm Căn`; at the start of a sentence it may count.
        return (
            not surface[0].isupper()
            or not before.strip()
            or before.rstrip()[-1] in ".!?:;–-•\n"
            or "\n" in before[-2:]
        )
    if surface.lower().startswith("năm ") and noun is None:
        return False
    return noun is not None or number.value >= 20


def _percent_pairs(quantities: list[Quantity]) -> list[Quantity]:
    """Of a fraction with an impossible whole (`5/3`), only the first number is kept; percentages over 100000 drop."""
    return [
        replace(q, of=None) if q.of is not None and q.of < q.value else q
        for q in quantities
        if q.unit != "percent" or q.value < 100000
    ]
