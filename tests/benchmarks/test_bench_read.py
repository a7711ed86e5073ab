"""The benchmark of reading runs, with the smallest numbers, and its JSON and table are what they are said to be."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import ROOT
from tests.benchmarks.bench_articles import articles
from tests.benchmarks.bench_figures import Figure, Goal, load_earlier, load_goals, show, write

_UNIT = re.compile(r"(?:_per_(?:cpu_)?second|seconds|megabytes|ratio|percent)(?:_lowest|_highest)?")
_SMALL = {"runs": 1, "relevant": 2, "few": 4, "many": 8, "documents": 3, "ner": 1, "length": 4000}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run of every part writes."""
    path = tmp_path_factory.mktemp("bench") / "read.json"
    sizes = [str(word) for name, count in _SMALL.items() for word in (f"--{name}", count)]
    command = [sys.executable, "-m", "tests.benchmarks.bench_read", *sizes, "--output", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert all(name in done.stdout for name in found["figures"])
    return found


def leaves(tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys and values of whatever depth."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield key, value


def test_each_number_has_its_unit_in_its_name(told: dict[str, Any]) -> None:
    assert [key for key, _ in leaves(told["figures"]) if not _UNIT.search(key)] == []
    assert [key for key, value in leaves(told["over"]) if not key.endswith(("_count", "_digest"))] == []
    assert told["over"]["many_articles_count"] == 8
    assert (told["relevant"]["found_articles_count"], told["runs_count"]) == (2, 1)


def test_readers_are_measured_beside_each_other(told: dict[str, Any]) -> None:
    figures = told["figures"]
    rates = [figures[name]["articles_per_cpu_second"] for name in ("read, relevant", "word_tokenize")]
    # Of one run the ratio is that of the two rates.
    assert figures["read ÷ word_tokenize"]["ratio"] == pytest.approx(rates[0] / rates[1])
    assert figures["extract, 1 worker, memory"]["megabytes"] > 20


def test_every_goal_is_of_a_figure_that_is_measured(told: dict[str, Any]) -> None:
    goals = load_goals()
    assert goals
    assert [name for name, goal in goals.items() if goal.unit not in told["figures"].get(name, {})] == []


@pytest.mark.parametrize(
    ("at_least", "value", "verdict"),
    [(True, 6.0, True), (True, 5.9, False), (False, 6.0, True), (False, 6.1, False)],
)
def test_goals_are_reached_at_their_limit(at_least: bool, value: float, verdict: bool) -> None:
    assert Goal("ratio", at_least, 6.0).reached(value) is verdict


def test_the_table_has_verdicts_and_what_an_earlier_run_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Figure("read, relevant", "articles_per_second", [9.0, 10.0, 14.0], [20.0, 20.0, 20.0])
    path = tmp_path / "earlier.json"
    over = {"articles_digest": "a1"}
    write(path, {"over": over, "figures": {first.name: first.as_json()}})
    assert load_earlier(path, {"over": {"articles_digest": "b2"}}) == {}, "other articles do not compare"
    assert load_earlier(tmp_path / "none.json", {"over": over}) == {}
    now = [
        Figure(first.name, first.unit, [30.0], [30.0]),
        Figure("read ÷ word_tokenize", "ratio", [5.0, 7.0, 4.0]),
        Figure("read, time of long ÷ short", "ratio", [1.0]),
    ]
    show(now, load_earlier(path, {"over": over})["figures"])
    rows = {cells[0]: cells for line in capsys.readouterr().out.splitlines() if (cells := split(line))}
    assert rows["read, relevant"][1:] == ["articles/second", "30", "30", "30", "30", "", "", "1.50"]
    assert rows["read ÷ word_tokenize"][2:8] == ["5", "4", "7", "", "≥ 6", "missed"]
    assert rows["read, time of long ÷ short"][7] == "reached"


def split(line: str) -> list[str]:
    """The cells of a row of the table; none of its rules and heads."""
    return [cell.strip() for cell in line.split("│")[1:-1]]


@pytest.mark.parametrize(("count", "unions"), [(40, 8), (20, 4), (10, 2), (80, 16)])
def test_any_first_part_of_a_corpus_is_like_the_whole(tmp_path: Path, count: int, unions: int) -> None:
    path = tmp_path / "tin.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(40):
            about = "Công đoàn xã họp" if number < 8 else "Trời mưa"
            file.write(json.dumps({"text": f"{about} ở Cà Mau, {number + 10} nhà bị ướt.", "title": f"Tin {number}"}) + "\n")  # fmt: skip
    found = articles(path, count)
    assert len({one.text for one in found}) == count, "those beyond the corpus's own are varied"
    assert abs(sum("Công đoàn" in one.text for one in found) - unions) <= 1
    assert {one.title for one in found} <= {f"Tin {number}" for number in range(40)}
