"""Letters of the Vietnamese alphabet: character classes to stand inside `[...]` of a pattern, and small for capital.

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


def lowered(text: str) -> str:
    r"""`text` in small letters, one for one: an offset in it is the same offset in `text`.

    A pattern of small letters finds here what it finds in `text` with `re.IGNORECASE`, but several times faster: without
    that flag `re` passes over what its first letters cannot be. So the letters that the flag takes for i and s are those.

    >>> lowered("Liên đoàn LAO ĐỘNG"), len(lowered("\u0130")), lowered("\u017fáu")
    ('liên đoàn lao động', 1, 'sáu')
    """
    return text.replace("\u0130", "i").lower().replace("\u0131", "i").replace("\u017f", "s")
