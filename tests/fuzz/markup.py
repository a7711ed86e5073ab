"""Strategies of pages: markup that closes what it never opened, attributes without end, charsets that lie, data that is none."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.fuzz.strategies import reports, soup

_TAGS = ["html", "head", "body", "article", "div", "p", "h1", "h2", "span", "a", "table", "tr", "td", "ul", "li", "title", "script", "style", "meta", "time", "figure", "figcaption", "iframe", "svg", "math", "template", "base", "link", "input", "noscript", "textarea", "select", "br", "x-y"]  # fmt: skip
_NAMES = ["class", "id", "href", "content", "property", "itemprop", "datetime", "style", "name", "charset", "onclick", "hidden", "lang", "rel", "type", "src"]  # fmt: skip
_VALUES = ["article-body", "content detail", "author", "canonical", "sapo", "date", "og:title", "article:published_time", "2024-01-12T08:00:00+07:00", "99/99/9999 25:61", "javascript:1", "//[", "http://[::1", "\u202e", "&quot;&#0;", "'\">", "display:none"]  # fmt: skip
_DATA = ['{"@type":"NewsArticle","headline":', '{"@type":"NewsArticle","articleBody":5,"datePublished":[[]]}', '{"@graph":[{"@type":["NewsArticle"],"author":{"name":null},"datePublished":"0000-00-00"}]}', "[" * 3000, '{"@type":' * 2000, "9" * 5000, "NaN", '{"@type":"NewsArticle","author":' + '{"name":' * 900 + '"A"' + "}" * 901, '"\\ud800"', "{}", "\x00"]  # fmt: skip
_ENTITIES = ["&nbsp;", "&#0;", "&#x110000;", "&#55296;", "&#7897;", "&bogus;", "&", "&#", "&amp;lt;b&amp;gt;", "]]>", "<!--", "-->", "<![CDATA[", "<?php ?>", "<!DOCTYPE html>", "<", ">", "</", "<a", "<a href=", "\x00", "\ufeff", "\r"]  # fmt: skip

_values = st.one_of(st.sampled_from(_VALUES), st.text(max_size=20), st.integers(1, 30_000).map("x".__mul__))
_attributes = st.lists(st.builds('{}="{}"'.format, st.sampled_from(_NAMES), _values), max_size=4).map(
    " ".join
)
_texts = st.one_of(reports, soup, st.text(max_size=40), st.sampled_from(_ENTITIES))
_elements = st.recursive(
    _texts,
    lambda inner: st.one_of(
        st.builds("<{0} {1}>{2}</{0}>".format, st.sampled_from(_TAGS), _attributes, inner),
        st.builds("<{0} {1}>{2}</{3}>".format, st.sampled_from(_TAGS), _attributes, inner, st.sampled_from(_TAGS)),
        st.builds("<{0}>{1}".format, st.sampled_from(_TAGS), inner),
        st.builds('<script type="application/ld+json">{}</script>{}'.format, st.sampled_from(_DATA), inner),
        st.builds(str.__add__, inner, inner),
    ),
    max_leaves=12,
)  # fmt: skip
_heads = st.sampled_from([f'<meta charset="{name}">' for name in ("utf-8", "windows-1258", "utf-16", "tis-620", "hex", "idna", "x")] + ['<?xml version="1.0" encoding="euc-jp"?>', ""])  # fmt: skip
markup = st.builds(
    "{}<html><head><title>{}</title></head><body><h1>{}</h1><article>{}<p>{}</p></article>{}".format,
    _heads, _texts, _texts, _elements, reports, _elements,
)  # fmt: skip
"""Pages with an article somewhere in them, as characters."""


def _encoded(name: str) -> Callable[[str], bytes]:
    return lambda text: text.encode(name, "replace")


_WRITTEN: tuple[Callable[[str], bytes], ...] = (
    _encoded("utf-8"),
    _encoded("utf-16"),
    _encoded("utf-32-be"),
    _encoded("cp1258"),
    _encoded("latin-1"),
    _encoded("shift_jis"),
    _encoded("utf-7"),
    lambda text: text.encode("utf-8", "replace").decode("latin-1").encode(),
    lambda text: text.encode("utf-16-le", "replace")[1:],
)
pages = st.builds(lambda text, write: write(text), markup, st.sampled_from(_WRITTEN))
"""The same as bytes, in charsets that they may or may not declare."""

content_types = st.one_of(
    st.none(),
    st.sampled_from(["text/html; charset=utf-16", 'text/html; charset="', "text/html;charset=rot13", "charset=cp037", "text/html; charset=" + "a" * 5000]),
    st.text(max_size=30),
)  # fmt: skip
urls = st.one_of(
    st.none(),
    st.sampled_from(["https://a.vn/tin-2024/01/12/bai.html", "http://[", "urn:sha256:0", "//x", "\x00"]),
)
