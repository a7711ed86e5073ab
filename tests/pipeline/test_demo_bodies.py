"""What is read from the pages of the demo's sites, against the texts that the pages are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from statistics import mean

import pytest

from extractors.text import normalise
from pipeline.crawl.parse import ParsedArticle, parse_html
from pipeline.crawl.sources import Source, load_source
from pipeline.demo_sites import FOLDER, SITES, DemoSite, Story
from pipeline.settings import ROOT

# Least F1 of words: the mean of a site, and a single page.
WITH_MANIFEST, WITHOUT = (0.98, 0.9), (0.93, 0.8)


def words(text: str) -> Counter[str]:
    return Counter(normalise(text).split())


def told(story: Story) -> str:
    """What the article says below its title, captions apart."""
    return "\n\n".join([story.lead, *(block.text for block in story.body if block.kind != "caption")])


def f1(found: str, expected: str) -> float:
    """Of the words of both texts, each as often as it stands there: 1 where all agree."""
    a, b = words(found), words(expected)
    return 2 * (a & b).total() / (a.total() + b.total())


@pytest.mark.parametrize(
    ("found", "share"), [("một hai ba", 1.0), ("một một hai", 2 / 3), ("một hai", 0.8), ("sáu", 0.0)]
)
def test_the_measure(found: str, share: float) -> None:
    assert f1(found, "ba hai một") == pytest.approx(share)


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Iterator[DemoSite]:
    with DemoSite(FOLDER / request.param) as served:
        yield served


Pages = list[tuple[Story, ParsedArticle]]


@pytest.fixture(scope="module")
def read(site: DemoSite) -> Callable[[bool], Pages]:
    """All articles of the site and what was read of their pages, with the site's manifest or without."""
    manifest = load_source(ROOT / "pipeline" / "sources" / f"{site.name}.yaml").at(site.base_url)

    @cache
    def parsed(with_manifest: bool) -> Pages:
        return [
            (story, page_of(site, story, manifest if with_manifest else None)) for story in site.stories()
        ]

    return parsed


def page_of(site: DemoSite, story: Story, source: Source | None) -> ParsedArticle:
    page = site.render(story.path)
    assert page is not None
    return parse_html(page.data, site.base_url + story.path, source=source, content_type=page.content_type)


every_site = pytest.mark.parametrize("site", SITES, indirect=True)
both_ways = pytest.mark.parametrize("with_manifest", [True, False], ids=["manifest", "general rules"])


@every_site
@both_ways
def test_bodies(read: Callable[[bool], Pages], with_manifest: bool) -> None:
    of_site, of_page = WITH_MANIFEST if with_manifest else WITHOUT
    shares = {story.path: f1(found.text, told(story)) for story, found in read(with_manifest)}
    assert {path: share for path, share in shares.items() if share < of_page} == {}
    assert mean(shares.values()) >= of_site


@every_site
@both_ways
def test_titles(read: Callable[[bool], Pages], with_manifest: bool) -> None:
    assert [found.title for _, found in read(with_manifest)] == [
        one_line(story.title) for story, _ in read(with_manifest)
    ]


@every_site
@both_ways
def test_publication_times(read: Callable[[bool], Pages], with_manifest: bool) -> None:
    times = [(story.path, found.published) for story, found in read(with_manifest)]
    read_times = [(path, datetime.fromisoformat(time) if time else None) for path, time in times]
    assert read_times == [(story.path, story.published) for story, _ in read(with_manifest)]


@every_site
def test_bylines(read: Callable[[bool], Pages]) -> None:
    assert [found.byline for _, found in read(True)] == [one_line(story.byline) for story, _ in read(True)]


@every_site
def test_captions_stand_apart(read: Callable[[bool], Pages]) -> None:
    for story, found in read(True):
        captions = [one_line(block.text) for block in story.body if block.kind == "caption"]
        assert list(found.captions) == captions
        assert not any(caption in found.text for caption in captions)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", normalise(text)).strip()
