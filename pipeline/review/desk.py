"""Answers held against the dataset: what each would be as a decision, and why one cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from pipeline.dataset.corrected import CORRECTED, corrected, parse_value
from pipeline.dataset.decisions import about, anchor, decision_id
from pipeline.dataset.schema import articles, conferences, decisions, outcome_values, units
from pipeline.dataset.schema.linking import LINK_KINDS
from pipeline.review.answer import ON_LINKS, ON_RECORDS, UNDO, Answer, AnswerError

# Ids, places in the text and the words there: a correction says what they should have been read as.
_FIXED = re.compile(
    r"ordinal|(?:.+_)?id|.+_number|(?:host|(?:date_|place_)?evidence)_(?:start|end|text|rule)|sentence_(?:start|end)"
)
_TABLES = {table.name: table for table in CORRECTED}


class Desk:
    """The dataset as answers are held against it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = [dict(row) for row in connection.execute(select(decisions)).mappings()]
        self._undone = {row["id"] for row in rows if row["undone_at"]}
        self._decisions = [row for row in rows if not row["undone_at"]]
        human = (row for row in self._decisions if row["human"])
        self._latest = {
            about(row): row for row in sorted(human, key=lambda row: (row["decided_at"], row["id"]))
        }
        self._tables: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._known: dict[str, set[str]] = {}
        self._after: dict[str, str] = {}

    def in_force(self, row: Mapping[str, Any]) -> bool:
        """Whether the last decision on the same thing says the same already."""
        old = self._latest.get(about(row))
        return old is not None and all(
            old[name] == row[name] for name in ("verdict", "kind", "field", "value")
        )

    def undo(self, answer: Answer) -> list[str]:
        """The ids of what is decided on a record or a link, which is to be taken back."""
        if answer.table in _TABLES:
            names = {"correction": [answer.field or ""], "rejection": ["record"], "acceptance": ["record"]}
            mine = [
                (answer.record, answer.table, name)
                for name in names.get(answer.kind, [answer.field or "", "record"])
            ]
        else:
            ends = (answer.record, answer.other or "")
            mine = [(*pair, answer.kind) for pair in (ends, ends[::-1])]
        found = {self._latest[key]["id"] for key in mine if key in self._latest}
        if not found:
            raise AnswerError(f"{answer.record}: nothing is decided on it that could be undone")
        # Earlier decisions on it would be in force again otherwise.
        return [row["id"] for row in self._decisions if row["human"] and about(row) in mine]

    def row(self, answer: Answer, by: str, now: datetime) -> dict[str, Any]:
        """The decision's row."""
        if answer.answer in ON_RECORDS:
            told = self._on_record(answer)
        elif answer.answer in ON_LINKS:
            told = self._on_link(answer)
        else:
            known = ", ".join((*ON_RECORDS, *ON_LINKS, UNDO))
            raise AnswerError(f"answer {answer.answer!r}: write one of {known}, or leave it empty")
        whose, when = answer.by or by, _time(answer.when) or now.isoformat()
        on = (told["kind"], told["left_id"], told["right_id"], told.get("field"), told.get("value"), whose)
        if (identity := decision_id(*on, when, human=True)) in self._undone:
            when = now.isoformat()  # decided anew
            identity = decision_id(*on, when, human=True)
        made = {"id": identity, "score": 1.0, "human": True, "decided_by": whose, "decided_at": when}
        empty = dict.fromkeys(("field", "value", "value_before", "anchor", "undone_at", "undone_by"))
        return {**empty, "reason": answer.note, **made, **told}

    def _on_record(self, answer: Answer) -> dict[str, Any]:
        table = _TABLES.get(answer.table)
        if table is None:
            raise AnswerError(
                f"table {answer.table!r}: records are in {', '.join(_TABLES)}; on links say link or apart"
            )
        record = self._rows(table).get(answer.record)
        if record is None:
            raise AnswerError(f"{answer.table} has no {answer.record}: export again, it was read anew since")
        ends = {
            "left_id": answer.record,
            "right_id": answer.table,
            "verdict": "value",
            "anchor": anchor(answer.table, self._article(record), self._as_read(table, answer.record)),
        }
        if answer.answer != "correct":
            return {"kind": "rejection" if answer.answer == "reject" else "acceptance", **ends}
        name = answer.field or ""
        if name not in (can := [column.name for column in table.c if not _FIXED.fullmatch(column.name)]):
            raise AnswerError(f"field {name!r} of {answer.table} cannot be corrected: {', '.join(can)}")
        try:
            parse_value(table.c[name], answer.new_value)
        except ValueError as error:
            raise AnswerError(f"new_value of {name}: {error}") from None
        before = as_text(record[name])
        stale = answer.value is not None and answer.value != (before or "") and answer.new_value != before
        if stale and answer.field == name:
            raise AnswerError(
                f"{answer.record}: {name} is {before!r} now, the sheet says {answer.value!r}: export again"
            )
        return {
            "kind": "correction",
            **ends,
            "field": name,
            "value": answer.new_value,
            "value_before": before,
        }

    def _on_link(self, answer: Answer) -> dict[str, Any]:
        if answer.kind not in LINK_KINDS:
            raise AnswerError(f"kind {answer.kind!r}: links are {', '.join(LINK_KINDS)}")
        left, right = answer.record, answer.new_value or answer.other
        if not right:
            raise AnswerError("a link is between two records: name the second in `other`")
        if answer.kind == "same_conference":
            left, right = sorted((left, right))
        for table, name in _ends(answer.kind, left, right):
            # A unit may have gone by what was decided on the two before.
            if name not in self._ids(table) and (left, right, answer.kind) not in self._latest:
                raise AnswerError(f"{table.name} has no {name}: export again")
        if left == right:
            raise AnswerError("a record cannot be linked to itself")
        if answer.kind == "succession":
            self._follow(left, right, together=answer.answer == "link")
        pair = (answer.kind, left, right)
        before = [
            row["verdict"]
            for row in self._decisions
            if (row["kind"], row["left_id"], row["right_id"]) == pair
        ]
        verdict = "linked" if answer.answer == "link" else "apart"
        return {
            "kind": answer.kind,
            "left_id": left,
            "right_id": right,
            "verdict": verdict,
            "value_before": before[0] if before else "apart",
        }

    def _follow(self, left: str, right: str, *, together: bool) -> None:
        """Note that one unit follows another, or that it does not."""
        if not self._after:
            query = select(units.c.id, units.c.successor_id).where(units.c.successor_id.is_not(None))
            self._after = dict(self._connection.execute(query).tuples().all())
        if not together:
            if self._after.get(left) == right:
                del self._after[left]
            return
        chain = [right]
        while (then := self._after.get(chain[-1])) is not None:
            chain.append(then)
        if left in chain:
            raise AnswerError(f"{left} and {right} would follow each other in a ring")
        self._after[left] = right

    def _rows(self, table: Table) -> dict[str, Mapping[str, Any]]:
        if table.name not in self._tables:
            view = corrected(self._connection)
            self._tables[table.name] = {row["id"]: row for row in view.rows(table, rejected=True)}
        return self._tables[table.name]

    def _as_read(self, table: Table, record: str) -> Mapping[str, Any]:
        """A record before any correction: it is found again by what was read."""
        return dict(self._connection.execute(select(table).where(table.c.id == record)).mappings().one())

    def _ids(self, table: Table) -> set[str]:
        if table.name not in self._known:
            self._known[table.name] = set(self._connection.execute(select(table.c.id)).scalars())
        return self._known[table.name]

    def _article(self, record: Mapping[str, Any]) -> str:
        if "article_id" in record:
            return str(record["article_id"])
        return str(self._rows(conferences)[record["conference_id"]]["article_id"])


def _time(when: str | None) -> str | None:
    try:
        return when and datetime.fromisoformat(when).isoformat()
    except ValueError:
        raise AnswerError(f"when {when!r}: write a time like 2025-01-14T09:00:00+07:00, or nothing") from None


def as_text(value: Any) -> str | None:
    """A value as a sheet shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _ends(kind: str, left: str, right: str) -> Iterable[tuple[Table, str]]:
    tables: dict[str, tuple[Table | None, Table]] = {
        "same_unit": (None, units),
        "succession": (units, units),
        "reprint": (articles, articles),
        "same_conference": (conferences, conferences),
        "target_result": (outcome_values, outcome_values),
    }
    first, second = tables[kind]
    return [(table, name) for table, name in ((first, left), (second, right)) if table is not None]
