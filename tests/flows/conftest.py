"""One Prefect server for all tests here (one a worker of xdist), demo sites, and settings under the test's own folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.settings import ROOT, Settings, load_settings
from tests.prefect_server import Prefect, prefect_server, recorded

FEW = ROOT / "tests" / "pipeline" / "fixtures" / "articles"
"""Three articles in the dress of the first demo site."""

Serve = Callable[..., DemoSite]


@pytest.fixture(scope="session")
def prefect() -> Iterator[Prefect]:
    folder = TemporaryDirectory(prefix="tongket-flows-", ignore_cleanup_errors=True)
    with folder as home, prefect_server(Path(home)) as server:
        yield server
        if "prefect.events" in sys.modules:  # what was run here has all been told before the server goes
            from prefect.events.worker import EventsWorker

            EventsWorker.drain_all(timeout=10)


@pytest.fixture(autouse=True)
def guarded() -> Iterator[None]:
    """No process that a test started has tried to reach another machine."""
    yield
    assert [line for line in recorded() if line.startswith("outside ")] == []


@pytest.fixture
def here(prefect: Prefect) -> Iterator[Prefect]:
    """The server, used by flows that this process runs."""
    from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect.url, PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield prefect


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves demo sites: `serve("songtien")`, the first with `few` articles."""
    with ExitStack() as stack:

        def begin(name: str = "songtien", *, few: bool = False) -> DemoSite:
            return stack.enter_context(DemoSite(FOLDER / name, articles=FEW if few else None))

        yield begin


def settings_in(folder: Path, **changed: object) -> Settings:
    """Settings that keep everything in `folder`."""
    values: dict[str, object] = {
        "database_url": str(folder / "tongket.db"),
        "archive_dir": folder / "archive",
        "releases_dir": folder / "releases",
        "retries": 0,
        "timeout_seconds": 5,
    }
    return load_settings({}, **(values | changed))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)
