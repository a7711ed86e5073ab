"""Unicode, fixed once: every offset anywhere in the project counts in the text that `normalise` returns."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, zero-width marks and byte-order marks stand inside words on real pages and split them.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_NEWLINES = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
# Half a character: no text can hold it, and no file could be written with it.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Control characters carry no text and would reach the reader's terminal.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")


# A drop cap that the page sets in an element of its own: `C`, a newline, `ông đoàn`.
_DROP_CAP = re.compile(
    "(?m)^[ ]*([B-DĐGHKLMNPQRSTVX])[ ]*\n+[ ]*(?=[a-zđàáảãạăâèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]{2})"
)


def join_drop_caps(text: str) -> str:
    """Normalised `text` with first letters that stand on a line of their own put back to their words.

    >>> join_drop_caps("tại Thái Nguyên\\nC\\nông đoàn ngành tổ chức")
    'tại Thái Nguyên\\nCông đoàn ngành tổ chức'
    """
    return _DROP_CAP.sub(r"\1", text)


def normalise(text: str) -> str:
    """`text` in NFC, lines ended by LF, one kind of blank, nothing invisible; Icelandic Ð (U+00D0) as Đ.

    >>> normalise("Ðoa\u0300n vie\u0302n")
    'Đoàn viên'
    """
    text = _NEWLINES.sub("\n", _SURROGATE.sub("\ufffd", text))
    text = _CONTROL.sub("", _BLANKS.sub(" ", _INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", text.replace("\u00d0", "\u0110"))
