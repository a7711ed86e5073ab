"""A page's bytes as text, whatever charset it says it has."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache

from extractors.repair_encodings import mend_encoding
from extractors.syllables import is_syllable

# The charset a page declares for itself, in its first kilobytes: `<meta charset=…>`, `<?xml encoding="…"?>`.
_DECLARED = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)",
    re.IGNORECASE,
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16, so it is asked first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a page may be written in. Python knows more "encodings" (hex, idna, unicode_escape), which no page means.
_KNOWN = re.compile(
    r"cp(?:125\d|874|932|949|950|437|85\d|866)|iso8859-\d+|koi8-[ru]|gb\w+|big5\w*|euc[_-]\w+|shift_jis\w*|tis-620"
    r"|mac-\w+|utf-16(?:-[lb]e)?|utf-32(?:-[lb]e)?"
)
# A tag, a script or a style: what no reader sees says nothing about the charset.
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>|&#?\w+;", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 40_000
# A share of syllables that no wrong charset reaches; the rest are names and foreign words.
_SURE = 0.9
# Bad bytes among good letters: a page in UTF-8 whose news system cut a summary in the middle of a letter.
_GOOD_FOR_BAD = 5


def decode(data: bytes, content_type: str | None = None) -> str:
    """`data` as text in NFC: by its byte-order mark, as UTF-8 where it is, else as what reads best.

    Best of what the header (`content_type`) and the page declare, then windows-1258 and windows-1252, is the
    first in which the most words with accents are Vietnamese syllables: many pages declare what they are not.

    >>> decode("<p>Công đoàn</p>".encode("utf-16")), decode(b"<p>C\\xf4ng \\xf0o\\xe0n</p>", "text/html; charset=iso-8859-1")
    ('<p>Công đoàn</p>', '<p>Công đoàn</p>')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, errors="replace"))
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _is_wide(data):
        return _clean(data.decode("utf-16-le" if data[1:400:2].count(0) else "utf-16-be", errors="replace"))
    nearly = data.decode("utf-8", errors="replace")
    bad = nearly.count("\ufffd")
    if sum(char > "\x7f" for char in nearly) - bad >= _GOOD_FOR_BAD * bad:
        return _clean(nearly.replace("\ufffd", ""))
    return _clean(_best(data, content_type))


def _clean(text: str) -> str:
    # NUL ends a document for libxml2. Marks of tone behind a letter are one character with it from here on.
    return unicodedata.normalize("NFC", text.replace("\0", ""))


def _is_wide(data: bytes) -> bool:
    """UTF-16 without its mark: of markup in it every second byte is 0."""
    head = data[:400]
    return len(head) >= 8 and max(head[::2].count(0), head[1::2].count(0)) > len(head) * 0.3


def _best(data: bytes, content_type: str | None) -> str:
    header = _HEADER.search(content_type or "")
    page = _DECLARED.search(data[:4096])
    names = [header[1] if header else "", page[1].decode("ascii") if page else "", "cp1258", "cp1252"]
    best, best_share = "cp1258", -1.0
    tried: set[str] = set()
    for name in names:
        encoding = _known(name)
        if encoding is None or encoding in tried:
            continue
        tried.add(encoding)
        share = _vietnamese_share(mend_encoding(_read(data[:_SAMPLE], encoding)))
        if share > best_share:
            best, best_share = encoding, share
        if share > _SURE:
            break
    return mend_encoding(_read(data, best))


def _known(name: str) -> str | None:
    """`x-windows-1258` as `cp1258`; None for what is no charset, or was tried before (UTF-8)."""
    try:
        encoding = codecs.lookup(name.lower().removeprefix("x-")).name if name else ""
    except (LookupError, UnicodeError):
        return None
    # Browsers read both as windows-1252, which has more signs.
    if encoding in {"iso8859-1", "ascii"}:
        return "cp1252"
    return encoding if _KNOWN.fullmatch(encoding) else None


def _read(data: bytes, encoding: str) -> str:
    if encoding.startswith("cp125"):
        return unicodedata.normalize("NFC", data.decode("latin-1").translate(_code_page(encoding)))
    return data.decode(encoding, errors="replace")


@cache
def _code_page(encoding: str) -> dict[int, str]:
    """Code → character; codes that a Windows code page leaves free stay what they are, as in browsers."""
    table = {}
    for code in range(0x80, 0x100):
        shown = bytes([code]).decode(encoding, errors="ignore")
        table[code] = shown or chr(code)
    return table


def _vietnamese_share(text: str) -> float:
    """The share of words with accents that are spelt like Vietnamese syllables; 0 where there are none."""
    seen = unicodedata.normalize("NFC", _UNSEEN.sub(" ", text))
    accented = [word for word in _WORD.findall(seen) if not word.isascii()]
    strays = sum(
        "\u0080" <= char <= "\u009f" or char in "\ufffd\u0300\u0301\u0303\u0309\u0323" for char in seen
    )
    return sum(map(is_syllable, accented)) / (len(accented) + strays) if accented else 0.0
