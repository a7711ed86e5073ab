"""The archive's records of a URL: its pages, those that stand for them, and the lists that showed its headline."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, select, update

from pipeline.archived import parse_archived
from pipeline.crawl.archive import ArchiveError, Entry, entries, read_record
from pipeline.crawl.sources import Source
from pipeline.crawl.urls import URLError, article_url
from pipeline.crawl.warc.index import warc_files
from pipeline.crawl.warc.mend import entries_of
from pipeline.crawl.warc.remove import clear_aside, without
from pipeline.crawl.warc.stream import Fields
from pipeline.crawl.warc.stream import field as field_of
from pipeline.dataset.database import writing
from pipeline.dataset.schema import pages
from pipeline.dataset.takedowns import text_digest
from pipeline.ingest import free_source

_LIST_BYTES = 50 * 1024 * 1024  # of a gzipped sitemap, unpacked


@dataclass
class Records:
    """What the archive holds of some URLs. `lists` are addresses of feeds, listings and sitemaps that name them.

    `files` are those that hold any of it, relative to the archive; `digests` those of the texts.
    """

    urls: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)

    def doomed(self, fields: Fields) -> bool:
        """Whether the record with these fields goes: by its own address or that of the page it stands for."""
        told = (field_of(fields, "WARC-Target-URI"), field_of(fields, "WARC-Refers-To-Target-URI"))
        return any(self.concerns(url.removeprefix("<").removesuffix(">")) for url in told if url)

    def concerns(self, url: str) -> bool:
        """Whether `url` is one of the pages, in whatever dress, or of the lists."""
        if url in self.urls or url in self.lists:
            return True
        with suppress(URLError):
            return article_url(url) in self.urls
        return False


def find_records(archive_dir: Path, manifests: Sequence[Source], urls: Collection[str]) -> Records:
    """The records of `urls` in the whole archive. Reads indexes, and the lists of sources that have any."""
    found = Records(set(urls))
    known = {source.name: source for source in manifests}
    for folder in sorted(path for path in archive_dir.glob("*") if path.is_dir()):
        source = known.get(folder.name) or free_source(folder.name)
        held = list(entries(archive_dir, folder.name))
        mine = [entry for entry in held if found.concerns(entry.url)]
        for entry in mine:
            with suppress(Exception):  # what no parser reads has no text to be known by
                page = read_record(archive_dir, entry.location)
                url = None if entry.url.startswith("urn:") else entry.url
                found.digests.add(text_digest(parse_archived(page, url, source).text))
        if folder.name in known:
            found.lists |= {entry.url for entry in held if _names(archive_dir, entry, source, found)}
        for entry in held:
            if found.concerns(entry.url):
                found.files[entry.location.file] = found.files.get(entry.location.file, 0) + 1
    return found


def _names(archive_dir: Path, entry: Entry, source: Source, found: Records) -> bool:
    """Whether `entry` is a list, and names one of the pages."""
    if entry.kind == "revisit" or entry.url in found.lists or source.article(entry.url) is not None:
        return False
    try:
        body = read_record(archive_dir, entry.location).body
    except ArchiveError:
        return False
    if body.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            body = zlib.decompressobj(wbits=31).decompress(body, _LIST_BYTES)
    return any(piece in body for url in found.urls for piece in _links(url))


def _links(url: str) -> Iterator[bytes]:
    """How pages link to `url`, from its path on."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if len(path) > 1:
        yield path.encode()
        yield path.replace("&", "&amp;").encode()


def remove_records(archive_dir: Path, found: Records) -> int:
    """Write each file that holds any of it anew, without; how many records there were, requests among them.

    Of a source that has any all files are read: what is damaged stands in no index.
    """
    folders = sorted({name.partition("/")[0] for name in found.files})
    return sum(without(file, found.doomed) for name in folders for file in warc_files(archive_dir, name))


def clear_left(archive_dir: Path) -> None:
    """Delete what removals that were killed have left aside."""
    for file in warc_files(archive_dir):
        clear_aside(file)


def agree(engine: Engine, archive_dir: Path) -> int:
    """Have the table of pages name the places where the records are now; how many rows were wrong.

    A list whose record is gone is asked for again as if for the first time.
    """
    query = select(pages.c.url, pages.c.digest, pages.c.fetched_at, pages.c.warc_file, pages.c.warc_offset)
    changed = 0
    with writing(engine).begin() as connection:
        by_file: dict[str, list[tuple[str, str | None, str | None, int | None]]] = {}
        for row in connection.execute(query.where(pages.c.warc_file.is_not(None))):
            told = (row.url, row.digest, row.fetched_at, row.warc_offset)
            by_file.setdefault(row.warc_file, []).append(told)
        for name, rows in by_file.items():
            file = archive_dir / name
            places = _places(file) if file.exists() else {}
            for url, digest, fetched, offset in rows:
                there = places.get((url, digest), {})
                place = there.get(_moment(fetched), max(there.values(), default=None))
                if place == offset:
                    continue
                changed += 1
                values = {"warc_offset": place} if place is not None else _LOST
                connection.execute(update(pages).where(pages.c.url == url).values(values))
    return changed


_LOST = dict.fromkeys(("digest", "warc_file", "warc_offset", "etag", "last_modified", "content_digest"))


def _places(file: Path) -> dict[tuple[str, str | None], dict[datetime | None, int]]:
    """By URL and digest, where in `file` the copies of each time begin."""
    found: dict[tuple[str, str | None], dict[datetime | None, int]] = {}
    for entry in entries_of(file):
        if entry.kind != "revisit":
            found.setdefault((entry.url, entry.digest), {})[entry.fetched_at] = entry.location.offset
    return found


def _moment(told: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
