"""Rows of outcomes: what happened, from all reports of one conference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.dataset.link.groups import Groups
from pipeline.dataset.link.same import Judgement
from pipeline.dataset.link.told import Told
from pipeline.dataset.link.values import Entry, Report, align
from pipeline.dataset.link.years import year_of

Row = dict[str, Any]
Rows = dict[str, list[Row]]

_HEAD = ("kind", "date_start", "date_end", "date_basis", "place_text")
_PERIODS = tuple(
    f"{name}_{part}" for name in ("review_period", "plan_period") for part in ("label", "start", "end")
)
_COMPARED = ("kind", "date_start", "place_text", "review_period_start")
_BASES = {"explicit": 0, "publication": 1, "context": 2, "unresolved": 3}
_VALUE = (
    "value",
    "value_number",
    "value_max",
    "value_max_number",
    "modifier",
    "of",
    "attainment_pct",
    "share_pct",
)


def outcome_rows(
    groups: Groups,
    conferences: Mapping[str, Mapping[str, Any]],
    figures: Mapping[str, Sequence[Mapping[str, Any]]],
    awards: Mapping[str, Sequence[Mapping[str, Any]]],
    hosts: Mapping[str, str],
    subjects: Mapping[str, str],
) -> Rows:
    """Rows of the outcomes' tables; `figures` and `awards` by conference, `hosts` and `subjects` record → unit id."""
    rows: Rows = {
        name: []
        for name in (
            "outcomes",
            "outcome_reports",
            "outcome_values",
            "value_reports",
            "outcome_awards",
            "award_reports",
        )
    }
    surest = _surest(groups)
    for members in groups.members:
        outcome = _outcome(members, conferences, hosts)
        rows["outcomes"].append(outcome)
        rows["outcome_reports"] += _reports(outcome["id"], members, surest)
        told = [Report(one.text, figures.get(one.id, ())) for one in members]
        for ordinal, entry in enumerate(align(told, _topic, lambda row: (row["value"], row["value_max"]))):
            _add_value(rows, outcome, ordinal, entry, conferences, subjects)
        given = [Report(one.text, awards.get(one.id, ())) for one in members]
        for ordinal, entry in enumerate(align(given, _prize, lambda row: row["count"])):
            _add_award(rows, outcome, ordinal, entry)
    return rows


def _topic(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["indicator"], row["status"], row["unit"], row["subject"]


def _prize(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["form"], row["recipient_type"], row["grantors"]


def _outcome(
    members: list[Told], conferences: Mapping[str, Mapping[str, Any]], hosts: Mapping[str, str]
) -> Row:
    """The head of an outcome: from the report that tells each thing most surely, of equals the first."""
    told = [conferences[one.id] for one in members]
    first = told[0]
    dated = min(
        (row for row in told if row["date_start"]),
        key=lambda row: _BASES[row["date_basis"] or "unresolved"],
        default=first,
    )
    hosted = next((one for one in members if one.id in hosts), None)
    host = conferences[hosted.id] if hosted else first
    head: Row = {
        "id": f"o-{members[0].id}",
        "conference_id": members[0].id,
        "host_unit_id": hosts.get(hosted.id) if hosted else None,
        "host": host["host_canonical"],
        "name": next((row["name"] for row in told if row["name"]), None),
        "kind": first["kind"]
        if first["kind"] != "other"
        else next((r["kind"] for r in told if r["kind"] != "other"), "other"),
        "province_code": next(
            (
                code
                for row in told
                for code in (row["place_province_code"], row["host_province_code"])
                if code
            ),
            None,
        ),
        "articles": len({one.article for one in members}),
        "reports": len({one.text for one in members}),
        "differing": json.dumps(
            [name for name in _COMPARED if len({row[name] for row in told if row[name] is not None}) > 1]
        ),
    }
    for name in ("date_start", "date_end", "date_basis"):
        head[name] = dated[name]
    head["place_text"] = next((row["place_text"] for row in told if row["place_text"]), None)
    for period in ("review_period", "plan_period"):
        source = next((row for row in told if row[f"{period}_start"]), first)
        for part in ("label", "start", "end"):
            head[f"{period}_{part}"] = source[f"{period}_{part}"]
    return head


def _surest(groups: Groups) -> dict[str, Judgement]:
    """Conference → the surest judgement that links it to another, of equals the first."""
    found: dict[str, Judgement] = {}
    for pair, judged in groups.linked.items():
        for name in pair:
            if name not in found or judged.score > found[name].score:
                found[name] = judged
    return found


def _reports(outcome: str, members: list[Told], surest: Mapping[str, Judgement]) -> list[Row]:
    rows = []
    for one in members:
        best = surest.get(one.id)
        rows.append(
            {
                "id": one.id,
                "outcome_id": outcome,
                "conference_id": one.id,
                "article_id": one.article,
                "first": one is members[0],
                "reprint_of": one.text if one.text != one.article else None,
                "score": best.score if best else 1.0,
                "reason": best.reason if best else "the only report",
            }
        )
    return rows


def _add_value(
    rows: Rows,
    outcome: Row,
    ordinal: int,
    entry: Entry,
    conferences: Mapping[str, Mapping[str, Any]],
    subjects: Mapping[str, str],
) -> None:
    chosen = entry.chosen
    unit = subjects.get(chosen["id"]) if chosen["subject"] else outcome["host_unit_id"]
    identity = f"v-{entry.told[0][0]['id']}"
    years = (year_of(row, conferences[row["conference_id"]]) for row, agrees in entry.told if agrees)
    rows["outcome_values"].append(
        {
            "id": identity,
            "outcome_id": outcome["id"],
            "ordinal": ordinal,
            **{name: chosen[name] for name in ("indicator", "status", "unit", "subject", *_VALUE)},
            **{f"period_{part}": chosen[f"period_{part}"] for part in ("label", "start", "end")},
            "unit_id": unit,
            "year": next((year for year in years if year is not None), None),
            "agreement": entry.agreement,
            "reports": entry.reports,
            "confidence": chosen["confidence"],
            "figure_id": chosen["id"],
        }
    )
    rows["value_reports"] += [
        {"id": row["id"], "value_id": identity, "figure_id": row["id"], "agrees": agrees}
        for row, agrees in entry.told
    ]


def _add_award(rows: Rows, outcome: Row, ordinal: int, entry: Entry) -> None:
    chosen = entry.chosen
    identity = f"w-{entry.told[0][0]['id']}"
    rows["outcome_awards"].append(
        {
            "id": identity,
            "outcome_id": outcome["id"],
            "ordinal": ordinal,
            **{
                name: chosen[name]
                for name in ("form", "form_text", "grantors", "recipient_type", "count", "confidence")
            },
            "agreement": entry.agreement,
            "reports": entry.reports,
            "award_id": chosen["id"],
        }
    )
    rows["award_reports"] += [
        {"id": row["id"], "outcome_award_id": identity, "award_id": row["id"], "agrees": agrees}
        for row, agrees in entry.told
    ]
