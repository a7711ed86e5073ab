"""What a run brought that was not there before: new outcomes, new things to review."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import Engine, Table, select

from pipeline.dataset.schema import outcomes, review_items
from pipeline.summary import Summary

_NAMED = 20  # of the new outcomes; the table has them all
_MANY = 500  # ids in one query


class News(Summary):
    """How many outcomes and review items are new or gone, and the newest outcomes by name, at most twenty."""

    outcomes: int = 0
    outcomes_gone: int = 0
    review_items: int = 0
    review_items_gone: int = 0
    newest: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """The ids of outcomes and review items at one moment."""

    outcomes: frozenset[str]
    review_items: frozenset[str]


def known(engine: Engine) -> Known:
    """What the dataset holds now."""
    return Known(_ids(engine, outcomes), _ids(engine, review_items))


def news_since(engine: Engine, before: Known) -> News:
    """What is new since `before`. An id stays as long as the first report of a conference does."""
    now = known(engine)
    new = sorted(now.outcomes - before.outcomes)
    return News(
        outcomes=len(new),
        outcomes_gone=len(before.outcomes - now.outcomes),
        review_items=len(now.review_items - before.review_items),
        review_items_gone=len(before.review_items - now.review_items),
        newest=_named(engine, new),
    )


def _ids(engine: Engine, table: Table) -> frozenset[str]:
    with engine.connect() as connection:
        return frozenset(connection.execute(select(table.c.id)).scalars())


def _named(engine: Engine, ids: list[str]) -> list[str]:
    """`2025-01-12 Liên đoàn Lao động huyện Mang Thít, year_review`, the newest first."""
    o = outcomes.c
    found: list[tuple[str, str]] = []
    with engine.connect() as connection:
        for start in range(0, len(ids), _MANY):
            query = select(o.date_start, o.host, o.name, o.kind).where(o.id.in_(ids[start : start + _MANY]))
            for day, host, name, kind in connection.execute(query):
                found.append((day or "", f"{day or 'no date'} {host or name or 'unknown host'}, {kind}"))
            found = sorted(found, reverse=True)[:_NAMED]
    return [told for _, told in found]
