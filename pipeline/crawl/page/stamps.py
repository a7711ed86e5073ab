"""Publication stamps as pages print them, as ISO 8601 with an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7))
"""Vietnam has one time zone and no summer time: a stamp without an offset is +07:00."""

_MONTHS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_VIETNAMESE_MONTH = (
    "giêng|chạp|mười một|mười hai|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|1[0-2]|0?[1-9](?!\\d)"
)
_ENGLISH_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_FORMS = (
    # ISO first: machines write it. `2024/12/27` is the same in print.
    re.compile(r"(?<![\d/-])(?P<year>\d{4})(?P<sep>[/-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d/])"),
    # `23/06/2018`, `07-01-25`, `9.1.2014`: day or month first, which only the site can say.
    re.compile(r"(?<![\d/.-])(?P<first>\d{1,2})(?P<sep>[/.-])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/]|[.-]\d)"),
    # `9 tháng 12 năm 2023`, `27 Tháng Mười Hai, 2024`.
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+tháng\s+(?P<month>{_VIETNAMESE_MONTH})[,\s]+(?:năm\s+)?(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    # `Tháng Mười Hai 27, 2024`: WordPress with an American order in Vietnamese words.
    re.compile(rf"tháng\s+(?P<month>{_VIETNAMESE_MONTH})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    # `Fri, 27 Dec 2024` of feeds, `December 27, 2024` of sites that nobody translated.
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:\s+|-)(?P<month>{_ENGLISH_MONTH})\.?(?:,?\s+|-)(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
    re.compile(rf"\b(?P<month>{_ENGLISH_MONTH})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
)  # fmt: skip
# `10:30`, `04:13:00 PM`, `8:15:00 SA` (sáng, chiều), `10h30`, `16 giờ 42`; then a zone: `Z`, `+0700`, `GMT+7`.
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})\s?(?:[:hg]|giờ)\s?(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2})(?!\d)(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>(?:[AaPp][Mm]|SA|CH)\b))?"
    r"(?:\s*\(?(?P<zone>Z\b|(?:(?:GMT|UTC)\s*)?[+-]\d{1,2}(?::?\d{2})?(?![\d/.:-])|(?:GMT|UTC)(?!\w)))?"
)
# `Cập nhật lúc …`: when the article was changed. `Hôm nay: …`: the page's own clock.
_CHANGED = re.compile(r"cập nhật|chỉnh sửa|sửa đổi|sửa lần|updated?\b|modified", re.IGNORECASE)
_TODAY = re.compile(r"hôm nay|bây giờ|hiện tại|today|giờ hệ thống", re.IGNORECASE)
_LABELS = re.compile(
    r"cập nhật|chỉnh sửa|sửa|đăng|xuất bản|phát hành|gửi|updated?\b|modified|publish", re.IGNORECASE
)
# All that may stand in a line that only tells when: labels, days of the week, words between day and clock.
_STAMP_WORDS = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ nhật|cn|t[2-7]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur?|sun)(?:day)?"
    r"|ngày(?: giờ)?|tin|bài(?: viết)?|được|đã|đăng(?: tải| bài| tin)?|cập nhật(?: mới)?|chỉnh sửa|lần cuối|xuất bản|phát hành|tạo|gửi|thời gian"
    r"|lúc|vào|hồi|giờ|phút|giây|posted|on|published|updated?|last|date|at|gmt|utc|sa|ch|am|pm)\b",
    re.IGNORECASE,
)
_REACH = 40  # characters between a day and its clock: `16:42 GMT+7, Thứ sáu, ngày 27/12/2024`


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date in a text: `value` is ISO 8601; `changed` where it is said to be that of a change."""

    start: int
    end: int
    value: str
    changed: bool


def parse_stamp(
    text: str, *, not_after: datetime | None = None, day_first: bool = True, offset: str = "+07:00"
) -> str | None:
    """The first date in `text` as ISO 8601 with an offset, or as a bare date where no clock stands beside it.

    A date later than `not_after` by more than a day is a page's running clock, no publication date: None.

    >>> parse_stamp("Thứ sáu, 27/12/2024 | 16:42 GMT+7"), parse_stamp("27 Tháng Mười Hai, 2024")
    ('2024-12-27T16:42:00+07:00', '2024-12-27')
    """
    found = find_stamps(text, not_after=not_after, day_first=day_first, offset=offset)
    return found[0].value if found else None


def find_stamps(
    text: str, *, not_after: datetime | None = None, day_first: bool = True, offset: str = "+07:00"
) -> list[Stamp]:
    """All dates in `text` in order, each with the clock nearest to it; no running clocks.

    >>> [(s.value, s.changed) for s in find_stamps("Đăng 27/12/2024 16:42, cập nhật 28/12/2024")]
    [('2024-12-27T16:42:00+07:00', False), ('2024-12-28', True)]
    """
    days = _without_overlaps(_days(text, day_first))
    clocks = _clocks_of(text, [(start, end) for start, end, _ in days])
    found = []
    before = 0
    for number, (start, end, day) in enumerate(days):
        clock = clocks.get(number)
        label = text[before:start]
        before = end
        moment = _moment(day, clock, offset)
        if moment is None or _TODAY.search(label):
            continue
        if not_after is not None and moment > not_after + timedelta(days=1):
            continue
        labels = [match[0] for match in _LABELS.finditer(label)]
        changed = bool(labels) and _CHANGED.search(labels[-1]) is not None
        value = moment.isoformat() if clock and _hour(clock) is not None else moment.date().isoformat()
        found.append(Stamp(start, end, value, changed))
    return found


def is_stamp(text: str) -> bool:
    """Whether `text` is a stamp and nothing else.

    >>> is_stamp("Ngày đăng: 9.1.2014 8:15:00 SA"), is_stamp("Ngày 27/12/2024, công đoàn họp")
    (True, False)
    """
    if len(text) > 120:
        return False
    days = _without_overlaps(_days(text, True))
    if not days:
        return False
    for start, end, _ in days:
        text = text[:start] + " " * (end - start) + text[end:]
    rest = _STAMP_WORDS.sub("", _CLOCK.sub("", text))
    return not any(char.isalnum() for char in rest)


def _days(text: str, day_first: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and ISO day of whatever looks like a date and is one."""
    for form in _FORMS:
        for match in form.finditer(text):
            groups = match.groupdict()
            year = int(groups["year"])
            # Two digits are this century's: no union had a web site before 2000.
            year = year + 2000 if year < 100 else year
            if "first" in groups:
                pair = (int(groups["first"]), int(groups["second"]))
                day, month = pair if day_first else pair[::-1]
                # 12/27/2024 has one reading only, whatever the site's order is.
                if month > 12 >= day:
                    day, month = month, day
            else:
                day, month = int(groups["day"]), _month(groups["month"])
            try:
                iso = datetime(year, month, day).date().isoformat()  # noqa: DTZ001  a day has no zone
            except ValueError:  # 31/02: printed, but no date
                continue
            yield match.start(), match.end(), iso


def _month(name: str) -> int:
    name = " ".join(name.lower().split())
    return int(name) if name.isdigit() else _MONTHS.get(name) or _MONTHS[name[:3]]


def _without_overlaps(found: Iterator[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for item in sorted(found):
        if not kept or item[0] >= kept[-1][1]:
            kept.append(item)
    return kept


def _clocks_of(text: str, days: list[tuple[int, int]]) -> dict[int, re.Match[str]]:
    """Number of a date → its clock: every clock is its nearest date's, and a date's is the nearest of those."""
    # Blanked out: `07-01-25` must not lend its digits.
    blank = text
    for start, end in days:
        blank = blank[:start] + "\0" * (end - start) + blank[end:]
    nearest: dict[int, tuple[int, re.Match[str]]] = {}
    for clock in _CLOCK.finditer(blank):
        gaps = []
        for number, (start, end) in enumerate(days):
            between = blank[end : clock.start()] if end <= clock.start() else blank[clock.end() : start]
            if len(between) <= _REACH and not any(char.isdigit() for char in between):
                gaps.append((len(between), number))
        if gaps:
            gap, number = min(gaps)
            if number not in nearest or gap < nearest[number][0]:
                nearest[number] = (gap, clock)
    return {number: clock for number, (_, clock) in nearest.items()}


def _hour(clock: re.Match[str]) -> int | None:
    """The hour of 24; None for `25:00`. `04:13 PM` and `16:13 PM` both occur; SA and CH are sáng and chiều."""
    hour = int(clock["hour"])
    half = (clock["half"] or "").upper()
    if half in {"PM", "CH"} and hour < 12:
        hour += 12
    elif half in {"AM", "SA"} and hour == 12:
        hour = 0
    return hour if hour < 24 and int(clock["minute"]) < 60 and int(clock["second"] or 0) < 60 else None


def _moment(day: str, clock: re.Match[str] | None, offset: str) -> datetime | None:
    hour = _hour(clock) if clock else None
    if clock is None or hour is None:
        return datetime.fromisoformat(f"{day}T00:00:00{offset}")
    iso = f"{day}T{hour:02d}:{clock['minute']}:{clock['second'] or '00'}"
    try:
        return datetime.fromisoformat(iso + _zone(clock["zone"], offset))
    except ValueError:  # +45:00: no zone of this world
        return datetime.fromisoformat(iso + offset)


def _zone(zone: str | None, offset: str) -> str:
    """`Z`, `+0700`, `GMT+7` as `+07:00`; `offset` where nothing is said."""
    if not zone:
        return offset
    digits = zone.upper().removeprefix("GMT").removeprefix("UTC").strip()
    if digits in {"", "Z"}:
        return "+00:00"
    hours, colon, minutes = digits[1:].partition(":")
    if not colon and len(hours) > 2:  # `+0700`, `+700`
        hours, minutes = hours[:-2], hours[-2:]
    return f"{digits[0]}{int(hours):02d}:{minutes or '00'}"
