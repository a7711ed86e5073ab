"""A WARC file and its index made to agree: the torn tail is cut, what the index lacks is added."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from pipeline.crawl.warc.index import (
    ArchiveError,
    Entry,
    index_of,
    key_of,
    line_of,
    lines_backwards,
    parse_line,
    scan,
)
from pipeline.crawl.warc.stream import Damage


def complete(stream: BinaryIO, file: Path, *, cut: bool) -> None:
    """Bring the index of `file` (open as `stream`, locked by the caller) up to date; `cut` its torn tail.

    Costs the reading of the last page and of what lies behind it; where the index is missing, or does not
    belong to the file, that of the whole file. Damage between whole records is left where it is.
    """
    index = index_of(file)
    known = _trusted(stream, file)
    start, kept = known or (0, 0)
    target = index if known else index.with_suffix(".cdxj.tmp")
    end, shared = start, False
    with target.open("r+b" if known else "wb") as lines:
        lines.truncate(kept)
        lines.seek(kept)
        for item in scan(stream, _name(file), start=start):
            if isinstance(item, Damage):
                continue
            record, entry = item
            shared = shared or not record.alone
            end = record.offset + record.length
            if entry is not None:
                lines.write(line_of(entry))
    if not known:
        target.replace(index)
    # Records that share a gzip member are another program's: their ends are not known, and not ours to cut.
    if cut and not shared and end < stream.seek(0, os.SEEK_END):
        stream.truncate(end)


def entries_of(file: Path) -> Iterator[Entry]:
    """Every entry of one WARC file in the order of its records; nothing is written.

    From the index as far as that goes, the rest by reading the file. Raises `ArchiveError` where a line of
    the index is none.
    """
    index = index_of(file)
    with file.open("rb") as stream:
        start, kept = _trusted(stream, file) or (0, 0)
        if kept:
            with index.open("rb") as lines:
                at = 0
                while at < kept:
                    line = lines.readline()
                    yield _parsed(line, index, at)
                    at += len(line)
        for item in scan(stream, _name(file), start=start):
            if not isinstance(item, Damage) and item[1] is not None:
                yield item[1]


def lookup(file: Path, url: str) -> Iterator[Entry]:
    """The entries of exactly `url` in one file, newest first: by its index, or by reading it where it has none."""
    index = index_of(file)
    try:
        data = index.read_bytes()
    except FileNotFoundError:
        yield from reversed([entry for entry in entries_of(file) if entry.url == url])
        return
    start = key_of(url).encode() + b" "
    at = len(data)
    while (at := data.rfind(start, 0, at)) >= 0:
        end = data.find(b"\n", at)
        # A torn line's record is found when the file is next opened for writing.
        if end < 0 or (at and data[at - 1] != ord("\n")):
            continue
        entry = _parsed(data[at:end], index, at)
        if entry.url == url:
            yield entry


def last_response(file: Path) -> Entry | None:
    """The last response in the index of `file`."""
    index = index_of(file)
    with closing(lines_backwards(index)) as lines:
        for end, line in lines:
            entry = _parsed(line, index, end - len(line))
            if entry.kind == "response":
                return entry
    return None


def _trusted(stream: BinaryIO, file: Path) -> tuple[int, int] | None:
    """How far the index describes `file`, and how many of its bytes are whole lines; None: not at all.

    An index belongs to a file when the last record it names lies there.
    """
    try:
        with closing(lines_backwards(index_of(file))) as lines:
            kept, line = next(lines, (0, b""))
        entry = parse_line(line, file.parent.name)
    except (FileNotFoundError, ValueError):
        return None
    item = next(scan(stream, _name(file), start=entry.location.offset), None)
    if item is None or isinstance(item, Damage) or item[1] is None:
        return None
    there = item[1]
    if (there.url, there.kind, there.location, there.length) != (
        entry.url,
        entry.kind,
        entry.location,
        entry.length,
    ):
        return None
    return entry.location.offset + entry.length, kept


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


def _parsed(line: bytes, index: Path, at: int) -> Entry:
    try:
        return parse_line(line, index.parent.name)
    except ValueError as error:
        raise ArchiveError(f"{index}, offset {at}: {error}; delete the index, it is built anew") from error
