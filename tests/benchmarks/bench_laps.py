"""Timing of work within a process: on the wall, and by the process's own seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.bench_articles import Text
from tests.benchmarks.bench_figures import Figure


@dataclass(frozen=True)
class Lap:
    """Seconds on the wall, and the process's own."""

    seconds: float
    cpu: float


def timed(work: Callable[[], object]) -> Lap:
    """How long `work` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Lap(time.perf_counter() - wall, time.process_time() - cpu)


def rate(name: str, unit: str, count: float, laps: Iterable[Lap]) -> Figure:
    """`count` things in each lap, a second."""
    laps = list(laps)
    return Figure(name, unit, [count / lap.seconds for lap in laps], [count / lap.cpu for lap in laps])


def each(call: Callable[[Text], object], found: Sequence[Text]) -> Callable[[], None]:
    """Work that calls `call` on each article."""

    def work() -> None:
        for one in found:
            call(one)

    return work


def ratio(name: str, slow: Sequence[Lap], fast: Sequence[Lap]) -> Figure:
    """How many times as long the slow laps took, of the process's own seconds."""
    return Figure(name, "ratio", [a.cpu / b.cpu for a, b in zip(slow, fast, strict=True)])
