"""WARC/1.1 files: every page's bytes are kept before anything reads them."""

from __future__ import annotations

import fcntl
import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.stamps import HANOI


class ArchiveError(OSError):
    """A record that is not where it should be; the message names file and offset."""


class Exchange(Protocol):
    """One request and its response, as `fetch.Page` has them."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def request_headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def fetched_at(self) -> datetime: ...


@dataclass(frozen=True)
class Location:
    """Where a response record lies: `file` relative to the archive's folder, `offset` in bytes."""

    file: str
    offset: int


@dataclass(frozen=True)
class ArchivedPage:
    """A response record read back. `fetched_at` has an offset (UTC)."""

    url: str
    status: int
    body: bytes
    fetched_at: datetime


# The body is kept as received after decoding; these would no longer be true of it.
_CHANGED = {"content-encoding", "transfer-encoding", "content-length"}


class Archive:
    """The archive's folder, written by one source: `songtien/songtien-20250107.warc.gz`, a file a day.

    Days are Vietnamese days of the fetch. A record is on disk when `append` returns.
    """

    def __init__(self, directory: Path, source: str) -> None:
        self._directory = directory
        self._source = source
        self._mended: set[Path] = set()

    def append(self, page: Exchange) -> Location:
        """Write response and request records; where the response begins is returned."""
        day = page.fetched_at.astimezone(HANOI).strftime("%Y%m%d")
        name = f"{self._source}/{self._source}-{day}.warc.gz"
        path = self._directory / name
        records = _records(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as stream:
            # Two runs at once may share a day's file: the offset must be this record's, not the other run's.
            fcntl.flock(stream, fcntl.LOCK_EX)
            if path not in self._mended:
                _mend(stream)
                self._mended.add(path)
            offset = stream.seek(0, io.SEEK_END)
            # One write for the whole exchange: a killed run leaves at most one torn record, at the very end.
            stream.write(records)
        return Location(name, offset)


def read_record(directory: Path, location: Location) -> ArchivedPage:
    """The response at `location`. Raises `ArchiveError` where the file or the record is gone."""
    path = directory / location.file
    place = f"{path}, offset {location.offset}"
    try:
        with path.open("rb") as stream:
            stream.seek(location.offset)
            record = next(iter(ArchiveIterator(stream)), None)
            if record is None or record.rec_type != "response":
                raise ArchiveError(
                    f"{place}: no response record here; delete the page's row to fetch it again"
                )
            date = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00"))
            return ArchivedPage(
                url=record.rec_headers.get_header("WARC-Target-URI"),
                status=int(record.http_headers.get_statuscode()),
                body=record.content_stream().read(),
                fetched_at=date,
            )
    except (FileNotFoundError, ArchiveLoadFailed, zlib.error) as error:
        raise ArchiveError(f"{place}: {error}; delete the page's row to fetch it again") from error


def _records(page: Exchange) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    date = page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = [(name, value) for name, value in page.headers if name.lower() not in _CHANGED]
    response = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),  # without it warcio copies everything through temporary files
        http_headers=StatusAndHeaders(
            str(page.status), [*kept, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1"
        ),
        warc_headers_dict={"WARC-Date": date},
    )
    path = "/" + page.url.split("/", 3)[3] if page.url.count("/") > 2 else "/"
    request = writer.create_warc_record(
        page.url,
        "request",
        payload=io.BytesIO(),
        length=0,
        http_headers=StatusAndHeaders(
            f"GET {path} HTTP/1.1", list(page.request_headers), is_http_request=True
        ),
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    writer.write_record(response)
    writer.write_record(request)
    return buffer.getvalue()


def _mend(stream: BinaryIO) -> None:
    """Cut off the torn record that a killed run left at the end: nothing after it could be read in order."""
    stream.seek(0)
    whole, unread = 0, b""
    member = zlib.decompressobj(wbits=31)
    while chunk := unread or stream.read(1 << 20):
        try:
            member.decompress(chunk)
        except zlib.error:
            break
        unread = member.unused_data
        if member.eof:
            whole = stream.tell() - len(unread)
            member = zlib.decompressobj(wbits=31)
    stream.truncate(whole)
