"""Turns of hosts: one at a time, spaced, and nobody waits for another host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest

from pipeline.crawl.clock import HostClock

SLACK = 0.05  # seconds that a machine may add to a sleep; a busy one adds more now and then


def at_most(seconds: float, measure: Callable[[], float]) -> bool:
    """Whether one of a few measurements stays below: other work on the machine only ever adds to a wait."""
    return any(measure() < seconds for _ in range(6))


def in_threads(work: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.guard("manners")
def test_turns_of_one_host_never_overlap() -> None:
    clock = HostClock(jitter=0)
    turns: list[tuple[float, float]] = []

    def work(_number: int) -> None:
        for _ in range(3):
            with clock.turn("baothu.vn", 0.01):
                start = time.monotonic()
                time.sleep(0.005)
                turns.append((start, time.monotonic()))

    in_threads(work, 6)
    turns.sort()
    assert len(turns) == 18
    gaps = [start - end for (_, end), (start, _) in pairwise(turns)]
    assert min(gaps) >= 0.01


def test_the_pause_is_counted_from_the_end_of_a_turn() -> None:
    clock = HostClock(jitter=0)
    with clock.turn("baothu.vn", 0.1):
        time.sleep(0.12)  # a slow answer, longer than the pause
        end = time.monotonic()
    with clock.turn("baothu.vn", 0.1):
        assert time.monotonic() - end >= 0.1


def test_a_first_turn_and_another_host_s_do_not_wait() -> None:
    def measure() -> float:
        clock = HostClock(jitter=0)
        begun = time.monotonic()
        with clock.turn("a.vn", 60), clock.turn("b.vn", 60), clock.turn("a.vn:8080", 60):
            return time.monotonic() - begun

    assert at_most(SLACK, measure)


def test_other_hosts_run_while_one_is_slow() -> None:
    clock = HostClock(jitter=0)
    running = threading.Barrier(4, timeout=5)  # broken unless four turns are held at one time

    def work(number: int) -> None:
        with clock.turn(f"bao-{number}.vn", 0):
            running.wait()

    in_threads(work, 4)
    assert not running.broken


@pytest.mark.parametrize("raised", [False, True])
def test_a_turn_that_fails_ends_like_any_other(raised: bool) -> None:
    def measure() -> float:
        clock = HostClock(jitter=0)
        with suppress(ConnectionResetError), clock.turn("baothu.vn", 0.1):
            end = time.monotonic()
            if raised:
                raise ConnectionResetError
        with clock.turn("baothu.vn", 0):
            waited = time.monotonic() - end
        assert waited >= 0.1
        return waited

    assert at_most(0.1 + SLACK, measure)


@pytest.mark.parametrize(
    ("deferred", "delay", "waited"),
    [
        pytest.param([0.15], 0.0, 0.15, id="a Retry-After is waited for"),
        pytest.param([0.15], 0.1, 0.15, id="it does not add to the pause"),
        pytest.param([0.02], 0.15, 0.15, id="nor does it shorten it"),
        pytest.param([0.15, 0.02], 0.0, 0.15, id="a later, shorter one does not shorten it either"),
        pytest.param([-5.0], 0.0, 0.0, id="one that has passed is none"),
    ],
)
def test_defer(deferred: list[float], delay: float, waited: float) -> None:
    others: list[float] = []

    def measure() -> float:
        clock = HostClock(jitter=0)
        with clock.turn("baothu.vn", delay):
            end = time.monotonic()
        for seconds in deferred:
            clock.defer("baothu.vn", seconds)
        with clock.turn("khac.vn", 0):
            others.append(time.monotonic() - end)
        with clock.turn("baothu.vn", 0):
            found = time.monotonic() - end
        assert found >= waited
        return found

    assert at_most(waited + SLACK, measure)
    assert min(others) < SLACK  # not the other host's business


def test_who_waits_already_waits_longer_when_the_host_asks_for_it() -> None:
    # Two sources on one host: the first is told Retry-After while the second sleeps for its turn.
    clock = HostClock(jitter=0)
    with clock.turn("baothu.vn", 0.3):
        pass
    began: list[float] = []

    def second(_number: int) -> None:
        with clock.turn("baothu.vn", 0):
            began.append(time.monotonic())

    thread = threading.Thread(target=second, args=(0,))
    thread.start()
    time.sleep(0.02)
    told = time.monotonic()
    clock.defer("baothu.vn", 0.4)
    thread.join()
    assert began[0] - told >= 0.4


def test_pauses_vary_within_the_jitter() -> None:
    def measure() -> float:
        clock = HostClock(jitter=1.0)
        pauses = []
        with clock.turn("baothu.vn", 0.01):
            end = time.monotonic()
        for _ in range(11):
            with clock.turn("baothu.vn", 0.01):
                pauses.append(time.monotonic() - end)
                end = time.monotonic()
        assert min(pauses) >= 0.01
        assert len({round(pause, 4) for pause in pauses}) > 3
        return max(pauses)

    assert at_most(0.02 + SLACK, measure)
