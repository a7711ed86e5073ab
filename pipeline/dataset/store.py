"""Reports into tables: one transaction a batch, and a second time round nothing changes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, Table, delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, IntegrityError

from extractors.records import Report
from pipeline.dataset.database import lock_dataset, writing
from pipeline.dataset.pages import chunks, mark_read
from pipeline.dataset.rows import Row, article_row, conference_rows
from pipeline.dataset.schema import (
    READ,
    article_versions,
    articles,
    awards,
    checks,
    conferences,
    figures,
    people,
    unit_mentions,
)
from pipeline.dataset.takedowns import taken
from pipeline.summary import StoreSummary

_BELOW = (unit_mentions, people, figures, awards, checks)
_SAID = ("title", "lead", "byline", "published_at", "modified_at", "text")


@dataclass(frozen=True)
class Reading:
    """One article as read: its report, what the page said besides, and by which reader.

    `page_url` is the key of its row in `pages`, `page_digest` that of the page's bytes. `fetched_at` and `modified_at`
    are ISO 8601.
    """

    report: Report
    version: str
    page_url: str | None = None
    lead: str | None = None
    byline: str | None = None
    modified_at: str | None = None
    fetched_at: str | None = None
    page_digest: str | None = None


@dataclass(frozen=True)
class Unread:
    """An archived page that gave no article, and why."""

    url: str
    page_digest: str
    version: str
    reason: str


@dataclass(frozen=True)
class _Prepared:
    """A reading as rows; `below` by table name."""

    reading: Reading
    article: Row
    below: dict[str, list[Row]]

    @property
    def id(self) -> str:
        return str(self.article["id"])

    @property
    def age(self) -> tuple[str, str]:
        """What is larger counts: the later copy of an article, then the page of the smaller address."""
        inverse = "".join(chr(0x10FFFF - ord(letter)) for letter in self.article["page_url"] or "")
        return self.article["fetched_at"] or "", inverse


def store_reports(engine: Engine, batch: Sequence[Reading | Unread], run_id: str) -> StoreSummary:
    """Write a batch whole or not at all, and mark its pages as read. The run `run_id` must be noted already.

    An article whose records are those of the dataset is left alone; one whose records changed has all its old rows
    replaced. Each wording an article ever had is kept in `article_versions`; of two copies the one fetched later
    counts, in whichever order they come. An `Unread` page keeps the rows of its last good reading, and so does one
    whose rows the database refuses.
    """
    counts: dict[str, int] = defaultdict(int)
    ready = [_prepare(item, run_id) for item in batch if isinstance(item, Reading)]
    with writing(engine).begin() as connection:
        lock_dataset(connection)
        # A page may have been taken down while it was being read.
        gone = taken(connection, [one.reading.page_url or "" for one in ready])
        ready = [one for one in ready if one.reading.page_url not in gone]
        failed = _store(connection, ready, counts)
        for item in batch:
            if isinstance(item, Unread):
                counts["failed"] += 1
                mark_read(connection, [(item.url, item.page_digest, item.reason)], version=item.version)
            elif item.page_url and item.page_digest:
                error = failed.get(id(item))
                mark_read(connection, [(item.page_url, item.page_digest, error)], version=item.version)
    return StoreSummary.model_validate(counts)


def count_rows(engine: Engine, tables: Iterable[Table] = READ) -> dict[str, int]:
    """How many rows each of `tables` holds."""
    with engine.connect() as connection:
        return {table.name: _count(connection, table) for table in tables}


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _prepare(reading: Reading, run_id: str) -> _Prepared:
    row = article_row(reading.report)
    row |= {
        "lead": reading.lead,
        "byline": reading.byline,
        "modified_at": reading.modified_at,
        "extractor_version": reading.version,
    }
    below = conference_rows(reading.report)
    digest = _digest([row, below])
    row |= {
        "page_url": reading.page_url,
        "fetched_at": reading.fetched_at,
        "run_id": run_id,
        "digest": digest,
    }
    return _Prepared(reading, row, below)


def _store(connection: Connection, ready: list[_Prepared], counts: dict[str, int]) -> dict[int, str]:
    """Store `ready` at once, or one by one where the database refuses that; why it refused which, by `id(reading)`."""
    try:
        with connection.begin_nested():
            found = _store_all(connection, ready)
    except (IntegrityError, DataError):
        failed: dict[int, str] = {}
        for one in ready:
            try:
                with connection.begin_nested():
                    _add(counts, _store_all(connection, [one]))
            except (IntegrityError, DataError) as error:
                counts["failed"] += 1
                failed[id(one.reading)] = f"the database refuses it: {error.orig}"[:500]
        return failed
    _add(counts, found)
    return {}


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        counts[name] += count


def _store_all(connection: Connection, ready: list[_Prepared]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    newest: dict[str, _Prepared] = {}
    for one in ready:
        if one.id not in newest or newest[one.id].age <= one.age:
            newest[one.id] = one
    known = _known(connection, newest)
    changed = []
    for one in newest.values():
        old = known.get(one.id)
        older = old is not None and _Prepared(one.reading, old, {}).age > one.age
        if old is not None and (older or old["digest"] == one.article["digest"]):
            counts["unchanged"] += 1
            if not older:  # the same words, seen again later
                again = {name: one.article[name] for name in ("fetched_at", "page_url")}
                connection.execute(update(articles).where(articles.c.id == one.id).values(again))
            continue
        counts["new" if old is None else "changed"] += 1
        changed.append(one)
    counts["unchanged"] += len(ready) - len(newest)
    delete_below(connection, [one.id for one in changed if one.id in known])
    for one in changed:
        if one.id in known:
            connection.execute(update(articles).where(articles.c.id == one.id).values(one.article))
    if new := [one.article for one in changed if one.id not in known]:
        connection.execute(insert(articles), new)
    for table in (conferences, *_BELOW):
        if rows := [row for one in changed for row in one.below[table.name]]:
            connection.execute(insert(table), rows)
    _keep_versions(connection, ready)
    return counts


def _known(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    columns = (articles.c.id, articles.c.digest, articles.c.fetched_at, articles.c.page_url)
    known: dict[str, Row] = {}
    for chunk in chunks(list(ids)):
        rows = connection.execute(select(*columns).where(articles.c.id.in_(chunk))).mappings()
        known |= {row["id"]: dict(row) for row in rows}
    return known


def delete_below(connection: Connection, ids: list[str]) -> None:
    """Delete what hangs below articles, and what linking made of it: that is made anew when the dataset is linked."""
    for chunk in chunks(ids):
        mine = select(conferences.c.id).where(conferences.c.article_id.in_(chunk))
        # Cascades take the rest: outcome rows name conferences and figures.
        for table in reversed(_BELOW):
            connection.execute(delete(table).where(table.c.conference_id.in_(mine)))
        connection.execute(delete(conferences).where(conferences.c.article_id.in_(chunk)))


def _keep_versions(connection: Connection, ready: list[_Prepared]) -> None:
    """Note each wording with the times it was fetched; a wording already there gets the new times."""
    wordings: dict[str, tuple[Row, set[str]]] = {}
    for one in ready:
        said = {name: one.article[name] for name in _SAID}
        identity = f"{one.id}-{_digest(said)[:12]}"
        _, seen = wordings.setdefault(identity, ({"id": identity, "article_id": one.id, **said}, set()))
        seen |= {one.article["fetched_at"]} - {None}
    known: dict[str, set[str]] = {}
    for chunk in chunks(list(wordings)):
        query = select(article_versions.c.id, article_versions.c.seen).where(article_versions.c.id.in_(chunk))
        known |= {identity: set(json.loads(seen)) for identity, seen in connection.execute(query)}
    new = []
    for identity, (row, seen) in wordings.items():
        times = json.dumps(sorted(seen | known.get(identity, set())))
        if identity not in known:
            new.append({**row, "seen": times})
        elif seen - known[identity]:
            mine = article_versions.c.id == identity
            connection.execute(update(article_versions).where(mine).values(seen=times))
    if new:
        connection.execute(insert(article_versions), new)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
