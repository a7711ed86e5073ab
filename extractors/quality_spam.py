"""Text that hackers set into a page: betting phrases where a unit's name was, links in the middle of a sentence.

A report on a police raid, a football match or a lottery firm's union uses the same words. So the phrases have classes
(`lexicon/spam_phrases.tsv`), and what stands around the weaker ones decides.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import re2

from extractors.lexicon.tables import load

# Whoever writes of arrests names the houses and the trade; two of these in an article are such a report.
_CRIME = re.compile(
    r"đánh bạc|cờ bạc|triệt phá|khởi tố|bị can|bị cáo|công an|cảnh sát|tang vật|chuyên án|tệ nạn|lừa đảo|tội phạm|tín dụng đen"
)
# Whoever warns workers names them in the warning itself.
_WARNING = re.compile(
    rf"{_CRIME.pattern}|cảnh giác|không tham gia|phòng,? chống|nghiêm cấm|tuyên truyền|vi phạm"
)
_SPORT = re.compile(
    r"\b(?:hlv|huấn luyện viên|ngoại hạng|vòng bảng|champions league|world cup|v[.-]?league|tiền đạo|tiền vệ|hậu vệ|đội tuyển|euro 20\d\d|bàn thắng|la liga|serie a|sea games)\b"
)
_LOTTERY_FIRM = re.compile(
    r"xổ số(?: và dịch vụ)? (?:kiến|kiết) thiết|(?:công ty|vé|trúng|đại lý|ngành) xổ số|xổ số (?:điện toán|vietlott)"
)
# `LĐLĐ cá cược`, `nhà cái huyện Bù Đăng`, `cá cược tổ chức`: a phrase that took the place of a unit's name.
_AFTER = r"(?= (?:huyện|tỉnh|thành phố|thị xã|quận|xã|phường|trường|ngành|cơ sở|đã tổ chức|tổ chức|phối hợp|trao|tặng|tuyên dương|tổng kết|khen thưởng|vừa tổ chức)\b)"
_BEFORE = r"(?:công đoàn|liên đoàn lao động|lđlđ|cđcs|trường|hội nghị|chủ tịch|của|do) "


# Classes of phrases by first word, to ask quickly: word → class → pattern. A phrase that begins with a pattern is under "bet",
# the letters that all of these have.
@cache
def _by_first_word() -> dict[str, dict[str, re.Pattern[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in load("spam_phrases"):
        first = row["phrase"].split()[0]
        key = first if first.isalnum() else "bet"
        phrase = row["phrase"].replace("@", "[a-z]{0,8}")
        found.setdefault(key, {}).setdefault(row["class"], []).append(phrase)
    return {
        word: {name: re.compile(rf"\b(?:{'|'.join(phrases)})(?!\w)") for name, phrases in classes.items()}
        for word, classes in found.items()
    }


@cache
def _sign() -> Any:
    """Matches wherever an address or a phrase may stand; re2 passes over sound text in one go, whatever they are."""
    phrases = [
        row["phrase"].replace("@", "[a-z]{0,8}").replace(r"\d", r"\p{Nd}").replace(" ", " +")
        for row in load("spam_phrases")
    ]
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile("|".join([r"https?://|www\.", rf"\.{_LINK_ENDS}", *phrases]), options)


_WORD = re.compile(r"\w+")


def _phrases(folded: str) -> dict[str, list[str]]:
    """Class → the phrases of it in `folded`."""
    index = _by_first_word()
    words = set(_WORD.findall(folded)) & index.keys()
    if "bet" in folded:
        words.add("bet")
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        for name, pattern in index[word].items():
            if phrases := pattern.findall(folded):
                found.setdefault(name, []).extend(phrases)
    return found


_UNION = re.compile("công đoàn|liên đoàn lao động|lđlđ")
# Ends of the addresses that injected links lead to; a union's own are .vn.
_LINK_ENDS = "(?:bet|casino|club|win|vip|top|xyz|poker|icu|link|mobi)"
_LINK = re.compile(rf"(?:https?://|www\.)[\w.-]+\.[a-z]{{2,}}(?:/\S*)?|\b[\w-]{{2,30}}(?:\.[\w-]{{2,30}})?\.{_LINK_ENDS}\b")  # fmt: skip
_SPAM_HOST = re.compile(r"\.(?:bet|casino|win|vip|poker|icu)(?![\w.-])|bet\d|casino|88\.|slot")
_KNOWN_HOST = re.compile(r"\.vn(?![\w-])|facebook|fb\.(?:com|me)|youtu|zalo|google|goo\.gl|forms\.gle|bit\.ly|gov\b|edu\b|ilo\.org|un\.org|tiktok|microsoft|zoom|office|apple|myaloha")  # fmt: skip
_INTRODUCED = re.compile(r"(?:tại|thành|điện tử|website|web|trang|địa chỉ|link|liên kết|đường dẫn|truy cập|vào|theo|nguồn|fanpage|cổng|mạng|email|qua|là|xem|ứng dụng|app|báo|tên miền)\W*(?:\w+\W+){0,2}$|[:(<“\"]\s*$")  # fmt: skip


def _hacked_link(line: str) -> bool:
    """An address in running text that nothing introduces, with text behind it, or one of a betting house."""
    for match in _LINK.finditer(line):
        before, after = line[max(0, match.start() - 80) : match.start()], line[match.end() : match.end() + 80]
        running = len(before.split()) >= 2 and len(re.findall(r"\w+", after)) >= 2
        unknown = running and not _KNOWN_HOST.search(match[0]) and not _INTRODUCED.search(before[-40:])
        if unknown or (_SPAM_HOST.search(match[0]) and not _WARNING.search(line)):
            return True
    return False


def has_spam(text: str) -> bool:
    """Whether betting, lottery, loan or pornography phrases or links were set into normalised `text`.

    >>> has_spam("Sáng 5/2, nhà cái uy tín huyện Bù Gia Mập tặng 90 suất quà."), has_spam("Vé xổ số trúng 2 tỷ đồng.")
    (True, False)
    """
    if not _sign().search(text):
        return False
    folded = "\n".join(" ".join(line.split()) for line in text.lower().split("\n"))
    if any(_hacked_link(line) for line in folded.split("\n") if "." in line and _LINK.search(line)):
        return True
    found = _phrases(folded)
    if not found:
        return False
    lines = folded.split("\n")
    crime = len(set(_CRIME.findall(folded))) >= 2
    played = len(set(_SPORT.findall(folded))) >= 2
    # A unit's name never is a betting house's, whatever else the article tells.
    if re.search(rf"(?:nhà cái|nhà cái uy tín|cá cược|bet\d+){_AFTER}", folded):
        return True
    if "promo" in found and any("promo" in _phrases(x) and not _WARNING.search(x) for x in lines):
        return True
    if "brand" in found and not crime and not played and not _LOTTERY_FIRM.search(folded):
        return any("brand" in _phrases(x) and not _WARNING.search(x) for x in lines)
    if "goods" in found and _UNION.search(folded) and not _CRIME.search(folded):
        return True
    named = _LOTTERY_FIRM.sub("", folded)
    return any(
        re.search(rf"{_BEFORE}{re.escape(phrase)}{_AFTER}", named)
        for phrase in sorted(set(found.get("talk", [])))
    )
