"""The schema brought up: from each state that a database can be in, by one process or two, or refused."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, Table, Text, create_engine, inspect, text
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset import migrate
from pipeline.dataset.database import database
from pipeline.dataset.migrate import HEAD, SchemaError
from pipeline.dataset.schema import metadata
from pipeline.settings import ROOT
from tests.databases import KINDS, NewDatabase

PAGE = "INSERT INTO pages (url, source, kind, digest, read_digest) VALUES ('u', 's', 'article', 'd', 'd')"
ARTICLE = (
    "INSERT INTO articles (id, relevant, quality, text, extractor_version, run_id, digest) "
    "VALUES ('a', true, '[]', 't', 'v', 'r', 'd')"
)
OPEN = """\
import sys, time
from pathlib import Path
from pipeline.dataset.database import database
Path(sys.argv[2]).touch()
while not Path(sys.argv[3]).exists():
    time.sleep(0.001)
with database(sys.argv[1]) as engine, engine.connect() as connection:
    connection.exec_driver_sql("SELECT count(*) FROM outcomes")
"""


def made(url: str, *statements: str, revision: str = "0001") -> None:
    """A database as the migration `revision` leaves it, with `statements` run on it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), revision)
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def asked(url: str, query: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def tables(url: str) -> dict[str, list[str]]:
    """Columns by table, both in order."""
    engine = create_engine(url)
    inspector = inspect(engine)
    found = {
        name: [one["name"] for one in inspector.get_columns(name)]
        for name in sorted(inspector.get_table_names())
    }
    engine.dispose()
    return found


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to come from the database's tables to those of the schema."""
    return compare_metadata(MigrationContext.configure(connection), metadata)


def rules(engine: Engine) -> dict[str, list[str]]:
    """The names of checks, keys and indexes by table: Alembic compares no checks."""
    inspector = inspect(engine)
    return {
        name: sorted(
            str(one["name"])
            for kind in ("check_constraints", "foreign_keys", "indexes", "unique_constraints")
            for one in getattr(inspector, f"get_{kind}")(name)
        )
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }


# --- from each state -----------------------------------------------------------------------------------------------


def test_an_empty_database_gets_all_tables(db_url: str) -> None:
    with database(db_url) as engine, engine.connect() as connection:
        assert differences(connection) == []
    assert asked(db_url, "SELECT * FROM alembic_version") == [(HEAD,)]


@pytest.mark.guard("other-schema")
def test_the_first_schema_is_migrated(db_url: str) -> None:
    made(
        db_url, PAGE, ARTICLE,
        "INSERT INTO runs (id, started_at) VALUES ('r', 'x')",
        "INSERT INTO crawls (id, source, mode, started_at, healthy) VALUES ('c', 's', 'nightly', 'x', true)",
    )  # fmt: skip
    with database(db_url) as engine, engine.connect() as connection:
        assert differences(connection) == []
    assert asked(db_url, "SELECT url, source, digest, read_digest FROM pages") == [("u", "s", "d", None)], (
        "to be read"
    )
    assert asked(db_url, "SELECT count(*) FROM articles") == [(0,)], "and then stored anew"
    assert asked(db_url, "SELECT id, mode FROM crawls") == [("c", "nightly")]
    assert asked(db_url, "SELECT id FROM runs") == [("r",)]
    assert asked(db_url, "SELECT * FROM alembic_version") == [(HEAD,)]


@pytest.mark.parametrize("kind", KINDS)
def test_migrated_and_new_databases_have_the_same_rules(kind: str, new_database: NewDatabase) -> None:
    old, new = new_database(kind), new_database(kind)
    made(old)
    with database(old) as migrated, database(new) as fresh:
        assert rules(migrated) == rules(fresh)
    # The order of columns matters to nobody but the eye; which there are does.
    assert {name: sorted(columns) for name, columns in tables(old).items()} == {
        name: sorted(columns) for name, columns in tables(new).items()
    }


@pytest.mark.parametrize("lost", ["figures.confidence", "pages.content_digest", "crawls.report"])
def test_a_database_of_before_migrations(db_url: str, lost: str) -> None:
    table, _, column = lost.partition(".")
    made(db_url, PAGE, f"ALTER TABLE {table} DROP COLUMN {column}", "DROP TABLE alembic_version")
    with database(db_url) as engine, engine.connect() as connection:
        assert differences(connection) == []
    assert asked(db_url, "SELECT url, read_digest FROM pages") == [("u", None)]
    assert asked(db_url, "SELECT * FROM alembic_version") == [(HEAD,)]


def test_a_database_of_before_migrations_may_lack_a_table(db_url: str) -> None:
    made(db_url, PAGE, "DROP TABLE checks", "DROP TABLE alembic_version")
    with database(db_url) as engine, engine.connect() as connection:
        assert differences(connection) == []


def test_a_current_database_is_left_alone(db_url: str) -> None:
    with database(db_url):
        pass
    made(db_url, PAGE, revision=HEAD)
    before = tables(db_url)
    with database(db_url):
        pass
    assert tables(db_url) == before
    assert asked(db_url, "SELECT read_digest FROM pages") == [("d",)]


@pytest.mark.guard("other-schema")
def test_a_newer_schema_is_refused(db_url: str) -> None:
    made(db_url, PAGE, "UPDATE alembic_version SET version_num = '9999'")
    before = tables(db_url)
    with pytest.raises(SchemaError, match="'9999', made by a newer tongket than this one"), database(db_url):
        pytest.fail("it is not opened")
    result = CliRunner().invoke(app, ["release", "--db", db_url])
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert "9999" in line
    assert "update tongket" in line
    assert tables(db_url) == before
    assert asked(db_url, "SELECT url, read_digest FROM pages") == [("u", "d")]
    assert asked(db_url, "SELECT * FROM alembic_version") == [("9999",)]


@pytest.mark.guard("other-schema")
def test_a_migration_that_fails_leaves_the_database_as_it_was(db_url: str) -> None:
    # The second migration makes this table, which is there already.
    made(db_url, PAGE, ARTICLE, "CREATE TABLE decisions (id TEXT)")
    before = tables(db_url)
    with pytest.raises(Exception, match="decisions"), database(db_url):
        pytest.fail("it is not opened")
    assert tables(db_url) == before
    assert asked(db_url, "SELECT id FROM articles") == [("a",)]
    assert asked(db_url, "SELECT * FROM alembic_version") == [("0001",)]


@pytest.mark.guard("two-at-once")
@pytest.mark.parametrize("state", ["fresh", "first schema"])
def test_several_open_it_at_once(db_url: str, tmp_path: Path, state: str) -> None:
    if state != "fresh":
        made(db_url, PAGE)
    here = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, db_url, str(tmp_path / f"ready{n}"), str(tmp_path / "go")],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        for n in range(3)
    ]
    while not all((tmp_path / f"ready{n}").exists() for n in range(3)):
        assert all(one.poll() is None for one in here)
    (tmp_path / "go").touch()
    told = [one.communicate(timeout=60)[1].decode() for one in here]
    assert [one.returncode for one in here] == [0, 0, 0], "\n".join(told)
    assert asked(db_url, "SELECT * FROM alembic_version") == [(HEAD,)]


# --- the migrations themselves -------------------------------------------------------------------------------------


def test_head_is_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(migrate._config())
    assert scripts.get_heads() == [HEAD]
    assert [one.revision for one in scripts.walk_revisions()][-1] == "0001"


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, into which drafts are written."""
    folder = Path(shutil.copytree(migrate._FOLDER, tmp_path / "migrations"))
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    return folder / "versions"


def drafted(folder: Path) -> str:
    """The upgrade that was drafted last."""
    path = max(folder.glob("[0-9]*.py"))
    source = path.read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("drafted", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.down_revision == HEAD
    assert path.stem.startswith(module.revision)
    return source.partition("def upgrade() -> None:\n")[2]


def test_unchanged_tables_need_no_migration(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    migrate.draft("nothing new")
    body = [line.strip() for line in drafted(drafts).splitlines()]
    assert [line for line in body if line and not line.startswith("#")] == ["pass"]
    assert "set HEAD in migrate.py" in capsys.readouterr().out


def test_a_new_table_and_column_are_drafted(drafts: Path) -> None:
    moods = Table("moods", metadata, Column("id", Text, primary_key=True))
    migrated = metadata.tables["runs"]
    column: Column[Any] = Column("mood", Text)
    migrated.append_column(column)
    try:
        migrate.draft("moods")
        body = drafted(drafts)
    finally:
        metadata.remove(moods)
        migrated._columns.remove(column)  # type: ignore[attr-defined]
    assert "moods" in body
    assert "'mood'" in body or '"mood"' in body
    assert "mood" not in migrated.c
