"""The whole job on this machine alone: small news sites are served, crawled, read, and shown as a dataset."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, RowMapping, case, func, select
from sqlalchemy import Table as TableClause

from pipeline import logs
from pipeline.crawl.sources import load_source
from pipeline.dataset.database import database
from pipeline.dataset.schema import (
    awards,
    checks,
    conferences,
    figures,
    outcome_values,
    outcomes,
    target_results,
)
from pipeline.demo_sites import PORT, DemoSite, serve_all
from pipeline.engines import engine
from pipeline.settings import ROOT, Settings, as_database_url, load_settings
from pipeline.summary import Progress, RunSummary
from pipeline.tables import visible

Row = Mapping[Any, Any]
"""A row of the dataset, column → value."""

_SOURCES = ROOT / "pipeline" / "sources"
_OUTPUTS = ROOT / "outputs"
_ARCHIVES = ROOT / "corpus" / "archive"
_TOLD = ("members_recruited", "care_beneficiaries", "care_spending", "members_total", "delegates")
_SHOWN = 14  # conferences, the newest
_NARROW, _WIDE = len("2025-02-14 (publication)"), 36
_LEGEND = (
    "The year of a date: (explicit) is written, (publication) that of the publication date, (context) worked "
    "out from the article. Several articles on one conference are one row. A sum is a check of the article's own "
    "arithmetic; targets are those that an earlier report set for the year."
)


def demo(
    console: Console,
    *,
    direct: bool = False,
    port: int = PORT,
    out: Path | None = None,
    archive: Path | None = None,
) -> RunSummary:
    """Serve the demo's sites, run over them (with Prefect unless `direct`), print what came out.

    The first site is at `port`, the others at the ports behind it. Everything stays in `out` and `archive`
    (`outputs/demo`, `corpus/archive/demo`), so that a second demo on the same port, where all pages have the
    same addresses, finds them unchanged. Raises `demo_sites.DemoSiteError` where a port is taken.
    """
    out, archive = out or _OUTPUTS / folder(port), archive or _ARCHIVES / folder(port)
    settings = load_settings(
        database_url=as_database_url(str(out / "tongket.db")),
        archive_dir=archive,
        releases_dir=out / "releases",
        runs_dir=out / "runs",
    )
    logs.setup(settings)
    started = time.monotonic()
    with serve_all(port) as sites:
        sources = [load_source(_SOURCES / f"{site.name}.yaml").at(site.base_url) for site in sites]
        console.print("Invented news sites, served on this machine:")
        for source in sources:
            console.print(f"  {source.base_url}  [bold]{source.title}[/]")
        with console.status("beginning") as status:
            summary = engine(direct)(settings, sources, progress=_show(status))
        seconds = time.monotonic() - started
        _print_crawl(console, summary, sites, seconds, direct=direct)
    _print_conferences(console, settings)
    _print_ways_on(console, settings, summary)
    return summary


def folder(port: int) -> str:
    """The demo's folder for a port, `demo` or `demo-8799`: in one, each article would stand twice.

    >>> folder(8799)
    'demo-8799'
    """
    return "demo" if port == PORT else f"demo-{port}"


def _show(status: Status) -> Progress:
    def show(line: str) -> None:
        status.update(Text(line))

    return show


def _print_crawl(
    console: Console, summary: RunSummary, sites: Sequence[DemoSite], seconds: float, *, direct: bool
) -> None:
    engine = "stage after stage" if direct else "as a Prefect flow"
    console.print(f"One run, {engine}, in {seconds:.1f} s:")
    told = Table.grid(padding=(0, 2))
    logs = {site.name: site.log for site in sites}
    for crawl in summary.crawls:
        log = logs[crawl.source]
        told.add_row(
            "  crawl",
            f"{crawl.source}: {crawl.links} articles found: [green]{crawl.new + crawl.changed} new or changed[/], "
            f"{crawl.unchanged} unchanged, {crawl.failed} failed",
        )
        told.add_row("", f"({len(log.answers)} requests, {log.count(304)} of them answered 304 Not Modified)")
    stored = summary.stored
    told.add_row("  read", f"{stored.new} articles new, {stored.changed} changed, {stored.failed} failed")
    told.add_row("  dataset", ", ".join(f"{count} {name}" for name, count in summary.main_rows.items()))
    told.add_row("  linked", summary.linked.line())
    console.print(told)
    for problem in summary.problems:
        console.print(Text(f"  problem  {problem}", style="yellow"))


def _print_conferences(console: Console, settings: Settings) -> None:
    with database(settings.database_url) as engine, engine.connect() as connection:
        heads = _heads(connection)
        rows = []
        for head in reversed(heads[:_SHOWN]):
            told, given, sums = (_parts(connection, part, head["id"]) for part in (figures, awards, checks))
            rows.append((head, told, given, sums))
    console.print(overview(rows, width=_NARROW if console.width < 100 else _WIDE))
    if more := len(heads) - len(rows):
        console.print(f"and {more} more conferences in the database")
    console.print(Text(_LEGEND, style="dim"))


def _heads(connection: Connection) -> list[Row]:
    """Outcomes, the newest first, as the conference of their first report, with `articles`, `targets` and `met`."""
    met = (
        select(
            outcome_values.c.outcome_id,
            func.count().label("targets"),
            func.sum(case((target_results.c.attained.is_(True), 1), else_=0)).label("met"),
        )
        .join(target_results, target_results.c.result_value_id == outcome_values.c.id)
        .group_by(outcome_values.c.outcome_id)
        .subquery()
    )
    query = (
        select(conferences, outcomes.c.articles, met.c.targets, met.c.met)
        .join(outcomes, outcomes.c.conference_id == conferences.c.id)
        .outerjoin(met, met.c.outcome_id == outcomes.c.id)
        .order_by(conferences.c.date_start.desc().nulls_last(), conferences.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _parts(connection: Connection, part: TableClause, conference: str) -> Sequence[RowMapping]:
    query = select(part).where(part.c.conference_id == conference).order_by(part.c.ordinal)
    return connection.execute(query).mappings().all()


def overview(
    rows: Iterable[tuple[Row, Sequence[Row], Sequence[Row], Sequence[Row]]], *, width: int = _NARROW
) -> Table:
    """One row a conference: `(conference, its figures, awards, checks)`, as rows of the dataset.

    `width` is that of the first column, in characters: `_NARROW` or more, so that neither a date with its
    basis nor a kind ever breaks. On 80 columns that leaves room for a figure's name and number.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, leading=1, expand=True)
    table.add_column("Conference", width=width)
    table.add_column("Figures", ratio=9)
    table.add_column("Awards, checks", ratio=4)
    for head, told, given, sums in rows:
        table.add_row(_conference(head), _figures(told), _awards_and_checks(head, given, sums))
    return table


def _conference(head: Row) -> Text:
    host = head["host_canonical"]
    text = Text(visible(host), style="bold") if host else Text("(host not named)", style="dim")
    lines = [text, _date(head), Text(head["kind"])]
    if (articles := head.get("articles") or 1) > 1:
        lines.append(Text(f"told by {articles} articles", style="cyan"))
    return Text("\n").join(lines)


def _date(head: Row) -> Text:
    """`2025-02-18 to 19 (publication)`: of the last day only what differs from the first."""
    start, end = head["date_start"], head["date_end"]
    if not start:
        return Text("(date unresolved)", style="dim")
    until = (
        ""
        if not end
        else f" to {end[8:] if end[:7] == start[:7] else end[5:] if end[:4] == start[:4] else end}"
    )
    return Text.assemble(start + until, (f" ({head['date_basis']})", "dim"))


def _figures(rows: Sequence[Row]) -> Text:
    """Three figures told, `members_recruited 2.105 đoàn viên (target)`, the rest counted.

    The best-known indicators come first, and each once before any of them again, so that what was done and
    what is planned stand side by side.
    """
    rank = {indicator: place for place, indicator in enumerate(_TOLD)}
    seen: Counter[tuple[str, str]] = Counter()
    order = []
    for place, row in enumerate(rows):
        known = rank.get(row["indicator"], len(rank) + (row["indicator"] == "other"))
        what = (row["indicator"], row["status"])
        order.append((seen[what], known, place))
        seen[what] += 1
    lines = []
    for *_, place in sorted(order)[:3]:
        row = rows[place]
        target = " (target)" if row["status"] == "target" else ""
        lines.append(
            Text.assemble((row["indicator"], "dim"), " ", visible(row["evidence_text"]), (target, "yellow"))
        )
    if more := len(rows) - len(lines):
        lines.append(Text(f"and {more} more", style="dim"))
    return Text("\n").join(lines)


def _awards_and_checks(head: Row, given: Sequence[Row], sums: Sequence[Row]) -> Text:
    """Awards summed by form under the shortest name that the article gives it, then what its sums and targets say."""
    forms: dict[str, list[Row]] = {}
    for row in given:
        forms.setdefault(row["form"], []).append(row)
    lines = []
    for same in forms.values():
        name = visible(min((row["form_text"] for row in same), key=len))
        count = sum(row["count"] or 0 for row in same)
        lines.append(Text(f"{count} {name}" if count else name))
    failing = sum(not row["holds"] for row in sums)
    if holding := len(sums) - failing:
        lines.append(Text(f"{holding} sum{'s' * (holding > 1)} hold{'s' * (holding == 1)}", style="green"))
    if failing:
        lines.append(Text(f"{failing} sum{'s' * (failing > 1)} fail{'s' * (failing == 1)}", style="red"))
    if targets := head.get("targets"):
        lines.append(Text(f"{head['met']} of {targets} targets met", style="cyan"))
    return Text("\n").join(lines)


def _print_ways_on(console: Console, settings: Settings, summary: RunSummary) -> None:
    database = _near(Path(settings.database_url.removeprefix("sqlite:///")))
    if summary.release:
        console.print(
            Text(f"Release:  {_near(summary.release)} (Parquet, CSV, JSON Lines, SQLite, Excel)"),
            soft_wrap=True,
        )
    console.print(Text(f"Database: {database}"), soft_wrap=True)
    console.print("Look further:")
    for command in _commands(database, summary.release):
        console.print(Text(f"  {command}", style="cyan"), soft_wrap=True)


def _commands(database: str, release: Path | None) -> Iterable[str]:
    gold = ROOT / "corpus" / "gold"
    # `make demo` leaves the program in the virtual environment, which need not be on the PATH.
    program = "tongket" if shutil.which("tongket") else _near(Path(sys.executable).with_name("tongket"))
    for article in sorted(gold.glob("*.txt"))[:1]:
        yield f"{program} explain {_near(article)}"
        yield f"{program} extract --format table {_near(article)}"
    yield f"{program} evaluate {_near(gold)}"
    if release is not None:
        yield f"{program} explore {_near(release)}"
        yield f"{program} verify {_near(release)}"
        yield f"{program} review export --db {database} --limit 20"


def _near(path: Path) -> str:
    """`path` as seen from the working directory, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
