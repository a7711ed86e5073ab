"""`tongket evaluate` from the folder to the numbers, and what it says of a folder that it cannot use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.evaluate.score import COUNTED, JUDGED

TEXT = "Ngày 12/1/2024, Công đoàn ngành Y tế tỉnh Hậu Giang kết nạp 705 đoàn viên và trao 12 căn nhà."
FIGURE = {"quote": "705 đoàn viên", "value": "705", "unit": "person", "indicator": "members_recruited", "status": "achieved"}  # fmt: skip
GOLD = {"relevant": True, "conferences": [{"kind": "year_review", "figures": [FIGURE]}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "hg.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gold" / "hg.json").write_text(json.dumps(GOLD), encoding="utf-8")
    return tmp_path / "gold"


def write(path: Path, *reports: Any) -> Path:
    path.write_text("".join(report.to_json() + "\n" for report in reports), encoding="utf-8")
    return path


def run(*args: object) -> Any:
    return CliRunner().invoke(app, ["evaluate", *map(str, args)])


@pytest.mark.parametrize(
    ("source", "proves"),
    [("hg", "an id"), ("corpus/gold/hg.txt", "the path that `extract` was given")],
)
def test_predictions_from_a_file(source: str, proves: str, folder: Path, build: Any) -> None:
    report = build(TEXT, source=source, figures=(("705", 705), ("12 căn nhà", 12)))
    result = run(folder, "--json", "--predictions", write(folder.parent / "p.jsonl", report))
    assert result.exit_code == 0
    scores = json.loads(result.stdout)
    assert scores["figures"] == {"p": 0.5, "r": 1.0, "f1": pytest.approx(2 / 3), "n": 1}, proves
    assert set(scores) == {*COUNTED, *JUDGED}
    assert scores["host"] == {"accuracy": 0.0, "n": 0}


def test_an_id_goes_before_a_path(folder: Path, build: Any) -> None:
    right = build(TEXT, source="hg", figures=(("705", 705),))
    other = build(TEXT, source="hg.txt")
    result = run(folder, "--json", "--predictions", write(folder.parent / "p.jsonl", right, other))
    assert json.loads(result.stdout)["figures"]["r"] == 1


def test_errors_are_listed_with_their_quotes(folder: Path, build: Any) -> None:
    report = build(TEXT, source="hg", figures=(("12 căn nhà", 12),))
    result = run(folder, "--errors", "--predictions", write(folder.parent / "p.jsonl", report))
    lines = result.stdout.splitlines()
    assert "hg" in lines
    assert "  figure missed: 705 person members_recruited «705 đoàn viên»" in lines
    assert "  figure false alarm: 12 person members_recruited «12 căn nhà»" in lines
    assert any(line.split() == ["figures", "0.000", "0.000", "0.000", "1"] for line in lines)
    assert any(line.split() == ["host", "–", "0"] for line in lines), "nothing judged is no zero"


def test_reading_the_folder_scores_every_article(folder: Path) -> None:
    result = run(folder, "--json")
    assert result.exit_code == 0
    scores = json.loads(result.stdout)
    assert scores["figures"]["n"] == 1
    assert scores["relevant"]["n"] == 1


BROKEN = [
    # (what is done to the folder, the line expected, what the row proves)
    ({"hg.json": "{"}, "gold/hg.json:1: broken JSON (Expecting property name enclosed in double quotes): mend the file", "no JSON"),
    ({"hg.json": "[]"}, 'gold/hg.json: not an object: write {"relevant": …, "conferences": […]}', "no object"),
    ({"hg.json": "{}"}, "gold/hg.json: conferences: Field required: see the README beside the gold articles", "no events"),
    ({"hg.json": json.dumps({"conferences": [{"kind": "other", "figures": [{**FIGURE, "value": "nhiều"}]}]})},
     "gold/hg.json: conferences.0.figures.0.value: Input should be a valid decimal: see the README beside the gold articles", "no number"),
    ({"hg.txt": None}, "gold/hg.txt: no such file: each NAME.json needs its NAME.txt", "no text"),
    ({"hg.txt": b"\xff"}, "gold/hg.txt: not UTF-8: convert it with iconv", "no UTF-8"),
    ({"hg.json": None}, "gold: no NAME.json in it: give a folder of NAME.txt beside NAME.json", "no annotation"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line", "proves"), BROKEN, ids=[row[2] for row in BROKEN])
def test_an_unreadable_folder(
    change: dict[str, Any], line: str, proves: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    for name, content in change.items():
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run("gold")
    assert (result.exit_code, result.stderr) == (2, line + "\n"), proves


@pytest.mark.parametrize(
    ("content", "line", "proves"),
    [
        (b"{}\n", "p.jsonl:1: no report (article: Field required): give the output of `tongket extract --all`", "no report"),
        (b"\n<p>", "p.jsonl:2: no report (Invalid JSON: expected value at line 1 column 1): give the output of `tongket extract --all`", "no JSON"),
        (b"", "p.jsonl: no report of a gold article: `article.source` must be its NAME", "nothing to score"),
        (b"\xff", "p.jsonl: not UTF-8: give the output of `tongket extract`", "no UTF-8"),
        (None, "p.jsonl: cannot be read: No such file or directory", "no file"),
    ],
)  # fmt: skip
def test_unreadable_predictions(
    content: bytes | None, line: str, proves: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    if content is not None:
        Path("p.jsonl").write_bytes(content)
    result = run("gold", "--predictions", "p.jsonl")
    assert (result.exit_code, result.stderr) == (2, line + "\n"), proves


def test_no_such_folder(tmp_path: Path) -> None:
    result = run(tmp_path / "none")
    assert result.exit_code == 2
    assert (
        result.stderr
        == f"{tmp_path / 'none'}: no such folder: give one that holds NAME.txt beside NAME.json\n"
    )
