"""The index beside each WARC file: one line of CDXJ for each page in it, so that no file need be searched."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal, cast
from urllib.parse import quote, urlsplit

from pipeline.crawl.warc.payload import PayloadError, decode_body, parse_answer
from pipeline.crawl.warc.stream import Damage, Record, field, records

Kind = Literal["response", "revisit", "resource"]
KINDS = ("response", "revisit", "resource")
BODY_DIGEST = "X-Tongket-Body-Digest"
"""Field of a revisit: what body it stands for, so that an index can be rebuilt record by record."""

ARCHIVE_LIMIT = 512 * 1024 * 1024
"""Bytes of the largest record that an archive holds: twice the largest body it takes."""

_SUFFIXES = (".warc.gz", ".warc")
_DAY = re.compile(r"-(\d{8})(?:-(\d+))?$")
_BLOCK = 1 << 14


class ArchiveError(OSError):
    """A record that is not where it should be; the message names file and offset."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lies: `file` relative to the archive's folder, `offset` in bytes."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index. `fetched_at` is in UTC, `digest` the SHA-256 of the decoded body in hex.

    `payload_digest` is WARC's (`sha1:…`), `length` the record's compressed bytes, `status` None for a
    resource. `Entry("https://baothu.vn/bai-1.html", "response", …, 200, "text/html", …)` is a page as fetched.
    """

    url: str
    kind: Kind
    fetched_at: datetime
    status: int | None
    mime: str
    digest: str | None
    payload_digest: str | None
    length: int
    location: Location


def key_of(url: str) -> str:
    """The sort key of `url`: its host from the end, then the path. Never holds a blank.

    >>> key_of("https://www.BaoThu.vn/tin/bai-1.html?trang=2")
    'vn,baothu)/tin/bai-1.html?trang=2'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # `http://[`: no address, but a page's name all the same
        host, port, parts = None, None, urlsplit("")
    if not host:
        return quote(url, safe="%/:;,?=&+@!$'()*~#[]").lower()
    labels = ",".join(reversed(re.sub(r"^www\d*\.", "", host).split(".")))
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(f"{labels}{f':{port}' if port else ''}){rest}", safe="%/:;,?=&+@!$'()*~#[]").lower()


def line_of(entry: Entry) -> bytes:
    """`vn,baothu)/bai-1.html 20250113180000 {"url": …}` and a line feed."""
    values = {
        "url": entry.url,
        "mime": entry.mime,
        "status": None if entry.status is None else str(entry.status),
        "digest": entry.digest,
        "warc_digest": entry.payload_digest,
        "length": str(entry.length),
        "offset": str(entry.location.offset),
        "filename": Path(entry.location.file).name,
        "type": entry.kind,
        "date": warc_date(entry.fetched_at),
    }
    given = {name: value for name, value in values.items() if value is not None}
    stamp = entry.fetched_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{key_of(entry.url)} {stamp} {json.dumps(given)}\n".encode()


def parse_line(line: bytes, folder: str) -> Entry:
    """The entry in a line of an index in `folder`. Raises `ValueError` where it is none."""
    try:
        values = json.loads(line.split(b" ", 2)[2])
        kind = values["type"]
        if kind not in KINDS:
            raise ValueError(f"no type {kind!r}")
        # Archives are handed on: a line names a file of its own folder, or none.
        if Path(values["filename"]).name != values["filename"]:
            raise ValueError(f"no file's name {values['filename']!r}")
        status = values.get("status")
        return Entry(
            url=values["url"],
            kind=kind,
            fetched_at=datetime.fromisoformat(values["date"]),
            status=None if status is None else int(status),
            mime=values["mime"],
            digest=values.get("digest"),
            payload_digest=values.get("warc_digest"),
            length=int(values["length"]),
            location=Location(f"{folder}/{values['filename']}", int(values["offset"])),
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"no line of an index: {line[:80]!r}") from error


def warc_date(moment: datetime) -> str:
    """`2025-01-13T18:00:00Z`, with microseconds where there are any (WARC/1.1 allows them)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def index_of(file: Path) -> Path:
    """`baothu-20250114-00000.cdxj` for `baothu-20250114-00000.warc.gz`."""
    name = next((file.name.removesuffix(s) for s in _SUFFIXES if file.name.endswith(s)), file.name)
    return file.with_name(f"{name}.cdxj")


def warc_files(directory: Path, source: str | None = None) -> list[Path]:
    """The WARC files of one source or of all, oldest first within each."""
    folders = (
        [directory / source] if source else sorted(path for path in directory.glob("*") if path.is_dir())
    )
    found = (path for folder in folders for path in folder.glob("*") if path.name.endswith(_SUFFIXES))
    return sorted(found, key=lambda path: (path.parent.name, *_age(path)))


def _age(file: Path) -> tuple[str, int, str]:
    """Day and number by the file's name; a file of the earlier naming, without number, comes first."""
    match = _DAY.search(index_of(file).stem)
    return (match[1], int(match[2] or -1), file.name) if match else ("", 0, file.name)


def entry_of(record: Record, file: str) -> Entry | None:
    """What the index says of `record` in `file`; None for what is no page (requests, warcinfo, DNS)."""
    if record.kind not in KINDS or record.block is None or not record.url or not record.alone:
        return None
    kind = cast(Kind, record.kind)
    try:
        moment = datetime.fromisoformat(field(record.headers, "WARC-Date") or "")
    except ValueError:
        return None
    media = field(record.headers, "Content-Type") or ""
    answer = parse_answer(record.block) if kind != "resource" else None
    body, headers = (record.block, ()) if answer is None else (answer.body, answer.headers)
    if answer is not None:
        media = field(headers, "Content-Type") or ""
    digest: str | None
    if kind == "revisit":
        digest, media = field(record.headers, BODY_DIGEST), "warc/revisit"
    else:
        try:
            digest = hashlib.sha256(decode_body(body, headers)).hexdigest()
        except PayloadError:
            digest = None
    return Entry(
        url=record.url,
        kind=kind,
        fetched_at=moment if moment.tzinfo else moment.replace(tzinfo=UTC),
        status=answer.status if answer else None,
        mime=media.partition(";")[0].strip().lower() or "unk",
        digest=digest.removeprefix("sha256:") if digest else None,
        payload_digest=field(record.headers, "WARC-Payload-Digest"),
        length=record.length,
        location=Location(file, record.offset),
    )


def scan(stream: BinaryIO, file: str, *, start: int = 0) -> Iterator[tuple[Record, Entry | None] | Damage]:
    """Each record of a WARC file from `start` on with its entry, None for what is no page; damage between them."""
    stream.seek(start)
    for item in records(stream, offset=start, want=_is_page, limit=ARCHIVE_LIMIT):
        if isinstance(item, Damage):
            yield item
        else:
            yield item, entry_of(item, file)


def _is_page(headers: tuple[tuple[str, str], ...]) -> bool:
    return (field(headers, "WARC-Type") or "").lower() in KINDS


def lines_backwards(index: Path) -> Generator[tuple[int, bytes], None, None]:
    """The whole lines of an index from the last on, each with the place where it ends; a torn one is left out."""
    with index.open("rb") as stream:
        at = stream.seek(0, 2)
        held = b""  # from `at` on, up to the end of the line that was given out last
        first = True
        while at or held:
            step = min(_BLOCK, at)
            at -= step
            stream.seek(at)
            held = stream.read(step) + held
            if first:
                held = held[: held.rfind(b"\n") + 1]
                first = not held and bool(at)
                if not held:
                    continue
            while (cut := held.rfind(b"\n", 0, len(held) - 1)) >= 0:
                yield at + len(held), held[cut + 1 :]
                held = held[: cut + 1]
            if not at:
                yield len(held), held
                return
