"""What changed since the release before, row by row, and why."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.dataset.release.cells import cell
from pipeline.dataset.release.model import TABLES, ReleasedTable
from pipeline.dataset.release.redact import Gate, Redactions

NAME = "changes.csv"
_COLUMNS = ("table", "row", "change", "fields", "before", "after", "why")
_LONG = 200  # characters: a longer text is told by its digest
_BATCH = 5000

Row = dict[str, Any]


@dataclass
class _Context:
    """What a row's change can be put down to. `article_of`: ids of conferences and outcomes → their article.

    `gone` are articles that were taken down and stood in the release before, `told` the outcomes that they reported.
    """

    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    reread: dict[str, str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    article_of: dict[str, str | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def quotable(self, row: Row) -> bool:
        """Whether a row of the release before may be quoted: not where it may hold words of what was taken down."""
        if not self.gone:
            return True
        article = self._article(row)
        outcomes = {row.get("outcome_id"), row.get("id")}
        return article is not None and article not in self.gone and self.told.isdisjoint(outcomes)

    def why(self, row: Row, other: Row | None) -> str:
        """The nearest cause of a row's change."""
        for name in (row.get("id"), row.get("left_id"), row.get("right_id"), row.get("figure_id")):
            if name in self.decided:
                return f"decision of {self.decided[name]}"
        article = self._article(row) or (self._article(other) if other else None)
        if article in self.gone:
            return "taken down"
        if article in self.added:
            return "new article"
        if article in self.removed:
            return "article gone"
        if article in self.edited:
            return "article edited at its source"
        if article in self.reread:
            return f"read anew by {self.reread[article]}"
        if article in self.decided:
            return f"follows a decision of {self.decided[article]}"
        return "linked anew"

    def _article(self, row: Row) -> str | None:
        if row.get("article_id"):
            return str(row["article_id"])
        for name in ("conference_id", "outcome_id"):
            if row.get(name):
                return self.article_of.get(row[name])
        if str(row.get("id")) in self.article_of:
            return self.article_of[str(row["id"])]
        return str(row["id"]) if "extractor_version" in row else None


def write_changes(
    folder: Path, before: Path | None, blanked: Redactions | None = None, gone: Collection[str] = ()
) -> dict[str, int]:
    """Write `changes.csv` into the release in `folder`, against the one in `before`; how many were added, changed, removed.

    Without a release before, or against one without Parquet files, it has its head alone. What is `blanked` now is so in
    what is quoted of the release before; of the articles `gone`, which were taken down, nothing is quoted.
    """
    blanked = blanked or Redactions()
    counts = {"added": 0, "changed": 0, "removed": 0}
    with (folder / NAME).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        if before is None:
            return counts
        context = _context(folder, before, blanked, gone)
        gate = blanked.gate()
        for table in TABLES:
            for change, key, fields, old, new, why in _compare(table, folder, before, context, gate):
                counts[change] += 1
                told = [
                    table.name,
                    key,
                    change,
                    ", ".join(fields),
                    _json(old, fields),
                    _json(new, fields),
                    why,
                ]
                writer.writerow([cell(one) for one in told])
    return counts


def _compare(
    table: ReleasedTable, folder: Path, before: Path, context: _Context, gate: Gate
) -> Iterator[tuple[str, str, list[str], Row | None, Row | None, str]]:
    """Changes of one table in the order of its keys: those of the new release, then what is gone."""
    # A whole table is held at once: as tuples, which weigh a third of what dictionaries do.
    names: list[str] = []
    old: dict[str, tuple[Any, ...]] = {}
    for row in _rows(before, table, gate=gate):
        names = names or list(row)
        old[_key(table, row)] = tuple(row.values())
    # A field that one of them does not have yet, or any more, is no change of each row.
    shared = _fields(before, table) & _fields(folder, table)
    blanked = _newly_blanked(before, table, gate)
    for row in _rows(folder, table):
        key = _key(table, row)
        if (held := old.pop(key, None)) is None:
            yield "added", key, [], None, row, context.why(row, None)
        elif held != tuple(row.values()) or names != table.names or key in blanked:
            was = dict(zip(names, held, strict=True))
            changed = {name for name in shared if row[name] != was[name]}
            if changed or key in blanked:
                fields = [name for name in table.names if name in changed | blanked.get(key, set())]
                shown = was if context.quotable(was) else None
                why = context.why(row, was) if changed else "blanked on request"
                yield "changed", key, fields, shown, row, why
    for key in sorted(old):
        gone = dict(zip(names, old[key], strict=True))
        shown = gone if context.quotable(gone) else None
        yield "removed", key, names, shown, None, context.why(gone, None)


def _newly_blanked(before: Path, table: ReleasedTable, gate: Gate) -> dict[str, set[str]]:
    """Key → fields of the release before that show what is blanked now."""
    if gate.blanked.pattern is None:
        return {}
    found = {}
    for row, out in zip(_rows(before, table), _rows(before, table, gate=gate), strict=True):
        if fields := {name for name in row if row[name] != out[name]}:
            found[_key(table, row)] = fields
    return found


def _context(folder: Path, before: Path, blanked: Redactions, gone: Collection[str]) -> _Context:
    context = _Context()
    by_name = {table.name: table for table in TABLES}
    said = ("id", "text", "title", "published_at", "extractor_version")
    new = {row["id"]: row for row in _rows(folder, by_name["articles"], said)}
    old = {row["id"]: row for row in _rows(before, by_name["articles"], said, blanked.gate())}
    context.gone = old.keys() & set(gone)
    context.added, context.removed = new.keys() - old.keys(), old.keys() - new.keys()
    for name in new.keys() & old.keys():
        if any(new[name][part] != old[name].get(part) for part in ("text", "title", "published_at")):
            context.edited.add(name)
        elif new[name]["extractor_version"] != old[name].get("extractor_version"):
            context.reread[name] = new[name]["extractor_version"]
    # The release before may lack a field or a table that came later.
    there = _rows(before, by_name["decisions"])
    known = {row["id"]: row.get("undone_at") for row in there if row.get("human", True)}
    for row in _rows(folder, by_name["decisions"]):
        if row["human"] and (row["id"] not in known or known[row["id"]] != row["undone_at"]):
            who = row["undone_by"] or row["decided_by"]
            about = json.loads(row["anchor"] or "{}").get("article")
            for name in (row["left_id"], row["right_id"], about):
                if name:
                    context.decided[name] = who
                    # What it brought about stands in other rows of the same article.
                    context.decided.setdefault(str(name).partition("-")[0], who)
    for place in (before, folder):
        for row in _rows(place, by_name["conferences"], ("id", "article_id")):
            context.article_of[row["id"]] = row.get("article_id")
        for row in _rows(place, by_name["outcomes"], ("id", "conference_id")):
            context.article_of[row["id"]] = context.article_of.get(row.get("conference_id", ""))
    if context.gone:
        for row in _rows(before, by_name["outcome_reports"]):
            if row["article_id"] in context.gone or row["reprint_of"] in context.gone:
                context.told.add(row["outcome_id"])
    return context


def _rows(
    folder: Path,
    table: ReleasedTable,
    fields: Collection[str] | None = None,
    gate: Gate | None = None,
) -> Iterator[Row]:
    """Rows as they are compared, long texts by their digest; none where the table or its key is not there.

    With `fields` they have those alone, as far as they are there.
    """
    path = folder / f"{table.name}.parquet"
    if not _fields(folder, table).issuperset(table.key):
        return
    gate = gate or Gate(Redactions())
    with pq.ParquetFile(path) as file:
        columns = [name for name in file.schema_arrow.names if fields is None or name in fields]
        for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
            for row in gate.rows(table, batch.to_pylist()):
                yield {name: _short(value) for name, value in row.items()}


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONG:
        return "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    return value


def _fields(folder: Path, table: ReleasedTable) -> set[str]:
    path = folder / f"{table.name}.parquet"
    return set(pq.read_schema(path).names) if path.is_file() else set()


def _key(table: ReleasedTable, row: Row) -> str:
    return "|".join(str(row[name]) for name in table.key)


def _json(row: Row | None, fields: list[str]) -> str:
    if row is None:
        return ""
    return json.dumps({name: row[name] for name in fields} if fields else row, ensure_ascii=False)
