"""What changed between two readings of one article.

Rule names, ids of conferences and the article's `source` do not count: a renamed rule that reads the same is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from pipeline.diff_input import Event, Item, ReadReport
from pipeline.diff_match import Found, Shift, bare, found, match, match_events, shift

Section = Literal["articles", "conferences", "units", "figures", "awards"]
Kind = Literal["gained", "lost", "changed"]
SECTIONS: tuple[Section, ...] = ("articles", "conferences", "units", "figures", "awards")
KINDS: tuple[Kind, ...] = ("gained", "lost", "changed")
Fields = dict[str, Any]
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


def whole(report: ReadReport, kind: Kind) -> Change:
    """An article that only one side has: its figures are counted, not listed one by one."""
    events = report.conferences
    sizes = {
        "conferences": len(events),
        "figures": sum(len(event.figures) for event in events),
        "awards": sum(len(event.awards) for event in events),
    }
    return _Changes(report).one("articles", kind, _title(report), None, sizes)


def compare_reports(old: ReadReport, new: ReadReport) -> list[Change]:
    """The changes between two readings of one article; empty where they say the same."""
    changes = _Changes(new)
    changes.pair("articles", _title(new), None, *_articles(old, new))
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
    changes.items("units", *_both(old, new, lambda e: e.units), to_new, events, same=("canonical", "role"))
    changes.items("figures", *_both(old, new, lambda e: e.figures), to_new, events)
    changes.items("awards", *_both(old, new, lambda e: e.awards), to_new, events)
    return changes.found


def _both(
    old: ReadReport, new: ReadReport, items: Callable[[Event], list[Item]]
) -> tuple[list[Found], list[Found]]:
    """One sort of items of either reading, all events' in one list: an item may change its event."""
    a, b = (
        [item for n, event in enumerate(report.conferences) for item in found(items(event), n)]
        for report in (old, new)
    )
    return a, b


class _Changes:
    """The changes of one article, as they are found."""

    def __init__(self, report: ReadReport) -> None:
        self.article, self.source = report.article.id, report.article.source
        self.found: list[Change] = []

    def pair(self, section: Section, words: str | None, start: int | None, old: Fields, new: Fields) -> None:
        """A change where a field differs; fields that only the old side has come last."""
        names = [name for name in {**new, **old} if old.get(name) != new.get(name)]
        if names:
            fields = {name: (old.get(name), new.get(name)) for name in names}
            self.found.append(Change(self.article, self.source, section, "changed", words, start, fields))

    def one(
        self, section: Section, kind: Kind, words: str | None, start: int | None, fields: Fields
    ) -> Change:
        """What only one side has, with all its fields."""
        sided = {name: (value, None) if kind == "lost" else (None, value) for name, value in fields.items()}
        self.found.append(Change(self.article, self.source, section, kind, words, start, sided))
        return self.found[-1]

    def items(
        self, section: Section, old: Sequence[Found], new: Sequence[Found], to_new: Shift,
        events: dict[int, int], *, same: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """The figures, awards or units of two readings; `events` is the old event of each new one."""
        matched = match(old, new, to_new, same=same)
        for before, after in matched.pairs:
            a, b = dict(before.fields), dict(after.fields)
            if events.get(after.event) != before.event:
                a["conference"], b["conference"] = before.event + 1, after.event + 1
            if before.words != after.words:
                a["evidence"], b["evidence"] = before.words, after.words
            elif to_new(before.place) not in (None, after.place):
                a["offset"], b["offset"] = before.place[0], after.place[0]
            self.pair(section, after.words, after.place[0], a, b)
        for item in matched.lost:
            self.one(section, "lost", item.words, item.place[0], item.fields)
        for item in matched.gained:
            self.one(section, "gained", item.words, item.place[0], item.fields)


def _articles(old: ReadReport, new: ReadReport) -> tuple[Fields, Fields]:
    """The two articles' fields; of texts that differ, some words from where they part."""
    a, b = (dict[str, Any](bare(report.article.model_extra or {})) for report in (old, new))
    texts = old.article.text, new.article.text
    if texts[0] != texts[1]:
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
        at = max(0, alike - _EXCERPT // 2)
        a["text"], b["text"] = (f"from {at}: {text[at : at + _EXCERPT]}" for text in texts)
    return a, b


def _event(event: Event) -> Fields:
    fields: Fields = bare(event.model_extra or {})
    # A check points at figures by their index, which another figure above moves.
    for check in fields.get("checks", []):
        if isinstance(check, dict):
            check.pop("figures", None)
    return fields


def _name(event: Event, other: Event | None = None) -> str:
    """What to call a conference: its name, that of its other reading, or its id."""
    named = [(side.model_extra or {}).get("name") for side in (event, other) if side]
    return next((str(name) for name in named if name), event.id)


def _title(report: ReadReport) -> str | None:
    title = (report.article.model_extra or {}).get("title")
    return str(title) if title else None
