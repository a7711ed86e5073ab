"""What Prefect costs: `tongket run` against `tongket run --direct` over a site on loopback, part of `make bench`.

Each run is the installed program with an empty database, Prefect's server its own. What Prefect costs a run of one
article is its start; the rest of what it costs a run of many is its share.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from pipeline.settings import ROOT
from tests.benchmarks.bench_crawl import site
from tests.benchmarks.bench_figures import write
from tests.benchmarks.bench_process import PROGRAM


def measure(base: str, *, direct: bool) -> dict[str, float]:
    """Seconds of one whole run over the site at `base`, and how many task runs Prefect saw."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        manifest: dict[str, Any] = yaml.safe_load(
            (ROOT / "pipeline" / "sources" / "songtien.yaml").read_text("utf-8")
        )
        listing = {**manifest["listings"][0], "max_pages": 1000}
        manifest |= {"base_url": base, "feeds": [], "listings": [listing], "delay_seconds": 0.0, "bounds": {}}
        (place / "sites").mkdir()
        (place / "sites" / "songtien.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
        env = os.environ | {
            "TONGKET_DB": str(place / "bench.db"),
            "TONGKET_ARCHIVE": str(place / "archive"),
            "TONGKET_RELEASES": str(place / "releases"),
            "PREFECT_HOME": str(place / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        env.pop("PREFECT_API_URL", None)
        command = [PROGRAM, "run", "--sources", place / "sites", *(["--direct"] if direct else [])]
        started = time.perf_counter()
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
        assert done.returncode == 0, done.stdout + done.stderr
        tasks = 0
        if not direct:
            with sqlite3.connect(place / "prefect" / "prefect.db") as seen:
                (tasks,) = seen.execute("SELECT count(*) FROM task_run").fetchone()
            seen.close()
    return {"seconds": seconds, "tasks": tasks}


def main() -> None:
    """Measure and print; `--output` writes the figures as JSON too."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3, help="runs of each kind (default: 3)")
    options.add_argument("--pages", type=int, default=1000, help="articles of the site (default: 1000)")
    options.add_argument("--output", type=Path, help="write the figures here as JSON")
    given = options.parse_args()
    console = Console()
    table = Table("articles", "with Prefect, s", "direct, s", "slowest and fastest with", "task runs")
    seconds: dict[tuple[int, bool], float] = {}
    tasks = 0
    for pages in (1, given.pages):
        found: dict[bool, list[float]] = {True: [], False: []}
        with site(pages) as base:
            for _ in range(given.runs):
                for direct, times in found.items():
                    one = measure(base, direct=direct)
                    times.append(one["seconds"])
                    tasks = max(tasks, int(one["tasks"]))
        for direct, times in found.items():
            seconds[pages, direct] = statistics.median(times)
        table.add_row(
            str(pages),
            f"{seconds[pages, False]:.1f}",
            f"{seconds[pages, True]:.1f}",
            f"{max(found[False]):.1f}, {min(found[False]):.1f}",
            str(tasks),
        )
    console.print(table)
    start = seconds[1, False] - seconds[1, True]
    costs = seconds[given.pages, False] - seconds[given.pages, True]
    whole = seconds[given.pages, False]
    figures = {
        "articles": given.pages,
        "seconds": whole,
        "direct_seconds": seconds[given.pages, True],
        "start_seconds": start,
        "share": costs / whole,
        "share_beyond_start": (costs - start) / (whole - start),
        "task_runs": tasks,
    }
    console.print(
        f"Prefect takes {start:.1f} s to start; beyond that {figures['share_beyond_start']:.1%} of the run's time, "
        f"in {tasks} task runs"
    )
    if given.output:
        write(given.output, figures)


if __name__ == "__main__":
    main()
