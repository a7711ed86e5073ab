"""One `Report` becomes table rows: plain dictionaries, one list a table, ids stable from run to run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from extractors.records import (
    Award,
    Check,
    Conference,
    Evidence,
    Figure,
    Period,
    Person,
    Report,
    UnitRef,
)

Row = dict[str, Any]


def article_row(report: Report) -> Row:
    """The row of `articles` as far as the report knows it."""
    article = report.article
    return {
        "id": article.id,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "published_at": article.published_at,
        "relevant": article.relevant,
        "quality": _json(article.quality),
        "text": article.text,
    }


def conference_rows(report: Report) -> dict[str, list[Row]]:
    """Rows of `conferences` and of the tables below it, by table name; a table may have none."""
    rows: dict[str, list[Row]] = {
        name: [] for name in ("conferences", "unit_mentions", "people", "figures", "awards", "checks")
    }
    for ordinal, conference in enumerate(report.conferences):
        head = _conference(report.article.id, ordinal, conference)
        rows["conferences"].append(head)
        for name, letter, part in (
            ("unit_mentions", "u", map(_unit, conference.units)),
            ("people", "p", map(_person, conference.people)),
            ("figures", "f", map(_figure, conference.figures)),
            ("awards", "a", map(_award, conference.awards)),
            ("checks", "c", map(_check, conference.checks)),
        ):
            rows[name] += _numbered(part, head["id"], letter)
    return rows


def _numbered(rows: Iterable[Row], conference_id: str, letter: str) -> list[Row]:
    return [
        {"id": f"{conference_id}-{letter}{n:03d}", "conference_id": conference_id, "ordinal": n, **row}
        for n, row in enumerate(rows)
    ]


def _conference(article_id: str, ordinal: int, c: Conference) -> Row:
    # An extractor promises ids that are stable for one article; the dataset holds many articles, reprints
    # among them.
    identity = c.id if c.id.startswith(article_id) else f"{article_id}-{c.id}"
    host = c.host
    return {
        "id": identity,
        "article_id": article_id,
        "ordinal": ordinal,
        "kind": c.kind,
        "name": c.name,
        "host_name": host and host.name,
        "host_canonical": host and host.canonical,
        "host_type": host and host.type,
        "host_level": host and host.level,
        "host_province_code": host and host.province_code,
        **_evidence(host.evidence if host else None, "host"),
        "date_start": c.date.start,
        "date_end": c.date.end,
        "date_precision": c.date.precision,
        "date_session": c.date.session,
        "date_basis": c.date.basis,
        **_evidence(c.date.evidence, "date_evidence"),
        "place_text": c.place and c.place.text,
        "place_province_code": c.place and c.place.province_code,
        **_evidence(c.place.evidence if c.place else None, "place_evidence"),
        **_period(c.review_period, "review_period"),
        **_period(c.plan_period, "plan_period"),
    }


def _unit(unit: UnitRef) -> Row:
    return {
        **_plain(unit, "name", "canonical", "type", "level", "province_code", "role"),
        **_evidence(unit.evidence),
    }


def _person(person: Person) -> Row:
    return {**_plain(person, "name", "position", "unit", "role"), **_evidence(person.evidence)}


def _figure(figure: Figure) -> Row:
    change = figure.change
    return {
        **_plain(figure, "indicator", "unit", "unit_text", "modifier", "status", "of", "subject"),
        **_plain(figure, "attainment_pct", "share_pct", "confidence", "support"),
        **_number(figure.value, "value"),
        **_number(figure.value_max, "value_max"),
        **_period(figure.period, "period"),
        "change_direction": change and change.direction,
        **_number(change.value if change else None, "change_value"),
        "change_unit": change and change.unit,
        "change_versus": change and change.versus,
        **_evidence(figure.evidence),
        "sentence_start": figure.sentence.start,
        "sentence_end": figure.sentence.end,
    }


def _award(award: Award) -> Row:
    return {
        **_plain(award, "form", "form_text", "recipient_type", "count", "reason", "confidence", "support"),
        "grantors": _json(award.grantors),
        "recipients": _json(award.recipients),
        **_period(award.period, "period"),
        **_evidence(award.evidence),
    }


def _check(check: Check) -> Row:
    return {
        **_plain(check, "rule", "holds", "message"),
        **_number(check.expected, "expected"),
        **_number(check.found, "found"),
        "figures": _json(check.figures),
    }


def _plain(record: BaseModel, *fields: str) -> Row:
    return {field: getattr(record, field) for field in fields}


def _number(value: Decimal | None, name: str) -> Row:
    if value is None:
        return {name: None, f"{name}_number": None}
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return {name: text, f"{name}_number": float(value)}


def _period(period: Period | None, prefix: str) -> Row:
    return {
        f"{prefix}_label": period and period.label,
        f"{prefix}_start": period and period.start,
        f"{prefix}_end": period and period.end,
    }


def _evidence(evidence: Evidence | None, prefix: str = "evidence") -> Row:
    return {
        f"{prefix}_start": evidence and evidence.start,
        f"{prefix}_end": evidence and evidence.end,
        f"{prefix}_text": evidence and evidence.text,
        f"{prefix}_rule": evidence and evidence.rule,
    }


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False)
