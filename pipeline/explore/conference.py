"""One conference: what happened, what is known of it from all its reports, and the words of each."""

from __future__ import annotations

import sqlite3
from itertools import zip_longest
from typing import Any

from pipeline.explore.marks import Span, cut
from pipeline.explore.rows import Row, exports, listed, row, rows, web_address
from pipeline.explore.words import Words

VALUES = """
SELECT v.*, t.target AS set_before, t.attained_pct, t.attained, t.year AS set_for
FROM outcome_values v LEFT JOIN target_results t ON t.result_value_id = v.id
WHERE v.outcome_id = :outcome ORDER BY v.ordinal, v.id
"""
_OUTCOME = """
SELECT o.*, u.name AS unit_name, u.level FROM outcomes o LEFT JOIN units u ON u.id = o.host_unit_id WHERE o.id = :outcome
"""
_REPORTS = """
SELECT r.*, a.title, a.url, a.source, a.published_at, a.text, c.kind, c.host_canonical, c.date_start AS day
FROM outcome_reports r JOIN articles a ON a.id = r.article_id JOIN conferences c ON c.id = r.conference_id
WHERE r.outcome_id = :outcome ORDER BY r.first DESC, a.published_at, r.id
"""
_TOLD = """
SELECT r.value_id, f.conference_id, f.id, f.value, f.value_max, f.unit, f.modifier, f.evidence_text, r.agrees,
       f.evidence_start, f.evidence_end, f.status
FROM value_reports r JOIN outcome_values v ON v.id = r.value_id JOIN figures f ON f.id = r.figure_id
WHERE v.outcome_id = :outcome ORDER BY f.ordinal
"""
_AWARDS = """
SELECT w.*, a.conference_id, a.evidence_text, a.evidence_start, a.evidence_end, a.recipients, a.reason, a.id AS told_id
FROM outcome_awards w LEFT JOIN award_reports r ON r.outcome_award_id = w.id LEFT JOIN awards a ON a.id = r.award_id
WHERE w.outcome_id = :outcome ORDER BY w.ordinal, w.id
"""


def conference(connection: sqlite3.Connection, words: Words, outcome: str, report: int = 1) -> Row | None:
    """All that its page shows, with the text of the `report`-th article; None where there is no such conference."""
    told = {"outcome": outcome}
    about = row(connection, _OUTCOME, told)
    if about is None:
        return None
    reports = rows(connection, _REPORTS, told)
    shown = reports[report - 1] if 0 < report <= len(reports) else reports[0]
    mine = {"conference": shown["conference_id"]}
    figures = rows(connection, _TOLD, told)
    values = rows(connection, VALUES, told)
    awards = _awards(rows(connection, _AWARDS, told), shown["conference_id"])
    people = rows(connection, "SELECT * FROM people WHERE conference_id = :conference ORDER BY ordinal", mine)
    units = rows(
        connection, "SELECT * FROM unit_mentions WHERE conference_id = :conference ORDER BY ordinal", mine
    )
    head = row(connection, "SELECT * FROM conferences WHERE id = :conference", mine) or {}
    here = {one["value_id"]: one for one in figures if one["conference_id"] == shown["conference_id"]}
    spans = [
        *_about(words, head),
        *(_span(words("kind_person"), "person", one["id"], one, one["name"]) for one in people),
        *(
            _span(words.label("unit_role", one["role"]), "unit", one["id"], one, one["canonical"])
            for one in units
        ),
        *(_figure(words, value, here[value["id"]]) for value in values if value["id"] in here),
        *(
            _span(words.label("award_form", one["form"]), "award", one["id"], one["told"], one["form_text"])
            for one in awards
            if one["told"]
        ),
    ]
    marks = [span for span in spans if span is not None]
    for item in reports:
        item["link"] = web_address(item["url"])
    return {
        "outcome": about,
        "title": about["host"] or shown["title"] or words.label("conference_kind", about["kind"]),
        "reports": reports,
        "shown": shown,
        "head": head,
        "position": reports.index(shown) + 1,
        "table": _table(values, here),
        "compared": _compared(values, figures, reports),
        "differing": listed(about["differing"]),
        "awards": awards,
        "people": people,
        "units": units,
        "checks": rows(
            connection,
            "SELECT k.*, r.article_id FROM checks k JOIN outcome_reports r ON r.conference_id = k.conference_id"
            " WHERE r.outcome_id = :outcome ORDER BY k.holds, k.id",
            told,
        ),
        "lines": cut(shown["text"], marks),
        "kinds": [kind for kind in KINDS if any(span.kind == kind for span in marks)],
        "exports": exports(VALUES, told),
        "neighbours": _neighbours(connection, about),
    }


KINDS = ("figure", "target", "award", "unit", "person", "date", "place")
"""Kinds of marked words, in the order of the legend."""


def _about(words: Words, head: Row) -> list[Span | None]:
    labels = (
        ("host", "unit", "host"),
        ("date_evidence", "date", "date"),
        ("place_evidence", "place", "place"),
    )
    return [
        _span(words(f"word_{name}"), kind, f"{name}-row", head, str(head.get(f"{prefix}_text") or ""), prefix)
        for prefix, kind, name in labels
    ]


def _span(label: str, kind: str, key: str, told: Row, what: str, prefix: str = "evidence") -> Span | None:
    start, end = told.get(f"{prefix}_start"), told.get(f"{prefix}_end")
    return None if start is None or end is None else Span(start, end, kind, key, f"{label}: {what}")


def _figure(words: Words, value: Row, told: Row) -> Span | None:
    kind = "target" if value["status"] == "target" else "figure"
    label = f"{words.label('indicator', value['indicator'])}, {words.label('status', value['status'])}"
    return _span(label, kind, value["id"], told, words.amount(value))


def _table(values: list[Row], here: dict[str, Row]) -> list[Row]:
    """Rows of the table of figures, of one indicator, subject and unit each.

    A result stands beside the target of its own year, where the article names one, and beside what is planned next.
    """
    groups: dict[tuple[Any, ...], tuple[list[Row], list[Row]]] = {}
    for value in values:
        value["told"] = here.get(value["id"])
        key = (value["indicator"], value["subject"], value["unit"])
        groups.setdefault(key, ([], []))[value["status"] == "target"].append(value)
    found = []
    for key, (results, targets) in sorted(groups.items(), key=lambda pair: pair[0][0] == "other"):
        years = {result["year"] for result in results if result["year"]}
        own = [target for target in targets if target["year"] in years]
        ahead = [target for target in targets if target["year"] not in years]
        found += [
            {
                "indicator": key[0],
                "subject": key[1],
                "achieved": achieved,
                "target": target,
                "plan": plan,
                "parts": [part for part in (achieved, target, plan) if part],
            }
            for achieved, target, plan in zip_longest(results, own, ahead)
        ]
    return found


def _compared(values: list[Row], figures: list[Row], reports: list[Row]) -> list[Row]:
    """What several reports say of one value, a cell a report; what only one tells is left out."""
    by_value: dict[str, dict[str, Row]] = {}
    for figure in figures:
        by_value.setdefault(figure["value_id"], {}).setdefault(figure["conference_id"], figure)
    found = []
    for value in values:
        cells = [by_value.get(value["id"], {}).get(report["conference_id"]) for report in reports]
        if sum(cell is not None for cell in cells) > 1:
            found.append({**value, "cells": cells})
    return sorted(found, key=lambda value: value["agreement"] != "differ")


def _awards(told: list[Row], shown: str) -> list[Row]:
    found: dict[str, Row] = {}
    for item in told:
        award = found.setdefault(item["id"], {**item, "told": None, "to": listed(item["recipients"])})
        award["given_by"] = listed(item["grantors"])
        if item["conference_id"] == shown and item["evidence_start"] is not None:
            award["told"] = item
    return list(found.values())


def _neighbours(connection: sqlite3.Connection, about: Row) -> list[Row]:
    """Other conferences of the same host, the newest first."""
    if about["host_unit_id"] is None:
        return []
    return rows(
        connection,
        "SELECT id, kind, name, date_start, date_end FROM outcomes WHERE host_unit_id = :unit AND id <> :me"
        " ORDER BY date_start DESC LIMIT 6",
        {"unit": about["host_unit_id"], "me": about["id"]},
    )
