"""One release of all demo and gold articles, with the database behind it: nobody writes into either."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explore.asking import Reader, reading
from tests.pipeline.release.filled import filled, readings, released


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `all.db` and, made of it, `releases`."""
    folder = tmp_path_factory.mktemp("explored")
    with filled(f"sqlite:///{folder}/all.db", readings()) as engine:
        released(engine, folder / "releases")
    return folder


@pytest.fixture(scope="session")
def release(behind: Path) -> Path:
    """The release, by the link that leads to the newest."""
    return behind / "releases" / "latest"


@pytest.fixture(scope="session")
def running(release: Path) -> Iterator[Reader]:
    with reading(release) as found:
        yield found


@pytest.fixture
def reader(running: Reader) -> Reader:
    """Somebody who only reads, for the first time."""
    running.cookies.clear()
    return running


@pytest.fixture
def own(behind: Path, tmp_path: Path) -> Path:
    """The test's own copy of the folder."""
    return Path(shutil.copytree(behind, tmp_path / "own", symlinks=True))
