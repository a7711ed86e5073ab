"""How things stand, for people: tables that fit 80 columns, and say in signs or words what colours say too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.crawl.schedule import VIETNAM
from pipeline.runs.markdown import duration
from pipeline.runs.status import Night, RunStatus, SourceStatus, Status
from pipeline.tables import visible

_SIGNS: dict[Night, tuple[str, str]] = {
    "well": ("●", "green"),
    "ill": ("○", "bold red"),
    "none": ("·", "dim"),
}
_STATES = {"completed": "green", "unfinished": "yellow"}  # any other is red


def status_view(status: Status) -> RenderableType:
    """Runs, sources, problems, what is still to be done. Times are Vietnamese."""
    parts: list[RenderableType] = [_heading("Last runs")]
    parts.append(_runs(status.runs) if status.runs else Text("  none yet: `tongket run`\n", style="dim"))
    parts.append(_heading("Sources, the last thirty nights"))
    if status.sources:
        parts += [_sources(status.sources, datetime.fromisoformat(status.at)), _legend()]
        parts += [_problem(one) for one in status.sources if one.last_problem]
    else:
        parts.append(Text("  none that a run would take: see `tongket sources list`", style="dim"))
    if status.idle:
        names = visible(", ".join(status.idle))
        parts.append(Text(f"  left out by runs, and without a trace here: {names}", style="dim"))
    parts += [Text(), _heading("Still to be done"), _backlog(status)]
    return Group(*parts)


def _heading(text: str) -> Text:
    return Text(text, style="bold")


def _runs(runs: Sequence[RunStatus]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("begun", "took"):
        table.add_column(name, no_wrap=True)
    table.add_column("state", overflow="fold")
    for name in ("new", "changed", "problems"):
        table.add_column(name, justify="right")
    for one in runs:
        took = "–" if one.seconds is None else duration(one.seconds)
        table.add_row(
            _clock(one.started_at), took, Text(one.state, style=_STATES.get(one.state, "red")), str(one.new),
            str(one.changed), str(one.problems),
        )  # fmt: skip
    return table


def _sources(sources: Sequence[SourceStatus], now: datetime) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("source", overflow="fold")
    table.add_column("nights, the last on the right", no_wrap=True)
    table.add_column("ill", justify="right", no_wrap=True)
    table.add_column("last well", no_wrap=True)
    table.add_column("due", no_wrap=True)
    for one in sources:
        healthy = _day(one.last_healthy, now) if one.last_healthy else "never"
        table.add_row(
            Text.assemble((visible(one.source), "bold")), _line(one.line), f"{one.ill_nights} of {one.nights}",
            healthy, _due(one.due, now),
        )  # fmt: skip
    return table


def _line(line: Sequence[Night]) -> Text:
    """`··●●○●`: a sign a night."""
    return Text.assemble(*(_SIGNS[word] for word in line))


def _legend() -> Text:
    return Text("  ● well  ○ ill  · no crawl", style="dim")


def _problem(one: SourceStatus) -> Text:
    """The last problem; whether it is over is told in words."""
    told = visible(one.last_problem or "")
    if one.line and next((word for word in reversed(one.line) if word != "none"), "well") == "well":
        return Text(f"  over: {told}", style="dim")
    return Text(f"  ill: {told}", style="red")


def _backlog(status: Status) -> Group:
    backlog = status.backlog
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    held = f", {backlog.held} of them held back until their source is well" if backlog.held else ""
    for count, what in (
        (backlog.found, "articles found and not yet fetched"),
        (backlog.due_again, "articles due to be asked for again"),
        (backlog.unread, f"articles archived and unread{held}"),
        (backlog.to_review, "items to review: `tongket review export`"),
    ):
        table.add_row(f"  {count}", what)
    return Group(table, Text(f"  latest release: {visible(status.release or 'none yet')}"))


def _day(stamp: str, now: datetime) -> str:
    """`11-27`, with the year where that is another."""
    day = _clock(stamp)[:10]
    return day[5:] if day[:4] == f"{now.astimezone(VIETNAM).year}" else day


def _due(due: str | None, now: datetime) -> str:
    if due is None:
        return "–"
    return "now" if datetime.fromisoformat(due) <= now else _clock(due)[5:]


def _clock(stamp: str) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(VIETNAM):%Y-%m-%d %H:%M}"
