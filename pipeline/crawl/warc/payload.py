"""What a WARC record holds: an HTTP answer's status, headers and body, freed of its encodings."""

from __future__ import annotations

import importlib
import re
import zlib
from dataclasses import dataclass
from typing import Any

from pipeline.crawl.warc.stream import LIMIT, Fields, field, parse_fields

# `HTTP/1.1 200 OK`, and what newer crawlers write: `HTTP/2 200`, `h2 200`.
_STATUS = re.compile(rb"(?:HTTP/\d(?:\.\d)?|h[23])[ \t]+(\d{3})(?:[ \t][^\r\n]*)?\r?\n", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_PIECE = 1 << 14  # bytes that are unpacked at a time


class PayloadError(ValueError):
    """A body that cannot be freed of its encodings; the message says what to do, without naming the place."""


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP answer as it was received: `Message(200, (("Content-Type", "text/html"),), b"<p>Sáng 12/1 …")`."""

    status: int
    headers: Fields
    body: bytes


def parse_answer(block: bytes) -> Message | None:
    """The answer in a record's block; None where it does not begin with a status line."""
    line = _STATUS.match(block)
    if line is None:
        return None
    start = line.end()
    # A head without any field ends right behind the status line.
    end = _HEAD_END.search(block, start - 2)
    head, body = (block[start:], b"") if end is None else (block[start : end.start()], block[end.end() :])
    return Message(int(line[1]), parse_fields(head), body)


class UnpackedError(PayloadError):
    """A body that unpacks to more than it may."""


def decode_body(body: bytes, headers: Fields, *, limit: int = LIMIT) -> bytes:
    """`body` without the transfer and content encodings that `headers` name, of at most `limit` bytes.

    A body that is not what its headers say (crawlers often keep it unpacked, with the old headers) stays as
    it is. Raises `PayloadError` on damage, on what is too large, and on an encoding no library here knows.
    """
    if "chunked" in _codings(headers, "Transfer-Encoding"):
        body = join_chunks(body)
    for coding in reversed(_codings(headers, "Content-Encoding")):
        match coding:
            case "gzip" | "x-gzip":
                body = _inflated(body, 31, limit) if body.startswith(b"\x1f\x8b") else body
            case "deflate":
                body = _deflated(body, limit)
            case "br":
                body = _fitting(_brotli(body, limit), limit)
            case "zstd":
                body = _fitting(_zstd(body, limit), limit)
            case _:  # identity, and names that mean nothing
                pass
    return body


def _codings(headers: Fields, name: str) -> list[str]:
    return [part.strip().lower() for part in (field(headers, name) or "").split(",") if part.strip()]


def join_chunks(body: bytes) -> bytes:
    """The chunks of a chunked body joined; what breaks off within a chunk keeps what came."""
    parts, at = [], 0
    while size := _CHUNK.match(body, at):
        length = int(size[1], 16)
        if not length:
            break
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else 0
    return b"".join(parts) if parts or (size and not int(size[1], 16)) else body


def _inflated(body: bytes, wbits: int, limit: int) -> bytes:
    """gzip (31) or deflate (15, -15) data, unpacked; several gzip members follow each other as one body."""
    parts, room, at = [], limit, 0
    packed = zlib.decompressobj(wbits=wbits)
    while at < len(body):
        # In pieces: what lies behind a member is copied, and a body may be thousands of empty ones.
        piece = body[at : at + _PIECE]
        try:
            unpacked = packed.decompress(piece, room + 1)
        except zlib.error:
            raise PayloadError("its compressed body is damaged: fetch the page again") from None
        room -= len(unpacked)
        if room < 0:
            raise UnpackedError(f"larger than {limit} bytes when unpacked")
        if unpacked:
            parts.append(unpacked)
        at += len(piece) - len(packed.unused_data)
        if packed.eof:
            # Some servers pad; only another member is more of the body.
            if not body.startswith(b"\x1f\x8b", at):
                return b"".join(parts)
            packed = zlib.decompressobj(wbits=wbits)
    if body:
        raise PayloadError("its compressed body is cut short: fetch the page again")
    return b""


def _deflated(body: bytes, limit: int) -> bytes:
    """`deflate` is zlib's format by the standard, and the bare one by habit of some servers."""
    if not body or body.lstrip()[:1] in (b"<", b"{"):
        return body
    try:
        return _inflated(body, 15, limit)
    except UnpackedError:
        raise
    except PayloadError:
        return _inflated(body, -15, limit)


def _brotli(body: bytes, limit: int) -> bytes:
    library = _library("brotli", "br")
    packed = library.Decompressor()
    try:
        unpacked: bytes = packed.process(body, output_buffer_limit=limit + 1)
    except library.error:
        raise PayloadError("its compressed body is damaged: fetch the page again") from None
    if len(unpacked) <= limit and not packed.is_finished():
        raise PayloadError("its compressed body is cut short: fetch the page again")
    return unpacked


def _zstd(body: bytes, limit: int) -> bytes:
    library = _library("zstandard", "zstd")
    try:
        with library.ZstdDecompressor().stream_reader(body, read_across_frames=True) as packed:
            unpacked: bytes = packed.read(limit + 1)
    except library.ZstdError:
        raise PayloadError("its compressed body is damaged: fetch the page again") from None
    return unpacked


def _fitting(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise UnpackedError(f"larger than {limit} bytes when unpacked")
    return body


def _library(name: str, coding: str) -> Any:
    """A library that may be missing: it is wanted for few files and by nothing else here."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise PayloadError(f"its body is compressed as `{coding}`: install {name} to read it") from None
