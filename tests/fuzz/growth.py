"""How the time of a reading grows with its text: what is doubled may take twice as long, never four times."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

MOST = 2.8
"""Of two the time may be, for what is linear, and a little for noise and caches; what is quadratic takes four times as long."""


def repeated(seed: str, length: int) -> str:
    """`seed` again and again up to `length` characters; a `#` in it is the number of the copy, so that none is like another.

    >>> repeated("Có # đoàn viên. ", 32)
    'Có 1 đoàn viên. Có 2 đoàn viên. '
    """
    count = length // len(seed) + 1
    if "#" in seed:
        return "".join(seed.replace("#", str(n)) for n in range(1, count + 1))[:length]
    return (seed * count)[:length]


def cost(act: Callable[[str], object], text: str) -> float:
    """Seconds of this process's own time that `act` takes over `text`, garbage not collected meanwhile."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        act(text)
        return time.process_time() - start
    finally:
        gc.enable()


def growth(
    act: Callable[[str], object],
    make: Callable[[int], str],
    *,
    first: int = 5_000,
    last: int = 80_000,
    enough: float = 0.2,
) -> tuple[float, list[tuple[int, float]]]:
    """By how much the last doubling makes `act` dearer, and what each length cost.

    Lengths are doubled until one takes `enough` seconds, or `last` is reached. Of a growth that looks wrong the smallest of
    three measurements counts: noise makes things slower alone. Below a hundredth of a second nothing is told: it is 1.
    """
    length, before, now = first, 0.0, cost(act, make(first))
    told = [(length, now)]
    while length < last and now < enough:
        length, before = length * 2, now
        now = cost(act, make(length))
        told.append((length, now))
    if not before:
        # The first was dear already, so the half of it is the other measure.
        before = cost(act, make(length // 2))
    for _ in range(2):
        if now < MOST * before:
            break
        before = max(before, cost(act, make(length // 2)))
        now = min(now, cost(act, make(length)))
    return (now / before if now > 0.01 else 1.0), told
