"""Confidence is calibrated: what it says is what is right, and a low number stands on readings that fail more often."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.confidence import confidence
from extractors.lexicon.tables import load
from pipeline.evaluate.calibrate import supported, table

GOLD = Path(__file__).resolve().parents[2] / "corpus" / "gold"


@pytest.fixture(scope="module")
def judged() -> list[tuple[str, str, float, bool]]:
    return supported([GOLD])


@pytest.mark.parametrize("kind", ["figure", "award"])
def test_mean_confidence_is_the_share_right(judged: list[tuple[str, str, float, bool]], kind: str) -> None:
    mine = [(c, right) for k, _, c, right in judged if k == kind]
    mean, share = sum(c for c, _ in mine) / len(mine), sum(right for _, right in mine) / len(mine)
    assert abs(mean - share) < 0.05


def test_the_doubtful_fail_more_often(judged: list[tuple[str, str, float, bool]]) -> None:
    ranked = sorted((c, right) for k, _, c, right in judged if k == "figure")
    third = len(ranked) // 3
    doubtful, sure = ranked[:third], ranked[-third:]
    assert sum(right for _, right in doubtful) < sum(right for _, right in sure)


def test_every_confidence_is_a_share(judged: list[tuple[str, str, float, bool]]) -> None:
    assert all(0 < c < 1 for _, _, c, _ in judged)
    assert confidence("figure", "never seen before") == pytest.approx(confidence("figure", "nor this"))


def test_the_table_counts_what_was_judged(judged: list[tuple[str, str, float, bool]]) -> None:
    lines = table(judged).splitlines()
    whole = next(line.split("\t") for line in lines if line.startswith("figure\t\t"))
    assert int(whole[3]) == sum(k == "figure" for k, *_ in judged)
    assert {row["kind"] for row in load("confidence")} == {"figure", "award"}
