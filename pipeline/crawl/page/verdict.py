"""Pages that hold no article, and what they are instead."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from extractors.lexicon.tables import load
from extractors.text import normalise
from pipeline.crawl.page.survey import Page, Run

Reason = Literal["empty", "challenge", "not_found", "no_article"]


class ParseError(ValueError):
    """A page that holds no article: `reason` for programs, the message, with the page's URL, for people."""

    def __init__(self, message: str, reason: Reason = "no_article") -> None:
        super().__init__(message)
        self.reason: Reason = reason


LEAST_TEXT = 80
"""Characters of running text. A report of two sentences has more; a notice that there is nothing has fewer."""

# What the site says below its own head, menus and side columns. `Không tìm thấy trang phục …` is a headline.
_NOT_FOUND = re.compile(
    r"\W*+(?:(?:lỗi|error)?\s*404\b(?:\W.{0,80})?"
    r"|(?:(?:xin lỗi|rất tiếc|oops|opps)\W+)?(?:không tìm thấy|không tồn tại) (?:trang|bài viết|bài|nội dung|tin|dữ liệu|đường dẫn)(?: (?:web|tin|này|mà|bạn|quý (?:khách|vị|độc giả)|đang|yêu cầu|cần|muốn|tìm(?: kiếm)?|xem))*\s*(?:$|[.!,–-].*)"
    r"|(?:(?:xin lỗi|rất tiếc|oops|opps)\W+)?(?:trang|bài(?: viết)?|nội dung|tin(?: bài| tức)?|đường dẫn|liên kết|địa chỉ)(?: (?:web|tin|này|mà|bạn|quý (?:khách|vị|độc giả)|đang|vừa|yêu cầu|cần|muốn|tìm(?: kiếm)?|xem|truy cập))*"
    r" (?:hiện )?(?:không (?:còn )?(?:tồn tại|có sẵn)|không (?:được )?tìm thấy|(?:đã|có thể đã)?\s?bị (?:xóa|xoá|gỡ|gỡ bỏ))(?:(?:,| hoặc| hay|\s–).{0,100})?\s*(?:$|[.!].*)"
    r"|(?:page|article|file) not found\b.{0,80}|not found\W*)",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 240
# Guards beyond those of the lexicon, which are known by what they say in Vietnamese.
_GUARD = re.compile(
    r"vui lòng (?:xác minh|xác thực|hoàn thành (?:xác minh|captcha))|đang (?:kiểm tra|xác minh) (?:trình duyệt|kết nối|bảo mật|truy cập)"
    r"|xác (?:minh|thực|nhận) (?:rằng )?bạn (?:là|không phải)|nhập mã (?:captcha|xác nhận) để tiếp tục",
    re.IGNORECASE,
)
_GUARD_MARKUP = re.compile(
    r"_cf_chl_opt|challenge-platform|challenge-form|cf-turnstile|slowAES|toNumbers\(|g-recaptcha|h-captcha|__jsl_clearance"
)
# A script that puts a cookie and asks again is a guard for browsers without a window.
_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=")
_AGAIN = re.compile(r"location\s*(?:\.\s*(?:reload|replace|assign|href)|=)|\.submit\s*\(")
# Characters: more is told on a page with an article, whatever it quotes.
_SHORT_PAGE, _SHORT_NOTICE = 2_500, 800
# What closes a text that is cut, and the link to the whole of it.
_TEASER = re.compile(
    r"(?:…|\.{3}|\[…\]|\[\.{3}\])\W*(?:(?:xem|đọc) (?:thêm|tiếp)|chi tiết)?\W*$", re.IGNORECASE
)
_MORE = re.compile(r"\W*+(?:(?:xem|đọc) (?:thêm|tiếp|chi tiết)|chi tiết|read more)\W*", re.IGNORECASE)


def why_no_article(
    page: Page, paragraphs: list[str], window: str | None, *, is_article: bool
) -> tuple[Reason, str] | None:
    """The reason and its words where a page with `paragraphs` is no article; `window` is the title in `<head>`.

    `is_article` says that metadata claims an article: notices are then looked for only where there is no text.
    """
    length = sum(map(len, paragraphs))
    whole = page.spots[0].own + page.spots[0].linked if page.spots else 0
    if length < LEAST_TEXT:
        return _without_text(page, length, whole, window)
    # A report may quote such a notice in a sentence: beside text it must be the page's title or open a line.
    if not is_article and length < _SHORT_NOTICE and _says_guard(page, window, opening=True):
        return _GUARDED
    if not is_article and length < _SHORT_PAGE and _says_not_found(page, window):
        return _MISSING
    if not is_article and _is_listing(page, paragraphs):
        return "no_article", "a list of links to articles, none itself"
    return None


_GUARDED: tuple[Reason, str] = ("challenge", "a check for robots answered in the article's place")
_MISSING: tuple[Reason, str] = ("not_found", "the site says that there is no such article")


def _without_text(page: Page, length: int, whole: int, window: str | None) -> tuple[Reason, str]:
    if _says_guard(page, window) or (whole < LEAST_TEXT * 3 and _is_guard(page)):
        return _GUARDED
    if _says_not_found(page, window):
        return _MISSING
    if page.soup.find("input", type="password") is not None and whole < _SHORT_PAGE:
        return "no_article", "a login form in the article's place"
    linked = page.spots[0].linked if page.spots else 0
    if linked > max(200, 2 * length) and not _is_shell(page):
        return "no_article", "no running text: nearly all words of the page are links"
    if length and whole >= LEAST_TEXT // 2:
        return "no_article", f"no running text of {LEAST_TEXT} characters or more"
    return "empty", "no running text: an empty shell, which a script fills or nothing does"


def _is_shell(page: Page) -> bool:
    """An element for a program to draw in, and nothing in it yet."""
    return any(
        spot.own + spot.linked == 0
        and spot.tag.attrs.get("id") in {"root", "app", "__next", "__nuxt", "q-app"}
        for spot in page.spots
        if spot.names
    )


def _is_guard(page: Page) -> bool:
    refresh = page.soup.find("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)})
    tags = page.soup.find_all("script")
    scripts = " ".join(tag.get_text() for tag in tags)
    sources = " ".join(str(tag.attrs.get("src") or "") for tag in tags)
    sets_and_reloads = _COOKIE.search(scripts) is not None and _AGAIN.search(scripts) is not None
    return refresh is not None or sets_and_reloads or _GUARD_MARKUP.search(f"{scripts} {sources}") is not None


@cache
def _guard_phrases() -> tuple[str, ...]:
    return tuple(row["phrase"] for row in load("no_article") if row["kind"] == "guard")


def _says_guard(page: Page, window: str | None, *, opening: bool = False) -> bool:
    runs = (run for run in page.runs[:80] if run.length <= _LONGEST_NOTICE and not run.spot.inside)
    for text in (window or "", *map(_clean, runs)):
        lower = text.lower()
        if (_GUARD.match if opening else _GUARD.search)(lower):
            return True
        if any(lower.startswith(phrase) if opening else phrase in lower for phrase in _guard_phrases()):
            return True
    return False


def _says_not_found(page: Page, window: str | None) -> bool:
    if window and _NOT_FOUND.fullmatch(re.split(r"\s+[-–—|»]\s+", window)[0]):
        return True
    return any(
        _NOT_FOUND.fullmatch(_clean(run))
        for run in page.runs
        if run.length <= _LONGEST_NOTICE and not run.linked and not run.spot.inside
    )


def _is_listing(page: Page, paragraphs: list[str]) -> bool:
    """Headings that are links, one to each short text, or texts that all break off, as on a category's front page."""
    heads = [
        spot
        for spot in page.named("h2", "h3", "h4")
        if not spot.inside and spot.linked >= 20 and spot.own <= 3
    ]
    more = sum(
        spot.linked < 20 and _MORE.fullmatch(spot.tag.get_text()) is not None for spot in page.named("a")
    )
    prose = [text for text in paragraphs if len(text) >= 60]
    if max(map(len, prose), default=0) >= 350:
        return False
    entries = max(len(heads), more)
    if entries >= 4 and len(prose) <= 1.5 * entries:
        return True
    return entries >= 2 and bool(prose) and all(_TEASER.search(text) for text in prose)


def _clean(run: Run) -> str:
    return " ".join(normalise(run.text).split())
