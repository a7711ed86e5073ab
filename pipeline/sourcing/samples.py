"""A few articles fetched and read as a night would read them, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.crawl.fetch import HTML
from pipeline.crawl.outcomes import Failed, FailureKind
from pipeline.crawl.parse import ParsedArticle, ParseError, parse_html
from pipeline.crawl.sources import Source
from pipeline.sourcing.live import LiveSite

BEGINNING = 100
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class Sample:
    """One article as it would be taken, or `failed` with the reason why not.

    `shows` is the article's own address where this page is a twin of it. `layout` is the number (from 0) of the
    manifest's layout that fitted. `found_by` is field → what told it (`json-ld`, `meta`, `layout`, `page` …).
    `relevant` says whether it reports a union's event.
    """

    url: str
    failed: str | None = None
    failure: FailureKind | None = None
    shows: str | None = None
    title: str | None = None
    published: str | None = None
    byline: str | None = None
    lead: str | None = None
    paragraphs: int = 0
    characters: int = 0
    beginning: str = ""
    layout: int | None = None
    found_by: dict[str, str] = field(default_factory=dict)
    relevant: bool | None = None


def read_sample(site: LiveSite, source: Source, url: str) -> Sample:
    """The article at `url`, asked for through `site`. Never raises for what the site sends."""
    outcome = site.get(url, accept=HTML)
    if isinstance(outcome, Failed):
        return Sample(url, failed=outcome.reason, failure=outcome.kind)
    shown = source.article(outcome.final_url)
    if shown is None and outcome.final_url != url:
        return Sample(
            url, failed=f"redirected to {outcome.final_url}, which is no article", failure="redirect"
        )
    try:
        article = parse_html(
            outcome.body,
            url,
            fetched_at=outcome.fetched_at,
            source=source,
            content_type=outcome.content_type,
        )
    except ParseError as error:
        kind: FailureKind = "challenge" if error.reason == "challenge" else "no_article"
        return Sample(url, failed=str(error).removeprefix(f"{url}: "), failure=kind)
    canonical = source.article(article.canonical or "")
    text = "\n\n".join(article.paragraphs) or article.text
    return Sample(
        url,
        shows=next((other for other in (shown, canonical) if other and other != url), None),
        title=article.title,
        published=article.published,
        byline=article.byline,
        lead=article.lead,
        paragraphs=len(article.paragraphs),
        characters=len(article.text),
        beginning=text[:BEGINNING],
        layout=article.layout,
        found_by=dict(article.found_by),
        relevant=_is_relevant(article),
    )


def _is_relevant(article: ParsedArticle) -> bool:
    from extractors import read  # noqa: PLC0415 (brings spaCy and underthesea)

    report = read(article.text, title=article.title, published=article.published, url=article.url)
    return report.article.relevant
