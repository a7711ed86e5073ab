"""Records taken out of a WARC file for good: the file is written anew without them, all others byte for byte as they were."""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.crawl.warc.index import ARCHIVE_LIMIT, ArchiveError, index_of
from pipeline.crawl.warc.mend import complete
from pipeline.crawl.warc.stream import Damage, Fields, parse_fields, records

_CHUNK = 1 << 20
_HEAD = 1 << 14

Doomed = Callable[[Fields], bool]
"""Whether the record with these fields is to go."""


def without(file: Path, doomed: Doomed) -> int:
    """Take out of `file` the records that are `doomed`, damaged ones too, and make its index anew; how many there were.

    The new file takes the old one's place in one step. Killed at any moment, `without` is called again: until the new file
    is there the old one is as it was, and an index is missing rather than wrong. Raises `ArchiveError` where a record
    shares its gzip member with others, as no file of this program's does.
    """
    clear_aside(file)
    with file.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        spans = list(_spans(stream, file, doomed))
        if not spans:
            complete(stream, file, cut=False)
            return 0
        aside = _aside(file)
        with aside.open("wb") as out:
            _copy(stream, out, spans)
            out.flush()
            os.fsync(out.fileno())
        index_of(file).unlink(missing_ok=True)
        aside.replace(file)
    with file.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        complete(stream, file, cut=False)
    return len(spans)


def clear_aside(file: Path) -> None:
    """Delete what a killed `without` left beside `file`."""
    _aside(file).unlink(missing_ok=True)
    index_of(file).with_suffix(".cdxj.tmp").unlink(missing_ok=True)


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def _spans(stream: BinaryIO, file: Path, doomed: Doomed) -> Iterator[tuple[int, int]]:
    """Begin and end of each doomed record; that of a damaged one is where the next record begins."""
    open_at: int | None = None
    for item in records(stream, want=lambda _fields: False, limit=ARCHIVE_LIMIT):
        if open_at is not None:
            if isinstance(item, Damage) and not item.headers:
                continue  # the rest of the damaged one
            yield open_at, item.offset
            open_at = None
        fields = item.headers or _head(file, item.offset)
        if not doomed(fields):
            continue
        if isinstance(item, Damage):
            open_at = item.offset
        elif not item.alone:
            raise ArchiveError(
                f"{file}, offset {item.offset}: shares its gzip member with other records: "
                "write the file anew with each record in a member of its own (warcio recompress)"
            )
        else:
            yield item.offset, item.offset + item.length
    if open_at is not None:
        yield open_at, stream.seek(0, os.SEEK_END)


def _head(file: Path, offset: int) -> Fields:
    """The fields of a damaged record as far as they can be unpacked; none where they cannot."""
    with file.open("rb") as stream:
        stream.seek(offset)
        packed = stream.read(_CHUNK)
    head, member = b"", zlib.decompressobj(wbits=31)
    with suppress(zlib.error):
        # Little by little: all at once nothing is given out where the end is damaged.
        while b"\r\n\r\n" not in head and len(head) < _HEAD and packed:
            head += member.decompress(packed, 64)
            packed = member.unconsumed_tail
    return parse_fields(head.partition(b"\r\n\r\n")[0]) if head.startswith(b"WARC/") else ()


def _copy(stream: BinaryIO, out: BinaryIO, spans: list[tuple[int, int]]) -> None:
    """All bytes but those of `spans`, which are in order."""
    at = 0
    size = stream.seek(0, os.SEEK_END)
    for begin, end in [*spans, (size, size)]:
        stream.seek(at)
        while at < begin:
            data = stream.read(min(_CHUNK, begin - at))
            out.write(data)
            at += len(data)
        at = end
