"""What the whole program takes: `tongket extract` with one and two workers over few and many articles, `tongket ingest`,
and how long it takes to start.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.bench_figures import Figure
from tests.benchmarks.bench_process import Run, run_program


def extract(files: Sequence[tuple[Path, int]], runs: int) -> list[Figure]:
    """Time, memory and growth of `tongket extract` over three files, each with so many articles, the smallest first."""
    (tenth, fewest), (few, fewer), (many, most) = files

    def run(path: Path, workers: int) -> Run:
        return run_program(["extract", path, "--workers", workers, "--output", path.with_suffix(".out")])

    start, one, two, many_one, many_two = [], [], [], [], []
    for _ in range(runs):
        start.append(run(tenth, 1))
        one.append(run(few, 1))
        two.append(run(few, 2))
        many_one.append(run(many, 1))
        many_two.append(run(many, 2))
    found = [
        *_of("extract, 1 worker", fewer, one),
        *_of("extract, 2 workers", fewer, two),
        *_of("extract, 1 worker, many", most, many_one),
        *_of("extract, 2 workers, many", most, many_two),
        # Over few articles this would be the start, which workers make no shorter.
        _ratio("extract, 2 workers ÷ 1", "seconds", many_one, many_two),
        _ratio("extract, memory of many ÷ few", "megabytes", many_one, one),
        _ratio("extract, 2 workers, memory of many ÷ few", "megabytes", many_two, two),
    ]
    early = [(b.cpu_seconds - a.cpu_seconds) / (fewer - fewest) for a, b in zip(start, one, strict=True)]
    late = [(b.cpu_seconds - a.cpu_seconds) / (most - fewer) for a, b in zip(one, many_one, strict=True)]
    # What an article costs beyond the start: of those after the first few, against those before.
    found.append(
        Figure("extract, growth of time", "ratio", [b / a for a, b in zip(early, late, strict=True)])
    )
    return found


def _ratio(name: str, of: str, above: Sequence[Run], below: Sequence[Run]) -> Figure:
    return Figure(name, "ratio", [getattr(a, of) / getattr(b, of) for a, b in zip(above, below, strict=True)])


def _of(name: str, count: int, runs: Sequence[Run]) -> list[Figure]:
    return [
        Figure(f"{name}, time", "seconds", [run.seconds for run in runs]),
        Figure(
            name,
            "articles_per_second",
            [count / run.seconds for run in runs],
            [count / run.cpu_seconds for run in runs],
        ),
        Figure(f"{name}, memory", "megabytes", [run.megabytes for run in runs]),
    ]


def ingest(rows: Path, count: int, runs: int) -> list[Figure]:
    """`tongket ingest` of JSON Lines into a new database, its release included."""
    done = []
    for turn in range(runs):
        place = rows.parent / f"ingest-{turn}"
        env = {f"TONGKET_{name}": str(place / name.lower()) for name in ("ARCHIVE", "RELEASES", "RUNS")}
        place.mkdir()
        done.append(run_program(["ingest", rows, "--db", place / "bench.db"], env))
    return [
        Figure(
            "ingest",
            "documents_per_second",
            [count / run.seconds for run in done],
            [count / run.cpu_seconds for run in done],
        ),
        Figure("ingest, memory", "megabytes", [run.megabytes for run in done]),
    ]


def start(one: Path, runs: int) -> list[Figure]:
    """Seconds until `tongket --help` has ended, and until one article is read."""
    helped, read = [], []
    for _ in range(runs):
        helped.append(run_program(["--help"]).seconds)
        read.append(run_program(["extract", one]).seconds)
    return [
        Figure("start, tongket --help", "seconds", helped),
        Figure("start, tongket extract of an article", "seconds", read),
    ]
