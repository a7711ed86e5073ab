"""From start points to links: how far a night and a backfill go, and where both end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.walk import Walk, Window
from pipeline.dataset.pages import PageKind

BASE = "https://baothu.vn"
NIGHT = Window()


def url(number: int) -> str:
    return f"{BASE}/cong-doan/bai-{number}.html"


def page(*numbers: int, following: str = "") -> str:
    """A listing page of these articles."""
    links = "".join(f'<a href="{url(number)}">{number}</a>' for number in numbers)
    return links + (f'<a class="sau" href="{following}">sau</a>' if following else "")


def feed(*numbers: int, dates: Mapping[int, str] | None = None) -> str:
    dates = dates or {}
    items = "".join(
        f"<item><link>{url(number)}</link><pubDate>{dates.get(number, '')}</pubDate></item>"
        for number in numbers
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'


def sitemap(**dated: str) -> str:
    """A sitemap of articles: `b1="2025-01-14"` is number 1, changed then."""
    inner = "".join(
        f"<url><loc>{url(int(name[1:]))}</loc><lastmod>{day}</lastmod></url>" for name, day in dated.items()
    )
    return f"<urlset>{inner}</urlset>"


def index(**dated: str) -> str:
    inner = "".join(
        f"<sitemap><loc>{BASE}/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in dated.items()
    )
    return f"<sitemapindex>{inner}</sitemapindex>"


class Site:
    """The pages of a site and the articles that are archived; walking fetches what it finds, as a crawl does."""

    def __init__(
        self, pages: Mapping[str, str], known: Mapping[int, str | None] | Collection[int] = (), **start: Any
    ) -> None:
        self.pages = pages
        self.before = {
            url(number): known.get(number) if isinstance(known, Mapping) else None for number in known
        }
        self.published: dict[str, str | None] = {}  # what fetching an article will tell
        self.asked: list[tuple[str, str]] = []
        self.source = Source(
            name="baothu", title="T", base_url=BASE, article_pattern=r"^/cong-doan/bai-\d+\.html$", **start
        )  # fmt: skip

    def read(self, address: str, kind: PageKind) -> bytes | None:
        path = address.removeprefix(BASE)
        self.asked.append((kind, path))
        body = self.pages.get(path)
        return None if body is None else body.encode()

    def walk(self, window: Window = NIGHT) -> Walk:
        self.now = dict(self.before)

        def known(urls: Collection[str]) -> dict[str, str | None]:
            # A night asks what was there before it; a backfill asks for dates, those of what it just fetched too.
            there = self.now if window.backfill else self.before
            return {address: there[address] for address in urls if address in there}

        return Walk(self.source, self.read, known, window)

    def steps(self, walk: Walk) -> list[list[int]]:
        """The numbers of each step, fetched before the next is taken."""
        told = []
        for links in walk:
            told.append([int(link.url.rsplit("-", 1)[1].removesuffix(".html")) for link in links])
            for link in links:
                self.now[link.url] = self.published.get(link.url)
        return told

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]


def deep(pages: int, **fields: Any) -> dict[str, Any]:
    return {"listings": [Listing(url="/tin", link="a[href]", next="a.sau", max_pages=pages, **fields)]}


CHAIN = {
    "/tin": page(9, 8, following="/tin?p=2"),
    "/tin?p=2": page(7, 6, following="/tin?p=3"),
    "/tin?p=3": page(5, 4, following="/tin?p=4"),
    "/tin?p=4": page(3, 2),
}


@pytest.mark.parametrize(
    ("known", "most", "steps"),
    [
        pytest.param([], 9, [[9, 8], [7, 6], [5, 4], [3, 2]], id="nothing known: to the last page"),
        pytest.param([], 2, [[9, 8], [7, 6]], id="as many pages as the manifest allows"),
        pytest.param([], 1, [[9, 8]], id="one page"),
        pytest.param([7, 6], 9, [[9, 8], [7, 6]], id="a page that is all known is the last"),
        pytest.param(
            [9, 8], 9, [[9, 8]], id="so is the first: and its links are told, to be looked at again"
        ),
        pytest.param([9, 7, 5], 9, [[9, 8], [7, 6], [5, 4], [3, 2]], id="one known article is no end"),
        pytest.param([3, 2], 9, [[9, 8], [7, 6], [5, 4], [3, 2]], id="the last page known"),
    ],
)
def test_how_far_a_night_goes(known: list[int], most: int, steps: list[list[int]]) -> None:
    site = Site(CHAIN, known, **deep(most))
    walk = site.walk()
    assert site.steps(walk) == steps
    assert (walk.links, walk.problems) == (sum(map(len, steps)), [])
    assert site.paths() == list(CHAIN)[: len(steps)]


def test_what_the_feed_brought_this_night_does_not_end_the_listing() -> None:
    site = Site({"/rss": feed(9, 8, 7), **CHAIN}, [5, 4, 3, 2], feeds=["/rss"], **deep(9))
    walk = site.walk()
    assert site.steps(walk) == [[9, 8, 7], [], [6], [5, 4]]
    assert walk.links == 6


@pytest.mark.parametrize(
    ("pages", "steps"),
    [
        pytest.param({"/tin": page(1, following="/tin")}, [[1]], id="a page that follows itself"),
        pytest.param({"/tin": page(1, following="/TIN/../tin#x")}, [[1]], id="in another spelling"),
        pytest.param(
            {"/tin": page(1, following="/b"), "/b": page(2, following="/tin")}, [[1], [2]], id="two in a circle"
        ),
        pytest.param({"/tin": page(1, following="/b"), "/b": page()}, [[1]], id="a page without articles"),
        pytest.param({"/tin": page(1, following="/b"), "/b": page(following="/c"), "/c": page(2)}, [[1]], id="no further"),
        pytest.param({"/tin": page(following="/b"), "/b": page(2)}, [[], [2]], id="but a first page may be empty"),
        pytest.param({"/tin": page(1, following="/b")}, [[1]], id="a page that cannot be had"),
        pytest.param({"/tin": page(1, following="//khac.vn/b")}, [[1]], id="a page off the site"),
        pytest.param({"/tin": page(1, following="/b"), "/b": page(1, 2)}, [[1], [2]], id="an article slid to page 2"),
        pytest.param({}, [], id="no first page"),
    ],
)  # fmt: skip
def test_where_a_listing_ends(pages: dict[str, str], steps: list[list[int]]) -> None:
    site = Site(pages, **deep(20))
    walk = site.walk()
    assert site.steps(walk) == steps
    assert len(site.asked) <= 3
    assert walk.problems == []  # what could not be had its reader has noted


def test_pages_by_number_end_at_one_without_articles() -> None:
    pages = {"/tin": page(3), "/tin?trang=2": page(2), "/tin?trang=3": page(1), "/tin?trang=4": page()}
    site = Site(pages, listings=[Listing(url="/tin", next="/tin?trang={page}", max_pages=50)])
    assert site.steps(site.walk()) == [[3], [2], [1]]
    assert site.paths() == list(pages)


@pytest.mark.parametrize(
    "window", [NIGHT, Window(since=date(2025, 1, 1), backfill=True)], ids=["night", "backfill"]
)
def test_pages_by_number_end_where_the_site_shows_its_last_page_again(window: Window) -> None:
    pages = {"/tin": page(4, 3), **{f"/tin?trang={number}": page(2, 1) for number in range(2, 60)}}
    site = Site(pages, listings=[Listing(url="/tin", next="/tin?trang={page}", max_pages=50)])
    assert site.steps(site.walk(window)) == [[4, 3], [2, 1]]
    assert len(site.asked) == 3


# Backfills: what is fetched tells when it was published.
DAYS = {9: "2025-02-01", 8: "2025-01-20", 7: "2025-01-10", 6: "2025-01-01", 5: "2024-12-31", 4: "2024-12-20"}


@pytest.mark.parametrize(
    ("since", "days", "known", "steps"),
    [
        pytest.param("2025-01-01", DAYS, [], [[9, 8], [7, 6], [5, 4]], id="to a page that is all older"),
        pytest.param("2025-01-02", DAYS, [], [[9, 8], [7, 6], [5, 4]], id="not to one that is partly older"),
        pytest.param("2025-01-15", DAYS, [], [[9, 8], [7, 6]], id="as soon as all are older"),
        pytest.param("2025-01-15", DAYS, DAYS, [[9, 8], [7, 6]], id="what is known is no end, its age is"),
        pytest.param("2020-01-01", DAYS, [9, 8, 7, 6, 5, 4], [[9, 8], [7, 6], [5, 4], [3, 2]], id="known and young"),
        pytest.param("2025-01-15", {}, [], [[9, 8], [7, 6], [5, 4], [3, 2]], id="without dates to the last page"),
        pytest.param("2025-01-15", {7: "2025-01-10"}, [], [[9, 8], [7, 6]], id="a missing date does not speak"),
        pytest.param(None, DAYS, [], [[9, 8], [7, 6], [5, 4], [3, 2]], id="no first day: to the last page"),
        pytest.param(
            "2025-01-01", {**DAYS, 5: "2024-12-31T22:00:00+00:00"}, [], [[9, 8], [7, 6], [5, 4], [3, 2]],
            id="ten at night in London is the next day in Vietnam",
        ),
    ],
)  # fmt: skip
def test_how_far_a_backfill_goes(
    since: str | None, days: dict[int, str], known: Collection[int], steps: list[list[int]]
) -> None:
    site = Site(CHAIN, {number: days.get(number) for number in known}, **deep(9))
    site.published = {url(number): day for number, day in days.items()}
    window = Window(since=date.fromisoformat(since) if since else None, backfill=True)
    assert site.steps(site.walk(window)) == steps


# Windows


@pytest.mark.parametrize(
    ("since", "until", "dated", "wanted"),
    [
        pytest.param(None, None, "1999-01-01", True, id="no bounds"),
        pytest.param("2025-01-01", None, None, True, id="no date may be any"),
        pytest.param("2025-01-01", None, "2025-01-01", True, id="the first day"),
        pytest.param("2025-01-01", None, "2024-12-31", False, id="the day before"),
        pytest.param("2025-01-01", None, "2024-12-31T23:59:59+07:00", False, id="its last second"),
        pytest.param(
            "2025-01-01", None, "2024-12-31T17:00:00+00:00", True, id="midnight in Vietnam, told in UTC"
        ),
        pytest.param("2025-01-01", None, "2024-12-31T16:59:59+00:00", False, id="a second before"),
        pytest.param(None, "2025-01-31", "2025-01-31", True, id="the last day"),
        pytest.param(
            None, "2025-01-31", "2025-03-02", True, id="changed within a month: may be of the range"
        ),
        pytest.param(None, "2025-01-31", "2025-03-03", False, id="changed later: is not looked at"),
        pytest.param("2025-01-01", "2025-01-31", "2025-01-15T08:00", True, id="a moment without a zone"),
    ],
)
def test_a_window(since: str | None, until: str | None, dated: str | None, wanted: bool) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    assert Window(since=first, until=last).wants(dated) is wanted


@pytest.mark.parametrize(
    ("window", "mode"),
    [
        (Window(), "nightly"),
        (Window(since=date(2025, 1, 1)), "nightly"),
        (Window(date(2024, 12, 1), date(2025, 1, 31), backfill=True), "backfill 2024-12-01..2025-01-31"),
        (Window(until=date(2025, 1, 31), backfill=True), "backfill ..2025-01-31"),
        (Window(backfill=True), "backfill .."),
    ],
)
def test_a_window_s_mode(window: Window, mode: str) -> None:
    assert window.mode == mode


OLD, YOUNG = "Tue, 31 Dec 2024 08:00:00 +0700", "Tue, 14 Jan 2025 08:00:00 +0700"
SINCE = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        pytest.param(NIGHT, [[1, 2, 3], [5, 6, 7], [4]], id="a first night takes all"),
        pytest.param(
            Window(since=SINCE), [[1, 2, 3], [5, 6, 7], []], id="a night leaves out only a sitemap's"
        ),
        pytest.param(
            Window(since=SINCE, backfill=True), [[2, 3], [5, 6, 7], []], id="a backfill a feed's too"
        ),
    ],
)
def test_dates_of_start_points(window: Window, expected: list[list[int]]) -> None:
    pages = {
        "/rss": feed(1, 2, 3, dates={1: OLD, 2: YOUNG}),
        "/tin": page(5, 6, 7),
        "/sitemap.xml": sitemap(b4="2024-12-31", b5="2025-01-14"),
    }
    site = Site(pages, feeds=["/rss"], sitemaps=["/sitemap.xml"], **deep(1))
    walk = site.walk(window)
    assert site.steps(walk) == expected
    assert walk.links == 7  # wanted or not, each once


def test_an_article_left_out_by_its_date_is_taken_where_a_listing_shows_it() -> None:
    pages = {"/rss": feed(1, dates={1: OLD}), "/tin": page(1)}
    site = Site(pages, feeds=["/rss"], **deep(1))
    walk = site.walk(Window(since=SINCE, backfill=True))
    assert site.steps(walk) == [[], [1]]
    assert walk.links == 1


# Sitemaps


@pytest.mark.guard("endless-sitemaps")
@pytest.mark.parametrize(
    ("pages", "window", "steps", "asked"),
    [
        pytest.param({"/s.xml": index(s="2025-01-14")}, NIGHT, [[]], ["/s.xml"], id="an index that names itself"),
        pytest.param(
            {"/s.xml": index(a=""), "/a.xml": index(s="", b=""), "/b.xml": sitemap(b1="")}, NIGHT,
            [[], [], [1]], ["/s.xml", "/a.xml", "/b.xml"], id="indexes in a circle",
        ),
        pytest.param(
            {"/s.xml": index(a="2024-12-31", b="2025-01-01", c=""), "/b.xml": sitemap(b1=""), "/c.xml": sitemap(b2="")},
            Window(since=SINCE), [[], [1], [2]], ["/s.xml", "/b.xml", "/c.xml"], id="old sitemaps are not read",
        ),
        pytest.param(
            {"/s.xml": index(a="2024-12-31"), "/a.xml": sitemap(b1="2024-12-30")}, NIGHT, [[], [1]],
            ["/s.xml", "/a.xml"], id="on a first night they are",
        ),
        pytest.param(
            {"/s.xml": index(a="2025-06-01"), "/a.xml": sitemap(b1="2025-01-15", b2="2025-06-01", b3="2024-01-01")},
            Window(SINCE, date(2025, 1, 31), backfill=True), [[], [1]], ["/s.xml", "/a.xml"],
            id="a backfill reads a sitemap that changed since",
        ),
        pytest.param({"/s.xml": index(a="", b=""), "/b.xml": sitemap(b1="")}, NIGHT, [[], [1]],
                     ["/s.xml", "/a.xml", "/b.xml"], id="one that cannot be had"),
        pytest.param({"/s.xml": sitemap(b1="", b2="")}, NIGHT, [[1, 2]], ["/s.xml"], id="no index"),
    ],
)  # fmt: skip
def test_sitemaps(pages: dict[str, str], window: Window, steps: list[list[int]], asked: list[str]) -> None:
    site = Site(pages, sitemaps=["/s.xml"])
    walk = site.walk(window)
    assert site.steps(walk) == steps
    assert site.paths() == asked
    assert walk.problems == []


@pytest.mark.guard("endless-sitemaps")
def test_sitemaps_without_end_are_left() -> None:
    class Endless(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            return index(**{f"{key.removeprefix('/').removesuffix('.xml')}{part}": "" for part in "ab"})

    site = Site(Endless(), sitemaps=["/s.xml"])
    walk = site.walk()
    assert site.steps(walk) == [[]] * 500
    assert walk.problems == ["baothu: more than 500 sitemaps; the rest was left out"]


# The whole


def test_start_points_in_their_order_and_each_link_once() -> None:
    pages = {
        "/rss": feed(1, 2),
        "/rss2": feed(2, 3),
        "/tin": page(3, 1, 4),
        "/sitemap.xml": sitemap(b4="", b5="", b1=""),
    }
    site = Site(pages, feeds=["/rss", "/rss2"], sitemaps=["/sitemap.xml"], **deep(1))
    walk = site.walk()
    assert site.steps(walk) == [[1, 2], [3], [4], [5]]
    assert site.asked == [
        ("feed", "/rss"),
        ("feed", "/rss2"),
        ("listing", "/tin"),
        ("sitemap", "/sitemap.xml"),
    ]
    assert walk.links == 5


def test_what_cannot_be_read_is_named_and_the_rest_is_walked() -> None:
    pages = {
        "/rss": "<html>bảo trì</html>",
        "/rss2": feed(1),
        "/sitemap.xml": "bảo trì",
        "/s2.xml": sitemap(b2=""),
    }
    site = Site(pages, feeds=["/rss", "/rss2", "/rss3"], sitemaps=["/sitemap.xml", "/s2.xml"])
    walk = site.walk()
    assert site.steps(walk) == [[1], [2]]
    assert walk.problems == [
        "baothu: feed https://baothu.vn/rss: no RSS or Atom feed",
        "baothu: sitemap https://baothu.vn/sitemap.xml: no sitemap",
    ]


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        pytest.param({"/tin": page()}, True, id="a listing without any link"),
        pytest.param({"/tin": page(following="/b"), "/b": page()}, True, id="nor on the next page"),
        pytest.param({"/tin": page(following="/b"), "/b": page(2)}, False, id="links on the next page alone"),
        pytest.param({"/tin": page(1)}, False, id="links that the feed has too"),
        pytest.param({}, False, id="what could not be had its reader has noted"),
    ],
)
def test_a_listing_that_shows_nothing_is_told_though_a_feed_makes_up_for_it(
    pages: dict[str, str], told: bool
) -> None:
    site = Site({"/rss": feed(1, 2, 3), **pages}, feeds=["/rss"], **deep(9))
    walk = site.walk()
    site.steps(walk)
    problem = f"baothu: listing {BASE}/tin: no links found; look whether its markup changed"
    assert walk.problems == [problem] * told


def test_nothing_is_read_before_it_is_asked_for() -> None:
    site = Site(CHAIN, **deep(9))
    steps = iter(site.walk())
    assert site.asked == []
    next(steps)
    assert site.paths() == ["/tin"]
