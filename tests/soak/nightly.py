"""Runs on a clock that is told, in one process that lives for many nights: orders on standard input, a JSON object each.

On standard output a line a step (`{"step": …}`), and at a night's end what came of it and what the process holds then.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from pipeline import run as direct
from pipeline.crawl.sources import Source
from pipeline.settings import Settings


class FullDisk:
    """A disk that is full for files whose path ends so, from their n-th opening to write on: part of a write still fits.

    The limit on a file's size is the process's; so it is set when such a file is opened, and lifted before any other.
    """

    def __init__(self) -> None:
        self.ending = ""
        self.left = 0
        sys.addaudithook(self._heard)

    def _heard(self, name: str, told: tuple[Any, ...]) -> None:
        if not self.ending or name not in {"open", "sqlite3.connect"}:
            return
        limit, most = resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        path = Path(os.fsdecode(told[0])) if isinstance(told[0], str | bytes | os.PathLike) else None
        if (
            name == "open"
            and path is not None
            and str(path).endswith(self.ending)
            and set("aw+") & set(str(told[1]))
        ):
            self.left -= 1
            if self.left <= 0:
                limit = (path.stat().st_size if path.exists() else 0) + 100
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))


def say(**told: Any) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201


def night(order: dict[str, Any], disk: FullDisk) -> None:
    """One run as the order says."""
    begun, started = datetime.fromisoformat(order["now"]), time.monotonic()

    def now() -> datetime:
        return begun + timedelta(seconds=time.monotonic() - started)

    disk.ending, disk.left = order["full"] or ("", 0)
    error = None
    try:
        direct.run(
            Settings.model_validate(order["settings"]),
            [Source.model_validate(one) for one in order["sources"]],
            progress=lambda line: say(step=line),
            now=now,
        )
    except Exception as raised:  # noqa: BLE001  the night is over; the process lives on
        error = f"{type(raised).__name__}: {raised}"
    disk.ending = ""
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    gc.collect()
    process = psutil.Process()
    with process.oneshot():
        say(
            pid=process.pid,
            error=error,
            files=process.num_fds(),
            memory=process.memory_info().rss,
            threads=process.num_threads(),
        )


if __name__ == "__main__":
    full = FullDisk()
    for line in sys.stdin:
        night(json.loads(line), full)
