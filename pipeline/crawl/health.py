"""Whether a source's night was a healthy one: what it brought against its bounds and its last healthy nights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from pipeline.crawl.sources import Source
from pipeline.summary import CrawlSummary

NIGHTS = 7
"""How many healthy nights say what is usual."""
_FEW = 10  # articles: a share of fewer says nothing yet, so earlier nights are added


def check_crawl(source: Source, crawl: CrawlSummary, before: Sequence[CrawlSummary]) -> list[str]:
    """Breaches of `source.bounds` by `crawl`, as messages that say what changed; none is healthy.

    `before` are the last healthy crawls of the same mode, newest first.
    """
    return [*_links(source, crawl, before), *_failures(source, crawl), *_pages(source, crawl, before)]


def check_quiet(source: Source, newest: str | None, today: date) -> list[str]:
    """A breach of `max_quiet_days` by a source whose newest article is of the day `newest` (ISO; None: of none)."""
    most = source.bounds.max_quiet_days
    if most is None or newest is None or (today - date.fromisoformat(newest)).days <= most:
        return []
    days = (today - date.fromisoformat(newest)).days
    return [
        f"{source.name}: no new article for {days} days, at most {most} expected (max_quiet_days); look whether the "
        "site shows newer ones, and whether they have moved to other addresses"
    ]


def check_relevance(
    source: Source, crawl: CrawlSummary, before: Sequence[CrawlSummary], *, read: int, relevant: int
) -> list[str]:
    """A breach of `min_relevant_share` by the `read` articles, pooled with those of nights before; none where both are
    too few to tell."""
    for night in before:
        if read >= _FEW:
            break
        read, relevant = read + night.read, relevant + night.relevant
    if read < _FEW:
        return []
    return _share(
        source,
        "report a union's event",
        relevant,
        read,
        source.bounds.min_relevant_share,
        "min_relevant_share",
    )


def _links(source: Source, crawl: CrawlSummary, before: Sequence[CrawlSummary]) -> list[str]:
    least = source.bounds.min_links
    look = "look whether the start points, their markup or article_pattern changed"
    if crawl.links < least:
        return [f"{source.name}: {crawl.links} links found, at least {least} expected (min_links); {look}"]
    usual = median(night.links for night in before) if before else 0
    # The first night shows all there is, later ones what is new: three nights make the median a later one's.
    if len(before) > 2 and crawl.links < source.bounds.min_of_usual * usual:
        return [
            f"{source.name}: {crawl.links} links found, usually {usual:g} (min_of_usual "
            f"{source.bounds.min_of_usual:g}); {look}"
        ]
    return []


def _failures(source: Source, crawl: CrawlSummary) -> list[str]:
    tried = crawl.new + crawl.changed + crawl.unchanged + crawl.withdrawn + crawl.failed
    failed = crawl.failed + crawl.withdrawn
    if tried < 2 or failed / tried <= source.bounds.max_failed_share:
        return []
    reasons = sorted(crawl.reasons.items(), key=lambda item: (-item[1], item[0]))
    told = ", ".join(f"{count} × {reason}" for reason, count in reasons[:3])
    return [
        f"{source.name}: {failed} of {tried} pages failed, at most {source.bounds.max_failed_share:.0%} expected "
        f"(max_failed_share): {told}"
    ]


def _pages(source: Source, crawl: CrawlSummary, before: Sequence[CrawlSummary]) -> list[str]:
    """Dates and layouts of the articles that came anew; with too few of them, of the nights before as well."""
    shown, dated, fits, judged = crawl.shown, crawl.dated, crawl.layout_fits, crawl.layout_judged
    if not shown:
        return []
    for night in before:
        if shown >= _FEW:
            break
        shown, dated = shown + night.shown, dated + night.dated
        fits, judged = fits + night.layout_fits, judged + night.layout_judged
    bounds = source.bounds
    return [
        *_share(source, "have a date", dated, shown, bounds.min_dated_share, "min_dated_share"),
        *_share(
            source, "fit a layout of the manifest", fits, judged, bounds.min_layout_share, "min_layout_share"
        ),
    ]


def _share(source: Source, what: str, found: int, total: int, least: float, bound: str) -> list[str]:
    # Divided, not multiplied: 7 of 50 is 0.14, but 0.14 * 50 is a little more than 7.
    if not total or found / total >= least:
        return []
    return [
        f"{source.name}: {found} of {total} new articles {what}, at least {least:.0%} expected ({bound}); "
        "look whether the site's markup changed"
    ]
