"""What a run has beside its parameters: whom it tells of progress and bad input, and where its summary goes.

A callable is no parameter of a flow, since it cannot be sent to a server; Prefect hands the context on to its threads.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from pipeline.inputs import BadInput
from pipeline.summary import Progress, RunSummary

PROGRESS: ContextVar[Progress | None] = ContextVar("progress", default=None)
COMPLAIN: ContextVar[Callable[[BadInput], None] | None] = ContextVar("complain", default=None)
SUMMARY: ContextVar[list[RunSummary] | None] = ContextVar("summary", default=None)


def tell(line: str) -> None:
    """Tell a line of progress to whoever listens."""
    if progress := PROGRESS.get():
        progress(line)
