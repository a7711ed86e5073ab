"""With Prefect or without: the two ways to run, chosen when one is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

from pipeline.context import COMPLAIN, PROGRESS, SUMMARY, tell
from pipeline.crawl.sources import Source
from pipeline.crawl.walk import Window
from pipeline.inputs import BadInput
from pipeline.settings import Settings
from pipeline.summary import Progress, RunSummary


def engine(direct: bool) -> Callable[..., RunSummary]:
    """`run.run`, stage after stage, where `direct`; else `run_flow`, the same seen by Prefect."""
    if direct:
        from pipeline.run import run  # noqa: PLC0415  as below

        return run
    return run_flow


def run_flow(
    settings: Settings,
    sources: Sequence[Source],
    *,
    progress: Progress | None = None,
    window: Window | None = None,
) -> RunSummary:
    """Run the flow `nightly` here and now.

    The server is that of PREFECT_API_URL, or one that Prefect starts for the time being, which takes some 15 s.
    """
    from pipeline.flows import nightly  # noqa: PLC0415  Prefect takes seconds to import

    return _here(lambda: nightly(settings, list(sources), window, return_state=True), progress=progress)


def backfill_flow(
    settings: Settings,
    sources: Sequence[Source],
    paths: Iterable[str],
    *,
    name: str,
    only_known: bool = False,
    complain: Callable[[BadInput], None],
    progress: Progress | None = None,
    dask: str | None = None,
) -> RunSummary:
    """Run the flow `backfill` over files here and now, reading on the Dask scheduler at `dask`."""
    from pipeline.flows import backfill  # noqa: PLC0415  as above

    def begin() -> Any:
        given: dict[str, Any] = {
            "settings": settings,
            "sources": list(sources),
            "name": name,
            "dask": dask,
            "only_known": only_known,
        }
        return backfill(list(paths), **given, return_state=True)

    return _here(begin, progress=progress, complain=complain)


def _here(
    begin: Callable[[], Any], *, progress: Progress | None, complain: Callable[[BadInput], None] | None = None
) -> RunSummary:
    box: list[RunSummary] = []
    with ExitStack() as stack:
        for variable, value in ((PROGRESS, progress), (COMPLAIN, complain), (SUMMARY, box)):
            _set(stack, variable, value)
        tell("starting Prefect")
        try:
            state = begin()
        except Exception as error:
            if not box:
                raise
            # The run itself was over: its server went away before it could be told.
            tell(f"Prefect was not told of the end: {type(error).__name__}")
            return box[-1]
    if not box:
        state.result()  # raises what ended the flow before there was anything to sum up
    return box[-1]


def _set(stack: ExitStack, variable: ContextVar[Any], value: Any) -> None:
    stack.callback(variable.reset, variable.set(value))
