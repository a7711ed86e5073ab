"""What is wrong with an article's text: the quality flags of the record contract."""

from __future__ import annotations

import itertools
import re
from typing import get_args

from extractors.letters import LOWER
from extractors.quality_furniture import has_furniture, is_no_article
from extractors.quality_spam import has_spam
from extractors.records import QualityFlag
from extractors.repair_words import broken_words
from extractors.segments import Line, Segments
from extractors.syllables import is_syllable

__all__ = ["flags", "is_no_article", "mentions_union"]

_UNION = re.compile(r"công đoàn|liên đoàn lao động|LĐLĐ|CĐCS|CNVCLĐ|nghiệp đoàn|\bCĐ\b", re.IGNORECASE)
# Letters that only Vietnamese has; à, é, ô and their like stand in French as well.
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")


def flags(segments: Segments, *, repaired: bool = False) -> list[QualityFlag]:
    """The quality flags of a text, in the order of the contract; `repaired` says that broken words were mended in it.

    >>> from extractors.segments import segment
    >>> flags(segment("Công đoàn trường nhà cái uy tín tổ chức hội nghị tổng kết năm 2023."))
    ['spam_injection']
    """
    text = segments.text
    found: set[QualityFlag] = set()
    if has_spam(text):
        found.add("spam_injection")
    if has_furniture([text[line.start : line.end] for line in segments.lines]):
        found.add("boilerplate")
    if repaired or next(broken_words(text), None):
        found.add("broken_words")
    if _is_foreign(text):
        found.add("not_vietnamese")
    elif _is_truncated(segments):
        found.add("truncated")
    return [flag for flag in get_args(QualityFlag) if flag in found]


def _is_foreign(text: str) -> bool:
    """Another language, or Vietnamese without its marks; every fifth letter of sound text is marked. A line says too little."""
    # Letters are more slowly counted than text is long, and no more of them; sound text shows it in its first third.
    enough = 0.04 * len(text)
    third = len(text) // 3
    marked = len(_VIETNAMESE.findall(text, 0, third))
    if marked >= enough or (marked := marked + len(_VIETNAMESE.findall(text, third))) >= enough:
        return False
    letters = sum(map(str.isalpha, text))
    if letters <= 40 and not is_no_article(text):
        return False
    return marked < 0.04 * letters


# --- Text that breaks off

# Words that something must follow. `có`, `được`, `về`, `theo` may end a sentence, and so may a few of these behind another word.
_UNFINISHED = frozenset(["và", "của", "là", "các", "những", "với", "cho", "bằng", "sẽ", "đã", "đang", "tại", "từ", "do", "khi", "vì", "hoặc", "nhưng", "mà", "nhằm", "để", "trong", "như", "mỗi", "mọi", "bởi", "nếu", "thì", "gồm"])  # fmt: skip
_FINISHED = re.compile(
    r"(?:hiện|tồn|ngoại|thực|nội|đương) tại$|(?:lý|tự|nguyên) do$|(?:bên|phía|ở) trong$|(?:danh|động|ngôn|nhân|hiền) từ$|(?:đôi|trước|sau) khi$"
)
_LAST_WORD = re.compile(rf"(?<![\w.@/-])([{LOWER}]+)$")
_CREDIT = re.compile(r"(?:ảnh|video|nguồn|đồ họa|đồ hoạ)\s?:[^.]{0,60}(?:\.\w+)?$", re.IGNORECASE)
_STOPS = ".!?…:;”\"')]»"
# `đọc tiếp`, `[…]`: a teaser whose rest stands on a page that was not fetched.
_TEASER = re.compile(r"(?:\[\s?(?:…|\.\.\.)\s?\]|\b(?:đọc tiếp|xem tiếp|xem chi tiết)\b\W*)$", re.IGNORECASE)
_SHORTEST_BODY = 60


_BEGINS_SMALL = re.compile(rf"(?:[…, ]*|\.\.\. ?)[{LOWER}]+(?=[\s,])")
_GOES_ON_SMALL = re.compile(rf"[{LOWER}]+[\s,]")


def _is_truncated(segments: Segments) -> bool:
    """The text begins or stops in the middle, or a line breaks off and the next begins in the middle."""
    text = segments.text
    body = [line for line in segments.lines if line.kind in {"body", "caption", "heading"}]
    if not body:
        return False
    return _begins_inside(text, body[0]) or _breaks_off(text, body) or _has_gap(text, body)


def _begins_inside(text: str, line: Line) -> bool:
    """`và bà Trần Thị Sen phát biểu.` as first line; not a name such as `eBank`, an address, or a list's item."""
    return (
        line.end - line.start >= _SHORTEST_BODY
        and _BEGINS_SMALL.match(text, line.start, line.end) is not None
    )


def _breaks_off(text: str, body: list[Line]) -> bool:
    """The last body line ends in a word that something must follow, in a comma, an open bracket or half a word."""
    last = next((line for line in reversed(body) if line.end - line.start >= _SHORTEST_BODY), None)
    # A byline or a caption may still follow; a body line that breaks off is followed by nothing else.
    if last is None or any(line.kind == "body" for line in body[body.index(last) + 1 :]):
        return False
    words = text[last.start : last.end]
    if _TEASER.search(words):
        return True
    if _CREDIT.search(words, max(0, len(words) - 80)):
        return False
    # Dots for effect end a sentence; behind an open phrase they stand for its rest.
    if words.endswith(("...", "…")):
        words = words.rstrip(".… ")
    return bool(words) and words[-1] not in _STOPS and _ends_open(words)


def _ends_open(words: str) -> bool:
    if words[-1] in ",(“-–":
        return True
    word = _LAST_WORD.search(words)
    if word is None:
        return False
    # Half a word: `ngườ`, `đượ`, `ngh`.
    half = len(word[1]) < 6 and not is_syllable(word[1]) and not (word[1].isascii() and len(word[1]) > 3)
    return half or (word[1] in _UNFINISHED and not _FINISHED.search(words))


def _has_gap(text: str, body: list[Line]) -> bool:
    """A body line that ends in the middle, before one that begins in the middle and does not go on from it.

    Text set in lines of one width breaks like that on each of them, and nothing is lost: three and more such breaks are
    no gap.
    """
    gaps = 0
    for before, line in itertools.pairwise(body):
        long = line.end - line.start > _SHORTEST_BODY and before.end - before.start > _SHORTEST_BODY
        if (
            long
            and before.kind == line.kind == "body"
            and _GOES_ON_SMALL.match(text, line.start, line.start + 12)
        ):
            gaps += text[before.end - 1].isalnum()
    return 1 <= gaps <= 2


def mentions_union(text: str) -> bool:
    """Whether any union word stands in the text: the first and cheapest test of relevance."""
    return _UNION.search(text) is not None
