"""A manifest as text: what was found, and in comments how sure that is and what to look at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from pipeline.sourcing.shapes import Shape
from pipeline.tables import visible

_FIELDS = ("title", "lead", "body", "byline", "published")
_FEW = 3


@dataclass(frozen=True)
class Findings:
    """What was learnt of a site. Addresses of start points are relative to `base_url`.

    `section` is the folder of the listing's own articles, where there are others beside them. `more_feeds` and `more_sitemaps` are written as comments. `next` is the listing's, None where there is none.
    `links` is how many articles the start points showed; `sampled` how many article pages were looked at.
    """

    name: str
    title: str
    base_url: str
    day: str
    shape: Shape
    feeds: tuple[str, ...] = ()
    more_feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    more_sitemaps: tuple[str, ...] = ()
    listing: str | None = None
    section: str | None = None
    next: str | None = None
    selectors: dict[str, str] = field(default_factory=dict)
    sampled: int = 0
    links: int = 0
    asked_delay: float | None = None
    loopback: bool = False


def manifest_text(found: Findings) -> str:
    """The manifest of `found`, as YAML with comments; every string of the site's is quoted where YAML needs it."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Findings) -> Iterator[str]:
    yield from _comment(
        f"A draft of {found.day}, made by `tongket sources new` from a few pages. Nobody has compared what it takes with "
        f"the site yet: `tongket sources check {found.name}` shows it. When two articles are right, set verified: true."
    )
    yield f"name: {_value(found.name)}"
    yield f"title: {_value(found.title)}"
    yield f"base_url: {_value(found.base_url)}"
    yield "verified: false"
    if found.loopback:
        yield "allow_loopback: true"
        yield "delay_seconds: 0.05"
    else:
        if found.asked_delay:
            yield from _comment(
                f"robots.txt asks for {found.asked_delay:g} s, which is kept whatever stands here."
            )
        yield "delay_seconds: 2"
    yield from _starts(found)
    yield from _pattern(found)
    yield from _layout(found)
    yield "bounds:"
    yield from _comment(
        "About half of what the start points showed at first: a night with less is called ill.", 2
    )
    yield f"  min_links: {max(1, found.links // 2)}"


def _starts(found: Findings) -> Iterator[str]:
    if found.feeds:
        yield "feeds:"
        yield from (f"  - {_value(feed)}" for feed in found.feeds)
    if found.more_feeds:
        yield from _comment("Further feeds of the site; those on unions and workers are worth naming:")
        yield from (f"# - {_value(feed)}" for feed in found.more_feeds)
    if found.listing:
        yield "listings:"
        yield f"  - url: {_value(found.listing)}"
        if found.next:
            yield f"    next: {_value(found.next)}"
            yield from _comment("A night stops at the first page whose articles are all known.", 4)
            yield "    max_pages: 10"
        else:
            yield from _comment(
                "No link to a second page was found, or it showed nothing new: name it in `next`.", 4
            )
    if found.sitemaps:
        yield from _comment("Sitemaps hold the whole site: the first night reads them from end to end.")
        yield "sitemaps:"
        yield from (f"  - {_value(sitemap)}" for sitemap in found.sitemaps)
    if found.more_sitemaps:
        yield from _comment(
            "Sitemaps hold the whole site, not this section alone. For a backfill, with an article_pattern that fits the "
            "section only:"
        )
        yield from (f"# - {_value(sitemap)}" for sitemap in found.more_sitemaps)


def _pattern(found: Findings) -> Iterator[str]:
    shape = found.shape
    yield from _comment(f"Found in {shape.share:.0%} of the links that look like articles.")
    if shape.strays:
        examples = ", ".join(shape.strays[:_FEW])
        yield from _comment(f"It also takes {len(shape.strays)} links that may be none, such as {examples}")
    if found.section and not shape.pattern.startswith("^"):
        narrow = _value(rf"^/{found.section}/.*{shape.pattern}")
        yield from _comment(f"To take no article of another section: article_pattern: {narrow}")
    yield f"article_pattern: {_value(shape.pattern)}"


def _layout(found: Findings) -> Iterator[str]:
    missing = [name for name in _FIELDS if name not in found.selectors]
    if not found.selectors:
        yield from _comment("No selectors: none was certain, so the general rules read the pages.")
        return
    yield from _comment(f"Each selector was right on all of the {found.sampled} articles looked at.")
    if missing:
        yield from _comment(f"Not certain, so left to the general rules: {', '.join(missing)}.")
    yield "layouts:"
    for number, name in enumerate(name for name in _FIELDS if name in found.selectors):
        yield f"  {'- ' if number == 0 else '  '}{name}: {_value(found.selectors[name])}"


def _comment(text: str, indent: int = 0) -> Iterator[str]:
    """`text` as lines of comment; no line break of the site's may end it early."""
    start = " " * indent + "# "
    yield from textwrap.wrap(
        visible(text),
        110,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _value(text: str) -> str:
    """A scalar as YAML writes it, on one line.

    >>> _value("Báo Sông Tiền"), _value("td: tít"), _value("a\\nb")
    ('Báo Sông Tiền', "'td: tít'", 'a b')
    """
    written: str = yaml.safe_dump(" ".join(text.split()), allow_unicode=True, width=10_000)
    return written.removesuffix("\n").removesuffix("...").removesuffix("\n")


def relative(urls: Sequence[str], base_url: str) -> tuple[str, ...]:
    """The addresses as they stand in a manifest: those of `base_url` without it.

    >>> relative(["https://baosongtien.vn/rss", "https://rss.baosongtien.vn/x"], "https://baosongtien.vn")
    ('/rss', 'https://rss.baosongtien.vn/x')
    """
    return tuple(url.removeprefix(base_url) if url.startswith(f"{base_url}/") else url for url in urls)
