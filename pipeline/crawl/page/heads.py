"""Title, lead and byline of a page: what metadata gives, held against what the page shows."""

from __future__ import annotations

import re

from pipeline.crawl.page.survey import Page, Spot

# ` | Báo Sông Tiền`, ` » …`: a site's name behind an article's title. A dash stands in titles, too.
_SUFFIX = re.compile(r"\s+[|»]\s+[^|»]{3,60}$")
_SITE_SUFFIX = re.compile(
    r"\s+[-–—]\s+(?:báo|tạp chí|cổng|trang (?:tin|thông tin|chủ)|website|đài|\S+\.(?:vn|com|net|org))\b[^-–—]{0,60}$", re.IGNORECASE
)  # fmt: skip
_CUT = re.compile(r"\s*(?:\.{3,}|…|\[…\]|\[\.{3}\])\s*$")
_PARTS = re.compile(r"[\s_-]+")
_LEADS = frozenset({"sapo", "lead", "chapeau", "mota", "tomtat", "trichyeu", "trichdan", "standfirst"})
_LEAD_NAMES = frozenset({
    "summary", "article-summary", "intro", "mo-ta", "tom-tat", "trich-yeu", "article-description", "news-summary", "hometext",
    "detail-summary", "description",
})  # fmt: skip
_BYLINES = frozenset({"author", "byline", "writer", "tacgia", "nguoiviet"})
_BYLINE_NAMES = frozenset({"tac-gia", "nguoi-viet", "but-danh"})
_TITLES = frozenset({
    "article-title", "article__title", "news-title", "news_title", "post-title", "entry-title", "detail-title", "detail__title",
    "title-detail", "title-news", "titledetail", "tieude", "tieu-de", "tieudetin", "title",
})  # fmt: skip
_LONGEST_BYLINE = 80
# `Tác giả: …`, `bởi …`: words in front of a name.
_BY = re.compile(
    r"^(?:tác giả|người viết|bài|tin|bởi|by|theo)\s*:\s*|^(?:bởi|by)\s+|^[-–—\s]+", re.IGNORECASE
)


def title_spots(page: Page) -> list[Spot]:
    """Elements that look like the article's title, the likeliest first: headings, then elements named so."""
    headings = [spot for spot in page.named("h1") if _may_be_title(spot)]
    named = [
        spot
        for spot in page.spots
        if spot.names
        and _may_be_title(spot)
        and (
            spot.tag.attrs.get("itemprop") == "headline" or not _TITLES.isdisjoint(spot.names.lower().split())
        )
    ]
    lower = [spot for spot in page.named("h2") if _may_be_title(spot)]
    return (headings + named + lower)[:6]


def _may_be_title(spot: Spot) -> bool:
    """Not furniture, and no link: a heading that leads elsewhere is another story's, or the site's logo."""
    inside = spot.parent is not None and spot.parent.inside
    return not inside and 5 <= spot.own + spot.linked <= 400 and spot.linked <= spot.own


def choose_title(
    given: str | None, headings: list[str], window: str | None, site: str | None, known_texts: frozenset[str]
) -> tuple[str | None, str]:
    """The title and where it is from: what metadata gave, a heading, or the window's title, without the site's name.

    `known_texts` are lines that the page shows: on pages without headings the window's title is looked for there.

    >>> choose_title("Trao 30 suất quà | Báo Sông Tiền", [], None, None, frozenset())
    ('Trao 30 suất quà', 'metadata')
    """
    headings = [text for text in headings if not site or text.casefold() != site.casefold()]
    if given and not (site and given.casefold() == site.casefold()):
        return strip_site_name(given, headings, site), "metadata"
    shown = strip_site_name(window, headings, site) if window else None
    if headings:
        # A window's title that repeats one of several headings tells which is the article's.
        return (shown if shown in headings else headings[0]), "general"
    if window:
        # On old pages ` - Tên trang` stands behind the title, which the page shows without it.
        for cut in (match.start() for match in re.finditer(r"\s+[-–—|]\s+", window)):
            if window[:cut] in known_texts:
                return window[:cut], "general"
    return shown, "general"


def strip_site_name(title: str, headings: list[str], site: str | None) -> str:
    """`title` as the page shows it: the heading that it begins with or that it cuts short; else its end cut.

    >>> strip_site_name("Trao nhà - 5 căn - ở Ba Tri", [], None), strip_site_name("Trao 5 căn…", ["Trao 5 căn nhà"], None)
    ('Trao nhà - 5 căn - ở Ba Tri', 'Trao 5 căn nhà')
    """
    folded = title.casefold()
    for heading in headings:
        if folded.startswith(heading.casefold()) or (
            _CUT.search(title) and len(folded) > 8 and heading.casefold().startswith(_CUT.sub("", folded))
        ):
            return heading
    if site and folded.endswith(site.casefold()):
        cut = title[: -len(site)].rstrip(" |-–—»:")
        return cut or title
    return _SITE_SUFFIX.sub("", _SUFFIX.sub("", title))


def lead_texts(page: Page, body: Spot | None) -> list[Spot]:
    """Elements named like a lead, before the body or in it. Lists of other stories have leads too, behind it."""
    return [
        spot
        for spot in page.spots
        if spot.names
        and not spot.inside
        and spot.own >= 20
        and spot.own <= 1500
        and _is_named(spot, _LEADS, _LEAD_NAMES)
        and (body is None or (spot.order <= body.end and not spot.holds(body)))
    ]


def byline_texts(page: Page) -> list[Spot]:
    """Elements named like a byline and short enough to be one."""
    return [
        spot
        for spot in page.spots
        if not spot.inside
        and 2 <= spot.own + spot.linked <= _LONGEST_BYLINE
        and (
            spot.tag.attrs.get("rel") == ["author"]
            or spot.tag.attrs.get("itemprop") == "author"
            or (spot.names and _is_named(spot, _BYLINES, _BYLINE_NAMES))
        )
    ]


def strip_by(text: str | None) -> str | None:
    """`Tác giả: Thanh Sương` as `Thanh Sương`.

    >>> strip_by("Tác giả: Thanh Sương")
    'Thanh Sương'
    """
    return _BY.sub("", text).strip(" .|()") or None if text else None


def is_shown_as(description: str, text: str) -> bool:
    """Whether `text` is what a description for machines tells, which is often cut after some words.

    >>> is_shown_as("Sáng 12/1, công đoàn huyện họp tổng kết…", "Sáng 12/1, công đoàn huyện họp tổng kết năm 2024.")
    True
    """
    short = _CUT.sub("", description).casefold().rstrip(" .")
    return len(short) >= 30 and text.casefold().startswith(short)


def _is_named(spot: Spot, parts: frozenset[str], names: frozenset[str]) -> bool:
    lower = spot.names.lower()
    return not (names.isdisjoint(lower.split()) and parts.isdisjoint(_PARTS.split(lower)))
