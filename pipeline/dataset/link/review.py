"""What a person should look at: uncertain readings and links, contradictions, and what could not be read at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]

_UNCERTAIN = 0.65  # below this a reading is asked about

QUESTIONS = {
    "low_confidence": "Is this read rightly?",
    "failed_check": "The article's own numbers contradict each other: is one read wrongly?",
    "unsure_link": "Are these two reports of one conference?",
    "reports_differ": "Reports of one conference give different values: which is right?",
    "claim_contradicted": "The attainment claimed does not fit last year's target: is one read wrongly?",
    "unresolved_host": "Whose conference is it?",
    "unresolved_date": "On which day was it?",
    "unclassified": "What does this count?",
    "lost_decision": "A decision of yours has no record any more: does it still apply, and to which?",
}
_PRIORITY = {
    "lost_decision": 0.95,
    "claim_contradicted": 0.85,
    "failed_check": 0.8,
    "reports_differ": 0.75,
    "unsure_link": 0.7,
    "unresolved_host": 0.6,
    "unresolved_date": 0.55,
    "unclassified": 0.2,
}


def item(
    kind: str,
    table: str,
    record: str,
    *,
    article: str | None = None,
    other: str | None = None,
    field: str | None = None,
    value: str | None = None,
    sentence: str | None = None,
    priority: float | None = None,
) -> dict[str, Any]:
    """One row of `review_items`."""
    return {
        "id": ":".join(part for part in (kind, record, other) if part),
        "kind": kind,
        "record_table": table,
        "record_id": record,
        "other_id": other,
        "field": field,
        "value": value,
        "article_id": article,
        "question": QUESTIONS[kind],
        "sentence": sentence,
        "priority": _PRIORITY[kind] if priority is None else priority,
    }


def reading_items(
    conferences: Mapping[str, Row],
    articles: Mapping[str, Row],
    figures: Iterable[Row],
    awards: Iterable[Row],
    checks: Iterable[Row],
    accepted: Mapping[str, set[str]],
) -> Iterator[dict[str, Any]]:
    """Items on the records of single articles; what a person has `accepted`, by table, is not asked again."""
    for row in conferences.values():
        if row["id"] in accepted.get("conferences", ()):
            continue
        told = articles[row["article_id"]]["title"]
        if row["host_canonical"] is None:
            yield item(
                "unresolved_host",
                "conferences",
                row["id"],
                article=row["article_id"],
                field="host_canonical",
                sentence=told,
            )
        if row["date_start"] is None:
            yield item(
                "unresolved_date",
                "conferences",
                row["id"],
                article=row["article_id"],
                field="date_start",
                sentence=told,
            )
    for table, rows, code, told in (
        ("figures", figures, "indicator", "value"),
        ("awards", awards, "form", "count"),
    ):
        for row in rows:
            if row["id"] in accepted.get(table, ()):
                continue
            article = conferences[row["conference_id"]]["article_id"]
            where = {"article": article, "sentence": _sentence(row, articles[article]["text"])}
            if row["confidence"] < _UNCERTAIN:
                unsure = round(1 - row["confidence"], 3)
                number = None if row[told] is None else str(row[told])
                yield item(
                    "low_confidence", table, row["id"], field=told, value=number, priority=unsure, **where
                )
            elif row[code] == "other":
                yield item("unclassified", table, row["id"], field=code, value="other", **where)
    for row in checks:
        if not row["holds"] and row["id"] not in accepted.get("checks", ()):
            article = conferences[row["conference_id"]]["article_id"]
            yield item(
                "failed_check",
                "checks",
                row["id"],
                article=article,
                field="holds",
                value="false",
                sentence=row["message"],
            )


def _sentence(row: Row, text: str) -> str:
    """The sentence of a figure, or the words around an award."""
    if row.get("sentence_start") is not None:
        return text[row["sentence_start"] : row["sentence_end"]].strip()
    start = text.rfind("\n", 0, row["evidence_start"]) + 1
    end = text.find("\n", row["evidence_end"])
    return text[
        max(start, row["evidence_start"] - 120) : min(
            end if end >= 0 else len(text), row["evidence_end"] + 120
        )
    ].strip()
