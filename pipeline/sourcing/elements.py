"""Pages as tables of selectors: which element each id, class or attribute picks out, where it picks out one only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from extractors.text import normalise

_NAME = re.compile(r"[A-Za-z_][\w-]*")
# Made by a program anew at each build of the site: `css-1x2y3z`, `sc-bdVaJa`, `jsx-339`.
_MADE = re.compile(r"^(?:css|sc|jsx|svelte|emotion)-|[0-9a-f]{8,}")
# What old pages, which have no classes, tell their parts apart by.
_DRESS = ("align", "bgcolor", "color", "size", "width")
_NEVER = {"script", "style", "html", "head", "body", "link", "meta", "noscript", "option", "svg"}


@dataclass
class Looked:
    """One article's page: `elements` is selector → the one element that it selects. Texts are normalised."""

    url: str
    soup: BeautifulSoup
    elements: dict[str, Tag]
    _texts: dict[int, str] = field(default_factory=dict)

    def text(self, selector: str) -> str:
        """What the element of `selector` shows, in one line."""
        tag = self.elements[selector]
        if id(tag) not in self._texts:
            self._texts[id(tag)] = one_line(tag.get_text(" "))
        return self._texts[id(tag)]


def look(url: str, html: str) -> Looked:
    """The page `html`, with its selectors."""
    soup = BeautifulSoup(html, "lxml")
    picked: defaultdict[str, list[Tag]] = defaultdict(list)
    for tag in soup.find_all(True):
        if isinstance(tag, Tag) and tag.name not in _NEVER:
            for selector in dict.fromkeys(_selectors(tag)):
                picked[selector].append(tag)
    return Looked(url, soup, {selector: tags[0] for selector, tags in picked.items() if len(tags) == 1})


def common(pages: Sequence[Looked]) -> list[str]:
    """Selectors that pick out one element on each of the pages, in the order of the first page."""
    return [selector for selector in pages[0].elements if all(selector in page.elements for page in pages)]


def rank(selector: str) -> tuple[int, int]:
    """How well a selector says what it means: microdata, then classes, ids, attributes of dress; short before long.

    >>> sorted(["#ctl00_div", "div.noi-dung", ".noi-dung", 'td[align="justify"]'], key=rank)
    ['.noi-dung', 'div.noi-dung', '#ctl00_div', 'td[align="justify"]']
    """
    if "itemprop" in selector:
        kind = 0
    elif "." in selector:
        kind = 1
    elif selector.startswith("#"):
        kind = 2
    else:
        kind = 1 if "[" not in selector else 3
    return kind, len(selector)


def one_line(text: str | None) -> str:
    """`text` normalised, blanks collapsed."""
    return re.sub(r"\s+", " ", normalise(text)).strip() if text else ""


def _selectors(tag: Tag) -> Iterator[str]:
    classes: str | list[str] = tag.get("class") or []
    for name in classes.split() if isinstance(classes, str) else classes:
        if _NAME.fullmatch(str(name)) and not _MADE.search(str(name)):
            yield f".{name}"
            yield f"{tag.name}.{name}"
    identity = str(tag.get("id") or "")
    if _NAME.fullmatch(identity) and not _MADE.search(identity):
        yield f"#{identity}"
    if tag.name == "h1":
        yield "h1"
    for name in ("itemprop", *_DRESS):
        value = str(tag.get(name) or "")
        if value and re.fullmatch(r"[\w#%.-]{1,30}", value):
            yield f'[{name}="{value}"]' if name == "itemprop" else f'{tag.name}[{name}="{value}"]'
