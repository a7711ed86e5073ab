"""Two weeks of some news sites, told night by night: articles appear, change a number, and are taken away."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from pipeline.demo_sites import FOLDER, DemoSite, load_story
from pipeline.demo_sites.story import Story

_NUMBER = re.compile(r"(?<![\d.,/])\d{1,2}\.\d{3}(?![\d.,/])")
_DATED = re.compile(r"^published:.*$", re.MULTILINE)
_CHANGED = re.compile(r"^modified:.*\n", re.MULTILINE)
_SHOWN = 10  # articles of a site that are there from the first night on: its bounds ask for eight links

Settled = Callable[[str, str, datetime], bool]
"""Whether a run has read the article of a site at a path as it has been since a moment."""


@dataclass(frozen=True)
class Event:
    """What happens to an article of `site` before the run of `night`, or as soon as its last change has been read."""

    night: int
    site: str
    path: str
    kind: str
    old: str = ""
    new: str = ""
    status: int = 0


@dataclass
class History:
    """The events still to come and those that have been. No event is lost: each waits for its article's turn.

    A wording that no run has read can be in no dataset; so an article changes again only when the last change was read.
    """

    coming: list[Event]
    done: list[Event] = field(default_factory=list)
    _since: dict[str, datetime] = field(default_factory=dict)

    def go_on(self, sites: Mapping[str, DemoSite], night: int, now: datetime, settled: Settled) -> None:
        """Let happen what is due at `night` and need not wait."""
        waiting: set[str] = set()
        for event in [event for event in self.coming if event.night <= night]:
            place = sites[event.site].base_url + event.path
            since = self._since.get(place, datetime.min.replace(tzinfo=now.tzinfo))
            if event.kind != "appears" and (place in waiting or not settled(event.site, event.path, since)):
                waiting.add(place)
                continue
            _happen(sites[event.site], event, now)
            self._since[place] = now
            self.coming.remove(event)
            self.done.append(event)

    @property
    def counts(self) -> Counter[str]:
        """How many events of each kind have been."""
        return Counter(event.kind for event in self.done)

    def begin(self, sites: Mapping[str, DemoSite]) -> None:
        """The sites as they are before the first night."""
        for name, site in sites.items():
            site.without = {one.path for one in self.coming if one.site == name and one.kind == "appears"}

    def put_back(self, sites: Mapping[str, DemoSite]) -> None:
        """What was taken away is there again, as it was; such articles were never edited."""
        for event in self.done:
            if event.kind == "withdrawn":
                sites[event.site].restore(event.path)


def _happen(site: DemoSite, event: Event, now: datetime) -> None:
    match event.kind:
        case "appears":
            site.without = site.without - {event.path}
        case "edited":
            site.edit(event.path, event.old, event.new)
        case _:
            site.withdraw(event.path, event.status)


def plan(folder: Path, names: Iterable[str], nights: int, first: datetime, chance: random.Random) -> History:
    """Copies of the sites' articles in `folder`, the last ones dated by the night on which they appear; what happens.

    All events lie on the nights 2 to `nights`.
    """
    events: list[Event] = []
    for name in names:
        kept = folder / name
        kept.mkdir(parents=True)
        files = sorted(
            (FOLDER / name / "articles").glob("*.txt"), key=lambda file: load_story(file).published
        )
        recent = files[_SHOWN - 4 :]
        appearing = recent[4 : 4 + 2 * (nights - 1)]
        # Four that are there already are a few days old; those that never appear are left out.
        told = {file: 1 - place for place, file in enumerate(reversed(recent[:4]))}
        told |= {file: 2 + place * (nights - 1) // len(appearing) for place, file in enumerate(appearing)}
        for file in [*files[: _SHOWN - 4], *told]:
            text = file.read_text(encoding="utf-8")
            if file in told:
                day = first + timedelta(days=told[file] - 2, hours=chance.randint(3, 12))
                text = _DATED.sub(f'published: "{day.isoformat()}"', _CHANGED.sub("", text), count=1)
            (kept / file.name).write_text(text, encoding="utf-8")
        stories = {file: load_story(kept / file.name) for file in told}
        events += [
            Event(night, name, stories[file].path, "appears") for file, night in told.items() if night > 1
        ]
        events += _changes(name, {stories[file]: night for file, night in told.items()}, nights, chance)
    return History(sorted(events, key=lambda event: (event.night, event.site, event.path, event.kind)))


def _changes(name: str, told: Mapping[Story, int], nights: int, chance: random.Random) -> list[Event]:
    """Every second article changes a number, some of them twice; every fourth goes, found or not."""
    made: list[Event] = []
    statuses = (404, 410)
    gone = count()
    for place, (story, night) in enumerate(told.items()):
        when = max(2, night) + 1
        numbers = _NUMBER.findall(" ".join(block.text for block in story.body))
        for number in chance.sample(sorted(set(numbers)), k=min(len(set(numbers)), 1 + place % 3 // 2)):
            if place % 2 == 0 and when <= nights:
                other = number[:-3] + f"{(int(number[-3:]) + chance.randint(1, 900)) % 1000:03}"
                made.append(Event(when, name, story.path, "edited", number, other))
                when += 1
        if place % 4 == 1 and when <= nights:
            made.append(Event(when, name, story.path, "withdrawn", status=statuses[next(gone) % 2]))
    return made
