"""What the addresses of a site's articles have in common, as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from urllib.parse import urlsplit

from pipeline.crawl.sources import HEADLINE

# `-post1234`, `-cd10501`, `-d77`, `_123`, `.1234` at the end of a name: an article's number in a site's database.
_NUMBER = re.compile(r"(?P<before>[-_./]|^)(?P<word>[a-z]{0,6})(?P<number>\d+)$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d{2}/\d{1,2}/(?:\d{1,2}/)?(?=[^/]+/?$)")
_ENOUGH = 0.8  # of the articles: the rest are videos, special pages, another section's
_FEWEST = 3
_PAIRED = 8  # shapes, the commonest, that pairs are made of


@dataclass(frozen=True)
class Shape:
    """A pattern, the share of articles that it matches, and other links of the site that it matches as well."""

    pattern: str
    share: float
    strays: tuple[str, ...]


def learn_shape(articles: Sequence[str], others: Sequence[str]) -> Shape | None:
    """The narrowest pattern that is found in most of the `articles`' addresses and in few of the `others`'.

    Both are whole URLs. None where there are too few articles, or nothing in common.

    >>> site = "https://baosongtien.vn/cong-doan/"
    >>> learn_shape([f"{site}ldld-trao-qua-tet-post{n}.html" for n in (41, 77, 102)], [f"{site}trang-2.html"]).pattern
    '-post\\\\d+\\\\.html$'
    """
    own, other = list(dict.fromkeys(map(_path, articles))), list(dict.fromkeys(map(_path, others)))
    other = [path for path in other if path not in own]
    if len(own) < _FEWEST:
        return None
    patterns = list(dict.fromkeys(pattern for path in own for pattern in _patterns(path, own)))
    shapes = sorted(
        (_shape(pattern, own, other) for pattern in patterns),
        key=lambda shape: (-shape.share, len(shape.strays)),
    )
    enough = [shape for shape in shapes if shape.share >= _ENOUGH]
    if not enough:
        # Two news systems under one roof: the old articles' addresses and the new ones'.
        pairs = (
            _shape(f"(?:{a.pattern})|(?:{b.pattern})", own, other)
            for a, b in combinations(shapes[:_PAIRED], 2)
        )
        enough = [pair for pair in pairs if pair.share >= _ENOUGH]
    if not enough:
        return None
    order = {pattern: number for number, pattern in enumerate(patterns)}
    # Of pairs the one that takes most; `min` keeps the first of equals, which is of the commonest shapes.
    best = min(enough, key=lambda shape: (len(shape.strays), order.get(shape.pattern, -shape.share)))
    return _within(best, own, other) if best.strays else best


def _escape(text: str) -> str:
    """As `re.escape`, without what only a class of characters needs: a person reads the manifest."""
    return re.escape(text).replace("\\-", "-")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _shape(pattern: str, own: Sequence[str], other: Sequence[str]) -> Shape:
    matched = sum(1 for path in own if re.search(pattern, path))
    return Shape(pattern, matched / len(own), tuple(path for path in other if re.search(pattern, path)))


def _patterns(path: str, own: Sequence[str]) -> Iterator[str]:
    """What `path` may be an example of, the narrowest first."""
    before, _, query = path.partition("?")
    if query:
        if re.search(r"=\d+(?:&|$)", query):
            pieces = (_parameter(piece) for piece in query.split("&"))
            yield f"^{_digits(before)}\\?{'&'.join(pieces)}$"
        return
    slash = "/" if before.endswith("/") else ""
    name = before.rstrip("/").rpartition("/")[2]
    extension = match[0] if (match := _EXTENSION.search(name)) else ""
    end = f"{_escape(extension)}{slash}$"
    stem = name.removesuffix(extension)
    if number := _NUMBER.search(stem):
        # A title may end in a year: only a number longer than that is one by itself.
        long = len(number["number"]) > 4
        if number["word"] or long or not stem[: number.start()]:
            digits = r"\d{5,}" if long and not number["word"] else r"\d+"
            yield f"{_escape(number['before'] or '/')}{_escape(number['word'])}{digits}{end}"
    if _DATED.search(before):
        yield r"/\d{4}/\d{1,2}/(?:\d{1,2}/)?[^/]+" + end
    hyphens = _fewest_hyphens(own, extension)
    if stem.count("-") >= hyphens:
        yield rf"/(?:[\w%]+-){{{hyphens},}}[\w%]+{end if extension or not slash else '/?$'}"
    if re.search(HEADLINE, before):
        yield HEADLINE


def _fewest_hyphens(own: Sequence[str], extension: str) -> int:
    """How many hyphens nearly all names have: from 3 (names of sections have fewer) to 6."""
    counts = sorted(
        path.partition("?")[0].rstrip("/").rpartition("/")[2].count("-") for path in own if extension in path
    )
    return max(3, min(6, counts[len(counts) // 20])) if counts else 6


def _parameter(piece: str) -> str:
    name, _, value = piece.partition("=")
    return f"{_escape(name)}={r'[0-9]+' if value.isdigit() else '[^&]+'}".replace("[0-9]+", r"\d+")


def _digits(path: str) -> str:
    return re.sub(r"\d+", lambda _match: r"\d+", _escape(path))


def _within(shape: Shape, own: Sequence[str], other: Sequence[str]) -> Shape:
    """The same pattern below the folders that the articles are in, where that keeps others out."""
    folders = sorted({path.partition("?")[0].split("/")[1] for path in own if path.count("/") > 1})
    if not 1 <= len(folders) <= 8 or shape.pattern.startswith(("^", "(?:")):
        return shape
    names = "|".join(map(_escape, folders))
    prefix = names if len(folders) == 1 else f"(?:{names})"
    narrow = _shape(rf"^/{prefix}\b.*{shape.pattern}", own, other)
    return narrow if narrow.share >= shape.share and len(narrow.strays) < len(shape.strays) else shape
