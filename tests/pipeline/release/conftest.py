"""One release of all demo and gold articles, to look at; a test that changes something takes a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pipeline.release.filled import filled, readings, released


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of all that the demo's and the annotated articles give: nobody writes into it."""
    folder = tmp_path_factory.mktemp("rich")
    with filled(f"sqlite:///{folder}/all.db", readings()) as engine:
        return released(engine, folder / "releases")


@pytest.fixture
def copy(rich: Path, tmp_path: Path) -> Path:
    """The test's own copy of `rich`."""
    return Path(shutil.copytree(rich, tmp_path / "releases" / rich.name))
