"""What stands on a page beside its article, by element, class and id: menus, share bars, related stories."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from bs4 import Tag

Furniture = Literal["strong", "weak"]
"""`weak` is what some sites put around their whole page, so it is furniture only where little of the text is in it."""

NEVER = frozenset({
    "head", "script", "style", "noscript", "template", "iframe", "button", "select", "svg", "video", "audio", "object",
    "dialog", "textarea", "marquee", "map", "datalist", "canvas", "input",
})  # fmt: skip
"""Elements without a word of an article in them."""

_WEAK_ELEMENTS = frozenset({"form", "nav", "aside", "footer"})
# Classes and ids of what is never around an article: other stories, comments, counters. English and Vietnamese.
_STRONG = re.compile(
    r"""(?:^|[\s_-])(?:
        breadcrumbs?|share|sharing|sharedaddy|social|addthis\w*|fb-\w+|zalo\S*|comments?|binh-?luan|
        \w*related\w*|relate|tin-?lien-?quan|bai-?lien-?quan|lien-?quan|cung-?chuyen-?muc|tin-?khac|cac-?tin-?khac|other-?news|
        xem-?them|doc-?them|read-?more|tag-?list|tags-links|keywords?|tu-?khoa|advert\S*|quang-?cao|rating|
        view-?counts?|post-views|luot-?xem|hit-?counter|pagination|newsletter|popup|most-?read|doc-?nhieu|tin-?moi|tin-?noi-?bat
    )(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_WEAK = re.compile(
    r"""(?:^|[\s_-])(?:
        menu|nav(?:bar|igation)?|sidebar|footer|tags?|ads|qc|banner|toolbar|tool-?box|vote|widget|cookie\w*|topbar|modal
    )(?:$|[\s_-])
    |(?:^|[\s_-])print(?:-?(?:link|button|btn|icon))?(?:$|\s)""",
    re.IGNORECASE | re.VERBOSE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def names_of(tag: Tag) -> str:
    """Classes and id of `tag`, as written: `article__body noi-dung`."""
    attributes = tag.attrs
    if not attributes:
        return ""
    classes = attributes.get("class") or ""
    identifier = attributes.get("id") or ""
    return f"{classes if isinstance(classes, str) else ' '.join(classes)} {identifier}".strip()


def is_hidden(tag: Tag) -> bool:
    """Whether an element is not shown: hidden links are how spam gets into a hacked page."""
    attributes = tag.attrs
    style = attributes.get("style")
    return "hidden" in attributes or (style is not None and _HIDDEN.search(str(style)) is not None)


@lru_cache(maxsize=4096)
def furniture_of(element: str, names: str) -> Furniture | None:
    """What an element is by its name, classes and id.

    >>> furniture_of("div", "tin-lien-quan"), furniture_of("form", "aspnetForm"), furniture_of("div", "printed-story")
    ('strong', 'weak', None)
    """
    if element in {"html", "body", "article", "main", "h1"}:
        return None
    if names and _STRONG.search(names):
        return "strong"
    return "weak" if element in _WEAK_ELEMENTS or (names and _WEAK.search(names)) else None
