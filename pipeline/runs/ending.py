"""A signal that ends a process, as an exception: what was under way is closed, and reported on, before the process goes.

Python drops an exception that a handler raises while a weakref callback or a `__del__` runs: hence signals are also noted.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_AGAIN = 1.0  # seconds


# No error, and nothing that handles errors may catch it.
class Terminated(BaseException):
    """The process was told to end; the message names the signal."""


@contextmanager
def terminable() -> Iterator[None]:
    """For a block whose end must be told of: SIGTERM and SIGHUP raise `Terminated` in it, and end the process behind it.

    Only where nothing has been said of these signals, and in the main thread, which alone may say it: Prefect has its own
    way, and `nohup` has them ignored. It is raised again each second until the block has seen it.
    """
    main = threading.current_thread() is threading.main_thread()
    ours = [one for one in (*_SIGNALS, signal.SIGALRM) if main and signal.getsignal(one) is signal.SIG_DFL]
    again = signal.SIGALRM in ours
    came: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGALRM:
            if came:  # a second one must not break off what the first began
                return
            came.append(number)
        if again:
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        if came and not _seen(sys.exception()):
            raise Terminated(f"told to end by {signal.Signals(came[0]).name}")

    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        if again:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
        if came:
            sys.stdout.flush()
            signal.raise_signal(came[0])


def _seen(handled: BaseException | None) -> bool:
    while handled is not None and not isinstance(handled, Terminated):
        handled = handled.__context__
    return handled is not None


@contextmanager
def noted() -> Iterator[Callable[[], int | None]]:
    """For a block in the main thread: what tells, in any thread, which signal told it to end, whoever handles the signal.

    Elsewhere, and where somebody else (asyncio) has signals noted, it tells of none.
    """
    came: list[int] = []
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)

        def which() -> int | None:
            with suppress(OSError):  # nothing has come, or the block is over
                came.extend(number for number in reader.recv(1024) if number in _SIGNALS)
            return came[-1] if came else None

        ours = threading.current_thread() is threading.main_thread()
        others = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False) if ours else -1
        if others >= 0:
            signal.set_wakeup_fd(others)
            ours = False
        try:
            yield which
        finally:
            if ours:
                signal.set_wakeup_fd(-1)
