"""What a page says beside its article: menus, counters, share bars, related links, footers; and pages with no article.

The phrases are data (`lexicon/furniture.tsv`, `lexicon/no_article.tsv`). A word that reporters use as well (`chia sẻ`,
`lượt xem`) is furniture only where it is a whole line or a label, so no sentence is ever taken for furniture.
"""

from __future__ import annotations

import re
from functools import cache

from extractors.lexicon.tables import load

_LONGEST = 160
_LONGEST_LABEL = 60
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_PARTS = re.compile(r" ?[|»›>•·] ?| [-–/] ")
# `Facebook Twitter Zalo`: two or more buttons and nothing else.
_BUTTONS = re.compile(
    r"(?:(?:facebook|twitter|zalo|google\+?|linkedin|pinterest|email|print|in|share|tweet|chia sẻ|like|thích|copy link|x)\b[\s,|/•-]*){2,}"
)
# `Trang chủ » Công đoàn » Hoạt động`: short steps and a sign between them.
_CRUMBS = re.compile(r"[^»›>|/]{2,40}(?:[»›>|/][^»›>|/]{2,40}){2,}")
# `Đoàn viên hiến máu (15/01/2023)`: another article's headline with its day; told by two of them.
_DATED_HEADLINE = re.compile(r"^[-+•*»> ]*\S.{18,140}\S ?[(\[]\s?(?:ngày )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[ ,|-]+\d{1,2}[:h]\d{2})?\s?[)\]]$")  # fmt: skip


@cache
def _phrases(place: str) -> dict[str, str]:
    """Phrase → kind, of one place."""
    return {row["phrase"]: row["kind"] for row in load("furniture") if row["place"] == place}


@cache
def _part() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _phrases("part"))))


@cache
def _head() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _phrases("head"))))


@cache
def _label() -> re.Pattern[str]:
    """A label with its value: a colon and anything, or numbers up to the end."""
    names = "|".join(re.escape(name) for name in sorted(_phrases("label"), key=len, reverse=True))
    return re.compile(rf"\W*({names})\s*(?::|[\d\s.,+]+$)")


def furniture(line: str) -> str | None:
    """The kind of furniture that a line of a page is (`menu`, `counter`, `share` …); None for a sentence or a heading.

    >>> [furniture(x) for x in ["Lượt xem: 1.846 | Cỡ chữ: A- A A+", "Video có 2.000 lượt xem.", "Tin cùng chuyên mục"]]
    ['counter', None, 'related']
    """
    if len(line) > _LONGEST:
        return None
    folded = " ".join(line.lower().split())
    if found := _part().search(folded):
        return _phrases("part")[found[0]]
    if found := _head().match(folded):
        return _phrases("head")[found[0]]
    if _BUTTONS.fullmatch(folded):
        return "share"
    parts = _PARTS.split(folded) if _PARTS.search(folded) else []
    for part in (folded, *parts):
        bare = _EDGES.sub("", part) if len(part) < _LONGEST_LABEL else ""
        if bare in _phrases("line"):
            return _phrases("line")[bare]
        if label := _label().match(part):
            return _phrases("label")[label[1]]
    # Menus are short; a sentence with signs in it ends like a sentence.
    if len(parts) > 2 and _CRUMBS.fullmatch(folded) and folded[-1] not in ".!?;:":
        return "menu"
    return None


def has_furniture(lines: list[str]) -> bool:
    """Whether any line is furniture, or dated headlines of other articles or repeated banners stand between the lines."""
    if any(furniture(line) for line in lines):
        return True
    if sum(len(line) <= _LONGEST and _DATED_HEADLINE.match(line) is not None for line in lines) >= 2:
        return True
    times: dict[str, int] = {}
    for line in lines:
        # Captions are repeated under each of a report's pictures, with their credit.
        if 12 <= len(line) < 120 and not _CREDIT.search(line):
            times[line] = times.get(line, 0) + 1
    return any(n >= 3 for n in times.values()) or sum(n == 2 for n in times.values()) >= 4


_CREDIT = re.compile(r"(?:ảnh|video|đồ họa|đồ hoạ|clip|nguồn)\s?:|\.$", re.IGNORECASE)


# Longer pages are articles, whatever they quote.
_LONGEST_PAGE = 2_500


@cache
def _no_article() -> tuple[frozenset[str], re.Pattern[str], tuple[str, ...]]:
    rows = load("no_article")
    lines = frozenset(row["phrase"] for row in rows if row["where"] == "line")
    heads = "|".join(re.escape(row["phrase"]) for row in rows if row["where"] == "head")
    return (
        lines,
        re.compile(rf"\W*(?:{heads})(?!\w)"),
        tuple(r["phrase"] for r in rows if r["where"] == "part"),
    )


def is_no_article(text: str) -> bool:
    """Whether a guard against robots, an error or a closed account answered in an article's place: nothing is to be read.

    Also true of text without a single letter.

    >>> is_no_article("Just a moment...\\nPlease enable cookies."), is_no_article("Công đoàn Bến Cát họp tổng kết.")
    (True, False)
    """
    folded = [" ".join(line.split()) for line in text.lower().split("\n") if line.strip()]
    if not any(char.isalpha() for char in text):
        return True
    if len(text) > _LONGEST_PAGE:
        return False
    lines, heads, parts = _no_article()
    # A page says it in its first lines, below a menu at most; a report may quote it further down in a sentence.
    for line in folded:
        bare = line.strip(" .:!-–…")
        if bare in lines or (len(line) < 90 and heads.match(line)):
            return True
        if len(line) < 240 and any(part in line for part in parts):
            return not _REPORTED.search(text)
    return False


# A sentence that tells of an event was written by somebody.
_REPORTED = re.compile(r"(?:sáng|chiều|tối|ngày) (?:ngày )?\d{1,2}[/.-]\d|tổ chức (?:hội nghị|lễ|đại hội|tập huấn|buổi)", re.IGNORECASE)  # fmt: skip
