"""What a release consists of: tables, their fields and keys, as every format writes and describes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
from sqlalchemy import Boolean, Column, Float, Integer, Table

from pipeline.dataset.schema import RELEASED, figures, units

FieldType = Literal["string", "integer", "number", "boolean", "list", "integers"]

_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "list": pa.list_(pa.string()),
    "integers": pa.list_(pa.int64()),
}


@dataclass(frozen=True)
class ReleasedField:
    """One field: its type, whether it may be empty, the codes it takes, and the `(table, field)` that it refers to."""

    name: str
    type: FieldType
    required: bool = False
    codes: tuple[str, ...] = ()
    vocabulary: str = ""
    refers: tuple[str, str] | None = None
    date: bool = False

    @property
    def arrow(self) -> pa.Field:
        """The field of an Arrow schema."""
        return pa.field(self.name, _ARROW[self.type], nullable=not self.required)

    def unpack_all(self, values: list[Any]) -> list[Any]:
        """Values of the database as Python's own: JSON texts as lists, all else as it is."""
        if self.type not in {"list", "integers"}:
            return values
        return [None if value is None else json.loads(value) for value in values]


@dataclass(frozen=True)
class ReleasedTable:
    """One table; `key` are the fields that tell its rows apart, in the order of the rows."""

    name: str
    fields: tuple[ReleasedField, ...]
    key: tuple[str, ...] = ("id",)

    @property
    def names(self) -> list[str]:
        """Field names in order."""
        return [field.name for field in self.fields]

    @property
    def arrow(self) -> pa.Schema:
        """The table's Arrow schema."""
        return pa.schema([field.arrow for field in self.fields])


def released_columns(table: Table) -> list[Column[Any]]:
    """Columns that a release has: not those that differ between two runs over the same pages, unless marked so."""
    return [c for c in table.columns if not c.info.get("run_specific") or c.info.get("released")]


def released_table(table: Table) -> ReleasedTable:
    """A table of the database as a release has it."""
    return ReleasedTable(table.name, tuple(_field(column) for column in released_columns(table)))


def _field(column: Column[Any]) -> ReleasedField:
    refers = next(((key.column.table.name, key.column.name) for key in column.foreign_keys), None)
    return ReleasedField(
        name=column.name,
        type=_type(column),
        required=not column.nullable,
        codes=column.info.get("codes", ()),
        vocabulary=column.info.get("vocabulary", ""),
        refers=refers,
        date=bool(column.info.get("date")),
    )


def _type(column: Column[Any]) -> FieldType:
    if column.info.get("json"):
        return "integers" if column.info.get("items") == "integer" else "list"
    if isinstance(column.type, Boolean):
        return "boolean"
    if isinstance(column.type, Integer):
        return "integer"
    return "number" if isinstance(column.type, Float) else "string"


PANEL = ReleasedTable(
    "panel",
    (
        ReleasedField("unit_id", "string", required=True, refers=("units", "id")),
        ReleasedField("history_id", "string", required=True, refers=("units", "id")),
        ReleasedField("unit_name", "string", required=True),
        ReleasedField("level", "string", codes=units.c.level.info["codes"], vocabulary="unit_level"),
        ReleasedField("province_code", "string"),
        ReleasedField("year", "integer", required=True),
        ReleasedField(
            "indicator",
            "string",
            required=True,
            codes=figures.c.indicator.info["codes"],
            vocabulary="indicator",
        ),
        ReleasedField(
            "unit", "string", required=True, codes=figures.c.unit.info["codes"], vocabulary="unit_code"
        ),
        ReleasedField("achieved", "string"),
        ReleasedField("achieved_number", "number"),
        ReleasedField("target", "string"),
        ReleasedField("target_number", "number"),
        ReleasedField("attainment_pct", "number"),
        ReleasedField("claimed_pct", "number"),
        ReleasedField("achieved_value_id", "string", refers=("outcome_values", "id")),
        ReleasedField("target_value_id", "string", refers=("outcome_values", "id")),
        ReleasedField("outcomes", "list", required=True),
        ReleasedField("sources", "integer", required=True),
        ReleasedField("status_note", "string"),
    ),
    key=("unit_id", "year", "indicator", "unit"),
)
"""The wide table for analysts: a unit's year and indicator a row, target beside result."""

TABLES: tuple[ReleasedTable, ...] = (*(released_table(table) for table in RELEASED), PANEL)
"""All tables of a release, parents before children."""
