"""The same run seen by Prefect, on a real server of its own."""

from __future__ import annotations

from pathlib import Path

from pipeline.crawl.sources import Source
from pipeline.demo_sites import DemoSite
from pipeline.run import run
from pipeline.settings import Settings


def tables(release: Path) -> dict[str, bytes]:
    """All tables but the one that says when pages were seen: these are two crawls."""
    return {
        path.name: path.read_bytes() for path in release.glob("*.csv") if path.name != "article_versions.csv"
    }


def test_the_flow_does_what_the_direct_run_does(
    settings: Settings, source: Source, site: DemoSite, tmp_path: Path
) -> None:
    from pipeline.engines import run_flow

    lines: list[str] = []
    flowed = run_flow(settings, [source], progress=lines.append)
    assert (flowed.stored.new, flowed.rows["articles"], flowed.problems) == (3, 3, [])
    assert flowed.release is not None
    assert "Báo Sông Tiền: 3 pages asked for, 3 links found" in lines

    alone = settings.model_copy(
        update={
            "database_url": f"sqlite:///{tmp_path}/direct.db",
            "archive_dir": tmp_path / "direct",
            "releases_dir": tmp_path / "direct-releases",
        }
    )
    direct = run(alone, [source])
    assert direct.release is not None
    assert tables(flowed.release) == tables(direct.release)

    site.log.answers.clear()
    again = run_flow(settings, [source])
    assert again.rows == flowed.rows
    assert {answer.status for answer in site.log.answers} == {304}
