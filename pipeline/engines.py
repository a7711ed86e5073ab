"""With Prefect or without: the two ways to run, chosen when one is needed."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.summary import RunSummary


def engine(direct: bool) -> Callable[..., RunSummary]:
    """`run.run`, stage after stage, where `direct`; else `flows.run_flow`, the same seen by Prefect."""
    if direct:
        from pipeline.run import run  # noqa: PLC0415  as below

        return run
    from pipeline.flows import run_flow  # noqa: PLC0415  Prefect takes seconds to import

    return run_flow
