"""The pages asked in process, as a browser would ask, and releases to show."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

from pipeline.explore.app import make_app
from pipeline.explore.state import SQLITE, Explorer

HOSTILE = "Ác <script>alert(1)</script> \"'><b>x</b>&amp;\x07\x1b[31m\u202e"
"""What nobody should be able to bring into a page."""
HOSTILE_SHOWN = "Ác <script>alert(1)</script> \"'><b>x</b>&amp;␇␛[31m\ufffd"
"""How a page shows it: as text, with its control characters as signs."""


class Reader:
    """Somebody who reads pages: keeps cookies, follows no redirects."""

    def __init__(self, datasette: Any, runner: asyncio.Runner) -> None:
        self._datasette, self._runner = datasette, runner
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._runner.run(self._datasette.client.get(path, headers=given, cookies=self.cookies))
        self.cookies.update(answer.cookies)
        return answer

    def post(self, path: str, form: dict[str, str], **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._runner.run(
            self._datasette.client.post(path, data=form, headers=given, cookies=self.cookies)
        )
        self.cookies.update(answer.cookies)
        return answer

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page, which must be there."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return str(answer.text)


@contextmanager
def reading(folder: Path, **more: Any) -> Iterator[Reader]:
    """A reader of the release in `folder`; `more` is what the running page knows besides."""
    with asyncio.Runner() as runner:
        datasette = make_app(Explorer(folder, **more))
        runner.run(datasette.invoke_startup())
        yield Reader(datasette, runner)
        for database in datasette.databases.values():
            database.close()
        datasette.executor.shutdown()


def ask(folder: Path, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """What a release's SQLite file says."""
    connection = sqlite3.connect(folder / SQLITE)
    try:
        return connection.execute(sql, params).fetchall()
    finally:
        connection.close()


def make_hostile(folder: Path) -> str:
    """Put `HOSTILE` into every name and text of the conference with the most reports; returns its id."""
    connection = sqlite3.connect(folder / SQLITE)
    outcome = str(
        connection.execute("SELECT id FROM outcomes ORDER BY reports DESC, id LIMIT 1").fetchone()[0]
    )
    mine = "(SELECT conference_id FROM outcome_reports WHERE outcome_id = :outcome)"
    told = {"bad": HOSTILE, "outcome": outcome}
    for sql in (
        "UPDATE outcomes SET name = :bad, host = :bad, place_text = :bad, date_start = '2099-01-01' WHERE id = :outcome",
        "UPDATE articles SET title = :bad, text = text || char(10) || :bad, url = 'javascript:alert(1)', source = :bad"
        " WHERE id IN (SELECT article_id FROM outcome_reports WHERE outcome_id = :outcome)",
        "UPDATE units SET name = :bad, spellings = json_array(:bad) WHERE id IN (SELECT host_unit_id FROM outcomes WHERE id = :outcome)",
        "UPDATE panel SET unit_name = :bad WHERE unit_id IN (SELECT host_unit_id FROM outcomes WHERE id = :outcome)",
        f"UPDATE people SET name = :bad, position = :bad WHERE conference_id IN {mine}",
        f"UPDATE unit_mentions SET canonical = :bad WHERE conference_id IN {mine}",
        f"UPDATE figures SET evidence_text = :bad, subject = :bad WHERE conference_id IN {mine}",
        "UPDATE outcome_values SET subject = :bad, period_label = :bad WHERE outcome_id = :outcome",
        f"UPDATE checks SET message = :bad WHERE conference_id IN {mine}",
        "UPDATE review_items SET sentence = :bad, value = :bad",
    ):
        connection.execute(sql, told)
    connection.commit()
    connection.close()
    return outcome


def words_of(page: str) -> str:
    """A page's text as a person reads it: tags gone, entities read."""
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)))
