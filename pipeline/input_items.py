"""What streams of input hold: rows and documents as they were given, articles to read, and what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class BadInput:
    """An input that cannot be read; `str()` is its one line: `reports.jsonl:17: empty text`."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


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


@dataclass(frozen=True, slots=True)
class Document:
    """One input as it was given, before anything is read out of it.

    `data` is a page or a text in its own charset, or a row as one JSON object of `FIELDS`; `content_type` says
    which: `text/html`, `text/plain`, `application/json`, from an archive with its charset. `title` and
    `published` (ISO 8601) are those given beside the document, `fetched_at` has an offset. `http_status` and
    `headers` are there where an archive has them, and `truncated` names why a crawler broke off:
    `Document("tin.csv:17", "bai-1", b'{"id": "bai-1", "text": "Sáng 12/1 …"}', "application/json")`.
    """

    where: str
    source: str
    data: bytes
    content_type: str
    url: str | None = None
    fetched_at: datetime | None = None
    title: str | None = None
    published: str | None = None
    http_status: int | None = None
    headers: tuple[tuple[str, str], ...] | None = None
    truncated: str | None = None


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row in which nothing has been looked at yet: a line of JSON Lines, or the cells of a table by their columns.

    `RawRow("tin.jsonl:17", "{…}".encode())`. To take it apart costs more than to read it
    from its file, so that is left to whoever reads the article.
    """

    where: str
    data: bytes | Mapping[str, Any]
