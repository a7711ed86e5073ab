"""Help that answers at once and shows examples which work."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import app

COMMANDS = ["demo", "run", "extract", "evaluate", "explain"]
# What makes a start slow: none of it may be needed to print help.
HEAVY = ["prefect", "sqlalchemy", "spacy", "underthesea", "pydantic", "bs4", "lxml", "warcio", "extractors"]


def test_nothing_heavy_is_imported_for_help() -> None:
    code = f"import sys, pipeline.cli; print([m for m in {HEAVY} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


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
        (["--sources", "empty", "--source", "bao"], "empty: no source named 'bao': there are none"),
    ],
)
def test_run_needs_sources(
    args: list[str], said: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(app, ["run", "--direct", *args])
    assert (result.exit_code, result.stderr) == (2, said + "\n")
