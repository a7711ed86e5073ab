"""What an archived record says, whatever it is: a page, a text, or a row of JSON Lines or CSV."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.crawl.archive import ArchivedPage
from pipeline.crawl.parse import parse_html
from pipeline.crawl.sources import Source
from pipeline.inputs import Document, article_of

_ROWS = {"text/plain", "application/json"}


@dataclass(frozen=True)
class Shown:
    """An article ready to be read. Dates are ISO 8601."""

    text: str
    title: str | None = None
    published: str | None = None
    lead: str | None = None
    byline: str | None = None
    modified: str | None = None


def parse_archived(page: ArchivedPage, url: str | None, source: Source) -> Shown:
    """The article in `page`. `url` is None for what was published nowhere.

    Raises `ParseError` on a page without an article, `UnreadableError` on a row that cannot be read.
    """
    kind = (page.content_type or "").partition(";")[0].strip().lower()
    if kind in _ROWS:
        row = article_of(
            Document(
                where=page.url,
                source=page.url,
                data=page.body,
                content_type=page.content_type or kind,
                url=url,
                fetched_at=page.fetched_at,
            )
        )
        return Shown(row.text, row.title, row.published)
    parsed = parse_html(
        page.body, url, fetched_at=page.fetched_at, source=source, content_type=page.content_type
    )
    return Shown(parsed.text, parsed.title, parsed.published, parsed.lead, parsed.byline, parsed.modified)
