"""One walk over a page's tree that measures it: how much text, how much of it in links, what is furniture.

Everything the general rules ask later (where is the body, what looks like a stamp, what does the page say of
itself) is answered from these notes, so that a page is walked once and not once a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from pipeline.crawl.page.furniture import NEVER, Furniture, furniture_of, is_hidden, names_of

BLOCKS = frozenset({
    "html", "body", "p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "figure", "figcaption", "header", "footer", "center", "hr",
    "address", "form", "fieldset", "aside", "nav", "h1", "h2", "h3", "h4", "h5", "h6",
})  # fmt: skip
PROSE = 60
"""Characters outside links from which a run of text is prose; menus, buttons and labels are shorter."""

# A link that holds more is no link: an `<a>` that nobody closed.
_LONGEST_LINK = 300
# `td.date`, `.article__body`, `#noidung`: selectors that the notes can answer.
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?([.#][A-Za-z_][\w-]*)")


@dataclass(slots=True, eq=False)
class Spot:
    """One element. Sums are characters within it: `own` outside links, `linked` inside, `prose` of long runs."""

    tag: Tag
    parent: Spot | None
    order: int
    names: str
    end: int = 0
    own: int = 0
    linked: int = 0
    prose: int = 0
    runs: int = 0
    kind: Furniture | None = None
    inside: bool = False  # in furniture, or furniture itself

    def holds(self, other: Spot) -> bool:
        return self.order <= other.order <= self.end


@dataclass(slots=True, eq=False)
class Run:
    """Text between two ends of blocks or lines, as the page has it; `spot` is its nearest block."""

    spot: Spot
    order: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    linked: int = 0
    bold: bool = True

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True)
class Page:
    """What the walk found. `spots` and `runs` are in page order."""

    soup: BeautifulSoup
    spots: list[Spot] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    by_id: dict[int, Spot] = field(default_factory=dict)
    by_name: dict[str, list[Spot]] = field(default_factory=dict)

    def spot(self, tag: Tag | None) -> Spot | None:
        """The notes on `tag`; None for what no reader sees (scripts, heads of pages)."""
        return self.by_id.get(id(tag))

    def named(self, *names: str) -> list[Spot]:
        """Elements of these tag names, in page order."""
        found = [spot for name in names for spot in self.by_name.get(name, ())]
        return found if len(names) == 1 else sorted(found, key=lambda spot: spot.order)

    def select(self, selector: str, within: Spot | None = None) -> Iterator[Tag]:
        """Elements that a CSS selector fits, in page order, one by one as they are asked for."""
        simple = _SIMPLE.fullmatch(selector)
        if simple is None:
            yield from (within.tag if within else self.soup).css.iselect(selector)
            return
        name, mark = simple[1], simple[2]
        for spot in self.by_name.get(name, []) if name else self.spots:
            attributes = spot.tag.attrs
            found = (
                attributes.get("id") == mark[1:]
                if mark[0] == "#"
                else mark[1:] in (attributes.get("class") or ())
            )
            if found and (within is None or within.holds(spot)):
                yield spot.tag


def text_of(tag: Tag) -> str:
    """Text as it is shown: inline marks part nothing, lines and blocks part words."""
    pieces = []
    for node in tag.descendants:
        if isinstance(node, Tag):
            if node.name == "br" or node.name in BLOCKS:
                pieces.append(" ")
        elif type(node) is NavigableString:
            pieces.append(node)
    return "".join(pieces)


class _Walk:
    """The state of one walk: totals so far, of which every element notes the difference from its begin to its end."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self.page = Page(soup)
        self.own = self.linked = self.prose = self.count = 0
        self.links = self.bolds = 0
        self.run: Run | None = None

    def flush(self) -> None:
        run = self.run
        if run is None:
            return
        self.run = None
        own = run.length - run.linked
        self.own += own
        self.linked += run.linked
        self.count += 1
        if own >= PROSE:
            self.prose += own
        self.page.runs.append(run)

    def add(self, text: str, spot: Spot) -> None:
        length = len(text.strip())
        if self.run is None:
            if not length:
                return
            self.run = Run(spot, len(self.page.spots))
        self.run.pieces.append(text)
        self.run.length += length
        if self.links:
            self.run.linked += length
        if length and not self.bolds:
            self.run.bold = False

    def begin(self, tag: Tag, parent: Spot | None) -> Spot:
        spot = Spot(tag, parent, len(self.page.spots), names_of(tag))
        spot.own, spot.linked, spot.prose, spot.runs = -self.own, -self.linked, -self.prose, -self.count
        self.page.spots.append(spot)
        self.page.by_id[id(tag)] = spot
        self.page.by_name.setdefault(tag.name, []).append(spot)
        return spot

    def finish(self, spot: Spot) -> None:
        spot.end = len(self.page.spots) - 1
        spot.own += self.own
        spot.linked += self.linked
        spot.prose += self.prose
        spot.runs += self.count


def survey(soup: BeautifulSoup) -> Page:
    """Notes on all that a page shows.

    >>> page = survey(BeautifulSoup("<p>Công đoàn <a href='/x'>họp</a></p>", "lxml"))
    >>> [(spot.own, spot.linked) for spot in page.named("p")], page.runs[0].text
    ([(9, 3)], 'Công đoàn họp')
    """
    walk = _Walk(soup)
    root = soup.html or soup
    # An own stack: old pages nest thousands of unclosed elements, more than Python's calls may nest.
    first = walk.begin(root, None)
    stack: list[tuple[Spot, Spot, Iterator[object], bool, bool]] = [
        (first, first, iter(root.contents), False, False)
    ]
    while stack:
        spot, block, children, is_link, is_bold = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if spot is block:
                walk.flush()
            walk.finish(spot)
            walk.links -= is_link
            walk.bolds -= is_bold
        elif isinstance(child, Tag):
            name = child.name
            if name == "br":
                walk.flush()
            elif name not in NEVER and not is_hidden(child):
                if name in BLOCKS:
                    walk.flush()
                inner = walk.begin(child, spot)
                link, bold = name == "a" and _is_link(child), name in _BOLD
                walk.links += link
                walk.bolds += bold
                stack.append((inner, inner if name in BLOCKS else block, iter(child.contents), link, bold))
        elif type(child) is NavigableString:
            walk.add(child, block)
    walk.flush()
    _mark_furniture(walk.page)
    return walk.page


_BOLD = frozenset({"b", "strong", "i", "em", "h1", "h2", "h3", "h4", "h5", "h6"})


def _is_link(tag: Tag) -> bool:
    if not tag.attrs.get("href"):
        return False
    inner = any(isinstance(child, Tag) and child.name in BLOCKS for child in tag.contents)
    return not inner or len(tag.get_text()) <= _LONGEST_LINK


def _mark_furniture(page: Page) -> None:
    total = page.spots[0].prose
    headings = [spot.order for spot in page.named("h1")]
    for spot in page.spots:
        kind = furniture_of(spot.tag.name, spot.names)
        if kind is not None and total:
            # `<form>` around a whole ASP.NET page, `<div class="no-sidebar">` around all of a blog: what holds
            # most of the prose is no furniture; of a box of comments that needs the title in it, too.
            most = spot.prose > total / 2
            title = any(spot.order < order <= spot.end for order in headings)
            if most and (kind == "weak" or title):
                kind = None
        spot.kind = kind
        spot.inside = kind is not None or (spot.parent is not None and spot.parent.inside)
