"""`tongket evaluate --floors`: the gate shuts where a score fell or the gold is another, and says what mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.evaluate.gold import load_gold

TEXT = "Ngày 12/1/2024, Công đoàn ngành Y tế tỉnh Hậu Giang kết nạp 705 đoàn viên và trao 12 căn nhà."
FIGURE = {"quote": "705 đoàn viên", "value": "705", "unit": "person", "indicator": "members_recruited", "status": "achieved"}  # fmt: skip
GOLD = {"relevant": True, "conferences": [{"kind": "year_review", "date": None, "figures": [FIGURE]}]}
WRITE = "tongket evaluate gold --floors floors.json --write-floors"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Any) -> None:
    """A gold folder, and two readings of it: all right, and with a figure too many."""
    monkeypatch.chdir(tmp_path)
    Path("gold").mkdir()
    Path("gold/hg.txt").write_text(TEXT, encoding="utf-8")
    Path("gold/hg.json").write_text(json.dumps(GOLD), encoding="utf-8")
    right, alarm = ("705 đoàn viên", 705), ("12 căn nhà", 12)
    for name, figures in (("right", (right,)), ("worse", (right, alarm)), ("none", ())):
        report = build(TEXT, source="hg", figures=figures)
        Path(f"{name}.jsonl").write_text(report.to_json() + "\n", encoding="utf-8")


def run(reading: str, *args: str) -> Any:
    command = ["evaluate", "gold", "--predictions", f"{reading}.jsonl", "--floors", "floors.json", *args]
    return CliRunner().invoke(app, command)


def floors() -> dict[str, float]:
    written: dict[str, float] = json.loads(Path("floors.json").read_bytes())["floors"]
    return written


def test_the_gate_is_open_at_the_floors_and_shut_below() -> None:
    assert run("right", "--write-floors").exit_code == 0
    assert floors()["figures"] == 1
    assert floors()["figure.status"] == 1
    assert "host" not in floors(), "nothing was judged"
    assert run("right").exit_code == 0
    result = run("worse")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "figures: 0.6667 is below its floor 1",
        "figures_strict: 0.6667 is below its floor 1",
        f"see what is misread with `tongket evaluate gold --errors`; if it must be: `{WRITE} --lower`",
    ]
    assert ["figures", "0.500", "1.000", "0.667", "1", "1.000"] in map(str.split, result.stdout.splitlines())


def test_a_measure_that_has_nothing_to_measure_any_more_is_below_its_floor() -> None:
    run("right", "--write-floors")
    assert "figure.unit: 0.0000 is below its floor 1" in run("none").stderr.splitlines()


def test_floors_are_rounded_down_and_only_rise() -> None:
    assert run("worse", "--write-floors").exit_code == 0
    assert floors()["figures"] == 0.665
    assert run("right", "--write-floors").exit_code == 0
    assert floors()["figures"] == 1
    before = Path("floors.json").read_bytes()
    result = run("worse", "--write-floors")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "figures: its floor would fall from 1 to 0.665",
        "figures_strict: its floor would fall from 1 to 0.665",
        f"floors.json is left as it was; if it must be: `{WRITE} --lower`",
    ]
    assert Path("floors.json").read_bytes() == before
    assert run("worse", "--write-floors", "--lower").exit_code == 0
    assert floors()["figures"] == 0.665


def test_a_floor_that_would_go_is_a_floor_that_falls() -> None:
    run("right", "--write-floors")
    assert "figure.unit: its floor would fall from 1 to nothing" in run("none", "--write-floors").stderr


@pytest.mark.parametrize(
    ("name", "content", "shut", "proves"),
    [
        ("gold/hg.json", json.dumps({**GOLD, "note": "khó"}), True, "an annotation edited"),
        ("gold/hg.txt", TEXT + "\n", True, "a text edited"),
        ("gold/README.md", "Gold", False, "what is no gold does not count"),
        ("gold/floors.json", "{}", False, "floors beside the gold are no gold"),
    ],
)
def test_floors_belong_to_the_gold_that_they_were_measured_on(
    name: str, content: str, shut: bool, proves: str
) -> None:
    run("right", "--write-floors")
    Path(name).write_text(content, encoding="utf-8")
    result = run("right")
    assert result.exit_code == int(shut), proves
    said = f"floors.json: gold is not the gold that these floors were measured on: measure them anew with `{WRITE}`\n"
    assert result.stderr == (said if shut else "")
    assert run("right", "--write-floors").exit_code == 0, "the command of the message mends it"
    assert run("right").exit_code == 0


def test_an_article_more_is_another_gold() -> None:
    run("right", "--write-floors")
    for suffix in (".txt", ".json"):
        Path(f"gold/a{suffix}").write_bytes(Path(f"gold/hg{suffix}").read_bytes())
    assert len(load_gold(Path("gold"))) == 2
    assert "is not the gold" in run("right").stderr


def test_a_measure_without_a_floor_is_named() -> None:
    run("right", "--write-floors")
    written = json.loads(Path("floors.json").read_bytes())
    del written["floors"]["kind"]
    Path("floors.json").write_text(json.dumps(written), encoding="utf-8")
    result = run("right")
    assert result.exit_code == 1
    assert result.stderr == f"kind: floors.json has no floor for it: give it one with `{WRITE}`\n"


def test_json_tells_the_floors() -> None:
    run("right", "--write-floors")
    result = run("worse", "--json")
    scores = json.loads(result.stdout)
    assert (result.exit_code, scores["figures"]["floor"], scores["figures"]["p"]) == (1, 1, 0.5)
    assert "floor" not in scores["host"]


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        (None, [], f"floors.json: no such file: write it with `{WRITE}`"),
        ("{", [], f"floors.json: no floors (Invalid JSON: EOF while parsing an object at line 1 column 1): mend it, or write it with `{WRITE} --lower`"),
        ('{"fingerprint": "9f", "floors": {"figures": 97}}', [],
         f"floors.json: no floors (floors: figures: Input should be less than or equal to 1): mend it, or write it with `{WRITE} --lower`"),
        ('{"fingerprint": "9f", "floors": {"figure": 0.9}}', [], "floors.json: no such measure: figure: take it out of the file"),
        ('{"fingerprint": "9f", "floors": {"figure": 0.9}}', ["--write-floors"], "floors.json: no such measure: figure: take it out of the file"),
        (None, ["--lower"], "--lower: only with --write-floors"),
    ],
)  # fmt: skip
def test_floors_that_cannot_be_used(content: str | None, args: list[str], said: str) -> None:
    if content is not None:
        Path("floors.json").write_text(content, encoding="utf-8")
    result = run("right", *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said + "\n")


def test_a_broken_file_is_mended_by_the_command_it_is_told() -> None:
    Path("floors.json").write_text("{", encoding="utf-8")
    assert run("right", "--write-floors").exit_code == 2
    assert run("right", "--write-floors", "--lower").exit_code == 0
    assert run("right").exit_code == 0


def test_a_file_to_write_to_is_named() -> None:
    result = CliRunner().invoke(app, ["evaluate", "gold", "--write-floors"])
    said = "--write-floors: into which file? Name it with --floors FILE\n"
    assert (result.exit_code, result.stderr) == (2, said)


def test_a_folder_that_is_not_there_takes_no_floors() -> None:
    command = [
        "evaluate",
        "gold",
        "--predictions",
        "right.jsonl",
        "--floors",
        "no/floors.json",
        "--write-floors",
    ]
    result = CliRunner().invoke(app, command)
    assert (result.exit_code, result.stderr) == (
        2,
        "no/floors.json: cannot be written: No such file or directory\n",
    )
