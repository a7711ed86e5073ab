"""What two texts are compared by: shingles of syllables, and the numbers in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from extractors.places import fold

_SHINGLE = 4  # syllables: long enough to be rare, short enough to survive a changed value
_SYLLABLE = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Fingerprint:
    """A text as its syllables, in one case and with one set of tone marks."""

    syllables: tuple[str, ...]
    numbers: frozenset[str]

    @cached_property
    def shingles(self) -> frozenset[str]:
        """All runs of four syllables."""
        parts = self.syllables
        return frozenset(" ".join(parts[i : i + _SHINGLE]) for i in range(max(1, len(parts) - _SHINGLE + 1)))


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of an article's text.

    >>> sorted(fingerprint("Kết nạp 1.205 đoàn viên, khoá VI").numbers)
    ['1205']
    """
    plain = fold(unicodedata.normalize("NFC", text))
    # Digits written with their separators are one number: `24.500`.
    numbers = frozenset(re.sub(r"\D", "", m) for m in _NUMBER.findall(plain))
    return Fingerprint(tuple(_SYLLABLE.findall(plain)), frozenset(n for n in numbers if len(n) > 1))


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """The share that two sets have in common, of both (Jaccard), from 0 to 1."""
    return len(a & b) / len(a | b) if a or b else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that is in the larger one."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
