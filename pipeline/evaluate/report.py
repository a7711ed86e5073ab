"""Scores and findings as a table, as text and as JSON."""

from __future__ import annotations

import json
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.evaluate.score import Scores
from pipeline.tables import visible


def as_json(scores: Scores) -> str:
    """One object: `{"figures": {"p", "r", "f1", "n"}, …, "host": {"accuracy", "n"}, …}`, all 0 to 1."""
    counted = {
        name: {"p": t.precision, "r": t.recall, "f1": t.f1, "n": t.right + t.missed}
        for name, t in scores.counted.items()
    }
    judged = {name: {"accuracy": s.accuracy, "n": s.n} for name, s in scores.judged.items()}
    return json.dumps({**counted, **judged})


def scores_table(scores: Scores, *, articles: int) -> Table:
    """Precision, recall and F1 of what is counted, accuracy of what is judged; a dash where none."""
    table = Table("", title=f"{articles} articles", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("precision", "recall", "F1", "accuracy", "in gold"):
        table.add_column(name, justify="right")
    for name, tally in scores.counted.items():
        n = tally.right + tally.missed
        ratios = (tally.precision, tally.recall, tally.f1)
        shown = [f"{ratio:.3f}" for ratio in ratios] if n or tally.false else ["–"] * 3
        table.add_row(name, *shown, "", str(n))
    table.add_section()
    for name, share in scores.judged.items():
        table.add_row(name, "", "", "", f"{share.accuracy:.3f}" if share.n else "–", str(share.n))
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
