"""One answer of a person, as a sheet or a page brings it."""

from __future__ import annotations

from dataclasses import dataclass

ON_RECORDS = ("accept", "correct", "reject")
ON_LINKS = ("link", "apart")
UNDO = "undo"


class AnswerError(ValueError):
    """Answers that cannot be taken; the message says which row and why."""


@dataclass(frozen=True)
class Answer:
    """One row of a sheet. `where` names it in messages: `tra-loi.csv, row 7`.

    On a record: `table` and `record`, `answer` one of `accept`, `correct` (`field` and `new_value`), `reject`. On a link:
    `kind` and the two ids `record` and `other`, `answer` `link` or `apart`. On either `undo` takes back what was decided.
    `value` is what the sheet showed, None where it showed none; `by` and `when` are whose decision it was first, where
    decisions are brought from another database.
    """

    where: str
    answer: str
    kind: str
    table: str
    record: str
    other: str | None = None
    field: str | None = None
    value: str | None = None
    new_value: str | None = None
    note: str | None = None
    by: str | None = None
    when: str | None = None


@dataclass(frozen=True)
class Taken:
    """How many decisions were new, and how many had been taken before."""

    new: int
    known: int
