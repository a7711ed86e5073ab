"""The command `takedown`: an article out of database, archive and releases, and kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import Database, SourcesDir
from pipeline.cli_run import fail, load_all, telling

if TYPE_CHECKING:
    from pipeline.takedown import Held

TAKEDOWN_EPILOG = (
    "Examples:\n\ntongket takedown https://baotinh.example/bai-1.html --dry-run\n\n"
    "tongket takedown https://baotinh.example/bai-1.html --reason 'asked to by letter' --reprints --delete-releases\n\n"
    "tongket takedown https://baotinh.example/bai-1.html --undo   (it may be fetched again)\n\n"
    "Killed, it is called again and goes on with what is left. What was removed cannot be brought back but by fetching it "
    "again.\n\n"
    "Exit status: 0 done, 1 called off, 2 something given cannot be used, or something has to be done first."
)
_SHOWN = 20  # of a list; the rest is counted


def takedown(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The article's address, in any spelling; or its urn:sha256:… without one."
        ),
    ],
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why: kept in the list of what was taken down.")
    ] = None,
    reprints: Annotated[
        bool, typer.Option("--reprints", help="The same text at other addresses too.")
    ] = False,
    delete_releases: Annotated[
        bool, typer.Option("--delete-releases", help="Delete the earlier releases that hold any of it.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Let it be fetched again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be removed, and remove nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether to go on.")] = False,
    db: Database = None,
    sources_dir: SourcesDir = None,
) -> None:
    """Remove an article from database, archive and releases, and never fetch it again."""
    from pipeline.crawl.site import utc_now  # noqa: PLC0415
    from pipeline.takedown import TakedownError, look_up, restore, take_down  # noqa: PLC0415

    settings, sources = load_all(db, sources_dir)
    try:
        if undo:
            count = restore(settings, sources, url)
            typer.echo("it may be fetched again by the next run" if count else "it was not taken down")
            return
        held = look_up(settings, sources, url, reprints=reprints)
        _show(held, reprints=reprints, delete=delete_releases)
        if dry_run:
            return
        if not yes and not typer.confirm("Remove it for good?", default=False):
            raise typer.Exit(1)
        with telling() as progress:
            done = take_down(
                settings,
                sources,
                url,
                utc_now(),
                reason=reason,
                reprints=reprints,
                delete_old=delete_releases,
                progress=progress,
            )
    except (TakedownError, ValueError, OSError) as error:
        fail(str(error))
    typer.echo(f"removed: {len(done.held.articles)} articles, {done.records} records of the archive")
    typer.echo(f"release without it: {done.release}")
    for folder in done.deleted:
        typer.echo(f"deleted: {folder}")
    for folder in done.holding:
        typer.echo(f"still holds it: {folder}: delete it, or say --delete-releases")


def _show(held: Held, *, reprints: bool, delete: bool) -> None:
    """What would be removed, a line each."""
    from pipeline.tables import visible  # noqa: PLC0415

    if held.nothing:
        typer.echo("nothing is held of it; from now on it is kept out")
    for address in held.urls[:_SHOWN]:
        typer.echo(f"address   {address}")
    for article in held.articles[:_SHOWN]:
        typer.echo(
            f"article   {article.id}  {(article.published_at or '')[:10]}  {visible(article.title or '')}"
        )
    for name, count in sorted(held.records.files.items())[:_SHOWN]:
        typer.echo(f"archive   {name}: {count} pages")
    for name in sorted(held.records.lists)[:_SHOWN]:
        typer.echo(f"list      {name}: names it, and goes from the archive too")
    if held.decisions:
        typer.echo(f"decisions {len(held.decisions)} of people on what it said")
    for folder in held.releases:
        typer.echo(f"release   {folder}: {'is deleted, or made anew today' if delete else 'holds it'}")
    if not reprints:
        for article in held.reprints[:_SHOWN]:
            typer.echo(
                f"reprint   {article.url}  {visible(article.title or '')}: stays unless you say --reprints"
            )
