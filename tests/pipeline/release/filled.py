"""Databases filled with what is read of the demo's articles and of the annotated ones, and releases of them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Engine

import extractors
from pipeline.dataset.database import database
from pipeline.dataset.link import link
from pipeline.dataset.release import release
from pipeline.dataset.release.publish import SUMS
from pipeline.dataset.store import Reading, store_reports
from pipeline.demo_sites import FOLDER, SITES, load_story
from pipeline.settings import ROOT
from tests.databases import note_run

DATE = "2025-01-14"
GOLD = ROOT / "corpus" / "gold"


@cache
def readings() -> tuple[Reading, ...]:
    """All articles of the demo's sites and of the gold, read by the extractors."""
    found = []
    for site in SITES:
        for file in sorted((FOLDER / site / "articles").glob("*.txt")):
            story = load_story(file)
            text = "\n\n".join([story.lead, *(block.text for block in story.body)])
            found.append(_reading(text, site, story.path, story.title, story.published.isoformat()))
    for file in sorted(GOLD.glob("*.txt")):
        found.append(_reading(file.read_text(encoding="utf-8"), "gold", f"/{file.stem}"))
    return tuple(found)


def _reading(
    text: str, source: str, path: str, title: str | None = None, published: str | None = None
) -> Reading:
    url = f"https://{source}.example.vn{path}"
    report = extractors.read(text, title=title, published=published, url=url, source=source)
    return Reading(report, "1", page_url=url, fetched_at="2025-01-14T01:00:00+07:00")


def fill(engine: Engine, given: Sequence[Reading], *, run_id: str = "run", batch: int = 150) -> None:
    """Note a run, and store and link `given` in batches."""
    note_run(engine, run_id)
    for start in range(0, len(given), batch):
        store_reports(engine, given[start : start + batch], run_id)
    link(engine)


@contextmanager
def filled(url: str, given: Sequence[Reading], **more: Any) -> Iterator[Engine]:
    """A database at `url` with `given` in it."""
    with database(url) as engine:
        fill(engine, given, **more)
        yield engine


def released(engine: Engine, out_dir: Path, date: str = DATE) -> Path:
    """The dataset linked and released."""
    link(engine)
    return release(engine, out_dir, date)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 by file name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def sum_again(folder: Path) -> None:
    """Write the checksums anew, as one would who wants a changed release to look whole."""
    sums = digests(folder)
    lines = [f"{sums[name]}  {name}\n" for name in sorted(sums) if name != SUMS]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """A table's rows as its Parquet file has them."""
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def edit_rows(folder: Path, table: str, edit: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Change a table's rows in its Parquet file by `edit`, which is given the list of them."""
    path = folder / f"{table}.parquet"
    packed = pq.read_table(path)
    found = packed.to_pylist()
    edit(found)
    pq.write_table(type(packed).from_pylist(found, schema=packed.schema), path)


def csv_rows(folder: Path, table: str) -> list[dict[str, str]]:
    """A table's rows as its CSV file has them."""
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def json_rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """A table's rows as its JSON Lines file has them."""
    text = (folder / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]
