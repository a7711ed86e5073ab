"""`tongket run --direct` that is told to end says so in its report, and the next run goes on where it was."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.demo_sites import Fault
from pipeline.runs.status import status
from tests.faults.test_kills import PATIENCE, Runs, fetched


@pytest.mark.guard("told-to-end")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP], ids=lambda stop: stop.name)
def test_a_run_that_is_told_to_end_leaves_a_report(
    nights: Callable[..., Any], tmp_path: Path, stop: signal.Signals
) -> None:
    night = nights()
    runs = Runs(night, tmp_path / "manifest")
    night.site.faults["articles"] = Fault.hang(1)
    process, limit = runs.start(), time.monotonic() + PATIENCE
    while len(night.site.log.answers) < 7 and time.monotonic() < limit:
        time.sleep(0.01)
    process.send_signal(stop)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == -stop, output.decode()
    assert "Traceback" not in output.decode()
    (report,) = night.settings.runs_dir.glob("*.json")
    told = json.loads(report.read_text("utf-8"))
    assert (told["state"], told["error"]) == ("failed", f"Terminated: told to end by {stop.name}")
    (last,) = status(night.settings, [night.source], night.now).runs
    assert (last.run_id, last.state) == (told["run_id"], "failed")

    night.site.faults.clear()
    before = fetched(night)
    night.site.log.clear()
    runs.finish(runs.start())
    assert len(before.keys() & fetched(night).keys()) <= 1  # what was under way
    assert night.archived().keys() == {story.path for story in night.site.stories()}
