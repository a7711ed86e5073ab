"""The commands that only look: `settings` and `status`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli_options import Database, SourcesDir
from pipeline.cli_run import fail_settings, load_all

SETTINGS_EPILOG = (
    "Examples:\n\ntongket settings\n\ntongket settings --json\n\n"
    "TONGKET_BATCH=50 tongket settings   (what a run would take)\n\n"
    "Options outrank the environment, that .env, that tongket.toml (or the file that TONGKET_CONFIG names), and that "
    "the defaults.\n\n"
    "Exit status: 0 all is well, 2 a setting cannot be used: each gets one line on standard error."
)

STATUS_EPILOG = (
    "Examples:\n\ntongket status\n\ntongket status --json\n\ntongket status --sources my-sites --db my.db\n\n"
    "A run that is `unfinished` is under way or was killed: the next one goes on where it was. What to do about a "
    "problem stands in the report on the run, outputs/runs/RUN_ID.md."
)


def settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as one JSON object.")] = False,
) -> None:
    """Show every setting: its value in force, where it came from, and what it means. Passwords are hidden."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.settings import SettingsError, settings_in_force  # noqa: PLC0415
    from pipeline.settings.shown import as_rows, settings_table  # noqa: PLC0415

    try:
        rows = as_rows(settings_in_force())
    except SettingsError as error:
        fail_settings(error)
    if as_json:
        typer.echo(json.dumps({"settings": rows}, ensure_ascii=False, indent=2))
        return
    Console(highlight=False).print(settings_table(rows))


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as one JSON object.")] = False,
    db: Database = None,
    sources_dir: SourcesDir = None,
) -> None:
    """Show how things stand: the last runs, each source's nights, what is still to be done, what comes next."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.crawl.site import utc_now  # noqa: PLC0415
    from pipeline.runs.status import status as look  # noqa: PLC0415
    from pipeline.runs.status_view import status_view  # noqa: PLC0415

    settings, sources = load_all(db, sources_dir)
    found = look(settings, sources, utc_now())
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    Console(highlight=False).print(status_view(found))
