"""Which articles can be relevant at all: one pass of an automaton over the text, before anything is read.

Of general news 19 in 20 name no union, and reading costs a hundred times what this does. The filter may let through what
`relevance` then refuses, but never the reverse: every name of a union, and every cue of relevance, holds one of its words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import re2

from extractors.lexicon.tables import load


@cache
def _union_words() -> Callable[[str], object]:
    """Searches for the words by one automaton of RE2, whose time does not depend on how many they are."""
    anywhere = "|".join(re2.escape(row["word"]) for row in load("union_words"))
    alone = "|".join(re2.escape(row["short"]) for row in load("abbreviations") if row["kind"] == "union")
    # RE2's \b knows ASCII alone.
    search: Callable[[str], object] = re2.compile(
        rf"(?i:{anywhere})|(?:^|[^\pL\d])(?:{alone})(?:[^\pL]|$)"
    ).search
    return search


def may_be_relevant(text: str) -> bool:
    """Whether normalised `text` holds a word that names a union; without one `relevance.is_relevant` says no.

    >>> may_be_relevant("Sáng 12/1, CĐ Trường THPT An Minh kết nạp 5 đoàn viên."), may_be_relevant("CĐV đội nhà ăn mừng")
    (True, False)
    """
    return _union_words()(text) is not None
