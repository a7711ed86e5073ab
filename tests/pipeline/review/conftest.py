"""A dataset with a link and a question of each kind; each test reviews its own copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipeline.dataset.database import database
from pipeline.dataset.schema import conferences, links, outcome_values, outcomes, review_items
from pipeline.dataset.store import Reading
from tests.pipeline.release.filled import filled, readings
from tests.pipeline.review.reviewer import stored


@pytest.fixture(scope="session")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    """A score of the demo's and the annotated articles: for each kind of link and of question the first that have it."""
    wanted: set[str] = set()
    with filled(f"sqlite:///{tmp_path_factory.mktemp('all')}/t.db", readings()) as engine:
        of_conference = {row["id"]: row["article_id"] for row in stored(engine, conferences)}
        of_outcome = {row["id"]: of_conference[row["conference_id"]] for row in stored(engine, outcomes)}
        article_of = {row["id"]: of_outcome[row["outcome_id"]] for row in stored(engine, outcome_values)}
        article_of |= of_conference
        for kind in ("reprint", "same_conference", "target_result"):
            for row in [row for row in stored(engine, links) if row["kind"] == kind][:2]:
                wanted |= {article_of.get(name, name) for name in (row["left_id"], row["right_id"])}
        told = [row for row in stored(engine, review_items) if row["article_id"]]
        for kind in {row["kind"] for row in told}:
            wanted.add(next(row["article_id"] for row in told if row["kind"] == kind))
    found = [one for one in readings() if one.report.article.id in wanted]
    return [*found, *(one for one in readings()[:8] if one not in found)]


@pytest.fixture(scope="session")
def dataset(chosen: list[Reading], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the linked dataset: nobody writes into it."""
    path = tmp_path_factory.mktemp("dataset") / "some.db"
    with filled(f"sqlite:///{path}", chosen):
        pass
    return path


@pytest.fixture
def engine(dataset: Path, tmp_path: Path) -> Iterator[Engine]:
    """The test's own copy of the dataset."""
    with database(f"sqlite:///{shutil.copy(dataset, tmp_path / 'mine.db')}") as opened:
        yield opened


@pytest.fixture
def fresh(dataset: Path, tmp_path: Path) -> Iterator[Engine]:
    """Another copy, on which nothing is decided."""
    with database(f"sqlite:///{shutil.copy(dataset, tmp_path / 'fresh.db')}") as opened:
        yield opened
