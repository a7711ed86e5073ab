"""Whether an article is about a union's event at all, and what is wrong with its text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import get_args

from extractors.records import QualityFlag
from extractors.segments import Segments

_UNION = re.compile(r"công đoàn|liên đoàn lao động|LĐLĐ|CĐCS|CNVCLĐ|nghiệp đoàn|\bCĐ\b", re.IGNORECASE)
_SPAM = re.compile(
    r"nhà cái|kèo (?:nhà cái|bóng|tài)|cá cược|cá độ|lô đề|xổ số|soi cầu|tài xỉu|nổ hũ|game bài|casino|\b[a-z]{0,8}bet\d{0,3}\b|\b(?:fun|w|m|v)88\b|789club|jun88|sòng bạc|uy tín expert",
    re.IGNORECASE,
)
_LOTTERY_NEWS = re.compile(r"công ty xổ số|xổ số kiến thiết", re.IGNORECASE)
# A letter that stands apart from its word: `t hi đua`, `C\nông đoàn`; single vowels and `ý`, `ở` are words.
_SPLIT = re.compile(
    r"(?<![\w./’'-])(?:[bcdđghklmnpqrstvx]|[bcdghklmnpqrtv](?=h ))\s(?=(?:[hrgn])?[aăâeêioôơuưyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ])"
)
_SPLIT_CAPITAL = re.compile(r"(?:^|\n)\s*[BCDĐGHKLMNPQRSTVX]\s*\n\s*[a-zđâăêôơưáàảãạ]|\bP GS\b")
_NAV = re.compile(
    r"lượt xem|lượt truy cập|đang truy cập|cỡ chữ|trang chủ|liên kết website|thông tin bạn đọc|hình ảnh hoạt động|gửi bình luận|các tin khác|danh mục|enter title|\blogo\b|in trang|tin liên quan|tin cùng chuyên mục",
    re.IGNORECASE,
)
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def flags(segments: Segments, *, repaired: bool = False) -> list[QualityFlag]:
    """The quality flags of a text, in the order of the contract; `repaired` says that broken words were mended in it.

    >>> from extractors.segments import segment
    >>> flags(segment("Công đoàn trường nhà cái uy tín tổ chức hội nghị tổng kết năm 2023."))
    ['spam_injection']
    """
    text = segments.text
    found: set[QualityFlag] = set()
    if _SPAM.search(_LOTTERY_NEWS.sub("", text)):
        found.add("spam_injection")
    furniture = [line for line in segments.lines if line.kind == "furniture"]
    repeated = [
        n
        for n in Counter(text[x.start : x.end] for x in segments.lines if x.end - x.start < 120).values()
        if n > 1
    ]
    if any(_NAV.search(text[x.start : x.end]) for x in furniture) or len(repeated) >= 2:
        found.add("boilerplate")
    if repaired or _SPLIT_CAPITAL.search(text) or _SPLIT.search(text):
        found.add("broken_words")
    if _truncated(segments):
        found.add("truncated")
    letters = sum(c.isalpha() for c in text)
    if letters > 40 and len(_VIETNAMESE.findall(text)) < 0.03 * letters:
        found.add("not_vietnamese")
    return [f for f in get_args(QualityFlag) if f in found]


def _truncated(segments: Segments) -> bool:
    """A body line that begins in the middle of a word or sentence behind an unfinished one, or a last word cut off."""
    body = [x for x in segments.lines if x.kind in {"body", "heading", "caption"}]
    text = segments.text
    for before, line in itertools.pairwise(body):
        first = text[line.start]
        if (
            first.isalpha()
            and first.islower()
            and line.end - line.start > 60
            and before.end - before.start > 2
            and text[before.end - 1] not in ",;:–-"
        ):
            return True
    return False


def mentions_union(text: str) -> bool:
    """Whether any union word stands in the text: the first and cheapest test of relevance."""
    return _UNION.search(text) is not None
