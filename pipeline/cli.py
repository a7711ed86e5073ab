"""The command line `tongket`. Each command is thin: what it does lives in the module of its name.

Everything heavy (spaCy, Prefect, SQLAlchemy) is imported inside the commands: `--help` answers at once.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline.cli_archive import INGEST_EPILOG, REREAD_EPILOG, ingest, reread
from pipeline.cli_dataset import RELEASE_EPILOG, VERIFY_EPILOG, release, review_app, verify
from pipeline.cli_deploy import DEPLOY_EPILOG, SERVE_EPILOG, deploy, serve
from pipeline.cli_explore import EXPLORE_EPILOG, explore
from pipeline.cli_run import BAD_INPUT, DEMO_EPILOG, RUN_EPILOG, demo, fail, run
from pipeline.cli_sources import sources_app
from pipeline.cli_state import SETTINGS_EPILOG, STATUS_EPILOG, settings, status
from pipeline.cli_takedown import TAKEDOWN_EPILOG, takedown


@contextmanager
def _shown() -> Iterator[None]:
    """What was typed, a file's name perhaps, is quoted in a complaint so that no terminal obeys it."""
    try:
        yield
    except typer.TyperException as error:
        from pipeline.tables import visible  # noqa: PLC0415

        if message := getattr(error, "message", None):
            error.message = visible(str(message), lines=True)
        raise


class _Commands(TyperGroup):
    """All commands, whose complaints go through `_shown`."""

    def make_context(self, *args: Any, **options: Any) -> Any:
        with _shown():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        with _shown():
            return super().invoke(ctx)


app = typer.Typer(
    name="tongket", cls=_Commands, no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    help="Turns Vietnamese trade-union news into a dataset of conference outcomes: who met when, what was "
    "achieved, what is planned, who was awarded what. Every value points at the words it came from.",
    epilog="Start with:  tongket demo\n\n"
    "Read your own articles:  tongket extract bai-viet.txt --format table",
)  # fmt: skip


class Format(StrEnum):
    """How `extract` prints: one JSON object a line, or tables for people."""

    jsonl = "jsonl"
    table = "table"


class DiffSection(StrEnum):
    """What `diff` compares."""

    figures = "figures"
    awards = "awards"
    conferences = "conferences"
    units = "units"
    articles = "articles"


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"tongket {version('tongket')}")
        raise typer.Exit


def _iso_date(value: str | None) -> str | None:
    from datetime import datetime  # noqa: PLC0415

    if value is not None:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise typer.BadParameter(f"{value!r} is not a date like 2025-01-13") from None
    return value


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


app.command(epilog=DEMO_EPILOG)(demo)
app.command(epilog=RUN_EPILOG)(run)
app.command(epilog=INGEST_EPILOG)(ingest)
app.command(epilog=REREAD_EPILOG)(reread)
app.command(epilog=RELEASE_EPILOG)(release)
app.command(epilog=VERIFY_EPILOG)(verify)
app.command(epilog=EXPLORE_EPILOG)(explore)
app.command(epilog=DEPLOY_EPILOG)(deploy)
app.command(epilog=SERVE_EPILOG)(serve)
app.command(epilog=TAKEDOWN_EPILOG)(takedown)
app.command(epilog=STATUS_EPILOG)(status)
app.command(epilog=SETTINGS_EPILOG)(settings)
app.add_typer(review_app)
app.add_typer(sources_app)


@app.command(
    epilog="Examples:\n\ntongket extract bai-viet.txt trang.html\n\n"
    "tongket extract --format table corpus/gold/*.txt\n\n"
    "tongket extract crawl.warc.gz --output reports.jsonl.gz\n\n"
    "tongket extract articles.jsonl.zst --workers 2 > reports.jsonl\n\n"
    "  head -100 articles.jsonl | tongket extract --all -\n\n"
    'A row of JSON Lines is {"id", "text" or "html", "url", "title", "published_at"}; '
    "the `id` comes back as `article.source`.\n\n"
    "Input that cannot be read gets one line on standard error; the rest is still read, and the exit "
    "status is 2."
)
def extract(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Text, HTML, WARC or JSON Lines files; - is standard input."),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="Read events of others too: a party committee, a youth association.")
    ] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="jsonl: a report a line; table: for people.")
    ] = Format.jsonl,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write here, whole or not at all; packed as .gz or .zst."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Processes that read at once. Without: one for each core, for files of 4 MB and more or once reading has "
            "taken a second.",
            min=1,
            max=256,
        ),
    ] = None,
) -> None:
    """Read articles and print what they report, one JSON object a line, in the order of the input."""
    from pipeline.extract import OutputError  # noqa: PLC0415
    from pipeline.extract import extract as run_extract  # noqa: PLC0415

    try:
        bad = run_extract(
            paths, everything=everything, table=format_ is Format.table, output=output, workers=workers
        )
    except OutputError as error:
        fail(str(error))
    if bad:
        raise typer.Exit(BAD_INPUT)


@app.command(
    epilog="Examples:\n\ntongket evaluate corpus/gold\n\ntongket evaluate corpus/gold --errors\n\n"
    "tongket evaluate corpus/gold --predictions reports.jsonl --json\n\n"
    "tongket evaluate corpus/gold --floors tests/gate/floors.json\n\n"
    "tongket evaluate corpus/gold --floors tests/gate/floors.json --write-floors\n\n"
    "Exit status: 0 all is well, 1 a score is below its floor, 2 something given cannot be used.\n\n"
    "A gold folder holds NAME.txt beside NAME.json; corpus/gold/README.md says what the fields mean."
)
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="Folder of annotated articles.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as one JSON object.")] = False,
    errors: Annotated[
        bool, typer.Option("--errors", help="List every miss and false alarm with its quote.")
    ] = False,
    predictions: Annotated[
        Path | None,
        typer.Option(
            "--predictions", metavar="FILE", help="Score this output of `extract --all`, read nothing."
        ),
    ] = None,
    floors: Annotated[
        Path | None,
        typer.Option("--floors", metavar="FILE", help="Fail where a score is below its floor in this file."),
    ] = None,
    write_floors: Annotated[
        bool, typer.Option("--write-floors", help="Write the scores now into that file; no floor may fall.")
    ] = False,
    lower: Annotated[bool, typer.Option("--lower", help="Let floors fall all the same.")] = False,
) -> None:
    """Score what is read against annotated articles: precision, recall, F1 and accuracy."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.evaluate.floors import FloorsError, Gate, hold  # noqa: PLC0415
    from pipeline.evaluate.gold import GoldError, load_gold  # noqa: PLC0415
    from pipeline.evaluate.predict import load_predictions, predict  # noqa: PLC0415
    from pipeline.evaluate.report import as_json as to_json  # noqa: PLC0415
    from pipeline.evaluate.report import findings_text, scores_table  # noqa: PLC0415
    from pipeline.evaluate.score import score  # noqa: PLC0415
    from pipeline.extract import complain  # noqa: PLC0415

    if write_floors and floors is None:
        fail("--write-floors: into which file? Name it with --floors FILE")
    if lower and not write_floors:
        fail("--lower: only with --write-floors")
    held: dict[str, float] | None = None
    complaints: list[str] = []
    try:
        gold = load_gold(folder)
        scores = score(gold, load_predictions(predictions, gold) if predictions else predict(gold))
        if floors:
            held, complaints = hold(Gate(folder, floors), gold, scores, write=write_floors, lower=lower)
    except (GoldError, FloorsError) as error:
        fail(str(error))
    if as_json:
        typer.echo(to_json(scores, floors=held))
    else:
        console = Console(highlight=False)
        if errors:
            console.print(findings_text(scores), soft_wrap=True)
        console.print(scores_table(scores, articles=len(gold), floors=held))
    for complaint in complaints:
        complain(complaint)
    if complaints:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:\n\ntongket diff before.jsonl after.jsonl\n\n"
    "tongket diff before.jsonl after.jsonl --only figures --limit 20\n\n"
    "tongket extract corpus/gold/*.txt | tongket diff before.jsonl - --json\n\n"
    "Articles pair by id, figures and awards by where they were read. Exit status: 0 no difference, 1 some, "
    "2 something given cannot be read."
)
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Output of `extract`; - is standard input.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another over the same articles.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print counts and changes as one JSON object.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="List the first N changes; all are counted.", min=0)
    ] = None,
    only: Annotated[DiffSection | None, typer.Option("--only", help="Changes of this sort alone.")] = None,
) -> None:
    """Show what changed between two outputs of `extract`: what another version gains, loses and reads otherwise."""
    from pipeline.diff_input import DiffError  # noqa: PLC0415
    from pipeline.diff_report import print_diff  # noqa: PLC0415

    try:
        equal = print_diff(old, new, only=only.value if only else None, limit=limit, as_json=as_json)
    except DiffError as error:
        fail(str(error))
    if not equal:
        raise typer.Exit(1)


@app.command(
    epilog="Examples:\n\ntongket explain bai-viet.txt\n\n"
    "tongket explain 'Sáng 12/1, LĐLĐ huyện Mang Thít kết nạp 705 đoàn viên.' --published 2025-01-13\n\n"
    "NO_COLOR=1 tongket explain bai-viet.txt | less"
)
def explain(
    what: Annotated[
        str, typer.Argument(metavar="TEXT|FILE|-", help="A file, the text itself, or standard input.")
    ],
    published: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", callback=_iso_date, help="Publication date, for days that name no year."
        ),
    ] = None,
) -> None:
    """Show an article with every span marked by what it was read as and by which rule."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.explain import explain_input  # noqa: PLC0415
    from pipeline.extract import complain  # noqa: PLC0415

    bad = explain_input(what, Console(), published=published)
    for item in bad:
        complain(str(item))
    if bad:
        raise typer.Exit(BAD_INPUT)


def main() -> None:
    """The program `tongket`: UTF-8 out whatever the locale says, since the data is Vietnamese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
