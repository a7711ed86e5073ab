"""Text as the bytes of an old site: windows-1258 writes five tone marks apart from their vowels."""

from __future__ import annotations

import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode(text: str, charset: str) -> bytes:
    """`text` in `charset`; what that cannot write becomes a character reference (`&#8211;`).

    In `windows-1258` a letter that stands in no place of its own is written as its base (`ê`) and the tone
    mark behind it.

    >>> encode("Việt", "windows-1258")
    b'Vi\\xea\\xf2t'
    """
    if charset.lower() in {"windows-1258", "cp1258"}:
        text = "".join(_split(letter) for letter in unicodedata.normalize("NFC", text))
    return text.encode(charset, errors="xmlcharrefreplace")


def _split(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in marks if mark in _TONES)
        base = "".join(mark for mark in marks if mark not in _TONES)
        return unicodedata.normalize("NFC", base) + tones
    return letter
