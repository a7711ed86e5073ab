"""Kill -9 at random moments, start again each time: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.crawl.archive import entries
from pipeline.settings import ROOT

PROGRAM = Path(sys.executable).with_name("tongket")
KILLS = int(os.environ.get("TONGKET_TEST_KILLS", "4"))  # `make kills` asks for twenty
PATIENCE = 120.0


class Runs:
    """`tongket run --direct` over one demo site, in processes that can be killed."""

    def __init__(self, night: Any, folder: Path) -> None:
        self.night = night
        folder.mkdir(parents=True, exist_ok=True)
        manifest = yaml.safe_load(
            (ROOT / "pipeline" / "sources" / f"{night.site.name}.yaml").read_text("utf-8")
        )
        manifest |= {"base_url": night.site.base_url, "delay_seconds": 0.01}
        (folder / f"{night.site.name}.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")
        settings = night.settings
        self.command = [
            str(PROGRAM),
            "run",
            "--direct",
            "--sources",
            str(folder),
            "--source",
            night.site.name,
        ]
        self.environment = os.environ | {
            "TONGKET_DB": settings.database_url,
            "TONGKET_ARCHIVE": str(settings.archive_dir),
            "TONGKET_RELEASES": str(settings.releases_dir),
            "TONGKET_RUNS": str(settings.runs_dir),
            "TONGKET_BATCH": "5",
        }

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def finish(self, process: subprocess.Popen[bytes]) -> None:
        output, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, output.decode()


def kill_somewhere(runs: Runs, chance: random.Random) -> str | None:
    """Start a run and kill it at a random moment; the path that was under way then. None: it was done before."""
    log = runs.night.site.log
    begun = len(log.answers)
    # As often in the crawl, by requests, as in reading and storing behind it, by time.
    requests = chance.randint(1, 45) if chance.random() < 0.7 else 10_000
    seconds = PATIENCE if requests < 10_000 else chance.uniform(0.05, 2.0)
    process = runs.start()
    limit = time.monotonic() + PATIENCE
    crawled = None
    while process.poll() is None and time.monotonic() < limit:
        count = len(log.answers)
        if count - begun >= requests:
            break
        if crawled is None or crawled[0] != count:
            crawled = (count, time.monotonic())
        elif count > begun and time.monotonic() - crawled[1] > seconds:
            break
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.02))
    if process.poll() is not None:
        runs.finish(process)
        return None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    answers = log.answers
    return answers[-1].path if len(answers) > begun else ""


def records(night: Any) -> Counter[tuple[str, str | None]]:
    """How often each article's body was archived whole."""
    return Counter(
        (entry.url.removeprefix(night.site.base_url), entry.digest)
        for entry in entries(night.settings.archive_dir, night.source.name)
        if entry.kind == "response" and night.source.article(entry.url)
    )


def fetched(night: Any) -> Counter[str]:
    """How often each article was sent in full."""
    return Counter(
        answer.path
        for answer in night.site.log.answers
        if answer.status == 200 and night.source.article(night.site.base_url + answer.path)
    )


def page_rows(night: Any) -> list[tuple[Any, ...]]:
    """What is known of each page, but for times and places in files."""
    from sqlalchemy import select

    from pipeline.dataset.database import database
    from pipeline.dataset.schema import pages

    told = (
        "url",
        "kind",
        "digest",
        "alias_of",
        "published",
        "content_digest",
        "reason",
        "read_digest",
        "read_error",
    )
    with database(night.settings.database_url) as engine, engine.connect() as connection:
        query = select(*(pages.c[name] for name in told)).where(pages.c.kind == "article")
        return sorted((tuple(row) for row in connection.execute(query)), key=str)


@pytest.mark.guard("kills")
@pytest.mark.parametrize("name", ["truongson", "songtien"])
def test_killed_runs_come_to_the_same_end(nights: Callable[..., Any], tmp_path: Path, name: str) -> None:
    chance = random.Random(f"tongket {name}")
    done = 0
    rounds = 0
    while done < -(-KILLS // 2):
        rounds += 1
        night = nights(name, folder=f"killed-{rounds}")
        runs = Runs(night, tmp_path / f"manifest-{rounds}")
        in_flight: set[str] = set()
        while done < -(-KILLS // 2):
            path = kill_somewhere(runs, chance)
            if path is None:
                break
            done += 1
            in_flight.add(path)
        runs.finish(runs.start())
        twice = {path for path, count in fetched(night).items() if count > 1}
        assert twice <= in_flight
        kept, rows, known = records(night), night.rows(), page_rows(night)
        night.site.log.clear()

        # The same site, undisturbed, at the same address.
        night.settings = night.settings.model_copy(
            update={
                "database_url": night.settings.database_url.replace("tongket.db", "whole.db"),
                "archive_dir": night.settings.archive_dir.with_name("whole"),
                "releases_dir": night.settings.releases_dir.with_name("whole-releases"),
            }
        )
        whole = Runs(night, tmp_path / f"whole-{rounds}")
        whole.finish(whole.start())
        assert kept == records(night)
        assert max(kept.values()) == 1
        assert rows == night.rows()
        assert known == page_rows(night)
