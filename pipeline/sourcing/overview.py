"""What `tongket sources list` shows: the manifests of a folder, what they name and when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.crawl.schedule import next_time
from pipeline.crawl.sources import Source, SourceError, load_source
from pipeline.tables import plain


@dataclass(frozen=True)
class Manifests:
    """Those of a folder that can be used, by file name, and a line for each that cannot."""

    sources: tuple[Source, ...]
    problems: tuple[str, ...]


def load_each(folder: Path) -> Manifests:
    """The manifests of `folder`; a bad one costs itself alone. Raises `SourceError` where there is no such folder."""
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of source manifests")
    sources: list[Source] = []
    problems: list[str] = []
    names: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            source = load_source(path)
        except SourceError as error:
            problems.append(" ".join(str(error).split()))
            continue
        if source.name in names:
            problems.append(f"{path}: field name: {source.name!r} is already used by {names[source.name]}")
            continue
        names[source.name] = path
        sources.append(source)
    return Manifests(tuple(sources), tuple(problems))


def find_source(folder: Path, name: str) -> Source:
    """The manifest of `folder` whose name is `name`, whatever is wrong with the others.

    Raises `SourceError` that says what is wrong with it, or which names there are.
    """
    if (own := folder / f"{name}.yaml").is_file() and (source := load_source(own)).name == name:
        return source
    found = load_each(folder)
    for source in found.sources:
        if source.name == name:
            return source
    names = ", ".join(sorted(source.name for source in found.sources)) or "none"
    raise SourceError(f"{folder}: no source named {name!r}: there are {names}")


def overview_table(sources: Sequence[Source], now: datetime) -> Table:
    """One row a source; narrow enough for 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("source", min_width=18, overflow="fold")
    for name in ("verified", "it names", "delay", "next"):
        table.add_column(name, no_wrap=True, justify="right" if name == "delay" else "left")
    for source in sources:
        here = ("\n(on this machine)", "dim") if source.allow_loopback else ""
        verified = Text("yes", style="green") if source.verified else Text("no", style="yellow")
        due = f"{next_time(source, now):%Y-%m-%d %H:%M}\n({source.schedule})"
        table.add_row(
            Text.assemble((source.name, "bold"), "\n", plain(source.title), here), verified, _named(source),
            f"{source.delay_seconds:g} s", due,
        )  # fmt: skip
    return table


def as_dict(source: Source, now: datetime) -> dict[str, Any]:
    """The same row for `--json`; `next` is ISO 8601 with the offset of Vietnam."""
    return {
        "name": source.name,
        "title": source.title,
        "base_url": source.base_url,
        "verified": source.verified,
        "feeds": len(source.feeds),
        "listings": len(source.listings),
        "sitemaps": len(source.sitemaps),
        "layouts": len(source.layouts),
        "delay_seconds": source.delay_seconds,
        "schedule": source.schedule,
        "next": next_time(source, now).isoformat(),
        "on_this_machine": source.allow_loopback,
    }


def _named(source: Source) -> str:
    """`1 feed`, `2 listings`, `1 layout`, each on a line of its own."""
    counts = {
        "feed": len(source.feeds),
        "listing": len(source.listings),
        "sitemap": len(source.sitemaps),
        "layout": len(source.layouts),
    }
    return "\n".join(f"{count} {what}{'s' if count > 1 else ''}" for what, count in counts.items() if count)
