"""Changes between two readings as lines and a table for people, and as JSON for programs."""

from __future__ import annotations

import json
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.diff import Totals, compare
from pipeline.diff_article import KINDS, SECTIONS, Change, Section
from pipeline.tables import visible

_STYLES = {"gained": "green", "lost": "red", "changed": "yellow"}
_SINGULAR = {
    "articles": "article", "conferences": "conference", "units": "unit", "figures": "figure", "awards": "award",
}  # fmt: skip
# What tells an item at a glance, where all of it is gained or lost.
_TELLING = {
    "articles": ("conferences", "figures", "awards"),
    "conferences": ("kind", "host", "date"),
    "units": ("role", "canonical", "type", "level"),
    "figures": ("value", "value_max", "unit", "indicator", "status"),
    "awards": ("form", "recipient_type", "count", "grantors"),
}
# Of an object, what stands for it: a unit's canonical name, a period's label, a place's text.
_NAMING = ("canonical", "label", "text", "name")


def said(value: Any) -> str:
    """A JSON value in few words; a dash for None.

    >>> said({"canonical": "Liên đoàn Lao động tỉnh Cà Mau", "level": "province"}), said(None), said(["a", "b"])
    ('Liên đoàn Lao động tỉnh Cà Mau', '–', 'a; b')
    """
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(map(said, value))
    if isinstance(value, dict):
        name = next((str(value[key]) for key in _NAMING if value.get(key)), None)
        return name or " ".join(map(said, value.values()))
    return str(value)


def _differing(old: Any, new: Any) -> tuple[str, str]:
    """Two values in words: of two lists what the other lacks, of two objects of one name the parts that differ.

    >>> _differing({"canonical": "LĐLĐ", "level": "district"}, {"canonical": "LĐLĐ", "level": "province"})
    ('level district', 'level province')
    """
    if isinstance(old, list) and isinstance(new, list):
        old, new = [part for part in old if part not in new], [part for part in new if part not in old]
        if len(old) == len(new) == 1:
            return _differing(old[0], new[0])
    if isinstance(old, dict) and isinstance(new, dict) and said(old) == said(new):
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        a, b = (", ".join(f"{name} {said(side.get(name))}" for name in names) for side in (old, new))
        return a, b
    return said(old), said(new)


def print_diff(old: str, new: str, *, only: Section | None, limit: int | None, as_json: bool) -> bool:
    """Print what `tongket diff` prints, at most `limit` changes; whether nothing differs. Raises `DiffError`."""
    console = Console(highlight=False)
    kept: list[Change] = []
    left = limit
    article: str | None = None

    def show(change: Change) -> None:
        nonlocal left, article
        if left is not None:
            if not left:
                return
            left -= 1
        if as_json:
            kept.append(change)
            return
        if change.article != article:
            article = change.article
            source = f"  {visible(change.source)}" if change.source else ""
            console.print(Text.assemble((visible(article), "bold"), source), soft_wrap=True)
        console.print(line(change), soft_wrap=True)

    totals = compare(old, new, show, only=only)
    if as_json:
        console.file.write(json.dumps(as_object(totals, kept, only=only), ensure_ascii=False) + "\n")
    else:
        hidden = 0 if limit is None else totals.changes.total() - limit
        if hidden > 0:
            console.print(f"… and {hidden} more: --limit {totals.changes.total()} lists them")
        told = f"{totals.old} articles → {totals.new} articles, {totals.same} of them read alike"
        console.print(told, totals_table(totals, only=only), sep="\n")
    return not totals.changes


def line(change: Change) -> Text:
    """One change: `  figure changed «705 đoàn viên»: status target → achieved`."""
    words = f" «{visible(change.words)}»" if change.words else ""
    head = Text.assemble("  ", (f"{_SINGULAR[change.section]} {change.kind}", _STYLES[change.kind]), words)
    return head.append(f": {visible(_what(change))}")


def _what(change: Change) -> str:
    if change.kind == "changed":
        pairs = ((name, *_differing(*values)) for name, values in change.fields.items())
        return "; ".join(f"{name} {old} → {new}" for name, old, new in pairs)
    side = 0 if change.kind == "lost" else 1
    fields = {name: values[side] for name, values in change.fields.items()}
    if change.section == "articles":
        return ", ".join(f"{fields[name]} {name}" for name in _TELLING["articles"])
    return " ".join(said(fields[name]) for name in _TELLING[change.section] if fields.get(name) is not None)


def totals_table(totals: Totals, *, only: Section | None) -> Table:
    """How many were gained, lost and changed of each section, and below each in which fields."""
    table = Table("", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in KINDS:
        table.add_column(name, justify="right")
    for section in _sections(only):
        table.add_row(section, *(str(totals.changes[section, kind]) for kind in KINDS))
        for (of, field), count in totals.fields.most_common():
            if of == section:
                table.add_row(f"  {visible(field)}", "", "", str(count), style="dim")
    return table


def _sections(only: Section | None) -> tuple[Section, ...]:
    return SECTIONS if only is None else (only,)


def as_object(totals: Totals, changes: list[Change], *, only: Section | None) -> dict[str, Any]:
    """`{"articles": {"old", "new", "same"}, "counts": {"figures": {"gained", …, "fields": {…}}, …}, "changes": […]}`.

    A change is `{"article", "source", "section", "kind", "words", "start", "fields": {NAME: {"old", "new"}}}`.
    """
    counts = {
        section: {
            **{kind: totals.changes[section, kind] for kind in KINDS},
            "fields": {name: n for (of, name), n in totals.fields.most_common() if of == section},
        }
        for section in _sections(only)
    }
    listed = [
        {
            "article": change.article, "source": change.source, "section": change.section, "kind": change.kind,
            "words": change.words, "start": change.start,
            "fields": {name: {"old": old, "new": new} for name, (old, new) in change.fields.items()},
        }
        for change in changes
    ]  # fmt: skip
    return {
        "articles": {"old": totals.old, "new": totals.new, "same": totals.same},
        "counts": counts,
        "changes": listed,
    }
