"""What changed between two outputs of `tongket extract` over the same articles: two versions of the extractors.

Articles pair by id; within one, figures and awards pair where their evidence overlaps, wherever their event went.
Rule names, ids of conferences and sources do not count: a renamed rule that reads the same is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from os.path import commonprefix
from typing import Any, Literal

from pipeline.diff_input import DiffError, Event, OldReports, ReadReport, open_reports, parse
from pipeline.diff_match import Found, bare, found, match, match_events, shift

Section = Literal["articles", "conferences", "units", "figures", "awards"]
Kind = Literal["gained", "lost", "changed"]
SECTIONS: tuple[Section, ...] = ("articles", "conferences", "units", "figures", "awards")
# Characters shown of a text that changed.
_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    `words` is the evidence, `start` its offset in the text of the side that has it (the new one, if both do); for a
    conference its name, for an article its title. `fields` are old and new value by name; of what was gained (lost) all
    fields, the old (new) value None.
    """

    article: str
    source: str | None
    section: Section
    kind: Kind
    words: str | None
    start: int | None
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Totals:
    """How many articles either side has, how many are equal, and how many changes of each kind there are."""

    old: int = 0
    new: int = 0
    same: int = 0
    changes: Counter[tuple[Section, Kind]] = field(default_factory=Counter)
    fields: Counter[tuple[Section, str]] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """One more change; its fields count where an item is on both sides."""
        self.changes[change.section, change.kind] += 1
        if change.kind == "changed":
            self.fields.update((change.section, name) for name in change.fields)


def compare(old: str, new: str, show: Callable[[Change], None], *, only: Section | None = None) -> Totals:
    """Every change between two files (`-` is standard input) to `show`, in the order of the new file; lost articles last.

    Raises `DiffError` naming file and line where one is no output of `tongket extract`.
    """
    if old == new == "-":
        raise DiffError("-: standard input cannot be both: give one of the two as a file")
    totals = Totals()
    with closing(open_reports(old)) as first, closing(open_reports(new)) as second:
        before = OldReports(first, old)
        totals.old = before.count
        seen: Counter[str] = Counter()
        for number, line in enumerate(second, 1):
            if not line.strip():
                continue
            report = parse(line, f"{new}:{number}")
            key = (report.article.id, seen[report.article.id])
            seen[report.article.id] += 1
            totals.new += 1
            taken = before.take(key)
            changes = [_whole(report, "gained")] if taken is None else compare_reports(parse(*taken), report)
            totals.same += not _tell(changes, totals, show, only)
        for report in before.left():
            _tell([_whole(report, "lost")], totals, show, only)
    return totals


def _tell(
    changes: list[Change], totals: Totals, show: Callable[[Change], None], only: Section | None
) -> bool:
    """Count and show the changes asked for; whether there were any."""
    wanted = [change for change in changes if only in (None, change.section)]
    for change in wanted:
        totals.add(change)
        show(change)
    return bool(wanted)


def compare_reports(old: ReadReport, new: ReadReport) -> list[Change]:
    """The changes between two readings of one article; empty where they say the same."""
    changes = _Changes(new)
    title = (new.article.model_extra or {}).get("title")
    changes.pair("articles", title, None, *_articles(old, new))
    events = match_events(old.conferences, new.conferences)
    for j, after in enumerate(new.conferences):
        if j in events:
            before = old.conferences[events[j]]
            changes.pair("conferences", _name(after, before), None, _event(before), _event(after))
        else:
            changes.one("conferences", "gained", _name(after), None, _event(after))
    for i, before in enumerate(old.conferences):
        if i not in events.values():
            changes.one("conferences", "lost", _name(before), None, _event(before))
    to_new = shift(old.article.text, new.article.text)
    for section, same in (("units", ("canonical", "role")), ("figures", ()), ("awards", ())):
        sides = [
            [item for n, event in enumerate(report.conferences) for item in found(getattr(event, section), n)]
            for report in (old, new)
        ]
        matched = match(*sides, to_new, same=same)
        for left, right in matched.pairs:
            a, b = dict(left.fields), dict(right.fields)
            if events.get(right.event) != left.event:
                a["conference"], b["conference"] = left.event + 1, right.event + 1
            place, words = to_new(left.place), (left.item.evidence.text, right.item.evidence.text)
            if words[0] != words[1]:
                a["evidence"], b["evidence"] = words
            elif place not in (None, right.place):
                a["offset"], b["offset"] = left.place[0], right.place[0]
            changes.pair(section, right.item.evidence.text, right.place[0], a, b)
        for kind, items in (("lost", matched.lost), ("gained", matched.gained)):
            for item in items:
                changes.item(section, kind, item)
    return changes.found


class _Changes:
    """The changes of one article, as they are found."""

    def __init__(self, report: ReadReport) -> None:
        self.article, self.source = report.article.id, report.article.source
        self.found: list[Change] = []

    def pair(
        self, section: Section, words: str | None, start: int | None, old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        """A change where a field differs; the fields in their order, those that only the old side has last."""
        fields = {
            name: (old.get(name), new.get(name)) for name in {**new, **old} if old.get(name) != new.get(name)
        }
        if fields:
            self._add(section, "changed", words, start, fields)

    def one(
        self, section: Section, kind: Kind, words: str | None, start: int | None, fields: dict[str, Any]
    ) -> None:
        """What only one side has, with all its fields."""
        sided = {name: (value, None) if kind == "lost" else (None, value) for name, value in fields.items()}
        self._add(section, kind, words, start, sided)

    def item(self, section: Section, kind: Kind, item: Found) -> None:
        """A figure, an award or a unit that only one side has."""
        self.one(section, kind, item.item.evidence.text, item.place[0], item.fields)

    def _add(
        self,
        section: Section,
        kind: Kind,
        words: str | None,
        start: int | None,
        fields: dict[str, tuple[Any, Any]],
    ) -> None:
        self.found.append(Change(self.article, self.source, section, kind, words, start, fields))


def _whole(report: ReadReport, kind: Kind) -> Change:
    """An article that only one side has: its figures are counted, not listed one by one."""
    changes = _Changes(report)
    sizes = {
        "conferences": len(report.conferences),
        "figures": sum(len(event.figures) for event in report.conferences),
        "awards": sum(len(event.awards) for event in report.conferences),
    }
    title = (report.article.model_extra or {}).get("title")
    changes.one("articles", kind, title, None, sizes)
    return changes.found[0]


def _articles(old: ReadReport, new: ReadReport) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two articles' fields; of texts that differ, some words from where they part."""
    fields = [dict[str, Any](bare(report.article.model_extra or {})) for report in (old, new)]
    texts = [old.article.text, new.article.text]
    if texts[0] != texts[1]:
        at = max(0, len(commonprefix(texts)) - _EXCERPT // 2)
        for side, text in zip(fields, texts, strict=True):
            side["text"] = f"{at}: {text[at : at + _EXCERPT]}"
    return fields[0], fields[1]


def _event(event: Event) -> dict[str, Any]:
    fields: dict[str, Any] = bare(event.model_extra or {})
    # A check points at figures by their index, which another figure above moves.
    if "checks" in fields:
        fields["checks"] = [
            {name: part for name, part in check.items() if name != "figures"}
            if isinstance(check, dict)
            else check
            for check in fields["checks"]
        ]
    return fields


def _name(event: Event, other: Event | None = None) -> str:
    """What to call a conference: its name, that of its other reading, or its id."""
    named = [(side.model_extra or {}).get("name") for side in (event, other) if side]
    return next((str(name) for name in named if name), event.id)
