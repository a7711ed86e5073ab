"""`tongket run` that is told to end does so soon, and the next run goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pipeline.dataset.database import database
from pipeline.dataset.store import count_rows
from pipeline.demo_sites import Fault
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, Prefect, environment, until, write_manifest


@pytest.mark.guard("kills")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_end(
    prefect: Prefect, serve: Serve, tmp_path: Path, stop: signal.Signals
) -> None:
    site = serve()
    write_manifest(tmp_path / "sites", site)
    settings = settings_in(tmp_path)
    site.faults = {"articles": Fault.hang(1.0)}
    env = os.environ | prefect.environment | environment(settings)
    command = [BIN / "tongket", "run", "--sources", tmp_path / "sites"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until(lambda: len(site.log.answers) > 5, "some requests")
        asked = time.monotonic()
        run.send_signal(stop)
        out, err = run.communicate(timeout=60)
        took = time.monotonic() - asked
    assert took < 10, f"{took:.0f} s"
    assert run.returncode not in {0, 1, 2}, (run.returncode, out, err)
    assert "Traceback" not in err
    with database(settings.database_url) as engine:
        assert count_rows(engine)["articles"] == 0
    assert not list(settings.releases_dir.glob("*"))

    if stop is signal.SIGINT:
        return  # what is left is the same
    site.faults = {}
    before = {answer.path for answer in site.log.answers if "-post" in answer.path}
    site.log.clear()
    done = prefect.tongket("run", "--sources", tmp_path / "sites", env=environment(settings))
    assert done.returncode == 0, done.stderr
    with database(settings.database_url) as engine:
        assert count_rows(engine)["articles"] == len(site.stories())
    again = {answer.path for answer in site.log.answers if "-post" in answer.path}
    assert len(again & before) <= 1  # what was under way when the first run ended
