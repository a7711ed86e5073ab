"""Which of a source's dated layouts a page has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.crawl.page.dates import day_of
from pipeline.crawl.page.survey import Page, Spot
from pipeline.crawl.sources import Layout


@dataclass(frozen=True)
class Fit:
    """A layout that may be the page's. `index` is its place in the manifest, None where it names no body."""

    index: int | None = None
    layout: Layout = field(default_factory=Layout)
    body: Spot | None = None


def fits(page: Page, layouts: Sequence[Layout], published: str | None) -> Iterator[Fit]:
    """Layouts in use on the day of `published` that the page may have, in manifest order; the last resort is none.

    First those whose `body` selects something with text. Then one without `body`: its index is None, for it tells
    nothing of a site whose markup changed. Then an empty one: general rules alone.
    """
    day = date.fromisoformat(day_of(published)) if published else None
    admitted = [(number, layout) for number, layout in enumerate(layouts) if admits(layout, day)]
    for number, layout in admitted:
        for tag in page.select(layout.body) if layout.body else []:
            spot = page.spot(tag)
            if spot is not None and spot.own > 0:
                yield Fit(number, layout, spot)
                break
    yield next((Fit(layout=layout) for _, layout in admitted if layout.body is None), Fit())


def admits(layout: Layout, day: date | None) -> bool:
    """Whether `layout` was in use on `day`; an unknown day is every day.

    >>> admits(Layout(until=date(2018, 6, 30)), date(2018, 7, 1)), admits(Layout(since=date(2018, 7, 1)), None)
    (False, True)
    """
    if day is None:
        return True
    return not ((layout.since and day < layout.since) or (layout.until and day > layout.until))
