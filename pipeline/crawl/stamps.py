"""Publication stamps as pages print them, as ISO 8601 with an offset."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7))
"""Vietnam has one time zone and no summer time: a stamp without an offset is +07:00."""

# ISO first: machines write it. A zone may lack its colon (`+0700`).
_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
# `Thứ Bảy, 23/06/2018, 10:30`, `05:03 07-01-25`, `09.12.2023`: the clock on either side.
_DAY = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?!\d)"
)
# `10:30`, `04:13:00 PM`, `10h30`.
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})(?::(?P<second>\d{2}))?(?!\d)\s*(?P<half>[AaPp][Mm]|SA|CH)?"
)
# Months in words, as older portals print them: `ngày 9 tháng 12 năm 2023`.
_WORDS = re.compile(
    r"(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})[,\s]+(?:năm\s+)?(?P<year>\d{4})", re.IGNORECASE
)


def parse_stamp(text: str, *, not_after: datetime | None = None) -> str | None:
    """The first date in `text` as ISO 8601 with an offset, or as a bare date where no clock stands beside it.

    A date later than `not_after` by more than a day is a page's running clock, no publication date: None.

    >>> parse_stamp("Thứ Bảy, 23/06/2018, 10:30")
    '2018-06-23T10:30:00+07:00'
    >>> parse_stamp("ngày 9 tháng 12 năm 2023")
    '2023-12-09'
    """
    found = _iso(text) or _printed(text)
    if found is None:
        return None
    moment, has_clock = found
    if not_after is not None and moment > not_after + timedelta(days=1):
        return None
    return moment.isoformat() if has_clock else moment.date().isoformat()


def _iso(text: str) -> tuple[datetime, bool] | None:
    match = _ISO.search(text)
    if match is None:
        return None
    clock = match["time"]
    zone = (match["zone"] or "").replace("Z", "+00:00")
    moment = _moment(f"{match['date']}T{clock or '00:00'}{zone}")
    return None if moment is None else (moment, clock is not None)


def _printed(text: str) -> tuple[datetime, bool] | None:
    match = _DAY.search(text) or _WORDS.search(text)
    if match is None:
        return None
    year = int(match["year"])
    # Two digits are this century's: no union had a web site before 2000.
    year = year + 2000 if year < 100 else year
    # The clock is looked for outside the date: `07-01-25` must not lend its digits.
    clock = _CLOCK.search(text[: match.start()]) or _CLOCK.search(text[match.end() :])
    hour, minute, second = (0, 0, 0) if clock is None else _time(clock)
    day, month = int(match["day"]), int(match["month"])
    moment = _moment(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}")
    return None if moment is None else (moment, clock is not None)


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    hour = int(clock["hour"])
    half = (clock["half"] or "").upper()
    # `04:13 PM` and `16:13 PM` both occur; SA and CH are sáng and chiều.
    if half in {"PM", "CH"} and hour < 12:
        hour += 12
    elif half in {"AM", "SA"} and hour == 12:
        hour = 0
    return hour, int(clock["minute"]), int(clock["second"] or 0)


def _moment(iso: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:  # 31/02 or 25:00: printed, but no date
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
