"""A demo site's pages: an address becomes bytes by way of a route, its template and the articles of the moment."""

from __future__ import annotations

import gzip
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.demo_sites.encoding import encode
from pipeline.demo_sites.routes import Kind, Match, SiteFile, Validator
from pipeline.demo_sites.story import HANOI, Story

_RELATED = 4
_REDESIGN = timedelta(days=30)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@dataclass(frozen=True)
class Page:
    """A page as it is sent. `content_type` is the header's; `changed` is its last change, with an offset."""

    kind: Kind
    data: bytes
    content_type: str
    changed: datetime
    validators: tuple[Validator, ...]


class Renderer:
    """Templates of one site. `layout` names a folder of templates that stand in for those of the same name."""

    def __init__(self, site: SiteFile, templates: Path) -> None:
        self.layout: str | None = None
        self._site = site
        self._templates = templates
        self._jinja = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(site=site, categories=site.categories)
        self._jinja.filters.update(
            rfc822=rfc822, weekday=weekday, slug=slug, hard_blanks=hard_blanks, w3c=w3c
        )

    def page(self, match: Match, stories: list[Story], base_url: str) -> Page | None:
        """The page of `match`, `stories` being all that readers can find; None where there is none."""
        values = self._values(match, stories)
        if values is None:
            return None
        newest = max((story.modified for story in stories), default=datetime(2025, 1, 1, tzinfo=HANOI))
        story = values.get("story")
        changed = story.modified if story else values.get("changed", newest)
        name = match.route.template
        if self.layout and (self._templates / self.layout / name).exists():
            name = f"{self.layout}/{name}"
            changed += _REDESIGN
        text = self._jinja.get_template(name).render(
            base_url=base_url, newest=newest, path=match.route.path, **values
        )
        data = encode(text, self._site.charset)
        headers = self._site.headers[match.route.kind]
        return Page(
            kind=match.route.kind,
            data=gzip.compress(data, mtime=0) if match.route.gzip else data,
            content_type=match.route.type or headers.type,
            changed=changed,
            validators=tuple(headers.validators),
        )

    def _values(self, match: Match, stories: list[Story]) -> dict[str, Any] | None:
        """What the template is told; None where the parts of the address fit nothing."""
        category = match.parts.get("category", "")
        if category and category not in self._site.categories:
            return None
        mine = [story for story in stories if not category or story.category == category]
        match match.route.kind:
            case "article":
                found = next((story for story in stories if story.path == match.parts["article"]), None)
                return {"story": found, "related": related(found, stories)} if found else None
            case "listing":
                return self._listing(mine, category, int(match.parts.get("page", "1")))
            case "feed":
                return {"stories": mine[: self._site.feed_size], "category": category}
            case "sitemap":
                return self._sitemap(mine, match.parts.get("month"))
            case _:
                return {}

    def _listing(self, mine: list[Story], category: str, number: int) -> dict[str, Any] | None:
        size = self._site.page_size
        pages = max(1, -(-len(mine) // size))
        if number > pages and self._site.past_end == "missing":
            return None
        return {
            "stories": mine[(number - 1) * size : number * size],
            "category": category,
            "heading": self._site.categories.get(category, "Tin mới"),
            "number": number,
            "pages": pages,
        }

    def _sitemap(self, mine: list[Story], month: str | None) -> dict[str, Any] | None:
        months = {story.month: story.modified for story in sorted(mine, key=lambda story: story.modified)}
        if month is None:
            return {
                "months": dict(sorted(months.items(), reverse=True)),
                "stories": mine[: self._site.feed_size],
            }
        if month not in months:
            return None
        return {"stories": [story for story in mine if story.month == month], "changed": months[month]}


def related(story: Story, stories: list[Story]) -> list[Story]:
    """Other articles that a page links to: the next older ones, so that a new article changes no old page.

    The oldest pages, which have none, link to the next newer ones.
    """
    place = stories.index(story)
    return stories[place + 1 : place + 1 + _RELATED] or stories[max(0, place - _RELATED) : place]


def rfc822(moment: datetime) -> str:
    """`Mon, 13 Jan 2025 02:20:00 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def w3c(moment: datetime) -> str:
    """`2025-01-13T09:20:00+07:00`, as sitemaps write it."""
    return moment.isoformat(timespec="seconds")


def weekday(moment: datetime) -> str:
    """`Thứ Hai`."""
    return _WEEKDAYS[moment.weekday()]


def slug(text: str) -> str:
    """`Thanh Sương` as `thanh-suong`."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def hard_blanks(text: str) -> str:
    """Every seventh blank as U+00A0, the way text pasted from a word processor has them."""
    words = text.split(" ")
    return "".join(word + ("\u00a0" if place % 7 == 6 else " ") for place, word in enumerate(words))[:-1]
