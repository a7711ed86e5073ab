"""Whether a person who is named with an office acts in it: whoever is helped, honoured or bereaved is nobody to record.

An office may be told of one who is ill (`Chị Lê Thị Hồng, Uỷ viên BCH CĐCS, nhận quà Tết`), and may be that of the giver
beside the name of who is given something (`Chủ tịch LĐLĐ huyện thăm chị Nguyễn Thị Đào`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extractors.lexicon.tables import load
from extractors.places import province
from extractors.unit_mention import UnitMention

Span = tuple[int, int]

# `Ban Chấp hành` before a name is a body, which nobody is; behind one it is where he works (`ông A, Ban Chính sách`).
_BOARD = re.compile(r"[Bb]an\b")
_QUOTE = re.compile(r"[\"“”]")
_CLOSE = 30  # characters before a name that may say whose it is
_SAID = (
    120  # characters from an office on in which it is told of its holder; what comes later is told of others
)


@cache
def _cues(side: str, form: str) -> re.Pattern[str]:
    words = "|".join(row["pattern"] for row in load("acting") if row["side"] == side)
    return re.compile(form.format(rf"(?:{words})"))


def acts(text: str, office: Span, name: Span, stop: int) -> bool:
    """Whether the holder of `office` is the one named at `name`, and acts; `stop` is where the sentence ends.

    >>> told = "Chủ tịch LĐLĐ huyện thăm chị Nguyễn Thị Đào, đang điều trị ung thư."
    >>> acts(told, (0, 24), (29, 43), len(told))
    False
    """
    if office[0] < name[0]:
        return _is_of(text[office[0] : name[0]]) and not _is_in_need(text[name[1] : stop])
    before = text[max(0, name[0] - _CLOSE) : name[0]]
    # A capital begins a sentence (`… của người lao động Ông …`), and a comrade is one in office (`giao nhiệm vụ cho đồng chí`).
    if _cues("apart", r"(?<!\w){}\s+(?:ông|bà|anh|chị|cô|thầy)\s+$").search(before):
        return False
    return not _is_in_need(text[office[0] : stop])


def office_alone(words: str) -> str:
    """The office at the beginning of `words`, without what its holder does, which may name others.

    >>> office_alone("Hiệu trưởng trường Long Hoà xác nhận có việc em Thọ bị ngã")
    'Hiệu trưởng trường Long Hoà'
    """
    return _cues("ends", r",?\s+{}(?!\w)").split(words, maxsplit=1)[0]


def is_no_name(text: str, name: Span, units: Sequence[UnitMention]) -> bool:
    """Whether the words at `name` are a place's, or a part of what a school, a prize or a union is called."""
    if any(unit.start < name[0] and name[1] <= unit.end for unit in units):
        return True
    words = text[slice(*name)]
    before = text[max(0, name[0] - _CLOSE) : name[0]]
    # `Chủ tịch UBND huyện Phạm Văn Trí` names a person behind the place, `huyện Quảng Trạch` the place alone.
    is_short = len(words.split()) == 2
    return (
        province(words) is not None
        or _cues("school", r"(?<!\w){}\s+$").search(before) is not None
        or (is_short and _cues("place", r"(?<!\w){}\s+$").search(before) is not None)
    )


def _is_of(words: str) -> bool:
    """Whether a name behind `words`, which begin with an office, is that of its holder."""
    if _BOARD.match(words) or _QUOTE.search(words):
        return False
    title = _cues("title", r"(?<!\w){}\s+$").search(words)
    if title is not None:
        return _cues("own", r"(?<!\w){}\s+$").search(words[: title.start()]) is not None
    return _cues("between", r"(?<!\w){}(?!\w)").search(words) is None


def _is_in_need(words: str) -> bool:
    """Whether of what is said there first is that somebody is in need, and not what somebody does."""
    helped = _cues("helped", r"(?<!\w){}(?!\w)").search(words[:_SAID])
    if helped is None:
        return False
    acting = _cues("acts", r"(?<!\w){}(?!\w)").search(words)
    return acting is None or helped.start() < acting.start()
