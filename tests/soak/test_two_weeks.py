"""Two weeks of nightly runs, a fault each night: all faults are told, and the dataset is that of weeks without any."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from pipeline.crawl.archive import verify as verify_archive
from pipeline.dataset.release.verify import verify
from pipeline.reread import reread
from pipeline.settings import Settings
from tests.soak.conftest import NIGHTS, World
from tests.soak.faults import drawn
from tests.soak.weeks import Weeks, settings_in

WELL = ": completed\n"
GROWTH = 30_000_000  # bytes of memory between the third night and the last


@pytest.mark.guard("soak", "soak-told", "soak-growth")
def test_nights_of_faults_end_as_quiet_ones(world: World, record_property: Any) -> None:
    record_property("cases", NIGHTS)
    hard, quiet, once = world.weeks("hard"), world.weeks("quiet"), world.weeks("once")
    turns = cycle(world.sites.values())
    for number, trouble in enumerate(drawn(NIGHTS, world.chance), start=1):
        ill = next(turns)
        if trouble.site:
            trouble.site(ill)
        said = hard.night(world.now, trouble, world.chance)
        assert trouble.reported(said), f"night {number}, {trouble.name}: {said}"
        ill.faults, ill.layout = {}, None
        quiet.night(world.now)
        world.later(days=1)
        world.history.go_on(world.sites, number + 1, world.now, hard.settled)
    # What failed is asked for again in time, and what had to wait for that happens then.
    happened = -1
    while world.history.coming or len(world.history.done) > happened:
        happened, number = len(world.history.done), number + 1
        assert number < NIGHTS + 9, world.history.coming
        for weeks in (hard, quiet):
            assert WELL in weeks.night(world.now)
        world.later(days=3)
        world.history.go_on(world.sites, number + 1, world.now, hard.settled)
    assert set(world.history.counts) == {"appears", "edited", "withdrawn"}

    # The dataset of quiet weeks, of one run over the sites as they are, and of the archive alone.
    world.history.put_back(world.sites)
    assert WELL in once.night(world.now)
    again = read_again(hard, world.folder / "again")
    assert hard.rows() == quiet.rows(), "quiet"
    assert hard.known() == quiet.known()
    assert hard.rows("article_versions") == once.rows("article_versions"), "once"
    assert hard.rows() == again.rows(), "again"
    check_left(hard.settings)
    record_property("memory", [end["memory"] // 1000 for end in world.runner.ends])
    check_held(world.runner.ends)


def read_again(weeks: Weeks, place: Path) -> Weeks:
    """The dataset that its archive alone gives."""
    settings = settings_in(place).model_copy(update={"archive_dir": weeks.settings.archive_dir})
    assert reread(settings, weeks.sources).ok
    return Weeks(weeks.sites, weeks.sources, settings, weeks.runner)


def check_left(settings: Settings) -> None:
    """Releases and archive are whole, and nothing half-written lies about."""
    assert verify(settings.releases_dir / "latest").problems == []
    assert list(verify_archive(settings.archive_dir)) == []
    folders = (settings.releases_dir, settings.runs_dir, settings.archive_dir)
    left = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.name.endswith((".new", ".old", ".tmp"))
    ]
    assert left == []
    for path in settings.runs_dir.glob("*.json"):
        json.loads(path.read_text("utf-8"))


def check_held(ends: Sequence[dict[str, Any]]) -> None:
    """A process that lived through all these nights, `ends` of them, holds no more files and threads than after a few,
    and little more memory."""
    assert len({end["pid"] for end in ends}) == 1
    early, late = ends[len(ends) // 3], ends[-1]
    assert late["files"] == early["files"]
    assert late["threads"] <= early["threads"] + 1
    assert late["memory"] - early["memory"] < GROWTH
