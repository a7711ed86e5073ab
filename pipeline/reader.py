"""One archived page read: parsed by its source's manifest, then by the extractors; and what such a reading depends on."""

from __future__ import annotations

import hashlib
import inspect
from functools import cache
from importlib import resources
from pathlib import Path

import extractors
from pipeline import logs
from pipeline.archived import parse_archived
from pipeline.crawl import page, parse
from pipeline.crawl.archive import Location, read_record
from pipeline.crawl.sources import Source
from pipeline.dataset.pages import PageState
from pipeline.dataset.store import Reading, Unread


def read_page(archive_dir: Path, source: Source, state: PageState, version: str) -> Reading | Unread:
    """One archived page, parsed and read. What goes wrong with one article is recorded, not raised."""
    assert state.warc_file is not None, "an unread page has a record"
    assert state.warc_offset is not None, "an unread page has a record"
    assert state.digest is not None, "an unread page has a digest"
    try:
        record = read_record(archive_dir, Location(state.warc_file, state.warc_offset))
        url = None if state.url.startswith("urn:") else state.url
        parsed = parse_archived(record, url, source)
        report = extractors.read(
            parsed.text, title=parsed.title, published=parsed.published, url=url, source=source.name
        )
    except Exception as error:  # noqa: BLE001  one odd article must not stop a night's run
        reason = f"{type(error).__name__}: {error}"[:500]
        logs.note("page_unreadable", "warning", source=source.name, url=state.url, reason=reason)
        return Unread(url=state.url, page_digest=state.digest, version=version, reason=reason)
    return Reading(
        report=report,
        version=version,
        page_url=state.url,
        lead=parsed.lead,
        byline=parsed.byline,
        modified_at=parsed.modified,
        fetched_at=state.fetched_at,
        page_digest=state.digest,
    )


def reader_version(source: Source) -> str:
    """What a reading depends on besides the page: code and lexicon of the extractors, parser, manifest.

    `0.1.0+3f9a1c0e5b7d`; it changes when any of them does, and everything archived is then read anew.
    """
    manifest = source.model_copy(update={"base_url": "http://-"}).model_dump_json()
    digest = hashlib.sha256((_code_digest() + manifest).encode()).hexdigest()
    return f"0.1.0+{digest[:12]}"


@cache
def _code_digest() -> str:
    digest = hashlib.sha256(inspect.getsource(parse).encode())
    for package in (page, extractors):
        with resources.as_file(resources.files(package)) as folder:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in {".py", ".tsv"}:
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
