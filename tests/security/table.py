"""The table of threats in SECURITY.md: the rows of `threats.tsv` and the tests that show each guard."""

from __future__ import annotations

import ast
import csv
import platform
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

THREATS = Path(__file__).with_name("threats.tsv")
GROUPS = ("fuzzing", "poisoned input", "faults", "privacy", "supply", "load")
BEGIN, END = "<!-- threats -->", "<!-- /threats -->"
_TABLE = re.compile(f"(?<={re.escape(BEGIN)}\n).*(?={re.escape(END)})", re.DOTALL)
_ROW = re.compile(r"^\| <a id=\"([\w-]+)\"></a>(.*)$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py::\w+)`")
_HEAD = (
    "| What may happen | What stops it | Shown by | Cases | Last run |\n| --- | --- | --- | ---: | --- |\n"
)


class Threat(NamedTuple):
    """A row of `threats.tsv`: what may happen, and what stops it where."""

    id: str
    group: str
    threat: str
    guard: str


class Shown(NamedTuple):
    """What a run showed of one test: how many cases it tried, and `passed`, `skipped` or `failed`."""

    cases: int
    outcome: str


Tests = dict[str, dict[str, Shown]]
"""Guard → test (`tests/faults/test_kills.py::test_x`) → what the run showed."""


def threats(path: Path = THREATS) -> list[Threat]:
    """The rows in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Threat(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def marked(root: Path) -> dict[str, set[str]]:
    """Guard → the tests below `root`/tests that are marked with it, as the code says: nothing is imported or run."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [name for node in tree.body if isinstance(node, ast.Assign) for name in _module_marks(node)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names = [*whole, *(name for decorator in node.decorator_list for name in _marks(decorator))]
                for name in names:
                    found.setdefault(name, set()).add(f"{path.relative_to(root).as_posix()}::{node.name}")
    return found


def _module_marks(node: ast.Assign) -> Iterator[str]:
    """The guards of `pytestmark = …`."""
    if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets):
        yield from _marks(node.value)


def _marks(tree: ast.AST) -> Iterator[str]:
    """The arguments of each `pytest.mark.guard(…)` in `tree`, those on a single row of a table too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.guard":
            yield from (str(ast.literal_eval(argument)) for argument in node.args)


def render(rows: list[Threat], shown: Mapping[str, Mapping[str, Shown]], head: str) -> str:
    """The tables, one a group, under the line `head`."""
    parts = [f"{head}\n"]
    for group in GROUPS:
        if mine := [row for row in rows if row.group == group]:
            parts += [
                f"\n### {group.capitalize()}\n\n",
                _HEAD,
                *(_row(row, shown.get(row.id, {})) for row in mine),
            ]
    return "".join(parts) + "\n"


def _row(row: Threat, tests: Mapping[str, Shown]) -> str:
    cells = [
        f'<a id="{row.id}"></a>{row.threat}',
        row.guard,
        "<br>".join(f"`{test}`" for test in sorted(tests)),
        "<br>".join(f"{tests[test].cases:,}" for test in sorted(tests)),
        "<br>".join(tests[test].outcome for test in sorted(tests)),
    ]
    return f"| {' | '.join(cells)} |\n"


def named(page: str) -> dict[str, set[str]]:
    """Guard → the tests that the table of `page` names."""
    (table,) = _TABLE.findall(page)
    return {guard: set(_TEST.findall(rest)) for guard, rest in _ROW.findall(table)}


def write_table(path: Path, shown: Mapping[str, Mapping[str, Shown]]) -> None:
    """Put what a run showed between the markers of the page at `path`."""
    outcomes = [test.outcome for tests in shown.values() for test in tests.values()]
    tests: dict[str, int] = {}
    for name, test in ((name, test) for row in shown.values() for name, test in row.items()):
        tests[name] = max(tests.get(name, 0), test.cases)
    head = (
        f"Last run: {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()}; "
        f"{len(tests)} tests, {sum(tests.values()):,} cases, {outcomes.count('failed')} failed."
    )
    page = path.read_text(encoding="utf-8")
    path.write_text(_TABLE.sub(lambda _: render(threats(), shown, head), page), encoding="utf-8")
