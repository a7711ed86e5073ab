"""What a reviewer does, in a call each, and what is looked at afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, select

from pipeline.dataset.corrected import corrected
from pipeline.dataset.database import writing
from pipeline.dataset.link import link
from pipeline.dataset.schema import decisions, figures
from pipeline.review.answers import Answer, Taken, decide

NOW = datetime(2025, 2, 13, 9, 0, tzinfo=UTC)
WHO = "Lê Thị Sen"


def answer(
    answered: str, record: str, table: str = "figures", *, where: str = "tờ.csv, row 2", **more: Any
) -> Answer:
    """One row of a sheet about a record, or with a `kind` of link about two."""
    kind = more.pop("kind", "record")
    return Answer(where=where, answer=answered, kind=kind, table=table, record=record, **more)


def correct(record: str, field: str, new_value: str | None, table: str = "figures", **more: Any) -> Answer:
    """A correction."""
    return answer("correct", record, table, field=field, new_value=new_value, **more)


def take(engine: Engine, *answers: Answer, by: str = WHO, minutes: int = 0) -> Taken:
    """Take answers and link the dataset by them."""
    with writing(engine).begin() as connection:
        taken = decide(connection, answers, by=by, now=NOW + timedelta(minutes=minutes))
    link(engine)
    return taken


def shown(engine: Engine, table: Table) -> dict[str, dict[str, Any]]:
    """The rows of a table as people have corrected them, by id."""
    with engine.connect() as connection:
        return {row["id"]: row for row in corrected(connection).rows(table)}


def stored(engine: Engine, table: Table) -> list[Mapping[str, Any]]:
    """The rows of a table as the database has them."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def human(engine: Engine) -> list[Mapping[str, Any]]:
    """What people have decided."""
    return [row for row in stored(engine, decisions) if row["human"]]


def a_figure(engine: Engine) -> dict[str, Any]:
    """A figure that stands in no check, with a whole number."""
    return next(
        row
        for row in shown(engine, figures).values()
        if row["value"] == "705" or (row["indicator"] == "members_recruited" and row["status"] == "achieved")
    )
