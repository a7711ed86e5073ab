"""How a Vietnamese syllable is spelt: an onset, a rime, a tone. Few letters together make one.

The rimes are data (`lexicon/rimes.tsv`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import re2

from extractors.letters import LOWER, UPPER
from extractors.lexicon.tables import load

_ONSETS = ["ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x"]  # fmt: skip
TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = {"", "\u0301", "\u0323"}
# gi and i grown together.
_SPECIAL = ("gi", "gin", "giêng", "giêc", "giêt")


@cache
def _rimes() -> dict[str, str]:
    """Rime without its tone → how it ends."""
    return {rime: row["ending"] for row in load("rimes") for rime in row["rimes"].split()}


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether `word` (NFC, any case) is spelt as a Vietnamese syllable can be; foreign names and pieces are not.

    >>> [w for w in ["nghiệp", "Quý", "ngườ", "hđua", "ng", "Đắk", "cạp", "càp"] if is_syllable(w)]
    ['nghiệp', 'Quý', 'Đắk', 'cạp']
    """
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in TONES]
    plain = _plain(marks)
    if len(tones) > 1:
        return False
    rimes = _rimes()
    for onset in ("", *_ONSETS):
        ending = rimes.get(plain[len(onset) :]) if plain.startswith(onset) else None
        if ending and not (ending == "stop" and (tones or [""])[0] not in _STOPPED):
            return _spelt_together(onset, plain[len(onset) :])
    return plain in _SPECIAL and len(tones) > 0


def _plain(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))


def _spelt_together(onset: str, rime: str) -> bool:
    """c, g, ng stand before a, o, u; k, gh, ngh before e, i, y; names of the Highlands (Kon, Krông, Ka) bend it for k."""
    if onset in {"c", "g", "ng"}:
        return rime[0] not in "eêiy" or (onset == "g" and rime[0] == "i")
    return onset not in {"gh", "ngh"} or rime[0] in "eêi"


# --- The same as one automaton

_LETTERS = r"\pL\pN_-"
_VOWELS = "aăâeêioôơuưy"


def only_syllables(text: str) -> bool:
    """Whether every word of two to six small letters with marks in `text` (NFC) is a syllable; quicker than one by one.

    >>> only_syllables("Công đoàn HĐLĐ-X họp"), only_syllables("ngườ i")
    (True, False)
    """
    return _text_of_syllables().fullmatch(text) is not None


@cache
def _text_of_syllables() -> Any:
    """Words and what parts them; words with a capital, digit or hyphen, without marks, or longer may be anything."""
    by_onset: dict[frozenset[str], list[str]] = {}
    for rime, ending in _rimes().items():
        fitting = frozenset(onset for onset in ("", *_ONSETS) if _spelt_together(onset, rime))
        by_onset.setdefault(fitting, []).extend(_toned(rime, ending))
    spelt = [f"(?:{'|'.join(sorted(onsets))})(?:{_trie(those)})" for onsets, those in by_onset.items()]
    special = _trie(toned for word in _SPECIAL for toned in _toned(word, "") if toned != word)
    free = rf"[{_LETTERS}]*[{UPPER}\pN_-][{_LETTERS}]*|[a-z]+|[{LOWER}]|[{LOWER}]{{7,}}"
    word = "|".join([free, *spelt, special])
    options = re2.Options()
    options.max_mem = 64 << 20
    return re2.compile(rf"[^{_LETTERS}]*(?:(?:{word})[^{_LETTERS}]+)*(?:{word})?", options)


def _toned(rime: str, ending: str) -> Iterable[str]:
    """The rime with no tone and with each that it can bear, on each of its vowels: both `hòa` and `hoà` are written."""
    yield rime
    for tone in TONES & _STOPPED if ending == "stop" else TONES:
        for at, letter in enumerate(rime):
            if letter in _VOWELS:
                yield rime[:at] + unicodedata.normalize("NFC", letter + tone) + rime[at + 1 :]


def _trie(words: Iterable[str]) -> str:
    """A pattern of `words` that holds once what several begin or end with."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[:1], []).append(word[1:])
    ends = rests.pop("", None) is not None
    branches: dict[str, list[str]] = {}
    for letter, behind in rests.items():
        branches.setdefault(_trie(behind), []).append(letter)
    pattern = "|".join(f"[{''.join(letters)}]{rest}" for rest, letters in branches.items())
    return f"(?:{pattern}){'?' if ends else ''}" if pattern else ""
