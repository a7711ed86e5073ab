"""Blocks of a body become an article's paragraphs and captions: what the page says beside it is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.quality_furniture import furniture
from pipeline.crawl.page.blocks import Block
from pipeline.crawl.page.stamps import is_stamp

# `Số lần xem: 207`, `1.024 lượt xem`, `0 bình luận`: counters with the number on either side.
_COUNTER = r"(?:số )?(?:lượt|lần) (?:xem|đọc|truy cập)(?:\s*:?\s*[\d.,]+)?|[\d.,]+\s*(?:lượt (?:xem|đọc|thích)|bình luận|views?|comments?|likes?)"
# A bar of buttons and counters: the whole line is made of these. `Chia sẻ khó khăn với công nhân` is not. Nothing is
# tried twice (`(?>`, `++`), else a long row of `A+ A+ A+` would take for ever.
_BAR = re.compile(
    rf"(?:(?>{_COUNTER}|chia sẻ(?: bài viết| facebook| zalo| twitter| lên facebook| với bạn bè)?|facebook|twitter|zalo|linkedin|"
    r"in (?:bài viết|bài|tin|trang)(?: này)?|bản in|gửi (?:email|mail|bài viết|tin|cho bạn bè)|email|lưu bài(?: viết)?|sao chép (?:link|liên kết)|copy link|"
    r"(?:về|lên) (?:đầu trang|trang trước|trang chủ)|đầu trang|trang trước|quay lại|trở (?:về|lại)|cỡ chữ|thích|like|share|tweet|google\+?|aa?[+-]?|"
    r"tin tức|trang chủ|bình luận|nghe (?:đọc )?bài(?: viết)?|theo dõi|in)[\s:|,;/«»<>\[\]()•·+.-]*+)++",
    re.IGNORECASE,
)
_BAR_HINT = re.compile(r"xem|đọc|chia sẻ|facebook|in (?:bài|tin|trang)|bản in|gửi|quay lại|trang|trở|cỡ chữ|share|bình luận|lượt|email|views|zalo", re.IGNORECASE)  # fmt: skip
# `Trang chủ » Công đoàn » Hoạt động`: one line of steps, also with links between them.
_CRUMBS = re.compile(r"\W*+trang chủ\s*[»›>/|–-]", re.IGNORECASE)
# `Xem thêm: …`, `>> …`, `Bài trước: …` in front of another story's headline.
_RELATED = re.compile(
    r"\W*+(?:xem thêm|đọc thêm|tin liên quan|bài liên quan|tin bài liên quan|có thể bạn quan tâm|mời (?:bạn )?(?:xem|đọc) thêm|bài trước|bài sau|tin trước|tin sau)\s*:|>>|»",
    re.IGNORECASE,
)
# Headings of lists of other stories, and of the readers' corner: what stands below them is no part of the article.
_OTHERS = re.compile(
    r"\W*+(?:(?:các |những )?(?:tin|bài)(?: viết| bài| tức)?(?: đã đưa| đã đăng| khác| liên quan| mới(?: hơn| nhất)?| cũ hơn| cùng (?:chuyên )?mục| cùng loại| nổi bật| đọc nhiều)+"
    r"|cùng chuyên mục|có thể bạn quan tâm|có liên quan|xem thêm|đọc thêm|đọc nhiều(?: nhất)?|related (?:posts|news|articles))\W*",
    re.IGNORECASE,
)
_READERS = re.compile(
    r"\W*+(?:ý kiến (?:bạn đọc|của bạn|phản hồi)|(?:gửi|viết|để lại) (?:một )?bình luận|bình luận|phản hồi|bạn đọc bình luận|\d+ bình luận(?: về.*)?)"
    r"\W*+(?:\(?\d*\)?)?\W*",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\) ?\d{4}|copyright\b|bản quyền (?:thuộc|©|\d{4}))", re.IGNORECASE)
# An imprint gives two of these or more: where the office is, how to reach it, who allowed it.
_IMPRINT = re.compile(
    r"(?P<place>(?:địa chỉ|trụ sở|tòa soạn)\s*:)|(?P<phone>(?:điện thoại|đt|tel|hotline|fax)\s*[:.])|(?P<mail>(?:e-?mail|hộp thư|website)\s*:)"
    r"|(?P<licence>giấy phép (?:số|xuất bản|hoạt động|thiết lập))|(?P<screen>độ phân giải|internet explorer)|(?P<copy>bản quyền|copyright|©)",
    re.IGNORECASE,
)
_LONGEST_LINE, _LONGEST_IMPRINT = 200, 500
# A credit closes a caption: `Đoàn chủ tịch hội nghị. Ảnh: THANH SƯƠNG`.
_CREDIT = re.compile(r"(?:^|[\s(.])(?:ảnh|ảnh minh họa|nguồn ảnh|photo)(?:\s?:|\s+minh họa)", re.IGNORECASE)
_LONGEST_CAPTION = 300
# Characters: from here on a line is a paragraph when it comes back word for word, shorter ones are said twice on purpose.
_DOUBLED = 40
_SENTENCE_END = re.compile(r"[.!?…:;][\"”’')\]]*$")
_PROSE = 80
# `Tác giả: …`, `Tin, ảnh: …` in front of the name that closes an article.
_SIGNED = re.compile(
    r"(?:tác giả|người viết|thực hiện|(?:tin|bài)(?:(?:\s*[,&-]\s*|\s+và\s+)(?:ảnh|bài|tin|video))*)\s*:\s*",
    re.IGNORECASE,
)
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Lines:
    """What is left of a body: `paragraphs` and `captions` in page order; `byline` where the text ends with one."""

    paragraphs: tuple[Block, ...]
    captions: tuple[str, ...]
    byline: str | None = None


def key(text: str) -> str:
    """`text` for comparing: case, blanks and signs at its ends do not count."""
    return " ".join(text.casefold().split()).strip(" .…:;,-–—*\"“”'")


def article_lines(blocks: Sequence[Block], title: str | None, lead: str | None, byline: str | None) -> Lines:
    """The article in `blocks` (texts already clean): no furniture, nothing told twice, no title, lead or byline."""
    titles = {key(title)} if title else set()
    blocks = _below_title(blocks, titles)
    kept = _without_furniture(blocks)
    kept = _without_stamps(kept)
    kept, signed = _without_byline(kept)
    seen = titles | {key(text) for text in (lead, byline) if text}
    # A lead of several paragraphs comes back paragraph by paragraph.
    told = key(lead) if lead else ""
    paragraphs: list[Block] = []
    captions: list[str] = []
    for block in kept:
        same = key(block.text)
        if block.kind == "caption":
            if block.text not in captions:
                captions.append(block.text)
        elif same and same not in seen and not (len(same) > _DOUBLED and same in told):
            paragraphs.append(block)
            if len(block.text) > _DOUBLED:
                seen.add(same)
    return Lines(tuple(paragraphs), tuple(captions), signed)


def is_furniture_line(text: str) -> bool:
    """Whether a line is a bar, a counter, a path of menus or the like, whatever stands around it.

    >>> is_furniture_line("Lượt xem: 123 | In bài viết"), is_furniture_line("Chia sẻ khó khăn với 30 hộ.")
    (True, False)
    """
    if len(text) <= _LONGEST_IMPRINT and len({match.lastgroup for match in _IMPRINT.finditer(text)}) > 1:
        return True
    if len(text) > _LONGEST_LINE:
        return False
    if _BAR_HINT.search(text) and _BAR.fullmatch(text):
        return True
    if _CRUMBS.match(text) or _COPYRIGHT.match(text):
        return True
    return furniture(text) is not None


def _below_title(blocks: Sequence[Block], titles: set[str]) -> Sequence[Block]:
    """`blocks` from the title on, where a wide body holds it: what is above is the page's head."""
    before = 0
    for number, block in enumerate(blocks):
        if key(block.text) in titles:
            return blocks[number + 1 :]
        before += len(block.text) if len(block.text) >= _PROSE and block.kind == "paragraph" else 0
        if before > 200:
            break
    return blocks


def _without_furniture(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    others = False  # below a heading of other stories
    dropped_last = False
    for number, block in enumerate(blocks):
        text = block.text
        if block.kind == "caption":
            kept.append(block)
            continue
        if _READERS.fullmatch(text) and _mostly_before(blocks, number):
            break
        if block.kind == "row":
            drop = all(is_furniture_line(cell) or is_stamp(cell) for cell in text.split(" | "))
        else:
            is_others = _OTHERS.fullmatch(text) is not None
            others = is_others or (others and not _is_prose(block))
            drop = is_others or (others and _is_headline(block)) or _is_furniture(block)
        if drop:
            dropped_last = True
        elif _is_caption(block):
            kept.append(Block("caption", text))
        else:
            kept.append(block)
            dropped_last = False
    # A heading with nothing below it was that of a list that is gone.
    while dropped_last and kept and kept[-1].kind == "heading" and not _SENTENCE_END.search(kept[-1].text):
        kept.pop()
    return kept


def _is_prose(block: Block) -> bool:
    return len(block.text) >= _PROSE and block.linked < 0.5 and _SENTENCE_END.search(block.text) is not None


def _is_headline(block: Block) -> bool:
    return len(block.text) < 200 and not (_SENTENCE_END.search(block.text) and block.linked < 0.5)


def _is_furniture(block: Block) -> bool:
    text = block.text
    # Another story's headline. A paragraph that is one link ends as a sentence does.
    if block.linked >= 0.8 and not (len(text) >= _PROSE and _SENTENCE_END.search(text)):
        return True
    if _RELATED.match(text) and (block.linked >= 0.3 or len(text) < 160):
        return True
    return is_furniture_line(text)


def _mostly_before(blocks: Sequence[Block], number: int) -> bool:
    """Whether the article stands above block `number`: a bar above the text may say `Bình luận` too."""
    before = sum(len(block.text) for block in blocks[:number] if _is_prose(block))
    after = sum(len(block.text) for block in blocks[number + 1 :] if _is_prose(block))
    return before > 0 and before >= after


def _is_caption(block: Block) -> bool:
    """A line right behind an image that ends with a credit, or is set in italics in the middle like a caption."""
    if not block.behind_image or block.kind != "paragraph" or len(block.text) > _LONGEST_CAPTION:
        return False
    return _CREDIT.search(block.text) is not None or (block.italic and block.align == "center")


def _without_stamps(blocks: list[Block]) -> list[Block]:
    """`blocks` without lines that only tell when, above the first prose and below the last; between they are headings."""
    prose = [
        number for number, block in enumerate(blocks) if block.kind != "caption" and len(block.text) >= _PROSE
    ]
    first, last = (prose[0], prose[-1]) if prose else (len(blocks), -1)
    return [block for number, block in enumerate(blocks) if first < number < last or not is_stamp(block.text)]


def _without_byline(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """The name that closes an article: set to the right, or behind `Tác giả:`, `Tin, ảnh:`."""
    for number in range(len(blocks) - 1, 0, -1):
        block = blocks[number]
        if block.kind == "caption":
            continue
        text = block.text.strip(" ./()*")
        signed = _SIGNED.match(text)
        name = text[signed.end() :] if signed else text
        if len(text) <= _LONGEST_NAME and (signed or block.align == "right") and _is_name(name):
            return blocks[:number] + blocks[number + 1 :], name
        break
    return blocks, None


def _is_name(text: str) -> bool:
    """`Thanh Sương`, `Hoài Phong - Lê Na`, `Ban Biên tập`: most words begin with a capital; no number."""
    words = [word for word in re.split(r"[\s,&–-]+", text) if word and word != "và"]
    capitals = sum(word[0].isupper() for word in words)
    return 0 < len(words) <= 10 and capitals > len(words) / 2 and not any(char.isdigit() for char in text)
