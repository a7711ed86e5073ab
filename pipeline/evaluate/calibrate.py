"""Counts right readings by what they rest on: the table behind every `confidence`.

    python -m pipeline.evaluate.calibrate corpus/gold > extractors/lexicon/confidence.tsv

Several gold folders may be given; articles that the rules were not written to make the better judges.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.evaluate.gold import load_gold
from pipeline.evaluate.predict import predict
from pipeline.evaluate.score import score

_HEADER = """\
# How many readings of a figure or award were right in all they say, of how many, by what they rest on; an empty support is
# all of a kind. Written by `make calibrate` over the annotated articles; see `extractors/confidence.py`.
# Source: this project's annotated articles.
kind\tsupport\tright\tall"""


def supported(folders: Iterable[Path]) -> list[tuple[str, str, float, bool]]:
    """Kind, support, confidence and rightness of every figure and award read from gold folders."""
    found = []
    for folder in folders:
        gold = load_gold(folder)
        found += score(gold, predict(gold)).supported
    return found


def table(judged: Sequence[tuple[str, str, float, bool]]) -> str:
    """The confidence table of judged readings, as tab-separated text."""
    right: Counter[tuple[str, str]] = Counter()
    count: Counter[tuple[str, str]] = Counter()
    for kind, support, _, is_right in judged:
        for key in ((kind, ""), (kind, support)):
            count[key] += 1
            right[key] += is_right
    return "\n".join([_HEADER, *(f"{k[0]}\t{k[1]}\t{right[k]}\t{n}" for k, n in sorted(count.items()))])


if __name__ == "__main__":
    sys.stdout.write(table(supported(map(Path, sys.argv[1:]))) + "\n")
