"""A signal that ends a process, as an exception: what was under way is closed, and reported on, before the process goes."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


# No error, and nothing that handles errors may catch it.
class Terminated(BaseException):
    """The process was told to end; the message names the signal."""


@contextmanager
def terminable() -> Iterator[None]:
    """For a block whose end must be told of: SIGTERM and SIGHUP raise `Terminated` in it, and end the process behind it.

    Only where nothing has been said of these signals, and in the main thread, which alone may say it: Prefect has its own
    way, and `nohup` has them ignored.
    """
    main = threading.current_thread() is threading.main_thread()
    ours = [one for one in _SIGNALS if main and signal.getsignal(one) is signal.SIG_DFL]
    came: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if not came:  # a second one must not break off what the first began
            came.append(number)
            raise Terminated(f"told to end by {signal.Signals(number).name}")

    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
        if came:
            sys.stdout.flush()
            signal.raise_signal(came[0])
