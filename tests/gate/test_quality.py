"""What a release's card says of the extractors' quality is what they have now."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import ROOT


def test_the_card_s_scores_are_those_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, ["evaluate", "corpus/gold", "--json"])
    measured = {
        name: {key: round(value, 3) for key, value in told.items()}
        for name, told in json.loads(result.stdout).items()
    }
    told = json.loads(files("pipeline.dataset").joinpath("codebook", "quality.json").read_text("utf-8"))
    assert told["scores"] == measured, "write it anew: make calibrate"
    assert told["articles"] == len(list((ROOT / "corpus" / "gold").glob("*.json")))
