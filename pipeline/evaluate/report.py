"""Scores and findings as a table, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.evaluate.score import Scores
from pipeline.tables import visible


def as_json(scores: Scores, *, floors: Mapping[str, float] | None = None) -> str:
    """One object: `{"figures": {"p", "r", "f1", "n"}, …, "host": {"accuracy", "n"}, …}`, all 0 to 1.

    With `floors` each measure that has one tells it as `floor`.
    """
    shown: dict[str, dict[str, Any]] = {
        name: {"p": t.precision, "r": t.recall, "f1": t.f1, "n": t.right + t.missed}
        for name, t in scores.counted.items()
    }
    shown |= {name: {"accuracy": s.accuracy, "n": s.n} for name, s in scores.judged.items()}
    for name, floor in (floors or {}).items():
        shown[name]["floor"] = floor
    return json.dumps(shown)


def scores_table(scores: Scores, *, articles: int, floors: Mapping[str, float] | None = None) -> Table:
    """Precision, recall and F1 of what is counted, accuracy of what is judged; a dash where none.

    With `floors` a last column holds the floor of each F1 and accuracy.
    """
    table = Table("", title=f"{articles} articles", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in (
        "precision",
        "recall",
        "F1",
        "accuracy",
        "in gold",
        *(["floor"] if floors is not None else []),
    ):
        table.add_column(name, justify="right")

    def add(name: str, *cells: str) -> None:
        floor = (floors or {}).get(name)
        table.add_row(name, *cells, *([] if floors is None else ["–" if floor is None else f"{floor:.3f}"]))

    for name, tally in scores.counted.items():
        n = tally.right + tally.missed
        ratios = (tally.precision, tally.recall, tally.f1)
        shown = [f"{ratio:.3f}" for ratio in ratios] if n or tally.false else ["–"] * 3
        add(name, *shown, "", str(n))
    table.add_section()
    for name, share in scores.judged.items():
        add(name, "", "", "", f"{share.accuracy:.3f}" if share.n else "–", str(share.n))
    return table


def findings_text(scores: Scores) -> Text:
    """Every miss and false alarm with its quote, article by article."""
    out = Text()
    for article, findings in groupby(scores.findings, key=lambda f: f.article):
        out.append(f"{visible(article)}\n", style="bold")
        for finding in findings:
            style = {"missed": "yellow", "alarm": "magenta"}.get(finding.sort.rpartition(" ")[2], "cyan")
            out.append(f"  {finding.sort}: ", style=style)
            out.append(f"{visible(finding.what)}\n")
    return out if scores.findings else Text("No differences.\n")
