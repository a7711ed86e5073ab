"""Days with their month: alone, in ranges and in lists.

`14/12` is a date, a part of a whole, a score, a street or a class. Beside a year it is a date; without one it takes a
strong cue (`ngày`, `sáng`), or a weak one or none with something behind it that may follow a date.
"""

from __future__ import annotations

import re
from datetime import date

from extractors.calendar import add_months, day_of, word_number
from extractors.date_spans import (
    AFTER_DATE,
    LEFT,
    MONTH,
    NUMBER_WORDS,
    RIGHT,
    SEP,
    TO,
    WORD_NUMBER,
    B,
    D,
    DateSpan,
    Found,
    M,
    O,
    Rules,
    Y,
    days,
    number_of,
    offsets_of,
    step_of,
)

DAYS = Rules()

# Where a day with or without its cue may begin: a quick look saves most attempts.
_AT = r"(?:(?<!\w)(?=[\dnsctđmhvlq])|(?=\())"
_GAP = r"[\s,(]{0,4}"
_STRONG = (
    rf"(?<!\w)(?:(?:ngày|sáng|chiều|tối|trưa|đêm|mùng|mồng|hôm|chủ{B}nhật|cuối{B}tuần)(?:{B}(?:nay|qua|mai))?"
    rf"{_GAP}(?:(?:ngày|mùng|mồng){_GAP}){{0,2}})"
)
_WEAK = rf"(?:(?<!\w)(?:từ|đến|tới|hết|vào|lúc|dịp|lễ|Quốc{B}khánh|thứ{B}(?:hai|ba|tư|năm|sáu|bảy|[2-7]))[\s,(]{{1,4}}|\()"
# The words that these cues begin with; a bare day begins with its digits.
_STRONG_CUES = "ngày sáng chiều tối trưa đêm mùng mồng hôm chủ cuối"
_CUES = f"{_STRONG_CUES} từ đến tới hết vào lúc dịp lễ quốc thứ"
_AND = rf"(?:,{B}|{B}(?:và|&){B})(?:ngày{B})?"
_YEAR = rf"(?:,?{B}năm{B})"


def _day(n: str, right: str = RIGHT) -> str:
    """A day with its month, digits or words, and perhaps its year (else `right` follows); the groups end in `n`."""
    return (
        rf"(?P<d{n}>{D})(?:{SEP}(?P<m{n}>{M})(?:(?:{SEP}|{_YEAR})(?P<y{n}>{Y})|{right})"
        rf"|{B}tháng{B}(?P<w{n}>{MONTH})(?!{B}âm{B}lịch)(?:(?:{_YEAR}|\s?[/-]\s?)(?P<z{n}>{Y}))?)"
    )


def _read(m: re.Match[str], n: str) -> tuple[int, int | None, int | None]:
    """(day, month, year) of the day numbered `n`; month and year None where they are not written."""
    month = word_number(m[f"w{n}"]) if m[f"w{n}"] else number_of(m[f"m{n}"])
    return int(m[f"d{n}"]), month, number_of(m[f"y{n}"] or m[f"z{n}"])


# Names after days, rates a day, scores and shares: before a bare day and month these say that it is none.
_NAMED = re.compile(
    r"(?<!\w)(?:đường|phố|đại lộ|quảng trường|công viên|sân vận động|nhà hát|rạp|cầu|chợ|cảng|phường|xã|quận|khu|khu phố|ngõ|ngách|hẻm|lớp|tổ|đội"
    r"|trường|thcs|thpt|tiểu học|mầm non|bệnh viện|nông trường|lâm trường|nhà máy|xí nghiệp|xưởng|khách sạn|hợp tác xã|hội trường|số|số nhà"
    r"|công ty(?: (?:cổ phần|cp|tnhh|mtv|một thành viên|may|cơ khí|xây dựng|in|dệt|cao su)){0,4})\s{0,3}$"
)
_COUNTED = re.compile(
    r"(?<!\w)(?:số|tỷ lệ|tỉ lệ|tỷ số|tỉ số|điểm|đạt|có|chiếm|quá|hơn|gần|trên|lên|còn|thắng|thua|hòa|hoà|dẫn|phục vụ)\s{0,3}$"
)
_EACH = re.compile(r"(?<!\w)(?:mỗi|từng|một|hằng|hàng)\s{0,3}$")
_MONEY = re.compile(r"\s{0,3}(?:triệu|tỷ|tỉ|đồng|nghìn|ngàn|giờ|lần|lượt)(?!\w)")


def _before(m: re.Match[str], at: int) -> str:
    return m.string[max(0, at - 60) : at].lower()


def _is_cued(m: re.Match[str]) -> bool:
    """Whether a cue, or what stands behind, makes a day without its year a date."""
    start, end = offsets_of(m)
    if m["strong"]:
        each = _EACH.search(_before(m, m.start()))
        return (not each and not _MONEY.match(m.string, end)) or bool(AFTER_DATE.match(m.string, end))
    return bool(m["weak"] and AFTER_DATE.match(m.string, end) and not _COUNTED.search(_before(m, start)))


@DAYS.rule(
    "stamp", rf"(?<![\d:])\d\d:\d\d(?::\d\d)?{B}(?P<x>(?P<d>{D})-(?P<m>{M})-(?P<y>\d\d))(?![\d-])", opens="0/"
)
@DAYS.rule(
    "day_two_digit_year", rf"(?<!\w)ngày{B}(?P<x>(?P<d>{D})/(?P<m>{M})/(?P<y>\d\d))(?![\d/])", opens="ngày"
)
def _two_digits(m: re.Match[str], reference: date | None) -> Found:
    return days(
        offsets_of(m), m.string, (int(m["d"]), int(m["m"])), year=2000 + int(m["y"]), reference=reference
    )


@DAYS.rule("day_iso", r"(?<![\d-])(?P<y>(?:1[89]|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])", opens="0000")
def _iso(m: re.Match[str], reference: date | None) -> Found:
    return days(offsets_of(m), m.string, (int(m["d"]), int(m["m"])), year=int(m["y"]), reference=reference)


@DAYS.rule(
    "day_range",
    rf"{_AT}(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))?{LEFT}(?P<x>(?:{_day('1', '')}|(?P<d>{D})){TO}{_day('2')})",
    opens=f"{_CUES} 0/ 0a (",
)
def _range(m: re.Match[str], reference: date | None) -> Found:
    # `5-6/2`, `28/6 đến 2/7/2023`, `từ ngày 1 đến ngày 31 tháng 5 năm 2024`.
    day, month, year = _read(m, "1") if m["d1"] else (int(m["d"]), None, None)
    until, last_month, last_year = _read(m, "2")
    assert last_month is not None
    if month is None and day >= until:
        return None
    # `cứ 5-6 tháng 3 lần`: a month in the words of months and counts alike needs its end as well.
    if last_year is None and not _is_cued(m) and not (m["w2"] and AFTER_DATE.match(m.string, m.end("x"))):
        return None
    at, first, last = offsets_of(m), (day, month or last_month), (until, last_month)
    if year is None or last_year is None or year == last_year:
        return days(at, m.string, first, last, year=last_year, reference=reference)
    # Of two full dates the same day is an anniversary (`28/7/1929 - 28/7/2024`), and so is a long life: two days each.
    start, end = day_of(year, first[1], first[0]), day_of(last_year, last[1], last[0])
    if first == last or start is None or end is None or not 0 < (end - start).days < 6 * 366:
        return None
    return DateSpan(at, "day", "", start, end, *first, *last, year_written=True, label=m["x"])


_ITEM = re.compile(rf"(?P<d>{D})(?:[/.-](?P<m>{M}))?")


@DAYS.rule(
    "day_list",
    rf"{_AT}(?P<strong>{_STRONG})?{LEFT}"
    rf"(?P<x>(?P<items>{D}(?:[/.-]{M})?(?:{_AND}{D}(?:[/.-]{M})?){{0,12}}?){_AND}{_day('1')})",
    opens=f"{_STRONG_CUES} 0/ 0a",
)
def _list(m: re.Match[str], reference: date | None) -> Found:
    """`5, 12 và 19/3/2024` is three days, `21 và 22/6/2018` a range of two: neighbours under one month."""
    until, last_month, year = _read(m, "1")
    assert last_month is not None
    commas = "," in m.string[m.start("items") : m.start("d1")]
    if not m["strong"] and (commas or (year is None and not m["w1"])):
        return None
    if year is None and not (m["strong"] and m["w1"]) and not AFTER_DATE.match(m.string, m.end("x")):
        return None
    items = list(_ITEM.finditer(m.string, *m.span("items")))
    if all(i["m"] is None for i in items):
        numbers = [int(i["d"]) for i in items] + [until]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            first = (numbers[0], last_month)
            return days(m.span("x"), m.string, first, (until, last_month), year=year, reference=reference)
    # A day takes its month from those behind it, and its year where the months do not rise.
    spans = [((int(i["d"]), number_of(i["m"])), i.span()) for i in items]
    spans.append(((until, last_month), (m.start("d1"), m.end("x"))))
    found, month, at_year = [], last_month, year
    for (day, own), at in reversed(spans):
        if own is not None and own > month and at_year is not None:
            at_year -= 1
        month = own or month
        found.append(days(at, m.string, (day, month), year=at_year, reference=reference))
    return [span for span in reversed(found) if span is not None] if all(found) else None


@DAYS.rule(
    "day_full",
    rf"{LEFT}(?P<x>(?P<d>{D})(?:(?P<s>{SEP})(?P<m>{M})(?:(?P=s)|{_YEAR})|\s?/\s?(?P<n>{M})\s?/\s?)(?P<y>{Y}))",
    opens="0/",
)
def _full(m: re.Match[str], reference: date | None) -> Found:
    return days(
        offsets_of(m), m.string, (int(m["d"]), int(m["m"] or m["n"])), year=int(m["y"]), reference=reference
    )


@DAYS.rule(
    "day_words",
    rf"(?<!\w)(?=[\dnmsct])(?P<strong>(?:ngày|mùng|mồng|sáng|chiều|tối){O})?{LEFT}(?P<x>(?:(?:mùng|mồng){B})?(?P<d>{D}|(?<=ngày\s|mùng\s|mồng\s){WORD_NUMBER}){B}tháng{B}"
    rf"(?P<m>{MONTH})(?!{B}(?:âm{B}lịch|lương))(?:(?:{_YEAR}|\s?[/-]\s?)(?P<y>{Y}))?)",
    opens=f"{NUMBER_WORDS} 0a ngày mùng mồng sáng chiều tối",
)
def _words(m: re.Match[str], reference: date | None) -> Found:
    if not m["strong"] and m["y"] is None and _NAMED.search(_before(m, m.start("x"))):
        return None
    # `trong 5 tháng ba đơn vị`, `6 tháng 1 lần`: with neither cue nor year the month must end what is said.
    if not m["strong"] and m["y"] is None and (m["m"] == "năm" or not AFTER_DATE.match(m.string, m.end())):
        return None
    first = (word_number(m["d"]), word_number(m["m"]))
    return days(offsets_of(m), m.string, first, year=number_of(m["y"]), reference=reference)


@DAYS.rule(
    "day_of_month_relative",
    rf"(?<!\w)(?:ngày|mùng|mồng){B}(?P<x>(?P<d>{D}|{WORD_NUMBER}){B}tháng{B}(?P<w>này|trước|tới|sau))(?!\w)",
    opens="ngày mùng mồng",
)
def _of_relative_month(m: re.Match[str], reference: date | None) -> Found:
    if reference is None:
        return None
    year, month = add_months(reference.year, reference.month, step_of(m["w"]))
    span = days(offsets_of(m), m.string, (word_number(m["d"]), month), year=year, reference=reference)
    return span._replace(year_written=False, relative=True) if span else None


@DAYS.rule(
    "day_cue",
    rf"(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))(?P<x>(?P<d>{D})(?P<s>{SEP})(?P<m>{M})){RIGHT}",
    opens=f"{_CUES} (",
)
def _cue(m: re.Match[str], reference: date | None) -> Found:
    if not _is_cued(m) or (m["weak"] and (m["s"].strip() == "." or m["x"] == "24/7")):
        return None
    return days(offsets_of(m), m.string, (int(m["d"]), int(m["m"])), year=None, reference=reference)


@DAYS.rule("day_bare", rf"(?<![\d/.,\-\w–])(?P<x>(?P<d>{D})(?P<s>[/-])(?P<m>{M})){RIGHT}", opens="0/")
def _bare(m: re.Match[str], reference: date | None) -> Found:
    before = _before(m, m.start())
    if not AFTER_DATE.match(m.string, m.end()) or _NAMED.search(before) or _COUNTED.search(before):
        return None
    if m["x"] == "24/7":
        return None
    return days(offsets_of(m), m.string, (int(m["d"]), int(m["m"])), year=None, reference=reference)
