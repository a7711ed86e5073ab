"""Two outputs of `tongket extract`, read leniently: what another version wrote may have other codes and fields.

Only what pairing needs is checked (ids, texts, evidence); all else stays plain JSON in `model_extra`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.validation import first_problem

# An article's id, and whether it is its first, second … report in the file: a text may be given twice.
Key = tuple[str, int]


class DiffError(ValueError):
    """A file that cannot be compared; the message names it, the line, and what to give instead."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Words(_Read):
    """Where a value was read: half-open offsets into the article's text."""

    start: int
    end: int
    text: str


class Item(_Read):
    """A figure, an award or a unit."""

    evidence: Words


class Event(_Read):
    """A conference."""

    id: str
    figures: list[Item] = Field(default_factory=list)
    awards: list[Item] = Field(default_factory=list)
    units: list[Item] = Field(default_factory=list)


class ReadArticle(_Read):
    """The article; its `source` is the path it was read from, which two runs need not share."""

    id: str
    source: str | None = None
    text: str


class ReadReport(_Read):
    """One line of `tongket extract`."""

    article: ReadArticle
    conferences: list[Event] = Field(default_factory=list)


def parse(line: bytes, where: str) -> ReadReport:
    """The report of a line; `where` is `old.jsonl:12`, for the error.

    >>> parse('{"article": {"id": "7f", "text": "LĐLĐ huyện Cái Bè"}}'.encode(), "old.jsonl:1").article.text
    'LĐLĐ huyện Cái Bè'
    """
    try:
        return ReadReport.model_validate_json(line)
    except ValidationError as error:
        raise DiffError(
            f"{where}: no report ({first_problem(error)}): give the output of `tongket extract`"
        ) from None


def open_reports(path: str) -> BinaryIO:
    """The file at `path`, `-` for standard input, as a stream that can go back: a pipe is first copied aside."""
    try:
        if path == "-":
            return _aside(sys.stdin.buffer)
        stream = Path(path).open("rb")  # noqa: SIM115 (the caller closes it)
        if stream.seekable():
            return stream
        with stream:
            return _aside(stream)
    except OSError as error:
        raise DiffError(f"{path}: cannot be read: {error.strerror or error}") from None


def _aside(stream: BinaryIO) -> BinaryIO:
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy


class OldReports:
    """The first output by article id. Holds offsets, not reports: memory grows with the articles, not the texts."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        """Raises `DiffError` naming the first line that is no report."""
        self._stream, self._name = stream, name
        self._at: dict[Key, tuple[int, int]] = {}
        seen: Counter[str] = Counter()
        offset = 0
        for number, line in enumerate(stream, 1):
            if line.strip():
                article = parse(line, f"{name}:{number}").article.id
                self._at[article, seen[article]] = (offset, number)
                seen[article] += 1
            offset += len(line)
        self.count = len(self._at)

    def take(self, key: Key) -> tuple[bytes, str] | None:
        """The line of an article and its place (`old.jsonl:12`), or None; once taken it is no longer left."""
        at = self._at.pop(key, None)
        if at is None:
            return None
        self._stream.seek(at[0])
        return self._stream.readline(), f"{self._name}:{at[1]}"

    def left(self) -> Iterator[ReadReport]:
        """The reports that nobody took, in the order of the file."""
        for key in list(self._at):
            taken = self.take(key)
            if taken:
                yield parse(*taken)
