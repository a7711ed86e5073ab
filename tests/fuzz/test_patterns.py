"""No regular expression of the two packages backtracks beyond what the length of its text accounts for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from pipeline.settings import ROOT
from tests.fuzz.judging import judged
from tests.fuzz.patterns import Noted, attacks
from tests.fuzz.strategies import TIMES


@pytest.mark.guard("time")
@pytest.mark.skipif(TIMES == 1, reason="minutes: `make fuzz` runs it")
def test_no_pattern_backtracks(record_property: Callable[[str, object], None]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.judging"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=3_600,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    told = json.loads(done.stdout)
    assert told["patterns"] > 250
    assert told["seen"] > 150
    record_property("cases", told["tried"])
    assert told["slow"] == []


@pytest.mark.guard("time")
@pytest.mark.parametrize(
    ("source", "most"),
    [(r"(?:a+)+b", 24), (r"^\s*x?\s*y?\s*$", 1_000), (r"(?:và(?: [^.]{0,90}?)? )*hết", 64)],
)
def test_what_backtracks_is_attacked(source: str, most: int) -> None:
    tried, found = judged(Noted(re.compile(source), "here"), {"match": most})
    assert found is not None, tried


@pytest.mark.guard("time")
def test_attacks_are_of_the_length_that_is_asked() -> None:
    made = attacks(re.compile(r"năm\s+(?:\d{4}|nay)\W*$"))
    assert len(made) > 8
    assert {len(make(100)) for make in made} == {101}
