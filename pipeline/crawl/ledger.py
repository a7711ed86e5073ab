"""What came of each page, written into the archive and the table of pages before the next one is asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import logs
from pipeline.crawl.archive import Archive, ArchiveError, Location, Profile, read_record
from pipeline.crawl.outcomes import Failed, NotModified, Page, next_try
from pipeline.crawl.parse import ParsedArticle
from pipeline.crawl.sources import Source
from pipeline.dataset.pages import PageState, PageTable

Clock = Callable[[], datetime]

# An article is looked at again after a tenth of its age: what is new is edited, what is old is not.
_SOONEST, _LATEST = timedelta(hours=20), timedelta(days=90)
# Failures of articles that are part of any night; others are worth a line for people. A list's is a problem anyway.
_EXPECTED = {"disallowed", "not_found", "gone", "type"}


@dataclass(frozen=True)
class Seen:
    """What the parser saw in a page; `article` is None where the parser itself failed."""

    article: ParsedArticle | None

    @property
    def digest(self) -> str | None:
        """SHA-256 of what the article says, whatever dress the page wears."""
        if (a := self.article) is None:
            return None
        said = [a.title, a.lead, a.byline, a.published, a.modified, a.text]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class Ledger:
    """Notes of one crawl of one source."""

    def __init__(self, source: Source, table: PageTable, archive_dir: Path, crawl: str, now: Clock) -> None:
        self._has_layouts = any(layout.body for layout in source.layouts)
        self._table = table
        self._directory = archive_dir
        self._archive = Archive(archive_dir, source.name)
        self._crawl = crawl
        self._now = now

    @property
    def archive(self) -> Archive:
        """The source's archive."""
        return self._archive

    def keep(
        self,
        old: PageState,
        page: Page,
        outcome: str,
        *,
        seen: Seen | None = None,
        at: Location | None = None,
    ) -> str:
        """Archive the page, unless it lies `at` a place already, and note it."""
        location = at or self._archive.append(page)
        article = seen.article if seen else None
        judged = article is not None and self._has_layouts
        state = replace(
            old,
            digest=page.digest,
            warc_file=location.file,
            warc_offset=location.offset,
            fetched_at=page.fetched_at.isoformat(),
            media_type=(page.content_type or "").partition(";")[0].strip().lower() or None,
            alias_of=None,
            published=article.published if article else None,
            dated=bool(article and article.published) if seen else None,
            layout_fits=article.layout is not None if article is not None and judged else None,
            content_digest=seen.digest if seen else None,
        )
        return self.note(state, page.status, outcome, etag=page.etag, modified=page.last_modified)

    def same_bytes(self, old: PageState, page: Page) -> str:
        """The same bytes came again: a revisit record, and no new body."""
        self._revisit(old, page, "identical-payload-digest")
        return self.note(old, page.status, "unchanged", etag=page.etag, modified=page.last_modified)

    def unchanged(self, old: PageState, answer: NotModified) -> str:
        """The site says that what the archive holds is current."""
        self._revisit(old, answer, "server-not-modified")
        return self.note(old, answer.status, "unchanged", etag=old.etag, modified=old.last_modified)

    def _revisit(self, old: PageState, answer: Page | NotModified, profile: Profile) -> None:
        self._archive.revisit(
            answer.url,
            refers_to=_location(old),
            fetched_at=answer.fetched_at,
            status=answer.status,
            headers=answer.headers,
            request_headers=answer.request_headers,
            profile=profile,
        )

    def failed(self, old: PageState, failed: Failed) -> str:
        """No page came: the reason, and when to ask again."""
        attempts = (old.attempts or 0) + 1
        outcome = "disallowed" if failed.kind == "disallowed" else "failed"
        if failed.kind in {"not_found", "gone"} and old.digest is not None:
            outcome = "withdrawn"
        again = next_try(failed, attempts, self._now()).isoformat()
        self._table.put(
            replace(
                old,
                status=failed.status,
                reason=failed.reason,
                outcome=outcome,
                attempts=attempts,
                crawl=self._crawl,
                checked_at=self._now().isoformat(),
                next_try=again,
            )
        )
        logs.note(
            "page_failed",
            "info" if old.kind != "article" or failed.kind in _EXPECTED else "warning",
            source=old.source,
            url=old.url,
            reason=failed.reason,
            kind=failed.kind,
            page=old.kind,
            attempts=attempts,
            next_try=again,
        )
        return outcome

    def note(
        self,
        state: PageState,
        status: int,
        outcome: str,
        *,
        reason: str | None = None,
        alias_of: str | None = None,
        etag: str | None = None,
        modified: str | None = None,
    ) -> str:
        """Write `state` with how this attempt went, which was well."""
        now = self._now()
        self._table.put(
            replace(
                state,
                status=status,
                reason=reason,
                outcome=outcome,
                attempts=0,
                alias_of=alias_of or state.alias_of,
                etag=etag,
                last_modified=modified,
                crawl=self._crawl,
                checked_at=now.isoformat(),
                next_try=(now + _pause(state, now)).isoformat() if state.kind == "article" else None,
            )
        )
        return outcome

    def archived(self, state: PageState) -> bytes | None:
        """The body that `state` says the archive holds, None unless it is there."""
        if state.warc_file is None:
            return None
        try:
            body = read_record(self._directory, _location(state)).body
        except ArchiveError:
            return None
        return body if hashlib.sha256(body).hexdigest() == state.digest else None


def _pause(state: PageState, now: datetime) -> timedelta:
    """How long an article that came is left alone where no listing shows it."""
    told = state.published or state.fetched_at
    if told is None:
        return _LATEST
    since = datetime.fromisoformat(told)
    age = now - (since if since.tzinfo else since.replace(tzinfo=UTC))
    return min(max(age / 10, _SOONEST), _LATEST)


def _location(state: PageState) -> Location:
    assert state.warc_file is not None, "a page with a digest has a record"
    assert state.warc_offset is not None, "a page with a digest has a record"
    return Location(state.warc_file, state.warc_offset)
