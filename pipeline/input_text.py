"""Bytes that should be UTF-8 text, and what is said where they are not."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")

# What people pass by mistake, by the bytes it begins with.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "a Word or Excel file"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x89PNG", "an image"),
)


class UnreadableError(Exception):
    """What is wrong with one input and what to do, in one line, without its place."""


def decode(data: bytes) -> str:
    """UTF-8 text, with or without a byte-order mark; anything else raises and says what it looks like.

    >>> decode(b"\\xef\\xbb\\xbfC\\xc3\\xb4ng \\xc4\\x91o\\xc3\\xa0n")
    'Công đoàn'
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadableError(f"{name}, not text: save it as text or HTML first")
    if data.startswith(UTF16):
        raise UnreadableError("UTF-16, not UTF-8: convert it with `iconv -f UTF-16 -t UTF-8`")
    if b"\0" in data:
        raise UnreadableError("a binary file, not text: give text, HTML, WARC or JSON Lines")
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"in line {line}" if b"\n" in data.rstrip() else f"at byte {error.start + 1}"
        raise UnreadableError(
            f"not UTF-8 (byte 0x{data[error.start]:02x} {place}): "
            "convert it, for an old page with `iconv -f WINDOWS-1258 -t UTF-8`"
        ) from None
