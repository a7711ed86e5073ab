"""Prefect's server goes away in the middle of a run: the data does not depend on it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from pipeline.dataset.schema import articles
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, PATIENCE, environment, prefect_server, until, write_manifest


@pytest.mark.guard("lost-prefect")
def test_a_server_that_goes_away(serve: Serve, tmp_path: Path) -> None:
    site, settings = serve(few=True), settings_in(tmp_path)
    write_manifest(tmp_path / "sources", site, delay_seconds=0.5)
    command = [str(BIN / "tongket"), "run", "--source", site.name, "--sources", str(tmp_path / "sources")]
    told = tmp_path / "told.txt"
    (tmp_path / "prefect").mkdir()
    with prefect_server(tmp_path / "prefect") as server, told.open("wb") as out:
        env = os.environ | server.environment | environment(settings)
        running = subprocess.Popen(command, env=env, stdout=out, stderr=out)
        until(lambda: len(site.log.answers) > 2 or running.poll() is not None, "some requests")
    # The server is gone; the program ends by itself, one way or the other.
    began = time.monotonic()
    status = running.wait(PATIENCE)
    print("ENDED", status, time.monotonic() - began, told.read_text()[-3000:])
    again = subprocess.run([*command, "--direct"], env=os.environ | environment(settings), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert again.returncode == 0, again.stderr
    engine = create_engine(settings.database_url)
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(articles)).scalar_one() == 3
    engine.dispose()
