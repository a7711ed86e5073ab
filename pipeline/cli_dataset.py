"""The commands on the dataset: `release`, `verify`, and `review` with its two."""

from __future__ import annotations

import getpass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import Database
from pipeline.cli_run import fail, load_settings_or_fail, say, telling

RELEASE_EPILOG = (
    "Examples:\n\ntongket release\n\ntongket release --date 2025-01-14 --bom     (CSV that Excel opens as it is)\n\n"
    "tongket release --db postgresql+psycopg://me@host/tongket\n\n"
    "`tongket run` makes a release by itself; this makes one anew, after a review for instance."
)
VERIFY_EPILOG = (
    "Examples:\n\ntongket verify outputs/releases/latest\n\ntongket verify outputs/releases/2025-01-14 && publish\n\n"
    "Exit status: 0 all is well, 1 something is wrong, 2 there is no release."
)
EXPORT_EPILOG = (
    "Examples:\n\ntongket review export --output to-look-at.csv --limit 200\n\n"
    "tongket review export --what links --output links.csv\n\n"
    "tongket review export --what decisions --output decided.csv   (to take back, or into another database)\n\n"
    "Answer in the column `answer`: accept, correct (with `field` and `new_value`) or reject a record; link or apart on "
    "two; undo what was decided. Rows without an answer are left alone."
)
IMPORT_EPILOG = (
    "Examples:\n\ntongket review import to-look-at.csv\n\ntongket review import answers.csv --by 'Lê Thị Sen'\n\n"
    "All answers are taken or none: each that cannot be gets a line, and the exit status is 2. Taken decisions are "
    "followed at once, outlive every reread, and stand in the next release with who, when and the value before."
)

review_app = typer.Typer(
    name="review",
    no_args_is_help=True,
    help="What to look at goes out as a table; what you decide comes back and stays.",
)


class What(StrEnum):
    """What `review export` writes."""

    items = "items"
    links = "links"
    decisions = "decisions"
    conferences = "conferences"
    unit_mentions = "unit_mentions"
    people = "people"
    figures = "figures"
    awards = "awards"
    checks = "checks"


def release(
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The release's date. Without: today, in Vietnam.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Folder of the releases.")
    ] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV with a byte order mark, by which Excel knows UTF-8.")
    ] = False,
    db: Database = None,
) -> None:
    """Link the dataset and write a release: tables in many formats, described, with what changed."""
    from pipeline.crawl.site import utc_now  # noqa: PLC0415
    from pipeline.dataset.release.codebook import CodebookError  # noqa: PLC0415
    from pipeline.stages import release_dataset  # noqa: PLC0415

    settings = load_settings_or_fail(db, releases_dir=output)
    try:
        with telling() as progress:
            linked, folder = release_dataset(settings, utc_now(), date=date, bom=bom, progress=progress)
    except (ValueError, CodebookError, OSError) as error:
        fail(str(error))
    say(f"linked: {linked.line()}")
    say(f"release: {folder}")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="RELEASE", help="A release's folder.")],
) -> None:
    """Check a release: every file's checksum, every key, and that each value's words stand in its article."""
    from pipeline.dataset.release.verify import VerifyError  # noqa: PLC0415
    from pipeline.dataset.release.verify import verify as run_verify  # noqa: PLC0415
    from pipeline.extract import complain  # noqa: PLC0415

    try:
        with telling() as progress:
            verdict = run_verify(folder, progress)
    except VerifyError as error:
        fail(str(error))
    for problem in verdict.problems:
        complain(problem)
    say(f"{folder}: {verdict.line()}")
    if verdict.problems:
        raise typer.Exit(1)


@review_app.command("export", epilog=EXPORT_EPILOG)
def export(
    what: Annotated[
        What, typer.Option(help="Items to look at, all links or decisions, or the records of one table.")
    ] = What.items,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here; without: standard output."),
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="The first N rows.", min=1)] = None,
    db: Database = None,
) -> None:
    """Write a sheet (CSV) of what to look at, the least certain first."""
    from pipeline.dataset.database import database, snapshot  # noqa: PLC0415
    from pipeline.review.sheet import sheet_rows, write_sheet  # noqa: PLC0415

    settings = load_settings_or_fail(db)
    with database(settings.database_url) as engine, snapshot(engine).connect() as connection:
        rows = list(sheet_rows(connection, what.value, limit=limit))
    sheet = write_sheet(rows)
    if output is None:
        typer.echo(sheet, nl=False)
        return
    try:
        output.write_text(sheet, encoding="utf-8", newline="")
    except OSError as error:
        fail(f"{output}: {error.strerror or error}")
    say(f"{output}: {len(rows)} rows to answer", err=True)


@review_app.command("import", epilog=IMPORT_EPILOG)
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An edited sheet.")],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Whose decisions these are. Without: TONGKET_REVIEWER, else your user name."
        ),
    ] = None,
    db: Database = None,
) -> None:
    """Take the answers of an edited sheet, all or none, and follow them."""
    from pipeline.crawl.site import utc_now  # noqa: PLC0415
    from pipeline.extract import complain  # noqa: PLC0415
    from pipeline.review.answers import AnswerError  # noqa: PLC0415
    from pipeline.review.sheet import read_sheet  # noqa: PLC0415
    from pipeline.stages import take_answers  # noqa: PLC0415

    settings = load_settings_or_fail(db)
    who = (by if by is not None else settings.reviewer or getpass.getuser()).strip()
    if not who:
        fail("--by: say whose decisions these are")
    now: datetime = utc_now()
    try:
        answers = read_sheet(path)
        taken, linked = take_answers(settings, answers, by=who, now=now)
    except AnswerError as error:
        for line in str(error).splitlines():
            complain(line)
        fail(f"{path}: nothing was taken: mend these rows and import again")
    say(f"{taken.new} decisions of {who} taken, {taken.known} known already")
    say(f"linked: {linked.line()}")
    if taken.new:
        typer.echo("they stand in the next release: `tongket release`")
