"""One page of one crawl: asked for, judged, archived, and what came of it noted before the next is asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.crawl.archive import Archive, ArchiveError, Location, read_record
from pipeline.crawl.fetch import HTML, Fetcher
from pipeline.crawl.outcomes import Failed, FailureKind, NotModified, Page, next_try
from pipeline.crawl.parse import ParsedArticle, ParseError, parse_html
from pipeline.crawl.sources import Source
from pipeline.dataset.pages import PageKind, PageState, PageTable

Clock = Callable[[], datetime]

# An article is looked at again after a tenth of its age: what is new is edited, what is old is not.
_SOONEST, _LATEST = timedelta(hours=20), timedelta(days=90)


@dataclass(frozen=True)
class _Seen:
    """What the parser saw in a page; `article` is None where the parser itself failed."""

    article: ParsedArticle | None

    @property
    def digest(self) -> str | None:
        """SHA-256 of what the article says, whatever dress the page wears."""
        if (a := self.article) is None:
            return None
        said = [a.title, a.lead, a.byline, a.published, a.modified, a.text]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class Visitor:
    """Asks for the pages of one crawl, one at a time."""

    def __init__(
        self, source: Source, table: PageTable, fetcher: Fetcher, archive_dir: Path, crawl: str, now: Clock
    ) -> None:
        self._source = source
        self._table = table
        self._fetcher = fetcher
        self._directory = archive_dir
        self._archive = Archive(archive_dir, source.name)
        self._crawl = crawl
        self._now = now

    def index(self, url: str, kind: PageKind) -> bytes | Failed:
        """The body of a feed, listing, sitemap or robots.txt as the site has it now.

        A copy in the archive is used only where the site has just said that it is unchanged.
        """
        old = self._table.get(url) or PageState(url, self._source.name, kind)
        archived = self._archived(old)
        known = archived is not None
        outcome = self._fetcher.get(
            url,
            etag=old.etag if known else None,
            # Listings are made anew by programs that often have no idea when they changed: there only an ETag counts.
            last_modified=old.last_modified if known and kind != "listing" else None,
            robots=kind != "robots",
        )
        match outcome:
            case Failed():
                self._failed(old, outcome)
                return outcome
            case NotModified():
                self._unchanged(old, outcome)
                return archived or b""
            case Page():
                if outcome.digest == old.digest and known:
                    self._same_bytes(old, outcome)
                else:
                    self._keep(old, outcome, "changed" if known else "new")
                return outcome.body

    def article(self, url: str) -> tuple[str, Failed | None, str | None]:
        """Ask for an article: its outcome, the failure where it is one, and the URL that it is a twin of."""
        old = self._table.get(url) or PageState(url, self._source.name, "article")
        # Without a copy at hand (never fetched, or the archive was cleared) nothing may be asked conditionally.
        known = self._archived(old) is not None
        outcome = self._fetcher.get(
            url,
            etag=old.etag if known else None,
            last_modified=old.last_modified if known else None,
            accept=HTML,
        )
        match outcome:
            case Failed():
                return self._failed(old, outcome), outcome, None
            case NotModified():
                return self._unchanged(old, outcome), None, None
            case Page():
                return self._came(old, outcome, known=known)

    def adopt(self) -> str | None:
        """Note the page that was archived when an earlier process was killed before noting it; its URL."""
        entry = self._archive.last
        if entry is None or entry.kind != "response" or self._source.article(entry.url) != entry.url:
            return None
        old = self._table.get(entry.url) or PageState(entry.url, self._source.name, "article")
        if old.digest == entry.digest:
            return None
        record = read_record(self._directory, entry.location)
        headers = {name.lower(): value for name, value in record.headers}
        page = Page(
            url=entry.url,
            final_url=entry.url,
            status=record.status or 200,
            headers=record.headers,
            request_headers=(),
            body=record.body,
            fetched_at=record.fetched_at,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            content_type=record.content_type,
        )
        known = old.digest is not None
        self._keep(old, page, "changed" if known else "new", seen=self._parse(page), at=entry.location)
        return entry.url

    def _came(self, old: PageState, page: Page, *, known: bool) -> tuple[str, Failed | None, str | None]:
        shown = self._source.article(page.final_url)
        if shown is None:
            failed = Failed(
                page.url, "redirect", f"redirected to {page.final_url}, which is no article", page.status
            )
            return self._failed(old, failed), failed, None
        try:
            seen = self._parse(page)
        except ParseError as error:
            kind: FailureKind = "challenge" if error.reason == "challenge" else "no_article"
            failed = Failed(page.url, kind, str(error), page.status)
            return self._failed(old, failed), failed, None
        canonical = self._source.article(seen.article.canonical or "") if seen.article else None
        twin_of = next((url for url in (shown, canonical) if url and url != page.url), None)
        if twin_of and not known:
            self._note(old, page.status, "twin", reason=f"shows the article of {twin_of}", alias_of=twin_of)
            return "twin", None, twin_of
        if known and page.digest == old.digest:
            return self._same_bytes(old, page), None, None
        if known and seen.digest is not None and seen.digest == old.content_digest:
            # Counters and menus changed, the article did not: what the archive holds says the same.
            return (
                self._note(old, page.status, "unchanged", etag=page.etag, modified=page.last_modified),
                None,
                None,
            )
        return self._keep(old, page, "changed" if known else "new", seen=seen), None, None

    def _parse(self, page: Page) -> _Seen:
        """What the page shows. Raises `ParseError` where it holds no article."""
        try:
            article = parse_html(
                page.body,
                page.url,
                fetched_at=page.fetched_at,
                source=self._source,
                content_type=page.content_type,
            )
        except ParseError:
            raise
        except Exception:  # noqa: BLE001  the page is kept, and reading it will tell what is wrong
            return _Seen(None)
        return _Seen(article)

    def _keep(
        self,
        old: PageState,
        page: Page,
        outcome: str,
        *,
        seen: _Seen | None = None,
        at: Location | None = None,
    ) -> str:
        """Archive the page, unless it lies `at` a place already, and note it."""
        location = at or self._archive.append(page)
        article = seen.article if seen else None
        judged = article is not None and any(layout.body for layout in self._source.layouts)
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
        return self._note(state, page.status, outcome, etag=page.etag, modified=page.last_modified)

    def _same_bytes(self, old: PageState, page: Page) -> str:
        self._archive.revisit(
            page.url,
            refers_to=_location(old),
            fetched_at=page.fetched_at,
            status=page.status,
            headers=page.headers,
            request_headers=page.request_headers,
            profile="identical-payload-digest",
        )
        return self._note(old, page.status, "unchanged", etag=page.etag, modified=page.last_modified)

    def _unchanged(self, old: PageState, answer: NotModified) -> str:
        if old.warc_file is not None:
            self._archive.revisit(
                answer.url,
                refers_to=_location(old),
                fetched_at=answer.fetched_at,
                status=answer.status,
                headers=answer.headers,
                request_headers=answer.request_headers,
                profile="server-not-modified",
            )
        return self._note(old, answer.status, "unchanged", etag=old.etag, modified=old.last_modified)

    def _failed(self, old: PageState, failed: Failed) -> str:
        attempts = (old.attempts or 0) + 1
        outcome = "disallowed" if failed.kind == "disallowed" else "failed"
        if failed.kind in {"not_found", "gone"} and old.digest is not None:
            outcome = "withdrawn"
        self._table.put(
            replace(
                old,
                status=failed.status,
                reason=failed.reason,
                outcome=outcome,
                attempts=attempts,
                crawl=self._crawl,
                checked_at=self._now().isoformat(),
                next_try=next_try(failed, attempts, self._now()).isoformat(),
            )
        )
        return outcome

    def _note(
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

    def _archived(self, state: PageState) -> bytes | None:
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
