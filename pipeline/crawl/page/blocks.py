"""An element's running text: where paragraphs end, which are captions, which lists and tables are furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from bs4 import Tag
from bs4.element import NavigableString

from pipeline.crawl.page.furniture import NEVER, is_hidden, names_of
from pipeline.crawl.page.survey import BLOCKS, Page, Spot

Kind = Literal["paragraph", "heading", "row", "caption"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, table row or caption in page order, its text as the page has it.

    `linked` is the share of its text in links, `marked` whether all of it is bold or italic, `align` how it is set,
    `behind_image` whether an image comes right before it.
    """

    kind: Kind
    text: str
    linked: float = 0.0
    marked: bool = False
    italic: bool = False
    align: str = ""
    behind_image: bool = False

    def with_text(self, text: str) -> Block:
        """The same block with its text cleaned."""
        return replace(self, text=text)


_CAPTION = re.compile(
    r"caption|chu-?thich|chu_thich|chuthich|(?:img|image|photo|anh)[-_]?desc|desc[-_]?(?:img|image)|(?:^|[\s_-])pcaption", re.IGNORECASE
)  # fmt: skip
_ALIGN = re.compile(r"text-align\s*:\s*(\w+)", re.IGNORECASE)
_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Characters. A caption longer than this is an article in a wrongly named element; a data cell is shorter than this.
_LONGEST_CAPTION, _LONGEST_CELL = 600, 250
# Calls that Python may nest, with room for whoever called: what lies deeper is read as one paragraph.
_DEEPEST = 200
# Images of a few pixels are bullets, buttons and counters of visits.
_SMALLEST_IMAGE = 60


def read_blocks(page: Page, root: Tag, *, skip: set[int], captions: set[int]) -> list[Block]:
    """The blocks of `root`; `skip` and `captions` are ids of elements that a layout names."""
    reader = _Reader(page, skip, captions)
    reader.walk(root, "paragraph", "", 0)
    reader.flush()
    return reader.blocks


class _Reader:
    def __init__(self, page: Page, skip: set[int], captions: set[int]) -> None:
        self.blocks: list[Block] = []
        self._page = page
        self._skip = skip
        self._captions = captions
        self._pieces: list[str] = []
        self._length = self._linked = self._plain = self._upright = 0
        self._links = self._bolds = self._italics = 0
        self._kind: Kind = "paragraph"
        self._align = ""
        self._image = False

    def flush(self) -> None:
        text = "".join(self._pieces)
        if self._length:
            self.blocks.append(
                Block(
                    self._kind, text, self._linked / self._length, self._plain == 0, self._upright == 0,
                    self._align, self._image,
                )
            )  # fmt: skip
            self._image = False
        self._pieces = []
        self._length = self._linked = self._plain = self._upright = 0

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        length = len(text.strip())
        self._length += length
        self._linked += length if self._links else 0
        self._plain += 0 if self._bolds or self._italics else length
        self._upright += 0 if self._italics else length

    def _part(self, kind: Kind, align: str) -> None:
        self.flush()
        self._kind, self._align = kind, align

    def walk(self, tag: Tag, kind: Kind, align: str, depth: int) -> None:
        for child in tag.contents:
            if isinstance(child, Tag):
                self._element(child, kind, align, depth)
            elif type(child) is NavigableString:
                self._add(child)

    def _element(self, tag: Tag, kind: Kind, align: str, depth: int) -> None:
        name = tag.name
        if name == "br":
            self._part(kind, align)
            return
        if name == "img":
            self._see_image(tag)
            return
        spot = self._page.spot(tag)
        is_block = name in BLOCKS
        if (
            name in NEVER
            or id(tag) in self._skip
            or is_hidden(tag)
            or (spot and (spot.kind or _is_link_list(spot)))
        ):
            if is_block:
                self._part(kind, align)
            return
        if depth > _DEEPEST:
            self._part(kind, align)
            self._add(tag.get_text(" "))
            self._part(kind, align)
            return
        if kind != "caption" and self._is_caption(tag, spot):
            self._inside(tag, "caption", kind, align, depth)
        elif name == "table" and kind != "caption" and (rows := _data_rows(tag)):
            self._part("row", align)
            for row in rows:
                self._row(row, depth)
            self._part(kind, align)
        elif name in _HEADINGS:
            self._inside(tag, "heading" if kind == "paragraph" else kind, kind, align, depth)
        elif is_block:
            self._inside(tag, kind, kind, align, depth)
        else:
            self._inline(tag, kind, align, depth)

    def _inside(self, tag: Tag, inner: Kind, outer: Kind, align: str, depth: int) -> None:
        """A block: what was before it ends, and so does it."""
        own = _align_of(tag) or align
        self._part(inner, own)
        self.walk(tag, inner, own, depth + 1)
        self._part(outer, align)

    def _inline(self, tag: Tag, kind: Kind, align: str, depth: int) -> None:
        link = tag.name == "a" and bool(tag.attrs.get("href"))
        bold, italic = tag.name in _BOLD, tag.name in _ITALIC
        self._links += link
        self._bolds += bold
        self._italics += italic
        self.walk(tag, kind, align, depth + 1)
        self._links -= link
        self._bolds -= bold
        self._italics -= italic

    def _row(self, row: list[Tag], depth: int) -> None:
        """Cells of a row in one paragraph, `Đoàn viên mới | 705`."""
        cells = []
        for cell in row:
            inner = _Reader(self._page, self._skip, self._captions)
            inner.walk(cell, "row", "", depth + 1)
            inner.flush()
            cells.append((" ".join(" ".join(block.text.split()) for block in inner.blocks), inner.blocks))
        text = " | ".join(text for text, _ in cells if text)
        if text:
            linked = sum(block.linked * len(block.text) for _, blocks in cells for block in blocks)
            self.blocks.append(Block("row", text, min(1.0, linked / len(text)), align=self._align))
            self._image = False

    def _see_image(self, tag: Tag) -> None:
        width = str(tag.attrs.get("width") or "")
        if not (width.isdigit() and int(width) < _SMALLEST_IMAGE):
            self._image = True

    def _is_caption(self, tag: Tag, spot: Spot | None) -> bool:
        if id(tag) in self._captions:
            return True
        length = spot.own + spot.linked if spot else 0
        if tag.name in {"figcaption", "caption"} or (tag.attrs and _CAPTION.search(names_of(tag))):
            return length <= _LONGEST_CAPTION
        if tag.name in {"figure", "table"} and 0 < length <= _LONGEST_CAPTION:
            return _is_framed_image(tag)
        return False


def _is_framed_image(tag: Tag) -> bool:
    """A figure, or a table whose first cell with anything in it holds an image and no words: the rest is its caption."""
    if tag.find("img") is None:
        return False
    if tag.name == "figure":
        return tag.find("table") is None
    for cell in tag.find_all(["td", "th"]):
        if cell.find(["td", "th"]) is None and (cell.get_text(strip=True) or cell.find("img")):
            return not cell.get_text(strip=True) and len(tag.find_all("tr")) <= 3
    return False


def _align_of(tag: Tag) -> str:
    if tag.name == "center":
        return "center"
    if align := tag.attrs.get("align"):
        return str(align).lower()
    style = tag.attrs.get("style")
    match = _ALIGN.search(str(style)) if style else None
    return match[1].lower() if match else ""


def _is_link_list(spot: Spot) -> bool:
    """A list or box whose text is nearly all links: related stories, tags. One linked name in a sentence is not."""
    name = spot.tag.name
    if name in {"ul", "ol", "dl"}:
        return spot.linked > 0.7 * (spot.own + spot.linked) > 0
    return (
        name in {"div", "table", "section"} and spot.runs > 1 and spot.linked > 0.8 * (spot.own + spot.linked)
    )


def _data_rows(table: Tag) -> list[list[Tag]]:
    """Rows of cells, where `table` holds data; nothing for one that only lays out the page."""
    if table.find("table") is not None:
        return []
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    widths = [sum(1 for cell in row if cell.get_text(strip=True)) for row in rows]
    if not any(width > 1 for width in widths):
        return []
    if any(len(cell.get_text(strip=True)) > _LONGEST_CELL for row in rows for cell in row):
        return []
    return [list(row) for row in rows]
