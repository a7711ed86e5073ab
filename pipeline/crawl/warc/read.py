"""One record of the archive by its place: a page as it was answered, or the page that a revisit stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pipeline.crawl.page.stamps import HANOI
from pipeline.crawl.warc.index import ARCHIVE_LIMIT, KINDS, ArchiveError, Entry, Kind, Location, warc_files
from pipeline.crawl.warc.mend import lookup
from pipeline.crawl.warc.payload import PayloadError, decode_body, parse_answer
from pipeline.crawl.warc.stream import Damage, Fields, Record, field, records
from pipeline.crawl.warc.write import METADATA

_AGAIN = "delete the page's row to fetch it again"


@dataclass(frozen=True)
class ArchivedPage:
    """A page read back. `fetched_at` is in UTC, `body` decoded; `status` is 200 for a resource.

    A revisit has its own URL, time, status and headers, and the body of the page it stands for. The headers
    of a resource are the metadata given with it.
    """

    url: str
    status: int
    body: bytes
    fetched_at: datetime
    headers: Fields = ()
    content_type: str | None = None
    kind: Kind = "response"


def read_record(directory: Path, location: Location) -> ArchivedPage:
    """The page at `location`. Raises `ArchiveError` where the file, the record or its original is gone."""
    record = load(directory, location)
    if record.kind != "revisit":
        return _page(record, _place(directory, location))
    answer = parse_answer(record.block or b"")
    headers = answer.headers if answer else ()
    original = read_record(directory, original_of(directory, location, record))
    return ArchivedPage(
        url=record.url or original.url,
        status=answer.status if answer else original.status,
        body=original.body,
        fetched_at=date_of(record),
        headers=headers,
        content_type=field(headers, "Content-Type") or original.content_type,
        kind="revisit",
    )


def load(directory: Path, location: Location) -> Record:
    """The record at `location`, a response, revisit or resource with its block. Raises `ArchiveError`."""
    path, place = directory / location.file, _place(directory, location)
    try:
        with path.open("rb") as stream:
            stream.seek(location.offset)
            record = next(records(stream, offset=location.offset, limit=ARCHIVE_LIMIT), None)
    except FileNotFoundError as error:
        raise ArchiveError(f"{place}: {error}; {_AGAIN}") from error
    if isinstance(record, Damage):
        raise ArchiveError(f"{place}: {record.what}; {_AGAIN}")
    if record is None or record.kind not in KINDS or record.url is None:
        raise ArchiveError(f"{place}: no page's record here; {_AGAIN}")
    return record


def original_of(directory: Path, location: Location, revisit: Record) -> Location:
    """Where the body lies that `revisit` (read at `location`) stands for. Raises `ArchiveError`."""
    url = field(revisit.headers, "WARC-Refers-To-Target-URI") or revisit.url or ""
    date = field(revisit.headers, "WARC-Refers-To-Date")
    digest = field(revisit.headers, "WARC-Payload-Digest")
    for entry in _copies(directory, location, url, date):
        same_digest = digest is None or entry.payload_digest in (None, digest)
        same_date = date is None or abs((entry.fetched_at - _moment(date)).total_seconds()) < 1
        if entry.kind != "revisit" and same_digest and same_date:
            return entry.location
    raise ArchiveError(
        f"{_place(directory, location)}: the page it stands for ({url}, {date}) is not in the archive; {_AGAIN}"
    )


def date_of(record: Record) -> datetime:
    """WARC-Date in UTC."""
    return _moment(field(record.headers, "WARC-Date") or "")


def _page(record: Record, place: str) -> ArchivedPage:
    block = record.block or b""
    answer = parse_answer(block) if record.kind == "response" else None
    try:
        body = decode_body(answer.body, answer.headers) if answer else block
    except PayloadError as error:
        raise ArchiveError(f"{place}: {error}") from error
    headers = answer.headers if answer else _metadata(record)
    media = headers if answer else record.headers
    return ArchivedPage(
        url=record.url or "",
        status=answer.status if answer else 200,
        body=body,
        fetched_at=date_of(record),
        headers=headers,
        content_type=field(media, "Content-Type"),
        kind=cast(Kind, record.kind),
    )


def _metadata(record: Record) -> Fields:
    return tuple(
        (name[len(METADATA) :], value)
        for name, value in record.headers
        if name.lower().startswith(METADATA.lower())
    )


def _copies(directory: Path, location: Location, url: str, date: str | None) -> Iterator[Entry]:
    """What the archive holds of `url`: the revisit's source on the day in question first, then all else."""
    source = Path(location.file).parent.name
    own = warc_files(directory, source)
    day = _moment(date).astimezone(HANOI).strftime("%Y%m%d") if date else None
    near = [file for file in own if day and f"-{day}" in file.name]
    others = [file for file in warc_files(directory) if file.parent.name != source]
    for file in [*near, *(file for file in reversed(own) if file not in near), *others]:
        yield from lookup(file, url)


def _moment(date: str) -> datetime:
    try:
        moment = datetime.fromisoformat(date)
    except ValueError as error:
        raise ArchiveError(f"no WARC-Date: {date!r}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _place(directory: Path, location: Location) -> str:
    return f"{directory / location.file}, offset {location.offset}"
