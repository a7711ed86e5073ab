"""A process that is told to end closes what it does, and then dies of the signal as ever."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_BLOCK = """
import signal, sys, threading
from pipeline.runs.ending import Terminated, terminable
{before}
def work():
    try:
        with terminable():
            try:
                for _ in range({times}):
                    signal.raise_signal({number})
                print("went on")
            except Terminated as error:
                print(error)
                for _ in range({again}):
                    signal.raise_signal({number})
            finally:
                print("closed")
    finally:
        sys.stdout.flush()
{run}
print("behind")
"""
_PREFECTS = "signal.signal({number}, lambda *_: print('its own'))"
_IGNORED = "signal.signal({number}, signal.SIG_IGN)"
_IN_A_THREAD = "thread = threading.Thread(target=work); thread.start(); thread.join()"


@pytest.mark.parametrize(
    ("number", "before", "times", "again", "run", "said", "died"),
    [
        pytest.param(signal.SIGTERM, "", 1, 0, "work()", "told to end by SIGTERM,closed", True, id="as systemd asks"),
        pytest.param(signal.SIGHUP, "", 1, 0, "work()", "told to end by SIGHUP,closed", True, id="the terminal is closed"),
        pytest.param(signal.SIGTERM, "", 1, 3, "work()", "told to end by SIGTERM,closed", True, id="told again meanwhile"),
        pytest.param(signal.SIGTERM, "", 0, 0, "work()", "went on,closed,behind", False, id="not told at all"),
        pytest.param(signal.SIGHUP, _IGNORED, 1, 0, "work()", "went on,closed,behind", False, id="under nohup"),
        pytest.param(signal.SIGTERM, _PREFECTS, 1, 0, "work()", "its own,went on,closed,behind", False, id="another's way"),
        pytest.param(signal.SIGTERM, "", 0, 0, _IN_A_THREAD, "went on,closed,behind", False, id="in a thread"),
    ],
)  # fmt: skip
def test_a_signal_ends_the_block_and_then_the_process(
    number: signal.Signals, before: str, times: int, again: int, run: str, said: str, died: bool
) -> None:
    told = {"number": int(number), "times": times, "again": again, "run": run}
    script = _BLOCK.format(before=before.format(number=int(number)), **told)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.split("\n")[:-1], done.returncode) == (said.split(","), -number if died else 0), (
        done.stderr
    )
    assert done.stderr == ""
