"""Ten readers at once for a few seconds: every page comes, also while one release follows another."""

from __future__ import annotations

import shutil
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.explore.crowd import OFTEN, besiege


@pytest.mark.guard("crowd")
def test_many_readers_at_once_all_get_their_pages(release: Path, record_property: Any) -> None:
    served = besiege(release, readers=10, seconds=3)
    record_property("cases", served.count)
    assert served.errors == []
    assert served.times.keys() == OFTEN.keys()


@pytest.mark.guard("crowd")
def test_pages_come_while_releases_follow_each_other(own: Path, record_property: Any) -> None:
    latest = own / "releases" / "latest"
    shutil.copytree(latest, own / "releases" / "2025-01-15")
    names = cycle(["2025-01-15", latest.readlink().name])

    def move() -> None:
        aside = latest.with_name(".latest.new")
        aside.symlink_to(next(names))
        aside.replace(latest)

    served = besiege(latest, readers=10, seconds=3, meanwhile=move)
    record_property("cases", served.count)
    assert served.errors == []
    assert served.times.keys() == OFTEN.keys()
