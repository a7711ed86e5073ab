"""Nights of runs over sites that live and fail, and what they leave; the runs are other processes'."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any

from sqlalchemy import select

from pipeline.crawl.sources import Source
from pipeline.dataset.database import database
from pipeline.dataset.schema import RELEASED, pages
from pipeline.demo_sites import DemoSite
from pipeline.runs.status import status
from pipeline.settings import ROOT, Settings, load_settings
from tests.soak.faults import CRAWLING, Trouble


def settings_in(place: Path) -> Settings:
    """Settings that keep everything in `place`, and wait for no site long."""
    values: dict[str, Any] = {
        "database_url": str(place / "tongket.db"),
        "archive_dir": place / "archive",
        "releases_dir": place / "releases",
        "runs_dir": place / "runs",
        "timeout_seconds": 0.5,
        "retries": 1,
        "backoff_seconds": 0.0,
    }
    return load_settings({}, **values)


@dataclass
class Runner:
    """A process that runs nights, started when first needed; `ends` is what it held after each."""

    process: subprocess.Popen[str] | None = None
    ends: list[dict[str, Any]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.nightly"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self.process

    def close(self) -> None:
        if self.process is not None:
            self.process.communicate(timeout=60)

    def run(self, order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What the process says of a night, a step at a time; the last is its end, which a killed one does not reach."""
        process = self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            told = json.loads(line)
            yield told
            if "step" not in told:
                self.ends.append(told)
                return


@dataclass
class Weeks:
    """One dataset and its nights."""

    sites: Mapping[str, DemoSite]
    sources: Sequence[Source]
    settings: Settings
    runner: Runner

    def night(
        self, now: datetime, trouble: Trouble | None = None, chance: random.Random | None = None
    ) -> str:
        """A run from `now` on, with what befalls it. What is told of it: its report, where it has none its state."""
        order = {
            "now": now.isoformat(),
            "settings": self.settings.model_dump(mode="json"),
            "sources": [source.model_dump(mode="json") for source in self.sources],
            "full": None,
        }
        if trouble is None or chance is None:
            for _ in self.runner.run(order):
                pass
            return self._told(now)
        # What ends a process must not end the one that lives through all nights.
        runner = Runner() if trouble.signal else self.runner
        if trouble.full:
            order["full"] = (trouble.full, chance.randint(1, 4))
        left = chance.randint(1, 8) if trouble.step == CRAWLING else 1
        for told in runner.run(order):
            if trouble.step and re.search(trouble.step, told.get("step", "")):
                left -= 1
                if left == 0:
                    self._befall(trouble, runner, chance)
        if trouble.signal:
            assert runner.process is not None
            assert runner.process.wait(60) == -trouble.signal, trouble
            runner.close()
        return self._told(now)

    def _befall(self, trouble: Trouble, runner: Runner, chance: random.Random) -> None:
        if trouble.signal:
            assert runner.process is not None
            time.sleep(chance.uniform(0, 0.05))
            runner.process.send_signal(trouble.signal)
            return
        lock = sqlite3.connect(self.file, timeout=30, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN IMMEDIATE")
        Timer(trouble.locked, lock.close).start()

    @property
    def file(self) -> str:
        """The database's file."""
        return self.settings.database_url.removeprefix("sqlite:///")

    def _told(self, now: datetime) -> str:
        """What people are told of the last run: its report, or its state where it has none."""
        last = status(self.settings, self.sources, now).runs[0]
        if last.report is None:
            return last.state
        return Path(last.report).read_text("utf-8")

    def settled(self, site: str, path: str, since: datetime) -> bool:
        """Whether the article has been read as it was at some time behind `since`."""
        url = self.sites[site].base_url + path
        query = select(pages.c.fetched_at, pages.c.digest, pages.c.read_digest).where(pages.c.url == url)
        with database(self.settings.database_url) as engine, engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return (
            row is not None and row.digest == row.read_digest and (row.fetched_at or "") >= since.isoformat()
        )

    def rows(self, *leave: str) -> dict[str, list[tuple[Any, ...]]]:
        """The dataset without runs and times, but for the tables `leave`."""
        told = {}
        with database(self.settings.database_url) as engine, engine.connect() as connection:
            for table in RELEASED:
                if table.name not in leave:
                    kept = [column for column in table.columns if not column.info.get("run_specific")]
                    told[table.name] = sorted(map(tuple, connection.execute(select(*kept))), key=repr)
        return told

    def known(self) -> list[tuple[Any, ...]]:
        """What is known of each article's page, without times and places in files: was it read as it is, is it gone."""
        names = ("url", "source", "alias_of", "published", "content_digest", "read_error")
        query = select(
            *(pages.c[name] for name in names), pages.c.digest == pages.c.read_digest, pages.c.attempts > 0
        )
        with database(self.settings.database_url) as engine, engine.connect() as connection:
            return sorted(map(tuple, connection.execute(query.where(pages.c.kind == "article"))), key=repr)
