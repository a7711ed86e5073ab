"""The table `crawls`: which crawl of a source is under way, and how the ones before it came out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, insert, select, update

from pipeline.dataset.database import writing
from pipeline.dataset.schema import crawls
from pipeline.summary import CrawlSummary

_RESUMED_WITHIN = timedelta(hours=20)  # what was killed longer ago than a night is begun anew


class CrawlTable:
    """The crawls of one source."""

    def __init__(self, engine: Engine, source: str) -> None:
        self._engine = engine
        self._source = source

    def begin(self, mode: str, now: datetime) -> tuple[str, bool]:
        """The id of the crawl to do, and whether it is one that was broken off: then it goes on.

        `mode` (`nightly`, `backfill 2024-12-01..2025-01-31`) must be the same for that.
        """
        with writing(self._engine).begin() as connection:
            query = (
                select(crawls.c.id)
                .where(
                    crawls.c.source == self._source,
                    crawls.c.finished_at.is_(None),
                    crawls.c.mode == mode,
                    crawls.c.started_at >= (now - _RESUMED_WITHIN).isoformat(),
                )
                .order_by(crawls.c.started_at.desc())
            )
            if (known := connection.execute(query).scalars().first()) is not None:
                return str(known), True
            crawl = f"{self._source}-{now.strftime('%Y%m%dT%H%M%S.%fZ')}"
            connection.execute(
                insert(crawls).values(id=crawl, source=self._source, mode=mode, started_at=now.isoformat())
            )
        return crawl, False

    def finish(self, crawl: str, summary: CrawlSummary, now: datetime) -> None:
        """Note how `crawl` came out."""
        with writing(self._engine).begin() as connection:
            connection.execute(
                update(crawls)
                .where(crawls.c.id == crawl)
                .values(
                    finished_at=now.isoformat(),
                    healthy=not summary.problems,
                    report=summary.model_dump_json(),
                )
            )

    def judge(self, summary: CrawlSummary) -> None:
        """Note anew how the crawl `summary.crawl` came out, once its articles are read."""
        with writing(self._engine).begin() as connection:
            connection.execute(
                update(crawls)
                .where(crawls.c.id == summary.crawl)
                .values(healthy=not summary.problems, report=summary.model_dump_json())
            )

    def healthy(self, mode: str, limit: int) -> list[CrawlSummary]:
        """The last `limit` crawls of this mode that were healthy, newest first."""
        query = (
            select(crawls.c.report)
            .where(crawls.c.source == self._source, crawls.c.mode == mode, crawls.c.healthy.is_(True))
            .order_by(crawls.c.started_at.desc())
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return [
                CrawlSummary.model_validate_json(report) for report in connection.execute(query).scalars()
            ]

    def last_healthy_start(self) -> str | None:
        """When the last healthy nightly crawl began, as ISO 8601 in UTC; None before the first.

        A backfill looked at another time, and says nothing of what has come since.
        """
        query = (
            select(crawls.c.started_at)
            .where(crawls.c.source == self._source, crawls.c.mode == "nightly", crawls.c.healthy.is_(True))
            .order_by(crawls.c.started_at.desc())
        )
        with self._engine.connect() as connection:
            return connection.execute(query).scalars().first()

    def last_night(self) -> datetime | None:
        """When the last nightly crawl that came to its end began; None before the first."""
        query = select(func.max(crawls.c.started_at)).where(
            crawls.c.source == self._source, crawls.c.mode == "nightly", crawls.c.finished_at.is_not(None)
        )
        with self._engine.connect() as connection:
            started = connection.execute(query).scalar()
        return None if started is None else datetime.fromisoformat(started)

    def not_before(self) -> str | None:
        """Until when the site asked, in the last crawl, to be left alone."""
        query = (
            select(crawls.c.report)
            .where(crawls.c.source == self._source, crawls.c.report.is_not(None))
            .order_by(crawls.c.started_at.desc())
        )
        with self._engine.connect() as connection:
            report = connection.execute(query).scalars().first()
        return None if report is None else CrawlSummary.model_validate_json(report).not_before
