"""The commands that hand the flows to Prefect: `deploy` and `serve`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import SourcesDir
from pipeline.cli_run import fail, load_settings_or_fail, say

DEPLOY_EPILOG = (
    "Examples:\n\ntongket deploy\n\ntongket deploy --schedule '30 1 * * *' --collision queue --sources my-sites\n\n"
    "It needs a Prefect server (PREFECT_API_URL) and, for the runs, a worker: prefect worker start --pool tongket"
)
SERVE_EPILOG = (
    "Examples:\n\ntongket serve\n\ntongket serve --schedule '30 1 * * *' --sources my-sites\n\n"
    "Ask for a run in another shell: prefect deployment run nightly/nightly"
)


class Collision(StrEnum):
    """What happens to a run while another of the same flow is under way."""

    refuse = "refuse"
    queue = "queue"


_Schedule = Annotated[
    str | None,
    typer.Option(
        metavar="CRON", help="When `nightly` runs: a cron line in Vietnamese time. Without: TONGKET_SCHEDULE."
    ),
]
_Collision = Annotated[
    Collision | None,
    typer.Option(
        help="A run while another is under way: refuse it, or queue it. Without: TONGKET_COLLISION."
    ),
]


def deploy(
    pool: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Prefect work pool, made where there is none. Without: TONGKET_POOL."
        ),
    ] = None,
    schedule: _Schedule = None,
    collision: _Collision = None,
    sources_dir: SourcesDir = None,
) -> None:
    """Deploy the flows to a Prefect server, for its workers: `nightly` on schedule, the others on demand."""
    settings = load_settings_or_fail(None)
    pool = pool or settings.pool
    schedule = schedule or settings.schedule
    how = collision.value if collision else settings.collision
    _check(schedule, sources_dir)
    if not os.environ.get("PREFECT_API_URL"):
        fail(
            "PREFECT_API_URL is not set: start a server with `prefect server start`, then "
            "export PREFECT_API_URL=http://127.0.0.1:4200/api; or use `tongket serve`, which needs neither"
        )
    from pipeline.deploy import DeployError  # noqa: PLC0415
    from pipeline.deploy import deploy as run_deploy  # noqa: PLC0415

    try:
        names = run_deploy(pool=pool, schedule=schedule, collision=how, sources_dir=sources_dir)
    except DeployError as error:
        fail(str(error))
    for name in names:
        typer.echo(f"deployed {name}")
    say(f"work pool {pool}: start a worker with `prefect worker start --pool {pool}`")


def serve(
    schedule: _Schedule = None,
    collision: _Collision = None,
    port: Annotated[
        int,
        typer.Option(
            help="Port of the Prefect server that is started where PREFECT_API_URL is not set.",
            min=1,
            max=65535,
        ),
    ] = 4200,
    sources_dir: SourcesDir = None,
) -> None:
    """Run `nightly` on schedule from this process, with a Prefect server of its own: no worker needed."""
    settings = load_settings_or_fail(None)
    schedule = schedule or settings.schedule
    how = collision.value if collision else settings.collision
    _check(schedule, sources_dir)
    from pipeline.server import ServerError, prefect_server  # noqa: PLC0415

    try:
        with prefect_server(port) as url:
            from pipeline.deploy import serve as run_serve  # noqa: PLC0415  reads the address above

            typer.echo(
                f"serving nightly, backfill, reread and release; Prefect at {url.removesuffix('/api')}"
            )
            run_serve(schedule=schedule, collision=how, sources_dir=sources_dir)
    except ServerError as error:
        fail(str(error))


def _check(schedule: str, sources_dir: Path | None) -> None:
    from croniter import croniter  # noqa: PLC0415

    if not croniter.is_valid(schedule):
        fail(f"--schedule: {schedule!r} is no cron line like '0 2 * * *'")
    if sources_dir is not None and not sources_dir.is_dir():
        fail(f"--sources: {sources_dir}: no such folder")
