"""The flows handed to Prefect: deployments for a worker, or served by this process."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, cast

from pipeline import flows  # sets Prefect's environment, and so comes first

from prefect.client.orchestration import get_client  # isort: skip
from prefect.client.schemas.actions import WorkPoolCreate  # isort: skip
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy  # isort: skip
from prefect.client.schemas.schedules import CronSchedule  # isort: skip
from prefect.deployments.runner import RunnerDeployment  # isort: skip
from prefect.exceptions import ObjectAlreadyExists  # isort: skip
from prefect.runner import Runner  # isort: skip
from prefect.types.entrypoint import EntrypointType  # isort: skip

TIMEZONE = "Asia/Ho_Chi_Minh"
SCHEDULE = "0 2 * * *"
POOL = "tongket"
Collision = Literal["refuse", "queue"]

_TAGS = ["tongket"]
_STRATEGIES = {
    "refuse": ConcurrencyLimitStrategy.CANCEL_NEW,
    "queue": ConcurrencyLimitStrategy.ENQUEUE,
}
_FLOWS = (flows.nightly, flows.backfill, flows.reread, flows.release)


class DeployError(Exception):
    """No server to deploy to; the message says what to do."""


def deployments(
    *,
    schedule: str = SCHEDULE,
    collision: Collision = "refuse",
    sources_dir: Path | None = None,
    pool: str | None = None,
    folder: Path | None = None,
) -> list[RunnerDeployment]:
    """One deployment a flow, named as the flow; `nightly` by `schedule`, a cron line in Vietnamese time.

    One run of each at a time: another is refused (it ends as cancelled) or queued, by `collision`. With `pool` they are
    for a worker, which runs them in `folder`.
    """
    limit = ConcurrencyLimitConfig(limit=1, collision_strategy=_STRATEGIES[collision])
    common: dict[str, Any] = {"concurrency_limit": limit, "tags": _TAGS}
    if pool is not None:
        common |= {
            "work_pool_name": pool,
            "entrypoint_type": EntrypointType.MODULE_PATH,
            "job_variables": {"working_dir": str((folder or Path.cwd()).resolve())},
        }
    made = []
    for one in _FLOWS:
        own = dict(common)
        if one is flows.nightly:
            own["schedules"] = [CronSchedule(cron=schedule, timezone=TIMEZONE)]
        if one is not flows.release and sources_dir is not None:
            own["parameters"] = {"sources_dir": str(sources_dir.resolve())}
        told = (one.fn.__doc__ or "").partition("\n")[0]
        made.append(cast("RunnerDeployment", one.to_deployment(one.name, description=told, **own)))
    return made


def deploy(
    *,
    pool: str = POOL,
    schedule: str = SCHEDULE,
    collision: Collision = "refuse",
    sources_dir: Path | None = None,
) -> list[str]:
    """Make the process work pool where there is none, and the deployments in it; their names, `nightly/nightly`.

    A second time updates them. Raises `DeployError` where no server answers.
    """
    try:
        with get_client(sync_client=True) as client:
            client.hello().raise_for_status()
            with suppress(ObjectAlreadyExists):
                client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    except Exception as error:
        raise DeployError(
            f"no Prefect server answers ({type(error).__name__}): start one with `prefect server start` and set "
            "PREFECT_API_URL=http://127.0.0.1:4200/api, or use `tongket serve`, which needs none"
        ) from error
    made = deployments(schedule=schedule, collision=collision, sources_dir=sources_dir, pool=pool)
    for one in made:
        one.apply()
    return [f"{one.flow_name}/{one.name}" for one in made]


def serve(
    *, schedule: str = SCHEDULE, collision: Collision = "refuse", sources_dir: Path | None = None
) -> None:
    """Run the flows when they are due or asked for, in processes of this one, until it is stopped.

    Its schedule stays when it stops: the next `serve` goes on with it.
    """
    runner = _Runner(pause_on_shutdown=False)
    for one in deployments(schedule=schedule, collision=collision, sources_dir=sources_dir):
        runner.add_deployment(one)
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())


class _Runner(Runner):
    """Prefect's, which ends at SIGTERM as at Ctrl-C: its own way leaves its event loop in the middle of things."""

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        signal.raise_signal(signal.SIGINT)
