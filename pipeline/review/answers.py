"""What a person says of a record or a link, checked and kept: the one way in for sheets and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from pipeline.dataset.schema import decisions
from pipeline.review.answer import UNDO, Answer, AnswerError, Taken
from pipeline.review.desk import Desk

__all__ = ["Answer", "AnswerError", "Taken", "decide"]


def decide(connection: Connection, answers: Sequence[Answer], *, by: str, now: datetime) -> Taken:
    """Keep `answers` as decisions of `by`, all or none, in the caller's transaction.

    Raises `AnswerError` with a line for each answer that cannot be taken. Link the dataset afterwards.
    """
    problems: list[str] = []
    rows: list[dict[str, Any]] = []
    undone: list[str] = []
    desk = Desk(connection)
    for answer in answers:
        try:
            if answer.answer == UNDO:
                undone += desk.undo(answer)
            else:
                rows.append(desk.row(answer, by, now))
        except AnswerError as error:
            problems.append(f"{answer.where}: {error}")
    if problems:
        raise AnswerError("\n".join(problems))
    new = [row for row in rows if not desk.in_force(row)]
    new = list({row["id"]: row for row in new}.values())
    if new:
        connection.execute(insert(decisions), new)
    undone = list(dict.fromkeys(undone))
    for identity in undone:
        mine = decisions.c.id == identity
        connection.execute(update(decisions).where(mine).values(undone_at=now.isoformat(), undone_by=by))
    return Taken(len(new) + len(undone), len(rows) - len(new))
