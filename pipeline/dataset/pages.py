"""Crawl state: what is known of each URL, written page by page so that a killed run loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Engine, and_, func, insert, or_, select, true, tuple_, update
from sqlalchemy.engine import Connection

from pipeline.dataset.database import writing
from pipeline.dataset.schema import articles, pages
from pipeline.dataset.takedowns import same_text, taken

PageKind = Literal["robots", "feed", "sitemap", "listing", "article"]
_MANY = 500  # values in one IN list: SQLite takes 32,766, others fewer


@dataclass(frozen=True)
class PageState:
    """One row of the table `pages`, without what the reader writes there. Times are ISO 8601 in UTC.

    `digest`, `warc_file`, `warc_offset` and `fetched_at` belong to the last good body; `status`, `reason`, `outcome`,
    `attempts` and `next_try` to the last attempt. `reason` is None where that went well.
    """

    url: str
    source: str
    kind: PageKind
    found_on: str | None = None
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
    outcome: str | None = None
    attempts: int | None = None
    crawl: str | None = None
    media_type: str | None = None
    alias_of: str | None = None
    published: str | None = None
    dated: bool | None = None
    layout_fits: bool | None = None
    content_digest: str | None = None


_FIELDS = tuple(PageState.__dataclass_fields__)


class PageTable:
    """The table `pages` as the crawl sees it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database that the table is in."""
        return self._engine

    def get(self, url: str) -> PageState | None:
        """What is known of `url`; None where it was never found."""
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

    def taken_down(self, *urls: str | None) -> str | None:
        """The first of `urls` that was taken down; such a page is neither asked for nor kept."""
        given = [url for url in urls if url]
        with self._engine.connect() as connection:
            gone = taken(connection, given)
        return next((url for url in given if url in gone), None)

    def taken_text(self, text: str) -> str | None:
        """The URL that was taken down and said what `text` says."""
        with self._engine.connect() as connection:
            return same_text(connection, text)

    def find(self, source: str, found: Iterable[tuple[str, str]]) -> None:
        """Note articles `(url, found_on)` that were found and not asked for yet, in one transaction; known ones stay.

        What was taken down is not noted.
        """
        new = dict(found)
        with writing(self._engine).begin() as connection:
            for url in (*self._known(connection, list(new)), *taken(connection, new)):
                new.pop(url, None)
            rows = [
                {"url": url, "source": source, "kind": "article", "found_on": place}
                for url, place in new.items()
            ]
            if rows:
                connection.execute(insert(pages), rows)

    def good(self, urls: Collection[str], *, before: str | None = None) -> dict[str, str | None]:
        """Those of `urls` whose article is archived or known to be another's twin, with its publication date.

        `before` leaves out what the crawl of that id was the first to bring. What was taken down is among them: nobody need
        look for it.
        """
        good = or_(pages.c.digest.is_not(None), pages.c.alias_of.is_not(None))
        if before is not None:
            good = and_(good, or_(_not_in(before), pages.c.outcome.not_in(("new", "twin"))))
        found: dict[str, str | None] = {}
        with self._engine.connect() as connection:
            found |= dict.fromkeys(taken(connection, urls))
            for chunk in chunks(list(urls)):
                query = select(pages.c.url, pages.c.published).where(pages.c.url.in_(chunk), good)
                found |= dict(connection.execute(query).tuples().all())
        return found

    def waiting(self, source: str, crawl: str, now: str, limit: int) -> list[str]:
        """Article URLs of `source` whose turn has come and that `crawl` has not asked for, by URL.

        First what never came, then what came and is due to be looked at again.
        """
        due = or_(pages.c.next_try.is_(None), pages.c.next_try <= now)
        mine = and_(pages.c.source == source, pages.c.kind == "article", due, _not_in(crawl))
        found: list[str] = []
        with self._engine.connect() as connection:
            for part in (
                and_(pages.c.digest.is_(None), pages.c.alias_of.is_(None)),
                and_(pages.c.digest.is_not(None), pages.c.next_try.is_not(None)),
            ):
                query = select(pages.c.url).where(mine, part).order_by(pages.c.url).limit(limit - len(found))
                found += connection.execute(query).scalars()
        return found

    def outcomes(self, source: str, crawl: str) -> Counter[tuple[str, str | None]]:
        """How the articles that `crawl` asked for came out: `(outcome, reason) → how many`."""
        query = (
            select(pages.c.outcome, pages.c.reason, func.count())
            .where(pages.c.source == source, pages.c.crawl == crawl, pages.c.kind == "article")
            .group_by(pages.c.outcome, pages.c.reason)
        )
        with self._engine.connect() as connection:
            return Counter(
                {(outcome or "", reason): count for outcome, reason, count in connection.execute(query)}
            )

    def shown(self, source: str, crawl: str) -> tuple[int, int, int, int]:
        """Of the articles that came anew with `crawl`: how many, those with a date, those whose body a layout fitted,
        and those of which that could be said."""
        new = pages.c.outcome.in_(("new", "changed"))
        query = select(
            func.count(),
            func.count().filter(pages.c.dated.is_(true())),
            func.count().filter(pages.c.layout_fits.is_(true())),
            func.count(pages.c.layout_fits),
        ).where(pages.c.source == source, pages.c.crawl == crawl, pages.c.kind == "article", new)
        with self._engine.connect() as connection:
            count, dated, fits, judged = connection.execute(query).one()
        return count, dated, fits, judged

    def newest(self, source: str) -> str | None:
        """The day of publication of the newest article of `source`, `2025-01-13`; None where no article has one."""
        query = select(func.max(func.substr(pages.c.published, 1, 10))).where(
            pages.c.source == source, pages.c.kind == "article"
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalar()

    def unread(
        self, source: str, version: str, *, after: PageState | None = None, limit: int | None = None
    ) -> list[PageState]:
        """Archived articles of `source` whose body the reader `version` has not read yet, `limit` of them behind `after`.

        In the order of their digests, which is none: the first hundred are a fair sample of the whole, not one section
        of the site.
        """
        query = select(*_columns()).where(_unread(source, version)).order_by(pages.c.digest, pages.c.url)
        if after is not None:
            query = query.where(tuple_(pages.c.digest, pages.c.url) > (after.digest, after.url))
        with self._engine.connect() as connection:
            return [PageState(**row._mapping) for row in connection.execute(query.limit(limit))]

    def count_unread(self, source: str, version: str) -> int:
        """How many `unread` has."""
        query = select(func.count()).select_from(pages).where(_unread(source, version))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def relevant(self, source: str, crawl: str) -> tuple[int, int]:
        """Of the articles that `crawl` brought and the dataset has read: how many, and those on a union's event."""
        query = (
            select(func.count(), func.count().filter(articles.c.relevant.is_(true())))
            .select_from(pages.join(articles, articles.c.url == pages.c.url))
            .where(pages.c.source == source, pages.c.crawl == crawl, pages.c.outcome.in_(("new", "changed")))
        )
        with self._engine.connect() as connection:
            read, relevant = connection.execute(query).one()
        return read, relevant

    def _known(self, connection: Connection, urls: list[str]) -> list[str]:
        known: list[str] = []
        for chunk in chunks(urls):
            known += connection.execute(select(pages.c.url).where(pages.c.url.in_(chunk))).scalars()
        return known


def mark_read(connection: Connection, marks: Iterable[tuple[str, str, str | None]], *, version: str) -> None:
    """Note `(url, digest of the body, error or None)` as read by `version`, in the caller's transaction.

    An article that could not be read counts as read: it is tried again when its page or the reader changes. An older
    body than the page's last one marks nothing.
    """
    for url, digest, error in marks:
        connection.execute(
            update(pages)
            .where(pages.c.url == url, pages.c.digest == digest)
            .values(read_digest=digest, read_version=version, read_error=error)
        )


def _unread(source: str, version: str) -> ColumnElement[bool]:
    return and_(
        pages.c.source == source,
        pages.c.kind == "article",
        pages.c.digest.is_not(None),
        or_(
            pages.c.read_digest.is_(None),
            pages.c.read_digest != pages.c.digest,
            pages.c.read_version != version,
        ),
    )


def _not_in(crawl: str) -> ColumnElement[bool]:
    return or_(pages.c.crawl.is_(None), pages.c.crawl != crawl)


def chunks(values: list[str]) -> Iterable[list[str]]:
    """`values` in pieces that fit one IN list of any database."""
    return (values[start : start + _MANY] for start in range(0, len(values), _MANY))


def _columns() -> list[Column[Any]]:
    return [pages.c[name] for name in _FIELDS]
