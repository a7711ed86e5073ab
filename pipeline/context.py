"""What a run has beside its parameters: whom it tells of progress and bad input, where its summary goes, and its end.

A callable is no parameter of a flow, since it cannot be sent to a server; Prefect hands the context on to its threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event

from pipeline.inputs import BadInput
from pipeline.summary import Progress, RunSummary

PROGRESS: ContextVar[Progress | None] = ContextVar("progress", default=None)
COMPLAIN: ContextVar[Callable[[BadInput], None] | None] = ContextVar("complain", default=None)
SUMMARY: ContextVar[list[RunSummary] | None] = ContextVar("summary", default=None)
_ENDING: ContextVar[Event | None] = ContextVar("ending", default=None)


class StoppedError(Exception):
    """The run is ending early: what asks does no more."""


def tell(line: str) -> None:
    """Tell a line of progress to whoever listens. Raises `StoppedError` where the run is ending early."""
    go_on()
    if progress := PROGRESS.get():
        progress(line)


def go_on() -> None:
    """Raises `StoppedError` where the run is ending early."""
    if (ending := _ENDING.get()) and ending.is_set():
        raise StoppedError("the run was stopped")


@contextmanager
def stoppable() -> Iterator[None]:
    """For a run's body: what ends it early, a signal above all, ends its threads at their next page or batch.

    The run waits for them, and a crawl may last for hours.
    """
    ending = Event()
    token = _ENDING.set(ending)
    try:
        yield
    except BaseException:
        ending.set()
        raise
    finally:
        _ENDING.reset(token)
