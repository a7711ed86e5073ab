"""Pages that no browser would draw, through the parser: an article, or a `ParseError`; never another error."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.crawl.parse import ParsedArticle, ParseError, decode, parse_html
from pipeline.crawl.sources import Layout, load_source
from pipeline.settings import ROOT
from tests.fuzz.damage import damaged
from tests.fuzz.markup import content_types, pages, urls
from tests.fuzz.strategies import TIMES, tries

SOUND = sorted((ROOT / "corpus" / "sites").glob("*/articles/*.txt"))[0].read_text(encoding="utf-8")
SOURCE = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml")
LAYOUT = Layout(
    title="h1", body="article, div", byline=".author", drop=["a", "script"], captions="figcaption"
)
SOURCES = st.sampled_from([None, SOURCE, SOURCE.model_copy(update={"layouts": [LAYOUT]})])
FETCHED = datetime(2024, 1, 15, tzinfo=UTC)


def parsed(data: bytes, *told: object) -> ParsedArticle | str:
    """The article, or the reason why there is none; a bad page has no third outcome."""
    url, source, content_type = told
    try:
        return parse_html(data, url, fetched_at=FETCHED, source=source, content_type=content_type)  # type: ignore[arg-type]
    except ParseError as error:
        return error.reason


@pytest.mark.guard("hostile-pages")
@given(pages, urls, SOURCES, content_types)
@tries(60)
def test_any_page_is_an_article_or_none(
    data: bytes, url: object, source: object, content_type: object
) -> None:
    found = parsed(data, url, source, content_type)
    if isinstance(found, ParsedArticle):
        assert found.text.strip()
        assert "\0" not in found.text
        assert unicodedata.is_normalized("NFC", found.text)
        assert found.published is None or found.published[:4].isdigit()
    assert parsed(data, url, source, content_type) == found


PAGE = f"<html><head><meta charset='utf-8'><title>Tin</title></head><body><h1>Tin</h1><article><p>{SOUND}</p></article></body></html>".encode()


@pytest.mark.guard("hostile-pages")
@given(damaged(PAGE), content_types)
@tries(60)
def test_a_damaged_page_is_an_article_or_none(data: bytes, content_type: object) -> None:
    parsed(data, None, None, content_type)


@pytest.mark.guard("hostile-pages")
@given(st.binary(max_size=300), content_types)
@tries(200)
def test_any_bytes_are_text(data: bytes, content_type: str | None) -> None:
    text = decode(data, content_type)
    assert "\0" not in text
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.guard("hostile-pages", "time")
@pytest.mark.parametrize("count", [5_000, *([200_000] if TIMES > 1 else [])])
@pytest.mark.parametrize(
    ("opening", "inside", "closing", "proves"),
    [
        ("<div>", "", "</div>", "elements in elements"),
        ("<div>", "", "", "elements that never close"),
        ("", "</div>", "", "ends of what never began"),
        ("<b><p>", "", "", "elements that may not stand in each other"),
        ("<table><tr><td>", "", "", "tables in tables"),
        ("<span>", "a", "</span>", "words deep inside"),
        ("", "<a href='/x'>Tin</a>", "", "links side by side"),
        ("", "<p>Có 5 đoàn viên.</p>", "", "paragraphs side by side"),
        ("", "<!--", "", "comments that never close"),
        ("", "<script>", "", "scripts that never close"),
        ("", "&#7897;", "", "references to characters"),
        ("", "<br>", "", "breaks of lines"),
        ("", "<meta property='og:title' content='Tin'>", "", "metadata told again and again"),
        ("", "<", "", "angles alone"),
        ("", "<p ", "", "elements that never end"),
        ("", "\x00\ufffd", "", "no text at all"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value.strip("< ") else "",
)  # fmt: skip
def test_a_page_without_measure_is_read(
    opening: str, inside: str, closing: str, proves: str, count: int
) -> None:
    page = f"<html><body><h1>Tin</h1><article><p>{SOUND}</p>{opening * count}{inside if opening else inside * count}{closing * count}"
    found = parsed(page.encode(), None, None, None)
    assert isinstance(found, ParsedArticle), f"{proves}: {found}"
    assert "đoàn viên" in found.text


@pytest.mark.guard("hostile-pages")
@pytest.mark.parametrize(
    ("told", "proves"),
    [
        ('{"@type":"NewsArticle","headline":' + "9" * 5000 + "}", "a number of more digits than Python converts"),
        ('{"@type":"NewsArticle","author":' + '{"name":' * 900 + '"A"' + "}" * 901, "authors in authors"),
        ('{"@type":"NewsArticle","author":' + "[" * 900 + "]" * 900 + "}", "lists in lists"),
        ("[" * 100_000, "lists that never close"),
        ("[" + "[]," * 200_000 + "0]", "a list of more lists than a page has words"),
        ('{"@type":"NewsArticle","datePublished":"9999-12-31T23:59:59-23:59"}', "a moment behind the last"),
        ('{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00+23:59"}', "a moment before the first"),
        ('{"@type":{"a":1},"@graph":{"mainEntity":[[null]]}}', "kinds and graphs that are none"),
        ('{"@type":"NewsArticle","headline":"\\ud800","articleBody":"\\udfff"}', "half characters"),
    ],
    ids=lambda value: value if len(value) < 60 and "{" not in value else "",
)  # fmt: skip
def test_metadata_that_is_a_trap(told: str, proves: str) -> None:
    page = f'<html><head><script type="application/ld+json">{told}</script></head><body><h1>Tin</h1><p>{SOUND}</p></body></html>'
    found = parsed(page.encode(), "https://a.vn/bai", None, None)
    assert isinstance(found, ParsedArticle), proves
    found.text.encode()


@pytest.mark.guard("hostile-pages")
@pytest.mark.parametrize(
    "head",
    [
        '<base href="http://["><link rel="canonical" href="/bai">',
        '<link rel="canonical" href="http://[::1">',
        '<base href="//[x"><meta property="og:url" content="bai">',
        '<base href="\u2100:"><link rel="canonical" href="//a\u2100b.vn/bai">',
    ],
)
def test_an_address_that_is_none_is_left_out(head: str) -> None:
    page = f"<html><head><meta charset='utf-8'>{head}</head><body><h1>Tin</h1><p>{SOUND}</p></body></html>"
    found = parsed(page.encode(), "https://a.vn/bai", None, None)
    assert isinstance(found, ParsedArticle)
    assert found.canonical in {None, "https://a.vn/bai"}
