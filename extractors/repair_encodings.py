"""Text that was read in the wrong encoding, put right where the bytes say how.

Two kinds of damage. *Mojibake* is UTF-8 whose bytes were shown one by one as windows-1252, latin-1 or windows-1258:
`CÃ´ng Ä‘oÃ n`. *Fonts' encodings* are from before Unicode, when a font drew `«` as ô: TCVN3 `C«ng ®oµn`, VNI `Coâng
ñoaøn`, and windows-1258 shown as windows-1252 `Công ðoaÌn`. Both are told by pairs of characters that no Vietnamese text
has, and every replacement is looked up, not guessed: sound text comes back as it was. A general library (ftfy, measured:
the tests hold both to the same where both can read) does not know windows-1258, leaves `đoà n` where a page folded the blank
in à, and turns the sound `NGÃ”` into `NGÔ`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from extractors.lexicon.tables import load

# Letters that a text has only if it is in Unicode already.
_MODERN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_WORD = re.compile(r"[^\W\d_]+")


def mend_encoding(text: str) -> str:
    """`text` with its misread passages in Unicode; where nothing is misread, the same text.

    Has to run before soft hyphens, controls and no-break blanks are cleaned away: in misread text they are bytes of
    letters. What lost such a byte already (`Ä` for đ) stays as it is.

    >>> mend_encoding("CÃ´ng Ä‘oÃ\\u00a0n tá»‰nh"), mend_encoding("C«ng ®oµn tØnh"), mend_encoding("LÀ CÔNG ĐOÀN")
    ('Công đoàn tỉnh', 'Công đoàn tỉnh', 'LÀ CÔNG ĐOÀN')
    """
    return _mend_font(_mend_utf8(text))


# --- UTF-8 read byte by byte


def _shown(byte: int, encoding: str) -> str:
    """The character that stands for a byte; browsers show the bytes that windows-125x leaves free as controls."""
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


@cache
def _misread() -> dict[str, str]:
    """What each letter and sign of Vietnamese text looks like when its UTF-8 is misread → the letter."""
    signs = [
        *range(0xA0, 0x100),
        0x102,
        0x103,
        0x110,
        0x111,
        0x128,
        0x129,
        0x168,
        0x169,
        0x1A0,
        0x1A1,
        0x1AF,
        0x1B0,
    ]
    signs += [
        0x300,
        0x301,
        0x303,
        0x309,
        0x323,
        *range(0x1EA0, 0x1EFA),
        *range(0x2010, 0x2040),
        0x20AB,
        0xFEFF,
    ]
    table: dict[str, str] = {}
    for encoding in ("cp1252", "latin-1", "cp1258"):
        for sign in signs:
            table["".join(_shown(byte, encoding) for byte in chr(sign).encode())] = chr(sign)
    return table


@cache
def _misread_groups() -> dict[str, set[str]]:
    """All characters but the last → the last ones: a pattern of few alternatives passes over sound text quickly."""
    groups: dict[str, set[str]] = {}
    for key in _misread():
        groups.setdefault(key[:-1], set()).add(key[-1])
    return groups


@cache
def _misread_pattern() -> re.Pattern[str]:
    """Matches one misread letter."""
    return re.compile(
        "|".join(f"{re.escape(k)}[{re.escape(''.join(sorted(v)))}]" for k, v in _misread_groups().items())
    )


def misread_sign() -> str:
    """A pattern for re2 of what no misread text is without, in any of the encodings."""

    def listed(signs: Iterable[str]) -> str:
        return "".join(f"\\x{{{ord(sign):x}}}" for sign in sorted(signs))

    pairs = [f"{listed(k)}[{listed(v)}]" for k, v in _misread_groups().items()]
    return "|".join([*pairs, *_FONT_PAIRS])


# In sound text, capital Ã, Ă and Â stand before quotes, dots and dashes (`TRI ÂN”`, `VỮNG VÀNG ĐÃ…`) and are no proof.
_NO_PROOF = re.compile("[ÃĂÂ][\u00a0\u00ad–—‘’“”„…•«»·]")
# à is C3 A0, and A0 is a blank: most pages make it a plain one and fold it with the blank behind the word. It is the letter's
# own where a blank, a stop or a closing quote follows, or letters that only end a syllable (`hoÃ n`, but `lÃ ngÆ°á»i`).
_OWN_BLANK = re.compile(
    '[ÃĂ] (?=$|[ .,;:!?)”"…]|â(?:€(?![œ˜])|\u0080(?![\u009c\u0098]))|(?:ng|nh|n|m|i|o|u|y)(?![^\\W\\d_]|[ÂÃĂáâ][\u0080-\uffff]))'
)
_FOLDED_BLANK = re.compile("[ÃĂ] ")


def _mend_utf8(text: str) -> str:
    if not any(_is_proof(m) for m in _misread_pattern().finditer(text)):
        return text
    return "\n".join(_mend_line(line) for line in text.split("\n"))


def _is_proof(match: re.Match[str]) -> bool:
    return not _NO_PROOF.fullmatch(match[0])


def _mend_line(line: str) -> str:
    pattern, table = _misread_pattern(), _misread()
    # A capital line of a damaged page may be sound: `ĐÃ HOÀN THÀNH` is changed only beside proof.
    if not any(_is_proof(m) for m in pattern.finditer(line)):
        return line
    # Misread twice, the blank is one of two bytes; misread once, a no-break blank has a letter before it.
    line = line.replace("ÃƒÂ ", "Ã\u00a0").replace("Â ", "\u00a0")
    line = _FOLDED_BLANK.sub("à ", _OWN_BLANK.sub("à", line))
    return pattern.sub(lambda m: table[m[0]], line)


# --- Encodings of fonts, and windows-1258 read as windows-1252


@cache
def _font_table(encoding: str) -> dict[str, str]:
    rows = [row for row in load("encodings") if row["encoding"] == encoding]
    return {bytes.fromhex(row["codes"]).decode("latin-1"): row["letter"] for row in rows}


@cache
def _font_pattern(encoding: str) -> re.Pattern[str]:
    codes = sorted(_font_table(encoding), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, codes)))


def _from_table(encoding: str) -> Callable[[str], str]:
    def convert(line: str) -> str:
        return _font_pattern(encoding).sub(lambda m: _font_table(encoding)[m[0]], line)

    return convert


# windows-1258 has marks of tone as characters of their own, where windows-1252 has letters.
_1258 = str.maketrans("ÃÌÐÒÕÝÞãìðòõýþ", "Ă\u0300Đ\u0309ƠƯ\u0303ă\u0301đ\u0323ơư₫")


def _from_1258(line: str) -> str:
    return line.translate(_1258)


# Pairs that no text in Unicode has: a sign inside a word; a vowel with another's mark; a capital mark behind a small vowel. A
# class of all second characters stands first, what pairs they make in look-behinds: sound text is then passed over quickly.
_FONTS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (
        re.compile(
            r"[µ¶·¸¹¨»¼½¾©ª«¬\u00ad®×÷§¢¤¥¦ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞ]"
            r"(?:(?<=[a-zA-Z][µ¶·¸¹¨»¼½¾©ª«¬\u00ad®×÷])|(?<=[©ª«¬®§¢¤¥¦])(?=[a-zß-ÿ])|(?<=[®«ª©¬][µ¶·¸¹])"
            r"|(?<=[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞ]))"
        ),
        _from_table("tcvn3"),
    ),
    (
        re.compile(
            r"[ûïåäøëüùõêéèúâáàãñôÛÏÅÄØËÜÙÕÊÉÈÚÂÁÀÃÑÔ]"
            r"(?:(?<=[aeouyôöAEOUYÔÖ][ûïåäøëüÛÏÅÄØËÜ])|(?<=[aeyôöAEYÔÖ][ùõÙÕ])|(?<=[aA][êéèúÊÉÈÚ])|(?<=[aeoAEO][âÂ])"
            r"|(?<=[aeAE][áàãÁÀÃ])|(?<=[ñÑ])(?<![a-zA-Z].)(?=[aeiouyôöæíìóòAEIOUYÔÖÆÍÌÓÒ])|(?<=[öÖ][ôÔ]))"
        ),
        _from_table("vni"),
    ),
    (
        re.compile(
            r"[ÌÒÞìòðÐ]"
            r"(?:(?<=[a-zâêôõý][ÌÒÞ])|(?<=[aâeêôõý][ìò])|(?<=[ðÐ])(?<![a-z].)(?=[aeiouyâêôõý]+[ÌÒÞìò]))"
        ),
        _from_1258,
    ),
)

# The same pairs without what stands around them.
_FONT_PAIRS = (
    "[a-zA-Z][µ¶·¸¹¨»¼½¾©ª«¬\u00ad®×÷]|[©ª«¬®§¢¤¥¦][a-zß-ÿ]|[®«ª©¬][µ¶·¸¹]|[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞ]",
    "[aeouyôöAEOUYÔÖ][ûïåäøëüÛÏÅÄØËÜ]|[aeyôöAEYÔÖ][ùõÙÕ]|[aA][êéèúÊÉÈÚ]|[aeoAEO][âÂ]|[aeAE][áàãÁÀÃ]",
    "[ñÑ][aeiouyôöæíìóòAEIOUYÔÖÆÍÌÓÒ]|[öÖ][ôÔ]",
    "[a-zâêôõý][ÌÒÞ]|[aâeêôõý][ìò]|[ðÐ][aeiouyâêôõý]+[ÌÒÞìò]",
)


def _mend_font(text: str) -> str:
    """All lines of one font's encoding, if together they show it at least three times and in every fifth word.

    A stray letter in Unicode (a site's own heading set into the line) does not make a line sound; several do.
    """
    if not any(sign.search(text) for sign, _ in _FONTS):
        return text
    lines = text.split("\n")
    best: tuple[int, list[int], Callable[[str], str]] | None = None
    for sign, convert in _FONTS:
        found = {
            i: n
            for i, line in enumerate(lines)
            if (n := len(sign.findall(line))) and 5 * len(_MODERN.findall(line)) < n
        }
        shown, words = sum(found.values()), sum(len(_WORD.findall(lines[i])) for i in found)
        if shown >= 3 and shown * 5 >= words and (best is None or shown > best[0]):
            best = (shown, list(found), convert)
    if best is None:
        return text
    for i in best[1]:
        lines[i] = best[2](lines[i])
    return "\n".join(lines)
