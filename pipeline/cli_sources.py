"""The commands of `tongket sources`: `list`, `check` and `new`, registered by `pipeline.cli`."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_run import BAD_INPUT, fail, fail_settings

if TYPE_CHECKING:
    from pipeline.settings import Settings

sources_app = typer.Typer(
    name="sources", no_args_is_help=True, rich_markup_mode="rich",
    help="Look after the manifests of news sites: which there are, whether one works, a draft for a new site.",
    epilog="Examples:\n\ntongket sources list\n\ntongket sources check songtien\n\n"
    "tongket sources new https://congdoan.example/tin-tuc/",
)  # fmt: skip

_Folder = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", help="Folder of source manifests (YAML).")
]
_Json = Annotated[bool, typer.Option("--json", help="Print all of it as one JSON object.")]


def _default_folder() -> Path:
    from pipeline.settings import ROOT  # noqa: PLC0415

    return ROOT / "pipeline" / "sources"


def _settings(contact: str | None = None) -> Settings:
    """Settings for a look at a site: a page that fails is asked for once more, and no oftener."""
    from pipeline.settings import SettingsError, load_settings  # noqa: PLC0415

    logging.getLogger("urllib3").setLevel(logging.ERROR)
    try:
        return load_settings(contact=contact, retries=1)
    except SettingsError as error:
        fail_settings(error)


def _tell(line: str) -> None:
    """Progress, on standard error."""
    from pipeline.tables import visible  # noqa: PLC0415

    typer.echo(visible(line), err=True)


@sources_app.command(
    "list",
    epilog="Examples:\n\ntongket sources list\n\ntongket sources list --sources my-sites --json\n\n"
    "A manifest that cannot be used gets one line on standard error, and the exit status is 2.",
)
def list_sources(sources_dir: _Folder = None, as_json: _Json = False) -> None:
    """Show the manifests: start points, layouts, pauses, and when each is due (Vietnamese time)."""
    from datetime import datetime  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415

    from pipeline.crawl.schedule import VIETNAM  # noqa: PLC0415
    from pipeline.crawl.sources import SourceError  # noqa: PLC0415
    from pipeline.extract import complain  # noqa: PLC0415
    from pipeline.sourcing.overview import as_dict, load_each, overview_table  # noqa: PLC0415

    folder = sources_dir or _default_folder()
    try:
        found = load_each(folder)
    except SourceError as error:
        fail(str(error))
    if not found.sources and not found.problems:
        fail(f"{folder}: no source manifest in it: write one with `tongket sources new URL`")
    now = datetime.now(VIETNAM)
    if as_json:
        rows = [as_dict(source, now) for source in found.sources]
        told = {"sources": rows, "problems": list(found.problems)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif found.sources:
        Console(highlight=False).print(overview_table(found.sources, now))
    for problem in found.problems:
        complain(problem)
    if found.problems:
        raise typer.Exit(BAD_INPUT)


@sources_app.command(
    "check",
    epilog="Examples:\n\ntongket sources check bao-tinh --sources my-sites\n\n"
    "tongket sources check bao-tinh --articles 5 --json\n\n"
    "tongket sources check bao-tinh --url https://baotinh.example/cong-doan/bai-1-post123.html\n\n"
    "Exit status: 0 all is well, 1 there are problems, 2 something given cannot be used.",
)
def check_source(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name in the manifest.")],
    sources_dir: _Folder = None,
    articles: Annotated[
        int, typer.Option(metavar="N", help="How many of the newest articles to fetch.", min=1, max=20)
    ] = 3,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Look at this article alone, at no start point.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Fetch a little of a site and show what would be taken, and what in its manifest to change. Keeps nothing."""
    from rich.console import Console  # noqa: PLC0415

    from pipeline.crawl.sources import SourceError  # noqa: PLC0415
    from pipeline.sourcing.check import CheckError, as_dict, check  # noqa: PLC0415
    from pipeline.sourcing.check_view import check_lines  # noqa: PLC0415
    from pipeline.sourcing.overview import find_source  # noqa: PLC0415

    settings = _settings()
    try:
        source = find_source(sources_dir or _default_folder(), name)
        checked = check(settings, source, articles=articles, url=url, progress=_tell)
    except (SourceError, CheckError) as error:
        fail(" ".join(str(error).split()))
    if as_json:
        typer.echo(json.dumps(as_dict(checked), ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        for line in check_lines(checked):
            console.print(line, soft_wrap=True)
    if not checked.ok:
        raise typer.Exit(1)


@sources_app.command(
    "new",
    epilog="Examples:\n\ntongket sources new https://congdoan.example/tin-tuc/ --output my-sites\n\n"
    "tongket sources new https://baotinh.example/cong-doan/ --name bao-tinh --output -\n\n"
    "What is not certain is left out and said in a comment. Then: `tongket sources check NAME`.",
)
def new_source(
    url: Annotated[str, typer.Argument(metavar="URL", help="The home page, or that of a section.")],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The source's name (default: from the host).")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR|-", help="Folder for NAME.yaml; - prints it.")
    ] = ".",
    contact: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="An address or a page of yours, sent to the site in the User-Agent."
        ),
    ] = None,
    loopback: Annotated[
        bool, typer.Option("--loopback", help="The site is on this machine, as the demo's are.")
    ] = False,
) -> None:
    """Look at a site and write a draft of its manifest: start points, article addresses, selectors."""
    from pipeline.sourcing.new import NewError, new  # noqa: PLC0415
    from pipeline.tables import visible  # noqa: PLC0415

    folder = None if output == "-" else Path(output)
    try:
        draft = new(_settings(contact), url, name=name, folder=folder, loopback=loopback, progress=_tell)
    except NewError as error:
        fail(" ".join(str(error).split()))
    if draft.path is None:
        typer.echo(draft.text, nl=False)
        return
    typer.echo(visible(f"{draft.path}: written. Look it over, then: {draft.next_step}"))
