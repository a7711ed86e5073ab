"""Character classes of the Vietnamese alphabet, to stand inside `[...]` of a pattern.

A range such as `À-Ỹ` holds lower-case letters as well, so the capitals are listed.
"""

import unicodedata

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
