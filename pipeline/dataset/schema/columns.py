"""How the tables' columns are written: kinds of columns, and the rules that the database enforces on them.

Dates and times are ISO 8601 texts, lists are JSON texts, exact decimal numbers are texts with a float beside them:
the same on SQLite and PostgreSQL, and the same bytes in a release.
"""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Integer, MetaData, Text
from sqlalchemy.dialects import postgresql

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RUN_SPECIFIC: dict[Any, Any] = {"run_specific": True}
"""`info` of a column that differs between two runs over the same pages; releases leave it out."""

SEEN: dict[Any, Any] = {"run_specific": True, "released": True, "json": True}
"""`info` of times at which the archive saw something: two crawls differ in them, two loads of one archive do not."""


def key_type() -> Text:
    """The type of ids: ordered by code point on every database, whatever its language."""
    return Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def key(name: str = "id") -> Column[Any]:
    """A table's primary key."""
    return Column(name, key_type(), primary_key=True)


def refers(
    name: str,
    target: str,
    *,
    required: bool = False,
    cascade: bool = False,
    info: dict[Any, Any] | None = None,
) -> Column[Any]:
    """An indexed foreign key to `target` (`articles.id`); with `cascade` the row goes with the one it names."""
    rule = ForeignKey(target, ondelete="CASCADE" if cascade else None)
    return Column(name, key_type(), rule, nullable=not required, index=True, info=info)


def text(name: str, *, required: bool = False) -> Column[Any]:
    """Free text."""
    return Column(name, Text, nullable=not required)


def listing(name: str, codes: Any = (), vocabulary: str | None = None, *, items: str = "text") -> Column[Any]:
    """A list, as JSON text; where its members are codes, which ones; `items` is `text` or `integer`."""
    info = {"codes": get_args(codes), "vocabulary": vocabulary or name} if codes else {}
    return Column(name, Text, nullable=False, info={"json": True, "items": items, **info})


def code(name: str, codes: Any, vocabulary: str | None = None, *, required: bool = False) -> list[Any]:
    """A column that holds one of `codes`, a `Literal` of the records or a tuple, and the check that it does.

    `vocabulary` is what the code book calls the set of codes, where that is not the column's name.
    """
    known = tuple(get_args(codes) or codes)
    listed = ", ".join(f"'{one}'" for one in known)
    info = {"codes": known, "vocabulary": vocabulary or name}
    column: Column[Any] = Column(name, Text, nullable=not required, info=info)
    return [column, CheckConstraint(f"{name} IN ({listed})", name=name)]


def day(name: str) -> list[Any]:
    """An ISO date, `2025-01-12`."""
    return [
        Column(name, Text, info={"date": True}),
        CheckConstraint(f"{name} LIKE '____-__-__'", name=name),
    ]


def share(name: str, *, required: bool = False) -> list[Any]:
    """A number from 0 to 1."""
    return [
        Column(name, Float, nullable=not required, info={"share": True}),
        CheckConstraint(f"{name} BETWEEN 0 AND 1", name=name),
    ]


def number(name: str, *, required: bool = False) -> list[Column[Any]]:
    """A decimal number as exact text, for people and programs beside it as a float."""
    return [Column(name, Text, nullable=not required), Column(f"{name}_number", Float, nullable=not required)]


def evidence(prefix: str = "evidence") -> list[Any]:
    """Half-open code-point offsets into `articles.text`, the words there, and the rule that read them."""
    return [
        Column(f"{prefix}_start", Integer),
        Column(f"{prefix}_end", Integer),
        Column(f"{prefix}_text", Text),
        Column(f"{prefix}_rule", Text),
        CheckConstraint(f"{prefix}_start >= 0 AND {prefix}_end > {prefix}_start", name=prefix),
    ]


def period(prefix: str) -> list[Any]:
    """A stretch of time as named and as two ISO dates, both inclusive."""
    return [Column(f"{prefix}_label", Text), *day(f"{prefix}_start"), *day(f"{prefix}_end")]
