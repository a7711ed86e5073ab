"""The commands on what is already here: `ingest` takes files, `reread` the archive. Neither uses the network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import Database, SourcesDir
from pipeline.cli_run import BAD_INPUT, fail, load_all, report_run, telling

if TYPE_CHECKING:
    from pipeline.inputs import BadInput

INGEST_EPILOG = (
    "Examples:\n\ntongket ingest CC-NEWS-20250107-00042.warc.gz\n\ntongket ingest saved/*.html\n\n"
    "tongket ingest --name kho-cu news.jsonl.gz articles.csv\n\n"
    "tongket ingest 's3://bucket/2024/*.warc.gz' --workers 2\n\n"
    "tongket ingest 's3://bucket/2024/*.warc.gz' --dask tcp://10.0.0.1:8786 --db postgresql://me@db/tongket\n\n"
    "A row of JSON Lines or CSV has `text` or `html`, and may have `id`, `url`, `title`, `published_at`.\n\n"
    "What cannot be read gets one line on standard error; the rest is taken, and the exit status is 2."
)
REREAD_EPILOG = (
    "Examples:\n\ntongket reread\n\ntongket reread --source songtien\n\n"
    "tongket reread --workers 2\n\n"
    "tongket reread --db new.db   (a database made anew from the archive alone)"
)

_WORKERS = "Processes that read at once."


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
    only_known: Annotated[
        bool, typer.Option("--only-known", help="Only pages of sites that a manifest describes.")
    ] = False,
    workers: Annotated[int, typer.Option(metavar="N", help=_WORKERS, min=1, max=64)] = 1,
    dask: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Read on the workers of this Dask scheduler instead."),
    ] = None,
    db: Database = None,
    sources_dir: SourcesDir = None,
) -> None:
    """Take files of any origin into the archive and the dataset, and make a release."""
    from pipeline.batches import with_workers  # noqa: PLC0415
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

    if dask is not None:
        _check_dask(dask, settings.database_url)
    with telling() as progress:
        if dask is None:
            read = with_workers(workers)
            summary = run_ingest(
                settings,
                sources,
                paths,
                name=name,
                only_known=only_known,
                complain=tell_bad,
                progress=progress,
                read=read,
            )
        else:
            from pipeline.engines import backfill_flow  # noqa: PLC0415

            summary = backfill_flow(
                settings,
                sources,
                paths,
                name=name,
                only_known=only_known,
                complain=tell_bad,
                progress=progress,
                dask=dask,
            )
    report_run(summary)
    if bad:
        raise typer.Exit(BAD_INPUT)


def reread(
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Only this source; may be repeated. Without: all."),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", help=_WORKERS, min=1, max=64)] = 1,
    db: Database = None,
    sources_dir: SourcesDir = None,
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


def _check_dask(address: str, database_url: str) -> None:
    """What a cluster needs, said before anything is begun."""
    import importlib.util  # noqa: PLC0415

    if importlib.util.find_spec("prefect_dask") is None:
        fail("--dask: needs prefect-dask beside tongket: pip install prefect-dask distributed")
    if not re.fullmatch(r"(?:tcp|tls)://[^\s/:]+:\d+", address):
        fail(f"--dask: {address!r} is no address of a scheduler like tcp://127.0.0.1:8786")
    local = re.fullmatch(r"tcp://(?:127\.\d+\.\d+\.\d+|localhost):\d+", address)
    if database_url.startswith("sqlite") and local is None:
        fail("--dask: workers on other machines need a database that they reach: --db postgresql://…")
