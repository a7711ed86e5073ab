"""Figures, awards, units and events against their tables: the share of rows read right must not fall below its floor.

No table is read right in every row; `tests/cases/floors.toml` says how much must be, and the rows that are not read right
stand in the message of a failure. `failing("figures")` lists them at any time:

    .venv/bin/python -c 'from tests.extractors.test_specification_tables import failing; print(*failing("units"), sep="\n")'
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

import extractors
from extractors.events import scene
from extractors.nlp import Reading, read_texts
from extractors.places import article_province
from extractors.records import Award, EventDate, Figure
from extractors.segments import segment
from extractors.text import normalise
from extractors.units import find_units
from tests.extractors.tables import CASES, Row, rows

Items = Counter[object]
_GRANTORS = re.compile(r"\[by=(.*)\]")


def text_of(row: Row) -> str:
    """The text of a row as the extractors get it."""
    return normalise(row["text"].replace(" ¶ ", "\n"))


def reading_of(row: Row) -> Reading:
    segments = segment(text_of(row))
    reading = Reading("case", None, None, True, segments, scene(segments, None))
    read_texts([reading])
    return reading


def plain(value: Decimal | float) -> str:
    """`100` for 100.0, `68.75`, and never an exponent: how the tables write a number."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown_figure(figure: Figure) -> str:
    """`10000000..15000000 vnd care_spending target about of=20 att=88.2 share=20`, the last four where they apply."""
    upper = "" if figure.value_max is None else f"..{plain(figure.value_max)}"
    words = [plain(figure.value) + upper, figure.unit, figure.indicator, figure.status]
    words += [figure.modifier] if figure.modifier != "exact" else []
    for name, value in (("of", figure.of), ("att", figure.attainment_pct), ("share", figure.share_pct)):
        words += [f"{name}={plain(value)}"] if value is not None else []
    return " ".join(words)


def shown_award(award: Award) -> str:
    """`certificate_of_merit collective 12 [by=Liên đoàn Lao động tỉnh Hà Giang]`; `-` is a count unsaid."""
    count = "-" if award.count is None else award.count
    by = f" [by={', '.join(award.grantors)}]" if award.grantors else ""
    return f"{award.form} {award.recipient_type} {count}{by}"


def shown_date(date: EventDate) -> str:
    """`2022-08-11..2022-08-12`, or `unresolved`."""
    if date.start is None:
        return "unresolved"
    return date.start if date.end in (None, date.start) else f"{date.start}..{date.end}"


def figure_key(words: str) -> object:
    """A modifier may stand before or after `att=`: only what is said counts."""
    return sorted(words.split())


def award_key(words: str) -> object:
    """Grantors in any order and case."""
    by = _GRANTORS.search(words)
    return _GRANTORS.sub("", words).split(), sorted(by[1].casefold().split(", ")) if by else []


def unit_key(words: str) -> object:
    """`name as written → canonical | type | level` without the name, the canonical one in any case."""
    canonical, kind, level = (part.strip() for part in words.rsplit("→", maxsplit=1)[-1].split("|"))
    return canonical.casefold(), kind, level


def differs(expected: str, got: list[str], key: Callable[[str], object], *, once: bool = False) -> str | None:
    """What was read, where it is not what was expected: the same items, in any order (with `once`, each counted once)."""
    wanted = [] if expected == "none" else expected.split("; ")
    sides = [Counter(map(repr, map(key, items))) for items in (wanted, got)]
    if once:
        sides = [Counter(set(side)) for side in sides]
    return None if sides[0] == sides[1] else "; ".join(got) or "none"


def wrong_figures(row: Row) -> str | None:
    return differs(row["expected"], [shown_figure(f) for f in reading_of(row).figures], figure_key)


def wrong_awards(row: Row) -> str | None:
    return differs(row["expected"], [shown_award(a) for a in reading_of(row).awards], award_key)


def wrong_units(row: Row) -> str | None:
    text = text_of(row)
    units = find_units(text, home=article_province(text))
    got = [f"{u.name} → {u.canonical} | {u.type} | {u.level or '-'}" for u in units]
    return differs(row["expected"], got, unit_key, once=True)


def wrong_events(row: Row) -> str | None:
    """The first event against the row, column by column; only the columns that differ are told."""
    given = {name: None if row[name] == "-" else row[name] for name in ("title", "published")}
    report = extractors.read(row["text"].replace(" ¶ ", "\n"), everything=True, **given)
    if not report.conferences:
        return "no event"
    event = report.conferences[0]
    got = {
        "kind": event.kind,
        "host": event.host.canonical if event.host else "-",
        "date": shown_date(event.date),
        "basis": event.date.basis,
        "review": event.review_period.label if event.review_period else "-",
    }
    wrong = [f"{name} {value}" for name, value in got.items() if value.casefold() != row[name].casefold()]
    return "; ".join(wrong) or None


WRONG: dict[str, Callable[[Row], str | None]] = {
    "figures": wrong_figures,
    "awards": wrong_awards,
    "units": wrong_units,
    "events": wrong_events,
}
_EVENT = ("kind", "host", "date", "basis", "review")


def failing(name: str) -> list[str]:
    """The rows of `tests/cases/NAME.tsv` that are not read right: line, what it proves, expected, got."""
    found = []
    for row in rows(name):
        got = WRONG[name](row)
        if got is not None:
            expected = "; ".join(f"{c} {row[c]}" for c in _EVENT) if name == "events" else row["expected"]
            found.append(
                f"{row.id}\n    text      {row['text']}\n    expected  {expected}\n    got       {got}"
            )
    return found


FLOORS: dict[str, float] = tomllib.loads((CASES / "floors.toml").read_text(encoding="utf-8"))
del FLOORS["linking"]  # tests/pipeline/link sees to those


def test_every_table_has_its_floor() -> None:
    assert FLOORS.keys() == WRONG.keys()


@pytest.mark.parametrize("name", WRONG)
def test_the_share_of_rows_read_right(name: str) -> None:
    wrong, n = failing(name), len(rows(name))
    share = (n - len(wrong)) / n
    told = f"{name}.tsv: {n - len(wrong)} of {n} rows are read right, {share:.3f}, below the floor of {FLOORS[name]}"
    assert share >= FLOORS[name], "\n".join([told, *wrong])


A, B = "Liên đoàn Lao động huyện A", "Liên đoàn Lao động tỉnh B"


@pytest.mark.parametrize(
    ("key", "expected", "got", "right", "proves"),
    [
        (figure_key, "none", [], True, "nothing in a text with nothing to find"),
        (figure_key, "none", ["5 house houses_supported achieved"], False, "a false alarm"),
        (figure_key, "5 house houses_supported achieved", [], False, "a miss"),
        (figure_key, "5 gift other target nearly att=9", ["5 gift other target att=9 nearly"], True, "any order of words"),
        (figure_key, "5 gift other target nearly", ["5 gift other target"], False, "the modifier counts"),
        (figure_key, "2 gift other target; 3 gift other target", ["3 gift other target", "2 gift other target"], True, "any order of figures"),
        (figure_key, "2 gift other target; 2 gift other target", ["2 gift other target"], False, "two alike are two"),
        (award_key, f"badge mixed 1 [by={A}, {B}]", [f"badge mixed 1 [by={B}, {A.upper()}]"], True, "any order and case of givers"),
        (award_key, f"badge mixed 1 [by={A}]", ["badge mixed 1"], False, "the giver counts"),
        (award_key, "badge mixed -", ["badge mixed 1"], False, "a count unsaid is not one"),
        (unit_key, f"LĐLĐ huyện → {A} | federation | district", [f"LĐLĐ huyện A → {A} | federation | district"], True, "the name as written does not count"),
        (unit_key, f"LĐLĐ → {A} | federation | district", [f"LĐLĐ → {A} | federation | -"], False, "the level counts"),
    ],
)  # fmt: skip
def test_what_counts_as_read_right(
    key: Callable[[str], object], expected: str, got: list[str], right: bool, proves: str
) -> None:
    assert (differs(expected, got, key) is None) is right, proves


def test_a_unit_named_twice_is_one_of_a_set() -> None:
    item = f"LĐLĐ huyện A → {A} | federation | district"
    assert differs(item, [item, item], unit_key, once=True) is None
    assert differs(item, [item, item], unit_key) == f"{item}; {item}"
