"""One row of JSON Lines, one text or one page → `InputArticle`; else `UnreadableError` is raised."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What people pass by mistake, by the bytes it begins with.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word or ZIP file"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x89PNG", "an image"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_NAMES = {
    type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "a string",
    list: "a list", dict: "an object",
}  # fmt: skip


class UnreadableError(Exception):
    """What is wrong with one input and what to do, in one line, without its place."""


@dataclass(frozen=True, slots=True)
class InputArticle:
    """A text to read. `source` is the file as given, the row's `id` or a page's URL; `published` is ISO 8601.

    `where` (`reports.jsonl:17`) is its place for messages: `InputArticle("a.txt", "a.txt", "Sáng 12/1 …")`.
    """

    where: str
    source: str
    text: str
    title: str | None = None
    published: str | None = None
    url: str | None = None


def decode(data: bytes) -> str:
    """UTF-8 text, with or without a byte-order mark; anything else raises and says what it looks like."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadableError(f"{name}, not text: save it as text or HTML first")
    if data.startswith(_UTF16):
        raise UnreadableError("UTF-16, not UTF-8: convert it with `iconv -f UTF-16 -t UTF-8`")
    if b"\0" in data:
        raise UnreadableError("a binary file, not text: give text, HTML, WARC or JSON Lines")
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"in line {line}" if b"\n" in data.rstrip() else f"at byte {error.start + 1}"
        raise UnreadableError(
            f"not UTF-8 (byte 0x{data[error.start]:02x} {place}): "
            "convert it, for an old page with `iconv -f WINDOWS-1258 -t UTF-8`"
        ) from None


def text_article(data: bytes, *, where: str, source: str) -> InputArticle:
    """A plain text file. Its title is left to the reader."""
    return InputArticle(where, source, _not_empty(decode(data)))


def html_article(data: bytes, *, where: str, source: str, url: str | None = None) -> InputArticle:
    """A page as bytes in whatever encoding it declares."""
    from pipeline.crawl.parse import ParseError, parse_html  # noqa: PLC0415 (slow to import)

    if not data.strip():
        raise UnreadableError("empty: there is nothing to read")
    if b"\0" in data and not data.startswith(_UTF16):
        raise UnreadableError("a binary file, not HTML")
    try:
        page = parse_html(data, url)
    except ParseError:
        raise UnreadableError("no article found in this page: give its text instead") from None
    return InputArticle(where, source, page.text, page.title, page.published, url or page.url)


def json_article(line: bytes, *, where: str) -> InputArticle:
    """A row `{"id", "text" or "html", "url", "title", "published_at"}`; text goes before html.

    Other keys are left alone. `published_at` and `title` of the row outrank those of the page.

    >>> json_article('{"id": 7, "text": "Sáng 12/1, LĐLĐ huyện …"}'.encode(), where="a.jsonl:1").source
    '7'
    """
    try:
        row = json.loads(decode(line).rstrip())
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"broken JSON at column {error.colno} ({error.msg}): one whole object a line is wanted"
        ) from None
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"JSON that cannot be read ({str(error).splitlines()[0]})") from None
    if not isinstance(row, dict):
        raise UnreadableError(f'{_NAMES[type(row)]} where an object like {{"text": "…"}} is wanted')
    source = _identifier(row) or where
    title, url, published = _string(row, "title"), _string(row, "url"), _date(row)
    text, html = _string(row, "text"), _string(row, "html")
    if text is not None:
        return InputArticle(where, source, text, title, published, url)
    if html is None:
        given = [k for k in ("text", "html") if row.get(k) is not None]
        raise UnreadableError(
            f"empty {given[0]}: there is nothing to read" if given else "neither `text` nor `html`"
        )
    # The string is decoded already: the mark in front outranks the charset that the page declares.
    page = html_article(_BOM + html.encode(), where=where, source=source, url=url)
    return InputArticle(where, source, page.text, title or page.title, published or page.published, page.url)


def _not_empty(text: str) -> str:
    from extractors.text import normalise  # noqa: PLC0415 (the package brings spaCy)

    if not normalise(text).strip():
        raise UnreadableError("empty: there is nothing to read")
    return text


def _string(row: Mapping[str, Any], key: str) -> str | None:
    """The field as a string, None where it is missing, null or blank."""
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UnreadableError(f"`{key}` is {_NAMES[type(value)]}, not a string")
    if any("\ud800" <= ch <= "\udfff" for ch in value):
        raise UnreadableError(
            f"`{key}` holds half a surrogate pair (\\ud800 to \\udfff): write the character whole"
        )
    try:
        return _not_empty(value)
    except UnreadableError:
        return None


def _identifier(row: Mapping[str, Any]) -> str | None:
    value = row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _string(row, "id")


def _date(row: Mapping[str, Any]) -> str | None:
    """`published_at` as given; a date in words or as 7/1/2025 could be read two ways and is refused."""
    value = _string(row, "published_at")
    if value is None:
        return None
    try:
        datetime.fromisoformat(value.strip())
    except ValueError:
        raise UnreadableError(
            f"`published_at` is {value[:40]!r}, not a date like 2025-01-07 or 2025-01-07T05:03:00+07:00"
        ) from None
    return value.strip()
