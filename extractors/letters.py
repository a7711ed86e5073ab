"""Letters of the Vietnamese alphabet: character classes to stand inside `[...]` of a pattern, and small for capital.

A range such as `À-Ỹ` holds lower-case letters as well, so the capitals are listed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

_BASES = "AĂÂEÊIOÔƠUƯY"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_MARKED = "".join(
    unicodedata.normalize("NFC", base + tone)
    for base in _BASES
    for tone in _TONES
    if base + tone > "Z" or tone
)

UPPER = "A-ZĐ" + _MARKED
LOWER = "a-zđ" + _MARKED.lower()


def lowered(text: str) -> str:
    r"""`text` in small letters, one for one: an offset in it is the same offset in `text`.

    A pattern of small letters finds here what it finds in `text` with `re.IGNORECASE`, but several times faster: without
    that flag `re` passes over what its first letters cannot be. So the letters that the flag takes for i and s are those.

    >>> lowered("Liên đoàn LAO ĐỘNG"), len(lowered("\u0130")), lowered("\u017fáu")
    ('liên đoàn lao động', 1, 'sáu')
    """
    if "\u0130" in text:
        text = text.replace("\u0130", "i")
    text = text.lower()
    return (
        text.replace("\u0131", "i").replace("\u017f", "s") if "\u0131" in text or "\u017f" in text else text
    )


# As many as are read together; the reader empties it behind them.
@lru_cache(maxsize=64)
def lowered_article(text: str) -> str:
    """`lowered` of a whole article, kept for the next that asks for it."""
    return lowered(text)


def alternation(patterns: Iterable[str], *, begins: str = "") -> str:
    """Any of `patterns`, those of one first letter together; `begins` is what holds where a first letter stands.

    Each must begin with a letter. `re` finds first letters several times faster than it tries alternatives; for the same
    reason a condition such as "a word begins here" (`(?<!\\w.)`) comes behind the letter, not before it.

    >>> alternation(["Cà Mau", "Hà Nội", "Cần Thơ"])
    'C(?:à Mau|ần Thơ)|H(?:à Nội)'
    """
    rests: dict[str, list[str]] = {}
    for pattern in patterns:
        rests.setdefault(pattern[0], []).append(pattern[1:])
    return "|".join(f"{letter}{begins}(?:{'|'.join(behind)})" for letter, behind in rests.items())


def whole_word(words: Iterable[str]) -> str:
    r"""A pattern that finds any of `words`, small letters all, where no other letter stands beside it.

    It goes letter by letter, words of one beginning together, and looks at what stands around last: so `re` passes
    quickly over what is none of the words.

    >>> [m.group() for m in re.finditer(whole_word(["năm", "tr", "triệu"]), "5tr, 2 triệu trong năm")]
    ['tr', 'triệu', 'năm']
    """
    return "|".join(_letter_by_letter(sorted(words), 0))


def _letter_by_letter(words: list[str], at: int) -> Iterator[str]:
    """Patterns of what `words`, sorted and the same before `at`, have from there on."""
    for letter, group in groupby(words, lambda word: word[at : at + 1]):
        if letter:
            rests = list(_letter_by_letter(list(group), at + 1))
            yield re.escape(letter) + (rests[0] if len(rests) == 1 else f"(?:{'|'.join(rests)})")
        else:
            yield rf"(?![^\W\d_])(?<![^\W\d_].{{{at}}})"
