"""What a page says beside its article: menus, counters, share bars, related links, footers; and pages with no article.

The phrases are data (`lexicon/furniture.tsv`, `lexicon/no_article.tsv`). A word that reporters use as well (`chia sẻ`,
`lượt xem`) is furniture only where it is a whole line or a label, so no sentence is ever taken for furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Any

import re2

from extractors.lexicon.tables import load

_LONGEST = 160
_LONGEST_LABEL = 60
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_PART_SIGN = re.compile("[|»›>•·–/-]")
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
    return None if len(line) > _LONGEST else _kind(line)


# Cut and flagged, a text is asked line by line twice; and menus stand on every page of a site.
@lru_cache(maxsize=2000)
def _kind(line: str) -> str | None:
    folded = " ".join(line.lower().split())
    if found := _part().search(folded):
        return _phrases("part")[found[0]]
    if found := _head().match(folded):
        return _phrases("head")[found[0]]
    if _BUTTONS.fullmatch(folded):
        return "share"
    parts = _PARTS.split(folded) if _PART_SIGN.search(folded) else []
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
    dated = (line for line in lines if line[-1:] in {")", "]"} and len(line) <= _LONGEST)
    if sum(_DATED_HEADLINE.match(line) is not None for line in dated) >= 2:
        return True
    # Captions are repeated under each of a report's pictures, with their credit.
    repeated = [
        times
        for line, times in Counter(lines).items()
        if times > 1 and 12 <= len(line) < 120 and not _CREDIT.search(line)
    ]
    return max(repeated, default=0) > 2 or len(repeated) >= 4


_CREDIT = re.compile(r"(?:ảnh|video|đồ họa|đồ hoạ|clip|nguồn)\s?:|\.$", re.IGNORECASE)


# Longer pages are articles, whatever they quote.
_LONGEST_PAGE = 2_500


@cache
def _no_article(where: str) -> tuple[str, ...]:
    return tuple(row["phrase"] for row in load("no_article") if row["where"] == where)


@cache
def _no_article_head() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(map(re.escape, _no_article('head')))})(?!\w)")


@cache
def _no_article_part() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _no_article("part"))))


@cache
def _no_article_sign() -> Any:
    """Any of the phrases, wherever it stands: few texts have one, and re2 tells so in one go."""
    places = ("head", "part", "line")
    blank = r"[\s\p{Z}\p{Cc}]+"
    return re2.compile(
        "|".join(
            blank.join(map(re2.escape, phrase.split())) for where in places for phrase in _no_article(where)
        )
    )


def is_no_article(text: str) -> bool:
    """Whether a guard against robots, an error or a closed account answered in an article's place: nothing is to be read.

    Also true of text without a single letter.

    >>> is_no_article("Just a moment...\\nPlease enable cookies."), is_no_article("Công đoàn Bến Cát họp tổng kết.")
    (True, False)
    """
    if not any(map(str.isalpha, text)):
        return True
    if len(text) > _LONGEST_PAGE or not _no_article_sign().search(
        text.lower().encode("utf-8", "surrogatepass")
    ):
        return False
    # A page says it in its first lines, below a menu at most; a report may quote it further down in a sentence.
    for line in text.lower().split("\n"):
        folded = " ".join(line.split())
        if folded.strip(" .:!-–…") in _no_article("line") or (
            len(folded) < 90 and _no_article_head().match(folded)
        ):
            return True
        if len(folded) < 240 and _no_article_part().search(folded):
            return not _REPORTED.search(text)
    return False


# A sentence that tells of an event was written by somebody.
_REPORTED = re.compile(r"(?:sáng|chiều|tối|ngày) (?:ngày )?\d{1,2}[/.-]\d|tổ chức (?:hội nghị|lễ|đại hội|tập huấn|buổi)", re.IGNORECASE)  # fmt: skip
