"""A whole demo site that can be told to misbehave, and nights of a crawl over it on a clock of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from protego import Protego
from sqlalchemy import select

from pipeline import run as direct
from pipeline.crawl.archive import entries, read_record
from pipeline.crawl.parse import parse_html
from pipeline.crawl.site import crawl_site
from pipeline.crawl.sources import Source, load_source
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageState, PageTable
from pipeline.dataset.schema import RELEASED
from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.settings import ROOT, Settings, load_settings
from pipeline.summary import CrawlSummary, RunSummary

DELAY = 0.02  # seconds between two requests: long enough to be measured


@dataclass
class Nights:
    """Crawls of one site, night after night. `now` moves only by `later`."""

    site: DemoSite
    source: Source
    settings: Settings
    now: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 19, 0, tzinfo=UTC))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def crawl(self) -> CrawlSummary:
        with database(self.settings.database_url) as engine:
            return crawl_site(self.settings, self.source, PageTable(engine), now=lambda: self.now)

    def run(self) -> RunSummary:
        """A whole run: crawl, read, store, release."""
        return direct.run(self.settings, [self.source], now=lambda: self.now)

    def page(self, path: str) -> PageState:
        with database(self.settings.database_url) as engine:
            found = PageTable(engine).get(self.site.base_url + path)
        assert found is not None, f"nothing known of {path}"
        return found

    def archived(self) -> dict[str, str | None]:
        """Path of each archived article → digest of its newest body."""
        found = {}
        for entry in entries(self.settings.archive_dir, self.source.name):
            if entry.kind == "response" and self.source.article(entry.url):
                parts = urlsplit(entry.url)
                found[parts.path + (f"?{parts.query}" if parts.query else "")] = entry.digest
        return found

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """The dataset, but for what differs between two runs over the same pages."""
        with database(self.settings.database_url) as engine, engine.connect() as connection:
            return {
                table.name: sorted(
                    tuple(row)
                    for row in connection.execute(
                        select(*(c for c in table.columns if not c.info.get("run_specific")))
                    )
                )
                for table in RELEASED
            }

    def check_archive(self) -> None:
        """Every archived article's page is one: it has a story's title, and running text."""
        titles = {story.title for story in self.site.stories()}
        for entry in entries(self.settings.archive_dir, self.source.name):
            if entry.kind != "response" or not self.source.article(entry.url):
                continue
            record = read_record(self.settings.archive_dir, entry.location)
            article = parse_html(record.body, entry.url, source=self.source, content_type=record.content_type)
            assert article.title in titles, f"{entry.url} is archived and shows {article.title!r}"

    def check_manners(self, robots: str | None = None) -> None:
        """No request came within the delay of the one before, or to a path that robots.txt forbids."""
        answers = self.site.log.answers
        for before, after in itertools.pairwise(answers):
            pause = after.at - before.at
            assert pause >= DELAY * 0.95, f"{after.path} {pause * 1000:.0f} ms after {before.path}"
        if robots is not None:
            rules = Protego.parse(robots)
            for answer in answers:
                allowed = rules.can_fetch(self.site.base_url + answer.path, self.settings.user_agent)
                assert allowed or answer.path == "/robots.txt", f"{answer.path} is forbidden"
        assert all(answer.user_agent.startswith("tongket/") for answer in answers)


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Callable[..., Nights]]:
    """Makes `Nights` over a demo site: `nights("songtien")`, with settings changed as told."""
    with ExitStack() as stack:

        def begin(name: str = "songtien", folder: str = "", **changed: Any) -> Nights:
            site = stack.enter_context(DemoSite(FOLDER / name))
            source = load_source(ROOT / "pipeline" / "sources" / f"{name}.yaml").at(site.base_url)
            place = tmp_path / (folder or name)
            values: dict[str, Any] = {
                "database_url": str(place / "tongket.db"),
                "archive_dir": place / "archive",
                "releases_dir": place / "releases",
                "runs_dir": place / "runs",
                "timeout_seconds": 1.0,
                "retries": 1,
                "backoff_seconds": 0.0,
                "max_page_bytes": 400_000,
            }
            settings = load_settings({}, **(values | changed))
            return Nights(site, source.model_copy(update={"delay_seconds": DELAY}), settings)

        yield begin
