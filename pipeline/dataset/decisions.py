"""What people have decided: which records belong together, and what a value should be. It outlives every rerun.

A decision is never deleted: a later one on the same thing takes its place, and one that was undone stays with when and by
whom. A record is found again by its words where its id has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from pipeline.dataset.schema import decisions

Row = Mapping[str, Any]
Pair = tuple[str, str]

_WORDS = {"conferences": ("host_text", "host_start"), "checks": ("message", "ordinal")}
_EVIDENCE = ("evidence_text", "evidence_start")
# The same words may stand twice in an article: what they were read as tells which were meant.
_READ_AS = {
    "conferences": ("kind", "host_canonical", "date_start"),
    "figures": ("indicator", "status", "value"),
    "awards": ("form", "recipient_type", "count"),
    "people": ("name", "role"),
    "unit_mentions": ("canonical", "role"),
    "checks": ("rule", "message"),
}


def decision_id(*parts: str | None, human: bool) -> str:
    """`d-` or, of a person's decision, `h-`, and sixteen hexadecimal digits."""
    text = json.dumps(parts, ensure_ascii=False)
    return ("h-" if human else "d-") + hashlib.sha256(text.encode()).hexdigest()[:16]


def anchor(table: str, article: str, row: Row) -> str:
    """What a record is found again by, as JSON: its article, its words, where they stood, and what they were read as."""
    words, start = _WORDS.get(table, _EVIDENCE)
    read_as = {name: row[name] for name in _READ_AS.get(table, ()) if name in row}
    told = {"article": article, "words": row.get(words), "start": row.get(start), "read_as": read_as}
    return json.dumps(told, ensure_ascii=False)


def about(row: Row) -> tuple[str, str, str]:
    """What a decision is on: its two ids, and the field that it corrects or else its kind. Of several the last counts.

    A record is accepted or rejected: these two are on the same.
    """
    kind = "record" if row["kind"] in {"rejection", "acceptance"} else row["kind"]
    return row["left_id"], row["right_id"], row["field"] if kind == "correction" else kind


@dataclass
class Decided:
    """The decisions of people that are in force."""

    links: dict[str, dict[Pair, Row]] = field(default_factory=lambda: defaultdict(dict))
    """By kind and pair of ids; `verdict` is `linked` or `apart`."""
    values: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    """By table and record id, as decided: corrections, a rejection, an acceptance."""

    def together(self, kind: str) -> dict[Pair, bool]:
        """Pair → whether it belongs together."""
        return {pair: row["verdict"] == "linked" for pair, row in self.links.get(kind, {}).items()}


def load_decided(connection: Connection) -> Decided:
    """What is in force: of several decisions on one thing the last."""
    query = (
        select(decisions)
        .where(decisions.c.human.is_(True), decisions.c.undone_at.is_(None))
        .order_by(decisions.c.decided_at, decisions.c.id)
    )
    found = Decided()
    latest: dict[tuple[str, str, str], Row] = {}
    rows: list[Row] = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        if row["verdict"] == "value":
            latest[about(row)] = row
        else:
            found.links[row["kind"]][row["left_id"], row["right_id"]] = row
    for row in latest.values():
        found.values[row["right_id"], row["left_id"]].append(row)
    return found


def _distance(told: Mapping[str, Any], start: str, record: str, row: Row) -> tuple[int, int, bool, str]:
    """How far a record is from the one that was decided on: how it is read, where it stands, its id."""
    read_as = told.get("read_as") or {}
    differing = sum(row.get(name) != value for name, value in read_as.items())
    return differing, abs((row.get(start) or 0) - (told.get("start") or 0)), row["id"] != record, row["id"]


@dataclass
class Corrections:
    """People's words on the records of one table, found again among its present rows.

    `changed` is record id → field → value as text; `lost` are decisions whose record is no longer there.
    """

    changed: dict[str, dict[str, str | None]] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    lost: list[Row] = field(default_factory=list)


def find_again(decided: Decided, table: str, rows: Iterable[tuple[str, Row]]) -> Corrections:
    """The corrections that apply to `rows` of `table`, each with the id of its article.

    That is a record of the article with the same words; of several the one read the same way, of those the nearest.
    """
    wanted = {key: made for key, made in decided.values.items() if key[0] == table}
    found = Corrections()
    if not wanted:
        return found
    anchors = {key: json.loads(made[0]["anchor"] or "{}") for key, made in wanted.items()}
    articles = {one.get("article") for one in anchors.values()}
    words, start = _WORDS.get(table, _EVIDENCE)
    by_article: dict[str, list[Row]] = defaultdict(list)
    for article, row in rows:
        if article in articles:
            by_article[article].append(row)
    for (_, record), made in wanted.items():
        told = anchors[table, record]
        there = by_article.get(told.get("article", ""), [])
        same = [row for row in there if row.get(words) == told.get("words")]
        if not same:
            found.lost += made
            continue
        match = min(same, key=partial(_distance, told, start, record))
        for row in made:
            if row["kind"] == "rejection":
                found.rejected.add(match["id"])
            elif row["kind"] == "acceptance":
                found.accepted.add(match["id"])
            else:
                found.changed.setdefault(match["id"], {})[row["field"]] = row["value"]
    return found
