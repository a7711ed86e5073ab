"""Records as bytes: what the archive appends, each a gzip member of its own."""

from __future__ import annotations

import importlib.metadata
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.warc.index import ARCHIVE_LIMIT, BODY_DIGEST, warc_date

Headers = Sequence[tuple[str, str]]
Profile = Literal["server-not-modified", "identical-payload-digest"]
METADATA = "X-Tongket-"
"""What a resource's own fields begin with, so that none is taken for WARC's."""

# A body is kept as received after decoding; these would no longer be true of it.
_CHANGED = {"content-encoding", "transfer-encoding", "content-length"}
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
# Nine makes pages smaller by half a hundredth, and takes a third longer.
_LEVEL = 6
_LARGEST = ARCHIVE_LIMIT // 2


class Exchange(Protocol):
    """One request and its response, as `fetch.Page` has them. `ip`, where there is one, is the server's."""

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


class Written:
    """A record's bytes (`data`), and the payload digest that WARC knows it by."""

    def __init__(self, record: Any) -> None:
        buffer = io.BytesIO()
        WARCWriter(buffer, gzip=False, warc_version="1.1").write_record(record)
        self.data = zlib.compress(buffer.getvalue(), _LEVEL, wbits=31)
        self.payload_digest: str | None = record.rec_headers.get_header("WARC-Payload-Digest")
        self.id: str = record.rec_headers.get_header("WARC-Record-ID")


def warcinfo(filename: str) -> bytes:
    """The record at the head of each file, which says who wrote it."""
    try:
        version = importlib.metadata.version("tongket")
    except importlib.metadata.PackageNotFoundError:  # run from a folder, not installed
        version = "0"
    info = {
        "software": f"tongket/{version}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
    return Written(_builder().create_warcinfo_record(filename, info)).data


def response(page: Exchange) -> Written:
    """The answer, its body decoded and its headers made to fit that."""
    kept = [*_kept(page.headers), ("Content-Length", str(len(page.body)))]
    fields = {"WARC-Date": warc_date(page.fetched_at)}
    if ip := getattr(page, "ip", None):
        fields["WARC-IP-Address"] = ip
    return _record(
        page.url, "response", page.body, StatusAndHeaders(str(page.status), kept, protocol="HTTP/1.1"), fields
    )


def request(url: str, headers: Headers, date: datetime, answer: Written) -> Written:
    """The request that brought `answer`."""
    path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
    head = StatusAndHeaders(f"GET {path} HTTP/1.1", list(headers), is_http_request=True)
    fields = {"WARC-Date": warc_date(date), "WARC-Concurrent-To": answer.id}
    return _record(url, "request", b"", head, fields)


def revisit(
    url: str,
    headers: Headers,
    *,
    status: int,
    date: datetime,
    profile: Profile,
    original: Mapping[str, str],
    digest: str,
) -> Written:
    """A page that was asked for again and is as it was: headers, no body.

    `original` are the fields that name the record with the body, `digest` is that body's SHA-256 in hex.
    """
    fields = {
        "WARC-Date": warc_date(date),
        "WARC-Profile": _PROFILES + profile,
        **original,
        BODY_DIGEST: f"sha256:{digest}",
    }
    head = StatusAndHeaders(str(status), _kept(headers), protocol="HTTP/1.1")
    return _record(url, "revisit", b"", head, fields)


def resource(
    url: str, data: bytes, content_type: str, *, date: datetime, metadata: Mapping[str, str] | None = None
) -> Written:
    """A file that came from no HTTP exchange, and what is known of it."""
    fields = {"WARC-Date": warc_date(date)}
    for name, value in (metadata or {}).items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name a field of a WARC record: letters, digits, - and _ can")
        fields[METADATA + name] = _one_line(value)
    return _record(url, "resource", data, None, fields, content_type=_one_line(content_type))


def _record(
    url: str, kind: str, body: bytes, head: Any, fields: dict[str, str], *, content_type: str = ""
) -> Written:
    if not url or re.search(r"[\x00-\x20\x7f]", url):
        raise ValueError(
            f"{url[:200]!r} cannot name a WARC record: blanks and control characters are escaped"
        )
    if len(body) > _LARGEST:
        raise ValueError(f"{url}: larger than {_LARGEST >> 20} MB, which is more than one record holds")
    return Written(
        _builder().create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),  # without it warcio copies everything through temporary files
            http_headers=head,
            warc_content_type=content_type,
            warc_headers_dict=fields,
        )
    )


def _builder() -> Any:
    return WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")


def _kept(headers: Headers) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _CHANGED]


def _one_line(value: str) -> str:
    return " ".join(value.split())
