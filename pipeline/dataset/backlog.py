"""What is still to be done: pages found and not fetched, due again, archived and unread, and what is to be reviewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from pipeline.dataset.schema import pages, review_items


@dataclass(frozen=True)
class Waiting:
    """Articles of one source by what they wait for.

    `found` have never been asked for, `due` have been and are to be asked for again by now, `unread` are archived and
    not read by the reader as it is now.
    """

    found: int = 0
    due: int = 0
    unread: int = 0


def waiting(connection: Connection, version: Callable[[str], str], now: str) -> dict[str, Waiting]:
    """By source, those that the table of pages knows; `version` gives the reader's version for a source's name."""
    p = pages.c
    bare = and_(p.digest.is_(None), p.alias_of.is_(None))
    found = and_(bare, p.outcome.is_(None))
    again = and_(p.next_try <= now, p.outcome.is_not(None), or_(bare, p.digest.is_not(None)))
    query = (
        select(p.source, func.count().filter(found), func.count().filter(again), func.count(p.digest))
        .where(p.kind == "article")
        .group_by(p.source)
    )
    by_version = (
        select(p.source, p.read_version, func.count())
        .where(p.kind == "article", p.digest.is_not(None), p.read_digest == p.digest)
        .group_by(p.source, p.read_version)
    )
    read: Counter[tuple[str, str | None]] = Counter()
    for source, read_by, count in connection.execute(by_version):
        read[source, read_by] = count
    return {
        source: Waiting(found=new, due=due, unread=archived - read[source, version(source)])
        for source, new, due, archived in connection.execute(query)
    }


def to_review(connection: Connection) -> int:
    """How many items a person should look at."""
    return connection.execute(select(func.count()).select_from(review_items)).scalar_one()
