"""The commands that only look: `settings` and `status`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli_run import fail_settings

SETTINGS_EPILOG = (
    "Examples:\n\ntongket settings\n\ntongket settings --json\n\n"
    "TONGKET_BATCH=50 tongket settings   (what a run would take)\n\n"
    "Options outrank the environment, that .env, that tongket.toml (or the file that TONGKET_CONFIG names), and that "
    "the defaults.\n\n"
    "Exit status: 0 all is well, 2 a setting cannot be used: each gets one line on standard error."
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
