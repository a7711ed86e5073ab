"""Rows of the layer of mentions become tellings: each conference with its host's unit, its numbers and awards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pipeline.dataset.link.names import normal_form
from pipeline.dataset.link.told import Told, Value

Row = Mapping[str, Any]


def tellings(
    conferences: Iterable[Row],
    articles: Mapping[str, Row],
    figures: Iterable[Row],
    awards: Iterable[Row],
    *,
    hosts: Mapping[str, str],
    originals: Mapping[str, str],
    unsure: Collection[str] = (),
) -> list[Told]:
    """One telling a row of `conferences`, the earliest first.

    `articles` by id; `hosts` are conference id → unit id where the host is known, `unsure` units that nothing places,
    `originals` copy → original.
    """
    numbers: dict[str, set[Value]] = defaultdict(set)
    for row in figures:
        numbers[row["conference_id"]].add(Value(row["value"], row["unit"], row["modifier"]))
    given: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for row in awards:
        if row["count"] is not None:
            given[row["conference_id"]].add((row["form"], row["recipient_type"], row["count"]))
    found = []
    for row in conferences:
        article = articles[row["article_id"]]
        host = hosts.get(row["id"])
        period = (row["review_period_start"], row["review_period_end"])
        found.append(
            Told(
                id=row["id"],
                article=row["article_id"],
                text=originals.get(row["article_id"], row["article_id"]),
                ordinal=row["ordinal"],
                kind=row["kind"],
                published=article["published_at"],
                host=host,
                host_name=normal_form(row["host_canonical"]) if host else None,
                host_sure=host not in unsure,
                start=row["date_start"],
                end=row["date_end"],
                precision=row["date_precision"],
                basis=row["date_basis"],
                session=row["date_session"],
                place=row["place_text"],
                period=period if all(period) else None,
                values=frozenset(numbers[row["id"]]),
                awards=frozenset(given[row["id"]]),
            )
        )
    return sorted(found, key=lambda one: one.order)
