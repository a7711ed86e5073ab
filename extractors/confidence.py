"""How far a figure or award can be trusted: the share right among those read the same way in annotated articles.

A reading is put into a bin by what made it easy or hard: how far its indicator led the next, whether its noun is known,
where it stands. `lexicon/confidence.tsv` counts right and all readings of each bin over the annotated articles and
specification tables of this project; a bin with few readings leans on the overall share.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from extractors.lexicon.tables import load

if TYPE_CHECKING:
    from extractors.award_receivers import AwardMention
    from extractors.figure_drafts import Draft

# As many readings as the overall share counts for in each bin.
_PRIOR = 6.0


@cache
def _bins() -> dict[tuple[str, str], tuple[int, int]]:
    return {(row["kind"], row["support"]): (int(row["right"]), int(row["all"])) for row in load("confidence")}


def figure_support(d: Draft) -> str:
    """What a figure rests on: its noun, the lead of its indicator, its place and status (`noun high body achieved`)."""
    noun = d.quantity.rule.rsplit(".", 1)[-1]
    lead = "none" if d.indicator == "other" else "low" if d.lead < 1.5 else "mid" if d.lead < 4 else "high"
    place = "body" if d.line_kind == "body" else "edge"
    return f"{noun} {lead} {place} {d.status}"


def award_support(a: AwardMention) -> str:
    """What an award rests on: the rule that bound it, whether it has a count, a known receiver, a giver, and its place."""
    parts = (
        a.rule.rsplit(".", 1)[-1],
        "count" if a.count is not None else "bare",
        "known" if a.type != "unspecified" else "open",
        "giver" if a.grantors else "nobody",
        "body" if a.line_kind == "body" else "edge",
    )
    return " ".join(parts)


@lru_cache(maxsize=512)
def confidence(kind: str, support: str) -> float:
    """The share right among readings of a `kind` (`figure`, `award`) with this `support`, between 0 and 1."""
    right, count = _bins().get((kind, support), (0, 0))
    all_right, all_count = _bins().get((kind, ""), (1, 2))
    return round((right + _PRIOR * all_right / all_count) / (count + _PRIOR), 2)
