"""Crawl state: what is known of each URL, written page by page so that a killed run loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Column, Engine, and_, insert, or_, select, update
from sqlalchemy.engine import Connection

from pipeline.dataset.database import writing
from pipeline.dataset.schema import pages

PageKind = Literal["robots", "feed", "listing", "article"]


@dataclass(frozen=True)
class PageState:
    """One row of the table `pages`, without what the reader writes there. Times are ISO 8601 in UTC.

    `digest`, `warc_file`, `warc_offset` and `fetched_at` belong to the last good body; `status`, `reason` and
    `next_try` to the last attempt. `reason` is None where that went well.
    """

    url: str
    source: str
    kind: PageKind
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    fetched_at: str | None = None
    checked_at: str | None = None
    next_try: str | None = None
    reason: str | None = None


_FIELDS = tuple(PageState.__dataclass_fields__)


class PageTable:
    """The table `pages` as the crawl sees it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, url: str) -> PageState | None:
        """What is known of `url`; None where it was never asked for."""
        with self._engine.connect() as connection:
            row = connection.execute(select(*_columns()).where(pages.c.url == url)).one_or_none()
        return None if row is None else PageState(**row._mapping)

    def put(self, state: PageState) -> None:
        """Write `state`, leaving the reader's columns of an older row alone. On disk when this returns."""
        values = asdict(state)
        with writing(self._engine).begin() as connection:
            # Update, else insert: the same on every database.
            if not connection.execute(update(pages).where(pages.c.url == state.url).values(values)).rowcount:
                connection.execute(insert(pages).values(values))

    def failed(self, source: str) -> list[str]:
        """Article URLs of `source` that were asked for and never came, in the order of their text."""
        query = (
            select(pages.c.url)
            .where(pages.c.source == source, pages.c.kind == "article", pages.c.digest.is_(None))
            .order_by(pages.c.url)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def unread(self, source: str, version: str) -> list[PageState]:
        """Archived articles of `source` whose body the reader `version` has not read yet, by URL."""
        query = (
            select(*_columns())
            .where(
                and_(
                    pages.c.source == source,
                    pages.c.kind == "article",
                    pages.c.digest.is_not(None),
                    or_(
                        pages.c.read_digest.is_(None),
                        pages.c.read_digest != pages.c.digest,
                        pages.c.read_version != version,
                    ),
                )
            )
            .order_by(pages.c.url)
        )
        with self._engine.connect() as connection:
            return [PageState(**row._mapping) for row in connection.execute(query)]


def mark_read(connection: Connection, marks: Iterable[tuple[str, str, str | None]], *, version: str) -> None:
    """Note `(url, digest of the body, error or None)` as read by `version`, in the caller's transaction.

    An article that could not be read counts as read: it is tried again when its page or the reader changes.
    """
    for url, digest, error in marks:
        connection.execute(
            update(pages)
            .where(pages.c.url == url)
            .values(read_digest=digest, read_version=version, read_error=error)
        )


def _columns() -> list[Column[Any]]:
    return [pages.c[name] for name in _FIELDS]
