"""One page's bytes become one article: title, dates, byline and running text. No network, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bs4 import BeautifulSoup, Tag

from extractors.text import normalise
from pipeline.crawl.body import Block, blocks, drop_furniture, find_body, in_furniture
from pipeline.crawl.metadata import Metadata, read_metadata, strip_site_name
from pipeline.crawl.sources import Selectors, Source
from pipeline.crawl.stamps import parse_stamp


class ParseError(ValueError):
    """A page that holds no article; the message names its URL and what is missing."""


@dataclass(frozen=True)
class ParsedArticle:
    """One article as its page shows it, everything NFC.

    `text` is what a reader reads below the title: the lead, then paragraphs and captions in page order,
    separated by blank lines. `published` and `modified` are ISO 8601. `source` is the source's name, or
    the URL where there is none.
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


_LEADS = (
    ".sapo, .lead, .chapeau, .article-lead, .detail-sapo, .article__sapo, .summary, .article-summary, .intro"
)
_BYLINES = "[rel=author], [itemprop=author], .author, .byline, .tac-gia, .article-author"
_STAMPS = (
    "time[datetime], time, .date, .time, .publish-date, .published, .post-date, .ngay-dang, .article-date"
)
# The charset a page declares for itself, in its first kilobytes.
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def parse_html(
    data: bytes,
    url: str | None = None,
    *,
    fetched_at: datetime | None = None,
    source: Source | None = None,
) -> ParsedArticle:
    """The article on a page. Metadata for machines first, then the source's selectors, then general rules.

    `fetched_at` (with an offset) guards against a page's running clock taken for its date. Raises
    `ParseError` where the page has no running text: an empty shell, a bot check, a redirect by script.
    """
    soup = BeautifulSoup(decode(data), "lxml")
    selectors = source.selectors if source else Selectors()
    metadata = read_metadata(soup)
    title = _title(soup, selectors, metadata)
    published, modified = _dates(soup, selectors, metadata, fetched_at)
    byline = _one_line(_selected(soup, selectors.byline, _BYLINES)) or _one_line(metadata.author)

    body = soup.select_one(selectors.body) if selectors.body else find_body(soup)
    lead = _one_line(_lead(soup, selectors, body))
    found = _body_blocks(body, selectors)
    parts = _without_furniture_lines(found, title, lead, byline)
    text = "\n\n".join(([lead] if lead else []) + [block.text for block in parts])
    if not text:
        raise ParseError(
            f"{url or 'page'}: no running text; the page is empty, or its body selector no longer fits"
        )
    return ParsedArticle(
        url=url,
        title=title,
        lead=lead or _one_line(metadata.description),
        byline=byline,
        published=published,
        modified=modified,
        source=source.name if source else url,
        text=text,
        captions=tuple(block.text for block in parts if block.kind == "caption"),
    )


def decode(data: bytes) -> str:
    """`data` as text: UTF-8 where it is, else the charset the page declares, else windows-1258.

    Pages that declare another charset and are written in UTF-8 are common, the reverse is not: hence the
    order.
    """
    declared = _DECLARED.search(data[:4096])
    for encoding in ("utf-8-sig", declared[1].decode("ascii") if declared else "", "cp1258"):
        try:
            return data.decode(encoding) if encoding else data.decode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", errors="replace")


def _title(soup: BeautifulSoup, selectors: Selectors, metadata: Metadata) -> str | None:
    heading = _one_line(_selected(soup, selectors.title, "h1"))
    given = _one_line(metadata.title)
    if given:
        return strip_site_name(given, heading)
    if heading:
        return heading
    shown = _one_line(soup.title.get_text(" ") if soup.title else None)
    return strip_site_name(shown, None) if shown else None


def _dates(
    soup: BeautifulSoup, selectors: Selectors, metadata: Metadata, fetched_at: datetime | None
) -> tuple[str | None, str | None]:
    candidates = [metadata.published]
    tags = soup.select(selectors.published) if selectors.published else []
    if heading := soup.find("h1"):
        # What stands above the title is the page's clock as often as the article's date.
        stamps = soup.select(_STAMPS)
        after = {id(element) for element in heading.next_elements}
        tags += sorted(stamps, key=lambda tag: id(tag) not in after)
    else:
        tags += soup.select(_STAMPS)
    for tag in tags:
        if not in_furniture(tag):
            candidates += [str(tag.get("datetime") or ""), tag.get_text(" ")]
    dates = (parse_stamp(normalise(text), not_after=fetched_at) for text in candidates if text)
    modified = parse_stamp(metadata.modified, not_after=fetched_at) if metadata.modified else None
    return next((date for date in dates if date), None), modified


def _lead(soup: BeautifulSoup, selectors: Selectors, body: Tag | None) -> str | None:
    """The lead by the source's selector; without one, what looks like a lead in the body or before it."""
    if selectors.lead:
        return _selected(soup, selectors.lead, "")
    for tag in soup.select(_LEADS):
        # Lists of other stories have leads too; they stand in side columns, or behind the article.
        before = body is not None and any(element is body for element in [*tag.parents, *tag.next_elements])
        if before and not in_furniture(tag):
            return tag.get_text(" ")
    return None


def _body_blocks(body: Tag | None, selectors: Selectors) -> list[Block]:
    if body is None:
        return []
    for tag in body.select(selectors.captions) if selectors.captions else []:
        tag["class"] = "caption"
    drop_furniture(body, selectors.drop)
    return [Block(block.kind, text) for block in blocks(body) if (text := _one_line(block.text))]


def _without_furniture_lines(
    found: list[Block], title: str | None, lead: str | None, byline: str | None
) -> list[Block]:
    """Body blocks without title, lead and byline, which stand on their own, and none told twice running."""
    known = {text for text in (title, lead, byline) if text}
    parts: list[Block] = []
    for block in found:
        if block.text in known or (parts and parts[-1].text == block.text):
            continue
        parts.append(block)
    return parts


def _selected(soup: BeautifulSoup, selector: str | None, general: str) -> str | None:
    """Text of the first element by the source's selector, else by the general one."""
    for pattern in (selector, general):
        tag = soup.select_one(pattern) if pattern else None
        if isinstance(tag, Tag) and (text := tag.get_text(" ").strip()):
            return text
    return None


def _one_line(text: str | None) -> str | None:
    """`text` normalised, blanks collapsed; None where nothing is left."""
    return re.sub(r"\s+", " ", normalise(text)).strip() or None if text else None
