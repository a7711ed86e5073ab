"""Settings by options, environment, `.env` and TOML: which outranks which, and what is said of wrong ones."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import ROOT, Settings, SettingsError, load_settings, settings_in_force
from pipeline.settings.model import NAMES
from pipeline.settings.shown import as_rows

ENV, DOTENV, TOML, OPTION = "TONGKET_BATCH", ".env", "tongket.toml", "option"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of the test's own, and no variable of ours."""
    for name in NAMES:
        monkeypatch.delenv(f"TONGKET_{name.upper()}", raising=False)
    monkeypatch.delenv("TONGKET_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give(folder: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, int]) -> dict[str, Any]:
    """A batch size from each place that is named; what is an option comes back."""
    if ENV in given:
        monkeypatch.setenv(ENV, str(given[ENV]))
    if DOTENV in given:
        (folder / ".env").write_text(f"# of this machine\n{ENV}={given[DOTENV]}\nOTHER=1\n")
    if TOML in given:
        (folder / "tongket.toml").write_text(f"batch = {given[TOML]}\n")
    return {"batch_size": given[OPTION]} if OPTION in given else {}


@pytest.mark.parametrize(
    ("given", "size", "origin"),
    [
        pytest.param({}, 150, "default", id="none"),
        pytest.param({TOML: 4}, 4, TOML, id="TOML before the default"),
        pytest.param({TOML: 4, DOTENV: 3}, 3, DOTENV, id=".env before TOML"),
        pytest.param({TOML: 4, DOTENV: 3, ENV: 2}, 2, ENV, id="the environment before both"),
        pytest.param({TOML: 4, DOTENV: 3, ENV: 2, OPTION: 1}, 1, OPTION, id="an option before all"),
        pytest.param({TOML: 4, ENV: 2}, 2, ENV, id="the environment before TOML"),
        pytest.param({TOML: 4, OPTION: 1}, 1, OPTION, id="an option before TOML"),
    ],
)
def test_which_place_outranks_which(
    given: dict[str, int], size: int, origin: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = give(folder, monkeypatch, given)
    found = settings_in_force(**options)
    assert (found.settings.batch_size, found.origins["batch_size"]) == (size, origin)
    assert found.origins["max_pages"] == "default"
    assert load_settings(**options) == found.settings
    # A mapping is all that is read.
    assert load_settings({}) == Settings()


@pytest.mark.parametrize(
    ("environ", "dotenv", "toml", "said"),
    [
        ({"BATCH": "many"}, "", "", ["TONGKET_BATCH: 'many': Input should be a valid integer"]),
        ({}, "TONGKET_BATCH=0", "", [".env: TONGKET_BATCH: '0': Input should be greater than 0"]),
        ({}, "", "batch = 'x'", ["tongket.toml: batch: 'x': Input should be a valid integer"]),
        ({}, "", "batch = [1]", ["tongket.toml: batch: [1]: Input should be a valid integer"]),
        ({}, "", "timeout = nan", ["tongket.toml: timeout: nan: Input should be"]),
        ({"BACTH": "1"}, "", "", ["TONGKET_BACTH: no such setting; TONGKET_BATCH?"]),
        ({"XYZZY": "1"}, "", "", ["TONGKET_XYZZY: no such setting"]),
        ({}, "TONGKET_PAGE=1", "", [".env: TONGKET_PAGE: no such setting; TONGKET_PAGES?"]),
        ({}, "", "releasse = 'x'", ["tongket.toml: releasse: no such setting; releases?"]),
        ({}, "", "batch_size = 1", ["tongket.toml: batch_size: no such setting"]),
        ({}, "", "[run]\nbatch = 1", ["tongket.toml: run: no such setting; runs?"]),
        ({}, "", "config = 'x'", ["tongket.toml: config: no such setting"]),
        ({}, "", "batch 1", ["tongket.toml: no TOML: "]),
        ({"CONFIG": "none.toml"}, "", "", ["TONGKET_CONFIG: none.toml: no such file"]),
        ({"LOGS": "xml"}, "", "", ["TONGKET_LOGS: 'xml': Input should be 'text' or 'json'"]),
        ({"COLLISION": "wait"}, "", "", ["TONGKET_COLLISION: 'wait': Input should be 'queue' or 'refuse'"]),
        ({"SCHEDULE": "at two"}, "", "", ["TONGKET_SCHEDULE: 'at two' is no cron line like '0 2 * * *'"]),
        ({"WEBHOOK": "ftp://me:secret@bao.vn"}, "", "", ["TONGKET_WEBHOOK: URL scheme should be"]),
        ({"WEBHOOK": "secret"}, "", "", ["TONGKET_WEBHOOK: Input should be a valid URL"]),
        (
            {"BATCH": "x", "PAGES": "0"},
            "",
            "",
            ["TONGKET_BATCH: 'x': Input", "TONGKET_PAGES: '0': Input should be greater than 0"],
        ),
        ({"BACTH": "1"}, "", "x = 1", ["TONGKET_BACTH: no such", "tongket.toml: x: no such setting"]),
    ],
)
def test_what_is_wrong_is_named_in_a_line_each(
    environ: dict[str, str],
    dotenv: str,
    toml: str,
    said: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(f"TONGKET_{name}", value)
    for name, text in ((".env", dotenv), ("tongket.toml", toml)):
        if text:
            (folder / name).write_text(text + "\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    problems = caught.value.problems
    assert len(problems) == len(said)
    for problem, beginning in zip(problems, said, strict=True):
        assert problem.startswith(beginning)
        assert "\n" not in problem
        assert "secret" not in problem


@pytest.mark.parametrize(
    ("environ", "field", "value"),
    [
        ({"TONGKET_TEST_KILLS": "9"}, "batch_size", 150),
        ({"TONGKET_BATCH": ""}, "batch_size", 150),
        ({"OTHER_BATCH": "x"}, "batch_size", 150),
        ({"TONGKET_CONFIG": "none.toml"}, "batch_size", 150),  # a mapping leads to no file
        ({"TONGKET_DB": "postgres://me@db/t"}, "database_url", "postgresql+psycopg://me@db/t"),
        ({"TONGKET_DB": "thu.db"}, "database_url", "sqlite:///thu.db"),
        ({"TONGKET_RUNS": "bao-cao"}, "runs_dir", Path("bao-cao")),
        ({"TONGKET_SCHEDULE": "*/30 1-3 * * 1"}, "schedule", "*/30 1-3 * * 1"),
        ({"TONGKET_WEBHOOK": "http://127.0.0.1:9/x"}, "webhook", "http://127.0.0.1:9/x"),
        ({"TONGKET_COLLISION": "queue"}, "collision", "queue"),
        ({"TONGKET_LOGS": "json"}, "log_format", "json"),
        ({"TONGKET_POOL": "dem"}, "pool", "dem"),
    ],
)
def test_a_variable_and_what_it_sets(environ: dict[str, str], field: str, value: object) -> None:
    settings = load_settings(environ)
    assert getattr(settings, field) == value
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_another_file_may_be_named_in_the_environment_or_in_dotenv(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tongket.toml").write_text("batch = 1\n")
    (folder / "other.toml").write_text("pages = 2\n")
    (folder / ".env").write_text("TONGKET_CONFIG=other.toml\n")
    found = settings_in_force()
    assert (found.settings.batch_size, found.settings.max_pages) == (150, 2)
    assert found.origins["max_pages"] == "other.toml"
    monkeypatch.setenv("TONGKET_CONFIG", "tongket.toml")
    assert (load_settings().batch_size, load_settings().max_pages) == (1, 5000)


@pytest.mark.guard("passwords")
@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("db", "postgresql+psycopg://me:mật@host/t", "postgresql+psycopg://me:***@host/t"),
        ("db", "postgresql+psycopg://host/t?password=mật", "postgresql+psycopg://host/t?password=hidden"),
        ("db", f"sqlite:///{ROOT}/outputs/tongket.db", "outputs/tongket.db"),
        ("db", "my-db://me:mật@host", "***"),
        ("webhook", "https://hooks.example/services/mật", "https://hooks.example/***"),
        ("webhook", "https://me:mật@hooks.example", "https://hooks.example/***"),
        ("webhook", "https://hooks.example/?key=mật", "https://hooks.example/***"),
        ("webhook", "https://hooks.example", "https://hooks.example/"),
        ("webhook", "", None),
        ("timeout", "30", 30),
        ("timeout", "0.5", 0.5),
        ("runs", f"{ROOT}/outputs/runs", "outputs/runs"),
    ],
)
def test_passwords_are_hidden(name: str, value: str, shown: object) -> None:
    variable = f"TONGKET_{name.upper()}"
    rows = {row["setting"]: row for row in as_rows(settings_in_force({variable: value}))}
    assert rows[name]["value"] == shown
    assert rows[name]["from"] == (variable if value else "default")
    assert "mật" not in str(rows)


def test_every_setting_for_people_is_described() -> None:
    assert len(NAMES) == len({*NAMES.values()}) >= 14
    for row in as_rows(settings_in_force({})):
        assert row["meaning"]
        assert row["variable"] == f"TONGKET_{row['setting'].upper()}"
