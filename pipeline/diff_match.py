"""Which item of one reading is which of another: by where their evidence stands in the article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pipeline.diff_input import Event, Item

Place = tuple[int, int]
Shift = Callable[[Place], Place | None]
# These say where a value stands and which rule read it, not what it is.
_NO_VALUE = {"evidence", "sentence"}


@dataclass(frozen=True, slots=True)
class Found:
    """An item, which event of its article it belongs to, and its fields without offsets."""

    item: Item
    event: int
    fields: dict[str, Any]

    @property
    def place(self) -> Place:
        """The offsets of the evidence."""
        return self.item.evidence.start, self.item.evidence.end

    @property
    def words(self) -> str:
        """The evidence."""
        return self.item.evidence.text


@dataclass(frozen=True, slots=True)
class Matched:
    """The pairs in the order of the new items, the old items left over, the new ones left over."""

    pairs: list[tuple[Found, Found]]
    lost: list[Found]
    gained: list[Found]


def bare(value: Any) -> Any:
    """A JSON value without offsets and rule names; what is empty is left out, so that unsaid and empty are the same.

    >>> bare({"label": "năm 2024", "of": None, "evidence": {"start": 3}})
    {'label': 'năm 2024'}
    """
    if isinstance(value, dict):
        kept = {name: bare(part) for name, part in value.items() if name not in _NO_VALUE}
        return {name: part for name, part in kept.items() if part not in (None, [], {})}
    return [bare(part) for part in value] if isinstance(value, list) else value


def found(items: Sequence[Item], event: int) -> list[Found]:
    """The items of the article's `event`-th conference, ready to be paired."""
    return [Found(item, event, bare(item.model_extra or {})) for item in items]


def shift(old: str, new: str) -> Shift:
    """From places in the old text to places in the new: the same line, wherever it stands now; None in a changed line.

    >>> shift("Xem thêm\\nSáng 12/1, LĐLĐ huyện", "Sáng 12/1, LĐLĐ huyện")((14, 18))
    (5, 9)
    """
    if old == new:
        return lambda place: place
    before, after = old.split("\n"), new.split("\n")
    starts, targets = _starts(before), _starts(after)
    moved = [
        (starts[block.a], starts[block.a + block.size], targets[block.b] - starts[block.a])
        for block in SequenceMatcher(None, before, after).get_matching_blocks()
    ]

    def to_new(place: Place) -> Place | None:
        by = next((by for start, end, by in moved if start <= place[0] and place[1] <= end), None)
        return None if by is None else (place[0] + by, place[1] + by)

    return to_new


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def match(
    old: Sequence[Found], new: Sequence[Found], to_new: Shift, *, same: tuple[str, ...] = ()
) -> Matched:
    """One to one, the closest first: the same place, then the most equal fields, then the longest overlap.

    Items pair where their evidence overlaps; where the old place is lost, on equal words. With `same`, items that agree
    in these fields pair wherever they stand (a unit is told by its name and role, and may be quoted from elsewhere).
    """
    places = [to_new(item.place) for item in old]
    candidates = []
    for i, before in enumerate(old):
        for j, after in enumerate(new):
            overlap = _overlap(places[i], after.place)
            agree = bool(same) and all(before.fields.get(name) == after.fields.get(name) for name in same)
            alike = places[i] is None and before.words == after.words
            if overlap or agree or alike:
                equal = sum(after.fields.get(name) == value for name, value in before.fields.items())
                candidates.append((agree, places[i] == after.place, equal, overlap, -i, -j))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(candidates, reverse=True):
        if -i not in taken and -j not in partner:
            partner[-j] = -i
            taken.add(-i)
    return Matched(
        pairs=[(old[partner[j]], after) for j, after in enumerate(new) if j in partner],
        lost=[before for i, before in enumerate(old) if i not in taken],
        gained=[after for j, after in enumerate(new) if j not in partner],
    )


def _overlap(a: Place | None, b: Place) -> int:
    return 0 if a is None else max(0, min(a[1], b[1]) - max(a[0], b[0]))


def match_events(old: Sequence[Event], new: Sequence[Event]) -> dict[int, int]:
    """Which new event (by its position) is which old one: the most equal fields first, then the nearest position.

    Ids say only where an event stands in its article, so that one more at the top renames all below. With as many
    events on either side all are paired: then one event is read otherwise, rather than lost and another gained.
    """
    fields = [[bare(event.model_extra or {}) for event in events] for events in (old, new)]
    candidates = sorted(
        (-sum(after.get(name) == value for name, value in before.items()), abs(i - j), i, j)
        for i, before in enumerate(fields[0])
        for j, after in enumerate(fields[1])
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in candidates:
        if i not in taken and j not in partner:
            partner[j] = i
            taken.add(i)
    return partner
