"""When an article was published and changed: metadata, the page's stamps and its address, believed in a site's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from extractors.text import normalise
from pipeline.crawl.page.metadata import Metadata
from pipeline.crawl.page.stamps import HANOI, Stamp, find_stamps, is_stamp, parse_stamp
from pipeline.crawl.page.survey import Page, Spot
from pipeline.crawl.sources import DateRule

Kind = Literal["metadata", "page", "url"]
_ORDER: tuple[Kind, ...] = ("metadata", "page", "url")
_PARTS = re.compile(r"[\s_-]+")
_NAMED = frozenset({
    "date", "time", "datetime", "pubdate", "publish", "published", "timestamp", "ngaydang", "ngay", "thoigian", "updated", "posted",
})  # fmt: skip
_NAMES = frozenset({"ngay-dang", "thoi-gian"})
# Lines that may be a stamp: a year or a short day, and not much more.
_MAYBE = re.compile(r"\d{1,4}\s*[/.-]\s*\d{1,2}|tháng\s", re.IGNORECASE)
_LONGEST = 120


@dataclass(frozen=True)
class Dates:
    """ISO 8601, and where each is from, for people: `json-ld`, `layout`, `page stamp`, `url`."""

    published: str | None = None
    modified: str | None = None
    published_by: str = ""
    modified_by: str = ""


@dataclass(frozen=True)
class _Seen:
    value: str
    by: str
    changed: bool = False


def read_dates(
    page: Page,
    metadata: Metadata,
    rule: DateRule,
    url: str | None,
    *,
    fetched_at: datetime | None,
    title: Spot | None,
    body: Spot | None,
    selector: str | None = None,
) -> Dates:
    """The dates by `rule`. `selector` is a layout's for the stamp; `title` and `body` say which stamps are the article's.

    A bare day gives way to the same day with a clock, from whichever of the three tells it.
    """
    stamps = [*_selected(page, selector, rule, fetched_at), *_general(page, title, body, rule, fetched_at)]
    found: dict[Kind, list[_Seen]] = {
        "metadata": _from_metadata(metadata, rule, fetched_at),
        "page": [stamp for stamp in stamps if not stamp.changed],
        "url": _from_url(url, rule, fetched_at),
    }
    changes = [stamp for stamp in stamps if stamp.changed]
    order = [rule.first, *(kind for kind in _ORDER if kind != rule.first)]
    # A stamp of a change is a publication's where nothing else is.
    candidates = [seen for kind in order for seen in found[kind][:1]] or changes[:1]
    if not candidates:
        return Dates()
    published = candidates[0]
    if "T" not in published.value:
        exact = (
            seen
            for kind in order
            for seen in found[kind]
            if "T" in seen.value and day_of(seen.value) == published.value
        )
        published = next(exact, published)
    modified = _modified(metadata, rule, fetched_at) or next(iter(changes), None)
    if modified is None or modified is published or _is_before(modified.value, published.value):
        return Dates(published.value, None, published.by)
    return Dates(published.value, modified.value, published.by, modified.by)


def _from_metadata(metadata: Metadata, rule: DateRule, fetched_at: datetime | None) -> list[_Seen]:
    value = _parse(metadata.published, rule, fetched_at)
    return [_Seen(value, metadata.told_by.get("published", "meta"))] if value else []


def _modified(metadata: Metadata, rule: DateRule, fetched_at: datetime | None) -> _Seen | None:
    value = _parse(metadata.modified, rule, fetched_at)
    return _Seen(value, metadata.told_by.get("modified", "meta"), True) if value else None


def _from_url(url: str | None, rule: DateRule, fetched_at: datetime | None) -> list[_Seen]:
    match = re.search(rule.url, urlsplit(url).path) if url and rule.url else None
    if match is None or not all(match[name] for name in ("year", "month", "day")):
        return []
    value = _parse(f"{match['year']:0>2}/{match['month']}/{match['day']}", rule, fetched_at) if len(match["year"]) == 4 else (
        parse_stamp(f"{match['day']}/{match['month']}/{match['year']}", not_after=fetched_at, offset=rule.offset)
    )  # fmt: skip
    return [_Seen(value, "url")] if value else []


def _selected(page: Page, selector: str | None, rule: DateRule, fetched_at: datetime | None) -> list[_Seen]:
    found = []
    for tag in page.select(selector) if selector else []:
        spot = page.spot(tag)
        if spot is not None:
            found += [
                _Seen(stamp.value, "layout", stamp.changed) for stamp in _of_element(spot, rule, fetched_at)
            ]
    return found


def _general(
    page: Page, title: Spot | None, body: Spot | None, rule: DateRule, fetched_at: datetime | None
) -> list[_Seen]:
    """Stamps by what they look like, those first that stand where an article's stand."""
    placed: list[tuple[int, int, _Seen]] = []
    for spot, stamps in _stamped(page, rule, fetched_at):
        place = _place(spot, title, body)
        for stamp in stamps:
            # Far above the title and of the day of fetching: the page's clock, which stops in the archive.
            clock = place == _ABOVE and fetched_at is not None and day_of(stamp.value) == _today(fetched_at)
            if place < _ELSEWHERE and not clock:
                placed.append((place, spot.order, _Seen(stamp.value, "page stamp", stamp.changed)))
    return [seen for _, _, seen in sorted(placed, key=lambda item: item[:2])]


_NEAR, _INSIDE, _BELOW, _ABOVE, _ELSEWHERE = range(5)


def _place(spot: Spot, title: Spot | None, body: Spot | None) -> int:
    """Between title and body, in the body, right below it, above the title; elsewhere are other stories' stamps."""
    if body is not None and spot.order > body.end:
        around = (
            body.parent.parent if body.parent is not None and body.parent.parent is not None else body.parent
        )
        return _BELOW if around is not None and around.holds(spot) and not _is_listed(spot) else _ELSEWHERE
    if title is not None and spot.order < title.order:
        around = title.parent
        return (
            _NEAR
            if around is not None and around.holds(spot) and around.tag.name not in {"body", "html"}
            else _ABOVE
        )
    return _INSIDE if body is not None and body.holds(spot) else _NEAR


def _is_listed(spot: Spot) -> bool:
    """Whether a stamp stands beside a link, as those of other stories do."""
    return any(around.linked > 0 for around in (spot, spot.parent) if around is not None)


# An article's own stamp is among the first; each is read with all that stands in it.
_MOST_ELEMENTS = 300


def _stamped(page: Page, rule: DateRule, fetched_at: datetime | None) -> Iterator[tuple[Spot, list[Stamp]]]:
    count = 0
    for spot in page.spots:
        if spot.inside or spot.own + spot.linked > _LONGEST:
            continue
        is_time = spot.tag.name == "time"
        if count < _MOST_ELEMENTS and (is_time or (spot.names and _is_named(spot.names))):
            count += 1
            yield spot, _of_element(spot, rule, fetched_at)
    for run in page.runs:
        if run.spot.inside or run.length > _LONGEST or run.linked or run.spot.tag.name == "li":
            continue
        text = run.text
        if _MAYBE.search(text) and is_stamp(line := normalise(text)):
            yield run.spot, _stamps(line, rule, fetched_at)


def _is_named(names: str) -> bool:
    lower = names.lower()
    return not (_NAMES.isdisjoint(lower.split()) and _NAMED.isdisjoint(_PARTS.split(lower)))


def _of_element(spot: Spot, rule: DateRule, fetched_at: datetime | None) -> list[Stamp]:
    """Stamps of one element: its attribute for machines before its words."""
    changed = "updated" in spot.names.lower() or "modified" in spot.names.lower()
    for text in (str(spot.tag.attrs.get("datetime") or ""), spot.tag.get_text(" ")):
        if text and (found := _stamps(normalise(text), rule, fetched_at)):
            words = normalise(spot.tag.get_text(" "))
            if len(found) == 1 and (changed or any(stamp.changed for stamp in find_stamps(words))):
                return [Stamp(0, 0, found[0].value, True)]
            return found
    return []


def _stamps(text: str, rule: DateRule, fetched_at: datetime | None) -> list[Stamp]:
    return find_stamps(text, not_after=fetched_at, day_first=rule.day_first, offset=rule.offset)


def _parse(text: str | None, rule: DateRule, fetched_at: datetime | None) -> str | None:
    if not text:
        return None
    return parse_stamp(normalise(text), not_after=fetched_at, day_first=rule.day_first, offset=rule.offset)


def day_of(value: str) -> str:
    """The day in Vietnam of an ISO stamp."""
    return datetime.fromisoformat(value).astimezone(HANOI).date().isoformat() if "T" in value else value


def _today(moment: datetime) -> str:
    return moment.astimezone(HANOI).date().isoformat()


def _is_before(value: str, other: str) -> bool:
    if "T" in value and "T" in other:
        return datetime.fromisoformat(value) < datetime.fromisoformat(other) - timedelta(minutes=1)
    return day_of(value) < day_of(other)
