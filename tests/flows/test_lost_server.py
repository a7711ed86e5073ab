"""Prefect's server goes away in the middle of a run: the data does not depend on it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.dataset.database import database
from pipeline.dataset.release.verify import verify
from pipeline.dataset.store import count_rows
from tests.flows.conftest import Serve, settings_in
from tests.prefect_server import BIN, PATIENCE, environment, prefect_server, until, write_manifest


@pytest.mark.guard("lost-prefect")
def test_a_server_that_goes_away(serve: Serve, tmp_path: Path) -> None:
    site, settings = serve(few=True), settings_in(tmp_path)
    write_manifest(tmp_path / "sources", site, delay_seconds=0.5)
    command = [BIN / "tongket", "run", "--source", site.name, "--sources", tmp_path / "sources"]
    home, out = tmp_path / "prefect", tmp_path / "told.txt"
    home.mkdir()
    with out.open("wb") as told, prefect_server(home) as server:
        env = os.environ | server.environment | environment(settings)
        # Its client asks five times as a rule, for a minute.
        running = subprocess.Popen(
            command, env=env | {"PREFECT_CLIENT_MAX_RETRIES": "2"}, stdout=told, stderr=told
        )
        until(lambda: len(site.log.answers) > 2 or running.poll() is not None, "some requests")
    try:
        status = running.wait(PATIENCE)
    finally:
        running.kill()
    said = out.read_text(encoding="utf-8")
    assert status == 0, said
    assert said.count("Prefect took no artifact") <= 2, said
    with database(settings.database_url) as engine:
        assert count_rows(engine)["articles"] == len(site.stories())
    assert verify(settings.releases_dir / "latest").problems == []
