"""The dataset linked: from what each article says to what happened. Everything is worked out anew, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from pipeline.dataset.corrected import View, corrected
from pipeline.dataset.database import lock_dataset, writing
from pipeline.dataset.decisions import Decided, decision_id
from pipeline.dataset.link.groups import Groups, group
from pipeline.dataset.link.outcomes import Rows, outcome_rows
from pipeline.dataset.link.reprints import Article, Reprint, find_reprints
from pipeline.dataset.link.review import item, reading_items
from pipeline.dataset.link.targets import TargetResult, link_targets
from pipeline.dataset.link.tellings import tellings
from pipeline.dataset.link.units import Named, Registry, register
from pipeline.dataset.link.write import write
from pipeline.dataset.schema import articles, awards, checks, conferences, figures, unit_mentions
from pipeline.summary import LinkSummary

Row = dict[str, Any]


def link(engine: Engine) -> LinkSummary:
    """Resolve units, group reprints and reports, hold targets against results, list what to review.

    People's decisions are followed; what they did not decide is worked out from the rows alone, so that the same rows
    and decisions give the same links, in whatever order they came. Whole or not at all.
    """
    with writing(engine).begin() as connection:
        return link_within(connection)


def link_within(connection: Connection) -> LinkSummary:
    """The same in a transaction of the caller's, which writes."""
    lock_dataset(connection)
    return _link(corrected(connection))


def _link(view: View) -> LinkSummary:
    heads = {row["id"]: row for row in view.rows(conferences)}
    texts = {row["id"]: row for row in view.rows(articles)}
    numbers = list(view.rows(figures))
    given = list(view.rows(awards))
    together = view.decided.together
    mentions = list(view.rows(unit_mentions))
    registry = register(_named(heads, texts, mentions), together("same_unit"), together("succession"))
    hosts = {name: registry.assigned[f"host {name}"] for name in heads if f"host {name}" in registry.assigned}
    subjects = _subjects(numbers, mentions, registry)
    reprints = find_reprints(
        (Article(row["id"], row["published_at"], row["text"]) for row in texts.values()), together("reprint")
    )
    told = tellings(
        heads.values(),
        texts,
        numbers,
        given,
        hosts=hosts,
        originals={one.copy: one.original for one in reprints},
        unsure=registry.unsure,
    )
    groups = group(told, together("same_conference"))
    rows = outcome_rows(groups, heads, _by_conference(numbers), _by_conference(given), hosts, subjects)
    happened = {row["id"]: row for row in rows["outcomes"]}
    found = link_targets(rows["outcome_values"], happened, registry.same_line, together("target_result"))
    rows["target_results"] = [_target_row(one) for one in found]
    _add_links(rows, registry, reprints, groups, found, view.decided)
    accepted = {name: one.accepted for name, one in view.by_table.items()}
    rows["review_items"] = [
        *reading_items(heads, texts, numbers, given, view.rows(checks), accepted),
        *_linking_items(rows, groups, view, heads),
    ]
    columns = {
        "conferences": {name: hosts.get(name) for name in heads},
        "unit_mentions": {row["id"]: registry.assigned.get(row["id"]) for row in mentions},
        "figures": {row["id"]: subjects.get(row["id"]) for row in numbers},
    }
    write(view.connection, registry.rows, rows, columns)
    return LinkSummary(
        outcomes=len(happened),
        told_twice=sum(1 for row in happened.values() if row["reports"] > 1),
        reprints=len(reprints),
        units=len(registry.rows),
        target_results=len(found),
        review_items=len(rows["review_items"]),
    )


def _named(heads: Mapping[str, Row], texts: Mapping[str, Row], mentions: list[Row]) -> list[Named]:
    """All places where a unit is named: hosts as `host ID`, mentions by their id."""
    codes: dict[str, Counter[str]] = defaultdict(Counter)
    for row in mentions:
        if row["province_code"]:
            codes[heads[row["conference_id"]]["article_id"]][row["province_code"]] += 1
    homes = {name: max(sorted(counts), key=lambda code: counts[code]) for name, counts in codes.items()}
    found = []
    for row in heads.values():
        if row["host_canonical"]:
            fields = ("name", "canonical", "type", "level", "province_code")
            host = {name: row[f"host_{name}"] for name in fields}
            found.append(
                _one(f"host {row['id']}", {**host, "type": host["type"] or "other"}, row, texts, homes)
            )
    found += [_one(row["id"], row, heads[row["conference_id"]], texts, homes) for row in mentions]
    return found


def _one(record: str, row: Row, head: Row, texts: Mapping[str, Row], homes: Mapping[str, str]) -> Named:
    on = head["date_start"] or (texts[head["article_id"]]["published_at"] or "")[:10] or None
    told = {name: row[name] for name in ("canonical", "type", "level", "province_code")}
    return Named(
        record=record, name=row["name"] or row["canonical"], home=homes.get(head["article_id"]), on=on, **told
    )


def _subjects(numbers: list[Row], mentions: list[Row], registry: Registry) -> dict[str, str]:
    """Figure → the unit that it is about, where it is not the host: one that its conference names."""
    known = {(row["conference_id"], row["canonical"]): registry.assigned.get(row["id"]) for row in mentions}
    found = {
        row["id"]: known.get((row["conference_id"], row["subject"])) for row in numbers if row["subject"]
    }
    return {name: unit for name, unit in found.items() if unit is not None}


def _by_conference(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["ordinal"]):
        found[row["conference_id"]].append(row)
    return found


def _target_row(one: TargetResult) -> Row:
    return {
        "id": f"t-{one.target['id']}",
        "unit_id": one.result["unit_id"],
        "indicator": one.target["indicator"],
        "unit": one.target["unit"],
        "year": one.target["year"],
        "target_value_id": one.target["id"],
        "result_value_id": one.result["id"],
        "target": one.target["value"],
        "target_number": one.target["value_number"],
        "result": format(one.value, "f"),
        "result_number": float(one.value),
        "attained": one.attained,
        "attained_pct": one.attained_pct,
        "claimed_pct": one.claimed_pct,
        "claim_holds": one.claim_holds,
        "score": one.score,
        "reason": one.reason,
    }


def _add_links(
    rows: Rows,
    registry: Registry,
    reprints: list[Reprint],
    groups: Groups,
    targets: list[TargetResult],
    decided: Decided,
) -> None:
    """A decision for each link and for each pair that was not sure, and the links in force."""
    judged = [("same_unit", *one, "linked") for one in registry.decisions]
    judged += [("succession", a, b, 1.0, reason, "linked") for a, b, reason in registry.successions]
    judged += [("reprint", one.copy, one.original, one.score, one.reason, "linked") for one in reprints]
    for verdict, pairs in (("linked", groups.linked), ("unsure", groups.unsure)):
        judged += [
            ("same_conference", *pair, one.score, one.reason, verdict) for pair, one in sorted(pairs.items())
        ]
    judged += [
        ("target_result", one.target["id"], one.result["id"], one.score, one.reason, "linked")
        for one in targets
    ]
    rows["decisions"], rows["links"] = [], []
    for kind, left, right, score, reason, verdict in judged:
        identity = decision_id(kind, left, right, human=False)
        about = {"kind": kind, "left_id": left, "right_id": right, "score": score, "reason": reason}
        if (human := decided.links.get(kind, {}).get((left, right))) is not None:
            rows["links"].append({"id": f"l{identity[1:]}", **about, "decision_id": human["id"]})
            continue
        made = {"id": identity, **about, "verdict": verdict, "human": False, "decided_by": f"rule {kind}"}
        rows["decisions"].append(made)
        if verdict == "linked":
            rows["links"].append({"id": f"l{identity[1:]}", **about, "decision_id": identity})


def _linking_items(rows: Rows, groups: Groups, view: View, heads: Mapping[str, Row]) -> list[Row]:
    found = []
    for (left, right), judged in sorted(groups.unsure.items()):
        article = heads[left]["article_id"]
        told = f"{heads[left]['name'] or heads[left]['kind']} / {heads[right]['name'] or heads[right]['kind']}: {judged.reason}"
        found.append(
            item(
                "unsure_link",
                "conferences",
                left,
                other=right,
                article=article,
                value=str(judged.score),
                sentence=told,
            )
        )
    of_outcome = {row["id"]: heads[row["conference_id"]]["article_id"] for row in rows["outcomes"]}
    for row in rows["outcome_values"]:
        if row["agreement"] == "differ":
            article = of_outcome[row["outcome_id"]]
            found.append(
                item(
                    "reports_differ",
                    "outcome_values",
                    row["id"],
                    article=article,
                    field="value",
                    value=row["value"],
                )
            )
    values = {row["id"]: row for row in rows["outcome_values"]}
    for row in rows["target_results"]:
        if row["claim_holds"] is False:
            article = of_outcome[values[row["result_value_id"]]["outcome_id"]]
            told = f"{row['result']} of {row['target']} is {row['attained_pct']}%, the report says {row['claimed_pct']}%"
            found.append(
                item(
                    "claim_contradicted", "target_results", row["id"], article=article, field="claimed_pct",
                    value=str(row["claimed_pct"]), sentence=told,
                )
            )  # fmt: skip
    for row in view.lost:
        told = f"{row['field'] or row['kind']} = {row['value']}"
        about = {"field": row["field"], "value": row["left_id"], "sentence": told}
        found.append(item("lost_decision", row["right_id"], row["id"], **about))
    there = {"same_conference": heads.keys(), "target_result": values.keys()}
    for kind, known in there.items():
        for (left, right), made in sorted(view.decided.links.get(kind, {}).items()):
            if not {left, right} <= known:
                told = f"{made['verdict']}: {left} and {right}"
                found.append(item("lost_decision", kind, made["id"], other=right, value=left, sentence=told))
    return found
