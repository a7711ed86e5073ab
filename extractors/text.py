"""Unicode, fixed once: every offset anywhere in the project counts in the text that `normalise` returns."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import re2

from extractors.letters import LOWER, UPPER
from extractors.repair_encodings import mend_encoding, misread_sign
from extractors.repair_words import apart_opener
from extractors.syllables import is_syllable

# Soft hyphens, zero-width and direction marks, byte-order marks, variation selectors and empty fillers stand inside words
# on real pages and split them.
_INVISIBLE_CHARS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NEWLINE_CHARS = "\u0085\u2028\u2029\x0b\x0c"
_BLANK_CHARS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t"
# Half a character: no text can hold it, and no file could be written with it.
_SURROGATE_CHARS = "\ud800-\udfff"
# Control characters carry no text and would reach the reader's terminal.
_CONTROL_CHARS = "\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f"
_INVISIBLE = re.compile(f"[{_INVISIBLE_CHARS}]")
_NEWLINES = re.compile(f"\r\n?|[{_NEWLINE_CHARS}]")
_BLANKS = re.compile(f"[{_BLANK_CHARS}]")
_SURROGATE = re.compile(f"[{_SURROGATE_CHARS}]")
_CONTROL = re.compile(f"[{_CONTROL_CHARS}]")
# A tone typed before the circumflex or breve: `a`, acute, circumflex is no letter, `a`, circumflex, acute is ấ.
_TONE_FIRST = re.compile("([A-Za-z]\u0323?)([\u0300\u0301\u0303\u0309])([\u0302\u0306])")
_STRAY_QUALITY = re.compile("[\u0302\u0306]")
# Fonts and windows-1258 pages have Icelandic ð and African Ɖ where đ and Đ belong. Ð is never Icelandic in Vietnamese text, ð
# is inside a name (`Sigurðsson`), never at the head of a word.
_CAPITAL_D = str.maketrans("\u00d0\u0189", "\u0110\u0110")
_SMALL_D = re.compile("ð(?<![^\\W\\d_]ð)")


@cache
def _unsound() -> Any:
    """All that `mend_encoding` and `_fix_characters` change in text that is NFC already: re2 passes sound text in one look."""
    characters = f"{_INVISIBLE_CHARS}{_NEWLINE_CHARS}\r{_BLANK_CHARS}{_CONTROL_CHARS}\u0302\u0306ÐƉð"
    listed = "".join(c if c == "-" else f"\\x{{{ord(c):x}}}" for c in characters)
    return re2.compile(f"[{listed}]|{misread_sign()}")


def _is_sound(text: str) -> bool:
    try:
        coded = text.encode()
    except UnicodeEncodeError:  # half characters
        return False
    return unicodedata.is_normalized("NFC", text) and not _unsound().search(coded)


# Rounds until nothing is left to mend: misread text that was misread again takes two. The bound only guards against loops.
_ROUNDS = 8


def normalise(text: str) -> str:
    """`text` in NFC, lines ended by LF, one kind of blank, nothing invisible, misread encodings mended.

    Of any text, also one with half characters in it. Idempotent; text that is sound already comes back unchanged.

    >>> normalise("Ðoa\u0300n vie\u0302n"), normalise("CÃ´ng Ä‘oÃ n cÆ¡ sá»Ÿ")
    ('Đoàn viên', 'Công đoàn cơ sở')
    """
    return _normalise(text)[0]


def mended(text: str) -> tuple[str, bool]:
    """The raw `text` as it is read: what `normalise` and `join_drop_caps` make of it; and whether they put words together
    again, not only its Unicode form.

    >>> mended("CÃ´ng Ä‘oÃ n"), mended("Ðoa\u0300n vie\u0302n\\r\\n")
    (('Công đoàn', True), ('Đoàn viên\\n', False))
    """
    plain, was_misread = _normalise(text)
    whole = join_drop_caps(plain)
    return whole, was_misread or whole != plain


def _normalise(text: str) -> tuple[str, bool]:
    if _is_sound(text):
        return text, False
    mended = False
    for _ in range(_ROUNDS):
        readable = mend_encoding(text)
        mended = mended or readable != text
        fixed = _fix_characters(readable)
        if fixed == text:
            break
        text = fixed
    return text, mended


def _fix_characters(text: str) -> str:
    if _SURROGATE.search(text):
        # Two halves side by side are one character, as JavaScript wrote it.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _NEWLINES.sub("\n", text)
    text = _CONTROL.sub("", _BLANKS.sub(" ", _INVISIBLE.sub("", text)))
    text = unicodedata.normalize("NFC", text.translate(_CAPITAL_D) if "Ð" in text or "Ɖ" in text else text)
    if _STRAY_QUALITY.search(text):
        text = unicodedata.normalize("NFC", _TONE_FIRST.sub(r"\1\3\2", unicodedata.normalize("NFD", text)))
    return _SMALL_D.sub("đ", text)


# A first letter that the page sets in an element of its own: `C`, a newline, `ông đoàn`; blank lines may stand between.
_DROP_CAP = re.compile(rf"(?m)^ *([B-DĐGHK-NP-TVXAĂÂEÊIOÔƠUƯYÁẤẨÔỦỞ]) *\n[ \n]*([{LOWER}]{{1,6}})(?![\w-])")


# What both kinds of letters that stand apart have in common.
_LETTER_APART = re.compile(rf"\n *[{UPPER}] *[ \n]")


def join_drop_caps(text: str) -> str:
    """Normalised `text` with first letters that stand apart put back to their words.

    A letter on a line of its own is joined where letter and rest are a syllable and the rest needs it: `C`, `ông`. On the
    same line only before the words that open reports: `C ông đoàn`, but never `H cho biết`.

    >>> join_drop_caps("tại Thái Nguyên\\nC\\nông đoàn ngành tổ chức"), join_drop_caps("L iên đoàn Lao động")
    ('tại Thái Nguyên\\nCông đoàn ngành tổ chức', 'Liên đoàn Lao động')
    """
    if not _LETTER_APART.search("\n" + text):
        return text
    return apart_opener().sub(r"\1", _DROP_CAP.sub(_joined, text))


def _joined(match: re.Match[str]) -> str:
    letter, rest = match.groups()
    # A vowel is also a list's letter (`A`, `nội dung`): it belongs to what is no syllable without it (`Ô`, `ng`).
    fits = is_syllable(letter + rest) and (letter not in "AĂÂEÊIOÔƠUƯY" or not is_syllable(rest))
    return letter + rest if fits else match[0]


# Shorter lines are said twice on purpose: headings, names, captions.
_DOUBLED_MIN = 60


def doubled_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the second and later copies of a line of 60 characters or more; blanks, case and end stop do not matter.

    >>> doubled_spans("Ngày hội thu hút đông đảo công nhân ba nhà máy tham dự tại Vinh.\\n" * 2)
    [(65, 129)]
    """
    by_head: dict[str, list[tuple[int, str]]] = {}
    for match in _LINE.finditer(text):
        line = match[0].rstrip()
        if len(line) >= _DOUBLED_MIN:
            # Few lines begin with the same word: the others need not be compared.
            by_head.setdefault(line.split(None, 1)[0].casefold().rstrip("./…"), []).append(
                (match.start(), line)
            )
    found: list[tuple[int, int]] = []
    for lines in by_head.values():
        seen: set[str] = set()
        for start, line in lines if len(lines) > 1 else ():
            key = " ".join(line.casefold().split()).rstrip(" ./…")
            if key in seen:
                found.append((start, start + len(line)))
            seen.add(key)
    return sorted(found)


_LINE = re.compile(r"\S[^\n]*")
