"""Words that a page took apart: `t hi đua`, `cô ng đoàn`, `C ông đoàn`, `ông đoàn` at the head of a line.

A Vietnamese syllable is an onset, a rime and a tone, and few letters together make one. So a piece that is none beside a
neighbour with which it is one was cut off from it; no list of words is needed, and sound text is left in peace.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import re2

from extractors.letters import LOWER, UPPER
from extractors.lexicon.tables import load
from extractors.sieve import Signs
from extractors.syllables import TONES, is_syllable, only_syllables

# A piece of consonants before a blank and the rest of its word. Units of measure, points of a law and formulas also have
# such letters: they follow a number or the name of what they letter.
_ONSET = rf"(b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|ph|q|qu|r|s|t|th|tr|v|x) ([{LOWER}]+)"
_ONSET_APART = re.compile(rf"(?<![\w.,/’'&+-]){_ONSET}(?!\w)")
_CODA = rf"([{LOWER}]{{2,6}}) (ng|nh|ch|n|m|t|c|p)"
_CODA_APART = re.compile(rf"(?<![\w.,/’'-]){_CODA}(?![\w/’'.-])")
_LETTERED = re.compile(
    r"(?:\d|(?<!\w)(?:điểm|khoản|mục|tiết|nhóm|loại|hạng|khối|lớp|hình|bảng|cột|vitamin|số|chữ|âm|phần|tổ|câu|biến|[a-zđ]))[ ,]*$|[’'] $",
    re.IGNORECASE,
)
_TITLE = r"(?:P GS|T hS|T S\.)"
_TITLES_APART = re.compile(rf"\b{_TITLE}(?!\w)")
# Letters that were lost: a question mark or the replacement mark inside words, bytes of misread letters.
_LOST = re.compile(rf"[{LOWER}][?\ufffd](?=[{LOWER}])| \?(?=[{LOWER}]{{2}})|\ufffd")
_RESIDUE = re.compile(r"á[º»](?=[a-zA-Z\u0080-\u00bf])|Ä[‘\u0090\u0091ƒ]|Æ[°¡]|[a-z]Ã[\u00a1-\u00bf]|â€")


def broken_words(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of words in normalised `text` that are taken apart or have lost letters; nothing for sound text.

    >>> [s for s in broken_words("phong trào t hi đua, đoạn đường 5 m ở cổng")]
    [(11, 15)]
    """
    signs = _signs().found(text)
    if "apart" in signs:
        yield from _taken_apart(text)
    if text.count("?") + text.count("\ufffd") >= 3:
        lost = [match.span() for match in _LOST.finditer(text)]
        # One may be an address (`?id=`) or a reader's doubt.
        yield from lost if len(lost) >= 3 else []
    yield from _rime_apart(text)
    together = list(_run_together(text)) if "toned" in signs else []
    # One is a slip of the keyboard, several are a page that lost its blanks.
    yield from together if len(together) >= 3 else []
    if "first" in signs:
        yield from (match.span() for match in _lost_first().finditer(text))


@cache
def _signs() -> Signs:
    """What sound text has none of; without what stands around them, which decides."""
    apart = rf"(?:^|[^{LOWER}{UPPER}0-9_.,/’'&+-]){_ONSET}|{_CODA}(?:$|[^{LOWER}{UPPER}0-9_/’'.-])|{_TITLE}"
    residue = r"á[º»]|Ä[‘\x{90}\x{91}ƒ]|Æ[°¡]|Ã[\x{a1}-\x{bf}]|â€"
    first = "|".join(re2.escape(word[1:]) for word, _ in _openers(True))
    return Signs(
        apart=f"{apart}|{residue}",
        toned=rf"[{_TONED}][{LOWER}]*[{_TONED}]",
        first=rf"(?m)^[ “\"(]*(?:{first})",
    )


def _taken_apart(text: str) -> Iterator[tuple[int, int]]:
    for match in _ONSET_APART.finditer(text):
        if is_syllable(match[1] + match[2]) and not _LETTERED.search(
            text, max(0, match.start() - 10), match.start()
        ):
            yield match.span()
    for match in _CODA_APART.finditer(text):
        if is_syllable(match[1] + match[2]) and not is_syllable(match[2]):
            yield match.span()
    for pattern in (_TITLES_APART, _RESIDUE):
        yield from (match.span() for match in pattern.finditer(text))


_MARKED_WORD = re.compile(rf"(?<![\w-])[{LOWER}]+(?![\w-])")


# A page that fell to pieces has some dozen kinds; more are another language.
_MOST_PIECES = 300
_WORD_BEFORE = re.compile(rf"(?<![\w-])([{LOWER}]+) $")
_WORD_BEHIND = re.compile(rf" ([{LOWER}]+)(?![\w-])")
# The longest syllable has seven letters (`nghiêng`).
_REACH = 8


def _rime_apart(text: str) -> Iterator[tuple[int, int]]:
    """`ngườ i`, `hoạ t động`, `chu yên`: a small piece with marks that is no syllable, mended by its neighbour."""
    if only_syllables(text):
        return
    pieces = [
        word
        for word in set(_MARKED_WORD.findall(text))
        if 1 < len(word) < 7 and not word.isascii() and not is_syllable(word)
    ]
    if not pieces:
        return
    for match in re.finditer(rf"(?<![\w-])(?:{'|'.join(sorted(pieces)[:_MOST_PIECES])})(?![\w-])", text):
        start, end = match.span()
        before = _WORD_BEFORE.search(text, max(0, start - _REACH), start)
        after = _WORD_BEHIND.match(text, end)
        if (after and is_syllable(match[0] + after[1])) or (before and is_syllable(before[1] + match[0])):
            yield (before.start() if before else start), (after.end() if after else end)


def _has_tone(word: str) -> bool:
    return any(mark in TONES for mark in unicodedata.normalize("NFD", word))


_TONED = "".join(letter for letter in LOWER if _has_tone(letter))
_LONG_WORD = re.compile(rf"(?<![\w-])[{LOWER}]{{5,14}}(?![\w-])")


def _run_together(text: str) -> Iterator[tuple[int, int]]:
    """`đượcsự`, `khálớn`: two syllables in one, each with a tone. Loans (`bêtông`, `vắcxin`) have one tone or none."""
    for match in _LONG_WORD.finditer(text):
        word = match[0]
        if word.isascii() or is_syllable(word):
            continue
        halves = ((word[:i], word[i:]) for i in range(2, len(word) - 1))
        if any(is_syllable(a) and is_syllable(b) and _has_tone(a) and _has_tone(b) for a, b in halves):
            yield match.span()


@cache
def _openers(lost_only: bool) -> list[tuple[str, str]]:
    """Opening words with a pattern of what follows them."""
    follows = {"": r"\b", "digit": r" \d"}
    return [
        (row["word"], follows.get(row["next"], rf" {row['next']}\b"))
        for row in load("openers")
        if row["lost"] == "yes" or not lost_only
    ]


@cache
def _lost_first() -> re.Pattern[str]:
    rests = [f"{word[1:]}{after}" for word, after in _openers(True)]
    # `ông đoàn trưởng` is a man and his office.
    return re.compile(rf"(?m)^[ “\"(]*(?:{'|'.join(rests)})(?! (?:trưởng|phó)\b)")


@cache
def apart_opener() -> re.Pattern[str]:
    """Matches the first letter of a report's opening word and the blank behind it: `C ` of `C ông đoàn` (group 1 the letter)."""
    words = [f"(?<={word[0]} ){word[1:]}{after}" for word, after in _openers(False)]
    return re.compile(
        rf"(?m)^([{''.join(sorted({w[0] for w, _ in _openers(False)}))}]) (?={'|'.join(words)})"
    )
