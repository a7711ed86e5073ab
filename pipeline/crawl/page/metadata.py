"""What a page says about itself for machines: JSON-LD, meta elements and microdata."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from pipeline.crawl.page.survey import Page

_ARTICLE_TYPES = {
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BlogPosting",
    "Report",
}
# Stand-ins, where the page has no object of an article: they speak of the page, not of the text on it.
_PAGE_TYPES = {"WebPage", "ItemPage"}
# Content in a script keeps its entities, and pages escape them twice: `&amp;#8220;`.
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.IGNORECASE)
# News systems pack JSON-LD into comments or CDATA, and leave a comma before a closing bracket.
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|/\*.*?\*/)\s*$|;\s*$", re.DOTALL
)
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
# Who put a page into the system is not who wrote it.
_NO_AUTHOR = re.compile(r"https?:|www\.|^(?:admin\w*|administrator|editor|quan ?tri\w*|quản trị\w*|webmaster|host|user\d*|bbt|ban biên tập|tòa soạn)$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Metadata:
    """Texts as the page gives them, not yet normalised; None where it says nothing.

    `told_by` is field → `json-ld` or `meta`. `body` is JSON-LD's articleBody.
    """

    title: str | None = None
    description: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    canonical: str | None = None
    site: str | None = None
    body: str | None = None
    is_article: bool = False
    told_by: dict[str, str] = field(default_factory=dict)


def read_metadata(page: Page, url: str | None = None) -> Metadata:
    """JSON-LD first, then `og:` and `article:` meta elements, then `itemprop`."""
    soup = page.soup
    linked, stand_in = _objects_of(soup)
    metas = _metas(soup)
    site = _meta(metas, "og:site_name", "application-name")
    told_by: dict[str, str] = {}

    def first(name: str, from_json: str | None, *others: str | None) -> str | None:
        if from_json:
            told_by[name] = "json-ld"
            return from_json
        other = next((text for text in others if text), None)
        if other:
            told_by[name] = "meta"
        return other

    date = _text(linked.get("datePublished")), _text(linked.get("dateModified"))
    return Metadata(
        title=first("title", _text(linked.get("headline")) or _text(linked.get("name")), _meta(metas, "og:title", "twitter:title"), _text(stand_in.get("headline"))),
        description=first("lead", _text(linked.get("description")), _meta(metas, "og:description", "description", "twitter:description")),
        author=first("byline", _author(linked.get("author"), site), _named_author(_meta(metas, "article:author", "author", "dc.creator"), site)),
        published=first(
            "published", date[0],
            _meta(metas, "article:published_time", "og:published_time", "pubdate", "datepublished", "dc.date", "dc.date.issued", "date"),
            _itemprop(page, "datePublished"), _text(stand_in.get("datePublished")),
        ),
        modified=first(
            "modified", date[1],
            _meta(metas, "article:modified_time", "lastmod", "last-modified", "datemodified", "og:updated_time"),
            _itemprop(page, "dateModified"), _text(stand_in.get("dateModified")),
        ),
        canonical=_canonical(soup, metas, url),
        site=site,
        body=_text(linked.get("articleBody")),
        is_article=bool(linked),
        told_by=told_by,
    )  # fmt: skip


def _objects_of(soup: BeautifulSoup) -> tuple[dict[str, Any], dict[str, Any]]:
    """The page's article as a JSON-LD object and its page as one; empty where there is none that parses."""
    article: dict[str, Any] = {}
    page: dict[str, Any] = {}
    for script in soup.find_all("script", type="application/ld+json"):
        for item in _objects(_json(script.get_text())):
            kinds = item.get("@type")
            kinds = {str(kind) for kind in kinds} if isinstance(kinds, list) else {str(kinds)}
            if not article and not _ARTICLE_TYPES.isdisjoint(kinds):
                article = item
            elif not page and not _PAGE_TYPES.isdisjoint(kinds):
                page = item
    return article, page


def _json(text: str) -> Any:
    text = _WRAPPED.sub("", text)
    for attempt in (text, _LAST_COMMA.sub("", text)):
        try:
            # strict=False: news systems paste line breaks into JSON strings.
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):  # no JSON, or a number of thousands of digits in it
            continue
    return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Objects at any place where pages put an article: a list, `@graph`, what a page is about."""
    queue = deque([data])
    while queue:
        item = queue.popleft()
        if isinstance(item, list):
            queue.extendleft(reversed(item))
        elif isinstance(item, dict):
            yield item
            queue += [item[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(item.get(name), dict | list)]  # fmt: skip


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    """Name in lower case → content, the first of each name that has any."""
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        content = _text(tag.attrs.get("content"))
        for attribute in ("property", "name", "itemprop"):
            name = tag.attrs.get(attribute)
            if content and isinstance(name, str):
                found.setdefault(name.strip().lower(), content)
    return found


def _meta(metas: dict[str, str], *names: str) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _itemprop(page: Page, name: str) -> str | None:
    for spot in page.spots:
        tag = spot.tag
        if tag.attrs.get("itemprop") == name and not spot.inside:
            return (
                _text(tag.attrs.get("datetime"))
                or _text(tag.attrs.get("content"))
                or _text(tag.get_text(" "))
            )
    return None


# A list of persons who have a name: deeper lies no author.
_DEEPEST = 5


def _author(value: Any, site: str | None, depth: int = 0) -> str | None:
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        names = [name for item in value if (name := _author(item, site, depth + 1))]
        return ", ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        # The paper itself is no byline.
        return None if value.get("@type") == "Organization" else _author(value.get("name"), site, depth + 1)
    return _named_author(_text(value), site)


def _named_author(name: str | None, site: str | None) -> str | None:
    if name is None or _NO_AUTHOR.search(name) or (site and name.casefold() == site.casefold()):
        return None
    return name


def _canonical(soup: BeautifulSoup, metas: dict[str, str], url: str | None) -> str | None:
    """The page's own word for its address; a site that names its front page on every page has none."""
    base_tag = soup.find("base", href=True)
    base = str(base_tag["href"]) if isinstance(base_tag, Tag) else ""
    link = soup.find("link", rel="canonical")
    candidates = [_text(link.attrs.get("href")) if isinstance(link, Tag) else None, _meta(metas, "og:url")]
    for candidate in candidates:
        if not candidate:
            continue
        try:
            whole = urljoin(urljoin(url or "", base), candidate)
            parts = urlsplit(whole)
            at_root = parts.path in {"", "/"} and not parts.query
            if (
                parts.scheme in {"http", "https"}
                and parts.hostname
                and not (at_root and url and urlsplit(url).path not in {"", "/"})
            ):
                return whole
        except ValueError:  # `http://[`: printed as an address, but none
            continue
    return None


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if _ENTITY.search(value):
        value = html.unescape(value)
    return value.strip() or None
