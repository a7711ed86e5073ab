"""What goes wrong in one place stops nothing elsewhere, and the flow's end tells of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, text

from pipeline.dataset.database import database, writing
from pipeline.dataset.schema import articles
from pipeline.demo_sites import DemoSite, Fault
from pipeline.settings import Settings
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import Prefect, write_manifest


def no_site(_settings: Settings, sites: list[DemoSite]) -> None:
    sites[0].faults = {"*": Fault.status(500)}


def no_sites(_settings: Settings, sites: list[DemoSite]) -> None:
    for site in sites:
        site.faults = {"*": Fault.status(500)}


def no_archive(settings: Settings, sites: list[DemoSite]) -> None:
    """Its archive's folder is a file."""
    settings.archive_dir.mkdir()
    (settings.archive_dir / sites[0].name).write_text("not a folder", encoding="utf-8")


def no_batch(settings: Settings, sites: list[DemoSite]) -> None:
    """The database fails at one article, not by a constraint, which costs that article alone."""
    last = sites[0].stories()[-1]
    trigger = f"""CREATE TRIGGER broken BEFORE INSERT ON articles WHEN NEW.page_url LIKE '%{last.path}'
        BEGIN SELECT abs(-9223372036854775807 - 1); END"""
    with database(settings.database_url) as engine, writing(engine).begin() as connection:
        connection.execute(text(trigger))


class Case(NamedTuple):
    spoil: Callable[[Settings, list[DemoSite]], None]
    state: str
    articles: tuple[int, int]
    told: str


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case(no_site, "CompletedWithFailures", (0, 26), "songtien: "), id="a source is ill"),
        pytest.param(Case(no_sites, "Failed", (0, 0), "songtien: "), id="all sources are ill"),
        pytest.param(
            Case(no_archive, "CompletedWithFailures", (0, 26), "songtien: the crawl failed: "),
            id="a crawl raises",
        ),
        pytest.param(
            Case(no_batch, "CompletedWithFailures", (2, 26), "songtien: a batch of 1 pages failed: "),
            id="a batch raises",
        ),
    ],
)
def test_one_that_fails_stops_no_other(here: Prefect, serve: Serve, tmp_path: Path, case: Case) -> None:
    from pipeline.flows import nightly

    sites = [serve("songtien", few=True), serve("mietthu")]
    for site in sites:
        write_manifest(tmp_path / "sites", site)
    settings = settings_in(tmp_path, batch_size=1)
    case.spoil(settings, sites)
    state = nightly(settings, sources_dir=tmp_path / "sites", return_state=True)
    assert (state.name, case.told in (state.message or "")) == (case.state, True), state
    with database(settings.database_url) as engine, engine.connect() as connection:
        held = list(connection.execute(select(articles.c.source)).scalars())
    assert (held.count("songtien"), held.count("mietthu")) == case.articles
    releases = list(settings.releases_dir.glob("2*"))
    assert len(releases) == (0 if case.state == "Failed" else 1)


def test_a_file_of_many_that_cannot_be_read(here: Prefect, tmp_path: Path) -> None:
    """The rest is taken, and the flow's end names it."""
    from pipeline.flows import backfill
    from pipeline.settings import ROOT

    files = [str(ROOT / "corpus" / "gold" / "ha-nam-tong-ket-2023.txt"), str(tmp_path / "none.txt")]
    state = backfill(files, settings=settings_in(tmp_path), sources=[], return_state=True)
    assert (state.name, state.message) == ("CompletedWithFailures", f"{tmp_path}/none.txt: no such file")
