"""When a source is to be crawled, by the cron line of its manifest."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

from pipeline.crawl.sources import Source

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time that schedules are written in."""


def next_time(source: Source, after: datetime) -> datetime:
    """The first time behind `after` (with an offset) that the source's schedule names, in Vietnamese time.

    >>> site = Source(name="bao", title="Báo", base_url="https://baosongtien.vn", feeds=["/rss"])
    >>> str(next_time(site, datetime(2025, 1, 13, 18, 0, tzinfo=ZoneInfo("UTC"))))
    '2025-01-14 02:00:00+07:00'
    """
    due: datetime = croniter(source.schedule, after.astimezone(VIETNAM)).get_next(datetime)
    return due


def is_due(source: Source, last: datetime | None, now: datetime) -> bool:
    """Whether a time of the schedule has come since the last crawl began; a source never crawled is due."""
    return last is None or next_time(source, last) <= now
