"""Texts read, stored and linked by the real parts, and what then belongs together."""

from __future__ import annotations

import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, select

import extractors
from extractors.records import Report
from pipeline.dataset.database import database
from pipeline.dataset.link import link
from pipeline.dataset.link.told import Told, Value
from pipeline.dataset.schema import outcome_reports
from pipeline.dataset.store import Reading, store_reports
from tests.databases import note_run
from tests.extractors.tables import CASES

Row = dict[str, Any]

FLOORS: dict[str, float] = tomllib.loads((CASES / "floors.toml").read_text(encoding="utf-8"))["linking"]


def report(text: str, published: str | None, name: str, *, title: str | None = None) -> Report:
    """What is read of a text; ` | ` is the break between two paragraphs, `name` the end of its URL."""
    return extractors.read(
        text.replace(" | ", "\n\n"),
        title=title,
        published=published or None,
        url=f"https://bao.example/{name}",
    )


def store(engine: Engine, reports: Iterable[Report], size: int | None = None) -> None:
    """Store `reports` in batches of `size`, all at once without; the run `r` is noted already."""
    batch = [Reading(one, "1") for one in reports]
    size = size or max(1, len(batch))
    for start in range(0, len(batch), size):
        store_reports(engine, batch[start : start + size], "r")


@contextmanager
def linked(reports: Iterable[Report]) -> Iterator[Engine]:
    """A database in memory that holds `reports`, linked."""
    with database("sqlite://") as engine:
        note_run(engine, "r")
        store(engine, reports)
        link(engine)
        yield engine


def together(engine: Engine) -> list[set[str]]:
    """The articles of each outcome."""
    found: dict[str, set[str]] = defaultdict(set)
    with engine.connect() as connection:
        for outcome, article in connection.execute(
            select(outcome_reports.c.outcome_id, outcome_reports.c.article_id)
        ).tuples():
            found[outcome].add(article)
    return list(found.values())


def shuffled(items: Sequence[Any], seed: int) -> list[Any]:
    """The items in another order, the same one for a seed."""
    return random.Random(seed).sample(list(items), len(items))


def plain(rows: Iterable[Row]) -> list[str]:
    """Rows to compare, one text each, in order."""
    return sorted(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str) for row in rows)


def told(name: str, **fields: Any) -> Told:
    """A year's review by `u1` on 9 January 2025 with three numbers, but for what `fields` say."""
    given: dict[str, Any] = {
        "id": f"{name}-c0",
        "article": name,
        "text": name,
        "ordinal": 0,
        "kind": "year_review",
        "published": "2025-01-09T16:00:00+07:00",
        "host": "u1",
        "host_name": "liên đoàn lao động huyện ba tri",
        "start": "2025-01-09",
        "precision": "day",
        "values": frozenset({Value("14207", "person"), Value("705", "person"), Value("62", "house")}),
    }
    return Told(**(given | fields))
