"""A program that can be killed, and what must hold of its database and its releases whenever it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DatabaseError

from pipeline.dataset.release.verify import verify
from pipeline.dataset.schema import LINKED, READ, articles, conferences, metadata, pages, units

SITE = "truongson"
PATIENCE = 120.0
PROGRAM = "from pipeline.cli import main; main()"
# No watcher could meet the moments that matter most: between two statements of a transaction, between two renames. There
# the program ends itself, before the n-th statement that begins so, or the n-th file operation of that name since the
# release is whole and has its checksums.
AIMED = f"""
import os, signal, sys
from sqlalchemy import Engine, event
left, aim, whole = int(sys.argv.pop(1)), sys.argv.pop(1), False
def count():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def operation(name, told):
    global whole
    if name == "open" and str(told[0]).endswith("SHA256SUMS") and "w" in str(told[1]):
        whole = True
    elif whole and name == aim:
        count()
def statement(connection, cursor, words, *_):
    if words.startswith(aim):
        count()
sys.addaudithook(operation)
event.listen(Engine, "before_cursor_execute", statement)
{PROGRAM}
"""

Moment = Callable[[], bool]


@dataclass
class Program:
    """`tongket` over one archive, database and folder of releases, in processes that can be killed."""

    folder: Path
    archive: Path
    manifests: Path
    url: str

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    def start(self, *arguments: str, aim: tuple[str, int] | None = None) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = [AIMED, str(aim[1]), aim[0]] if aim else [PROGRAM]
        environment = os.environ | {
            "TONGKET_DB": self.url,
            "TONGKET_ARCHIVE": str(self.archive),
            "TONGKET_RELEASES": str(self.releases),
            "TONGKET_BATCH": "2",
        }
        with self.output.open("wb") as stream:
            return subprocess.Popen(
                [sys.executable, "-c", *told, *arguments],
                env=environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    def finish(self, *arguments: str) -> None:
        with self.start(*arguments) as process:
            process.wait(PATIENCE)
        assert process.returncode == 0, self.output.read_text("utf-8")

    def killed_before(self, *arguments: str, aim: tuple[str, int]) -> bool:
        """Start, to be killed before the n-th statement or file operation that is aimed at."""
        with self.start(*arguments, aim=aim) as process:
            process.wait(PATIENCE)
        assert process.returncode == -signal.SIGKILL, f"{aim} never came: {self.output.read_text('utf-8')}"
        return True

    def killed(self, *arguments: str, when: Moment, later: float) -> bool:
        """Start, wait for a moment and so many seconds, and kill; False where the program was done before."""
        with self.start(*arguments) as process:
            limit = time.monotonic() + PATIENCE
            while process.poll() is None and not when() and time.monotonic() < limit:
                time.sleep(0.001)
            time.sleep(later)
            process.send_signal(signal.SIGKILL)
        assert process.returncode in {0, -signal.SIGKILL}, self.output.read_text("utf-8")
        return process.returncode != 0

    @property
    def load(self) -> list[str]:
        return ["reread", "--sources", str(self.manifests), "--source", SITE]


@dataclass
class Whole:
    """What comes of it undisturbed: rows of each article, rows of each linked table, files of releases."""

    program: Program
    read: dict[str, set[Any]]
    linked: dict[str, set[Any]]

    def release(self, date: str, folder: str = "releases", *options: str) -> Path:
        """The release of a date. `folder` holds none of a day before, or the one that it is compared with."""
        made = self.program.folder / folder / date
        if not made.exists():
            self.program.finish("release", "--date", date, "--output", str(made.parent), *options)
        return made


def read_rows(engine: Engine) -> dict[str, set[Any]]:
    """By article, all that was read of it, without what differs between runs and what linking fills in."""
    found: dict[str, set[Any]] = {}
    with engine.connect() as connection:
        of = dict(connection.execute(select(conferences.c.id, conferences.c.article_id)).tuples().all())
        for table in READ:
            refers_to_units = {key.parent.name for key in table.foreign_keys if key.column.table is units}
            names = [
                c.name
                for c in table.columns
                if not c.info.get("run_specific") and c.name not in refers_to_units
            ]
            for row in connection.execute(select(table)).mappings():
                article = row["id"] if table is articles else row.get("article_id")
                article = article or of[row["conference_id"]]
                found.setdefault(article, set()).add((table.name, *(row[name] for name in names)))
    return found


def linked_rows(engine: Engine) -> dict[str, set[Any]]:
    with engine.connect() as connection:
        return {
            table.name: {tuple(row) for row in connection.execute(select(table))}
            for table in (units, *LINKED)
        }


def stored(url: str) -> int:
    """How many articles a database holds while it is being filled; -1 before its tables are there."""
    engine = create_engine(
        url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true" if "sqlite" in url else url
    )
    try:
        with engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(articles)).scalar_one()
    except DatabaseError:
        return -1
    finally:
        engine.dispose()


def check_rows(url: str, whole: Whole) -> None:
    """Each article is there with all its rows or not at all, and so is what linking made."""
    engine = create_engine(url)
    try:
        if stored(url) < 0:
            return  # killed before the tables were made
        found = read_rows(engine)
        assert found == {name: whole.read.get(name) for name in found}
        linked = linked_rows(engine)
        assert linked == whole.linked or not any(linked.values())
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            for table in metadata.sorted_tables:
                for key in table.foreign_keys:
                    there = select(key.column)
                    lost = select(table).where(key.parent.is_not(None), key.parent.not_in(there))
                    assert connection.execute(lost).all() == []
            # What counts as read is there.
            read = select(pages.c.url).where(pages.c.read_digest.is_not(None), pages.c.read_error.is_(None))
            known = select(articles.c.page_url)
            assert set(connection.execute(read).scalars()) <= set(connection.execute(known).scalars())
    finally:
        engine.dispose()


def check_releases(folder: Path) -> bool:
    """What has a final name is a whole release; whether `latest` names one.

    It does but in the gap between two renames, where the release before waits aside to be put back.
    """
    for path in folder.glob("????-??-??"):
        assert verify(path).problems == []
    latest = folder / "latest"
    if not latest.exists():
        aside = folder / f".{latest.readlink().name}.old"
        assert verify(aside).problems == []
    return latest.exists()


def check_finished(folder: Path, date: str, whole: Path) -> None:
    """The release of `date` is whole, the latest, the same as the undisturbed one, and nothing lies beside it."""
    assert (folder / "latest").resolve() == (folder / date).resolve()
    verdict = verify(folder / date)
    assert verdict.problems == []
    assert verdict.spans > 500
    assert contents(folder / date) == contents(whole)
    left = [path.name for path in folder.iterdir() if path.name.endswith((".new", ".old"))]
    assert left == []


def contents(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def tells(program: Program, words: str) -> Moment:
    """The moment at which the program says so."""
    return lambda: words.encode() in program.output.read_bytes()


def writes(program: Program) -> Moment:
    """The moment at which a release is begun."""
    return lambda: any(program.releases.glob(".????-??-??.new"))


def fills(program: Program, many: int) -> Moment:
    """The moment at which the database holds more than `many` articles."""
    return lambda: stored(program.url) > many
