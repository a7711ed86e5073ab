"""The archive: every page's bytes are kept, in WARC/1.1 files with an index each, before anything reads them."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.crawl.page.stamps import HANOI
from pipeline.crawl.warc import write
from pipeline.crawl.warc.index import (
    ArchiveError,
    Entry,
    Kind,
    Location,
    index_of,
    line_of,
    warc_files,
)
from pipeline.crawl.warc.mend import complete, entries_of, last_response, lookup
from pipeline.crawl.warc.read import ArchivedPage, load, original_of, read_record
from pipeline.crawl.warc.stream import field
from pipeline.crawl.warc.verify import verify
from pipeline.crawl.warc.write import Exchange, Headers, Profile, Written

__all__ = [
    "Archive", "ArchiveError", "ArchivedPage", "Entry", "Exchange", "Location", "Profile", "entries",
    "read_record", "verify",
]  # fmt: skip


class Archive:
    """The archive's folder, written by one source: `baothu/baothu-20250114-00000.warc.gz`, its index beside it.

    Days are Vietnamese days of the fetch; a file that has `max_bytes` is followed by the next number. A page
    has left the process when a method returns, and is on the disk then where `durable` is given. Several
    processes may write at once. Nothing is held per page.
    """

    def __init__(
        self, directory: Path, source: str, *, max_bytes: int = 1_000_000_000, durable: bool = False
    ) -> None:
        self._directory = directory
        self._source = source
        self._max_bytes = max_bytes
        self._durable = durable
        self._known: tuple[str, int, int] | None = None  # the file written last, its size and its index's
        self._number = 0
        self._day = ""
        self._left: Entry | None = None
        self._looked = False
        self._indexed: set[str] = set()  # files whose index was seen to be complete

    @property
    def last(self) -> Entry | None:
        """The last response that earlier processes left in the source's newest file.

        A process that is killed may have archived this page and noted it nowhere else. Looked for once, when
        first asked for or before the first record is written; a torn end is cut off then.
        """
        if not self._looked:
            self._looked = True
            files = warc_files(self._directory, self._source)
            if files:
                self._complete(files[-1])
                self._left = last_response(files[-1])
        return self._left

    def append(self, page: Exchange) -> Location:
        """Write response and request; where the response begins is returned."""
        answer = write.response(page)
        request = write.request(page.url, page.request_headers, page.fetched_at, answer)
        media = field(page.headers, "Content-Type") or ""
        digest = hashlib.sha256(page.body).hexdigest()
        payload = answer.payload_digest
        entry = _entry(page.url, "response", page.fetched_at, page.status, media, digest, payload)
        return self._write([answer, request], entry)

    def revisit(
        self,
        page_url: str,
        *,
        refers_to: Location,
        fetched_at: datetime,
        status: int,
        headers: Headers,
        request_headers: Headers,
        profile: Profile,
        ip: str | None = None,
    ) -> Location:
        """Note that a page was asked for again and is what the record at `refers_to` holds; with its request.

        `server-not-modified` is a 304, `identical-payload-digest` the same bytes again. Raises `ArchiveError`
        where `refers_to` cannot be read.
        """
        original = load(self._directory, refers_to)
        if original.kind == "revisit":
            refers_to = original_of(self._directory, refers_to, original)
            original = load(self._directory, refers_to)
        names = {
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": field(original.headers, "WARC-Date"),
            "WARC-Refers-To": field(original.headers, "WARC-Record-ID"),
            "WARC-Payload-Digest": field(original.headers, "WARC-Payload-Digest"),
            "WARC-IP-Address": ip,
        }
        digest = hashlib.sha256(read_record(self._directory, refers_to).body).hexdigest()
        again = write.revisit(
            page_url,
            headers,
            status=status,
            date=fetched_at,
            profile=profile,
            original={name: value for name, value in names.items() if value},
            digest=digest,
        )
        request = write.request(page_url, request_headers, fetched_at, again)
        payload = names["WARC-Payload-Digest"]
        entry = _entry(page_url, "revisit", fetched_at, status, "warc/revisit", digest, payload)
        return self._write([again, request], entry)

    def resource(
        self,
        url: str,
        data: bytes,
        content_type: str,
        *,
        fetched_at: datetime,
        metadata: Mapping[str, str] | None = None,
    ) -> Location:
        """Keep a file that came from no HTTP exchange. `url` names it: `file:///bai-viet.txt`, `urn:sha256:…`.

        `metadata` comes back as the `headers` of `read_record`, each value on one line. Raises `ValueError`
        where a name or the URL holds blanks or control characters.
        """
        record = write.resource(url, data, content_type, date=fetched_at, metadata=metadata)
        digest = hashlib.sha256(data).hexdigest()
        entry = _entry(url, "resource", fetched_at, None, content_type, digest, record.payload_digest)
        return self._write([record], entry)

    def find(self, url: str) -> Entry | None:
        """The newest response or resource of exactly `url` that this source's indexes name.

        An index that is missing or behind its file is completed once; then only indexes are read, the newest
        first.
        """
        for file in reversed(warc_files(self._directory, self._source)):
            if file.name not in self._indexed:
                self._complete(file)
            for entry in lookup(file, url):
                if entry.kind != "revisit":
                    return entry
        return None

    def _write(self, records: list[Written], entry: Entry) -> Location:
        """Append `records`, of which the first is the page's, and its line in the index."""
        _ = self.last  # looked for before anything of ours is there
        with self._open(entry.fetched_at) as (stream, name):
            file = self._directory / name
            offset = stream.seek(0, os.SEEK_END)
            head = b"" if offset else write.warcinfo(file.name)
            location = Location(name, offset + len(head))
            data = head + b"".join(record.data for record in records)
            line = line_of(replace(entry, location=location, length=len(records[0].data)))
            self._known = None  # until all is written: after an error the file is looked at again
            # One write for the whole exchange: a killed run leaves at most one torn record, at the very end.
            stream.write(data)
            stream.flush()
            if self._durable:
                os.fsync(stream.fileno())
            with index_of(file).open("ab") as index:
                index.write(line)
                index.flush()
                if self._durable:
                    os.fsync(index.fileno())
                self._known = (name, offset + len(data), index.tell())
            if self._durable and not offset:
                _sync_folders(file.parent, self._directory)
        return location

    @contextmanager
    def _open(self, moment: datetime) -> Iterator[tuple[BinaryIO, str]]:
        """The file to append to, locked: two runs at once may share it. Its end and its index are whole."""
        day = moment.astimezone(HANOI).strftime("%Y%m%d")
        folder = self._directory / self._source
        folder.mkdir(parents=True, exist_ok=True)
        if day != self._day:
            numbers = [
                path.name[-13:-8] for path in folder.glob(f"{self._source}-{day}-{'[0-9]' * 5}.warc.gz")
            ]
            self._day, self._number = day, max(map(int, numbers), default=0)
        while True:
            name = f"{self._source}-{day}-{self._number:05d}.warc.gz"
            with (folder / name).open("ab+") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX)
                if not os.path.samestat(os.fstat(stream.fileno()), (folder / name).stat()):
                    continue  # written anew, without a record, while this one waited for the lock
                self._agree(stream, folder / name)
                if os.fstat(stream.fileno()).st_size < self._max_bytes:
                    yield stream, f"{self._source}/{name}"
                    return
            self._number += 1

    def _agree(self, stream: BinaryIO, file: Path) -> None:
        """Mend the file and its index unless they are as this process left them."""
        index = index_of(file)
        sizes = (os.fstat(stream.fileno()).st_size, index.stat().st_size if index.exists() else -1)
        if self._known != (f"{self._source}/{file.name}", *sizes):
            complete(stream, file, cut=True)
        self._indexed.add(file.name)

    def _complete(self, file: Path) -> None:
        """Complete the index of a file that is there; cut its torn end where this program names files so."""
        ours = file.name.startswith(f"{self._source}-") and file.name.endswith(".warc.gz")
        with file.open("ab+" if ours else "rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            complete(stream, file, cut=ours)
        self._indexed.add(file.name)


def entries(directory: Path, source: str | None = None) -> Iterator[Entry]:
    """Every page of the archive, or of one source, by file and offset, so that a database can be built from it.

    Reads indexes; what an index lacks is read from its file. Nothing is written. Raises `ArchiveError` where
    an index cannot be read.
    """
    for file in warc_files(directory, source):
        yield from entries_of(file)


def _entry(
    url: str, kind: Kind, moment: datetime, status: int | None, media: str, digest: str, payload: str | None
) -> Entry:
    """The entry of a record whose length and place are known when it is written."""
    mime = media.partition(";")[0].strip().lower() or "unk"
    return Entry(url, kind, moment, status, mime, digest, payload, 0, Location("", 0))


def _sync_folders(*folders: Path) -> None:
    """A new file is on the disk when its folder is."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
