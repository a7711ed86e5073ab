"""Changes between two readings as lines and a table for people, and as JSON for programs."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.diff import Totals
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
    if value is None or value in ([], {}):
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
    """Two values in words; of two lists only what one of them lacks, of objects of one name all."""
    if isinstance(old, list) and isinstance(new, list):
        old, new = [part for part in old if part not in new], [part for part in new if part not in old]
    shown = said(old), said(new)
    if shown[0] != shown[1]:
        return shown
    full = tuple(_full(side) for side in (old, new))
    return full[0], full[1]


def _full(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_full(part)}" for name, part in value.items())
    return "; ".join(map(_full, value)) if isinstance(value, list) else said(value)


class Listing:
    """Prints changes as they come, each article's under its name; after `limit` it only counts."""

    def __init__(self, limit: int | None) -> None:
        self._left = limit
        self._article: str | None = None
        self.hidden = 0

    def lines(self, change: Change) -> list[Text]:
        """The lines to print for the next change: none beyond the limit.

        e23d4a716bd4e053  bai-viet.txt
          figure changed «705 đoàn viên»: status target → achieved
        """
        if self._left is not None:
            if not self._left:
                self.hidden += 1
                return []
            self._left -= 1
        lines = []
        if change.article != self._article:
            self._article = change.article
            source = f"  {visible(change.source)}" if change.source else ""
            lines.append(Text.assemble((visible(change.article), "bold"), source))
        words = f" «{visible(change.words)}»" if change.words else ""
        line = Text.assemble(
            "  ", (f"{_SINGULAR[change.section]} {change.kind}", _STYLES[change.kind]), words
        )
        line.append(f": {visible(_what(change))}")
        return [*lines, line]


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
    title = f"{totals.old} articles → {totals.new} articles, {totals.same} of them read alike"
    table = Table("", title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in KINDS:
        table.add_column(name, justify="right")
    for section in SECTIONS if only is None else (only,):
        table.add_row(section, *(str(totals.changes[section, kind]) for kind in KINDS))
        for (of, name), count in totals.fields.most_common():
            if of == section:
                table.add_row(f"  {visible(name)}", "", "", str(count), style="dim")
    return table


def as_object(totals: Totals, changes: list[Change], *, only: Section | None) -> dict[str, Any]:
    """`{"articles": {"old", "new", "same"}, "counts": {"figures": {"gained", …, "fields": {…}}, …}, "changes": […]}`.

    A change is `{"article", "source", "section", "kind", "words", "start", "fields": {NAME: {"old", "new"}}}`.
    """
    counts = {
        section: {
            **{kind: totals.changes[section, kind] for kind in KINDS},
            "fields": {name: n for (of, name), n in totals.fields.most_common() if of == section},
        }
        for section in (SECTIONS if only is None else (only,))
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
