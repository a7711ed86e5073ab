"""The deployments on a real server, their runs in a real worker: on time, one at a time, cancelled half-way."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.crawl.archive import entries
from pipeline.crawl.sources import load_sources
from pipeline.dataset.database import database
from pipeline.dataset.schema import runs
from pipeline.dataset.store import count_rows
from pipeline.demo_sites import Fault
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.summary import RunSummary
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, Prefect, environment, process, recorded, until, write_manifest

_TOLD = 5  # seconds: the worker asks every second what is cancelled
FLOWS = ["backfill", "nightly", "release", "reread"]


def deploy(prefect: Prefect, **given: Any) -> None:
    """As `tongket deploy`, without starting it."""
    from pipeline.deploy import deploy as run_deploy

    assert len(run_deploy(**given)) == len(FLOWS) == len(deployed(prefect))


def deployed(prefect: Prefect) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in prefect.ask("POST", "/deployments/filter", {})}


@pytest.fixture(scope="module")
def worker(prefect: Prefect) -> Iterator[Path]:
    """A worker that asks for work every second, and the folder where its environment keeps things."""
    with TemporaryDirectory(prefix="tongket-worker-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        env = (
            prefect.environment
            | environment(settings_in(place, batch_size=1))
            | {"PREFECT_WORKER_QUERY_SECONDS": "1"}
        )
        command = (
            BIN / "prefect",
            "worker",
            "start",
            "--pool",
            "tongket",
            "--type",
            "process",
            "--limit",
            "2",
        )
        with process(*command, env=env, log=place / "worker.log"):
            yield place


def test_deploy_makes_and_updates(here: Prefect, tmp_path: Path) -> None:
    done = here.tongket("deploy", "--sources", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:1] == ["deployed nightly/nightly"]
    assert here.ask("GET", "/work_pools/tongket")["type"] == "process"
    first = deployed(here)
    assert sorted(first) == FLOWS
    for one in first.values():
        assert one["tags"] == ["tongket"]
        assert one["global_concurrency_limit"]["limit"] == 1
        assert one["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
        assert one["work_pool_name"] == "tongket"
        assert one["entrypoint"] == f"pipeline.flows.{one['name']}"
    ((schedule,),) = (one["schedules"] for one in first.values() if one["schedules"])
    assert (schedule["active"], schedule["schedule"]["cron"]) == (True, "0 2 * * *")
    assert schedule["schedule"]["timezone"] == "Asia/Ho_Chi_Minh"
    assert first["nightly"]["schedules"] == [schedule]
    assert first["nightly"]["parameters"] == {"sources_dir": str(tmp_path)}
    assert first["release"]["parameters"] == {}

    deploy(here, collision="queue", schedule="30 1 * * *")
    second = deployed(here)
    assert {name: one["id"] for name, one in second.items()} == {
        name: one["id"] for name, one in first.items()
    }
    assert {one["concurrency_options"]["collision_strategy"] for one in second.values()} == {"ENQUEUE"}
    assert [one["schedule"]["cron"] for one in second["nightly"]["schedules"]] == ["30 1 * * *"]


def test_a_scheduled_run_comes_in_a_worker(
    prefect: Prefect, worker: Path, here: Prefect, serve: Serve
) -> None:
    """In the worker's own environment: database, archive and releases are those of its TONGKET_ variables."""
    site = serve(few=True)
    write_manifest(worker / "sites", site)
    deploy(here, sources_dir=worker / "sites")
    ended = here.ended(here.begin("nightly", seconds=3))
    settings = settings_in(worker)
    assert (ended["state_name"], ended["parameters"]) == (
        "Completed",
        {"sources_dir": str(worker / "sites")},
    ), ended
    (release,) = settings.releases_dir.glob("[0-9]*")
    shown = here.artifacts(ended["id"])
    assert sorted(shown) == ["reading", "release", "run", "sources"]
    assert shown["release"]["data"] == f"[{release.name}]({release.as_uri()})"
    assert json.loads(shown["sources"]["data"]) == [
        {
            "source": site.title,
            "found": 3,
            "new": 3,
            "changed": 0,
            "failed": 0,
            "on a union's event": 2,
            "held back": 0,
            "health": "well",
        }
    ]
    assert re.match(r"# Run \S+: completed\n", shown["run"]["data"])
    assert "Báo Sông Tiền" in shown["run"]["data"]
    with database(settings.database_url) as engine:
        assert count_rows(engine)["articles"] == 3
        ((run_id, finished),) = engine.connect().execute(select(runs.c.id, runs.c.finished_at)).all()
    assert finished is not None
    assert run_id == shown["run"]["description"]
    assert str(release) in shown["run"]["data"]
    # The server, the worker and the run are all watched for connections to elsewhere.
    for kind in ("prefect server start", "prefect worker start", "-m prefect.engine"):
        assert any(kind in line for line in recorded()), recorded()


@pytest.mark.guard("two-at-once")
def test_a_second_run_is_refused_or_queued(worker: Path, here: Prefect, serve: Serve, tmp_path: Path) -> None:
    site = serve(few=True)
    write_manifest(tmp_path / "sites", site)
    settings = settings_in(tmp_path).model_dump(mode="json")
    for collision, meanwhile, end in (
        ("refuse", "Cancelled", "Cancelled"),
        ("queue", "AwaitingConcurrencySlot", "Completed"),
    ):
        deploy(here, sources_dir=tmp_path / "sites", collision=collision)
        site.faults = {"*": Fault.hang(0.8)}
        site.log.clear()
        first = here.begin("nightly", settings=settings)
        until(lambda: site.log.answers, "the first run's first request")
        second = here.begin("nightly", settings=settings)
        here.reaches(second, meanwhile)
        assert here.run(first)["state_name"] == "Running"
        site.faults = {}
        assert here.ended(first)["state_name"] == "Completed"
        assert here.ended(second)["state_name"] == end
    with database(settings["database_url"]) as engine:
        assert (count_rows(engine)["articles"], count_rows(engine, [runs])["runs"]) == (3, 3)


@pytest.mark.guard("kills")
def test_a_run_cancelled_while_it_reads_leaves_nothing_half_done(
    worker: Path, here: Prefect, serve: Serve, tmp_path: Path
) -> None:
    site = serve()
    write_manifest(tmp_path / "sites", site)
    (manifest,) = load_sources(tmp_path / "sites")
    deploy(here, sources_dir=tmp_path / "sites")
    settings = settings_in(tmp_path, batch_size=1)
    given = settings.model_dump(mode="json")

    stopped = here.begin("nightly", settings=given)
    with held_after_the_first_article(tmp_path / "tongket.db"):
        here.ask("POST", f"/flow_runs/{stopped}/set_state", {"state": {"type": "CANCELLING"}})
        asked = time.monotonic()
        time.sleep(_TOLD)
    assert here.ended(stopped)["state_name"] == "Cancelled"
    # Prefect kills what has not ended within 30 s; ours ends at the next batch.
    assert time.monotonic() - asked < 25
    total = len(site.stories())
    with database(settings.database_url) as engine:
        left = count_rows(engine)
        (told,) = engine.connect().execute(select(runs.c.summary)).scalars()
    assert 0 < left["articles"] < total
    assert left["articles"] == left["article_versions"]
    assert len(kept(settings, manifest.name)) <= total
    assert RunSummary.model_validate_json(told).state == "failed"
    assert not list(settings.releases_dir.glob("*"))

    again = here.ended(here.begin("nightly", settings=given))
    assert again["state_name"] == "Completed", again
    undisturbed = settings_in(tmp_path / "undisturbed")
    direct = run(undisturbed, [manifest])
    assert direct.release is not None
    assert tables(settings.releases_dir / "latest") == tables(direct.release)
    archived = kept(settings, manifest.name)
    assert archived == kept(undisturbed, manifest.name)
    assert set(archived.values()) == {1}


@contextmanager
def held_after_the_first_article(path: Path) -> Iterator[None]:
    """No batch but the first is stored in the block: reading is so fast that all might be before a run is told to end."""
    until(path.is_file, "the database")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:

        def made() -> bool:
            return bool(other.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchall())

        def held() -> bool:
            other.execute("BEGIN IMMEDIATE")
            if other.execute("SELECT 1 FROM articles").fetchall():
                return True
            other.execute("ROLLBACK")
            return False

        until(made, "the tables")
        until(held, "the first article", every=0.01)
        yield


def tables(release: Path) -> dict[str, bytes]:
    """All tables but the one that says when pages were seen: these are two crawls."""
    return {
        path.name: path.read_bytes() for path in release.glob("*.csv") if path.name != "article_versions.csv"
    }


def kept(settings: Settings, name: str) -> Counter[str]:
    """How often each article was archived whole."""
    return Counter(
        entry.url
        for entry in entries(settings.archive_dir, name)
        if entry.kind == "response" and "-post" in entry.url
    )
