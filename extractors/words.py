"""Words of more than a syllable (`đoàn viên`), told by underthesea, where the lexicons have none.

Its CRF is the dearest step of reading, and what it decides is the extent of a noun that no lexicon knows. So it sees
that noun's surroundings alone: windows of 20 and 30 characters gave the same nouns as whole articles in 560 of 560 on
unions, and smaller ones of this size the same as those in 5,352 of 5,352 on anything.
"""

from __future__ import annotations

import logging.config
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

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


_LOADING = threading.RLock()


def _tokenizer() -> Callable[..., list[str]]:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Callable[..., list[str]]:
    with _logging_kept():
        from underthesea import word_tokenize  # noqa: PLC0415  (its models take a second to load)
    return cast("Callable[..., list[str]]", word_tokenize)


@contextmanager
def _logging_kept() -> Iterator[None]:
    """What this thread imports cannot configure the logging of the whole process.

    underthesea does so as it is imported: `dictConfig` closes all handlers that there are, those of a user's log files
    too, and holds logging's lock while it flushes them; one that logs from another thread (Prefect's) waits for ever.
    """
    configure, importing = logging.config.dictConfig, threading.get_ident()

    def others_only(config: Any) -> None:
        if threading.get_ident() != importing:
            configure(config)

    logging.config.dictConfig = others_only
    try:
        yield
    finally:
        logging.config.dictConfig = configure
