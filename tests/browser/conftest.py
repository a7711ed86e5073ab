"""The real program in a real Chromium: the system's, for none is ever downloaded. Without one these tests are skipped."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.browser.watched import FLAGS, Visit
from tests.pipeline.release.filled import filled, readings, released

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. Not for longer than a module: while it is driven, other tests cannot run an event loop."""
    if find_spec("playwright") is None:
        pytest.skip("the package playwright is not installed: see the extra `test`")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `all.db` and, made of it, `releases`: nobody writes into it."""
    folder = tmp_path_factory.mktemp("browsed")
    with filled(f"sqlite:///{folder}/all.db", readings()) as engine:
        released(engine, folder / "releases")
    return folder


@contextmanager
def serving(release: Path, *options: str) -> Iterator[str]:
    """The address that `tongket explore` prints."""
    program = Path(sys.executable).with_name("tongket")
    command = [str(program), "explore", str(release), "--port", "0", "--no-open", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            yield line.partition(": ")[2].strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def address(behind: Path) -> Iterator[str]:
    """Where the release is served for reading."""
    with serving(behind / "releases" / "latest") as found:
        yield found


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:
    """A page of a browser without history; at the end nothing may have gone wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    found = Visit(context.new_page())
    yield found
    context.close()
    assert found.wrong == []
