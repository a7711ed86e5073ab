"""What a run brought that was not there before: new outcomes, new things to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlalchemy import Connection, Engine, Row, Table, select

from pipeline.dataset.schema import outcome_reports, outcomes, review_items
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


def lines_on(connection: Connection, articles: Sequence[str]) -> set[str]:
    """How news name the outcomes that `articles` alone report."""
    o, r = outcomes.c, outcome_reports.c
    others = select(r.outcome_id).where(r.article_id.not_in(articles))
    mine = select(r.outcome_id).where(r.article_id.in_(articles))
    query = select(o.date_start, o.host, o.name, o.kind).where(o.id.in_(mine), o.id.not_in(others))
    return {_line(row) for row in connection.execute(query)}


def _line(row: Row[Any]) -> str:
    return f"{row.date_start or 'no date'} {row.host or row.name or 'unknown host'}, {row.kind}"


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
            found += [(row.date_start or "", _line(row)) for row in connection.execute(query)]
            found = sorted(found, reverse=True)[:_NAMED]
    return [told for _, told in found]
