"""Where lines, sentences and clauses begin and end, with exact offsets.

Sentences are cut inside lines only: news pages end headings, captions and bylines with a newline and no stop. A stop
inside a name (`TP. Hồ Chí Minh`, `GS.TS`, `Q. 11`) or a number ends nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from extractors.letters import LOWER, UPPER
from extractors.quality_furniture import furniture

# Small letters before it: `TP. Hồ Chí Minh` and `ThS. Lê` go on.
_SENTENCES = re.compile(rf"[{LOWER}]{{2}}[.!][\"”]?\s+[{UPPER}]")
_TOLD = re.compile(
    r"(?<!\w)(?:vừa|đã|tổ chức|diễn ra|tiến hành|(?:sáng|chiều|tối) nay|hôm (?:nay|qua))(?!\w).*[.][\"”]?\s*$"
)
LineKind = Literal["title", "heading", "body", "caption", "byline", "furniture", "stamp"]


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    kind: LineKind


@dataclass(frozen=True, slots=True)
class Segments:
    """The cuts of one text. `sentences` and `clauses` are half-open offsets, in order, not overlapping."""

    text: str
    lines: list[Line]
    sentences: list[tuple[int, int]]
    clauses: list[tuple[int, int]]
    _starts: list[int] = field(default_factory=list)
    _clause_starts: list[int] = field(default_factory=list)
    _line_starts: list[int] = field(default_factory=list)

    def sentence_at(self, offset: int) -> tuple[int, int]:
        if not self.sentences:
            return (0, len(self.text))
        after = bisect_right(self._starts, offset)
        return self.sentences[after - 1 if after else 0]

    def clause_at(self, offset: int) -> tuple[int, int]:
        if not self.clauses:
            return (0, len(self.text))
        after = bisect_right(self._clause_starts, offset)
        return self.clauses[after - 1 if after else 0]

    def line_at(self, offset: int) -> Line:
        if not self.lines:
            return Line(0, len(self.text), "body")
        after = bisect_right(self._line_starts, offset)
        return self.lines[after - 1 if after else 0]

    def body_start(self) -> int:
        """Where the running text begins: behind title, menus and stamps."""
        return next((line.start for line in self.lines if line.kind == "body"), 0)


_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"./,–-])(?:TP|Tp|TX|TT|Q|P|H|GS|PGS|TS|TSKH|ThS|Ths|BS|BSCK\w*|CN|KS|NSND|NSƯT|LS|KTS|Đ/c|đ/c|ĐC|St|Mr|Ms|No|Tr|NXB"
    r"|Thượng tá|[A-ZĐ]|Trung tướng)\.$"
)
# Runs of stops are taken whole, and from their first: `......` could be parted in as many ways as it has stops.
_STOP = re.compile(
    rf"[.!?…](?:(?<=\.)/\.|(?<![.!?…].)[.!?…]*+)(?:[”\"’')\]]*+(?=\s|$)|(?=[{UPPER}][{LOWER}]))"
)
_OPENS = re.compile(rf"\s*+[“\"'(\[–-]*+\s*+(?:[{UPPER}0-9]|$)")


# Reporters' longest sentences have a thousand characters. What goes on beyond this is a list or lost its stops, and is cut:
# much is read from where a sentence begins, for each number in it.
_LONGEST_SENTENCE = 2_000


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of one line, blanks around them left out.

    >>> sentence_spans("TP. Vinh có 5 đơn vị. Năm nay tăng.", 0, 35)
    [(0, 21), (22, 35)]
    """
    found: list[tuple[int, int]] = []
    at = start
    for m in _STOP.finditer(text, start, end):
        if m.end() < end and not _OPENS.match(text, m.end(), end):
            continue
        if m.end() < end and _ABBREVIATION.search(text[max(at, m.start() - 14) : m.start() + 1]):
            continue
        # A numbered item (`1. Nội dung`) or a number's own stop is no end.
        if text[at : m.start()].strip().isdigit():
            continue
        found += _cut(text, at, m.end())
        at = m.end()
    found += _cut(text, at, end)
    return [s for a, b in found if (s := _strip(text, a, b))[0] < s[1]]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentence as it is, or in pieces where it is longer than any: behind a comma or a blank, where there is one."""
    pieces = []
    while end - start > _LONGEST_SENTENCE:
        last = start + _LONGEST_SENTENCE
        at = max(text.rfind(sign, start, last) for sign in ",;") + 1 or text.rfind(" ", start, last) + 1
        at = at if at > start else last
        pieces.append((start, at))
        start = at
    return [*pieces, (start, end)]


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_CREDIT = re.compile(r"[AaẢả][Nn][Hh]\s*[:;]")
_CAPTION = re.compile(
    r"\s*(?:(?:Toàn|Quang)\s+cảnh\b|Ảnh\s+(?:minh họa|tư liệu)|(?:Các )?đại biểu (?:dự|tham dự|chụp))",
    re.IGNORECASE,
)
_CAPTION_SHAPE = re.compile(
    r"(?:phát biểu|trao|tặng|chụp ảnh|chụp hình|chúc mừng|tham quan|bỏ phiếu|ký kết|ký giao ước|nhận|trình bày|chủ trì|kết luận|tại (?:hội nghị|buổi lễ|đại hội|chương trình|lễ)"
    r"|hội nghị|đại biểu|toàn cảnh|quang cảnh)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    rf"^\s*(?:(?:Tin|Bài|Tin, ảnh|Bài, ảnh|Bài và ảnh|Tin và ảnh|Tin, bài|Ảnh|Tác giả|PV|Theo|Nguồn)\b.{{0,60}}|[{UPPER}][\w.'’-]*(?:\s+[-–&]?\s*[{UPPER}(][\w.'’)-]*){{0,7}})$"
)
# From such a heading on, the page speaks of other articles.
_END = re.compile(
    r"^\s*(?:các tin (?:khác|liên quan|đã đưa)|tin (?:liên quan|cùng chuyên mục|khác|mới(?: hơn| nhất)?|cũ hơn|đã đưa|nổi bật)|bài (?:viết )?(?:liên quan|cùng chuyên mục|khác)|xem thêm|đọc thêm"
    r"|có thể bạn quan tâm|liên kết web(?:site)?|hình ảnh hoạt động|thông tin bạn đọc|tin bài khác|đọc nhiều(?: nhất)?)\s*:?\s*$",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"^[\s(]*(?:(?:thứ\s+\w+|chủ nhật|cập nhật|đăng lúc|ngày đăng|đăng ngày|xuất bản|ngày)[\s,:]*)*"
    r"(?:\d{1,2}[:hg]\d{2}(?::\d{2})?\s*(?:AM|PM)?[\s,|-]*)?(?:ngày\s+)?\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}[\s,|-]*(?:\d{1,2}[:hg]\d{2}(?::\d{2})?\s*(?:AM|PM)?)?"
    r"[\s)]*(?:\(?GMT\s?\+7\)?)?\s*$",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r";|:\s(?=[-–+])|,\s(?=(?:trong đó|đồng thời|bên cạnh đó|ngoài ra|qua đó|nâng)\b)")
# Stamps, and headings over other articles, are short lines.
_SHORT = 200


def segment(text: str, *, title: str | None = None) -> Segments:
    """Lines with their kinds, sentences and clauses of `text`; `title`, where known, names the title's line."""
    lines = _lines(text, title)
    sentences = [s for line in lines for s in sentence_spans(text, line.start, line.end)]
    clauses: list[tuple[int, int]] = []
    for a, b in sentences:
        at = a
        for m in _CLAUSE.finditer(text, a, b):
            clauses.append((at, m.start()))
            at = m.end()
        clauses.append((at, b))
    return Segments(
        text,
        lines,
        sentences,
        clauses,
        [a for a, _ in sentences],
        [a for a, _ in clauses],
        [x.start for x in lines],
    )


def _is_prose(words: str) -> bool:
    """Whether a first line is running text: two sentences, or one with a full stop that tells what was held.

    Some sites end headlines with a full stop too.
    """
    return _SENTENCES.search(words) is not None or _TOLD.search(words) is not None


def _lines(text: str, title: str | None) -> list[Line]:
    spans = [s for m in re.finditer(r"[^\n]+", text) if (s := _strip(text, m.start(), m.end()))[0] < s[1]]
    folded_title = _folded(title or "")
    lines: list[Line] = []
    seen_title = ended = False
    long_lines = [i for i, (a, b) in enumerate(spans) if b - a > 200]
    first_long, last_long = (long_lines[0], long_lines[-1]) if long_lines else (0, len(spans))
    counts = Counter(text[a:b] for a, b in spans)
    for i, (a, b) in enumerate(spans):
        words = text[a:b]
        kind: LineKind = "body"
        if ended or (b - a < _SHORT and _END.match(words)):
            ended = ended or i > first_long or bool(lines and any(x.kind == "body" for x in lines))
            kind = "furniture"
        elif not seen_title and folded_title and _is_title(words, folded_title):
            kind, seen_title = "title", True
        elif b - a < _SHORT and _STAMP.match(words):
            kind = "stamp"
        elif furniture(words) or (words.count("|") >= 2 and b - a < 250):
            kind = "furniture"
        elif b - a < 320 and i > 0 and (_CREDIT.search(words) or _CAPTION.match(words)):
            kind = "caption"
        elif (
            not folded_title
            and i == 0
            and 20 < b - a < 220
            and len(spans) > 1
            and not _EVENT_DAY.search(words)
            and not _is_prose(words)
        ):
            kind, seen_title = "title", True
        elif i > 0 and b - a < 90 and words[-1] not in ".!?;…" and _introduces(text, spans, i):
            kind = "heading"
        elif b - a < 90 and _is_heading(words):
            kind = "furniture" if counts[words] > 1 and i < first_long else "heading"
        elif i > 0 and b - a < 60 and _BYLINE.match(words) and (i >= last_long or b - a < 30):
            kind = "byline"
        elif (
            i > 0
            and b - a < 260
            and words[-1] not in '.!?:;…,”"'
            and not words.startswith(("-", "+", "•", "*"))
            and not _EVENT_DAY.search(words)
        ):
            if i < first_long:
                kind = "heading"
            elif _CAPTION_SHAPE.search(words):
                kind = "caption"
        lines.append(Line(a, b, kind))
    return lines


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _is_title(words: str, folded_title: str) -> bool:
    # The first letter tells most lines.
    return folded_title.startswith(words[0].casefold()) and (
        _folded(words).rstrip(" .") == folded_title.rstrip(" .")
    )


_ITEM = re.compile(r"[-+•*]|\d{1,2}[.)]\s")


def _introduces(text: str, spans: list[tuple[int, int]], i: int) -> bool:
    """Whether a line stands over a list: itself no item, and the next line one."""
    if i + 1 == len(spans):
        return False
    here, after = spans[i][0], spans[i + 1][0]
    return _ITEM.match(text, after, after + 4) is not None and not _ITEM.match(text, here, here + 4)


_EVENT_DAY = re.compile(r"(?:sáng|chiều|tối|ngày|hôm)\s+(?:ngày\s+)?\d{1,2}\s?[/.-]\s?\d{1,2}", re.IGNORECASE)


def _is_heading(words: str) -> bool:
    """All capitals, numbered, or ended by a colon; not a list item."""
    letters = [c for c in words if c.isalpha()]
    if not letters or words.startswith(("-", "+", "•", "*")):
        return False
    capitals = sum(c.isupper() for c in letters)
    return (capitals > 0.8 * len(letters) and len(letters) > 3) or (words.endswith(":") and len(words) < 70)
