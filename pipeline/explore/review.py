"""The review queue in the browser: what to look at, and answers by the same way in as a sheet's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from itertools import islice
from typing import Any

from pipeline.crawl.site import utc_now
from pipeline.dataset.corrected import CORRECTED
from pipeline.dataset.database import database, snapshot
from pipeline.dataset.schema.linking import REVIEW_KINDS
from pipeline.explore.rows import Row, clean, rows, web_address
from pipeline.review.answers import Answer, AnswerError, Taken
from pipeline.review.sheet import sheet_rows
from pipeline.settings import Settings
from pipeline.stages import release_dataset, take_answers

PAGE = 25
FIELDS: dict[str, tuple[str, ...]] = {
    "figures": ("indicator", "value", "unit", "status", "modifier", "subject", "attainment_pct", "share_pct"),
    "awards": ("form", "count", "recipient_type"),
    "conferences": ("kind", "name", "host_canonical", "date_start", "date_end", "place_text"),
    "people": ("name", "position", "unit", "role"),
    "unit_mentions": ("canonical", "type", "level", "role"),
}
"""Fields that the page offers to correct; a sheet knows all."""

_READ = """
SELECT i.priority, i.kind, i.question, i.sentence, i.record_table AS "table", i.record_id AS record, i.other_id AS other,
       i.field, i.value, a.title, a.url
FROM review_items i LEFT JOIN articles a ON a.id = i.article_id WHERE :kind = '' OR i.kind = :kind
ORDER BY i.priority DESC, i.id LIMIT :limit OFFSET :skip
"""
_KINDS = "SELECT kind, count(*) AS n FROM review_items GROUP BY 1 ORDER BY max(priority) DESC, 1"


def kinds(connection: sqlite3.Connection) -> list[Row]:
    """What there is to look at in the release, by kind."""
    return rows(connection, _KINDS)


def read_only(connection: sqlite3.Connection, kind: str, page: int) -> list[Row]:
    """A page of the release's items, the least certain first."""
    return rows(connection, _READ, {"kind": kind, "limit": PAGE + 1, "skip": PAGE * (page - 1)})


def to_answer(settings: Settings, kind: str, page: int) -> list[Row]:
    """A page of what is to be answered now, as a sheet has it: what is decided already is no longer there."""
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:
        wanted = (row for row in sheet_rows(connection, "items") if not kind or asks(row) == kind)
        found = islice(wanted, PAGE * (page - 1), PAGE * page + 1)
        return [
            {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}
            for row in found
        ]


def dressed(connection: sqlite3.Connection, found: list[Row]) -> list[Row]:
    """Items with the conference they belong to, the fields to correct, and the codes that a field takes."""
    of_record = {row["record"]: conference_of(row["record"]) for row in found if row["record"]}
    told = rows(
        connection,
        "SELECT conference_id, outcome_id FROM outcome_reports WHERE conference_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(sorted(set(of_record.values())))},
    )
    outcomes = {row["conference_id"]: row["outcome_id"] for row in told}
    for row in found:
        row["asks"] = asks(row)
        row["outcome"] = outcomes.get(of_record.get(row["record"], ""))
        row["link"] = web_address(row["url"])
        row["fields"] = FIELDS.get(row["table"], ())
        row["lost"] = row["asks"] == "lost_decision"
        row["two"] = row["table"] == "links" or row["kind"] == "unsure_link"
        row["said"] = f"{row['table']}.{row['field']}" if row["field"] else ""
    return found


def asks(row: Mapping[str, Any]) -> str:
    """What kind of question a sheet's row is: there one about a link bears the link's kind."""
    if row["kind"] in REVIEW_KINDS:
        return str(row["kind"])
    return (
        "claim_contradicted"
        if row["kind"] == "target_result" and row["value"] is not None
        else "lost_decision"
    )


def conference_of(record: str) -> str:
    """The conference that a record belongs to, by its id.

    >>> conference_of("001443f8982dfe71-1-f002"), conference_of("v-001443f8982dfe71-1-f002")
    ('001443f8982dfe71-1', '001443f8982dfe71-1')
    """
    parts = record.split("-")
    parts = parts[next((at for at, part in enumerate(parts) if len(part) == 16), 0) :]
    return "-".join(parts[:2])


def vocabularies() -> dict[str, str]:
    """`table.field` → the vocabulary of its codes, of those fields that the page offers and that take codes."""
    tables = {table.name: table for table in CORRECTED}
    return {
        f"{table}.{name}": str(tables[table].c[name].info["vocabulary"])
        for table, names in FIELDS.items()
        for name in names
        if "codes" in tables[table].c[name].info
    }


def take(settings: Settings, form: Mapping[str, str], by: str) -> Taken:
    """Keep the answer that a form brings. Raises `AnswerError`."""
    told: dict[str, Any] = {name: (form.get(name) or "").strip() or None for name in _FORM}
    kind = "same_conference" if told["kind"] == "unsure_link" else told["kind"] or ""
    answer = Answer(
        where="this answer",
        answer=told["answer"] or "",
        kind=kind,
        table=told["table"] or "",
        record=told["record"] or "",
        other=told["other"],
        field=told["field"],
        # What the page showed is of the field it asked about, not of another that is corrected instead.
        value=(form.get("value") or "") if told["field"] == told["asked"] else None,
        new_value=told["new_value"],
        note=told["note"],
    )
    return take_answers(settings, [answer], by=by, now=utc_now())[0]


_FORM = ("answer", "kind", "table", "record", "other", "field", "asked", "new_value", "note")


def release_now(settings: Settings) -> str:
    """Make a release of what is decided, of today, and return its name. Raises `ValueError` or `OSError` where it fails."""
    return release_dataset(settings, utc_now())[1].name


__all__ = [
    "AnswerError",
    "conference_of",
    "dressed",
    "kinds",
    "read_only",
    "release_now",
    "take",
    "to_answer",
]
