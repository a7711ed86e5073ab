"""Help that answers at once and shows examples which work."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import app

COMMANDS = ["demo", "run", "status", "settings", "extract", "evaluate", "explain", "diff"]
# What makes a start slow: none of it may be needed to print help.
HEAVY = ["prefect", "sqlalchemy", "spacy", "underthesea", "pydantic", "bs4", "lxml", "warcio", "extractors"]


def test_nothing_heavy_is_imported_for_help() -> None:
    code = f"import sys, pipeline.cli; print([m for m in {HEAVY} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


@pytest.mark.parametrize(
    ("module", "left_out", "proves"),
    [
        (
            "pipeline.extract",
            ["spacy", "pydantic", "structlog", "bs4"],
            "what only hands articles out reads none",
        ),
        ("extractors", ["spacy", "pydantic"], "the package alone reads nothing"),
        ("extractors.records", ["spacy", "underthesea"], "records do without the reader"),
        ("pipeline.tables", ["spacy", "pydantic"], "nor do tables for people"),
    ],
)
def test_what_a_module_does_not_need_is_not_imported(module: str, left_out: list[str], proves: str) -> None:
    code = f"import sys, {module}; print([m for m in {left_out} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n", proves


def test_processes_that_read_load_no_commands(tongket: Any, tmp_path: Path) -> None:
    """Python runs in each of them the module that the program began in."""
    rows = tmp_path / "tin.jsonl"
    rows.write_text('{"text": "Sáng 12/1, LĐLĐ huyện Mang Thít tổng kết năm 2023."}\n' * 9, encoding="utf-8")
    timed = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    result = tongket("extract", "--workers", "2", str(rows), env=timed)
    imported = re.findall(rb"\| +(\S+)\n", result.stderr)
    assert [imported.count(name) for name in (b"pipeline.cli", b"pipeline.loaded")] == [1, 1]


def test_the_package_runs_too() -> None:
    command = [sys.executable, "-m", "pipeline", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"tongket {version('tongket')}\n"


def test_version(tongket: Any) -> None:
    assert tongket("--version").stdout.decode() == f"tongket {version('tongket')}\n"


def test_without_a_command_there_is_help(tongket: Any) -> None:
    result = tongket()
    shown = result.stdout.decode() + result.stderr.decode()
    assert all(f" {command} " in shown for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert f"\n tongket {command}" in result.stdout, "an example"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_in_an_example_exists(command: str) -> None:
    group: Any = typer.main.get_command(app)
    known = {name for option in group.commands[command].params for name in option.opts}
    examples = re.findall(rf"tongket {command} [^\n]*", group.commands[command].epilog)
    used = {word for line in examples for word in re.findall(r"(?<=\s)--?[a-z][a-z-]*", line)}
    assert used <= known
    assert examples


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["extract"], "Missing argument"),
        (["extract", "--format", "xml", "-"], "Invalid value for '--format'"),
        (["demo", "--port", "0"], "Invalid value for '--port'"),
        (["explain", "x", "--published", "hôm qua"], "'hôm qua' is not a date like 2025-01-13"),
        (["tong-ket"], "No such command"),
    ],
)
def test_misuse_is_status_two_and_one_reason(args: list[str], said: str) -> None:
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--sources", "none"], "none: no such folder of source manifests"),
        (["--sources", "empty"], "empty: no source manifest in it: see the README on how to write one"),
        (
            ["--sources", "empty", "--source", "bao"],
            "empty: no source manifest in it: see the README on how to write one",
        ),
        (
            ["--sources", "two", "--source", "bao-mot", "--source", "bao"],
            "two: no source named 'bao': there are bao-hai, bao-mot",
        ),
    ],
)
def test_run_needs_sources(
    args: list[str], said: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "two").mkdir()
    for name in ("bao-mot", "bao-hai"):
        write_manifest(tmp_path / "two", name, base_url=f"https://{name}.vn")
    result = CliRunner().invoke(app, ["run", "--direct", "--db", "thu.db", *args])
    assert (result.exit_code, result.stderr) == (2, said + "\n")


@pytest.mark.parametrize(
    ("db", "said"),
    [
        ("a-file/thu.db", "sqlite:///a-file/thu.db: the database cannot be opened: "),
        ("text.db", "sqlite:///text.db: the database cannot be opened: file is not a database"),
        (
            "motdb://me:secret@host/x",
            "motdb://me:***@host/x: the database cannot be opened: Can't load plugin",
        ),
        ("mot-db://me:secret@host/x", "--db or TONGKET_DB: the database cannot be opened: Could not parse"),
    ],
)
def test_a_database_that_cannot_be_opened(
    db: str, said: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()
    (tmp_path / "text.db").write_text("Sáng 12/1, LĐLĐ huyện Mang Thít " * 50)
    write_manifest(tmp_path, "bao", base_url="https://bao.vn")
    result = CliRunner().invoke(app, ["run", "--direct", "--sources", ".", "--db", db])
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert "secret" not in result.stderr
    assert result.stderr.count("\n") == 1


def write_manifest(folder: Path, name: str, *, base_url: str, more: str = "") -> None:
    (folder / f"{name}.yaml").write_text(
        f"name: {name}\ntitle: {name}\nbase_url: {base_url}\nfeeds: [/rss]\narticle_pattern: post\n"
        f"delay_seconds: 0\n{more}",
        encoding="utf-8",
    )


def kept_in(folder: Path) -> dict[str, str]:
    """The environment of a run that leaves nothing but in `folder`."""
    return os.environ | {
        "TONGKET_ARCHIVE": str(folder / "archive"),
        "TONGKET_RELEASES": str(folder / "releases"),
        "TONGKET_RUNS": str(folder / "runs"),
    }


def test_a_run_that_reaches_nothing_says_what_to_do(tmp_path: Path, tongket: Any) -> None:
    with socket.socket() as nobody:  # bound and not listening: connections are refused
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        write_manifest(tmp_path, "bao", base_url=url, more="allow_loopback: true\n")
        env = kept_in(tmp_path)
        args = ["--sources", str(tmp_path), "--db", str(tmp_path / "thu.db")]
        result = tongket("run", "--direct", *args, env=env)
    assert (result.returncode, result.stdout) == (1, b"")
    looking, what, advice = result.stderr.decode().splitlines()
    assert looking == "bao: looking for articles"
    assert what.startswith(f"bao: {url}/robots.txt cannot be read (")
    assert "`tongket demo` serves" in advice
    assert "write a manifest" in advice
    assert not (tmp_path / "releases").exists()


def test_a_site_on_this_machine_is_left_out_beside_others(tmp_path: Path, tongket: Any) -> None:
    write_manifest(tmp_path, "here", base_url="http://127.0.0.1:9", more="allow_loopback: true\n")
    # Refused before a byte is sent: an address of this machine, and no leave to use it.
    write_manifest(tmp_path, "there", base_url="http://127.0.0.1:9")
    env = kept_in(tmp_path)
    args = ["run", "--direct", "--sources", str(tmp_path), "--db", str(tmp_path / "thu.db")]
    for more, looked in (([], ["there"]), (["--source", "here", "--source", "there"], ["here", "there"])):
        result = tongket(*args, *more, env=env)
        lines = result.stderr.decode().splitlines()
        assert [line.partition(":")[0] for line in lines if "looking" in line] == looked
        assert result.returncode == 1


def test_a_demo_on_a_taken_port_names_another(tongket: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = tongket("demo", "--direct", "--port", str(port))
    assert result.returncode == 2
    assert result.stderr.decode() == f"port {port} is taken: choose another, as with --port {port + 10}\n"
