"""Numbers that count nothing: parts of names, ordinals, documents, addresses, times, ages and lengths of time.

Judged by the words around alone, so that the grammar of quantities need not know what a name is.
"""

from __future__ import annotations

import re

from extractors.letters import LOWER, lowered
from extractors.numbers import NumberSpan

# Words before a number that make it part of a name, ordinal, address or document.
_NAMES = (
    r"số|số hiệu|thứ|lần thứ|hạng|loại|khóa|khoá|lớp|điều|khoản|điểm|mục|phần|chương|trang|bảng|hình|biểu|mẫu|kỳ họp thứ"
    r"|tổ|tổ dân phố|khu phố|ấp|thôn|đội|phường|quận|q\.|p\.|q\.|ngõ|ngách|hẻm|đường|quốc lộ|ql|tỉnh lộ|km|căn số|lô|tầng|phòng|toà|tòa"
    r"|nghị quyết|nghị định|thông tư|chỉ thị|kế hoạch|quyết định|công văn|hướng dẫn|quy định|kết luận|luật|văn bản|tờ trình|thông báo"
    r"|đồn|lữ đoàn|sư đoàn|trung đoàn|tiểu đoàn|quân đoàn|quân khu|vùng|binh đoàn|xưởng|phân xưởng|nhà máy|xí nghiệp|chi nhánh"
    r"|nhóm|top|covid|cov|zalo|tel|đt|điện thoại|hotline|fax|sđt|mã|bài|ban chỉ đạo|chương trình|đề án|dự án|cổng|bão số|cơn bão số"
    r"|bệnh viện|trường tiểu học|trường thcs|trường mầm non|mầm non|mẫu giáo|tiểu học|thcs|thpt|khóm|khu|xếp thứ|đứng thứ|vị trí thứ|công ty|cụm|cụm số|khối|phiên"
)
_ALWAYS_NAMES = r"số|thứ|lần thứ|hạng|khóa|khoá|điều|khoản|quốc lộ|ql|xếp thứ|đứng thứ|bão số|cụm số|quận|covid|số hiệu|lớp|đại hội|nghị quyết|nghị định|chỉ thị"
_TOTALS = r"tổng số|con số|với số|nâng số|tổng cộng"
_PROGRAMMES = r"phong trào|chiến dịch|cuộc vận động"
_CLUSTERS = r"cụm|khối"
_NAME_BEFORE = re.compile(rf"(?<!\w)(?:{_NAMES})\s*(?:số\s*|thứ\s*)?[:.]?\s*$")
_ALWAYS_NAME = re.compile(rf"(?<!\w)(?:{_ALWAYS_NAMES})\s*[-.:]?\s*$")
_TOTAL = re.compile(rf"(?:{_TOTALS})\s*:?\s*$")
_PROGRAMME = re.compile(rf"(?:{_PROGRAMMES})\s+(?:thi đua\s+)?$")
_CLUSTER_BEFORE = re.compile(rf"(?<!\w)(?:{_CLUSTERS})\s*$")
# The last words of all these: before most numbers stands none of them, which is told by one look, read backwards.
_LAST_WORDS = frozenset(
    phrase.rpartition(" ")[2].rstrip("\\.")
    for phrase in "|".join((_NAMES, _ALWAYS_NAMES, _TOTALS, _PROGRAMMES, _CLUSTERS, "thi đua")).split("|")
)
_BACKWARDS = re.compile(r"\W*(\w+)")
_DOCUMENT_AFTER = re.compile(
    r"\s?[-/–]?\s?(?:[A-ZĐ]{1,6}\s?[-–]\s?[A-ZĐ]|/?(?:NQ|QĐ|KH|CT|NĐ|TT|CV|HD|TB|KL|BC|TTr|QH)\b|/\d{4}/)"
)
_TIME_AFTER = re.compile(
    rf"\s?(?:h(?=\d|\b)|g(?=\d\d)|:\d\d|giờ(?!\s*(?:công|làm thêm|bay|lao động))|phút|giây)(?![{LOWER}])",
    re.IGNORECASE,
)
# What these two begin with, behind a blank or two.
_HEADS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZĐ-/–:hgp")
_ACRONYM_AFTER = re.compile(rf"[A-ZĐ](?![{LOWER}])(?!ĐV|Đ\b|V\b|M\b|K\b)")
_LENGTH_AFTER = re.compile(
    r"\s?(?:năm|tháng|ngày|tuần|quý|thế kỷ|thập kỷ|thập niên|tuổi|phút|tuần lễ|mùa|vụ mùa)(?!\w)(?!\s*(?:công|phép|lương))"
    r"|\s?(?:buổi tối|buổi sáng)(?!\w)",
    re.IGNORECASE,
)
_AGES = ("tuổi", "ngoài", "sinh năm", "sinh")
_AGE_BEFORE = re.compile(rf"(?<!\w)(?:{'|'.join(_AGES)})\s*$")


def is_name(text: str, number: NumberSpan, *, counts: bool = False) -> bool:
    """Whether the words around make the number part of a name, ordinal, document, address or time.

    `counts` says that a noun which reports count stands behind it: then `pháp luật 642 vụ` is no law's number.

    >>> from extractors.numbers import find_numbers
    >>> is_name("Cụm thi đua số 6", find_numbers("Cụm thi đua số 6")[0])
    True
    """
    before, after = text[max(0, number.start - 32) : number.start], text[number.end : number.end + 40]
    said = lowered(before)
    last = _BACKWARDS.match(said[::-1])
    named = last is None or last[1][::-1] in _LAST_WORDS
    if _in_programme(text, number, named=named):
        return True
    if after.lstrip()[:1] in _HEADS and (_DOCUMENT_AFTER.match(after) or _TIME_AFTER.match(after)):
        return True
    if after[:1].isupper() and not counts and _ACRONYM_AFTER.match(after):
        return True
    if after[:1] == "." and after[1:2].isdecimal():
        return True
    # `5.163 đoàn viên/5.190 CNVCLĐ` are two counts side by side.
    if (
        before.endswith(("-", "–", "/", ".", ":", "#", "("))
        and _SIGN_BEFORE.search(before)
        and not (counts and _COUNT_BEFORE.search(before))
        and not _COUNTED_AFTER.match(after)
    ):
        return True
    if "-" in before[-3:] and _CODE_BEFORE.search(said):
        return True
    if not named:
        return False
    if _CLUSTER_BEFORE.search(said) and _CENTRAL_AFTER.match(after):
        return True
    if _TOTAL.search(said):
        return False
    if _ALWAYS_NAME.search(said):
        # `tổng số 25 đơn vị`, `số: 15` count; `số 6` is a name.
        return True
    return not counts and _NAME_BEFORE.search(said) is not None


_SIGN_BEFORE = re.compile(r"[A-ZĐ][-–]$|\d[-/.:]$|/$|#$|\($")
_COUNT_BEFORE = re.compile(rf"(?:[{LOWER}]|ĐV|CĐ|CS)/$")
_COUNTED_AFTER = re.compile(rf"\s?(?:%|[{LOWER}])")
_CODE_BEFORE = re.compile(r"\b[a-zđ]{2,}-$|\bcovid\s?-\s?$")
_CENTRAL_AFTER = re.compile(r"\s*[^\W\d_]+ [^\W\d_]+ trực thuộc")


def is_length(text: str, number_start: int, end: int, *, counts: bool, scaled: bool) -> bool:
    """Whether a number counts time or age: `5 năm qua`, `hơn 3 tháng`, `79 tuổi`, `ngoài 40`.

    `counts` says that a counted noun stands behind it, `scaled` that a scale word is part of it.
    """
    if _LENGTH_AFTER.match(text, end) and not (scaled and counts):
        return True
    if counts:
        return False
    said = lowered(text[max(0, number_start - 10) : number_start])
    return said.rstrip().endswith(_AGES) and _AGE_BEFORE.search(said) is not None


_SPOKEN = re.compile(r"(?<!\w)(?:tôi|chúng tôi|mình|có|là|đã|được)(?!\w)")


# How far back a quotation is looked for; no line of an article is so long.
_LINE = 5000
_SPEAKS = re.compile(r":\s*$|(?:nói|cho biết|chia sẻ)[^.]{0,20}$")
_CLOSES = re.compile(r"[”»\"]")


def _in_programme(text: str, number: NumberSpan, *, named: bool) -> bool:
    """Whether a quotation that opened shortly before is still open: `“01 triệu sáng kiến …”` is a programme's name.

    `named` says that a word which ends names may stand before the number.
    """
    if named and _PROGRAMME.search(lowered(text[max(0, number.start - 60) : number.start])):
        return True
    near = text[max(0, number.start - 24) : number.start]
    if "“" not in near and '"' not in near and "«" not in near:
        return False
    left = text[max(text.rfind("\n", 0, number.start) + 1, number.start - _LINE) : number.start]
    if left.count("“") > left.count("”") or left.count("«") > left.count("»"):
        opened = max(left.rfind("“"), left.rfind("«"))
    elif left.count('"') % 2:
        opened = left.rfind('"')
    else:
        return False
    # A longer quotation, or one with words of speaking, is somebody's speech, and its numbers count.
    if len(left) - opened >= 25 or _SPOKEN.search(lowered(left[opened:])):
        return False
    end = text.find("\n", number.end, number.end + _LINE)
    closed = _CLOSES.search(text, number.end, end if end >= 0 else number.end + _LINE)
    if closed and closed.start() - number.end + len(left) - opened > 90:
        return False
    return not _SPEAKS.search(left[:opened])
