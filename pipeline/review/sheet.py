"""Review sheets: a CSV with a row for each thing to look at, edited in a spreadsheet, and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Table, select

from pipeline.dataset.corrected import CORRECTED, View, corrected
from pipeline.dataset.decisions import about
from pipeline.dataset.release.cells import cell
from pipeline.dataset.schema import (
    articles,
    conferences,
    decisions,
    figures,
    links,
    review_items,
    target_results,
    value_reports,
)
from pipeline.dataset.schema.linking import LINK_KINDS
from pipeline.review.answer import Answer, AnswerError
from pipeline.review.desk import as_text

COLUMNS = (
    "priority", "kind", "question", "sentence", "table", "record", "other", "field", "value", "answer", "new_value", "note",
    "title", "url", "by", "when",
)  # fmt: skip
"""A sheet's columns; `answer`, `new_value` and `note` are a person's, `field` may be changed to correct another one."""

What = Literal["items", "links", "decisions", "conferences", "unit_mentions", "people", "figures", "awards", "checks"]  # fmt: skip
_CELL = 1 << 24  # characters in a cell that are still read
_SHOWN = {
    "conferences": "kind", "unit_mentions": "canonical", "people": "name", "figures": "value", "awards": "count",
    "checks": "holds",
}  # fmt: skip


def sheet_rows(
    connection: Connection, what: What = "items", *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Rows of a sheet: what to look at, the least certain first; or all links, decisions, or records of one table."""
    view = corrected(connection)
    told = {row["id"]: row for row in _titles(connection)}
    makers = {"items": _items, "links": _links, "decisions": _decisions}
    tables = {table.name: table for table in CORRECTED}
    rows = makers[what](view) if what in makers else _records(view, tables[what])
    for number, row in enumerate(rows):
        if limit is not None and number >= limit:
            return
        article = told.get(row.pop("article", None) or "", {})
        yield {**dict.fromkeys(COLUMNS), **row, "title": article.get("title"), "url": article.get("url")}


def write_sheet(rows: Iterable[Mapping[str, Any]]) -> str:
    """A sheet as CSV text with a byte order mark, by which spreadsheets know UTF-8; nothing in it runs as a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def read_sheet(path: Path) -> list[Answer]:
    """The answered rows of an edited sheet. Raises `AnswerError` where the file is no sheet; blanks count as no answer.

    Separators `,` `;` and tab are known: spreadsheets write what their language uses.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AnswerError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise AnswerError(f"{path}: cannot be read as UTF-8 text: {error}; save it as `CSV UTF-8`") from None
    separator = max(",;\t", key=text.partition("\n")[0].count)
    csv.field_size_limit(_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise AnswerError(f"{path}: no CSV: {error}") from None
    head = lines[0] if lines else []
    missing = {"kind", "table", "record", "answer"} - set(head)
    if missing:
        raise AnswerError(
            f"{path}: no sheet of `tongket review export`: no column {', '.join(sorted(missing))}"
        )
    found = []
    for number, line in enumerate(lines[1:], start=2):
        row = dict(zip(head, line, strict=False))
        got = {name: _plain(row.get(name)) for name in COLUMNS}
        answer = (got["answer"] or "").lower()
        if not answer:
            if got["new_value"]:
                raise AnswerError(
                    f"{path}, row {number}: new_value without an answer: write `correct` beside it"
                )
            continue
        kind = "same_conference" if got["kind"] == "unsure_link" else got["kind"] or ""
        found.append(
            Answer(
                where=f"{path}, row {number}",
                answer=answer,
                kind=kind,
                table=got["table"] or "",
                record=got["record"] or "",
                other=got["other"],
                field=got["field"],
                value=got["value"] or "" if "value" in row else None,
                new_value=got["new_value"],
                note=got["note"],
                by=got["by"],
                when=got["when"],
            )
        )
    return found


def _plain(value: str | None) -> str | None:
    """A cell without the blanks around it and without the apostrophe that keeps it from being a formula."""
    value = (value or "").strip()
    if value.startswith("'") and cell(value[1:]) == value:
        value = value[1:]
    return value or None


def _titles(connection: Connection) -> Iterator[Mapping[str, Any]]:
    query = select(articles.c.id, articles.c.title, articles.c.url).execution_options(yield_per=1000)
    for row in connection.execute(query).mappings():
        yield dict(row)


def _items(view: View) -> Iterator[dict[str, Any]]:
    query = select(review_items).order_by(review_items.c.priority.desc(), review_items.c.id)
    for row in view.connection.execute(query).mappings().all():
        item = {
            "priority": row["priority"],
            "kind": row["kind"],
            "question": row["question"],
            "sentence": row["sentence"],
            "table": row["record_table"],
            "record": row["record_id"],
            "other": row["other_id"],
            "field": row["field"],
            "value": row["value"],
            "article": row["article_id"],
        }
        if row["kind"] == "reports_differ":
            yield from _differing(view, item)
        elif row["kind"] == "claim_contradicted":
            mine = target_results.c.id == row["record_id"]
            pair = view.connection.execute(select(target_results).where(mine)).mappings().one()
            ends = {"record": pair["target_value_id"], "other": pair["result_value_id"]}
            yield {**item, "kind": "target_result", "table": "links", **ends}
        elif row["kind"] == "lost_decision":
            link = (
                {"kind": row["record_table"], "table": "links"} if row["record_table"] in LINK_KINDS else {}
            )
            yield {**item, "record": row["value"], "value": None, **link}
        else:
            yield item


def _differing(view: View, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for each report's figure: it is a figure that a person corrects, not what the reports say together."""
    query = (
        select(figures, conferences.c.article_id, articles.c.text)
        .join(value_reports, value_reports.c.figure_id == figures.c.id)
        .join(conferences, conferences.c.id == figures.c.conference_id)
        .join(articles, articles.c.id == conferences.c.article_id)
        .where(value_reports.c.value_id == item["record"])
        .order_by(figures.c.id)
    )
    for row in view.connection.execute(query).mappings().all():
        sentence = row["text"][row["sentence_start"] : row["sentence_end"]].strip()
        one = {"table": "figures", "record": row["id"], "value": row["value"], "article": row["article_id"]}
        yield {**item, **one, "sentence": sentence}


def _links(view: View) -> Iterator[dict[str, Any]]:
    query = select(links).order_by(links.c.score, links.c.id)
    for row in view.connection.execute(query).mappings().all():
        yield {
            "priority": round(1 - row["score"], 3),
            "kind": row["kind"],
            "question": "Do these belong together? Answer apart where not.",
            "sentence": row["reason"],
            "table": "links",
            "record": row["left_id"],
            "other": row["right_id"],
            "value": str(row["score"]),
        }


def _decisions(view: View) -> Iterator[dict[str, Any]]:
    """Decisions of people in force, as the answers they were: read into another database they are taken there too.

    `value` is what stood there before anybody decided, as it does in a database where nobody has.
    """
    mine = (decisions.c.human.is_(True), decisions.c.undone_at.is_(None))
    query = select(decisions).where(*mine).order_by(decisions.c.decided_at, decisions.c.id)
    rows: list[Mapping[str, Any]] = [dict(row) for row in view.connection.execute(query).mappings()]
    first = {about(row): row for row in reversed(rows)}
    latest = {about(row): row for row in rows}
    answers = {"correction": "correct", "rejection": "reject", "acceptance": "accept"}
    for row in rows:
        if latest[about(row)] is not row:
            continue
        on_record = row["verdict"] == "value"
        yield {
            "kind": row["kind"],
            "question": "Decided. Write undo to take it back, or another answer.",
            "table": row["right_id"] if on_record else "links",
            "record": row["left_id"],
            "other": None if on_record else row["right_id"],
            "field": row["field"],
            "value": first[about(row)]["value_before"] if row["field"] else None,
            "answer": answers.get(row["kind"], "link" if row["verdict"] == "linked" else "apart"),
            "new_value": row["value"],
            "note": row["reason"],
            "by": row["decided_by"],
            "when": row["decided_at"],
        }


def _records(view: View, table: Table) -> Iterator[dict[str, Any]]:
    of_conference = dict(
        view.connection.execute(select(conferences.c.id, conferences.c.article_id)).tuples().all()
    )
    shown = _SHOWN[table.name]
    for row in view.rows(table):
        yield {
            "priority": round(1 - row.get("confidence", 1.0), 3),
            "kind": "record",
            "question": "accept, correct (a field and its new_value) or reject",
            "sentence": row.get("evidence_text") or row.get("host_text") or row.get("message"),
            "table": table.name,
            "record": row["id"],
            "field": shown,
            "value": as_text(row[shown]),
            "article": row.get("article_id") or of_conference[row["conference_id"]],
        }
