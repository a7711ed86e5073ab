"""One page of one crawl: asked for, judged, archived, and what came of it noted before the next is asked for."""

from __future__ import annotations

from pathlib import Path

from pipeline import logs
from pipeline.crawl.archive import read_record
from pipeline.crawl.fetch import HTML, Fetcher
from pipeline.crawl.ledger import Clock, Ledger, Seen
from pipeline.crawl.outcomes import Failed, FailureKind, NotModified, Page
from pipeline.crawl.parse import ParseError, parse_html
from pipeline.crawl.sources import Source
from pipeline.dataset.pages import PageKind, PageState, PageTable


class Visitor:
    """Asks for the pages of one crawl, one at a time."""

    def __init__(
        self, source: Source, table: PageTable, fetcher: Fetcher, archive_dir: Path, crawl: str, now: Clock
    ) -> None:
        self._source = source
        self._table = table
        self._fetcher = fetcher
        self._directory = archive_dir
        self._ledger = Ledger(source, table, archive_dir, crawl, now)

    def index(self, url: str, kind: PageKind) -> bytes | Failed:
        """The body of a feed, listing, sitemap or robots.txt as the site has it now.

        A copy in the archive is used only where the site has just said that it is unchanged.
        """
        old = self._table.get(url) or PageState(url, self._source.name, kind)
        archived = self._ledger.archived(old)
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
                self._ledger.failed(old, outcome)
                return outcome
            case NotModified():
                self._ledger.unchanged(old, outcome)
                return archived or b""
            case Page():
                if outcome.digest == old.digest and known:
                    self._ledger.same_bytes(old, outcome)
                else:
                    self._ledger.keep(old, outcome, "changed" if known else "new")
                return outcome.body

    def article(self, url: str) -> tuple[str, Failed | None, str | None]:
        """Ask for an article: its outcome, the failure where it is one, and the URL that it is a twin of."""
        old = self._table.get(url) or PageState(url, self._source.name, "article")
        # Without a copy at hand (never fetched, or the archive was cleared) nothing may be asked conditionally.
        known = self._ledger.archived(old) is not None
        outcome = self._fetcher.get(
            url,
            etag=old.etag if known else None,
            last_modified=old.last_modified if known else None,
            accept=HTML,
        )
        match outcome:
            case Failed():
                return self._ledger.failed(old, outcome), outcome, None
            case NotModified():
                return self._ledger.unchanged(old, outcome), None, None
            case Page():
                return self._came(old, outcome, known=known)

    def adopt(self) -> str | None:
        """Note the page that was archived when an earlier process was killed before noting it; its URL."""
        entry = self._ledger.archive.last
        if entry is None or entry.kind != "response" or self._source.article(entry.url) != entry.url:
            return None
        old = self._table.get(entry.url) or PageState(entry.url, self._source.name, "article")
        if old.digest == entry.digest or self._table.taken_down(entry.url):
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
        self._ledger.keep(old, page, "changed" if known else "new", seen=self._parse(page), at=entry.location)
        return entry.url

    def _came(self, old: PageState, page: Page, *, known: bool) -> tuple[str, Failed | None, str | None]:
        shown = self._source.article(page.final_url)
        if shown is None:
            failed = Failed(
                page.url, "redirect", f"redirected to {page.final_url}, which is no article", page.status
            )
            return self._ledger.failed(old, failed), failed, None
        try:
            seen = self._parse(page)
        except ParseError as error:
            kind: FailureKind = "challenge" if error.reason == "challenge" else "no_article"
            failed = Failed(page.url, kind, str(error), page.status)
            return self._ledger.failed(old, failed), failed, None
        canonical = self._source.article(seen.article.canonical or "") if seen.article else None
        if (taken := self._taken(old, shown, canonical, seen)) is not None:
            failed = Failed(page.url, "gone", f"shows what was taken down ({taken})", page.status)
            logs.note("page_taken_down", "warning", source=old.source, url=page.url, reason=failed.reason)
            return self._ledger.failed(old, failed), failed, None
        twin_of = next((url for url in (shown, canonical) if url and url != page.url), None)
        if twin_of and not known:
            self._ledger.note(
                old, page.status, "twin", reason=f"shows the article of {twin_of}", alias_of=twin_of
            )
            return "twin", None, twin_of
        if known and page.digest == old.digest:
            return self._ledger.same_bytes(old, page), None, None
        # A copy that a layout fits is kept instead of one that none fitted: what is read of that is a guess.
        better = old.layout_fits is False and seen.article is not None and seen.article.layout is not None
        if known and seen.digest is not None and seen.digest == old.content_digest and not better:
            # Counters and menus changed, the article did not: what the archive holds says the same.
            return (
                self._ledger.note(old, page.status, "unchanged", etag=page.etag, modified=page.last_modified),
                None,
                None,
            )
        return self._ledger.keep(old, page, "changed" if known else "new", seen=seen), None, None

    def _taken(self, old: PageState, shown: str, canonical: str | None, seen: Seen) -> str | None:
        """The URL that was taken down and that a page shows, as a twin or, where it is new, in the same words."""
        if (url := self._table.taken_down(shown, canonical)) is not None:
            return url
        return self._table.taken_text(seen.article.text) if seen.article and old.digest is None else None

    def _parse(self, page: Page) -> Seen:
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
            return Seen(None)
        return Seen(article)
