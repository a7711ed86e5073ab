"""The commands that crawl: `demo` and `run`, registered by `pipeline.cli`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from pipeline.summary import RunSummary

BAD_INPUT = 2
DEMO_PORT = 8765

DEMO_EPILOG = (
    "Examples:\n\ntongket demo\n\n"
    "tongket demo --direct     (the same without Prefect: quicker to start)\n\n"
    "tongket demo --port 8799  (when something else listens on the usual port)"
)
RUN_EPILOG = (
    "Examples:\n\ntongket run\n\ntongket run --direct --source songtien\n\n"
    "tongket run --sources my-sites --db my.db\n\nA second run fetches only what has changed."
)


def fail(message: str) -> NoReturn:
    """One line on standard error, and exit status 2: something given cannot be used."""
    from pipeline.extract import complain  # noqa: PLC0415

    complain(message)
    raise typer.Exit(BAD_INPUT)


def demo(
    direct: Annotated[bool, typer.Option("--direct", help="Run without Prefect.")] = False,
    port: Annotated[
        int, typer.Option(help="Port of the demo site on this machine.", min=1, max=65535)
    ] = DEMO_PORT,
) -> None:
    """Show the whole job on this machine: serve a small news site, crawl it, read it, make a release."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.demo import demo as run_demo  # noqa: PLC0415
    from pipeline.demo_site import DemoSiteError  # noqa: PLC0415

    try:
        summary = run_demo(Console(), direct=direct, port=port)
    except DemoSiteError as error:
        fail(str(error))
    if not summary.ok:
        raise typer.Exit(1)


def run(
    direct: Annotated[bool, typer.Option("--direct", help="Run without Prefect.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="NAME", help="Only this source; may be repeated. Without: all real ones."
        ),
    ] = None,
    db: Annotated[
        str | None,
        typer.Option("--db", metavar="URL|FILE", help="Database: an SQLAlchemy URL or an SQLite file."),
    ] = None,
    sources_dir: Annotated[
        Path | None, typer.Option("--sources", metavar="DIR", help="Folder of source manifests (YAML).")
    ] = None,
) -> None:
    """Crawl the configured sources, read what is new, bring the dataset up to date and make a release."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.crawl.sources import SourceError, load_sources  # noqa: PLC0415
    from pipeline.settings import ROOT, load_settings  # noqa: PLC0415

    folder = sources_dir or ROOT / "pipeline" / "sources"
    try:
        sources = load_sources(folder)
        settings = load_settings(database_url=db)
    except SourceError as error:
        fail(str(error))
    except ValueError as error:  # pydantic's ValidationError: a TONGKET_… variable that makes no sense
        fail(f"settings: {' '.join(str(error).split())}")
    known = {s.name for s in sources}
    for name in source or ():
        if name not in known:
            fail(f"{folder}: no source named {name!r}: there are {', '.join(sorted(known)) or 'none'}")
    if source:
        sources = [s for s in sources if s.name in source]
    else:
        # The demo's site is down but during a demo: beside real ones it would only keep them from a release.
        sources = [s for s in sources if not s.allow_loopback] or sources
    if not sources:
        fail(f"{folder}: no source manifest in it: see the README on how to write one")
    from pipeline.stages import DatabaseError, open_database  # noqa: PLC0415

    try:
        open_database(settings)
    except DatabaseError as error:
        fail(str(error))
    if direct:
        from pipeline.run import run as run_pipeline  # noqa: PLC0415
    else:
        from pipeline.flows import run_flow as run_pipeline  # noqa: PLC0415
    # What could not be reached is said once, at the end, not at every try.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    errors = Console(stderr=True, highlight=False)
    summary = run_pipeline(settings, sources, progress=lambda line: errors.print(line, markup=False))
    _report_run(summary, local={s.name for s in sources if s.allow_loopback})


def _report_run(summary: RunSummary, *, local: set[str]) -> None:
    """What a run did, a line a stage; status 1 where a source was not healthy or no release was made.

    `local` are the sources on this machine.
    """
    from pipeline.extract import complain  # noqa: PLC0415
    from pipeline.tables import visible  # noqa: PLC0415

    for line in summary.lines():
        typer.echo(visible(line))
    for problem in summary.problems:
        complain(problem)
    if advice := summary.advice(local):
        complain(advice)
    if not summary.ok:
        raise typer.Exit(1)
