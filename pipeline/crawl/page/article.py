"""What is read from one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ParsedArticle:
    """One article as its page shows it, everything NFC.

    `text` is what a reader reads below the title: `lead` and `paragraphs`, separated by blank lines. `captions` are
    those of its images. `published` and `modified` are ISO 8601. `source` is the source's name, or the URL where
    there is none. `canonical` is the address that the page gives itself. `layout` is the place in the manifest of
    the layout whose `body` fitted; None says that general rules found it. `found_by` is field → how it was found.
    """

    url: str | None
    title: str | None
    lead: str | None
    byline: str | None
    published: str | None
    modified: str | None
    source: str | None
    text: str
    captions: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    canonical: str | None = None
    layout: int | None = None
    found_by: Mapping[str, str] = field(default_factory=dict)
