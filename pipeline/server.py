"""A Prefect server of our own, for whoever has none: on this machine alone, telling nobody."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.settings import ROOT

PORT = 4200
_PATIENCE = 120.0  # seconds: its first start makes a database
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
}


class ServerError(Exception):
    """A server that does not come up; the message says why and what to do."""


@contextmanager
def prefect_server(port: int = PORT) -> Iterator[str]:
    """The API address of the server in use, for a `with` block: that of PREFECT_API_URL, or one started on `port`.

    It must be entered before Prefect is imported, which reads its settings once. Raises `ServerError`.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        yield url
        return
    home = Path(os.environ.setdefault("PREFECT_HOME", str(ROOT / "outputs" / "prefect")))
    home.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}/api"
    if _taken(port):
        raise ServerError(
            f"something listens on port {port} already: if it is a Prefect server, set PREFECT_API_URL={url}"
        )
    environ = os.environ | _QUIET | {"PREFECT_SERVER_UI_API_URL": url}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
    try:
        _wait(server, port, home / "server.log")
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(20)
        if server.poll() is None:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit:
        if server.poll() is not None:
            break
        if _answers(port):
            return
        time.sleep(0.3)
    raise ServerError(f"Prefect's server did not come up on port {port}: see {log}")


def _taken(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
