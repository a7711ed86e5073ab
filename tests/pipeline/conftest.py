"""News sites on loopback, and settings that keep everything under the test's own folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.crawl.sources import Bounds, Source, load_source
from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.settings import ROOT, Settings, load_settings

FIXTURES = Path(__file__).parent / "fixtures"

WholeSite = Callable[[str], tuple[DemoSite, Source]]
"""A demo site by its name, served whole, and its manifest pointed at it."""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The site's article files, the test's own copy."""
    return Path(shutil.copytree(FIXTURES / "articles", tmp_path / "articles"))


@pytest.fixture
def site(articles: Path) -> Iterator[DemoSite]:
    """Three articles in the dress of the first demo site."""
    with DemoSite(FOLDER / "songtien", articles=articles) as served:
        yield served


def manifest(site: DemoSite) -> Source:
    """The site's manifest, pointed at where it is served, without pauses."""
    found = load_source(ROOT / "pipeline" / "sources" / f"{site.name}.yaml").at(site.base_url)
    return found.model_copy(update={"delay_seconds": 0.0})


@pytest.fixture
def source(site: DemoSite) -> Source:
    """The manifest of `site`, without what only a large site can fulfil."""
    return manifest(site).model_copy(update={"bounds": Bounds()})


@pytest.fixture
def whole_site() -> Iterator[WholeSite]:
    """Makes `(site, manifest)` of `songtien`, `mietthu` or `truongson` with all its articles."""
    with ExitStack() as stack:

        def serve(name: str) -> tuple[DemoSite, Source]:
            served = stack.enter_context(DemoSite(FOLDER / name))
            return served, manifest(served)

        yield serve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        {},
        database_url=str(tmp_path / "out" / "tongket.db"),
        archive_dir=tmp_path / "archive",
        releases_dir=tmp_path / "releases",
        runs_dir=tmp_path / "runs",
        retries=0,
        timeout_seconds=5,
    )


@pytest.fixture
def moment() -> datetime:
    """A fixed time of fetching: 14 January 2025, 1 a.m. in Vietnam, still the 13th in UTC."""
    return datetime(2025, 1, 13, 18, 0, tzinfo=UTC)
