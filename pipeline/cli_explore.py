"""The command `explore`: a release in the browser."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_run import fail, fail_settings, load_settings_or_fail

if TYPE_CHECKING:
    from pipeline.settings import Settings

EXPLORE_EPILOG = (
    "Examples:\n\ntongket explore\n\ntongket explore outputs/demo/releases/latest --port 8010 --no-open\n\n"
    "tongket explore --review --db outputs/tongket.db   (accept, correct or reject from the page)\n\n"
    "It serves this machine alone and asks for nothing from elsewhere. Ctrl-C ends it."
)


def explore(
    release: Annotated[
        Path | None, typer.Argument(metavar="[RELEASE]", help="A release's folder. Without: the latest.")
    ] = None,
    port: Annotated[
        int, typer.Option(help="Port on this machine; 0: any that is free.", min=0, max=65535)
    ] = 8001,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in your browser.")] = True,
    review: Annotated[
        bool, typer.Option("--review", help="Let who has the printed address accept, correct and reject.")
    ] = False,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="URL|FILE",
            help="Database behind the release: for --review, archived pages and the health of sources.",
        ),
    ] = None,
) -> None:
    """Show a release in the browser: conferences with their articles, indicators, units, charts."""
    from pipeline.explore.behind import BehindError  # noqa: PLC0415
    from pipeline.explore.server import PortError  # noqa: PLC0415
    from pipeline.explore.server import explore as run_explore  # noqa: PLC0415
    from pipeline.explore.state import ReleaseError  # noqa: PLC0415

    settings, folder = _settings(db, release, review=review)
    reviewer = (settings.reviewer if settings else "") or getpass.getuser()
    try:
        run_explore(
            folder,
            port=port,
            open_browser=open_,
            settings=settings,
            review=review,
            reviewer=reviewer,
            say=typer.echo,
        )
    except (ReleaseError, BehindError, PortError) as error:
        fail(str(error))


def _settings(db: str | None, release: Path | None, *, review: bool) -> tuple[Settings | None, Path]:
    """Settings with the database behind the release, None where nobody named one; and the release's folder."""
    from pipeline.settings import SettingsError, load_settings  # noqa: PLC0415

    try:
        settings = load_settings(database_url=db)
    except SettingsError as error:
        fail_settings(error)
    folder = release or settings.releases_dir / "latest"
    if not review and db is None:
        return None, folder
    place = settings.database_url.removeprefix("sqlite:///")
    if place != settings.database_url and not Path(place).is_file():
        # Opening it would make an empty one.
        fail(f"{place}: no database here: name the one behind the release with --db")
    return load_settings_or_fail(db), folder
