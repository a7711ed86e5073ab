"""What one page says of its site: feeds, links that look like articles' and links that do not, the next page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline.crawl.sources import Source
from pipeline.crawl.urls import article_url, canonical_url

_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}
# `/cong-doan.rss`, `/rss/cong-doan.rss`, `/feed/`; comments have feeds, too.
_FEED_PATH = re.compile(r"\.rss$|/(?:rss|feed)(?:\.xml|/[\w.-]+)?/?$", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments?/|binh-luan", re.IGNORECASE)
# `/rss`, `/rss.html`, `/rss.aspx`: a page of links to feeds, or a feed itself.
RSS_PAGE = re.compile(r"/rss(?:[-_]\w+)?(?:\.\w{2,5})?/?$", re.IGNORECASE)
_MENU = ("nav", "footer", "form", "select")
_MENU_NAMES = re.compile(r"(?:^|[\s_-])(?:menu|nav|navbar|navigation|breadcrumbs?|footer|top-bar|tags?)(?:$|[\s_-])", re.IGNORECASE)  # fmt: skip
_NEXT_WORDS = re.compile(
    r"^\W*(?:trang (?:sau|tiếp|kế|tiếp theo|kế tiếp)|tiếp(?: theo)?|sau|kế tiếp|next(?: page)?|older(?: posts)?|cũ hơn)\W*$|^[›»>]+$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True)
class Anchor:
    """A link of the site's own: canonical URL, of the article where it is a twin; `is_headline` by its words."""

    url: str
    text: str
    is_headline: bool


@dataclass(frozen=True)
class Pager:
    """The way to a listing's next page: a CSS selector or a path with `{page}`, and where that leads from page 1."""

    value: str
    next_url: str


def site_title(soup: BeautifulSoup) -> str | None:
    """The site's name: what the page says it is, else the last part of the window's title."""
    tag = soup.find("meta", attrs={"property": "og:site_name"})
    given = str(tag.get("content") or "") if isinstance(tag, Tag) else ""
    if not given.strip() and soup.title is not None:
        given = re.split(r"\s+[|»–—-]\s+", soup.title.get_text(" ").strip())[-1]
    return " ".join(given.split())[:80] or None


def feeds_named(soup: BeautifulSoup, url: str) -> list[str]:
    """Addresses of feeds that the page names for machines, then those that it links to, each once."""
    named = [tag for tag in soup.find_all("link") if str(tag.get("type") or "").lower() in _FEED_TYPES]
    linked = (_absolute(tag, url) for tag in soup.find_all("a"))
    found = [
        *(_absolute(tag, url) for tag in named),
        *(one for one in linked if one and _FEED_PATH.search(urlsplit(one).path)),
    ]
    return list(dict.fromkeys(one for one in found if one and not _COMMENTS.search(one)))


def rss_pages(soup: BeautifulSoup, url: str) -> list[str]:
    """Addresses of pages that list the site's feeds, as the page links to them."""
    found = (_absolute(tag, url) for tag in soup.find_all("a"))
    return list(dict.fromkeys(one for one in found if one and RSS_PAGE.search(urlsplit(one).path)))


def anchors(soup: BeautifulSoup, url: str, source: Source) -> list[Anchor]:
    """The site's own links, each address once, with its longest words; not the page itself, not the home page."""
    found: dict[str, Anchor] = {}
    here = canonical_url(url)
    for tag in soup.find_all("a"):
        found_at = _absolute(tag, url)
        if found_at is None or not source.is_own(found_at):
            continue
        parts = urlsplit(found_at)
        if found_at == here or (parts.path in {"", "/"} and not parts.query):
            continue
        address = article_url(found_at)
        text = " ".join((tag.get_text(" ") or str(tag.get("title") or "")).split())
        known = found.get(address)
        if known is None or len(text) > len(known.text):
            is_headline = _is_headline(text) and not _in_menu(tag)
            found[address] = Anchor(address, text, is_headline or (known is not None and known.is_headline))
    return list(found.values())


def pagers(soup: BeautifulSoup, url: str, source: Source) -> Iterator[Pager]:
    """Ways to the next page, the surest first: rel=next, a link with such words, a link to page 2."""
    for named in ("a[rel~=next]", "link[rel~=next]"):
        first = soup.select_one(named)
        address = _absolute(first, url) if first else None
        if address and source.is_own(address):
            yield Pager(named, address)
    for tag in soup.find_all("a"):
        text = " ".join(tag.get_text(" ").split())
        address = _absolute(tag, url)
        if address is None or not source.is_own(address) or address == canonical_url(url):
            continue
        if _NEXT_WORDS.match(text) or (not text and _is_next_button(tag)):
            if selector := _selector(soup, tag):
                yield Pager(selector, address)
            if template := page_template(url, address):
                yield Pager(template, address)
        elif text == "2" and (template := page_template(url, address)):
            yield Pager(template, address)


def _is_next_button(tag: Tag) -> bool:
    """Whether a link without words, an arrow that a style sheet draws, says otherwise that it leads on."""
    said = (str(tag.get(name) or "") for name in ("title", "aria-label"))
    return any(_NEXT_WORDS.match(" ".join(words.split())) for words in said) or any(
        "next" in re.split(r"[-_]", name.lower()) for name in _names(tag)
    )


def page_template(url: str, second: str) -> str | None:
    """The path of page `second` with `{page}` for its number, None where it does not hold a 2 that `url` has not.

    >>> page_template("https://baosongtien.vn/cong-doan/", "https://baosongtien.vn/cong-doan/trang-2.html")
    '/cong-doan/trang-{page}.html'
    """
    parts = urlsplit(second)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    twos = list(re.finditer(r"(?<![0-9])2(?![0-9])", path))
    if not twos or "{" in path or path == urlsplit(url).path:
        return None
    last = twos[-1]
    return f"{path[: last.start()]}{{page}}{path[last.end() :]}"


def _selector(soup: BeautifulSoup, tag: Tag) -> str | None:
    """A selector by classes whose first element on the page is `tag`; None where no class tells it apart."""
    around = tag.parent
    own = [f"a.{name}" for name in _names(tag)]
    above = [f".{name} > a" for name in _names(around)] if isinstance(around, Tag) else []
    both = [
        f".{name} {selector}"
        for name in (_names(around) if isinstance(around, Tag) else [])
        for selector in own
    ]
    for selector in (*own, *both, *above):
        if soup.select(selector) == [tag] or (selector in both and soup.select_one(selector) is tag):
            return selector
    return None


def _names(tag: Tag) -> list[str]:
    classes: str | list[str] = tag.get("class") or []
    names = classes.split() if isinstance(classes, str) else [str(name) for name in classes]
    return [name for name in names if _NAME.fullmatch(name)]


def _absolute(tag: Tag, url: str) -> str | None:
    href = str(tag.get("href") or "").strip()
    try:
        return canonical_url(urljoin(url, href)) if href and not href.startswith("#") else None
    except ValueError:  # `javascript:…`, `http://[`
        return None


def _is_headline(text: str) -> bool:
    """Words of an article's title: names of sections, tags and buttons are shorter."""
    return len(text) >= 25 and len(text.split()) >= 6


def _in_menu(tag: Tag) -> bool:
    for element in tag.parents:
        # Portals on ASP.NET put the whole page into one form.
        if element.name in _MENU and (element.name != "form" or len(element.find_all("a", limit=10)) < 10):
            return True
        names = " ".join([*_names(element), str(element.get("id") or "")])
        if element.name not in {"body", "html"} and _MENU_NAMES.search(names):
            return True
    return False
