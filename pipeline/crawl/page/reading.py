"""An article read from a page: each field by the first of metadata, a layout and general rules that has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.crawl.page.article import ParsedArticle
from pipeline.crawl.page.blocks import Block, read_blocks
from pipeline.crawl.page.body import find_body
from pipeline.crawl.page.clean import clean_all
from pipeline.crawl.page.dates import Dates, read_dates
from pipeline.crawl.page.heads import (
    byline_texts,
    choose_title,
    is_shown_as,
    lead_texts,
    strip_by,
    title_spots,
)
from pipeline.crawl.page.layouts import Fit, fits
from pipeline.crawl.page.lines import Lines, article_lines
from pipeline.crawl.page.metadata import Metadata
from pipeline.crawl.page.survey import Page, Spot, text_of
from pipeline.crawl.sources import DateRule, Layout


@dataclass(frozen=True)
class _Texts:
    """What a page says, clean: of the machine's part, of the layout's selectors, of elements that look right."""

    title: str | None
    description: str | None
    author: str | None
    site: str | None
    window: str | None
    layout_title: str | None
    layout_lead: str | None
    layout_byline: str | None
    titles: list[str]
    leads: list[str]
    bylines: list[str]
    blocks: list[Block]


class Reading:
    """One page being read, by one layout or another."""

    def __init__(
        self,
        page: Page,
        metadata: Metadata,
        rule: DateRule,
        *,
        url: str | None = None,
        fetched_at: datetime | None = None,
    ) -> None:
        self.metadata = metadata
        self.window = clean_all([page.soup.title.get_text() if page.soup.title else None])[0]
        self._page = page
        self._rule = rule
        self._url = url
        self._fetched_at = fetched_at
        self._titles = title_spots(page)
        self._body = find_body(page)

    def article(self, layouts: Sequence[Layout]) -> ParsedArticle:
        """By the first layout that gives text; where none does, what general rules find, which may be nothing."""
        # A layout is chosen by the article's date, so the date is first read without one.
        known = self._dates(Fit()).published if any(x.since or x.until for x in layouts) else None
        for fit in fits(self._page, layouts, known):
            article = self._by(fit)
            if article.paragraphs:
                break
        return article

    def _by(self, fit: Fit) -> ParsedArticle:
        texts = self._texts(fit)
        found_by: dict[str, str] = {"body": "general" if fit.body is None else "layout"}
        title = self._title(texts, found_by)
        lead = self._lead(texts, found_by)
        byline = self._byline(texts, found_by)
        lines = article_lines(texts.blocks, title, lead, byline)
        paragraphs = [block.text for block in lines.paragraphs]
        if lead is None and (lead := self._leading(lines, texts, found_by)) and [lead] == paragraphs[:1]:
            paragraphs = paragraphs[1:]
        if not paragraphs and not lead and self.metadata.body:
            paragraphs = [text for text in clean_all(self.metadata.body.splitlines()) if text]
            found_by["body"] = "json-ld"
        if byline is None and lines.byline:
            byline, found_by["byline"] = lines.byline, "general"
        dates = self._dates(fit)
        found_by |= {"published": dates.published_by} if dates.published else {}
        found_by |= {"modified": dates.modified_by} if dates.modified else {}
        found_by |= {"canonical": "meta"} if self.metadata.canonical else {}
        return ParsedArticle(
            url=self._url,
            title=title,
            lead=lead,
            byline=byline,
            published=dates.published,
            modified=dates.modified,
            source=None,
            text="\n\n".join([lead, *paragraphs] if lead else paragraphs),
            captions=lines.captions,
            paragraphs=tuple(paragraphs),
            canonical=self.metadata.canonical,
            layout=fit.index,
            found_by=found_by,
        )

    def _texts(self, fit: Fit) -> _Texts:
        """All texts of the page that may be needed, cleaned together."""
        layout, metadata = fit.layout, self.metadata
        body = fit.body or self._body
        groups = (
            [text_of(spot.tag) for spot in self._titles],
            [text_of(spot.tag) for spot in lead_texts(self._page, body)],
            [text_of(spot.tag) for spot in byline_texts(self._page)],
        )
        blocks = self._blocks(layout, body)
        single = [metadata.title, metadata.description, metadata.author, metadata.site, self.window]
        single += [self._selected(selector) for selector in (layout.title, layout.lead, layout.byline)]
        cleaned = clean_all(
            [*single, *(text for group in groups for text in group), *(b.text for b in blocks)]
        )
        rest = cleaned[len(single) :]
        named = []
        for group in groups:
            named.append([text for text in rest[: len(group)] if text])
            rest = rest[len(group) :]
        kept = [block.with_text(text) for block, text in zip(blocks, rest, strict=True) if text]
        titles, leads, bylines = named
        title, description, author, site, window, *by_layout = cleaned[: len(single)]
        layout_title, layout_lead, layout_byline = by_layout
        return _Texts(
            title, description, author, site, window, layout_title, layout_lead, layout_byline, titles, leads, bylines, kept
        )  # fmt: skip

    def _blocks(self, layout: Layout, body: Spot | None) -> list[Block]:
        if body is None:
            return []
        skip = {id(tag) for selector in layout.drop for tag in self._page.select(selector, body)}
        captions = {id(tag) for tag in self._page.select(layout.captions, body)} if layout.captions else set()
        return read_blocks(self._page, body.tag, skip=skip, captions=captions)

    def _selected(self, selector: str | None) -> str | None:
        """Text of the first element that a layout's selector fits and that has any."""
        for tag in self._page.select(selector) if selector else []:
            if (text := text_of(tag)).strip():
                return text
        return None

    def _title(self, texts: _Texts, found_by: dict[str, str]) -> str | None:
        headings = ([texts.layout_title] if texts.layout_title else []) + texts.titles
        shown = frozenset[str]()
        if not texts.title and not headings:
            shown = frozenset(" ".join(run.text.split()) for run in self._page.runs if run.length < 300)
        title, by = choose_title(texts.title, headings, texts.window, texts.site, shown)
        if title:
            by = self.metadata.told_by.get("title", "meta") if by == "metadata" else by
            found_by["title"] = "layout" if by == "general" and texts.layout_title else by
        return title

    def _lead(self, texts: _Texts, found_by: dict[str, str]) -> str | None:
        """The lead that the page shows: as a layout or its name says. What only machines are told is none."""
        for lead, by in ((texts.layout_lead, "layout"), *((text, "general") for text in texts.leads)):
            if lead:
                told = texts.description is not None and is_shown_as(texts.description, lead)
                found_by["lead"] = self.metadata.told_by.get("lead", "meta") if told else by
                return lead
        return None

    def _leading(self, lines: Lines, texts: _Texts, found_by: dict[str, str]) -> str | None:
        """What metadata repeats as the summary, above the body or first in it; a first paragraph alone in bold or italics."""
        first = lines.paragraphs[0] if lines.paragraphs else None
        first_text = first.text if first and first.kind == "paragraph" else None
        if texts.description:
            for text in (first_text, *self._above_body()):
                if text and is_shown_as(texts.description, text):
                    found_by["lead"] = self.metadata.told_by.get("lead", "meta")
                    return text
        alone = len(lines.paragraphs) > 1 and not lines.paragraphs[1].marked
        if first and first_text and first.marked and alone and len(first_text) >= _SHORTEST_LEAD:
            found_by["lead"] = "general"
            return first_text
        return None

    def _above_body(self) -> Iterator[str]:
        """Longer texts that stand before the body, outside furniture."""
        above = self._body.order if self._body else 0
        for run in self._page.runs:
            if run.order > above:
                break
            if (
                run.length >= _SHORTEST_TITLE * 2
                and not run.spot.inside
                and (text := clean_all([run.text])[0])
            ):
                yield text

    def _byline(self, texts: _Texts, found_by: dict[str, str]) -> str | None:
        told = self.metadata.told_by.get("byline", "meta")
        general = ((text, "general") for text in texts.bylines)
        for text, by in ((texts.author, told), (texts.layout_byline, "layout"), *general):
            if byline := strip_by(text):
                found_by["byline"] = by
                return byline
        return None

    def _dates(self, fit: Fit) -> Dates:
        return read_dates(
            self._page,
            self.metadata,
            self._rule,
            self._url,
            fetched_at=self._fetched_at,
            title=self._title_spot(fit.layout),
            body=fit.body or self._body,
            selector=fit.layout.published,
        )

    def _title_spot(self, layout: Layout) -> Spot | None:
        """Where the title stands; on pages without headings, where the window's title begins."""
        for tag in self._page.select(layout.title) if layout.title else []:
            if spot := self._page.spot(tag):
                return spot
        if self._titles:
            return self._titles[0]
        for run in self._page.runs if self.window else []:
            text = " ".join(run.text.split())
            if len(text) >= _SHORTEST_TITLE and self.window and self.window.startswith(text):
                return run.spot
        return None


# Characters: a bold line of fewer is a heading; a line of fewer is a menu's.
_SHORTEST_LEAD, _SHORTEST_TITLE = 80, 12
