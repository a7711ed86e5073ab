"""Archives of any crawler → a stream of `Document` and `BadInput`, a page or a text at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import urlsplit

from pipeline.crawl.warc.payload import PayloadError, decode_body, parse_answer
from pipeline.crawl.warc.stream import Damage, Fields, Record, field, records
from pipeline.input_rows import PAGE_TYPES, BadInput, Document, row_document
from pipeline.input_text import UnreadableError

_KINDS = ("response", "resource", "conversion")
_CUT = "the archive ends within this page: fetch it again"
_NONE = "no WARC file, or a damaged one"
_NO_PAGE = "no page in this archive (no response of type text/html with status 200)"
_MARKUP = re.compile(rb"\s*+(?:\xef\xbb\xbf)?\s*+<(?:!doctype html|html|head|body)\b", re.IGNORECASE)


def archive_pages(path: str, stream: BinaryIO) -> Iterator[Document | BadInput]:
    """The pages of an archive: responses of status 200 that hold HTML, files kept as they are, extracted text.

    `source` is the page's URL. A damaged record costs that record, and is told with its offset. Raises
    `UnreadableError` where nothing is a record, or no record a page.
    """
    seen = pages = 0
    early: list[BadInput] = []
    told = False
    for item in records(stream, want=_may_be_page):
        if isinstance(item, Damage):
            if (bad := _damage(path, item)) is not None:
                told = True
                # What is no archive at all is told in one line.
                early.append(bad)
        else:
            seen += 1
            found = _document(path, item, pages + 1) if item.block is not None else None
            if found is not None:
                pages += 1
        if seen:
            yield from early
            early.clear()
        if not isinstance(item, Damage) and found is not None:
            yield found
    if not seen:
        raise UnreadableError(_NONE)
    if not pages and not told:
        raise UnreadableError(_NO_PAGE)


def _may_be_page(headers: Fields) -> bool:
    if (field(headers, "WARC-Type") or "").lower() not in _KINDS:
        return False
    url = (field(headers, "WARC-Target-URI") or "").strip("<>")
    if url.startswith(("dns:", "whois:", "ntp:")) or _is_robots(url):
        return False
    media = _media(field(headers, "WARC-Identified-Payload-Type"))
    return not media or media.startswith("text/") or media in {*PAGE_TYPES, "application/json"}


def _is_robots(url: str) -> bool:
    try:
        return urlsplit(url).path == "/robots.txt"
    except ValueError:
        return False


def _damage(path: str, damage: Damage) -> BadInput | None:
    """What is said of a damaged place; nothing of what is large because it is a film."""
    if damage.start:
        answer = parse_answer(damage.start)
        media = field(answer.headers if answer else damage.headers, "Content-Type")
        if _media(media) not in PAGE_TYPES:
            return None
    where = f"{path}: {damage.url}" if damage.url else path
    if damage.cut:
        return BadInput(where, _CUT)
    return BadInput(where, f"{damage.what} at offset {damage.offset}: this record is left out")


def _document(path: str, record: Record, number: int) -> Document | BadInput | None:
    """The page or text in `record`; None where it holds something else."""
    block, kind = record.block or b"", record.kind
    answer = parse_answer(block) if kind == "response" else None
    if answer is not None and answer.status != 200:
        return None
    data, headers = (answer.body, answer.headers) if answer else (block, ())
    content_type = field(headers if answer else record.headers, "Content-Type") or ""
    media = _media(content_type)
    if answer is None and kind == "response" and media in {"", "application/http"}:
        # A response without an HTTP head: older programs kept the body alone.
        media = content_type = "text/html" if _MARKUP.match(block) else ""
    url = record.url
    source = url or f"{path}:{number}"
    where = f"{path}: {source}"
    if answer is not None and (not media or media in PAGE_TYPES):
        try:
            data = decode_body(data, headers)
        except PayloadError as error:
            return BadInput(where, str(error)) if media else None
        if not media and _MARKUP.match(data):
            media = content_type = "text/html"
    if media == "application/json" and kind == "resource":
        return _row(data, where)
    if media not in PAGE_TYPES and not (media == "text/plain" and kind != "response"):
        return None
    return Document(
        where,
        source,
        data,
        content_type,
        url=url,
        fetched_at=_moment(field(record.headers, "WARC-Date")),
        http_status=answer.status if answer else None,
        headers=headers if answer else None,
        truncated=field(record.headers, "WARC-Truncated"),
    )


def _row(data: bytes, where: str) -> Document | None:
    """A row that `tongket` archived; other JSON is none of ours."""
    try:
        return row_document(data, where=where)
    except UnreadableError:
        return None


def _media(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _moment(date: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(date or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
