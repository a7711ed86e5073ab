"""Clocks that jump, and machines elsewhere whose summer time comes and goes: the data does not follow them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.dataset.database import database
from pipeline.dataset.schema import articles

NIGHT = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the time zone of this machine."""

    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


@pytest.mark.guard("clocks")
@pytest.mark.parametrize(
    "back",
    [
        pytest.param(timedelta(seconds=30), id="half a minute, as a time server sets it"),
        pytest.param(timedelta(days=3), id="three days"),
        pytest.param(timedelta(days=20_000), id="to 1971, as after a flat battery"),
    ],
)
def test_a_clock_that_is_set_back(nights: Callable[..., Any], back: timedelta) -> None:
    night = nights()
    assert night.run().ok
    rows, archived = night.rows(), night.archived()
    story = night.site.stories()[0]
    night.now -= back
    assert night.run().ok
    assert night.rows() == rows
    assert night.archived() == archived
    night.site.edit(story.path, story.title, f"{story.title} (bài sửa)")
    night.now += back + timedelta(days=1)
    assert night.run().ok
    assert night.archived() != archived  # what changed meanwhile is seen once the clock is right


@pytest.mark.guard("clocks")
@pytest.mark.parametrize(
    ("name", "now"),
    [
        pytest.param("America/New_York", datetime(2026, 3, 8, 6, 59, tzinfo=UTC), id="the hour that is left out"),
        pytest.param("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), id="the hour that comes twice"),
        pytest.param("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC), id="half an hour that comes twice"),
        pytest.param("Pacific/Kiritimati", datetime(2026, 1, 1, 9, 59, tzinfo=UTC), id="a day ahead of most"),
        pytest.param("Asia/Ho_Chi_Minh", NIGHT, id="at home"),
    ],
)  # fmt: skip
def test_another_time_zone(
    nights: Callable[..., Any], zone: Callable[[str], None], name: str, now: datetime
) -> None:
    there, home = nights(folder="there"), nights(folder="home")
    outcomes = []
    for night, place in ((there, name), (home, "Asia/Ho_Chi_Minh")):
        zone(place)
        night.now = now
        assert night.run().ok
        day = sorted(path.name for path in night.settings.releases_dir.glob("[0-9]*"))
        files = sorted(path.name for path in (night.settings.archive_dir / night.source.name).iterdir())
        with database(night.settings.database_url) as engine, engine.connect() as connection:
            dates = sorted(connection.execute(select(articles.c.published_at)).scalars())
        outcomes.append((day, files, dates))
    assert outcomes[0] == outcomes[1]
