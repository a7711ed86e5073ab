"""Work spread over processes: order, how far it is read ahead, workers and parents that die, errors."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice

import pytest

from pipeline.processes import in_order


def doubled(batch: list[int]) -> list[int]:
    """The work of most rows: items that are 13 end their worker at once, 14 is an error."""
    for item in batch:
        if item == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        if item == 14:
            raise LookupError("fourteen")
    # Some batches take longer than what comes behind them.
    sum(range(random.Random(batch[0]).randrange(200_000)))
    return [item * 2 for item in batch]


def given_up(item: int) -> int:
    return -item


def run(items: Iterator[int], **more: int) -> list[int]:
    return [
        one for batch in in_order(doubled, items, lost=given_up, **{"workers": 2, **more}) for one in batch
    ]


@pytest.mark.parametrize(
    ("items", "full", "expected", "proves"),
    [
        ([], 1, [], "nothing in, nothing out"),
        ([5], 8, [10], "a batch that is not full at the end is read too"),
        (list(range(15, 90)), 1, list(range(30, 180, 2)), "results have the order of the items, not of their ends"),
        (list(range(15, 90)), 8, list(range(30, 180, 2)), "in batches as well"),
        ([1, 13, 2, 3], 1, [2, -13, 4, 6], "an item that kills its readers is given up, its neighbours are not"),
        ([1, 2, 13, 3, 13, 4], 3, [2, 4, -13, 6, -13, 8], "also in one batch with them"),
    ],
)  # fmt: skip
def test_in_order(items: list[int], full: int, expected: list[int], proves: str) -> None:
    assert run(iter(items), full=full) == expected, proves


def failing() -> Iterator[int]:
    yield from (1, 2)
    raise OSError("the disk")


@pytest.mark.parametrize(
    ("items", "error", "proves"),
    [
        (iter([1, 14, 2]), LookupError, "an error of the work"),
        (failing(), OSError, "an error of the items"),
    ],
)
def test_an_error_comes_in_its_turn(items: Iterator[int], error: type[Exception], proves: str) -> None:
    results = in_order(doubled, items, lost=given_up, workers=2)
    assert next(results) == [2], proves
    with pytest.raises(error):
        list(results)


@pytest.mark.parametrize(("workers", "full"), [(1, 1), (2, 1), (2, 10)])
def test_endless_items_are_read_only_a_little_ahead(workers: int, full: int) -> None:
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        for number in count(15):
            taken = number
            yield number

    with closing(in_order(doubled, endless(), lost=given_up, workers=workers, full=full)) as results:
        for batch in islice(results, 30):
            # Four batches under way for each worker, one being taken, one being filled.
            assert taken - batch[-1] // 2 <= (4 * workers + 2) * full


def test_a_killed_worker_costs_nothing() -> None:
    killed = []

    def items() -> Iterator[int]:
        yield from range(20, 60)
        import psutil

        for process in psutil.Process().children(recursive=True):
            if process.ppid() != os.getpid():  # the server that forks them is ours
                process.kill()
                killed.append(process.pid)
        yield from range(60, 100)

    assert run(items()) == [item * 2 for item in range(20, 100)]
    assert killed
