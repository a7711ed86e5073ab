"""The whole job on this machine alone: a small news site is served, crawled, read, and shown as a dataset."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text
from sqlalchemy import RowMapping, select

from pipeline.crawl.sources import load_source
from pipeline.dataset.database import database
from pipeline.dataset.schema import awards, checks, conferences, figures
from pipeline.demo_site import DemoSite, RequestLog
from pipeline.settings import ROOT, Settings, as_database_url, load_settings
from pipeline.summary import Progress, RunSummary

PORT = 8765
"""Addresses are identity: on the same port a second demo finds its own pages again."""

_SITE = ROOT / "corpus" / "sites" / "songtien"
_OUT = ROOT / "outputs" / "demo"
_ARCHIVE = ROOT / "corpus" / "archive" / "demo"
_BASIS = {
    "explicit": "written",
    "publication": "year: publication",
    "context": "year: context",
    "unresolved": "",
}
_TOLD = ("members_recruited", "care_beneficiaries", "care_spending", "members_total", "delegates")


def demo(
    console: Console,
    *,
    direct: bool = False,
    port: int = PORT,
    out: Path = _OUT,
    archive: Path = _ARCHIVE,
) -> RunSummary:
    """Serve the demo site, run over it (with Prefect unless `direct`), print what came out.

    Everything stays in `out` and `archive`, so that a second demo finds all pages unchanged. Raises
    `demo_site.DemoSiteError` where the port is taken.
    """
    settings = load_settings(
        database_url=as_database_url(str(out / "tongket.db")),
        archive_dir=archive,
        releases_dir=out / "releases",
    )
    manifest = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml")
    started = time.monotonic()
    with DemoSite(_SITE / "articles", _SITE / "templates", port=port) as site:
        source = manifest.at(site.base_url)
        console.print(
            f"[bold]{source.title}[/] is up at {site.base_url}: an invented newspaper on this machine"
        )
        with console.status("beginning") as status:
            summary = _engine(direct)(settings, [source], progress=_show(status))
        seconds = time.monotonic() - started
        _print_crawl(console, summary, site.log, seconds, direct=direct)
    _print_conferences(console, settings)
    _print_ways_on(console, settings, summary)
    return summary


def _engine(direct: bool) -> Callable[..., RunSummary]:
    if direct:
        from pipeline.run import run  # noqa: PLC0415  as below

        return run
    from pipeline.flows import run_flow  # noqa: PLC0415  Prefect takes seconds to import

    return run_flow


def _show(status: Status) -> Progress:
    def show(line: str) -> None:
        status.update(Text(line))

    return show


def _print_crawl(
    console: Console, summary: RunSummary, log: RequestLog, seconds: float, *, direct: bool
) -> None:
    engine = "stage after stage" if direct else "as a Prefect flow"
    console.print(f"One run, {engine}, in {seconds:.1f} s:")
    for crawl in summary.crawls:
        console.print(
            f"  crawl    {crawl.links} articles found: [green]{crawl.fetched} new or changed[/], "
            f"{crawl.unchanged} unchanged, {crawl.failed} failed "
            f"({len(log.answers)} requests, {log.count(304)} of them answered 304 Not Modified)"
        )
    stored = summary.stored
    console.print(
        f"  dataset  {stored.new} articles new, {stored.changed} changed, {stored.failed} failed; now "
        + ", ".join(f"{count} {name}" for name, count in summary.rows.items())
    )
    for problem in summary.problems:
        console.print(Text(f"  problem  {problem}", style="yellow"))


def _print_conferences(console: Console, settings: Settings) -> None:
    table = Table(title="Conferences read", title_justify="left", show_lines=True, expand=True)
    for name, ratio in (("Host", 4), ("Date", 2), ("Kind", 2), ("Figures", 5), ("Awards", 3), ("Checks", 2)):
        table.add_column(name, ratio=ratio, overflow="fold")
    with database(settings.database_url) as engine, engine.connect() as connection:
        heads = select(conferences).order_by(conferences.c.date_start, conferences.c.id)
        for head in connection.execute(heads).mappings():
            told, given, sums = (
                connection.execute(
                    select(part).where(part.c.conference_id == head["id"]).order_by(part.c.ordinal)
                )
                .mappings()
                .all()
                for part in (figures, awards, checks)
            )
            table.add_row(
                Text(head["host_canonical"] or "(not named)"),
                _date(head),
                Text(head["kind"].replace("_", " ")),
                _figures(told),
                _awards(given),
                _checks(sums),
            )
    console.print(table)


def _date(head: RowMapping) -> Text:
    if not head["date_start"]:
        return Text("unresolved", style="dim")
    until = f" to {head['date_end']}" if head["date_end"] else ""
    return Text.assemble(head["date_start"] + until, ("\n" + _BASIS[head["date_basis"]], "dim"))


def _figures(rows: Sequence[RowMapping]) -> Text:
    """The number of figures, and three told: those of the best-known indicators first."""
    rank = {indicator: place for place, indicator in enumerate(_TOLD)}
    told = sorted(rows, key=lambda row: rank.get(row["indicator"], len(rank)))[:3]
    text = Text.assemble((str(len(rows)), "bold"))
    for row in told:
        text.append(f"\n{row['indicator']}: ", style="dim")
        text.append(row["evidence_text"] + (" (target)" if row["status"] == "target" else ""))
    return text


def _awards(rows: Sequence[RowMapping]) -> Text:
    lines = [f"{row['count'] or ''} {row['form_text']}".strip() for row in rows[:4]]
    return Text("\n".join(lines + ["…"] * (len(rows) > 4)))


def _checks(rows: Sequence[RowMapping]) -> Text:
    if not rows:
        return Text("none", style="dim")
    failing = sum(1 for row in rows if not row["holds"])
    text = Text.assemble((f"{len(rows) - failing} hold", "green"))
    if failing:
        text.append(f"\n{failing} fail", style="red")
    return text


def _print_ways_on(console: Console, settings: Settings, summary: RunSummary) -> None:
    database = _near(Path(settings.database_url.removeprefix("sqlite:///")))
    if summary.release:
        console.print(f"Release:  {_near(summary.release)}  (CSV, JSON Lines, SQLite, README.txt)")
    console.print(f"Database: {database}")
    console.print("Look further:")
    for command in _commands(database):
        console.print(Text(f"  {command}", style="cyan"), soft_wrap=True)


def _commands(database: str) -> Iterable[str]:
    gold = ROOT / "corpus" / "gold"
    # `make demo` leaves the program in the virtual environment, which need not be on the PATH.
    program = "tongket" if shutil.which("tongket") else _near(Path(sys.executable).with_name("tongket"))
    for article in sorted(gold.glob("*.txt"))[:1]:
        yield f"{program} explain {_near(article)}"
        yield f"{program} extract --format table {_near(article)}"
    yield f"{program} evaluate {_near(gold)}"
    query = "SELECT evidence_text, indicator, value, unit FROM figures LIMIT 20"
    yield f'sqlite3 {database} "{query}"'


def _near(path: Path) -> str:
    """`path` as seen from the working directory, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
