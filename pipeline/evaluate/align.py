"""Where gold quotes and predicted spans meet: as offsets into the predicted text, white space folded.

Gold is written by hand and the text may be cleaned since, so white space may differ between the two.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from extractors.records import Evidence
from pipeline.evaluate.gold import GoldItem

Place = tuple[int, int]
_G = TypeVar("_G", bound=GoldItem)
_P = TypeVar("_P")
# Relative: values reach us as decimal strings, but a share may have passed a float.
_TOLERANCE = Decimal("1e-9")


class FoldedText:
    """A text with each run of white space as one blank, and the way from its offsets to the folded ones.

    >>> FoldedText("Sáng  12/1,\\nLĐLĐ huyện").find(GoldItem(quote="12/1, LĐLĐ"))
    (5, 15)
    """

    def __init__(self, text: str) -> None:
        kept: list[str] = []
        self._origin: list[int] = []
        after_blank = True
        for offset, character in enumerate(unicodedata.normalize("NFC", text)):
            blank = character.isspace()
            if not (blank and after_blank):
                kept.append(" " if blank else character)
                self._origin.append(offset)
            after_blank = blank
        self.text = "".join(kept)

    def find(self, item: GoldItem) -> Place | None:
        """Where the item's quote stands, looked for inside its context; None where the text lacks it."""
        quote = _folded(item.quote)
        context = quote if item.context is None else _folded(item.context)
        at, inside = self.text.find(context), context.find(quote)
        return None if at < 0 or inside < 0 else (at + inside, at + inside + len(quote))

    def span(self, evidence: Evidence) -> Place:
        """The folded offsets of a predicted span."""
        return bisect_left(self._origin, evidence.start), bisect_left(self._origin, evidence.end)


def _folded(text: str) -> str:
    return FoldedText(text).text.strip()


def unit_name(name: str | None) -> str:
    """A unit's name for comparison: case, hyphens, commas and spacing do not count, `TP.` is `thành phố`."""
    text = unicodedata.normalize("NFC", name or "").casefold().replace("tp.", "thành phố")
    return " ".join(text.replace("-", " ").replace(",", " ").split())


def equal(a: Decimal | float | None, b: Decimal | float | None) -> bool:
    """Whether two numbers are the same but for rounding in the ninth place; None equals only None."""
    if a is None or b is None:
        return a is b
    left, right = Decimal(str(a)), Decimal(str(b))
    return abs(left - right) <= abs(right) * _TOLERANCE


def near(a: Place | None, b: Place | None, *, within: int) -> bool:
    """Whether two places overlap, or lie less than `within` characters apart; an unknown one is near."""
    return a is None or b is None or (a[0] < b[1] + within and b[0] < a[1] + within)


def pair(
    gold: Sequence[_G], predicted: Sequence[_P], matches: Callable[[_G, _P], bool]
) -> tuple[list[tuple[_G, _P | None]], list[_P]]:
    """Each gold item with the first unused prediction that matches, or None; then the predictions left over.

    Required items choose before optional ones, so that an optional one never takes what a required one needs.
    """
    left = list(predicted)
    pairs: list[tuple[_G, _P | None]] = []
    for item in sorted(gold, key=lambda g: g.optional):
        hit = next((i for i, candidate in enumerate(left) if matches(item, candidate)), None)
        pairs.append((item, None if hit is None else left.pop(hit)))
    return pairs, left
