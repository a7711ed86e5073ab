"""Pieces of a page's text in the form that the dataset keeps."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from extractors.text import normalise

# Whatever ends a line or blanks it in the source of a page. No-break blanks stay for now: in misread text they are letters.
_ENDS = re.compile("[\r\n\t\x0b\x0c\u2028\u2029]+")
# Escaped twice, as `&amp;nbsp;`: the parser has undone it once.
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|nbsp|quot|amp|lt|gt|[a-z]{1,2}(?:acute|grave|circ|tilde|uml)|[lr][sd]quo|hellip|[nm]dash);", re.IGNORECASE)  # fmt: skip
# Numbers 128 to 159 name signs of windows-1252 in HTML, such as 150 the dash.
_C1 = re.compile("[\x80-\x9f]")


def clean_all(texts: Sequence[str | None]) -> list[str | None]:
    """Each of `texts` as one line, NFC, misread encodings mended; None where nothing is left.

    All at once, because a text of a few words does not show alone that it was written for an old font.

    >>> clean_all(["Công\\n  đoàn&nbsp;", "CÃ´ng Ä‘oÃ n", " "])
    ['Công đoàn', 'Công đoàn', None]
    """
    lines = [_one_line(text) if text else "" for text in texts]
    cleaned = normalise("\n".join(lines)).split("\n")
    if len(cleaned) != len(lines):  # a misread line end came to light
        cleaned = [normalise(line) for line in lines]
    return [" ".join(line.split()) or None for line in cleaned]


def _one_line(text: str) -> str:
    text = _ENDS.sub(" ", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return _ENDS.sub(" ", _C1.sub(_shown, text))


def _shown(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("cp1252")
    except UnicodeDecodeError:
        return match[0]
