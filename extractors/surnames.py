"""The syllables that Vietnamese family names are, by which a person's name is told from a unit's or a place's."""

from __future__ import annotations

from functools import cache

from extractors.lexicon.tables import load


@cache
def surnames() -> frozenset[str]:
    """The family names of `lexicon/names.tsv`.

    >>> "Nguyễn" in surnames()
    True
    """
    return frozenset(row["syllable"] for row in load("names"))
