"""One page's bytes become one article: title, dates, byline and running text. No network, no clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bs4 import BeautifulSoup

from pipeline.crawl.page.article import ParsedArticle
from pipeline.crawl.page.charset import decode
from pipeline.crawl.page.metadata import read_metadata
from pipeline.crawl.page.reading import Reading
from pipeline.crawl.page.survey import survey
from pipeline.crawl.page.verdict import ParseError, why_no_article
from pipeline.crawl.sources import DateRule, Source

__all__ = ["ParseError", "ParsedArticle", "decode", "parse_html"]


# `<?xml …?>` in front of XHTML makes the parser doubt that it is HTML.
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def parse_html(
    data: bytes,
    url: str | None = None,
    *,
    fetched_at: datetime | None = None,
    source: Source | None = None,
    content_type: str | None = None,
) -> ParsedArticle:
    """The article on a page. Metadata for machines first, then the source's layouts, then general rules.

    `fetched_at` (with an offset) guards against a page's running clock taken for its date; `content_type` is the
    header of the answer. Raises `ParseError` where the page holds no article: an empty shell, a check for robots, a
    notice that there is no such article, a list of links.

    >>> page = "<h1>Trao 5 căn nhà</h1><article><p>Sáng 12/1, công đoàn huyện trao 5 căn nhà.</p><p>Mỗi căn 60 triệu đồng, do đoàn viên góp.</p></article>"
    >>> parse_html(page.encode()).paragraphs[1]
    'Mỗi căn 60 triệu đồng, do đoàn viên góp.'
    """
    text = _PROLOGUE.sub("", decode(data, content_type))
    if "<" not in text:
        raise ParseError(f"{url or 'page'}: no running text: not a page of HTML", "empty")
    page = survey(BeautifulSoup(text, "lxml"))
    rule = source.dates if source else DateRule()
    reading = Reading(page, read_metadata(page, url), rule, url=url, fetched_at=fetched_at)
    article = reading.article(source.layouts if source else [])
    reason = why_no_article(
        page,
        [part for part in (article.lead, *article.paragraphs) if part],
        reading.window,
        is_article=reading.metadata.is_article,
    )
    if reason is not None:
        raise ParseError(f"{url or 'page'}: {reason[1]}", reason[0])
    return replace(article, source=source.name if source else url)
