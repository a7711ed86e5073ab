"""One row of JSON Lines or CSV, one text or one page → `InputArticle`; else `UnreadableError` is raised."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.input_items import BadInput, Document, InputArticle, RawRow
from pipeline.input_text import BOM, UTF16, UnreadableError, decode

__all__ = [
    "BadInput", "Document", "InputArticle", "RawRow", "UnreadableError", "article_of", "html_article",
    "json_article", "parse_row", "row_document", "text_article",
]  # fmt: skip

FIELDS = ("id", "text", "html", "url", "title", "published_at")
"""What a row may hold; a text goes before html, and one of the two is needed."""

PAGE_TYPES = ("text/html", "application/xhtml+xml")
_NAMES = {
    type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "a string",
    list: "a list", dict: "an object",
}  # fmt: skip
_PLAIN = re.compile("[0-9A-Za-z]")


def article_of(document: Document | RawRow) -> InputArticle:
    """The article in `document`. Raises `UnreadableError`, whose message does not name the place.

    >>> row = '{"id": "bài 1", "text": "Sáng 12/1, LĐLĐ huyện …"}'.encode()
    >>> article_of(Document("tin.csv:2", "bài 1", row, "application/json")).source
    'bài 1'
    """
    if isinstance(document, RawRow):
        return json_article(document.data, where=document.where)
    if document.truncated:
        raise UnreadableError(
            f"cut short when it was archived (WARC-Truncated: {document.truncated}): fetch the page itself"
        )
    media = document.content_type.partition(";")[0].strip().lower()
    if media == "application/json":
        return json_article(document.data, where=document.where)
    if media in PAGE_TYPES:
        article = html_article(
            document.data,
            where=document.where,
            source=document.source,
            url=document.url,
            fetched_at=document.fetched_at,
            content_type=document.content_type,
        )
    elif media == "text/plain":
        article = text_article(document.data, where=document.where, source=document.source)
    else:
        raise UnreadableError(f"{media or 'something without a type'}, not text, HTML or a row")
    return InputArticle(
        article.where,
        article.source,
        article.text,
        document.title or article.title,
        document.published or article.published,
        document.url or article.url,
    )


def text_article(data: bytes, *, where: str, source: str) -> InputArticle:
    """A plain text file. Its title is left to the reader."""
    return InputArticle(where, source, _not_empty(decode(data)))


def html_article(
    data: bytes,
    *,
    where: str,
    source: str,
    url: str | None = None,
    fetched_at: datetime | None = None,
    content_type: str | None = None,
) -> InputArticle:
    """A page as bytes in whatever encoding it, or the `content_type` that it came with, declares."""
    from pipeline.crawl.parse import ParseError, parse_html  # noqa: PLC0415 (slow to import)

    if not data.strip():
        raise UnreadableError("empty: there is nothing to read")
    if b"\0" in data and not data.startswith(UTF16):
        raise UnreadableError("a binary file, not HTML")
    try:
        page = parse_html(data, url, fetched_at=fetched_at, content_type=content_type)
    except ParseError:
        raise UnreadableError("no article found in this page: give its text instead") from None
    return InputArticle(where, source, page.text, page.title, page.published, url or page.url)


def json_article(line: bytes | Mapping[str, Any], *, where: str) -> InputArticle:
    """A row `{"id", "text" or "html", "url", "title", "published_at"}`; text goes before html.

    Other keys are left alone. `published_at` and `title` of the row outrank those of the page.

    >>> json_article('{"id": 7, "text": "Sáng 12/1, LĐLĐ huyện …"}'.encode(), where="a.jsonl:1").source
    '7'
    """
    row = _checked(parse_row(line) if isinstance(line, bytes) else line)
    source = row.get("id", where)
    title, url, published = row.get("title"), row.get("url"), row.get("published_at")
    if (text := row.get("text")) is not None:
        return InputArticle(where, source, text, title, published, url)
    # The string is decoded already: the mark in front outranks the charset that the page declares.
    page = html_article(BOM + row["html"].encode(), where=where, source=source, url=url)
    return InputArticle(where, source, page.text, title or page.title, published or page.published, page.url)


def row_document(row: bytes | Mapping[str, Any], *, where: str) -> Document:
    """A row as it came, checked, and without what nobody asked for. Raises `UnreadableError`."""
    kept = _checked(parse_row(row) if isinstance(row, bytes) else row)
    return Document(
        where,
        kept.get("id", where),
        json.dumps(kept, ensure_ascii=False).encode(),
        "application/json",
        url=kept.get("url"),
        title=kept.get("title"),
        published=kept.get("published_at"),
    )


def parse_row(line: bytes) -> Mapping[str, Any]:
    """The object in a line of JSON Lines."""
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
    return row


def _checked(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of `row` that hold something, each as a string; of `text` and `html` one."""
    found = {"id": _identifier(row)}
    found |= {name: _string(row, name) for name in ("title", "url")}
    found |= {"published_at": _date(row), "text": _string(row, "text"), "html": _string(row, "html")}
    if found["text"] is not None:
        found["html"] = None
    elif found["html"] is None:
        given = [name for name in ("text", "html") if row.get(name) is not None]
        raise UnreadableError(
            f"empty {given[0]}: there is nothing to read" if given else "neither `text` nor `html`"
        )
    return {name: value for name in FIELDS if (value := found[name]) is not None}


def _not_empty(text: str) -> str:
    from extractors.text import normalise  # noqa: PLC0415 (its lexicon is wanted for few texts)

    # Normalising is dear, and leaves what has a letter or digit of ASCII one.
    if _PLAIN.search(text) is None and not normalise(text).strip():
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
