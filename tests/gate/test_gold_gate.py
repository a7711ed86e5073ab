"""The gate: no score on the project's gold may fall below its floor in `tests/gate/floors.json`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import ROOT


def test_no_score_on_the_gold_is_below_its_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, ["evaluate", "corpus/gold", "--floors", "tests/gate/floors.json"])
    assert result.exit_code == 0, result.output
