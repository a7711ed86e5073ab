"""Files, standard input and WARC archives → a stream of documents or articles, in the order given."""

from __future__ import annotations

import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import PurePath
from typing import Any, BinaryIO, Literal, TypeVar, cast

from pipeline.input_address import expand, is_address, open_address
from pipeline.input_rows import BadInput, Document, InputArticle, RawRow, article_of, row_document
from pipeline.input_text import BOM, UnreadableError

__all__ = [
    "BadInput", "Document", "InputArticle", "Meter", "RawRow", "article_of", "read_documents", "read_inputs",
    "read_raw",
]  # fmt: skip

T = TypeVar("T")
Kind = Literal["jsonl", "csv", "tsv", "html", "warc", "text"]
_SUFFIXES: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".warc": "warc", ".wet": "warc", ".txt": "text", ".text": "text",
}  # fmt: skip
_GZIP = b"\x1f\x8b"
_ZSTD = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")  # data, and the dictionary that an archive may begin with
# An article is some thousand characters; what is larger than this is something else passed by mistake.
_LIMIT = 64 * 1024 * 1024
_TOO_LARGE = "larger than 64 MB: give articles, one a file or one a line"


@dataclass(slots=True)
class Meter:
    """Bytes read so far, for a progress bar; a compressed file counts as it lies on disk."""

    done: int = 0


def read_inputs(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, meter: Meter | None = None
) -> Iterator[InputArticle | BadInput]:
    """Every article of every path, lazily; `-` is standard input. Bad input is yielded, never raised.

    `list(read_inputs(["tong-ket.txt", "thieu.txt"]))`: an article, a `BadInput`.
    """
    for item in read_raw(paths, stdin=stdin, meter=meter):
        yield item if isinstance(item, BadInput) else _or_bad(article_of, item)


def read_documents(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, meter: Meter | None = None
) -> Iterator[Document | BadInput]:
    """Every document of every path as it was given, rows checked, lazily; `-` is standard input. Nothing is raised.

    `list(read_documents(["tin.csv"]))`: a document for each row below the header.
    """
    for item in read_raw(paths, stdin=stdin, meter=meter):
        yield _or_bad(_row_document, item) if isinstance(item, RawRow) else item


def _or_bad(read: Callable[[Any], T], item: Document | RawRow) -> T | BadInput:
    try:
        return read(item)
    except UnreadableError as error:
        return BadInput(item.where, str(error))


def _row_document(row: RawRow) -> Document:
    return row_document(row.data, where=row.where)


def read_raw(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, meter: Meter | None = None
) -> Iterator[Document | RawRow | BadInput]:
    """The same with rows as they stand in their files, which is as little work as reading takes; for `article_of`.

    A path may be an address that fsspec knows, `s3://bucket/2024/*.warc.gz`. A file is JSON Lines, CSV, HTML, WARC or
    text by its name, else by how it begins (as standard input always is). Any may be compressed.
    """
    for raw in _each(paths):
        if isinstance(raw, BadInput):
            yield raw
            continue
        # A name that is not UTF-8 comes from the shell with half surrogates, which no report could hold.
        path = os.fsencode(raw).decode("utf-8", "backslashreplace")
        try:
            if path == "-":
                yield from _stream(path, "", _peekable(stdin or _standard_input()))
            else:
                with _open(raw, meter or Meter()) as stream:
                    yield from _stream(path, path, stream)
        except UnreadableError as error:
            yield BadInput(path, str(error))
        except (EOFError, BadGzipFile, zlib.error):
            yield BadInput(path, "gzip data cut short or damaged: fetch the file again")
        except OSError as error:
            yield BadInput(path, _why(error))
        except ValueError:
            yield BadInput(path, "no such file: a path has no NUL character")


def _each(paths: Iterable[str]) -> Iterator[str | BadInput]:
    """Paths, with patterns in addresses opened: a shell does that for files alone."""
    for path in paths:
        try:
            yield from expand(path) if is_address(path) else (path,)
        except UnreadableError as error:
            yield BadInput(path, str(error))


class _Metered(io.RawIOBase):
    """A file that counts what is read from it."""

    def __init__(self, raw: io.RawIOBase, meter: Meter) -> None:
        self._raw, self._meter = raw, meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = cast("int", self._raw.readinto(buffer)) or 0
        self._meter.done += count
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _open(path: str, meter: Meter) -> io.BufferedReader:
    raw = open_address(path) if is_address(path) else io.FileIO(path)
    return io.BufferedReader(_Metered(raw, meter))


def _standard_input() -> BinaryIO:
    """Standard input by a reader of our own: where a thread still waits in Python's, the program cannot end."""
    own = sys.__stdin__
    if own is None or sys.stdin is not own:
        return sys.stdin.buffer
    return io.FileIO(own.fileno(), closefd=False)


def _peekable(stream: BinaryIO) -> io.BufferedReader:
    """`stream` with `peek`; standard input has it, a test's `BytesIO` gets it."""
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file"
        case IsADirectoryError():
            return "a directory: name the files in it, as in `tongket extract DIR/*.txt`"
        case PermissionError():
            return "permission denied: make the file readable for this user"
        case _:
            return f"cannot be read: {error.strerror or error}"


def _stream(path: str, name: str, stream: io.BufferedReader) -> Iterator[Document | RawRow | BadInput]:
    """The documents of one open file; `path` names it in messages, `name` tells its kind by the suffix."""
    head, name = stream.peek(4096), name.removesuffix(".gz")
    if head.startswith(_ZSTD):
        from pipeline.input_zstd import unpacked  # noqa: PLC0415 (wanted for few files)

        stream, name = unpacked(stream), name.removesuffix(".zst")
        head = stream.peek(4096)
    elif head.startswith(_GZIP) and _kind(name, b"") != "warc":
        head = zlib.decompressobj(wbits=31).decompress(head, 4096)
        # An archive is unpacked record by record, so that damage costs one of them.
        if not head.startswith(b"WARC/"):
            stream = io.BufferedReader(cast(io.RawIOBase, GzipFile(fileobj=stream)))
    kind = _kind(name, head)
    if kind == "warc":
        from pipeline.input_warc import archive_pages  # noqa: PLC0415 (only for archives)

        yield from archive_pages(path, stream)
    elif kind in {"csv", "tsv"}:
        from pipeline.input_csv import table_rows  # noqa: PLC0415 (only for tables)

        yield from table_rows(path, stream, tabs=kind == "tsv")
    elif kind in {"html", "text"}:
        yield Document(path, path, _whole(stream), "text/html" if kind == "html" else "text/plain")
    else:
        yield from _lines(path, stream, jsonl=kind == "jsonl")


def _kind(name: str, head: bytes) -> Kind | None:
    return "warc" if head.startswith(b"WARC/") else _SUFFIXES.get(PurePath(name).suffix.lower())


def _whole(stream: io.BufferedReader, *, after: bytes = b"") -> bytes:
    data = after + stream.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise UnreadableError(_TOO_LARGE)
    return data


def _lines(path: str, stream: io.BufferedReader, *, jsonl: bool) -> Iterator[Document | RawRow | BadInput]:
    """JSON Lines, or what the first line that is not blank shows; a row is read as soon as it is there."""
    before, number, line = b"", 0, b""
    while not line.strip() and len(before) < _LIMIT:
        before += line
        number += 1
        if not (line := stream.readline(_LIMIT + 1)):
            raise UnreadableError("empty: there is nothing to read")
    start = line.removeprefix(BOM).strip()
    if not jsonl and not start.startswith(b"{"):
        data = _whole(stream, after=before + line)
        page = start[:14].lower().startswith((b"<!doctype html", b"<html"))
        yield Document(path, path, data, "text/html" if page else "text/plain")
        return
    if start in {b"{", b"["}:
        raise UnreadableError("JSON over several lines: write one object a line, as `jq -c` does")
    while line:
        where = f"{path}:{number}"
        if len(line) > _LIMIT:
            raise UnreadableError(f"line {number} is {_TOO_LARGE}")
        if line.strip():
            yield RawRow(where, line)
        line = stream.readline(_LIMIT + 1)
        number += 1
