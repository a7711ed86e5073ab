"""Selectors of an article's parts, guessed from a few pages: what picks out the right words on every one of them.

What two readers agree on is the text: trafilatura and the parser's general rules. Which element holds it is found
here. A selector is taken only where it is unique on each page and right on each; what is not certain stays empty, and
the general rules look for it.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.crawl.outcomes import Page
from pipeline.crawl.page.stamps import parse_stamp
from pipeline.crawl.parse import ParsedArticle
from pipeline.sourcing.elements import Looked, common, one_line, rank

_LEAST_PAGES = 3
_PARAGRAPH = 40  # characters: shorter lines are labels
_AGREED = 0.5  # of the parser's characters: with less, one of the two readers is wrong
_COVERED = 0.9  # of the agreed characters: the rest is a subheading or a note that stands apart
_LONGEST_LEAD, _LONGEST_BYLINE, _LONGEST_STAMP = 700, 60, 80
_BODY_NAMES = re.compile(r"body|content|detail|article|noi-?dung|entry|post|bai-?viet", re.IGNORECASE)
_STAMP_NAMES = re.compile(
    r"^(?!.*(?:updat|modif|sua)).*(?:date|time|publish|posted|ngay|dang)", re.IGNORECASE
)
_BYLINE_NAMES = re.compile(r"author|byline|tac-?gia|writer|nguoi-?viet|but-?danh", re.IGNORECASE)
_ANY_NAME = re.compile("")
# Two to five words with capitals: `Nguyễn Văn Hưởng`, `Phong Nha`; a paper's initials are none.
_PERSON = re.compile(r"(?:[^\W\d_a-z][^\W\d_]*\.?\s+){1,4}[^\W\d_a-z][^\W\d_]*")


@dataclass(frozen=True)
class Example:
    """One article's page and what the general rules read from it; `text` is the main text by trafilatura, `raw` the
    page as it came."""

    page: Looked
    article: ParsedArticle
    text: str
    raw: Page

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs that both readers have, without the lead; empty where they agree on too little."""
        text, lead = one_line(self.text), one_line(self.article.lead)
        own = [
            line
            for part in self.article.paragraphs
            if len(line := one_line(part)) >= _PARAGRAPH and line != lead
        ]
        agreed = [line for line in own if line in text]
        return agreed if sum(map(len, agreed)) >= _AGREED * sum(map(len, own)) else []


def main_text(html: str) -> str:
    """The running text of a page as trafilatura finds it; empty where it finds none. Uses no network."""
    from trafilatura import bare_extraction  # noqa: PLC0415 (takes its time to import)

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = bare_extraction(html, include_comments=False, favor_recall=True)
    except Exception:  # noqa: BLE001 (whatever it stumbles over: the page gives no example)
        return ""
    return str(getattr(found, "text", None) or "")


def guess_selectors(examples: Sequence[Example]) -> dict[str, str]:
    """Field of a layout → selector, for the fields that are certain. Empty with fewer than three examples."""
    usable = [example for example in examples if example.paragraphs]
    if len(usable) < _LEAST_PAGES:
        return {}
    selectors = common([example.page for example in usable])
    found = {
        "title": _title(usable, selectors),
        "lead": _lead(usable, selectors),
        "body": guess_body(usable, selectors),
        "byline": _byline(usable, selectors),
        "published": _published(usable, selectors),
    }
    return {name: selector for name, selector in found.items() if selector}


def guess_body(examples: Sequence[Example], selectors: Sequence[str]) -> str | None:
    """The smallest element that holds nearly all of the text on every page."""
    sizes: dict[str, int] = {}
    for selector in selectors:
        shares = [_covered(example, selector) for example in examples]
        if min(shares) >= _COVERED:
            sizes[selector] = sum(len(example.page.text(selector)) for example in examples)
    if not sizes:
        return None
    least = min(sizes.values())
    # Elements around one another with nothing between them are the same choice: then the better name.
    near = [selector for selector, size in sizes.items() if size <= 1.02 * least]
    return min(
        near, key=lambda selector: (rank(selector)[0], not _BODY_NAMES.search(selector), rank(selector))
    )


def _covered(example: Example, selector: str) -> float:
    """Share of the text's characters that the element holds."""
    text = example.page.text(selector)
    paragraphs = example.paragraphs
    held = sum(len(paragraph) for paragraph in paragraphs if paragraph in text)
    return held / sum(map(len, paragraphs))


def _title(examples: Sequence[Example], selectors: Sequence[str]) -> str | None:
    def fits(example: Example, selector: str) -> bool:
        return bool(example.article.title) and example.page.text(selector) == one_line(example.article.title)

    return _best(examples, selectors, fits)


def _lead(examples: Sequence[Example], selectors: Sequence[str]) -> str | None:
    def fits(example: Example, selector: str) -> bool:
        lead, text = one_line(example.article.lead), example.page.text(selector)
        # What a page tells machines of itself is the lead's beginning.
        return len(lead) >= _PARAGRAPH and text.startswith(lead[:80]) and len(text) <= _LONGEST_LEAD

    return _best(examples, selectors, fits)


def _byline(examples: Sequence[Example], selectors: Sequence[str]) -> str | None:
    def fits(example: Example, selector: str) -> bool:
        text = example.page.text(selector)
        if not text or len(text) > _LONGEST_BYLINE:
            return False
        given = one_line(example.article.byline)
        return text == given or bool(_BYLINE_NAMES.search(selector) and _PERSON.fullmatch(text))

    return _best(examples, selectors, fits, names=_BYLINE_NAMES)


def _published(examples: Sequence[Example], selectors: Sequence[str]) -> str | None:
    days = [(example.article.published or "")[:10] for example in examples]
    if not all(days) or len(set(days)) == 1:
        return None  # a clock that runs on every page would fit as well

    def fits(example: Example, selector: str) -> bool:
        tag, text = example.page.elements[selector], example.page.text(selector)
        if len(text) > _LONGEST_STAMP:
            return False
        stamp = parse_stamp(str(tag.get("datetime") or "")) or parse_stamp(text)
        return stamp is not None and stamp[:10] == (example.article.published or "")[:10]

    return _best(examples, selectors, fits, names=_STAMP_NAMES)


def _best(
    examples: Sequence[Example],
    selectors: Sequence[str],
    fits: Callable[[Example, str], bool],
    *,
    names: re.Pattern[str] = _ANY_NAME,
) -> str | None:
    """The selector that fits every example: one with such a name before others, then the innermost element's."""
    fitting = [selector for selector in selectors if all(fits(example, selector) for example in examples)]

    def order(selector: str) -> tuple[bool, int, tuple[int, int]]:
        size = sum(len(example.page.text(selector)) for example in examples)
        return names.search(selector) is None, size, rank(selector)

    return min(fitting, key=order, default=None)
