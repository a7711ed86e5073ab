"""How numbers lie: quartiles of groups, and those far outside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.explore.rows import Row

_ENOUGH = 8
_FENCE = 1.5


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of `ordered` lies, between two where need be.

    >>> quantile([1, 2, 3, 4], 0.5)
    2.5
    """
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def grouped(found: Iterable[tuple[Any, float]], name: str) -> list[Row]:
    """Key and value pairs as a row a key: count, smallest, quartiles, largest."""
    groups: dict[Any, list[float]] = {}
    for key, value in found:
        groups.setdefault(key, []).append(value)
    return [
        {
            name: key,
            "n": len(values),
            "least": values[0],
            "q1": quantile(values, 0.25),
            "median": quantile(values, 0.5),
            "q3": quantile(values, 0.75),
            "most": values[-1],
        }
        for key, values in ((key, sorted(groups[key])) for key in sorted(groups))
    ]


def outliers(found: Sequence[Row], name: str = "achieved_number", group: str = "level") -> list[Row]:
    """Rows whose value lies far outside that of others of the same group (Tukey's fences on the logarithm), the farthest first.

    A group of fewer than eight has none: nobody could tell.
    """
    groups: dict[Any, list[Row]] = {}
    for row in found:
        if row[name] is not None and row[name] > 0:
            groups.setdefault(row[group], []).append(row)
    far = []
    for members in groups.values():
        if len(members) < _ENOUGH:
            continue
        logs = sorted(math.log10(row[name]) for row in members)
        low, high = quantile(logs, 0.25), quantile(logs, 0.75)
        width = max(high - low, 0.05)
        for row in members:
            place = math.log10(row[name])
            off = max(place - high, low - place) / width
            if off > _FENCE:
                far.append(
                    {**row, "off": round(off, 1), "median": 10 ** quantile(logs, 0.5), "among": len(members)}
                )
    return sorted(far, key=lambda row: (-row["off"], row["unit_name"], row["year"]))[:50]
