"""What linking found, into the tables: old links out, new ones in, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from pipeline.dataset.schema import LINKED, conferences, decisions, figures, unit_mentions, units

Row = dict[str, Any]

_AT_ONCE = 5000  # rows
_UNIT_COLUMNS = {
    "conferences": conferences.c.host_unit_id,
    "unit_mentions": unit_mentions.c.unit_id,
    "figures": figures.c.subject_unit_id,
}


def write(
    connection: Connection,
    registry: list[Row],
    rows: Mapping[str, list[Row]],
    columns: Mapping[str, Mapping[str, str | None]],
) -> None:
    """Replace what was linked before: `registry` are rows of `units`, the last of each chain first, `rows` by table.

    `columns` are, by table, record id → unit id. A person's decisions stay.
    """
    for table in reversed(LINKED):
        gone = delete(table)
        connection.execute(gone.where(decisions.c.human.is_(False)) if table is decisions else gone)
    _write_units(connection, registry)
    for name, assigned in columns.items():
        _assign(connection, _UNIT_COLUMNS[name], assigned)
    _drop_units(connection, {row["id"] for row in registry})
    for table in LINKED:
        _insert(connection, table, rows.get(table.name, []))


def _write_units(connection: Connection, registry: list[Row]) -> None:
    there = {row["id"]: dict(row) for row in connection.execute(select(units)).mappings()}
    # One after the other: a unit names its successor and the last of its chain.
    for row in registry:
        if row["id"] not in there:
            connection.execute(insert(units), row)
    for row in registry:
        if row["id"] in there and there[row["id"]] != row:
            connection.execute(update(units).where(units.c.id == row["id"]).values(row))


def _assign(connection: Connection, column: Any, assigned: Mapping[str, str | None]) -> None:
    table: Table = column.table
    there = dict(connection.execute(select(table.c.id, column)).tuples().all())
    changed = [
        {"row_id": name, "its_unit": assigned.get(name)}
        for name, unit in there.items()
        if unit != assigned.get(name)
    ]
    if changed:
        change = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values({column.name: bindparam("its_unit")})
        )
        connection.execute(change, changed)


def _drop_units(connection: Connection, kept: set[str]) -> None:
    there = connection.execute(select(units.c.id)).scalars().all()
    gone = [name for name in there if name not in kept]
    for name in gone:
        connection.execute(update(units).where(units.c.id == name).values(successor_id=None, history_id=name))
    for name in gone:
        connection.execute(delete(units).where(units.c.id == name))


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    columns = {column.name: None for column in table.columns}
    # What is sent is copied on its way, and copied again by the driver: all at once it would weigh more than the rows.
    for start in range(0, len(rows), _AT_ONCE):
        part = [{**columns, **row} for row in rows[start : start + _AT_ONCE]]
        connection.execute(insert(table), part)
