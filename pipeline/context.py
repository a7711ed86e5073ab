"""What a run has beside its parameters: whom it tells of progress and bad input, where its summary goes, and its end.

A callable is no parameter of a flow, since it cannot be sent to a server; Prefect hands the context on to its threads.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, current_thread, main_thread
from typing import NamedTuple

from pipeline.inputs import BadInput
from pipeline.runs.ending import noted
from pipeline.summary import Progress, RunSummary

PROGRESS: ContextVar[Progress | None] = ContextVar("progress", default=None)
COMPLAIN: ContextVar[Callable[[BadInput], None] | None] = ContextVar("complain", default=None)
SUMMARY: ContextVar[list[RunSummary] | None] = ContextVar("summary", default=None)


class _Ending(NamedTuple):
    begun: Event
    signalled: Callable[[], int | None]


_ENDING: ContextVar[_Ending | None] = ContextVar("ending", default=None)


class StoppedError(Exception):
    """The run is ending early: what asks does no more."""


def tell(line: str) -> None:
    """Tell a line of progress to whoever listens. Raises `StoppedError` where the run is ending early."""
    go_on()
    if progress := PROGRESS.get():
        progress(line)


def go_on() -> None:
    """Raises `StoppedError` where the run is ending early."""
    if not (ending := _ENDING.get()):
        return
    if not ending.begun.is_set():
        if not (number := ending.signalled()):
            return
        # What Prefect's handler raised has been lost on the way, or is only just on it: here it is not.
        if current_thread() is main_thread():
            signal.raise_signal(number)
    raise StoppedError("the run was stopped")


@contextmanager
def stoppable() -> Iterator[None]:
    """For a run's body: what ends it early, a signal above all, ends its threads at their next page or batch.

    The run waits for them, and a crawl may last for hours. Within another such block it is that one's end.
    """
    if _ENDING.get():
        yield
        return
    with noted() as signalled:
        ending = _Ending(Event(), signalled)
        token = _ENDING.set(ending)
        try:
            yield
        except BaseException:
            ending.begun.set()
            raise
        finally:
            _ENDING.reset(token)
