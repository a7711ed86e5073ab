"""Words of more than a syllable (`đoàn viên`), told by underthesea, where the lexicons have none.

Its CRF is the dearest step of reading, and what it decides is the extent of a noun that no lexicon knows. So it sees
that noun's surroundings alone: windows of 20 and 30 characters gave the same nouns as whole articles in 560 of 560 on
unions, and smaller ones of this size the same as those in 5,352 of 5,352 on anything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec, module_from_spec
from threading import RLock
from typing import cast

from extractors.stand_ins import standing_in

_BEFORE, _AFTER = 12, 26
# No syllable is longer: where no blank comes for so long, one is cut.
_LONGEST = 200


def word_end(text: str, at: int) -> int | None:
    """The end offset of the word of `text` that holds the offset `at`; None where underthesea's words do not fit the text.

    `text` is NFC: in other forms its words are no slices of the text. A word never crosses a line.

    >>> text = "trao 12 con giống cho đoàn viên"
    >>> text[8:word_end(text, 8)], text[22:word_end(text, 22)]
    ('con giống', 'đoàn viên')
    """
    first = max(0, at - _BEFORE)
    if first:
        # Not in the middle of a syllable.
        back = max(0, first - _LONGEST)
        blank = max(text.rfind(" ", back, first), text.rfind("\n", back, first))
        first = blank + 1 if blank >= 0 or back == 0 else first
    furthest = min(at + _AFTER + _LONGEST, len(text))
    last = text.find(" ", at + _AFTER, furthest)
    last = last if last >= 0 else furthest
    position = first
    for token in _tokenizer()(text[first:last], use_token_normalize=False):
        start = end = position
        for n, syllable in enumerate(token.split()):
            found = text.find(syllable, end, last)
            if found < 0 or text[end:found].strip():
                return None
            if n and "\n" in text[end:found] and at < found:
                return end
            start = found if n == 0 or "\n" in text[end:found] else start
            end = found + len(syllable)
        if start <= at < end:
            return end
        position = end
    return None


_LOADING = RLock()


def _tokenizer() -> Callable[..., list[str]]:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Callable[..., list[str]]:
    """underthesea's tokenizer, without the rest of the package.

    That would take as long again to load, and configures the logging of the whole process: it closes all handlers that
    there are, a user's log files too, and waits for ever for one that logs from another thread as it is flushed (Prefect's).
    """
    spec = find_spec("underthesea")
    assert spec is not None
    with standing_in(module_from_spec(spec)):
        import underthesea.pipeline.text_normalize  # noqa: F401, PLC0415  (first: it and the next import each other)
        from underthesea.pipeline.word_tokenize import word_tokenize  # noqa: PLC0415

        word_tokenize("đoàn viên")  # which loads the model, and what that needs of the package
    return cast("Callable[..., list[str]]", word_tokenize)
