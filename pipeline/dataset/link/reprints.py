"""Reprints and near-copies: articles that are one text, found by MinHash and then held against each other.

Candidates come from locality-sensitive hashing of MinHash signatures (Broder 1997); whether a candidate is a reprint,
its text decides. The earliest article of a group is the original.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rensa import RMinHash

from pipeline.dataset.link.text import Fingerprint, containment, fingerprint, overlap

_PERMUTATIONS, _BANDS = 128, 32  # bands of 4: a pair that shares 50 % is a candidate 9 times in 10
_SEED = 42
_LEAST = 40  # syllables: a shorter text is too little to tell a copy by
_MOST = 200  # articles in one band: more are a site's boilerplate, and all pairs of them would take for ever
_DAYS = 60  # a text is not reprinted later; a year's report in the words of the last one is
_TEXT, _PART, _NUMBERS = 0.5, 0.8, 0.6


@dataclass(frozen=True)
class Article:
    """What an article is compared by. `published` is an ISO 8601 time or None."""

    id: str
    published: str | None
    text: str

    @property
    def order(self) -> tuple[str, str]:
        """Earlier first; what has no date comes last."""
        return self.published or "9999", self.id


@dataclass(frozen=True)
class Reprint:
    """`copy` is a copy of `original`, both article ids; `score` from 0 to 1 is how much of the text is the same."""

    copy: str
    original: str
    score: float
    reason: str


def find_reprints(
    articles: Iterable[Article], verdicts: Mapping[tuple[str, str], bool] | None = None
) -> list[Reprint]:
    """The copies among `articles`, each with the earliest article of its text; the same in any order of `articles`.

    `verdicts` are a person's on `(copy, original)`: True one text, False two.
    """
    verdicts = verdicts or {}
    known = {one.id: one for one in sorted(articles, key=lambda one: one.order)}
    pairs: dict[str, list[str]] = defaultdict(list)
    candidates = _candidates(known.values())
    # Only those of candidates are kept: the shingles of a large dataset would fill the memory.
    prints = {name: fingerprint(known[name].text) for name in {name for pair in candidates for name in pair}}
    for a, b in candidates:
        first, second = sorted((known[a], known[b]), key=lambda one: one.order)
        pairs[second.id].append(first.id)
    originals: dict[str, str] = {}
    found = []
    for copy, article in known.items():  # the earliest first: its original is known when its own copies come
        best: tuple[float, str, str] | None = None
        for other in pairs.get(copy, ()):
            score, reason = compare(article, known[other], prints)
            if verdicts.get((copy, other)) is False or not reason:
                continue
            if best is None or (-score, known[other].order) < (-best[0], known[best[1]].order):
                best = (score, other, reason)
        for name, other in sorted(
            pair for pair, together in verdicts.items() if together and pair[0] == copy
        ):
            if other in known and other != name:
                best = (1.0, other, "a person's decision")
        if best is not None:
            original = originals.get(best[1], best[1])
            if original == copy or verdicts.get((copy, original)) is False:
                continue
            originals[copy] = original
            found.append(Reprint(copy, original, best[0], best[2]))
    return found


def compare(a: Article, b: Article, prints: Mapping[str, Fingerprint] | None = None) -> tuple[float, str]:
    """How much of two texts is the same, and in words why they are one; the words are empty where they are not."""
    one, other = (prints[x.id] if prints else fingerprint(x.text) for x in (a, b))
    if min(len(one.syllables), len(other.syllables)) < _LEAST:
        return 0.0, ""
    same = overlap(one.shingles, other.shingles)
    part = containment(one.shingles, other.shingles)
    numbers = containment(one.numbers, other.numbers) if one.numbers and other.numbers else 1.0
    score = round(max(same, part * 0.95), 3)
    apart = days_between(a.published, b.published)
    if (apart is not None and apart > _DAYS) or numbers < _NUMBERS:
        return score, ""
    if same >= _TEXT:
        return score, f"{same:.0%} of both texts is the same, and {numbers:.0%} of their numbers"
    if part >= _PART:
        return (
            score,
            f"{part:.0%} of the shorter text stands in the longer one, and {numbers:.0%} of its numbers",
        )
    return score, ""


def days_between(a: str | None, b: str | None) -> int | None:
    """Days between two ISO 8601 times or dates; None where one is missing or no date."""
    try:
        return abs((date.fromisoformat((a or "")[:10]) - date.fromisoformat((b or "")[:10])).days)
    except ValueError:
        return None


def _candidates(articles: Iterable[Article]) -> set[tuple[str, str]]:
    bands: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    rows = _PERMUTATIONS // _BANDS
    for article in articles:
        one = fingerprint(article.text)
        if len(one.syllables) < _LEAST:
            continue
        signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        signature.update(sorted(one.shingles))
        digest = signature.digest()
        for band in range(_BANDS):
            bands[band, tuple(digest[band * rows : (band + 1) * rows])].append(article.id)
    return {
        (min(a, b), max(a, b))
        for names in bands.values()
        if len(names) <= _MOST
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    }
