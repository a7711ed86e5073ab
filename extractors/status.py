"""Whether a figure is a result, a target or a standing state: cues with scope, cut at sentence and section bounds.

After ConText (Harkema et al. 2009): a cue opens a scope that ends at a stronger one. A heading rules until the next; a
sentence that begins with the plan's year, or says `đề ra`, rules the rest of its paragraph; within a clause the nearest
cue wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from extractors.segments import Segments
from extractors.sentence_words import SentenceWords
from extractors.sieve import Sieved

Mood = Literal["result", "plan"]

_PLAN_HEADING = re.compile(
    r"(?:phương hướng|nhiệm vụ|mục tiêu|chỉ tiêu|kế hoạch)\b.{0,50}(?:năm|tới|nhiệm kỳ|trọng tâm)|(?:chỉ tiêu|mục tiêu|nhiệm vụ) (?:chủ yếu|trọng tâm|phấn đấu|năm|thi đua)|^phương hướng|^(?:chương trình|công tác|nhiệm vụ)[^.\n]{0,30}(?:(?:6|sáu) tháng cuối|nửa cuối) năm", re.IGNORECASE
)  # fmt: skip
_RESULT_HEADING = re.compile(
    r"kết quả|thành tích|bình xét|khen thưởng|tình hình|đánh giá|tồn tại|hạn chế|kết quả nổi bật",
    re.IGNORECASE,
)
# These open a plan for the rest of the paragraph.
_PLAN_OPEN = Sieved(
    r"(?<!đã )(?<!được )(?<!theo kế hoạch )(?<!chỉ tiêu )(?:đề ra|đặt ra)(?! (?:trong|từ|đầu|hồi|tại))|phấn đấu|(?:đặt|với) (?:ra )?mục tiêu|mục tiêu (?:là|đến|trong|năm)|dự kiến|hướng tới|phương hướng"
    r"|(?:trong )?thời gian sắp tới|chặng đường (?:sắp )?tới|(?:chốt(?: lại)?|thống nhất) (?:các |\d+ )?chỉ tiêu|(?:trong )?(?:thời gian|năm|giai đoạn|nhiệm kỳ) (?:tới|tiếp theo|sau)(?!\s*khi)|các chỉ tiêu (?:chủ yếu|sau|cụ thể|năm|gồm|này)|thông qua (?:các |những )?chỉ tiêu|giao chỉ tiêu|xác định (?:các )?chỉ tiêu"
    r"|chỉ tiêu (?:phấn đấu|cụ thể|thi đua)|chỉ tiêu (?:cho |của )?(?:năm|nhiệm kỳ|giai đoạn) (?:mới|tới)",
    re.IGNORECASE,
)
# One of these stands wherever a plan is opened, here or by `_PLAN_OPENING`.
_PLAN_WORDS = SentenceWords(
    ("đề ra", "đặt ra", "phấn đấu", "mục tiêu", "dự kiến", "hướng tới", "phương hướng", "sắp tới", "chặng đường", "chỉ tiêu",
     "(?:thời gian|năm|giai đoạn|nhiệm kỳ) (?:tới|tiếp theo|sau)", "cuối năm", "nửa năm", "nhiệm vụ trọng tâm")
)  # fmt: skip
_PLAN_LOCAL = Sieved(
    r"(?<!\w)(?:sẽ|dự kiến|phấn đấu|theo kế hoạch|chuẩn bị|cam kết|(?-i:hứa)|(?<!% )dự toán|(?<!với )(?<!vượt )(?<!đạt )(?<!% )kế hoạch giao|giao (?:cho|chỉ tiêu)|giao ước thi đua:|quyết tâm (?:đến|trong|đạt)|(?<!với )(?<!vượt )(?<!đạt )(?<!% )chỉ tiêu giao|kế hoạch (?:tổ chức|trao))(?!\w)",
    re.IGNORECASE,
)
_RESULT_LOCAL = Sieved(
    r"(?<!\w)(?:đã|kết quả|tính đến|đến nay|đạt được|thực hiện được|vừa qua|trong năm qua|hoàn thành và vượt|đạt và vượt|trước đó|cũng trong|dịp này|(?:tại|kết thúc) (?:hội nghị|buổi lễ|đại hội|lễ|chương trình)|nhân dịp này)(?!\w)", re.IGNORECASE
)  # fmt: skip
_PLAN_BEHIND = re.compile(r"[^.;,\d]{0,25}(?<!\w)(?:sẽ|dự kiến)(?!\w)")
# These open a sentence that tells a plan, whatever its paragraph tells; those, one of results.
_PLAN_OPENING = re.compile(
    r"\W*(?:Trong |Về |Bước sang )?(?:6 tháng cuối năm|sáu tháng cuối năm|nửa cuối năm|nửa năm (?:còn lại|cuối|tới)|thời gian tới|năm tới|những tháng cuối năm|từ nay đến cuối năm|(?:các )?chỉ tiêu|mục tiêu|nhiệm vụ trọng tâm)",
    re.IGNORECASE,
)
_RESULT_OPENING = re.compile(
    r"\W*(?:Trong )?(?:[Kk]ết quả|[Đd]ịp này|[Nn]hân dịp|(?:[Tt]ại|[Kk]ết thúc) (?:[Hh]ội nghị|[Đđ]ại hội|buổi lễ|chương trình|lễ)|[Tt]ính đến|[Tt]rước đó|[Qq]ua (?:đánh giá|bình xét)|[Hh]ội nghị (?:cũng )?(?:đã )?(?:bầu|trao))"
)
_BEGINS = frozenset("KkDdĐđNnTtQqHh")
_YEAR_OPENING = re.compile(r"\W*(?:Trong )?[Nn]ăm (?:học )?(\d+)")
_YEAR = re.compile(r"(?:năm(?: học)?|nhiệm kỳ|giai đoạn)\s+(20\d\d)", re.IGNORECASE)
_QUOTED = re.compile(r"[“«][^”»]*[”»]")
_DESCRIBED = Sieved(
    r"(?:tổng kết|sơ kết|đánh giá (?:kết quả|hoạt động))[^.;]{0,140}(?:triển khai|phương hướng|nhiệm vụ)",
    re.IGNORECASE,
)
_ATTAINED = re.compile(
    r"(?:đạt|vượt|hoàn thành)[^.;]{0,60}(?:đề ra|mục tiêu|kế hoạch|chỉ tiêu)", re.IGNORECASE
)
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")


@dataclass(frozen=True, slots=True)
class Moods:
    """The mood of each sentence of a text."""

    segments: Segments
    by_sentence: dict[int, Mood]
    opened: frozenset[int]
    """Sentences that open a plan themselves."""
    late: Mapping[int, int]
    """Sentences whose plan begins behind a semicolon, and its offset: `có 9.760 đoàn viên; năm tới dự kiến …`."""

    _cues: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Where the cues of plan and result stand in the sentences that were asked about, by where these begin."""

    def at(self, start: int, end: int, sentence: tuple[int, int]) -> Mood:
        """The mood of the words `start` to `end`: the nearest cue before them in their sentence, else the sentence's."""
        plan, result = self._nearest(sentence, start)
        behind = self.segments.text[end : end + 36]
        if plan > result or (("sẽ" in behind or "dự kiến" in behind) and _PLAN_BEHIND.match(behind)):
            return "plan"
        if result >= 0 or end <= self.late.get(sentence[0], -1):
            return "result"
        return self.by_sentence.get(sentence[0], "result")

    def own_plan(self, start: int, sentence: tuple[int, int]) -> bool:
        """Whether the `sentence` that holds `start` says itself that it tells a plan, not only its paragraph or section."""
        if sentence[0] in self.opened and start > self.late.get(sentence[0], -1):
            return True
        return self._nearest(sentence, start)[0] >= 0

    def _nearest(self, sentence: tuple[int, int], at: int) -> tuple[int, int]:
        """Where the last cues of plan and of result before `at` end in their sentence; -1 where there is none."""
        first, text = sentence[0], self.segments.text
        cues = self._cues.get(first)
        if cues is None:
            cues = self._cues[first] = _local(text[slice(*sentence)])
        at -= first
        # The cues of the whole sentence are those of its words up to `at`, unless one ends there or goes beyond.
        if not text[first + at - 1].isspace() or any(a < at < b for spans in cues for a, b in spans):
            cues = _local(text[first : first + at])
        elif not (cues[0] or cues[1]):
            return -1, -1
        return _last(cues[0], at), _last(cues[1], at)


def _last(spans: Sequence[tuple[int, int]], at: int) -> int:
    """Where the last of some spans, in order, ends that ends before `at`."""
    return next((b for _, b in reversed(spans) if b <= at), -1) if spans else -1


def _local(words: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the cues of plan and of result stand in `words`."""
    return [m.span() for m in _PLAN_LOCAL.finditer(words)], [m.span() for m in _RESULT_LOCAL.finditer(words)]


def moods(
    segments: Segments, review_year: int | None, plan_label: str | None, *, announced: bool = False
) -> Moods:
    """The mood of every sentence; `review_year` is the year whose results are told, `plan_label` the plan's name;
    an `announced` event has not taken place, so all of it is planned that is not said to be done."""
    text = segments.text
    named = re.compile(re.escape(plan_label), re.IGNORECASE) if plan_label else None
    opening = _PLAN_WORDS.sentences(segments)
    by_sentence: dict[int, Mood] = {}
    opened: set[int] = set()
    late: dict[int, int] = {}
    section: Mood = "plan" if announced else "result"
    mood: Mood = section
    lines, n, paragraph = segments.lines, 0, -1
    for start, end in segments.sentences:
        while n + 1 < len(lines) and lines[n + 1].start <= start:
            n += 1
        line = lines[n]
        if line.kind == "heading":
            words = text[line.start : line.end]
            opens = start in opening or end < line.end
            if (
                _PLAN_HEADING.search(words)
                or _is_plan_year(words, review_year)
                or _told(words, review_year, named, opens=opens) == "plan"
            ):
                section = "plan"
            elif _RESULT_HEADING.search(words) or len(words) > 3:
                section = "result"
            by_sentence[start] = mood = section
            continue
        if line.start != paragraph:
            # A short item goes on with what introduced its list; a long one is a paragraph of its own.
            is_item = line.end - line.start < 220 and (
                text[line.start] in "-+•*" or _NUMBERED.match(text, line.start, line.end) is not None
            )
            if not is_item or paragraph < 0:
                mood = section
            elif section == "plan":
                mood = "plan"
            paragraph = line.start
        told = _told(text[start:end], review_year, named, opens=start in opening)
        if told == "plan":
            opened.add(start)
            for m in re.finditer(";", text[start:end]) if mood == "result" else ():
                if _told(text[start : start + m.start()], review_year, named) == "plan":
                    break
                late[start] = start + m.start()
        by_sentence[start] = mood = told or mood
    return Moods(segments, by_sentence, frozenset(opened), late)


_AHEAD = re.compile(r"(?<!\w)(?:sẽ|dự kiến|theo kế hoạch|chuẩn bị)(?!\w)", re.IGNORECASE)
_PAST = re.compile(r"(?<!\w)(?:đã|vừa|vừa qua|nay|tổng kết|sơ kết)(?!\w)", re.IGNORECASE)


def is_announcement(text: str, lead: Sequence[tuple[int, int]]) -> bool:
    """Whether the lead tells an event to come: `sẽ`, `dự kiến` in its first sentences, and nothing done in them."""
    words = " ".join(text[a:b] for a, b in lead[:2])
    return _AHEAD.search(words) is not None and _PAST.search(words) is None


def _told(
    words: str, review_year: int | None, plan: re.Pattern[str] | None, *, opens: bool = True
) -> Mood | None:
    """The mood that a sentence's own words tell; None where its paragraph's holds.

    `plan` finds the plan's name, `opens` says whether a word that may open a plan stands in the sentence.
    """
    if opens and _PLAN_OPENING.match(words, 0, 75):
        return "plan"
    if _is_plan_year(words[:45], review_year) or (plan and plan.search(words, 0, len(plan.pattern) + 12)):
        return "plan"
    mood: Mood | None = "result" if _of_review(words, review_year) else None
    if not opens:
        return mood
    unquoted = _unquoted(words)
    opened = _PLAN_OPEN.search(unquoted)
    # A conference that `tổng kết năm 2023, triển khai phương hướng năm 2024` is described, no plan is told yet.
    if (
        opened is None
        or _DESCRIBED.search(unquoted)
        or _ATTAINED.search(words[max(0, opened.start() - 60) : opened.end() + 25])
    ):
        return mood
    return "plan"


def _of_review(words: str, review_year: int | None) -> bool:
    """Whether a sentence begins as one of results does, or with the year under review."""
    # Behind signs a word must begin with one of these letters.
    if words[:1].isalpha() and words[0] not in _BEGINS:
        return False
    year = _YEAR_OPENING.match(words) if review_year else None
    return (year is not None and year[1] == str(review_year)) or _RESULT_OPENING.match(words) is not None


def _unquoted(words: str) -> str:
    """`words` with blanks for what is quoted. Behind the last closing sign nothing is, and nothing is sought."""
    last = max(words.rfind("”"), words.rfind("»")) + 1
    return _QUOTED.sub(lambda m: " " * len(m.group()), words[:last]) + words[last:]


def _is_plan_year(words: str, review_year: int | None) -> bool:
    if review_year is None:
        return False
    m = _YEAR.search(words) if "20" in words else None
    return (
        m is not None
        and int(m[1]) > review_year - (1 if "nhiệm kỳ" in m.group().lower() else 0)
        and not re.search(rf"{review_year}(?!\d)", words[: m.start()])
    )
