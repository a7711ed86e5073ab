"""A process that is told to end closes what it does, and then dies of the signal as ever."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_BLOCK = """
import signal, sys, threading, time
from pipeline.runs.ending import Terminated, terminable
class Dropped:
    def __del__(self):
        signal.raise_signal({number})
{before}
def work():
    try:
        with terminable():
            try:
                {signals}
                print("went on")
            except Terminated as error:
                print(error)
                for _ in range({again}):
                    signal.raise_signal({number})
                time.sleep({cleanup})
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


_TOLD = "signal.raise_signal({number})"
# Python drops what a handler raises while an object is thrown away.
_LOST = "Dropped(); time.sleep(10)"


@pytest.mark.parametrize(
    ("number", "before", "signals", "again", "run", "said", "died"),
    [
        pytest.param(signal.SIGTERM, "", _TOLD, 0, "work()", "told to end by SIGTERM,closed", True, id="as systemd asks"),
        pytest.param(signal.SIGHUP, "", _TOLD, 0, "work()", "told to end by SIGHUP,closed", True, id="the terminal is closed"),
        pytest.param(signal.SIGTERM, "", _TOLD, 3, "work()", "told to end by SIGTERM,closed", True, id="told again meanwhile"),
        pytest.param(signal.SIGTERM, "", _LOST, 0, "work()", "told to end by SIGTERM,closed", True, id="the exception was lost"),
        pytest.param(signal.SIGTERM, "", "pass", 0, "work()", "went on,closed,behind", False, id="not told at all"),
        pytest.param(signal.SIGHUP, _IGNORED, _TOLD, 0, "work()", "went on,closed,behind", False, id="under nohup"),
        pytest.param(signal.SIGTERM, _PREFECTS, _TOLD, 0, "work()", "its own,went on,closed,behind", False, id="another's way"),
        pytest.param(signal.SIGTERM, "", "pass", 0, _IN_A_THREAD, "went on,closed,behind", False, id="in a thread"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cleanup", [0, 2.5], ids=["soon", "slowly"])
def test_a_signal_ends_the_block_and_then_the_process(
    number: signal.Signals,
    before: str,
    signals: str,
    again: int,
    run: str,
    said: str,
    died: bool,
    cleanup: float,
) -> None:
    """However long it takes to close what is under way: only what was lost is raised again."""
    told = {"number": int(number), "again": again, "run": run, "cleanup": cleanup}
    script = _BLOCK.format(
        before=before.format(number=int(number)), signals=signals.format(number=int(number)), **told
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.split("\n")[:-1], done.returncode) == (said.split(","), -number if died else 0), (
        done.stderr
    )
    assert ("Exception ignored" in done.stderr) == (signals is _LOST), done.stderr
    assert signals is _LOST or done.stderr == ""


@pytest.mark.parametrize(
    ("caught", "noted"),
    [("lambda *_: None", "15"), ("signal.SIG_IGN", "None")],
    ids=["whoever handles it", "nobody is told of what is ignored"],
)
def test_a_signal_is_noted(caught: str, noted: str) -> None:
    script = f"""
import signal, threading
from pipeline.runs.ending import noted
signal.signal(signal.SIGTERM, {caught})
with noted() as which:
    assert which() is None
    signal.raise_signal(signal.SIGTERM)
    told = []
    thread = threading.Thread(target=lambda: told.append(which()))
    thread.start(); thread.join()
    print(which(), *told)
signal.raise_signal(signal.SIGTERM)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == (f"{noted} {noted}\n", "")
