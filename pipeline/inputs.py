"""Files, standard input and WARC archives → a stream of `InputArticle` and `BadInput`, in the order given."""

from __future__ import annotations

import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import PurePath
from typing import BinaryIO, Literal, cast

from pipeline.input_rows import InputArticle, UnreadableError, html_article, json_article, text_article

__all__ = ["BadInput", "InputArticle", "Meter", "read_inputs"]

Kind = Literal["jsonl", "html", "warc", "text"]
_SUFFIXES: dict[str, Kind] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".warc": "warc", ".txt": "text", ".text": "text",
}  # fmt: skip
_GZIP = b"\x1f\x8b"
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
# An article is some thousand characters; what is larger than this is something else passed by mistake.
_LIMIT = 64 * 1024 * 1024
_TOO_LARGE = "larger than 64 MB: give articles, one a file or one a line"


@dataclass(frozen=True, slots=True)
class BadInput:
    """An input that cannot be read; `str()` is its one line: `reports.jsonl:17: empty text`."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Meter:
    """Bytes read so far, for a progress bar; a gzipped file counts as it lies on disk."""

    done: int = 0


def read_inputs(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, meter: Meter | None = None
) -> Iterator[InputArticle | BadInput]:
    """Every article of every path, lazily; `-` is standard input. Bad input is yielded, never raised.

    A file is JSON Lines, HTML, WARC or text by its name, else by how it begins (as standard input always
    is). Any may be gzipped. `list(read_inputs(["tong-ket.txt", "thieu.txt"]))`: an article, a `BadInput`.
    """
    for raw in paths:
        # A name that is not UTF-8 comes from the shell with half surrogates, which no report could hold.
        path = os.fsencode(raw).decode("utf-8", "backslashreplace")
        try:
            if path == "-":
                yield from _stream(path, "", _peekable(stdin or sys.stdin.buffer))
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


class _Metered(io.RawIOBase):
    """A file that counts what is read from it."""

    def __init__(self, raw: io.FileIO, meter: Meter) -> None:
        self._raw, self._meter = raw, meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = self._raw.readinto(buffer) or 0
        self._meter.done += count
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _open(path: str, meter: Meter) -> io.BufferedReader:
    return io.BufferedReader(_Metered(io.FileIO(path), meter))


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


def _stream(path: str, name: str, stream: io.BufferedReader) -> Iterator[InputArticle | BadInput]:
    """The articles of one open file; `path` names it in messages, `name` tells its kind by the suffix."""
    head = stream.peek(4096)
    if head.startswith(_GZIP):
        inside = zlib.decompressobj(wbits=31).decompress(head, 4096)
        if inside.startswith(b"WARC/"):
            yield from _warc(path, stream)
            return
        name = name.removesuffix(".gz")
        stream, head = io.BufferedReader(cast(io.RawIOBase, GzipFile(fileobj=stream))), inside
    kind = _SUFFIXES.get(PurePath(name).suffix.lower()) or ("warc" if head.startswith(b"WARC/") else None)
    if kind == "warc":
        yield from _warc(path, stream)
    elif kind == "html":
        yield html_article(_whole(stream), where=path, source=path)
    elif kind == "text":
        yield text_article(_whole(stream), where=path, source=path)
    else:
        yield from _lines(path, stream, jsonl=kind == "jsonl")


def _whole(stream: io.BufferedReader, *, after: bytes = b"") -> bytes:
    data = after + stream.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise UnreadableError(_TOO_LARGE)
    return data


def _lines(path: str, stream: io.BufferedReader, *, jsonl: bool) -> Iterator[InputArticle | BadInput]:
    """JSON Lines, or what the first line that is not blank shows; a row is read as soon as it is there."""
    before, number, line = b"", 0, b""
    while not line.strip() and len(before) < _LIMIT:
        before += line
        number += 1
        if not (line := stream.readline(_LIMIT + 1)):
            raise UnreadableError("empty: there is nothing to read")
    start = line.removeprefix(b"\xef\xbb\xbf").strip()
    if not jsonl and not start.startswith(b"{"):
        data = _whole(stream, after=before + line)
        page = start[:14].lower().startswith((b"<!doctype html", b"<html"))
        yield (html_article if page else text_article)(data, where=path, source=path)
        return
    if start in {b"{", b"["}:
        raise UnreadableError("JSON over several lines: write one object a line, as `jq -c` does")
    while line:
        where = f"{path}:{number}"
        if len(line) > _LIMIT:
            raise UnreadableError(f"line {number} is {_TOO_LARGE}")
        if line.strip():
            try:
                yield json_article(line, where=where)
            except UnreadableError as error:
                yield BadInput(where, str(error))
        line = stream.readline(_LIMIT + 1)
        number += 1


def _warc(path: str, stream: io.BufferedReader) -> Iterator[InputArticle | BadInput]:
    """The pages of an archive: responses of status 200 that hold HTML. `source` is the page's URL."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 (only for archives)
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    pages = 0
    try:
        for record in ArchiveIterator(stream):
            headers = record.http_headers
            if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
                continue
            if not (headers.get_header("Content-Type") or "").lower().startswith(_PAGE_TYPES):
                continue
            pages += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or f"{path}:{pages}"
            try:
                data = record.content_stream().read()
                if getattr(record.raw_stream, "limit", 0) > 0:  # fewer bytes than the record announced
                    raise UnreadableError("the archive ends within this page: fetch it again")
                yield html_article(data, where=f"{path}: {url}", source=url, url=url)
            except UnreadableError as error:
                yield BadInput(f"{path}: {url}", str(error))
    except ArchiveLoadFailed:
        raise UnreadableError(
            f"damaged behind page {pages}: fetch it again" if pages else "no WARC file, or a damaged one"
        ) from None
    if not pages:
        raise UnreadableError("no page in this archive (no response of type text/html with status 200)")
