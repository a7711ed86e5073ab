"""Files that came from elsewhere, into the archive and the dataset: WARC, saved pages, texts, JSON Lines, CSV."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit

from pipeline import logs, stages
from pipeline.batches import Job, read_here
from pipeline.crawl.archive import Archive
from pipeline.crawl.outcomes import Page
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Listing, Source
from pipeline.crawl.urls import URLError, article_url
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageState, PageTable
from pipeline.input_address import is_address
from pipeline.input_rows import UnreadableError
from pipeline.inputs import BadInput, Document, article_of, read_documents
from pipeline.runs.finish import reported
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary, Progress, RunSummary, StoreSummary

DEFAULT_NAME = "ingest"
"""The source of what no manifest's site published."""

Complain = Callable[[BadInput], None]


def free_source(name: str) -> Source:
    """A source for articles of any site, read by the general rules: what `ingest` files under `name`."""
    return Source(
        name=name,
        title=name,
        base_url=f"https://{name}.invalid",
        listings=[Listing(url="/")],
        article_pattern=".",
        verified=False,
    )


Reader = Callable[[Iterable[Job]], Iterable[StoreSummary]]
"""Reads batches: `batches.read_here`, or on a cluster. One summary a batch; a batch that failed says so in `problems`."""


def ingest(
    settings: Settings,
    sources: Sequence[Source],
    paths: Iterable[str],
    *,
    name: str = DEFAULT_NAME,
    only_known: bool = False,
    complain: Complain,
    progress: Progress | None = None,
    read: Reader = read_here,
) -> RunSummary:
    """Archive, read and store every document of `paths`, then link and release; a second time nothing changes.

    A page of a site that one of `sources` describes is read by that manifest and filed under its name, any other under
    `name`, or with `only_known` left out. Each unreadable input is told to `complain` and the rest goes on. Killed, it is gone on with by the next run:
    what is archived and unread is read then.
    """
    tell = progress or (lambda _line: None)
    run_id = stages.begin_run(settings, utc_now())
    clerk = _Clerk(settings, sources, name, run_id, only_known=only_known)
    outside = []
    for path in paths:
        # Its own files would grow while they are read.
        local = path != "-" and not is_address(path)
        if local and Path(path).resolve().is_relative_to(settings.archive_dir.resolve()):
            complain(BadInput(path, "lies in the archive already: `tongket reread` reads it again"))
        else:
            outside.append(path)
    stored: list[StoreSummary] = []
    with reported(settings, run_id, utc_now, stored=stored):
        documents = read_documents(outside)
        while batch := list(islice(documents, settings.batch_size)):
            clerk.file(batch, complain)
            tell(f"archiving: {clerk.count} documents, {clerk.new} of them new or changed")
        jobs = (
            (settings, source, pages, run_id)
            for source in clerk.sources()
            for pages in chain(stages.unread_batches(settings, source), clerk.superseded(source.name))
        )
        count = sum(
            stages.count_unread_batches(settings, source) + len(clerk.superseded(source.name))
            for source in clerk.sources()
        )
        for done, summary in enumerate(read(jobs), start=1):
            tell(f"reading: batch {done} of {count}")
            stored.append(summary)
        tell("linking, writing the release")
        crawls = [clerk.summary(source.name) for source in clerk.sources()]
        return stages.finish_run(settings, run_id, crawls, stored, utc_now)


class _Clerk:
    """Puts documents into the archive and the table of pages."""

    def __init__(
        self, settings: Settings, sources: Sequence[Source], name: str, run_id: str, *, only_known: bool
    ) -> None:
        self._only_known = only_known
        self._settings = settings
        self._manifests = sources
        self._rest = free_source(name)
        self._run_id = run_id
        self._archives: dict[str, Archive] = {}
        self._used: dict[str, Source] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._superseded: dict[str, list[PageState]] = {}
        self.count = 0
        self.new = 0

    def sources(self) -> list[Source]:
        """The sources that documents were filed under so far."""
        return list(self._used.values())

    def superseded(self, name: str) -> list[stages.Batch]:
        """Earlier copies of pages of the source `name` that came in this run: they are read too, for their history."""
        states, size = self._superseded.get(name, []), self._settings.batch_size
        return [states[at : at + size] for at in range(0, len(states), size)]

    def summary(self, name: str) -> CrawlSummary:
        """What was filed under the source `name`."""
        counts = self._counts[name]
        told = {"source": name, "mode": "ingest", "links": sum(counts.values()), **counts}
        return CrawlSummary.model_validate(told)

    def file(self, batch: Iterable[Document | BadInput], complain: Complain) -> None:
        """File a batch; what cannot be read is told to `complain`."""
        with database(self._settings.database_url) as engine:
            table = PageTable(engine)
            for item in batch:
                self.count += 1
                if isinstance(item, BadInput):
                    complain(item)
                    continue
                # Looked at first: a crawl of the whole web has millions of pages of others.
                if self._only_known and self._place(item, "")[1] is self._rest:
                    continue
                try:
                    text = article_of(item).text
                except UnreadableError as error:
                    complain(BadInput(item.where, str(error)))
                    continue
                self._file(table, item, text)

    def _file(self, table: PageTable, document: Document, text: str) -> None:
        digest = hashlib.sha256(document.data).hexdigest()
        url, source = self._place(document, digest)
        old = table.get(url)
        taken = table.taken_down(url) or (table.taken_text(text) if old is None else None)
        if taken is not None:
            reason = f"{document.where}: left out: taken down ({taken})"
            logs.note("page_taken_down", "warning", source=source.name, url=url, reason=reason)
            return
        counts = self._counts.setdefault(source.name, {"new": 0, "changed": 0, "unchanged": 0})
        self._used.setdefault(source.name, source)
        fetched = document.fetched_at or utc_now()
        if old is not None and old.digest is not None:
            # Of two copies the later one counts; the same bytes again change nothing.
            older = document.fetched_at is not None and fetched.isoformat() < (old.fetched_at or "")
            if old.digest == digest or older:
                counts["unchanged"] += 1
                return
            if old.crawl == self._run_id:
                self._superseded.setdefault(source.name, []).append(old)
        archive = self._archives.setdefault(source.name, Archive(self._settings.archive_dir, source.name))
        if (last := archive.last) is not None and (last.url, last.digest) == (url, digest):
            location = last.location  # archived by a run that was killed before it could note it
        elif document.http_status is not None:
            page = Page(
                url=url,
                final_url=url,
                status=document.http_status,
                headers=document.headers or (("Content-Type", document.content_type),),
                request_headers=(),
                body=document.data,
                fetched_at=fetched,
                etag=None,
                last_modified=None,
                content_type=document.content_type,
            )
            location = archive.append(page)
        else:
            location = archive.resource(
                url,
                document.data,
                document.content_type,
                fetched_at=fetched,
                metadata={"file": document.where},
            )
        outcome = "changed" if old is not None and old.digest is not None else "new"
        counts[outcome] += 1
        self.new += 1
        table.put(
            PageState(
                url,
                source.name,
                "article",
                found_on=document.where,
                status=document.http_status,
                digest=digest,
                warc_file=location.file,
                warc_offset=location.offset,
                fetched_at=fetched.isoformat(),
                checked_at=fetched.isoformat(),
                outcome=outcome,
                attempts=0,
                crawl=self._run_id,
                media_type=document.content_type.partition(";")[0].strip().lower(),
            )
        )

    def _place(self, document: Document, digest: str) -> tuple[str, Source]:
        """The key of a document's page, and its source. Without a URL its own bytes are its name."""
        if document.url is None:
            return f"urn:sha256:{digest}", self._rest
        try:
            url = article_url(document.url)
        except URLError:
            return f"urn:sha256:{digest}", self._rest
        for source in self._manifests:
            if source.is_own(url) and urlsplit(url).netloc:
                return source.article(url) or url, source
        return url, self._rest
