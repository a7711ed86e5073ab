"""One spelling a page: canonical URLs, and the twins (print, AMP, mobile) that show the same article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from url_normalize import url_normalize

# Query parameters that say where a reader came from, or how the page is dressed, and change nothing it tells.
_TRACKING = {
    "fbclid", "gclid", "dclid", "msclkid", "zarsrc", "zalo_share", "gidzl", "ref", "mc_cid", "mc_eid", "_gl", "igshid",
    "spm", "mibextid",
}  # fmt: skip
# Dress of a page, by parameter and value: None takes any value.
_DRESS = {
    "amp": None, "print": None, "printable": None, "outputtype": {"amp"}, "output": {"amp", "print"},
    "view": {"print", "amp"}, "mode": {"print"}, "mobile": None, "m": {"1"}, "device": {"mobile"}, "tmpl": {"component"},
}  # fmt: skip
# A name or an address, IDN names already in ASCII; words that only stand where a host would are none.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
# `/amp/bai-1.html`, `/bai-1.html/amp`, `/bai-1.amp`, `/bai-1.amp.html`, `/bai-1-amp.html`; so too print, `in-bai`.
# `amp` anywhere, the others at either end of a path: a section may well be called `print`.
_TWIN_SEGMENT = re.compile(
    r"/amp(?=/|$)|^/(?:print|in-bai|ban-in|mobile)(?=/.)|/(?:print|in-bai|ban-in)/?$", re.IGNORECASE
)
_TWIN_SUFFIX = re.compile(r"[.-](?:amp|print)(?=\.\w{2,5}$|$)", re.IGNORECASE)


class URLError(ValueError):
    """Something printed as a link that is no web address."""


def canonical_url(url: str) -> str:
    """One spelling a page: host in lower case, dots resolved, no default port, fragment or tracking parameters.

    Raises `URLError` on what is no http(s) URL (`mailto:…`, `http://[`).

    >>> canonical_url("HTTPS://BaoSongTien.vn:443/tin/../bai-1.html?utm_source=zalo#binh-luan")
    'https://baosongtien.vn/bai-1.html'
    """
    try:
        # Pages print `&amp;` twice escaped; blanks and line breaks inside an address are never meant.
        normal = url_normalize(re.sub(r"[\t\r\n]", "", url.strip()).replace("&amp;", "&"))
        parts = urlsplit(normal or "")
        host = parts.hostname
        _ = parts.port  # `:abc` and `:99999` are errors
    except (ValueError, UnicodeError) as error:
        raise URLError(f"{url[:200]!r} is no web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(host):
        raise URLError(f"{url[:200]!r} is no web address")
    query = "&".join(
        piece for piece in parts.query.split("&") if piece and not _is_tracking(piece.partition("=")[0])
    )
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def article_url(url: str) -> str:
    """The canonical URL of the article that `url` shows: that of the page itself, or of the one it is a twin of.

    >>> article_url("https://baosongtien.vn/amp/cong-doan/bai-1.html?print=1")
    'https://baosongtien.vn/cong-doan/bai-1.html'
    """
    parts = urlsplit(canonical_url(url))
    path = parts.path
    while (shorter := _TWIN_SUFFIX.sub("", _TWIN_SEGMENT.sub("", path))) != path:
        path = shorter
    # What stays keeps its spelling, so that the twin gives the very URL of the page.
    kept = [piece for piece in parts.query.split("&") if not _is_dress(*piece.partition("=")[::2])]
    return urlunsplit((parts.scheme, parts.netloc, path or "/", "&".join(kept), ""))


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or name.lower().startswith("utm_")


def _is_dress(name: str, value: str) -> bool:
    name = name.lower()
    if name not in _DRESS:
        return False
    values = _DRESS[name]
    return values is None or value.lower() in values
