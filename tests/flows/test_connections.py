"""What runs here talks to this machine alone: every process that these tests start is guarded, see `guard`.

Each test's fixture `guarded` looks whether one tried; here the guard is shown to see it, and to be in all kinds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.prefect_server import QUIET, Prefect, recorded

TRIES = {
    "a name": "import socket; socket.getaddrinfo('tongket.invalid', 443)",
    "an address": "import socket; socket.create_connection(('192.0.2.1', 9), 1)",
    "a request": "import requests; requests.get('https://tongket.invalid/')",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 9))",
    "httpx": "import httpx; httpx.get('https://192.0.2.1/')",
}


@pytest.mark.guard("outside-connections")
@pytest.mark.parametrize("code", TRIES.values(), ids=TRIES)
def test_the_guard_sees_a_try(code: str, tmp_path: Path) -> None:
    env = QUIET | {"TONGKET_TEST_CONNECTS": str(tmp_path / "record")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    started, *outside = (tmp_path / "record").read_text("utf-8").splitlines()
    assert started.startswith("started ")
    assert outside
    assert all(
        line.startswith("outside ") and line.endswith(("tongket.invalid", "192.0.2.1")) for line in outside
    )


@pytest.mark.guard("outside-connections")
def test_the_server_is_guarded(prefect: Prefect) -> None:
    assert prefect.tongket("deploy").returncode == 0
    commands = [line for line in recorded() if line.startswith("started ")]
    for kind in ("prefect server start", "tongket deploy"):
        assert any(kind in line for line in commands), (kind, commands)
