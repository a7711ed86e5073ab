"""`tongket serve`: a server of its own, runs on time and when asked for, and nothing left when it is stopped."""

from __future__ import annotations

import signal
import socket
import sqlite3
from pathlib import Path

import psutil
import pytest
import yaml

from pipeline.dataset.database import database
from pipeline.dataset.store import count_rows
from pipeline.demo_sites import Fault
from pipeline.settings import ROOT
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, QUIET, Prefect, environment, free_port, process, until, write_manifest

QUICK = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serve_until_it_is_stopped(serve: Serve, tmp_path: Path, stop: signal.Signals) -> None:
    site = serve(few=True)
    write_manifest(tmp_path / "sites", site)
    settings = settings_in(tmp_path)
    port, log = free_port(), tmp_path / "serve.log"
    env = (
        QUIET
        | QUICK
        | environment(settings)
        | {"PREFECT_API_URL": "", "PREFECT_HOME": str(tmp_path / "home")}
    )
    command = (BIN / "tongket", "serve", "--port", str(port), "--sources", tmp_path / "sites")
    with process(*command, env=env, log=log) as serving:
        api = Prefect(port, tmp_path)
        line = f"serving nightly, backfill, reread and release; Prefect at http://127.0.0.1:{port}\n"
        until(lambda: serving.poll() is not None or line in log.read_text("utf-8"), "the line of `serve`")
        until(
            lambda: serving.poll() is not None or len(api.ask("POST", "/deployments/filter", {})) == 4,
            "flows",
        )
        assert serving.poll() is None, log.read_text("utf-8")
        if stop is signal.SIGTERM:
            scheduled = api.ended(api.begin("nightly", seconds=2))
            assert scheduled["state_name"] == "Completed", scheduled
            asked = api.ended(api.begin("release"))
            assert asked["state_name"] == "Completed", asked
            with database(settings.database_url) as engine:
                assert count_rows(engine)["articles"] == 3
        else:
            site.faults = {"articles": Fault.hang(1.0)}
            under_way = api.begin("nightly")
            until(lambda: len(site.log.answers) > 3, "a run")
            assert api.run(under_way)["state_name"] == "Running"
        children = psutil.Process(serving.pid).children(recursive=True)
        assert children
        serving.send_signal(stop)
        assert serving.wait(30) == 0, log.read_text("utf-8")
        assert [child for child in children if child.is_running()] == []
    assert "Traceback" not in log.read_text("utf-8")
    with sqlite3.connect(tmp_path / "home" / "prefect.db") as left:
        assert left.execute("SELECT active FROM deployment_schedule").fetchall() == [(1,)]
        assert left.execute("SELECT DISTINCT paused FROM deployment").fetchall() == [(0,)]
    left.close()


def test_a_port_that_is_taken(prefect: Prefect, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = prefect.tongket(
            "serve", "--port", str(port), env={"PREFECT_API_URL": "", "PREFECT_HOME": str(tmp_path)}
        )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert f"port {port}" in line


def test_the_file_says_what_the_program_does() -> None:
    from pipeline.deploy import deployments

    def told(schedules: list[tuple[str, str, bool]], limit: int, strategy: str, **more: object) -> object:
        return (schedules, limit, strategy, more)

    file = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
    written = {
        one["name"]: told(
            [(s["cron"], s["timezone"], s["active"]) for s in one.get("schedules", ())],
            one["concurrency_limit"]["limit"],
            one["concurrency_limit"]["collision_strategy"],
            entrypoint=one["entrypoint"].replace(".py:", ".").replace("/", "."),
            tags=one["tags"],
            pool=one["work_pool"]["name"],
            parameters=one.get("parameters", {}),
        )
        for one in file["deployments"]
    }
    made = {}
    for one in deployments(pool="tongket"):
        schedules = [(s.schedule, s.active) for s in one.schedules or ()]
        limit = one.concurrency_options
        made[one.name] = told(
            [(s.cron, s.timezone, active is not False) for s, active in schedules],
            one.concurrency_limit,
            limit.collision_strategy.value,
            entrypoint=one.entrypoint,
            tags=one.tags,
            pool=one.work_pool_name,
            parameters=one.parameters,
        )
    assert written == made
