"""Politeness in time: one request to a host at a time, and a pause behind each."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class HostClock:
    """Spaces requests: a host's next turn begins `delay` seconds after its last one ended, or later.

    One object serves all threads of a process. A turn is held for the whole exchange, so that two sources on one host
    never have two connections to it.
    """

    def __init__(self, *, jitter: float = 0.2) -> None:
        self._jitter = jitter  # share of the delay that may come on top: a metronome looks like an attack
        self._next: dict[str, float] = {}
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, delay: float) -> Iterator[None]:
        """Wait for this host's turn and hold it: `with clock.turn("baosongtien.vn", 2.0): …`."""
        with self._lock:
            turn = self._turns[host]
        with turn:
            # Asked anew behind each sleep: a Retry-After may have come meanwhile.
            while (seconds := self._next.get(host, 0.0) - time.monotonic()) > 0:
                time.sleep(seconds)
            try:
                yield
            finally:
                self.defer(host, delay * (1 + self._jitter * random.random()))  # noqa: S311  no secret

    def defer(self, host: str, seconds: float) -> None:
        """No turn for `host` within `seconds` from now, as a Retry-After asks."""
        self._next[host] = max(self._next.get(host, 0.0), time.monotonic() + seconds)
