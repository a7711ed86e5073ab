"""A WARC file, record by record, whoever wrote it: plain, gzipped by record or as a whole, damaged or cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.crawl.warc.members import CUT, BrokenError, Unpacked

Fields = tuple[tuple[str, str], ...]
"""Named fields of a record or a message in their order: `(("WARC-Type", "response"), …)`."""

LIMIT = 64 * 1024 * 1024
"""Bytes of the largest block that is held in memory; an article's page has some hundred thousand."""

LENGTH = "its length is not what its head says"

_START = 1 << 14
_HEAD_LIMIT = 1 << 20
# Where a record begins: looked for behind damage only, where lengths cannot be trusted.
_BEGIN = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n")
_BEGIN_INSIDE = re.compile(rb"(?<=\n)" + _BEGIN.pattern)
_LINE_END = re.compile(rb"\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record. `offset` and `length` are bytes of the file, compressed where it is.

    `block` is None where it was not wanted. `alone` says that the record can be read by its offset: it does
    not share a gzip member with others. `Record(0, 512, (("WARC-Type", "response"), …), b"HTTP/1.1 200 …",
    True)` is the answer that brought `https://baothu.vn/bai-1.html`.
    """

    offset: int
    length: int
    headers: Fields
    block: bytes | None
    alone: bool

    @property
    def kind(self) -> str:
        """WARC-Type in lower case: `response`, `revisit`, …"""
        return (field(self.headers, "WARC-Type") or "").lower()

    @property
    def url(self) -> str | None:
        """WARC-Target-URI, without the brackets that some crawlers put around it."""
        return _url(self.headers)


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where no whole record is. `headers` are the record's, where its head could be read.

    `start` is the begin of a block that is too large to be held: what it is may be seen there.
    """

    offset: int
    what: str
    headers: Fields = ()
    start: bytes = b""

    @property
    def cut(self) -> bool:
        """Whether the file ends within the record."""
        return self.what == CUT

    @property
    def url(self) -> str | None:
        """WARC-Target-URI of the record, where its head could be read."""
        return _url(self.headers)


class _LengthError(Exception):
    """A record that does not begin or end where it should."""


def field(headers: Fields, name: str) -> str | None:
    """The first field of that name in whatever case: `field((("warc-type", "response"),), "WARC-Type")`."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def parse_fields(head: bytes) -> Fields:
    """The lines `name: value` of a head, continuation lines joined; what is no field is left out.

    UTF-8 as WARC wants it, else Latin-1, in which every byte is a character.
    """
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    lines: list[str] = []
    for line in re.split(r"\r?\n", text):
        if line[:1] in {" ", "\t"} and lines:
            lines[-1] += " " + line.strip()
        elif line:
            lines.append(line)
    pairs = (line.partition(":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)


def records(
    stream: BinaryIO,
    *,
    offset: int = 0,
    want: Callable[[Fields], bool] = lambda _headers: True,
    limit: int = LIMIT,
) -> Iterator[Record | Damage]:
    """Every record from where `stream` stands, `offset` bytes into its file. Bad data is yielded, not raised.

    A record is given out when its end has been seen and, in gzip, its checksum fits. Behind damage the next
    thing that looks like a record is looked for. Blocks that `want` refuses are skipped, not held. Memory:
    one block, of `limit` bytes at most.
    """
    data = Unpacked(stream, offset)
    lost = False
    while True:
        headers: Fields = ()
        block: bytes | None = None
        try:
            if not data.begin():
                return
            if lost:
                lost = False
                data.seek(_BEGIN)
                continue
            headers = parse_fields(_head(data))
            size = _size(headers)
            wanted = want(headers)
            if wanted and size <= limit:
                block = data.take(size)
            start = data.take(min(size, _START)) if wanted and block is None else b""
            held = len(block) if block is not None else len(start) + data.skip(size - len(start))
            if held < size:
                raise _LengthError(CUT)
            if not data.finish(b"\r\n\r\n", b"WARC/"):
                raise _LengthError(LENGTH)
        except BrokenError as error:
            yield Damage(data.place, str(error), headers)
        except _LengthError as error:
            yield Damage(data.place, str(error), headers)
            # Too great a length swallows the records that follow.
            if block and (inside := _BEGIN_INSIDE.search(block)):
                data.push_back(block[inside.start() :])
            lost = True
        else:
            if wanted and block is None:
                yield Damage(data.place, f"larger than {limit >> 20} MB", headers, start)
            else:
                yield Record(data.place, data.length, headers, block, data.alone)


def _head(data: Unpacked) -> bytes:
    """The lines before a record's block, without the first; they are consumed."""
    head = data.until(_HEAD_END, _HEAD_LIMIT)
    if head is None:
        # The first line is consumed alone: what follows may be a record.
        line = data.until(_LINE_END, _HEAD_LIMIT) or data.take(_HEAD_LIMIT)
        raise _LengthError(CUT if _BEGIN.match(line) else "no record begins here")
    if not (begin := _BEGIN.match(head)):
        data.push_back(head[1:])
        raise _LengthError("no record begins here")
    return head[begin.end() :]


def _size(headers: Fields) -> int:
    length = field(headers, "Content-Length") or ""
    if not length.isascii() or not length.isdigit():
        raise _LengthError("no Content-Length")
    return int(length)


def _url(headers: Fields) -> str | None:
    url = field(headers, "WARC-Target-URI")
    return url[1:-1] if url and url.startswith("<") and url.endswith(">") else url
