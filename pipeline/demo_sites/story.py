"""One article of a demo site, as its text file tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

HANOI = timezone(timedelta(hours=7))


class DemoSiteError(Exception):
    """The site cannot be served: a file at fault or a port taken; the message says which and what to do."""


@dataclass(frozen=True)
class Block:
    """A part of an article's body: `kind` is `paragraph`, `heading` or `caption`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Story:
    """One article. `path` is its place on the site, with its query (`/xem-tin.asp?id=201`); dates have an offset.

    `category` is a code of the site (`cong-doan`).
    """

    path: str
    title: str
    lead: str
    byline: str
    category: str
    published: datetime
    modified: datetime
    body: tuple[Block, ...]
    tags: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The article's number in its path: 1001 of `…-post1001.html`; 0 where there is none."""
        numbers = re.findall(r"\d+", self.path)
        return int(numbers[-1]) if numbers else 0

    @property
    def month(self) -> str:
        """`2023-12`: the month of publication, by which sitemaps are parted."""
        return self.published.astimezone(HANOI).strftime("%Y-%m")

    def edited(self, old: str, new: str, modified: datetime | None = None) -> Story:
        """This article with `old` written `new` wherever it stands, changed at `modified`.

        That is a day after the last change where none is given. Raises `DemoSiteError` where `old` is not
        in the article.
        """
        told = (self.title, self.lead, self.byline, *(block.text for block in self.body))
        if not any(old in text for text in told):
            raise DemoSiteError(f"{self.path}: {old!r} is not in the article")
        return replace(
            self,
            title=self.title.replace(old, new),
            lead=self.lead.replace(old, new),
            byline=self.byline.replace(old, new),
            body=tuple(Block(block.kind, block.text.replace(old, new)) for block in self.body),
            modified=modified or self.modified + timedelta(days=1),
        )


def load_story(path: Path) -> Story:
    """The article at `path`: YAML front matter between `---` lines, then paragraphs parted by blank lines.

    `[ảnh] ` begins a caption, `## ` a sub-heading. Raises `DemoSiteError` naming the file and what is wrong.
    """
    try:
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        head: dict[str, Any] = yaml.safe_load(front)
        published = _moment(head["published"])
        return Story(
            path=head["path"],
            title=head["title"],
            lead=head.get("lead") or "",
            byline=head.get("byline") or "",
            category=head["category"],
            published=published,
            modified=_moment(head["modified"]) if head.get("modified") else published,
            body=tuple(_block(part) for part in body.split("\n\n") if part.strip()),
            tags=tuple(head.get("tags") or ()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise DemoSiteError(f"{path}: not an article with front matter: {error!r}") from error


def _block(part: str) -> Block:
    part = part.strip("\n")
    for mark, kind in (("[ảnh] ", "caption"), ("## ", "heading")):
        if part.startswith(mark):
            return Block(kind, part.removeprefix(mark))
    return Block("paragraph", part)


def _moment(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
