"""The same rows are the same bytes: in whatever order they came, of whatever database, by how many workers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import stages
from pipeline.batches import with_workers
from pipeline.crawl.site import utc_now
from pipeline.crawl.sources import Source, load_source
from pipeline.demo_sites import FOLDER, DemoSite
from pipeline.reread import reread
from pipeline.settings import ROOT, Settings, load_settings
from tests.databases import NewDatabase
from tests.pipeline.release.filled import DATE, digests, filled, json_rows, readings, released


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Source]]:
    """The archive of a demo site crawled twice, an article edited between, and the site's manifest."""
    folder = tmp_path_factory.mktemp("crawled")
    with DemoSite(FOLDER / "songtien") as site:
        found = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml").at(site.base_url)
        source = found.model_copy(update={"delay_seconds": 0.0})
        settings = load_settings({}, database_url=f"{folder}/crawl.db", archive_dir=folder / "archive")
        for turn in range(2):
            stages.begin_run(settings, utc_now())
            stages.crawl(settings, source)
            if not turn:
                story = site.stories()[0]
                site.edit(story.path, story.lead[:40], "Theo báo cáo mới nhất của đơn vị")
    return folder / "archive", source


def test_the_same_rows_are_the_same_bytes(rich: Path, tmp_path: Path, db_url: str) -> None:
    shuffled = list(readings())
    random.Random(7).shuffle(shuffled)
    with filled(db_url, shuffled, run_id="another", batch=13) as engine:
        assert digests(released(engine, tmp_path / "other")) == digests(rich)


def test_other_rows_are_other_bytes(rich: Path, tmp_path: Path) -> None:
    with filled(f"sqlite:///{tmp_path}/t.db", readings()[1:]) as engine:
        other = digests(released(engine, tmp_path / "other"))
    assert other.keys() == digests(rich).keys()
    differing = {name for name, digest in digests(rich).items() if other[name] != digest}
    assert differing >= {
        "articles.csv",
        "articles.jsonl",
        "articles.parquet",
        "tongket.sqlite",
        "tongket.xlsx",
    }


@pytest.mark.parametrize(
    ("kind", "batch", "workers", "shuffle", "proves"),
    [
        ("sqlite", 2, 1, True, "small batches in another order"),
        ("sqlite", 20, 2, True, "two processes, that store as they come"),
        ("postgresql", 150, 1, False, "another database"),
        ("postgresql", 2, 1, True, "another database in another order"),
    ],
    ids=str,
)
def test_an_archive_gives_one_release(
    kind: str,
    batch: int,
    workers: int,
    shuffle: bool,
    proves: str,
    plain: dict[str, str],
    crawled: tuple[Path, Source],
    new_database: NewDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive, source = crawled
    ordered = stages.unread_batches

    def mixed(settings: Settings, source: Source) -> list[stages.Batch]:
        states = [state for states in ordered(settings, source) for state in states]
        random.Random(3).shuffle(states)
        return [states[start : start + batch] for start in range(0, len(states), batch)]

    if shuffle:
        monkeypatch.setattr(stages, "unread_batches", mixed)
    found = again(archive, source, new_database(kind), tmp_path, batch=batch, workers=workers)
    assert {name for name in plain if found.get(name) != plain[name]} == set(), proves
    assert found.keys() == plain.keys()


@pytest.fixture(scope="module")
def plain(crawled: tuple[Path, Source], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The release's files where the archive is read by one process in its order."""
    folder = tmp_path_factory.mktemp("plain")
    found = again(*crawled, f"sqlite:///{folder}/t.db", folder, batch=150, workers=1)
    wordings = json_rows(folder / "releases" / DATE, "article_versions")
    assert len({row["article_id"] for row in wordings}) == len(wordings) - 1, "one article was edited"
    return found


def again(
    archive: Path, source: Source, url: str, folder: Path, *, batch: int, workers: int
) -> dict[str, str]:
    """The archive read into an empty database and released: the files' digests."""
    settings = load_settings(
        {}, database_url=url, archive_dir=archive, releases_dir=folder / "releases", batch_size=batch
    )
    reread(settings, [source], read=with_workers(workers))
    _, release = stages.release_dataset(settings, utc_now(), date=DATE)
    return digests(release)
