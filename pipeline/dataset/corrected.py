"""Rows of the layer of mentions as people have corrected them; what was read stays in the database as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Integer, Table, select

from pipeline.dataset.decisions import Corrections, Decided, find_again, load_decided
from pipeline.dataset.schema import awards, checks, conferences, figures, people, unit_mentions

Row = dict[str, Any]

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

CORRECTED = (conferences, unit_mentions, people, figures, awards, checks)
"""Tables whose records a person may correct, accept or reject."""


@dataclass
class View:
    """The database's rows with the corrections in force laid over them."""

    connection: Connection
    decided: Decided
    by_table: dict[str, Corrections] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _touched: dict[str, set[int]] = field(default_factory=dict)

    def rows(self, table: Table, *, rejected: bool = False) -> Iterator[Row]:
        """All rows of `table` by id, corrected.

        Without `rejected` those that were rejected are left out, with what hangs below a rejected conference and the
        checks of figures that were corrected.
        """
        query = select(table).order_by(table.c.id).execution_options(yield_per=1000)
        result = self.connection.execute(query)
        mine = self.by_table.get(table.name, Corrections())
        for mapping in result.mappings():
            row = dict(mapping)
            gone = row["id"] in mine.rejected or row.get("conference_id") in self._gone
            if not rejected and (gone or (table is checks and self._stale(row))):
                continue
            for name, value in mine.changed.get(row["id"], {}).items():
                set_value(table, row, name, value)
            yield row

    def _stale(self, check: Row) -> bool:
        """Whether a check stands on a figure that a person has changed: then it says nothing any more."""
        touched = self._touched.get(check["conference_id"], set())
        return not touched.isdisjoint(json.loads(check["figures"]))

    @property
    def lost(self) -> list[Any]:
        """Decisions whose record is no longer there."""
        return [row for one in self.by_table.values() for row in one.lost]


def corrected(connection: Connection, decided: Decided | None = None) -> View:
    """The database as people have corrected it."""
    view = View(connection, decided or load_decided(connection))
    for table in CORRECTED:
        if any(name == table.name for name, _ in view.decided.values):
            view.by_table[table.name] = find_again(
                view.decided, table.name, _with_articles(connection, table)
            )
    view._gone = view.by_table.get("conferences", Corrections()).rejected
    mine = view.by_table.get("figures", Corrections())
    changed = {*mine.changed, *mine.rejected}
    if changed:
        query = select(figures.c.id, figures.c.conference_id, figures.c.ordinal)
        for identity, conference, ordinal in connection.execute(query):
            if identity in changed:
                view._touched.setdefault(conference, set()).add(ordinal)
    return view


def _with_articles(connection: Connection, table: Table) -> Iterator[tuple[str, Row]]:
    """Rows of `table` in the articles that decisions name, each with its article's id."""
    query = select(table)
    if table is conferences:
        pairs = query.order_by(table.c.id)
        for row in connection.execute(pairs).mappings():
            yield row["article_id"], dict(row)
        return
    joined = select(table, conferences.c.article_id.label("_article")).join(
        conferences, conferences.c.id == table.c.conference_id
    )
    for row in connection.execute(joined.order_by(table.c.id)).mappings():
        yield row["_article"], dict(row)


def set_value(table: Table, row: Row, name: str, value: str | None) -> None:
    """Put a value given as text into a column of `row`, with the float beside a decimal number."""
    row[name] = parse_value(table.c[name], value)
    if f"{name}_number" in table.c:
        row[f"{name}_number"] = None if value is None else float(Decimal(value))


def parse_value(column: Column[Any], value: str | None) -> Any:
    """A value as `column` holds it. Raises `ValueError` saying what the column takes."""
    if value is None:
        if not column.nullable:
            raise ValueError("must not be empty")
        return None
    if column.info.get("json"):
        return _parse_list(column, value)
    codes = column.info.get("codes")
    if codes and value not in codes:
        raise ValueError(f"{value!r} is none of {', '.join(codes)}")
    if column.info.get("date"):
        return _parse_day(value)
    if isinstance(column.type, Boolean):
        if value not in {"true", "false"}:
            raise ValueError(f"{value!r} is neither true nor false")
        return value == "true"
    if isinstance(column.type, Integer):
        if not _WHOLE.fullmatch(value):
            raise ValueError(f"{value!r} is no whole number of at most 18 digits")
        return int(value)
    if isinstance(column.type, Float):
        number = float(_parse_decimal(value))
        if column.info.get("share") and not 0 <= number <= 1:
            raise ValueError(f"{value!r} is not from 0 to 1")
        return number
    if column.table is not None and f"{column.name}_number" in column.table.c:
        return format(_parse_decimal(value), "f")
    return value


def _parse_decimal(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise ValueError(f"{value!r} is no number: write digits, with a point before decimals")
    return Decimal(value)


def _parse_day(value: str) -> str:
    try:
        if _DAY.fullmatch(value) and date.fromisoformat(value):
            return value
    except ValueError:  # 2025-02-30
        pass
    raise ValueError(f"{value!r} is no day: write it as 2025-01-12")


def _parse_list(column: Column[Any], value: str) -> str:
    kind, told = (int, "whole numbers") if column.info.get("items") == "integer" else (str, "texts")
    try:
        found = json.loads(value)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, list) or any(type(one) is not kind for one in found):
        raise ValueError(f"{value!r} is no JSON list of {told}")
    return value
