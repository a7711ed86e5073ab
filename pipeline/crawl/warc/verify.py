"""Whether the archive is what it says it is: digests of records, and indexes against their files."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.crawl.warc.index import (
    ARCHIVE_LIMIT,
    ArchiveError,
    Entry,
    Location,
    entry_of,
    index_of,
    parse_line,
    warc_files,
)
from pipeline.crawl.warc.payload import join_chunks, parse_answer
from pipeline.crawl.warc.read import original_of
from pipeline.crawl.warc.stream import Damage, Record, field, records


def verify(directory: Path) -> Iterator[str]:
    """What is wrong with the archive, a line each, by file and offset; nothing is written.

    Damaged records, digests that do not fit their bytes, lines of an index that point nowhere or say
    otherwise than the record, records that their index leaves out, revisits whose page is gone. A file
    without index is no problem. `baothu/baothu-20250114-00000.warc.gz, offset 512: its block digest does
    not fit` is what one changed byte in an uncompressed file gives.
    """
    for file in warc_files(directory):
        yield from _verify_file(directory, file)


def _verify_file(directory: Path, file: Path) -> Iterator[str]:
    name = f"{file.parent.name}/{file.name}"
    lines = _Lines(file)
    with file.open("rb") as stream:
        for item in records(stream, limit=ARCHIVE_LIMIT):
            place = f"{name}, offset {item.offset}"
            if isinstance(item, Damage):
                yield f"{place}: {item.what}"
                continue
            yield from (f"{place}: {problem}" for problem in _digests(item))
            entry = entry_of(item, name)
            if entry is not None:
                yield from lines.compare(entry)
            if entry is not None and entry.kind == "revisit":
                try:
                    original_of(directory, Location(name, item.offset), item)
                except ArchiveError as error:
                    yield str(error)
    yield from lines.rest()


class _Lines:
    """The lines of a file's index, read along with its records: both are in the order of their offsets."""

    def __init__(self, file: Path) -> None:
        index = index_of(file)
        self._name = f"{index.parent.name}/{index.name}"
        self._there = index.exists()
        self._lines = self._parsed(index) if self._there else iter(())
        self._next = next(self._lines, None)

    def compare(self, entry: Entry) -> Iterator[str]:
        """Problems of the lines up to that of `entry`, which was read from the file."""
        if not self._there:
            return
        yield from self._before(entry.location.offset)
        place = f"{entry.location.file}, offset {entry.location.offset}"
        if not isinstance(self._next, Entry) or self._next.location.offset != entry.location.offset:
            yield f"{place}: not in the index {self._name}"
            return
        for name in ("url", "kind", "fetched_at", "status", "digest", "payload_digest", "length"):
            here, there = getattr(entry, name), getattr(self._next, name)
            # A body in an encoding that no library here knows has no digest now.
            if here != there and not (name == "digest" and here is None):
                yield f"{place}: its {name} is {here}, the index {self._name} says {there}"
        self._next = next(self._lines, None)

    def rest(self) -> Iterator[str]:
        """Problems of the lines that no record was found for."""
        yield from self._before(None)

    def _before(self, offset: int | None) -> Iterator[str]:
        while (line := self._next) is not None:
            if isinstance(line, Entry):
                if offset is not None and line.location.offset >= offset:
                    return
                yield (
                    f"{line.location.file}, offset {line.location.offset}: no page begins here, but the index "
                    f"{self._name} says so ({line.url})"
                )
            else:
                yield line
            self._next = next(self._lines, None)

    def _parsed(self, index: Path) -> Iterator[Entry | str]:
        with index.open("rb") as stream:
            at = 0
            for line in stream:
                try:
                    yield parse_line(line, index.parent.name)
                except ValueError as error:
                    yield f"{self._name}, offset {at}: {error}"
                at += len(line)


def _digests(record: Record) -> Iterator[str]:
    block = record.block or b""
    if not _fits(field(record.headers, "WARC-Block-Digest"), block):
        yield "its block digest does not fit"
    payload = field(record.headers, "WARC-Payload-Digest")
    # A revisit's is that of the page it stands for, and a request has no body.
    if record.kind in {"response", "resource", "conversion"}:
        answer = parse_answer(block) if record.kind == "response" else None
        body = answer.body if answer else block
        # Some programs count a chunked body without its chunks' heads.
        joined = join_chunks(body) if answer else body
        if not (_fits(payload, body) or _fits(payload, joined)):
            yield "its payload digest does not fit"


def _fits(digest: str | None, data: bytes) -> bool:
    """Whether `sha1:…` or the like, in base 32, base 16 or base 64, is that of `data`; True where it is none."""
    algorithm, _, value = (digest or "").partition(":")
    if algorithm.lower() not in hashlib.algorithms_guaranteed or not value:
        return True
    try:
        found = hashlib.new(algorithm.lower(), data, usedforsecurity=False).digest()
    except TypeError:  # shake: its length is the caller's choice
        return True
    spelled = (
        base64.b32encode(found).decode(),
        binascii.hexlify(found).decode().upper(),
        base64.b64encode(found).decode(),
        base64.urlsafe_b64encode(found).decode(),
    )
    return value in spelled or value.upper() in spelled[:2]
