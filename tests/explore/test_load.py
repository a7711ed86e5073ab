"""Ten readers at once for a few seconds: every page comes."""

from __future__ import annotations

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
