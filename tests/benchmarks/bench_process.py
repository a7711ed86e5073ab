"""Parts of a benchmark in processes of their own, and what those take."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from pipeline.settings import ROOT

PROGRAM = Path(sys.executable).with_name("tongket")
# Walking over all processes takes time from those that are measured, so it is done seldom; but the most that a short run
# holds is held for a moment alone.
_SOONEST, _SHARE = 0.1, 0.08


@dataclass(frozen=True)
class Run:
    """One run of a program, its children included (of workers the CPU seconds up to a twelfth before their end).

    `megabytes` is the most that its processes held together, pages that they share counted once.
    """

    seconds: float
    cpu_seconds: float
    megabytes: float


def run_part(module: str, *arguments: object) -> Any:
    """What `python -m module ARGUMENTS` writes to standard output, which is JSON."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def peak_megabytes() -> float:
    """The most that this process has held (resident set)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def environment() -> dict[str, str]:
    """That of this process, for a program that shall be the one of this tree."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


def run_program(arguments: Sequence[object], env: dict[str, str] | None = None) -> Run:
    """`tongket ARGUMENTS` of this tree to its end. Raises `RuntimeError` with what it said where it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    said = ""
    with subprocess.Popen(
        [PROGRAM, *map(str, arguments)],
        env=environment() | (env or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = _Watch(process.pid)
        while process.returncode is None:
            watch.look()
            try:
                pause = max(_SOONEST, _SHARE * (time.perf_counter() - started))
                _, said = process.communicate(timeout=pause)
            except subprocess.TimeoutExpired:
                continue
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"tongket {' '.join(map(str, arguments))}: {said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # Workers that the program lets go without waiting for them are in no total but that of what was seen.
    return Run(seconds, max(cpu, sum(watch.spent.values())), watch.megabytes)


class _Watch:
    """What a process and those below it were last seen to have spent, and held at most."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._resident = 0
        self.megabytes = 0.0
        self.spent: dict[int, float] = {}

    def look(self) -> None:
        """Looks once; nothing where the process has ended."""
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._pid)
            family = [root, *root.children(recursive=True)]
        resident = 0
        for one in family:
            with suppress(psutil.NoSuchProcess):
                resident += one.memory_info().rss
                times = one.cpu_times()
                self.spent[one.pid] = times.user + times.system
        # What is shared among them takes the kernel some time to work out: only where there is more than before.
        if resident > 1.01 * self._resident:
            self._resident = resident
            self.megabytes = max(self.megabytes, sum(map(_proportional, family)) / 1e6)


def _proportional(process: psutil.Process) -> float:
    """Bytes in memory, of shared pages its part; where the system does not tell, all."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        told = process.memory_full_info()
        return float(getattr(told, "pss", told.rss))
    return 0.0
