"""The commands on what is already here: `ingest` takes files, `reread` the archive. Neither uses the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_run import BAD_INPUT, fail, load_all, report_run, telling

if TYPE_CHECKING:
    from pipeline.inputs import BadInput

INGEST_EPILOG = (
    "Examples:\n\ntongket ingest CC-NEWS-20250107-00042.warc.gz\n\ntongket ingest saved/*.html\n\n"
    "tongket ingest --name kho-cu news.jsonl.gz articles.csv\n\n"
    "A row of JSON Lines or CSV has `text` or `html`, and may have `id`, `url`, `title`, `published_at`.\n\n"
    "What cannot be read gets one line on standard error; the rest is taken, and the exit status is 2."
)
REREAD_EPILOG = (
    "Examples:\n\ntongket reread\n\ntongket reread --source songtien\n\n"
    "tongket reread --workers 2\n\n"
    "tongket reread --db new.db   (a database made anew from the archive alone)"
)

_Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL|FILE", help="Database: an SQLAlchemy URL or an SQLite file."),
]
_Sources = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", help="Folder of source manifests (YAML).")
]


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="WARC, HTML, text, JSON Lines or CSV files, gzipped or not; - is standard input.",
        ),
    ],
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The source of pages that no manifest describes.")
    ] = "ingest",
    db: _Database = None,
    sources_dir: _Sources = None,
) -> None:
    """Take files of any origin into the archive and the dataset, and make a release."""
    from pipeline.extract import complain  # noqa: PLC0415
    from pipeline.ingest import ingest as run_ingest  # noqa: PLC0415

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        fail(f"--name: {name!r}: letters a-z, digits, - and _ only")
    settings, sources = load_all(db, sources_dir)
    bad = 0

    def tell_bad(item: BadInput) -> None:
        nonlocal bad
        bad += 1
        complain(str(item))

    with telling() as progress:
        summary = run_ingest(settings, sources, paths, name=name, complain=tell_bad, progress=progress)
    report_run(summary)
    if bad:
        raise typer.Exit(BAD_INPUT)


def reread(
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Only this source; may be repeated. Without: all."),
    ] = None,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Processes that read at once.", min=1, max=64)
    ] = 1,
    db: _Database = None,
    sources_dir: _Sources = None,
) -> None:
    """Parse and read the whole archive again, without network, and make a release."""
    from pipeline.batches import with_workers  # noqa: PLC0415
    from pipeline.reread import RereadError  # noqa: PLC0415
    from pipeline.reread import reread as run_reread  # noqa: PLC0415

    settings, sources = load_all(db, sources_dir)
    try:
        with telling() as progress:
            summary = run_reread(
                settings, sources, names=source or (), read=with_workers(workers), progress=progress
            )
    except RereadError as error:
        fail(str(error))
    report_run(summary)
