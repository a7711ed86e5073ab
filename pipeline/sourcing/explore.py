"""From one page of a site to all that a draft says: where articles are, how their addresses look, what picks out their parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from pipeline.crawl.fetch import HTML
from pipeline.crawl.outcomes import Failed, FailureKind, Page
from pipeline.crawl.page.charset import decode
from pipeline.crawl.parse import ParseError, parse_html
from pipeline.crawl.schedule import VIETNAM
from pipeline.crawl.sources import Listing, Source
from pipeline.settings import Settings
from pipeline.sourcing.clues import Anchor, anchors, pagers, site_title
from pipeline.sourcing.draft import Findings, relative
from pipeline.sourcing.elements import look
from pipeline.sourcing.live import LiveSite
from pipeline.sourcing.selectors import Example, guess_selectors, main_text
from pipeline.sourcing.shapes import learn_shape
from pipeline.sourcing.wells import Wells, find_wells
from pipeline.summary import Progress

SAMPLED = 5
"""Articles looked at."""

_PAGERS = 3  # ways to a next page that are tried

_ADVICE: dict[FailureKind, str] = {
    "type": "it is no HTML page: give the home page or that of a section",
    "redirect": "give the address it leads to",
    "disallowed": "choose another page",
    "address": "for a site that is meant to be on this machine, add --loopback",
    "network": "check the address and the network",
}


class NewError(ValueError):
    """No draft can be made; the message says why and what to do."""


def explore(settings: Settings, start: str, name: str, *, loopback: bool, progress: Progress) -> Findings:
    """What there is to be found from the page at `start`, a canonical URL. Raises `NewError` where that is nothing."""
    parts = urlsplit(start)
    source = Source(
        name=name,
        title=name,
        base_url=f"{parts.scheme}://{parts.netloc}",
        listings=[Listing(url=start)],
        article_pattern="",
        delay_seconds=0.05 if loopback else 2.0,
        allow_loopback=loopback,
    )
    with LiveSite(settings, source, progress) as site:
        robots = site.robots()
        if not robots.readable:
            advice = _ADVICE.get(robots.failure or "network", _ADVICE["network"])
            raise NewError(f"{source.base_url}/robots.txt: cannot be read ({robots.reason}): {advice}")
        if not robots.usable:
            raise NewError(
                f"{source.base_url}/robots.txt: asks for {robots.delay:g} s between two requests: ask the owner"
            )
        page = _page(site, start)
        # `www.` or `https:` that a redirect adds is the site's own spelling of itself.
        shown = urlsplit(page.final_url)
        source = source.at(f"{shown.scheme}://{shown.netloc}")
        soup = BeautifulSoup(decode(page.body, page.content_type), "lxml")
        links = anchors(soup, page.final_url, source)
        wells = find_wells(site, source, robots, soup, page.final_url)
        articles = _articles(wells, links)
        others = [link.url for link in links if link.url not in set(articles) and not link.is_headline]
        shape = learn_shape(articles, others)
        if shape is None:
            raise NewError(
                f"{start}: no articles found ({len(articles)} links that look like some): give the page of a section that "
                "lists articles, such as /cong-doan/"
            )
        source = source.model_copy(update={"article_pattern": shape.pattern})
        articles = list(dict.fromkeys(found for one in articles if (found := source.article(one))))
        listed = {found for link in links if (found := source.article(link.url))}
        examples = _examples(site, source, articles[:SAMPLED])
        selectors = _proved(source, guess_selectors(examples), examples)
        next_page = _next(site, source, soup, page.final_url, listed) if listed else None
    # A section's page stands for the section, which the sitemaps of the whole site do not.
    whole = urlsplit(page.final_url).path in {"", "/"} and not urlsplit(page.final_url).query
    sitemaps = relative(wells.sitemaps, source.base_url)
    return Findings(
        name=name,
        title=site_title(soup) or parts.netloc,
        base_url=source.base_url,
        day=datetime.now(VIETNAM).date().isoformat(),
        shape=shape,
        feeds=relative(wells.feeds, source.base_url),
        more_feeds=relative(wells.more_feeds, source.base_url),
        sitemaps=sitemaps if whole or not (listed or wells.feeds) else (),
        more_sitemaps=() if whole or not (listed or wells.feeds) else sitemaps,
        listing=relative([page.final_url], source.base_url)[0] if listed else None,
        section=_section(page.final_url, listed),
        next=next_page,
        selectors=selectors,
        sampled=len(examples),
        links=len(listed | {link.url for link in wells.links}),
        asked_delay=robots.asked_delay,
        loopback=loopback,
    )


def _section(url: str, listed: set[str]) -> str | None:
    """The first folder of `url`, where some of the listed articles are in it and some are not."""
    folder = urlsplit(url).path.split("/")[1]
    inside = sum(1 for article in listed if urlsplit(article).path.startswith(f"/{folder}/"))
    return folder if folder and 0 < inside < len(listed) else None


def _page(site: LiveSite, url: str) -> Page:
    """The start page. Raises `NewError` where it cannot be had or is no HTML."""
    outcome = site.get(url, accept=HTML)
    if isinstance(outcome, Failed):
        advice = _ADVICE.get(outcome.kind, _ADVICE["network"])
        raise NewError(f"{url}: {outcome.reason}: {advice}")
    # A server may send a feed or a file as text/html.
    if (
        b"<html" not in (start := outcome.body[:4096].lower())
        and b"<body" not in start
        and b"<a " not in start
    ):
        raise NewError(f"{url}: {_ADVICE['type']}")
    return outcome


def _articles(wells: Wells, links: Sequence[Anchor]) -> list[str]:
    """Links that look like articles': what feeds name is one; of the page's, those with a title's words."""
    fed = [link.url for link in wells.links]
    return list(dict.fromkeys([*fed, *(link.url for link in links if link.is_headline)]))


def _examples(site: LiveSite, source: Source, articles: Sequence[str]) -> list[Example]:
    """The pages of `articles` that can be had and hold an article."""
    examples = []
    for url in articles:
        page = site.get(url, accept=HTML)
        if isinstance(page, Failed):
            continue
        html = decode(page.body, page.content_type)
        try:
            article = parse_html(
                page.body, url, fetched_at=page.fetched_at, source=source, content_type=page.content_type
            )
        except ParseError:
            continue
        examples.append(Example(look(url, html), article, main_text(html), page))
    return examples


def _proved(source: Source, selectors: dict[str, str], examples: Sequence[Example]) -> dict[str, str]:
    """`selectors`, without a body that would make the parser read less of the pages than it reads by general rules."""
    if "body" not in selectors:
        return selectors
    tried = Source.model_validate(source.model_dump() | {"layouts": [selectors]})
    for example in examples:
        page = example.raw
        try:
            read = parse_html(
                page.body, page.url, fetched_at=page.fetched_at, source=tried, content_type=page.content_type
            )
        except ParseError:
            break
        if read.layout != 0 or 5 * len(read.text) < 4 * len(example.article.text):
            break
    else:
        return selectors
    return {name: selector for name, selector in selectors.items() if name != "body"}


def _next(site: LiveSite, source: Source, soup: BeautifulSoup, url: str, listed: set[str]) -> str | None:
    """The way to the listing's next page, where following it shows articles that page 1 does not."""
    seen: dict[str, Page | Failed] = {}
    for pager in list(pagers(soup, url, source))[:_PAGERS]:
        if pager.next_url not in seen:
            seen[pager.next_url] = site.get(pager.next_url, accept=HTML)
        second = seen[pager.next_url]
        if isinstance(second, Failed):
            continue
        there = BeautifulSoup(decode(second.body, second.content_type), "lxml")
        links = anchors(there, second.final_url, source)
        if not {article for link in links if (article := source.article(link.url))} - listed:
            continue
        tag = None if "{page}" in pager.value else there.select_one(pager.value)
        # On page 2 the link back may wear the same dress.
        if tag is None or urljoin(second.final_url, str(tag.get("href") or "")) not in {url, pager.next_url}:
            return pager.value
    return None
