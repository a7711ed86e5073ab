"""The commands that crawl: `demo` and `run`, registered by `pipeline.cli`."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline.cli_options import Database, SourcesDir

if TYPE_CHECKING:
    from pipeline.crawl.sources import Source
    from pipeline.crawl.walk import Window
    from pipeline.settings import Settings, SettingsError
    from pipeline.summary import Progress, RunSummary

BAD_INPUT = 2
_SELDOM = 30.0  # seconds between two lines on the same step
DEMO_PORT = 8765

DEMO_EPILOG = (
    "Examples:\n\ntongket demo\n\n"
    "tongket demo --direct     (the same without Prefect: quicker to start)\n\n"
    "tongket demo --port 8799  (when something else listens on the usual port)"
)
RUN_EPILOG = (
    "Examples:\n\ntongket run\n\ntongket run --direct --source songtien\n\n"
    "tongket run --sources my-sites --db my.db\n\n"
    "tongket run --source bao-tinh --since 2024-12-01 --until 2025-01-31   (a backfill)\n\n"
    "A second run fetches only what has changed; one that was killed goes on where it was.\n\n"
    "Exit status: 0 all is well, 1 a source was ill (the others are released), 2 something given cannot be used."
)


def say(message: str, *, err: bool = False) -> None:
    """One line for people, whatever a name in it holds."""
    from pipeline.tables import visible  # noqa: PLC0415

    typer.echo(visible(message), err=err)


def fail(message: str) -> NoReturn:
    """One line on standard error, and exit status 2: something given cannot be used."""
    from pipeline.extract import complain  # noqa: PLC0415

    complain(message)
    raise typer.Exit(BAD_INPUT)


def fail_settings(error: SettingsError) -> NoReturn:
    """A line on standard error for each setting that cannot be used, and exit status 2."""
    from pipeline.extract import complain  # noqa: PLC0415

    for problem in error.problems[:-1]:
        complain(problem)
    fail(error.problems[-1])


def demo(
    direct: Annotated[bool, typer.Option("--direct", help="Run without Prefect.")] = False,
    port: Annotated[
        int, typer.Option(help="Port of the demo site on this machine.", min=1, max=65535)
    ] = DEMO_PORT,
) -> None:
    """Show the whole job on this machine: serve a small news site, crawl it, read it, make a release."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.demo import demo as run_demo  # noqa: PLC0415
    from pipeline.demo_sites import DemoSiteError  # noqa: PLC0415
    from pipeline.settings import SettingsError  # noqa: PLC0415

    try:
        summary = run_demo(Console(), direct=direct, port=port)
    except DemoSiteError as error:
        fail(str(error))
    except SettingsError as error:
        fail_settings(error)
    if not summary.ok:
        raise typer.Exit(1)


def run(
    direct: Annotated[bool, typer.Option("--direct", help="Run without Prefect.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="Only this source; may be repeated. Without: all that are verified.",
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="Only sources whose schedule has come since their last crawl.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Backfill: articles published from this day on, however deep."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Backfill: up to this day. Needs --since.")
    ] = None,
    db: Database = None,
    sources_dir: SourcesDir = None,
) -> None:
    """Crawl the configured sources, read what is new, bring the dataset up to date and make a release."""
    from pipeline.settings import ROOT  # noqa: PLC0415

    window = _window(since, until)
    settings, sources = load_all(db, sources_dir)
    sources = _chosen(sources, source, sources_dir or ROOT / "pipeline" / "sources")
    if due:
        from pipeline.crawl.site import utc_now  # noqa: PLC0415
        from pipeline.stages import due as those_due  # noqa: PLC0415

        if not (sources := those_due(settings, sources, utc_now())):
            typer.echo("no source is due")
            return
    from pipeline.engines import engine  # noqa: PLC0415

    run_pipeline = engine(direct)
    # What could not be reached is said once, at the end, not at every try.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    with telling() as progress:
        summary = run_pipeline(settings, sources, progress=progress, window=window)
    report_run(summary, local={s.name for s in sources if s.allow_loopback})


def load_all(db: str | None, sources_dir: Path | None) -> tuple[Settings, list[Source]]:
    """Settings with the database `db` opened once, and all manifests; what is wrong with them ends the program."""
    from pipeline.crawl.sources import SourceError, load_sources  # noqa: PLC0415
    from pipeline.settings import ROOT  # noqa: PLC0415

    try:
        sources = load_sources(sources_dir or ROOT / "pipeline" / "sources")
    except SourceError as error:
        fail(str(error))
    return load_settings_or_fail(db), sources


def load_settings_or_fail(db: str | None, *, releases_dir: Path | None = None) -> Settings:
    """Settings with the database `db` opened once; what is wrong with them ends the program."""
    from pipeline import logs  # noqa: PLC0415
    from pipeline.dataset.release.redact import RedactError  # noqa: PLC0415
    from pipeline.settings import SettingsError, load_settings  # noqa: PLC0415
    from pipeline.stages import DatabaseError, load_blanked, open_database  # noqa: PLC0415

    try:
        settings = load_settings(database_url=db, releases_dir=releases_dir)
        open_database(settings)
        load_blanked(settings)
    except (DatabaseError, RedactError) as error:
        fail(str(error))
    except SettingsError as error:
        fail_settings(error)
    logs.setup(settings)
    return settings


@contextmanager
def telling() -> Iterator[Progress]:
    """Progress on standard error: one line that changes in a terminal, elsewhere one now and then.

    None where that is for programs. A fault of this machine inside the block ends the program with a line.
    """
    from pipeline.cli_faults import fault_line  # noqa: PLC0415

    try:
        with _telling() as progress:
            yield progress
    except Exception as error:
        if line := fault_line(error):
            fail(line)
        raise


@contextmanager
def _telling() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from pipeline import logs  # noqa: PLC0415
    from pipeline.tables import visible  # noqa: PLC0415

    if logs.is_json():
        yield lambda _line: None
        return
    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("beginning") as status:
            yield lambda line: status.update(Text(visible(line)))
        return
    last = time.monotonic() - _SELDOM
    said = ""

    def tell(line: str) -> None:
        nonlocal last, said
        # The same step again, with other numbers, is not worth a line of a log each time.
        step = re.sub(r"\d+", "#", line)
        if step != said or time.monotonic() - last >= _SELDOM:
            last, said = time.monotonic(), step
            console.print(visible(line), markup=False, soft_wrap=True)

    yield tell


def _window(since: str | None, until: str | None) -> Window:
    """What `--since` and `--until` ask for."""
    from datetime import date  # noqa: PLC0415

    from pipeline.crawl.walk import Window  # noqa: PLC0415

    days = {}
    for name, value in (("--since", since), ("--until", until)):
        try:
            days[name] = None if value is None else date.fromisoformat(value)
        except ValueError:
            fail(f"{name}: {value!r} is not a day like 2025-01-13")
    first, last = days["--since"], days["--until"]
    if first is None and last is not None:
        fail("--until: from which day on? Name it with --since DATE")
    if first is not None and last is not None and last < first:
        fail(f"--until {last} is before --since {first}")
    return Window(since=first, until=last, backfill=first is not None)


def _chosen(sources: list[Source], names: list[str] | None, folder: Path) -> list[Source]:
    """The sources to crawl: those named, else all that a person has seen work."""
    if not sources:
        fail(f"{folder}: no source manifest in it: see the README on how to write one")
    known = {source.name: source for source in sources}
    for name in names or ():
        if name not in known:
            fail(f"{folder}: no source named {name!r}: there are {', '.join(sorted(known))}")
    if names:
        return [source for source in sources if source.name in names]
    verified = [source for source in sources if source.verified]
    # The demo's sites are up only during a demo: beside real ones they would always be reported as ill.
    chosen = [source for source in verified if not source.allow_loopback]
    if chosen:
        return chosen
    if any(not source.verified for source in sources):
        fail(
            f"{folder}: no source in it is verified: look at one with `tongket sources check NAME`, then set "
            "`verified: true` in its manifest, or name it with --source NAME"
        )
    return verified


def report_run(summary: RunSummary, *, local: set[str] | None = None) -> None:
    """What a run did, a line a stage; status 1 where a source was ill.

    `local` are the sources on this machine.
    """
    from pipeline.extract import complain  # noqa: PLC0415

    for line in summary.lines():
        say(line)
    for problem in summary.problems:
        complain(problem)
    if advice := summary.advice(local or set()):
        complain(advice)
    if not summary.ok:
        raise typer.Exit(1)
