"""The deployments on a real server, their runs in a real worker: on time, one at a time, cancelled half-way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, Prefect, environment, process, write_manifest

FLOWS = ["backfill", "nightly", "release", "reread"]


def deployed(prefect: Prefect) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in prefect.ask("POST", "/deployments/filter", {})}


def test_deploy_makes_and_updates(prefect: Prefect, tmp_path: Path) -> None:
    done = prefect.tongket("deploy", "--sources", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:1] == ["deployed nightly/nightly"]
    assert prefect.ask("GET", "/work_pools/tongket")["type"] == "process"
    first = deployed(prefect)
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

    again = prefect.tongket("deploy", "--collision", "queue", "--schedule", "30 1 * * *")
    assert again.returncode == 0, again.stderr
    second = deployed(prefect)
    assert {name: one["id"] for name, one in second.items()} == {
        name: one["id"] for name, one in first.items()
    }
    assert {one["concurrency_options"]["collision_strategy"] for one in second.values()} == {"ENQUEUE"}
    assert [one["schedule"]["cron"] for one in second["nightly"]["schedules"]] == ["30 1 * * *"]
