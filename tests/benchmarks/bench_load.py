"""How `tongket explore` holds up before a crowd: `make load`.

The release is the generated one of `bench_explore`. The real program serves it, readers in another process ask for pages
without a pause; times are theirs, in milliseconds. Any page that does not come fails the measurement.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.bench_explore import generate
from tests.explore.crowd import besiege


def told(times: list[float]) -> dict[str, float]:
    """How many, the median, the 99th of a hundred, the slowest."""
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {"requests": len(times), "p50_ms": cuts[49], "p99_ms": cuts[98], "slowest_ms": max(times)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--conferences", type=int, default=20_000, help="how many the release has (default: 20000)"
    )
    options.add_argument("--readers", type=int, default=50, help="how many at once (default: 50)")
    options.add_argument("--seconds", type=float, default=60, help="for how long (default: 60)")
    options.add_argument("--output", type=Path, help="write the figures here as JSON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), given.conferences)
        served = besiege(Path(folder), readers=given.readers, seconds=given.seconds)
    every = [time for times in served.times.values() for time in times]
    found = {"all": told(every), **{kind: told(times) for kind, times in sorted(served.times.items())}}
    table = Table(
        f"page, of {given.conferences} conferences, {given.readers} readers",
        "requests",
        "p50 ms",
        "p99 ms",
        "slowest ms",
    )
    for name, row in found.items():
        table.add_row(name, *(f"{value:.0f}" for value in row.values()))
    console = Console()
    console.print(table)
    a_second = served.count / served.seconds
    console.print(
        f"{a_second:.1f} requests a second, {len(served.errors)} errors, the server holds {served.memory / 1e6:.0f} MB"
    )
    if given.output:
        figures = {
            "requests_a_second": a_second,
            "errors": served.errors,
            "memory": served.memory,
            "pages": found,
        }
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if served.errors:
        sys.exit("pages that did not come:\n" + "\n".join(served.errors[:20]))


if __name__ == "__main__":
    main()
