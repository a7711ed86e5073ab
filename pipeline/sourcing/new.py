"""What `tongket sources new` does: from the address of a home page or a section to a draft of a manifest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup
from pydantic import ValidationError

from pipeline.crawl.charset import decode
from pipeline.crawl.fetch import HTML
from pipeline.crawl.outcomes import Failed, Page
from pipeline.crawl.parse import ParseError, parse_html
from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.urls import URLError, canonical_url
from pipeline.settings import Settings
from pipeline.sourcing.clues import Anchor, anchors, pagers, site_title
from pipeline.sourcing.draft import Findings, manifest_text, relative
from pipeline.sourcing.elements import look
from pipeline.sourcing.live import LiveSite
from pipeline.sourcing.overview import VIETNAM
from pipeline.sourcing.selectors import Example, guess_selectors, main_text
from pipeline.sourcing.shapes import learn_shape
from pipeline.sourcing.wells import Wells, find_wells
from pipeline.summary import Progress
from pipeline.validation import first_problem

SAMPLED = 5
"""Articles looked at."""

_PAGERS = 2  # ways to a next page that are tried
_ENDINGS = re.compile(r"(?:\.(?:com|net|org|gov|edu|info|example))?\.[a-z]+(?::\d+)?$")


class NewError(ValueError):
    """No draft can be made; the message says why and what to do."""


@dataclass(frozen=True)
class Draft:
    """A manifest: its text, where it was written (None: nowhere), and the command to try next."""

    text: str
    path: Path | None
    next_step: str


def new(
    settings: Settings,
    url: str,
    *,
    name: str | None = None,
    folder: Path | None = None,
    loopback: bool = False,
    progress: Progress,
) -> Draft:
    """A draft for the site of `url`, written to `folder`/NAME.yaml, or nowhere where that is None.

    Raises `NewError` where the site cannot be read, or shows no articles, or the file is there already.
    """
    start, name = _given(url, name)
    path = None if folder is None else folder / f"{name}.yaml"
    if path is not None and path.exists():
        raise NewError(f"{path}: is there already: choose another --name or --output, or remove it")
    if path is not None and not path.parent.is_dir():
        raise NewError(f"{path.parent}: no such folder")
    text = manifest_text(_explore(settings, start, name, loopback=loopback, progress=progress))
    try:
        Source.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        why = first_problem(error) if isinstance(error, ValidationError) else str(error)
        raise NewError(f"{start}: the draft would be no manifest ({why}): please report it with this address") from error
    if path is not None:
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise NewError(f"{path}: cannot be written: {error.strerror or error}") from error
    where = "" if folder is None else f" --sources {folder}"
    return Draft(text, path, f"tongket sources check {name}{where}")


def name_of(url: str) -> str:
    """A source's name from its host.

    >>> name_of("https://www.congdoan.vinhlong.gov.vn/tin-tuc"), name_of("http://127.0.0.1:8765/")
    ('congdoan-vinhlong', 'site-127-0-0-1-8765')
    """
    host = urlsplit(url).netloc.lower().removeprefix("www.")
    if re.fullmatch(r"[\d.:]+", host):
        return f"site-{re.sub(r'[.:]', '-', host)}"
    return re.sub(r"[^a-z0-9_-]+", "-", _ENDINGS.sub("", host)).strip("-_") or "site"


def _given(url: str, name: str | None) -> tuple[str, str]:
    try:
        start = canonical_url(url if "://" in url else f"https://{url}")
    except URLError as error:
        raise NewError(str(error)) from error
    name = name or name_of(start)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise NewError(f"--name: {name!r}: letters a-z, digits, - and _ only")
    return start, name


def _explore(settings: Settings, start: str, name: str, *, loopback: bool, progress: Progress) -> Findings:
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
            raise NewError(f"{source.base_url}/robots.txt: cannot be read ({robots.reason}): check the address and the network")
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
        next=next_page,
        selectors=selectors,
        sampled=len(examples),
        links=len(listed | {link.url for link in wells.links}),
        asked_delay=robots.asked_delay,
        loopback=loopback,
    )


def _page(site: LiveSite, url: str) -> Page:
    """The start page. Raises `NewError` where it cannot be had or is no HTML."""
    outcome = site.get(url, accept=HTML)
    if isinstance(outcome, Failed):
        advice = {
            "type": "it is no HTML page: give the home page or that of a section",
            "redirect": "give the address it leads to",
            "disallowed": "choose another page",
            "address": "for a site that is meant to be on this machine, add --loopback",
        }.get(outcome.kind, "check the address and the network")
        raise NewError(f"{url}: {outcome.reason}: {advice}")
    if b"<" not in outcome.body[:4096] or outcome.body.lstrip()[:5] in {b"<?xml", b"%PDF-"} and b"<html" not in outcome.body[:4096].lower():
        raise NewError(f"{url}: it is no HTML page: give the home page or that of a section")
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
            article = parse_html(page.body, url, fetched_at=page.fetched_at, source=source, content_type=page.content_type)
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
            read = parse_html(page.body, page.url, fetched_at=page.fetched_at, source=tried, content_type=page.content_type)
        except ParseError:
            break
        if read.layout != 0 or 5 * len(read.text) < 4 * len(example.article.text):
            break
    else:
        return selectors
    return {name: selector for name, selector in selectors.items() if name != "body"}


def _next(site: LiveSite, source: Source, soup: BeautifulSoup, url: str, listed: set[str]) -> str | None:
    """The way to the listing's next page, where following it shows articles that page 1 does not."""
    for pager in list(pagers(soup, url, source))[:_PAGERS]:
        second = site.get(pager.next_url, accept=HTML)
        if isinstance(second, Failed):
            continue
        there = BeautifulSoup(decode(second.body, second.content_type), "lxml")
        found = {article for link in anchors(there, second.final_url, source) if (article := source.article(link.url))}
        if not found - listed:
            continue
        if "{page}" not in pager.value:
            tag = there.select_one(pager.value)
            leads_to = urljoin(second.final_url, str(tag.get("href") or "")) if tag else None
            if leads_to in {url, pager.next_url}:
                continue  # `previous` wears the same dress
        return pager.value
    return None

