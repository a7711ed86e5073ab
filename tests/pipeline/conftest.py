"""A small news site on loopback, and settings that keep everything under the test's own folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.crawl.sources import Bounds, Source, load_source
from pipeline.demo_site import DemoSite
from pipeline.settings import ROOT, Settings, load_settings

FIXTURES = Path(__file__).parent / "fixtures"
TEMPLATES = ROOT / "corpus" / "sites" / "songtien" / "templates"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The site's article files, the test's own copy."""
    return Path(shutil.copytree(FIXTURES / "articles", tmp_path / "articles"))


@pytest.fixture
def site(articles: Path) -> Iterator[DemoSite]:
    with DemoSite(articles, TEMPLATES) as served:
        yield served


@pytest.fixture
def source(site: DemoSite) -> Source:
    """The demo's manifest, pointed at the test's site, without what only a large site can fulfil."""
    manifest = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml").at(site.base_url)
    return manifest.model_copy(update={"bounds": Bounds(), "delay_seconds": 0.0})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        {},
        database_url=str(tmp_path / "out" / "tongket.db"),
        archive_dir=tmp_path / "archive",
        releases_dir=tmp_path / "releases",
        retries=0,
        timeout_seconds=5,
    )


@pytest.fixture
def moment() -> datetime:
    """A fixed time of fetching: 14 January 2025, 1 a.m. in Vietnam, still the 13th in UTC."""
    return datetime(2025, 1, 13, 18, 0, tzinfo=UTC)
