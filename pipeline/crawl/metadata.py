"""What a page says about itself for machines: JSON-LD and meta elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

_ARTICLE_TYPES = {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "WebPage"}
# ` | Báo Sông Tiền`, ` - Công đoàn …`: a site's name behind an article's title.
_SUFFIX = re.compile(r"\s+[|\-–—»]\s+[^|»]{3,60}$")


@dataclass(frozen=True)
class Metadata:
    """Texts as the page gives them, not yet normalised; None where it says nothing."""

    title: str | None = None
    description: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None


def read_metadata(soup: BeautifulSoup) -> Metadata:
    """JSON-LD first, then `og:` and `article:` meta elements, then `itemprop`."""
    linked = _article_object(soup)
    return Metadata(
        title=_text(linked.get("headline")) or _meta(soup, "og:title", "twitter:title"),
        description=_text(linked.get("description")) or _meta(soup, "og:description", "description"),
        author=_author(linked.get("author")) or _meta(soup, "article:author", "author", "dc.creator"),
        published=_text(linked.get("datePublished"))
        or _meta(soup, "article:published_time", "pubdate", "datePublished", "dc.date")
        or _itemprop(soup, "datePublished"),
        modified=_text(linked.get("dateModified"))
        or _meta(soup, "article:modified_time", "lastmod", "dateModified", "og:updated_time")
        or _itemprop(soup, "dateModified"),
    )


def strip_site_name(title: str, heading: str | None) -> str:
    """`title` without the site's name: the page's heading where the title begins with it, else its end cut.

    >>> strip_site_name("Trao 30 suất quà | Báo Sông Tiền", None)
    'Trao 30 suất quà'
    """
    if heading and title.casefold().startswith(heading.casefold()):
        return heading
    return _SUFFIX.sub("", title) if "|" in title or "»" in title else title


def _article_object(soup: BeautifulSoup) -> dict[str, Any]:
    """The page's most article-like JSON-LD object; empty where there is none that parses."""
    best: dict[str, Any] = {}
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            # strict=False: news systems paste line breaks into JSON strings.
            data = json.loads(script.get_text(), strict=False)
        except (json.JSONDecodeError, RecursionError):
            continue
        for item in _objects(data):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if not _ARTICLE_TYPES.isdisjoint(str(kind) for kind in kinds):
                # A WebPage is only a stand-in for an article object.
                if "WebPage" not in kinds:
                    return item
                best = best or item
    return best


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _objects(item)
    elif isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph", []))


def _meta(soup: BeautifulSoup, *names: str) -> str | None:
    for name in names:
        for attribute in ("property", "name", "itemprop"):
            tag = soup.find("meta", attrs={attribute: re.compile(f"^{re.escape(name)}$", re.IGNORECASE)})
            if isinstance(tag, Tag) and (text := _text(tag.get("content"))):
                return text
    return None


def _itemprop(soup: BeautifulSoup, name: str) -> str | None:
    tag = soup.find(None, {"itemprop": name})
    if not isinstance(tag, Tag):
        return None
    return _text(tag.get("datetime")) or _text(tag.get("content")) or _text(tag.get_text(" "))


def _author(value: Any) -> str | None:
    if isinstance(value, list):
        names = [name for item in value if (name := _author(item))]
        return ", ".join(names) or None
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
