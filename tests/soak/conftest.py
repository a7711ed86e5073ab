"""Sites with a history of their own, datasets over them, and the processes that run."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.crawl.sources import Source, load_source
from pipeline.demo_sites import FOLDER, SITES, DemoSite
from pipeline.settings import ROOT
from tests.soak.history import History, plan
from tests.soak.weeks import Runner, Weeks, settings_in

NIGHTS = int(os.environ.get("TONGKET_TEST_NIGHTS", "3"))  # `make soak` asks for fourteen
SEED = os.environ.get("TONGKET_TEST_SEED", "tongket")
FIRST = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
DELAY = 0.005  # seconds between two requests


@dataclass
class World:
    """Sites, their history, and any number of datasets made of them. `now` moves only by `later`."""

    sites: dict[str, DemoSite]
    sources: Sequence[Source]
    history: History
    chance: random.Random
    folder: Path
    runner: Runner
    now: datetime = FIRST

    def weeks(self, name: str) -> Weeks:
        """A dataset of that name; its nights are run in the one process that lives through all, but for those that end it."""
        return Weeks(self.sites, self.sources, settings_in(self.folder / name), self.runner)

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One site for a few nights, all three for more."""
    chance = random.Random(SEED)
    names = SITES if NIGHTS > 7 else SITES[:1]
    history = plan(tmp_path / "articles", names, NIGHTS, FIRST, chance)
    with ExitStack() as stack:
        sites = {
            name: stack.enter_context(DemoSite(FOLDER / name, articles=tmp_path / "articles" / name))
            for name in names
        }
        manifests = ROOT / "pipeline" / "sources"
        sources = [
            load_source(manifests / f"{name}.yaml")
            .at(site.base_url)
            .model_copy(update={"delay_seconds": DELAY})
            for name, site in sites.items()
        ]
        history.begin(sites)
        runner = Runner()
        stack.callback(runner.close)
        yield World(sites, sources, history, chance, tmp_path, runner)
