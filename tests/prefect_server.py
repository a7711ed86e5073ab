"""Prefect for tests: a real server on a free port, `tongket` and worker processes that use it, and its API over HTTP."""

from __future__ import annotations

import atexit
import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from pipeline.demo_sites import DemoSite
from pipeline.settings import ROOT, Settings

BIN = Path(sys.executable).parent
PATIENCE = 120.0
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "CRASHED"}
GUARD = ROOT / "tests" / "flows" / "guard"
RECORD = Path(tempfile.mkdtemp(prefix="tongket-connects-")) / "record"
"""Where guarded processes note what they try to reach, see `guard`; one file a test process."""
atexit.register(shutil.rmtree, RECORD.parent, ignore_errors=True)
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PYTHONPATH": f"{GUARD}{os.pathsep}{ROOT}",
    "TONGKET_TEST_CONNECTS": str(RECORD),
}


def recorded() -> list[str]:
    """What guarded processes have noted so far."""
    return RECORD.read_text("utf-8").splitlines() if RECORD.exists() else []


def free_port() -> int:
    """A port of this machine's loopback that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE, every: float = 0.1) -> Any:
    """What `true()`, asked `every` so many seconds, gives as soon as that is something."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        if found := true():
            return found
        time.sleep(every)
    raise AssertionError(f"not within {patience:.0f} s: {what}")


@contextmanager
def process(*command: str | Path, env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own for a `with` block; ended with SIGTERM, and its group killed if it stays."""
    with log.open("ab") as out:
        running = subprocess.Popen(
            list(map(str, command)),
            env=os.environ | dict(env),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()


class Prefect:
    """A server's API, and the environment in which others use it."""

    def __init__(self, port: int, home: Path) -> None:
        self.port = port
        self.home = home

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def environment(self) -> dict[str, str]:
        return QUIET | {"PREFECT_API_URL": self.url, "PREFECT_HOME": str(self.home / "client")}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that the API answers, None where it says nothing. Raises `AssertionError` on a status of failure."""
        for _ in range(20):  # as Prefect's own client does: the server's database may be locked
            status, data = self._ask(method, path, body)
            if status != http.client.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.2)
        assert status < 300, f"{method} {path}: {status} {data[:500]!r}"
        return json.loads(data) if data else None

    def _ask(self, method: str, path: str, body: Any) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(
                method, f"/api{path}", None if body is None else json.dumps(body), headers=headers
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def tongket(
        self, *args: str | Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The installed program with this server."""
        return subprocess.run(
            [BIN / "tongket", *map(str, args)],
            env=os.environ | self.environment | dict(env or {}),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def begin(self, flow: str, *, seconds: float = 0, **parameters: Any) -> str:
        """Ask for a run of the deployment of `flow`, to begin in so many seconds; its id."""
        deployment = self.ask("GET", f"/deployments/name/{flow}/{flow}")
        when = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": when}}
        asked = {"parameters": deployment["parameters"] | parameters, "state": state}
        return str(self.ask("POST", f"/deployments/{deployment['id']}/create_flow_run", asked)["id"])

    def run(self, identity: str) -> dict[str, Any]:
        """A flow run."""
        found: dict[str, Any] = self.ask("GET", f"/flow_runs/{identity}")
        return found

    def ended(self, identity: str) -> dict[str, Any]:
        """A flow run once it has ended."""

        def look() -> dict[str, Any] | None:
            found = self.run(identity)
            return found if found["state_type"] in ENDED else None

        ended: dict[str, Any] = until(look, f"the end of the flow run {identity}")
        return ended

    def reaches(self, identity: str, name: str) -> None:
        """Wait until a flow run is in the state `name`."""
        until(lambda: self.run(identity)["state_name"] == name, f"{identity} in the state {name}")

    def artifacts(self, identity: str) -> dict[str, dict[str, Any]]:
        """A flow run's artifacts by their keys."""
        asked = {"artifacts": {"flow_run_id": {"any_": [identity]}}}
        return {one["key"]: one for one in self.ask("POST", "/artifacts/filter", asked)}

    def task_runs(self, identity: str) -> list[dict[str, Any]]:
        """A flow run's task runs."""
        asked = {"flow_runs": {"id": {"any_": [identity]}}, "limit": 200}
        found: list[dict[str, Any]] = self.ask("POST", "/task_runs/filter", asked)
        return found


@contextmanager
def prefect_server(home: Path) -> Iterator[Prefect]:
    """A Prefect server with its files in `home`."""
    made = Prefect(free_port(), home)
    env = QUIET | {
        "PREFECT_HOME": str(home / "server"),
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
        # Until a queued run is tried again.
        "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    }
    command = (BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(made.port), "--no-ui")
    log = home / "server.log"
    with process(*command, env=env, log=log) as server:

        def healthy() -> bool:
            assert server.poll() is None, log.read_text("utf-8", "replace")
            with contextlib.suppress(OSError, http.client.HTTPException):
                return bool(made.ask("GET", "/health"))
            return False

        until(healthy, "Prefect's server")
        yield made


def write_manifest(folder: Path, site: DemoSite, **changed: Any) -> None:
    """The manifest of a demo site into `folder`, pointed at where the site is served."""
    folder.mkdir(parents=True, exist_ok=True)
    told = yaml.safe_load((ROOT / "pipeline" / "sources" / f"{site.name}.yaml").read_text("utf-8"))
    told |= {"base_url": site.base_url, "delay_seconds": 0.0, "bounds": {}} | changed
    (folder / f"{told['name']}.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")


def environment(settings: Settings) -> dict[str, str]:
    """`settings` as the program reads them from its environment."""
    return {
        "TONGKET_DB": settings.database_url,
        "TONGKET_ARCHIVE": str(settings.archive_dir),
        "TONGKET_RELEASES": str(settings.releases_dir),
        "TONGKET_BATCH": str(settings.batch_size),
    }
