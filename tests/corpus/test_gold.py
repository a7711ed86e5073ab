"""The gold set keeps to its own rules: known codes, quotes that stand once, ISO dates, decimal values."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

import pytest

from extractors import records
from extractors.text import normalise

GOLD = Path(__file__).parents[2] / "corpus" / "gold"
NAMES = sorted(path.stem for path in GOLD.glob("*.json"))

Row = dict[str, Any]

TOP_KEYS = {"id", "title", "published", "relevant", "quality", "note", "conferences"}
CONFERENCE_KEYS = {
    "kind", "host", "date", "place", "review_period", "plan_period", "units", "people", "figures", "awards",
}  # fmt: skip
# Which keys a row must have, and which it may have besides.
FIGURE_KEYS = ({"indicator", "value", "unit", "modifier", "status", "quote"},
               {"value_max", "of", "attainment_pct", "share_pct", "in", "optional"})  # fmt: skip
AWARD_KEYS = ({"form", "recipient_type", "count", "grantors", "quote"}, {"in", "optional"})
UNIT_KEYS = ({"canonical", "role"}, set[str]())
PERSON_KEYS = ({"name", "position", "unit"}, set[str]())
DATE_BASES = {"explicit", "publication", "context", "unresolved"}
SESSIONS = {"morning", "afternoon", "evening", None}


def fold(text: str) -> str:
    """`text` normalised, each run of white space as one blank: how a quote is looked up."""
    return " ".join(normalise(text).split())


def is_date(value: object) -> bool:
    """True of an ISO day such as `2025-01-09`, not of `9/1/2025` or of a day that no calendar has."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_decimal(value: object) -> bool:
    """True of a string like `236899800` or `88.2`; a JSON float would lose digits."""
    try:
        return isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def keys_of(row: Row, keys: tuple[set[str], set[str]], where: str) -> Iterator[str]:
    required, allowed = keys
    for key in sorted(required - row.keys()):
        yield f"{where}: no {key}"
    for key in sorted(row.keys() - required - allowed):
        yield f"{where}: unknown key {key}"


def code_of(row: Row, key: str, literal: object, where: str) -> Iterator[str]:
    if key in row and row[key] not in get_args(literal):
        yield f"{where}: {key} {row[key]!r} is no code of extractors.records"


def quote_of(row: Row, text: str, where: str) -> Iterator[str]:
    """A quote stands once in the text, or once inside a context that does."""
    quote = fold(row.get("quote", ""))
    context = fold(row.get("in") or row.get("quote", ""))
    if not quote:
        yield f"{where}: empty quote"
    elif text.count(context) != 1:
        yield f"{where}: {context!r} stands {text.count(context)} times in the text, not once; lengthen `in`"
    elif context.count(quote) != 1:
        yield f"{where}: {quote!r} stands {context.count(quote)} times in its context, not once"


def figure_problems(row: Row, text: str, where: str) -> Iterator[str]:
    yield from keys_of(row, FIGURE_KEYS, where)
    for key, literal in (("indicator", records.Indicator), ("unit", records.UnitCode),
                         ("modifier", records.Modifier), ("status", records.Status)):  # fmt: skip
        yield from code_of(row, key, literal, where)
    for key in ("value", "value_max"):
        if key in row and not is_decimal(row[key]):
            yield f"{where}: {key} {row[key]!r} is no decimal number in a string"
    if "of" in row and (not isinstance(row["of"], int) or Decimal(row["of"]) < Decimal(row["value"])):
        yield f"{where}: of {row['of']!r} is no whole that could hold {row['value']}"
    yield from quote_of(row, text, where)


def award_problems(row: Row, text: str, where: str) -> Iterator[str]:
    yield from keys_of(row, AWARD_KEYS, where)
    yield from code_of(row, "form", records.AwardForm, where)
    yield from code_of(row, "recipient_type", records.RecipientType, where)
    if row.get("count") is not None and (not isinstance(row["count"], int) or row["count"] < 1):
        yield f"{where}: count {row['count']!r} is no whole number above 0"
    yield from quote_of(row, text, where)


def date_problems(when: Row, where: str) -> Iterator[str]:
    start, end, basis = when.get("start"), when.get("end"), when.get("basis")
    if basis not in DATE_BASES:
        yield f"{where}: basis {basis!r} is unknown"
    if when.get("session") not in SESSIONS:
        yield f"{where}: session {when.get('session')!r} is unknown"
    if (start is None) != (basis == "unresolved"):
        yield f"{where}: a day is missing exactly where the basis is unresolved"
    if start is not None and not is_date(start):
        yield f"{where}: start {start!r} is no ISO date"
    if end is not None and not (is_date(end) and is_date(start) and start < end):
        yield f"{where}: end {end!r} is no ISO date after {start}"


def conference_problems(conference: Row, text: str, where: str) -> Iterator[str]:
    if conference.keys() != CONFERENCE_KEYS:
        yield f"{where}: keys differ: {sorted(conference.keys() ^ CONFERENCE_KEYS)}"
        return
    yield from code_of(conference, "kind", records.ConferenceKind, where)
    yield from date_problems(conference["date"], f"{where} date")
    for key in ("review_period", "plan_period"):
        period = conference[key]
        if period and not (
            is_date(period["start"]) and is_date(period["end"]) and period["start"] < period["end"]
        ):
            yield f"{where} {key}: {period} is no period"
    for i, unit in enumerate(conference["units"]):
        yield from keys_of(unit, UNIT_KEYS, f"{where} unit {i}")
        yield from code_of(unit, "role", records.UnitRole, f"{where} unit {i}")
    hosts = [u["canonical"] for u in conference["units"] if u.get("role") == "host"]
    if hosts[:1] != ([conference["host"]] if conference["host"] else []):
        yield f"{where}: host {conference['host']!r} and the units' hosts {hosts} differ"
    for i, person in enumerate(conference["people"]):
        yield from keys_of(person, PERSON_KEYS, f"{where} person {i}")
        if fold(person.get("name", "")) not in text:
            yield f"{where} person {i}: {person.get('name')!r} is not in the text"
    for i, figure in enumerate(conference["figures"]):
        yield from figure_problems(figure, text, f"{where} figure {i}")
    for i, award in enumerate(conference["awards"]):
        yield from award_problems(award, text, f"{where} award {i}")
    # The host has its row already: a grantor's row is for a giver who is not the host.
    grantors = {u["canonical"] for u in conference["units"] if u.get("role") in {"grantor", "host"}}
    for grantor in sorted({g for a in conference["awards"] for g in a.get("grantors", [])} - grantors):
        yield f"{where}: grantor {grantor!r} of an award is not among the units"


def problems(gold: Row, name: str, text: str) -> list[str]:
    """What is wrong with one gold article; empty where nothing is. `text` is the file as it stands."""
    folded = fold(text)
    found = list(keys_of(gold, (TOP_KEYS, {"url"}), name))
    if gold.get("id") != name:
        found.append(f"{name}: id {gold.get('id')!r} is not the file's name")
    if gold.get("title") and not folded.startswith(fold(gold["title"])):
        found.append(f"{name}: the text does not begin with the title")
    published = gold.get("published")
    if published and datetime.fromisoformat(published).tzinfo is None:
        found.append(f"{name}: published {published!r} has no offset")
    unknown = set(gold.get("quality", [])) - set(get_args(records.QualityFlag))
    found += [f"{name}: quality {flag!r} is unknown" for flag in sorted(unknown)]
    if gold.get("relevant") and not gold.get("conferences"):
        found.append(f"{name}: relevant, but no conference")
    for i, conference in enumerate(gold.get("conferences", [])):
        found += conference_problems(conference, folded, f"{name} conference {i}")
    return found


def load(name: str) -> tuple[Row, str]:
    gold: Row = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    return gold, (GOLD / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_gold_keeps_its_rules(name: str) -> None:
    gold, text = load(name)
    assert problems(gold, name, text) == []


def test_texts_and_records_come_in_pairs() -> None:
    assert sorted(path.stem for path in GOLD.glob("*.txt")) == NAMES
    assert len(NAMES) >= 16


def first(gold: Row, kind: str) -> Row:
    row: Row = gold["conferences"][0][kind][0]
    return row


# Each row breaks a good article in one place and names the words of the complaint: the check can fail.
BROKEN: list[tuple[Callable[[Row], object], str]] = [
    (lambda g: first(g, "figures").update(indicator="members"), "indicator 'members' is no code"),
    (lambda g: first(g, "figures").update(unit="đồng"), "unit 'đồng' is no code"),
    (lambda g: first(g, "figures").update(value=3e9), "no decimal number in a string"),
    (lambda g: first(g, "figures").update(value="3,5"), "no decimal number in a string"),
    (lambda g: first(g, "figures").update(quote="bốn tỷ đồng"), "stands 0 times in the text"),
    (lambda g: first(g, "figures").update(quote="đoàn viên"), "times in the text, not once"),
    (
        lambda g: first(g, "figures").update(quote="ngàn", **{"in": "hai ngàn suất quà, ngàn"}),
        "stands 0 times",
    ),
    (lambda g: first(g, "figures").update(of=2), "no whole that could hold"),
    (lambda g: first(g, "figures").pop("status"), "no status"),
    (lambda g: first(g, "figures").update(note="?"), "unknown key note"),
    (lambda g: first(g, "awards").update(form="medal"), "form 'medal' is no code"),
    (lambda g: first(g, "awards").update(count=0), "count 0 is no whole number"),
    (lambda g: first(g, "awards").update(grantors=["UBND tỉnh"]), "is not among the units"),
    (lambda g: first(g, "units").update(role="organiser"), "role 'organiser' is no code"),
    (lambda g: first(g, "people").update(name="Trần Không Có"), "is not in the text"),
    (lambda g: g["conferences"][0].update(kind="meeting"), "kind 'meeting' is no code"),
    (lambda g: g["conferences"][0].update(host="LĐLĐ tỉnh"), "differ"),
    (lambda g: g["conferences"][0]["date"].update(start="2025-02-30"), "is no ISO date"),
    (lambda g: g["conferences"][0]["date"].update(start=None), "exactly where the basis is unresolved"),
    (lambda g: g.update(quality=["spam"]), "quality 'spam' is unknown"),
    (lambda g: g.update(published="2025-01-09T18:20:00"), "has no offset"),
    (lambda g: g.update(title="Đầu đề khác"), "does not begin with the title"),
    (lambda g: g.update(conferences=[]), "relevant, but no conference"),
]


@pytest.mark.parametrize(("spoil", "complaint"), BROKEN, ids=[words for _, words in BROKEN])
def test_the_check_sees_what_is_broken(spoil: Callable[[Row], object], complaint: str) -> None:
    gold, text = load("nghe-an-tong-ket-2024")
    broken = copy.deepcopy(gold)
    spoil(broken)
    found = problems(broken, "nghe-an-tong-ket-2024", text)
    assert len([p for p in found if complaint in p]) == 1, found


def test_the_set_keeps_its_hard_cases() -> None:
    """An edit must not lose the cases that the set was written for."""
    golds = [load(name)[0] for name in NAMES]
    conferences = [c for g in golds for c in g["conferences"]]
    assert {c["date"]["basis"] for c in conferences} == DATE_BASES
    assert {"spam_injection", "boilerplate", "broken_words", "truncated"} <= {
        q for g in golds for q in g["quality"]
    }
    assert len([g for g in golds if not g["relevant"]]) >= 2
    assert any(len(g["conferences"]) == 2 for g in golds)
    assert len({c["kind"] for c in conferences}) >= 9
    modifiers = {f["modifier"] for c in conferences for f in c["figures"]}
    assert modifiers == set(get_args(records.Modifier))
    old_page = load("moc-chau-dai-hoi-2018")[1]
    assert "\u00d0" in old_page
    assert "\u00ad" in old_page
    assert unicodedata.normalize("NFC", old_page) != old_page
