"""An article's running text in its HTML: which element holds it, what is furniture, where paragraphs end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString

Kind = Literal["paragraph", "caption"]


@dataclass(frozen=True)
class Block:
    """One paragraph or caption, blanks collapsed, in page order."""

    kind: Kind
    text: str


_BLOCKS = {
    "p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
    "table", "thead", "tbody", "tfoot", "tr", "figure", "figcaption", "header", "center", "hr", "address",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_NEVER = [
    "script", "style", "noscript", "template", "iframe", "form", "button", "select", "svg", "nav", "aside",
    "footer", "video", "audio", "object", "dialog", "textarea", "time",
]  # fmt: skip
# Classes and ids of menus, share bars, related stories, comments and counters, English and Vietnamese.
_FURNITURE = re.compile(
    r"""(?:^|[\s_-])(?:
        menu|nav(?:bar|igation)?|breadcrumbs?|sidebar|footer|share|sharing|social|addthis|fb-\w+|zalo\S*|comments?|
        related|relate|tin-?lien-?quan|tinlienquan|lien-?quan|cung-?chuyen-?muc|tin-?khac|other-?news|xem-?them|
        tags?|tag-?list|keywords?|tu-?khoa|advert\S*|ads|qc|quang-?cao|banner|toolbar|tool-?box|rating|vote|
        print|view-?counts?|luot-?xem|hit-?counter|pagination|newsletter|popup|most-?read|doc-?nhieu
    )(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|chu-?thich|photo-?cms-?caption|img-?desc|pcaption)(?:$|[\s_-])", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Where news systems in use in Vietnam keep the article, the narrowest first.
_CONTAINERS = (
    "[itemprop=articleBody]", ".article-body", ".article__body", ".detail-content", ".content-detail",
    ".detail__content", ".content_detail", ".news-content", ".cms-body", ".fck_detail", ".singular-content",
    ".post-content", ".entry-content", ".article-content", ".bodytext", "#content-detail", "#noidung",
)  # fmt: skip
_WIDER = ("article", "main")
# Characters. Less is an empty shell or a teaser; the wider the element, the more of it may be furniture.
_ENOUGH, _ENOUGH_IN_WIDER = 40, 200


def find_body(soup: BeautifulSoup) -> Tag | None:
    """The element that holds the article: a known container, else the one with most text outside links."""
    for selectors, enough in ((_CONTAINERS, _ENOUGH), (_WIDER, _ENOUGH_IN_WIDER)):
        for selector in selectors:
            found = max(soup.select(selector), key=_own_text, default=None)
            if found is not None and _own_text(found) >= enough:
                return found
    return _densest(soup) or soup.body


def _densest(soup: BeautifulSoup) -> Tag | None:
    """The element whose paragraphs hold most text outside links; None on a page with no text."""
    scores: dict[int, int] = {}
    elements: dict[int, Tag] = {}
    for leaf in soup.find_all(["p", "td", "div", "span", "li"]):
        if leaf.find(list(_BLOCKS)) is not None or in_furniture(leaf):
            continue
        # A paragraph speaks for its parent, and half as loud for the element around that. On old pages one cell
        # holds all paragraphs, parted by <br>: it speaks for itself.
        speaks_for = leaf if leaf.find("br") else leaf.parent
        for element, weight in ((speaks_for, 2), (speaks_for.parent if speaks_for else None, 1)):
            if element is not None:
                scores[id(element)] = scores.get(id(element), 0) + weight * _own_text(leaf)
                elements[id(element)] = element
    return elements[max(scores, key=lambda key: scores[key])] if scores else None


def drop_furniture(body: Tag, extra: list[str] | None = None) -> None:
    """Remove from `body` what is no part of the article: scripts, menus, link lists, `extra` selectors."""
    for selector in extra or []:
        for tag in body.select(selector):
            tag.decompose()
    for tag in body.find_all(_NEVER):
        tag.decompose()
    for comment in body.find_all(string=lambda node: isinstance(node, Comment)):
        comment.extract()
    for tag in body.find_all(True):
        if tag.decomposed or tag.parent is None:
            continue
        if _is_furniture(tag) or _is_link_list(tag):
            tag.decompose()


def blocks(body: Tag) -> Iterator[Block]:
    """Paragraphs and captions of `body` in page order; `<br>` ends a line, a table's row is one paragraph."""
    pieces: list[str] = []
    kind: Kind = "paragraph"
    for event in _walk(body, "paragraph"):
        if isinstance(event, str):
            pieces.append(event)
            continue
        yield from _flush(pieces, kind)
        pieces, kind = [], event.kind
    yield from _flush(pieces, kind)


@dataclass(frozen=True)
class _Break:
    kind: Kind


def _walk(tag: Tag, kind: Kind) -> Iterator[str | _Break]:
    """Strings, and a break wherever a block element begins or ends, with the kind of what follows."""
    for child in tag.children:
        if isinstance(child, Tag):
            inner: Kind = "caption" if _is_caption(child) else kind
            if child.name == "br":
                yield "\n"
            elif child.name in {"td", "th"}:
                # Cells of a row stay together; a layout table's cell with paragraphs inside breaks by those.
                yield from _walk(child, inner)
                yield " | " if child.find_next_sibling(["td", "th"]) else ""
            elif child.name in _BLOCKS or inner != kind:
                yield _Break(inner)
                yield from _walk(child, inner)
                yield _Break(kind)
            else:
                yield from _walk(child, inner)
        elif type(child) is NavigableString:
            yield re.sub(r"\s+", " ", str(child))


def _flush(pieces: list[str], kind: Kind) -> Iterator[Block]:
    for line in "".join(pieces).split("\n"):
        text = re.sub(r"\s+", " ", line).strip(" |")
        if text:
            yield Block(kind, text)


def _is_caption(tag: Tag) -> bool:
    return tag.name in {"figcaption", "caption"} or bool(_CAPTION.search(_names(tag)))


def in_furniture(tag: Tag) -> bool:
    """Whether `tag` stands in a menu, a side column, a list of other stories or the like."""
    around = [tag, *tag.parents]
    return any(_is_furniture(element) or element.name in {*_NEVER, "a", "li"} for element in around)


def _is_furniture(tag: Tag) -> bool:
    # What is not shown is not read: hidden links are how spam gets into a hacked page.
    if _HIDDEN.search(str(tag.get("style") or "")):
        return True
    return tag.name not in {"body", "html", "article", "main"} and bool(_FURNITURE.search(_names(tag)))


def _is_link_list(tag: Tag) -> bool:
    """A list whose text is nearly all links: related stories, tags. One linked name in a sentence is not."""
    if tag.name not in {"ul", "ol", "dl"}:
        return False
    whole = len(tag.get_text(strip=True))
    return whole > 0 and _linked(tag) > 0.7 * whole


def _linked(tag: Tag) -> int:
    return sum(len(link.get_text(strip=True)) for link in tag.find_all("a"))


def _own_text(tag: Tag) -> int:
    return len(tag.get_text(strip=True)) - _linked(tag)


def _names(tag: Tag) -> str:
    classes = tag.get("class") or ""
    names = [classes] if isinstance(classes, str) else [str(name) for name in classes]
    return " ".join([*names, str(tag.get("id") or "")])
