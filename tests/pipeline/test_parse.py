"""Pages: what a reader reads below the title, and nothing else."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.crawl.parse import ParseError, decode, parse_html
from pipeline.crawl.sources import Source
from pipeline.demo_sites import DemoSite, load_story
from pipeline.settings import ROOT

LONG = (
    "Trong năm, công đoàn ngành đã tiếp 318 lượt người lao động đến hỏi chuyện lương, bảo hiểm và nhà ở. " * 3
)


def story_files() -> list[Path]:
    own = Path(__file__).parent / "fixtures" / "articles"
    site = ROOT / "corpus" / "sites" / "songtien" / "articles"
    return [*sorted(own.glob("*.txt")), *sorted(site.glob("*.txt"))]


def shown(text: str) -> str:
    """`text` as the dataset keeps it: NFC, nothing invisible, Đ as Đ."""
    return unicodedata.normalize("NFC", re.sub("[\u00ad\u200b]", "", text)).replace("\u00d0", "\u0110")


@pytest.mark.parametrize("with_manifest", [True, False], ids=["by selectors", "by general rules"])
@pytest.mark.parametrize("file", story_files(), ids=lambda path: path.stem)
def test_a_page_gives_back_its_article(
    file: Path, with_manifest: bool, source: Source, tmp_path: Path, site: DemoSite
) -> None:
    story = load_story(file)
    for old in (tmp_path / "articles").iterdir():
        old.unlink()
    (tmp_path / "articles" / file.name).write_bytes(file.read_bytes())
    neighbour = ROOT / "tests" / "pipeline" / "fixtures" / "articles" / "03-cau-moi.txt"
    (tmp_path / "articles" / "neighbour.txt").write_bytes(neighbour.read_bytes())
    rendered = site.render(story.path)
    assert rendered is not None
    article = parse_html(
        rendered[0].encode(), f"{site.base_url}{story.path}", source=source if with_manifest else None
    )
    assert article.title == shown(story.title)
    assert article.lead == shown(story.lead)
    assert article.byline == shown(story.byline)
    assert article.published == story.published.isoformat()
    assert article.modified == story.modified.isoformat()
    expected = [story.lead, *(block.text for block in story.body)]
    assert article.text.split("\n\n") == [" ".join(shown(part).split()) for part in expected]
    assert article.captions == tuple(shown(b.text) for b in story.body if b.kind == "caption")


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        pytest.param(
            f'<div class="post-content"><p>{LONG}</p><div>Khối <b>thi đua</b> số 6</div></div>',
            [LONG.strip(), "Khối thi đua số 6"],
            id="inline marks do not part a sentence",
        ),
        pytest.param(
            f'<table><tr><td id="cot-trai">Liên kết</td><td>{LONG}<br>- Kết nạp 12 đoàn viên<br/><br/>- Tặng 5 suất quà</td></tr></table>',
            [LONG.strip(), "- Kết nạp 12 đoàn viên", "- Tặng 5 suất quà"],
            id="an old page: a layout table, lines between br",
        ),
        pytest.param(
            f"<article><p>{LONG}</p><table><tr><th>Chỉ tiêu</th><th>Kết quả</th></tr>"
            "<tr><td>Đoàn viên mới</td><td>705</td></tr></table></article>",
            [LONG.strip(), "Chỉ tiêu | Kết quả", "Đoàn viên mới | 705"],
            id="a row of a table is one paragraph",
        ),
        pytest.param(
            f"<article><p>{LONG}</p><ul><li>6 tập thể</li><li>11 cá nhân</li></ul></article>",
            [LONG.strip(), "6 tập thể", "11 cá nhân"],
            id="a list of facts stays",
        ),
        pytest.param(
            f'<article><p>{LONG}</p><ul><li><a href="/1">Tin khác một</a></li><li><a href="/2">Tin hai</a></li></ul></article>',
            [LONG.strip()],
            id="a list of links goes",
        ),
        pytest.param(
            f'<article><p>{LONG}</p><p style="display: none">nhà cái uy tín</p><script>var a = "705";</script>'
            '<div class="fb-comments">3 bình luận</div><div class="tin-lien-quan"><p>Trao 9 căn nhà</p></div></article>',
            [LONG.strip()],
            id="hidden text, scripts, comments and related stories go",
        ),
        pytest.param(
            f'<article><p>{LONG}</p><p>Theo <a href="/1">Công đoàn tỉnh</a>, có 4 đơn vị.</p></article>',
            [LONG.strip(), "Theo Công đoàn tỉnh, có 4 đơn vị."],
            id="a link in a sentence stays",
        ),
        pytest.param(
            f"<article><p>{LONG}</p><p>Quận&nbsp;11 có\n 18&#160;đơn vị</p><p>\u00d0o\u00e0n ki\u00adểm tra</p></article>",
            [LONG.strip(), "Quận 11 có 18 đơn vị", "Đoàn kiểm tra"],
            id="blanks, soft hyphens, the wrong Đ",
        ),
    ],
)
def test_general_rules(body: str, paragraphs: list[str]) -> None:
    page = (
        f'<html><body><nav><a href="/">Trang chủ</a></nav>{body}<footer>Lượt xem: 99</footer></body></html>'
    )
    assert parse_html(page.encode()).text.split("\n\n") == paragraphs


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta property="og:title" content="Trao 5 căn nhà | Báo Thử">', "", "Trao 5 căn nhà"),  # the site's name cut
        ('<meta property="og:title" content="Trao nhà - 5 căn - ở Ba Tri">', "", "Trao nhà - 5 căn - ở Ba Tri"),
        ("<title>Trao 5 căn nhà | Báo Thử</title>", "", "Trao 5 căn nhà"),
        ("<title>Báo Thử</title>", "<h1>Trao 5 căn nhà</h1>", "Trao 5 căn nhà"),  # the heading before the window's title
        ("", "", None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Từ JSON"}</script>', "", "Từ JSON"),
        ('<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "Trong @graph"}]}</script>', "", "Trong @graph"),
        ('<script type="application/ld+json">{"@type": "Organization", "headline": "không phải bài"}</script>', "", None),
        ('<script type="application/ld+json">{broken</script>', "<h1>Vẫn đọc được</h1>", "Vẫn đọc được"),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str | None) -> None:
    page = f"<html><head>{head}</head><body>{body}<article><p>{LONG}</p></article></body></html>"
    assert parse_html(page.encode()).title == title


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        ('<span class="date">Thứ Hai, 13/01/2025, 08:15</span>', "2025-01-13T08:15:00+07:00"),
        ('<span class="date">13/01/2027 08:15</span>', None),  # a clock that runs two years ahead
        ('<aside><span class="date">01/01/2025</span></aside>', None),  # another story's date
        ("", None),
    ],
)
def test_dates_without_metadata(markup: str, published: str | None) -> None:
    page = f"<html><body><h1>Tiêu đề</h1>{markup}<article><p>{LONG}</p></article></body></html>"
    assert parse_html(page.encode(), fetched_at=datetime(2025, 1, 14, tzinfo=UTC)).published == published


def test_the_date_below_the_title_goes_before_the_clock_above_it() -> None:
    clock, stamp = '<p class="date">14/01/2025 09:00</p>', '<p class="date">10/01/2025 07:00</p>'
    page = f"<html><body>{clock}<h1>Tiêu đề</h1>{stamp}<article><p>{LONG}</p></article></body></html>"
    assert parse_html(page.encode()).published == "2025-01-10T07:00:00+07:00"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Tổng kết".encode(), "Tổng kết"),
        (b"\xef\xbb\xbf" + "Tổng kết".encode(), "Tổng kết"),  # byte-order mark
        (
            '<meta charset="iso-8859-1">Tổng'.encode(),
            '<meta charset="iso-8859-1">Tổng',
        ),  # says one, is another
        ('<meta charset="windows-1252">caf\u00e9'.encode("cp1252"), '<meta charset="windows-1252">café'),
        ("\u0110o\u00e0n".encode("cp1258"), "Đoàn"),  # the old Vietnamese code page, undeclared
        ('<meta charset="khong-co">\u0110o\u00e0n'.encode("cp1258"), '<meta charset="khong-co">Đoàn'),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    "page", [b"", b"<html><body></body></html>", b"<script>location='/x'</script>", b"<nav>Menu</nav>"]
)
def test_an_empty_page_is_named(page: bytes) -> None:
    with pytest.raises(ParseError, match=r"https://baothu\.vn/a\.html: no running text"):
        parse_html(page, "https://baothu.vn/a.html")
