"""How fast articles are read, beside other tools for Vietnamese on the same articles, and what the program takes.

Part of `make bench`. Rates are medians of several runs with the slowest and fastest; each part has a process of its own.
What counts are ratios of things measured side by side: a busy machine slows both.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import bench_articles, bench_load_parts, bench_read_parts, bench_read_program
from tests.benchmarks.bench_articles import Plan
from tests.benchmarks.bench_figures import Figure, load_earlier, show, write
from tests.benchmarks.bench_process import run_part

MODULE = "tests.benchmarks.bench_read"
PARTS = bench_read_parts.PARTS | bench_load_parts.PARTS
PROGRAM_PARTS = ("extract", "ingest", "start")
SIZES = (
    ("relevant", 100, "articles on unions' events, at most"),
    ("few", 1000, "articles of all sorts"),
    ("many", 10_000, "articles of the largest run"),
    ("documents", 500, "documents to parse, ingest, load and release"),
    ("ner", 5, "articles for underthesea's slow ner, at most"),
)


def prepare(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Files of articles in `folder`; what is measured over: how many are wanted, how many found, their digests."""
    found = bench_articles.articles(given.corpus, max(given.many, given.few, given.documents))
    relevant = bench_articles.relevant_among(found, given.relevant)
    if not relevant:
        sys.exit(f"{given.corpus}: no article on a union's event among {len(found)}")
    named = {
        "one": relevant[:1],
        "relevant": relevant,
        "tenth": found[: _tenth(given)],
        "documents": found[: given.documents],
        "few": found[: given.few],
        "many": found[: given.many],
    }
    for name, chosen in named.items():
        bench_articles.write_rows(folder / f"{name}.jsonl", chosen)
    sizes = {f"{name}_articles_count": getattr(given, name) for name, _, _ in SIZES}
    over = sizes | {
        "long_characters_count": given.length,
        "articles_digest": bench_articles.digest(found),
    }
    # Apart, since a reader that finds others relevant is compared all the same.
    chosen = {"found_articles_count": len(relevant), "articles_digest": bench_articles.digest(relevant)}
    return {"runs_count": given.runs, "over": over, "relevant": chosen}


def _tenth(given: argparse.Namespace) -> int:
    return max(1, given.few // 10)


def measure(part: str, plan: Plan, given: argparse.Namespace) -> list[Figure]:
    """The figures of one part, measured in processes of their own."""
    folder = plan.folder
    counts = {"tenth": _tenth(given), "few": given.few, "many": given.many}
    files = [(folder / f"{name}.jsonl", count) for name, count in counts.items()]
    program: dict[str, Callable[[], list[Figure]]] = {
        "extract": lambda: bench_read_program.extract(files, given.runs),
        "ingest": lambda: bench_read_program.ingest(folder / "documents.jsonl", given.documents, given.runs),
        "start": lambda: bench_read_program.start(folder / "one.jsonl", given.runs),
    }
    if part in program:
        return program[part]()
    told = json.dumps(dataclasses.asdict(plan), default=str)
    return [Figure(**figure) for figure in run_part(MODULE, "--part", part, "--plan", told)]


def _earlier(path: Path | None, told: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The figures of an earlier run; says where they do not compare, or not quite."""
    earlier = load_earlier(path, {"over": told["over"]})
    if path and path.is_file() and not earlier:
        sys.stderr.write(f"{path}: measured over other articles, so it is not compared with\n")
    elif earlier and earlier["relevant"] != told["relevant"]:
        sys.stderr.write(f"{path}: the relevant articles were others; the rest compares\n")
    return earlier.get("figures", {})


def options() -> argparse.ArgumentParser:
    """What can be given."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="articles as JSON Lines, gzipped or not (default: the project's own)")  # fmt: skip
    for name, default, what in (
        ("runs", 3, "runs of each"),
        *SIZES,
        ("length", 100_000, "characters of the long article"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} (default: {default})")
    parser.add_argument("--only", action="append", choices=[*PARTS, *PROGRAM_PARTS], help="this part; may be given again")  # fmt: skip
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    parser.add_argument("--compare", type=Path, help="figures of an earlier run (default: what --output holds)")  # fmt: skip
    parser.add_argument("--profile", action="store_true", help="show where reading spends its time instead")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--plan", help=argparse.SUPPRESS)
    return parser


def main() -> None:
    """Measure and print; `--output` writes JSON too."""
    given = options().parse_args()
    if given.part:
        told = json.loads(given.plan)
        plan = Plan(**told | {"folder": Path(told["folder"])})
        sys.stdout.write(json.dumps([dataclasses.asdict(one) for one in PARTS[given.part](plan)]))
        return
    with tempfile.TemporaryDirectory() as folder:
        told = prepare(given, Path(folder))
        plan = Plan(Path(folder), given.runs, given.documents, given.ner, given.length)
        if given.profile:
            bench_read_parts.profile(plan)
            return
        earlier = _earlier(given.compare or given.output, told)
        figures = [
            figure for part in given.only or [*PARTS, *PROGRAM_PARTS] for figure in measure(part, plan, given)
        ]
    show(figures, earlier)
    if given.output:
        write(given.output, told | {"figures": {figure.name: figure.as_json() for figure in figures}})


if __name__ == "__main__":
    main()
