"""Numbers that count nothing: parts of names, ordinals, documents, addresses, times, ages and lengths of time.

Judged by the words around alone, so that the grammar of quantities need not know what a name is.
"""

from __future__ import annotations

import re

from extractors.letters import LOWER
from extractors.numbers import NumberSpan

# Words before a number that make it part of a name, ordinal, address or document.
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
_ALWAYS_NAME = re.compile(
    r"(?<!\w)(?:số|thứ|lần thứ|hạng|khóa|khoá|điều|khoản|quốc lộ|QL|xếp thứ|đứng thứ|bão số|cụm số|quận|covid|số hiệu|lớp|đại hội|nghị quyết|nghị định|chỉ thị)\s*[-.:]?\s*$",
    re.IGNORECASE,
)
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


_PROGRAMME = re.compile(r"(?:phong trào|chiến dịch|cuộc vận động)\s+(?:thi đua\s+)?$", re.IGNORECASE)


def is_name(text: str, number: NumberSpan, *, counts: bool = False) -> bool:
    """Whether the words around make the number part of a name, ordinal, document, address or time.

    `counts` says that a noun which reports count stands behind it: then `pháp luật 642 vụ` is no law's number.

    >>> from extractors.numbers import find_numbers
    >>> is_name("Cụm thi đua số 6", find_numbers("Cụm thi đua số 6")[0])
    True
    """
    before, after = text[max(0, number.start - 32) : number.start], text[number.end : number.end + 40]
    line_end = text.find("\n", number.end)
    right = text[number.end : line_end if line_end >= 0 else len(text)]
    if _names_programme(text[text.rfind("\n", 0, number.start) + 1 : number.start], right):
        return True
    if _DOCUMENT_AFTER.match(after) or _TIME_AFTER.match(after):
        return True
    if after[:1].isupper() and not counts and _ACRONYM_AFTER.match(after):
        return True
    if after[:2] == ".0" or re.match(r"\.\d", after):
        return True
    # `5.163 đoàn viên/5.190 CNVCLĐ` are two counts side by side.
    beside = counts and re.search(rf"(?:[{LOWER}]|ĐV|CĐ|CS)/$", before)
    if (
        not beside
        and re.search(r"[A-ZĐ][-–]$|\d[-/.:]$|/$|#$|\($", before)
        and not re.match(rf"\s?(?:%|[{LOWER}])", after)
    ):
        return True
    if re.search(r"\b[A-ZĐ]{2,}-$|\bCOVID\s?-\s?$", before, re.IGNORECASE):
        return True
    if re.search(r"(?<!\w)(?:cụm|khối)\s*$", before, re.IGNORECASE) and re.match(
        r"\s*[^\W\d_]+ [^\W\d_]+ trực thuộc", after
    ):
        return True
    if _TOTAL.search(before):
        return False
    if _ALWAYS_NAME.search(before):
        # `tổng số 25 đơn vị`, `số: 15` count; `số 6` is a name.
        return True
    if _NAME_BEFORE.search(before):
        return not counts
    return False


def is_length(text: str, number_start: int, end: int, *, counts: bool, scaled: bool) -> bool:
    """Whether a number counts time or age: `5 năm qua`, `hơn 3 tháng`, `79 tuổi`, `ngoài 40`.

    `counts` says that a counted noun stands behind it, `scaled` that a scale word is part of it.
    """
    if _LENGTH_AFTER.match(text, end) and not (scaled and counts):
        return True
    return not counts and _AGE_BEFORE.search(text[max(0, number_start - 10) : number_start]) is not None


_SPOKEN = re.compile(r"(?<!\w)(?:tôi|chúng tôi|mình|có|là|đã|được)(?!\w)", re.IGNORECASE)


def _names_programme(left: str, right: str) -> bool:
    """Whether a quotation that opened shortly before is still open: `“01 triệu sáng kiến …”` is a programme's name."""
    if _PROGRAMME.search(left[-60:]):
        return True
    if left.count("“") > left.count("”") or left.count("«") > left.count("»"):
        opened = max(left.rfind("“"), left.rfind("«"))
    elif left.count('"') % 2:
        opened = left.rfind('"')
    else:
        return False
    # A longer quotation, or one with words of speaking, is somebody's speech, and its numbers count.
    closed = re.search(r"[”»\"]", right)
    if _SPOKEN.search(left[opened:]) or (closed and closed.start() + len(left) - opened > 90):
        return False
    return len(left) - opened < 25 and not re.search(
        r":\s*$|(?:nói|cho biết|chia sẻ)[^.]{0,20}$", left[:opened]
    )
