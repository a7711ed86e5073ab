"""What a run of the tests shows of the guards: a pytest plugin.

A test marked `@pytest.mark.guard("id")` shows the guard of that row of `threats.tsv`. With `TONGKET_TEST_THREATS` naming
SECURITY.md (`make security` sets it) the run ends with the file's table written anew.

An item counts as one case, one of Hypothesis as many as its passing examples; a test that tries many in one item tells how
many: `record_property("cases", 500)`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.security.table import Shown, Tests, write_table

TARGET = "TONGKET_TEST_THREATS"
_PASSING = re.compile(r"- (\d+) passing, ")
# From good to bad: a test is as good as the worst of its items.
_OUTCOMES = ("passed", "skipped", "failed")


@dataclass(eq=False)  # pytest keeps plugins in sets
class Recorder:
    """Notes each marked item as it ends; in a run with xdist the workers' reports come in here too."""

    shown: Tests

    @pytest.hookimpl(tryfirst=True)  # before a mark skips the test
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for mark in item.iter_markers("guard"):
            item.user_properties += [("guard", name) for name in mark.args]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Iterator[None]:
        if call.when == "call" and (told := getattr(item, "hypothesis_statistics", None)):
            item.user_properties.append(("cases", sum(map(int, _PASSING.findall(told)))))
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        told = report.user_properties
        cases = sum(int(str(value)) for name, value in told if name == "cases") or 1
        file, _, name = report.nodeid.partition("::")
        test = f"{file}::{name.partition('[')[0]}"
        for guard in {str(value) for name, value in told if name == "guard"}:
            tests = self.shown.setdefault(guard, {})
            before = tests.get(test, Shown(0, "passed"))
            worst = max(before.outcome, report.outcome, key=_OUTCOMES.index)
            tests[test] = Shown(before.cases + (0 if report.skipped else cases), worst)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        target = os.environ.get(TARGET)
        if target and not hasattr(session.config, "workerinput"):
            write_table(Path(target), self.shown)


def pytest_configure(config: pytest.Config) -> None:
    """Make the recorder a part of this run."""
    config.pluginmanager.register(Recorder({}), "guards")
