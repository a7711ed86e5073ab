"""Pages: what a reader reads below the title, and nothing else."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.crawl.parse import ParsedArticle, ParseError, decode, parse_html
from pipeline.crawl.sources import Source

LONG = (
    "Trong năm, công đoàn ngành đã tiếp 318 lượt người lao động đến hỏi chuyện lương, bảo hiểm và nhà ở. " * 3
).strip()
SECOND = "Các tổ tư vấn lưu động mở 26 buổi tại khu nhà trọ, phần nhiều vào tối thứ bảy, để ai đi ca cũng đến được."
FETCHED = datetime(2025, 6, 1, 5, 0, tzinfo=UTC)
URL = "https://baothu.vn/cong-doan/trao-5-can-nha-post77.html"


def source(**fields: Any) -> Source:
    return Source(name="baothu", title="Báo Thử", base_url="https://baothu.vn", feeds=["/rss"], **fields)


def article_page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body><h1>Trao 5 căn nhà</h1><article>{body}</article></body></html>".encode()


def paragraphs(body: str) -> tuple[str, ...]:
    return parse_html(article_page(body)).paragraphs


# --- Whole pages, one of each make


WORDPRESS = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Trao 5 căn nhà - Báo Thử</title>
<meta property="og:site_name" content="Báo Thử"><link rel="canonical" href="/cong-doan/trao-5-can-nha-post77.html">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
  {{"@type": "WebSite", "name": "Báo Thử"}}, {{"@type": "WebPage", "datePublished": "2019-01-01T00:00:00+00:00"}},
  {{"@type": "NewsArticle", "headline": "Trao 5 căn nhà", "description": "Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn.",
   "datePublished": "2025-03-03T08:15:00.000+0700", "dateModified": "2025-03-04T01:00:00Z", "author": {{"@type": "Person", "name": "Ngọc Lam"}}}}]}}</script>
</head><body class="single has-sidebar"><nav class="menu"><a href="/">Trang chủ</a></nav>
<div class="breadcrumbs"><a href="/">Trang chủ</a> » <a href="/cd/">Công đoàn</a> » Trao 5 căn nhà</div>
<article class="post-77 post tag-nha-o"><h1 class="entry-title">Trao 5 căn nhà</h1>
<div class="entry-meta"><time class="entry-date published" datetime="2025-03-03T08:15:00+07:00">03/03/2025</time> <span class="post-views">1.024 lượt xem</span></div>
<div class="entry-content"><p class="sapo"><strong>Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn.</strong></p>
<p>{LONG}</p><p><strong>Xem thêm:</strong> <a href="/x">Khởi công 3 căn nhà ở Tân Thành</a></p>
<figure class="wp-block-image"><img src="a.jpg"><figcaption>Gia đình nhận chìa khóa. Ảnh: NGỌC LAM</figcaption></figure>
<h2>Nhà mới trước mùa mưa</h2><p>{SECOND}</p>
<div class="sharedaddy"><h3>Chia sẻ:</h3><a href="#">Facebook</a></div></div></article>
<div id="comments" class="comments-area"><p>Đọc mà thấy ấm lòng, mong có thêm nhiều căn nhà như vậy ở xã tôi trong năm tới.</p></div>
<footer><p>Giấy phép số 00/GP-THU. Điện thoại: 0000 000 000</p></footer></body></html>"""

TABLES = f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1258">
<TITLE>Trao 5 căn nhà - Công đoàn huyện Thử</TITLE></HEAD><BODY><TABLE><TR><TD COLSPAN="2">Hôm nay: Thứ hai, 12/05/2025</TD></TR>
<TR><TD WIDTH="150"><TABLE><TR><TD><A HREF="a.asp">Trang chủ</A></TD></TR><TR><TD><A HREF="b.asp">Văn bản</A></TD></TR></TABLE></TD>
<TD><TABLE><TR><TD><A HREF="a.asp">Trang chủ</A> » <A HREF="c.asp">Tin tức</A></TD></TR>
<TR><TD><FONT SIZE="4"><B>Trao 5 căn nhà</B></FONT></TD></TR><TR><TD><FONT SIZE="1"><I>Ngày đăng: 3/3/2025 8:15:00 SA</I></FONT></TD></TR>
<TR><TD><FONT><B>Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn, mỗi căn rộng 32 mét vuông.</B></FONT><BR><BR><FONT>{LONG}</FONT><BR><BR>
<TABLE><TR><TD><IMG SRC="a.jpg" WIDTH="400"></TD></TR><TR><TD>Gia đình nhận chìa khóa. Ảnh: NGỌC LAM</TD></TR></TABLE>
<FONT><I>Xem thêm: <A HREF="d.asp">Khởi công 3 căn nhà</A></I></FONT><BR><FONT>{SECOND}</FONT><BR>
<DIV ALIGN="right"><B>Ngọc Lam</B></DIV></TD></TR>
<TR><TD>Số lần xem: 207 <A HREF="javascript:print()">In tin</A> <A HREF="javascript:back()">Quay lại</A></TD></TR>
<TR><TD><B>CÁC TIN KHÁC</B></TD></TR><TR><TD><A HREF="e.asp">Họp mặt đầu xuân ở xã Tân Thành</A> <FONT>(01/02/2025)</FONT></TD></TR></TABLE></TD></TR>
<TR><TD COLSPAN="2">Trang tin công đoàn huyện. Địa chỉ: 34 đường Thử Nghiệm. ĐT: 0000 000 000</TD></TR></TABLE></BODY></HTML>"""

PORTAL = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html amp><head><title>Trao 5 căn nhà | Báo Thử</title>
<meta property="og:title" content="Trao 5 căn nhà"><meta property="og:description" content="Sáng 3/3, công đoàn huyện trao 5 căn nhà">
<meta property="article:published_time" content="2025-03-03T08:15:00"><link rel="canonical" href="https://baothu.vn/trao-nha-cd77.aspx"></head>
<body><form id="aspnetForm" action="./"><input type="hidden" name="__VIEWSTATE" value="x"><span id="lblToday">Thứ hai, 12/05/2025 | 21:30</span>
<div class="menu-main"><ul><li><a href="/">Trang chủ</a></li></ul></div>
<div class="detail-page"><h1 class="detail-title">Trao 5 căn nhà</h1><span class="detail-date">Thứ hai, 03/03/2025 | 08:15</span>
<span>Lượt xem:&nbsp;500</span><a class="btn-print" href="/print">In bài viết</a>
<div class="brief">Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn.</div>
<div class="detail-content"><div>&nbsp;{LONG}</div><p>&nbsp;</p>
<table class="image"><tr><td><img src="a.jpg"></td></tr><tr><td class="image_desc"><em>Gia đình nhận chìa khóa. Ảnh: NGỌC LAM</em></td></tr></table>
<div class="link-content-related"><b>&gt;&gt; Xem thêm:</b> <a href="/y">Khởi công 3 căn nhà</a></div><p>{SECOND}</p></div>
<div class="detail-author">Ngọc Lam</div><div class="tin-lien-quan"><ul><li><a href="/z">Họp mặt</a> <span class="date">(01/02/2025)</span></li></ul></div>
</div></form></body></html>"""

BARE = f"""<html><head><title>Trao 5 căn nhà</title></head><body><h1>Trao 5 căn nhà</h1><p>Đăng lúc: Thứ hai - 03/03/2025 08:15</p>
<p><i>Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn, mỗi căn rộng 32 mét vuông.</i></p><p>{LONG}</p>
<p align="center"><img src="a.jpg"><br><em>Gia đình nhận chìa khóa. Ảnh: NGỌC LAM</em></p><p>{SECOND}</p><p>Tác giả: Ngọc Lam</p></body></html>"""


@pytest.mark.parametrize(
    ("page", "charset", "lead", "body"),
    [
        pytest.param(WORDPRESS, "utf-8", "cho đoàn viên khó khăn.", (LONG, "Nhà mới trước mùa mưa", SECOND), id="WordPress with JSON-LD"),
        pytest.param(TABLES, "cp1258", "mỗi căn rộng 32 mét vuông.", (LONG, SECOND), id="layout tables in windows-1258"),
        pytest.param(PORTAL, "utf-8", "cho đoàn viên khó khăn.", (LONG, SECOND), id="a portal inside one form"),
        pytest.param(BARE, "utf-8", "mỗi căn rộng 32 mét vuông.", (LONG, SECOND), id="no metadata, no classes"),
    ],
)  # fmt: skip
def test_a_page_gives_back_its_article(page: str, charset: str, lead: str, body: tuple[str, ...]) -> None:
    data = old_page(page) if charset == "cp1258" else page.encode(charset)
    article = parse_html(data, URL, fetched_at=FETCHED)
    assert article.title == "Trao 5 căn nhà"
    assert article.lead is not None
    assert article.lead.endswith(lead)
    assert article.paragraphs == body
    assert article.captions == ("Gia đình nhận chìa khóa. Ảnh: NGỌC LAM",)
    assert article.byline == "Ngọc Lam"
    assert article.published == "2025-03-03T08:15:00+07:00"
    assert article.text == "\n\n".join([article.lead, *body])
    assert article.layout is None
    assert unicodedata.is_normalized("NFC", str(asdict(article)))


def old_page(text: str) -> bytes:
    """As windows-1258 has it: letters with a circumflex or breve, then the tone as a character of its own."""
    data = b""
    for char in text:
        try:
            data += char.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            tone = next((mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
            letter = unicodedata.normalize("NFC", marks.replace(tone, "") if tone else marks)
            data += (letter + tone).encode("cp1258", errors="xmlcharrefreplace")
    return data


def test_metadata_fills_the_rest() -> None:
    article = parse_html(WORDPRESS.encode(), URL, source=source())
    assert article.canonical == URL
    assert article.modified == "2025-03-04T01:00:00+00:00"
    assert article.source == "baothu"
    assert article.found_by == {
        "title": "json-ld", "lead": "json-ld", "byline": "json-ld", "published": "json-ld", "modified": "json-ld",
        "canonical": "meta", "body": "general",
    }  # fmt: skip


# --- What is text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f'<div class="post-content"><p>{LONG}</p><div>Khối <b>thi đua</b> số 6</div></div>', (LONG, "Khối thi đua số 6"), id="inline marks do not part a sentence"),
        pytest.param(f'<table><tr><td id="cot-trai">Tuần 12</td><td>{LONG}<br>- Kết nạp 12 đoàn viên<br/><br/>- Tặng 5 suất quà</td></tr></table>', ("Tuần 12", LONG, "- Kết nạp 12 đoàn viên", "- Tặng 5 suất quà"), id="columns of a layout table, lines between br"),
        pytest.param(f"<p>{LONG}</p><table><tr><th>Chỉ tiêu</th><th>Kết quả</th></tr><tr><td><p>Đoàn viên mới</p></td><td><p>705</p></td></tr></table>", (LONG, "Chỉ tiêu | Kết quả", "Đoàn viên mới | 705"), id="a row of a table is one paragraph"),
        pytest.param(f"<p>{LONG}</p><ul><li>6 tập thể</li><li>11 cá nhân</li></ul>", (LONG, "6 tập thể", "11 cá nhân"), id="a list of facts stays"),
        pytest.param(f'<p>{LONG}</p><ul><li><a href="/1">Tin khác một</a></li><li><a href="/2">Tin hai</a></li></ul>', (LONG,), id="a list of links goes"),
        pytest.param(f'<p>{LONG}</p><p style="display: none">nhà cái uy tín</p><p hidden>casino</p><script>var a = "705";</script>', (LONG,), id="hidden text and scripts go"),
        pytest.param(f"<p>{LONG}</p><p>Quận&nbsp;11 có\n 18&#160;đơn vị</p><p>\u00d0o\u00e0n ki\u00adểm tra</p>", (LONG, "Quận 11 có 18 đơn vị", "Đoàn kiểm tra"), id="blanks, soft hyphens, the wrong Đ"),
        pytest.param(f"<p>{LONG}</p><p>{SECOND}</p><p>{LONG}</p>", (LONG, SECOND), id="a paragraph told twice is kept once"),
        pytest.param(f"<p>{LONG}</p><p>Cờ thi đua</p><p>{SECOND}</p><p>Cờ thi đua</p>", (LONG, "Cờ thi đua", SECOND, "Cờ thi đua"), id="a short line may come back"),
        pytest.param(f"<p>TRAO 5 CĂN NHÀ</p><p>{LONG}</p>", (LONG,), id="the title, in capitals, goes"),
        pytest.param(f"<a name='dau'><p>{LONG}</p><p>{SECOND}</p></a>", (LONG, SECOND), id="an anchor around all is no link"),
        pytest.param(f"<p>{LONG}</p><p>&amp;nbsp;&amp;quot;Tổ ấm&amp;quot; &#150; 5 căn</p>", (LONG, '"Tổ ấm" – 5 căn'), id="entities escaped twice, numbers of windows-1252"),
        pytest.param(f"<p>{LONG}</p><p>CÃ´ng Ä‘oÃ n huyá»‡n họp</p>", (LONG, "Công đoàn huyện họp"), id="UTF-8 read as windows-1252 and written again"),
        pytest.param(f"<p>{LONG}</p><p>C«ng ®oµn tØnh</p><p>§oµn viªn míi ®­îc kÕt n¹p trong n¨m</p>", (LONG, "Công đoàn tỉnh", "Đoàn viên mới được kết nạp trong năm"), id="a font's encoding"),
    ],
)  # fmt: skip
def test_running_text(body: str, expected: tuple[str, ...]) -> None:
    assert paragraphs(body) == expected


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Lượt xem: 1.846", False),  # a counter
        ("1.024 lượt xem", False),  # the number in front
        ("Đoạn phim đã có 1.024 lượt xem sau hai ngày.", True),  # a reporter counts
        ("Chia sẻ | Facebook | Zalo | In bài viết | Gửi email", False),  # a bar
        ("Chia sẻ khó khăn với công nhân mất việc là điều công đoàn huyện nghĩ tới đầu tiên.", True),
        ("In bài viết", False),
        ("In bài viết về gương người tốt thành tờ rơi là cách làm của nhà máy.", True),
        ("« Quay lại", False),
        ("Về trang trước", False),
        ("Quay lại xưởng sau Tết, 97% công nhân nhận lì xì.", True),
        ("Trang chủ » Công đoàn » Tin tức", False),  # a path of menus
        ('Xem thêm: <a href="/1">Trao 9 căn nhà ở Ba Tri</a>', False),
        ('<b>&gt;&gt; Đọc thêm:</b> <a href="/1">Trao 9 căn nhà ở Ba Tri</a>', False),
        ("Xem thêm các bảng lương, đoàn viên mới hiểu vì sao tiền tăng ca tháng trước bị thiếu.", True),
        ("Đọc thêm sách là thói quen mới ở khu trọ từ khi có tủ sách công đoàn.", True),
        ('<a href="/1">Trao 9 căn nhà ở Ba Tri cho người khó khăn</a>', False),  # another story's headline
        ('Theo <a href="/1">Công đoàn tỉnh</a>, có 4 đơn vị.', True),  # a link in a sentence
        (f'<a href="/1">{SECOND}</a>', True),  # a whole sentence that is a link
        ("Từ khóa: công đoàn, nhà ở, Ba Tri", False),
        ("Tags: cong doan", False),
        ("Từ khóa của hội nghị năm nay là hai chữ nhà ở.", True),
        ("© 2024 Báo Thử. Giữ bản quyền nội dung.", False),
        ("Bản quyền thuộc về Báo Thử", False),
        ("Bản quyền bài hát được công đoàn mua lại để tập cho đội văn nghệ.", True),
        ("Địa chỉ: 12 đường Thử Nghiệm. Điện thoại: 0000 000 000. Email: a@b.vn", False),  # an imprint
        ("Địa chỉ: khu phố 3 là nơi dựng căn nhà thứ năm.", True),
        ("Bình luận của giám khảo làm cả hội trường cười.", True),
        ("Thứ hai, 03/03/2025 | 08:15", False),  # a stamp below the text
        ("Ngày 03/03/2025 là hạn nộp danh sách.", True),
    ],
)  # fmt: skip
def test_lines_beside_the_article(line: str, kept: bool) -> None:
    found = paragraphs(f"<p>{LONG}</p><p>{SECOND[:-1]} nhé.</p><p>{line}</p>")
    assert found[:2] == (LONG, f"{SECOND[:-1]} nhé.")
    assert (len(found) == 3) is kept


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        pytest.param('<p>CÁC TIN KHÁC</p><p>Họp mặt ở Tân Thành (01/02/2025)</p><p>Hiến máu (02/02/2025)</p>', (), id="headlines without links below a heading"),
        pytest.param(f"<p>Tin liên quan</p><p>Họp mặt</p><p>{SECOND}</p>", (SECOND,), id="a paragraph below it is the article's again"),
        pytest.param("<p>Ý kiến bạn đọc</p><p>Tư Đờn</p><p>Tin hay, mong trang đăng thêm hình của anh em dưới xưởng cho vui cửa vui nhà.</p>", (), id="readers' comments"),
        pytest.param("<p>Ý kiến bạn đọc về giá thuê trọ được ghi vào biên bản.</p>", ("Ý kiến bạn đọc về giá thuê trọ được ghi vào biên bản.",), id="a sentence that begins so"),
        pytest.param('<h3>Tin đọc nhiều trong tuần</h3><p><a href="/1">Họp mặt ở Tân Thành</a></p><p><a href="/2">Hiến máu</a></p>', (), id="a heading of links only"),
        pytest.param(f"<h3>Nhà mới trước mùa mưa</h3><p>{SECOND}</p>", ("Nhà mới trước mùa mưa", SECOND), id="a heading of text"),
    ],
)  # fmt: skip
def test_what_stands_below_the_article(below: str, expected: tuple[str, ...]) -> None:
    assert paragraphs(f"<p>{LONG}</p>{below}") == (LONG, *expected)


def test_a_bar_above_the_text_does_not_end_it() -> None:
    assert paragraphs(f"<p>Bình luận</p><p>Chia sẻ</p><p>{LONG}</p>") == (LONG,)


def test_a_named_wrapper_is_no_furniture() -> None:
    page = f'<body><div class="no-sidebar print-view"><h1>Trao 5 căn nhà</h1><div class="menu"><p>Liên kết</p></div><p>{LONG}</p></div></body>'
    assert parse_html(page.encode()).paragraphs == (LONG,)


CAPTION = "Đoàn chủ tịch hội nghị. Ảnh: HÀ MY"


@pytest.mark.parametrize(
    ("markup", "is_caption"),
    [
        (f'<figure><img src="a"><figcaption>{CAPTION}</figcaption></figure>', True),
        (f'<figure><img src="a"><p>{CAPTION}</p></figure>', True),
        (f'<div class="PhotoCMS_Caption"><p>{CAPTION}</p></div>', True),
        (f'<p class="pCaption">{CAPTION}</p>', True),
        (f'<table><tr><td><img src="a"></td></tr><tr><td>{CAPTION}</td></tr></table>', True),
        (f'<table><tr><td>{CAPTION}</td></tr><tr><td><img src="a"></td></tr></table>', False),  # words above an image
        (f'<p><img src="a"></p><p><em>{CAPTION}</em></p>', True),
        (f'<p align="center"><img src="a"><br><em>{CAPTION}</em></p>', True),
        ('<p><img src="a"></p><p style="text-align:center"><em>Đoàn chủ tịch hội nghị</em></p>', True),  # no credit, but set like one
        ('<p><img src="a"></p><p><em>Đoàn chủ tịch hội nghị</em></p>', False),  # words in italics
        (f"<p><em>{CAPTION}</em></p>", False),  # no image before it
        (f'<p><img src="a"></p><p>{SECOND}</p><p><em>{CAPTION}</em></p>', False),  # nor right before it
        (f'<p><img src="dot.gif" width="5"></p><p>{CAPTION}</p>', False),  # a bullet is no image
    ],
)  # fmt: skip
def test_captions_stand_apart(markup: str, is_caption: bool) -> None:
    article = parse_html(article_page(f"<p>{LONG}</p>{markup}<p>Công đoàn huyện cảm ơn các nhà hảo tâm.</p>"))
    assert bool(article.captions) is is_caption
    assert (article.text.count("Đoàn chủ tịch") == 0) is is_caption


# --- Title, lead, byline, address


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ('<meta property="og:title" content="Trao 5 căn nhà | Báo Thử">', "", "Trao 5 căn nhà"),  # the site's name cut
        ('<meta property="og:title" content="Trao nhà - 5 căn - ở Ba Tri">', "", "Trao nhà - 5 căn - ở Ba Tri"),
        ('<meta property="og:site_name" content="Thử Mới"><meta property="og:title" content="Trao 5 căn nhà - Thử Mới">', "", "Trao 5 căn nhà"),
        ('<meta property="og:title" content="Trao 5 căn nhà ở xã…">', "<h1>Trao 5 căn nhà ở xã Tân Thành</h1>", "Trao 5 căn nhà ở xã Tân Thành"),  # cut short
        ('<meta property="og:title" content="Báo Thử"><meta property="og:site_name" content="Báo Thử">', "<h1>Trao 5 căn nhà</h1>", "Trao 5 căn nhà"),  # the same on every page
        ('<meta property="og:title" content="&amp;#8220;Tổ ấm&amp;#8221; mới">', "", "“Tổ ấm” mới"),  # entities escaped twice
        ("<title>Trao 5 căn nhà | Báo Thử</title>", "", "Trao 5 căn nhà"),
        ("<title>Trao 5 căn nhà - Công đoàn huyện</title>", "<p>Trao 5 căn nhà</p>", "Trao 5 căn nhà"),  # the page shows it without
        ("<title>Báo Thử</title>", "<h1>Trao 5 căn nhà</h1>", "Trao 5 căn nhà"),  # the heading before the window's title
        ("<title>Báo Thử</title>", '<h1><a href="/">Báo Thử</a></h1><h1>Trao 5 căn nhà</h1>', "Trao 5 căn nhà"),  # a logo in a heading
        ("<title>Báo Thử</title>", '<div class="tieude">Trao 5 căn nhà</div>', "Trao 5 căn nhà"),  # named, not marked
        ("", "", None),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Từ JSON"}</script>', "", "Từ JSON"),
        ('<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "headline": "Trong @graph"}]}</script>', "", "Trong @graph"),
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Dấu phẩy thừa",}</script>', "", "Dấu phẩy thừa"),
        ('<script type="application/ld+json">{"@type": "Organization", "headline": "không phải bài"}</script>', "", None),
        ('<script type="application/ld+json">{broken</script>', "<h1>Vẫn đọc được</h1>", "Vẫn đọc được"),
    ],
)  # fmt: skip
def test_titles(head: str, body: str, title: str | None) -> None:
    page = f"<html><head>{head}</head><body>{body}<article><p>{LONG}</p></article></body></html>"
    assert parse_html(page.encode()).title == title


TOLD = "Sáng 3/3, công đoàn huyện trao 5 căn nhà cho đoàn viên khó khăn nhất của ba xã ven biển trong huyện."


@pytest.mark.parametrize(
    ("head", "body", "lead", "how"),
    [
        ("", f'<div class="sapo">{TOLD}</div><div class="noidung"><p>{LONG}</p></div>', TOLD, "general"),
        ("", f"<p><b>{TOLD}</b></p><p>{LONG}</p>", TOLD, "general"),  # bold and alone so
        ("", f"<p>{TOLD}</p><p>{LONG}</p>", None, None),
        ("", f"<p><b>{TOLD}</b></p><p><b>{LONG}</b></p>", None, None),  # all is bold
        (f'<meta name="description" content="{TOLD[:60]}...">', f"<p>{TOLD}</p><p>{LONG}</p>", TOLD, "meta"),  # cut in metadata
        ('<meta name="description" content="Trang tin của công đoàn huyện, cập nhật mỗi ngày.">', f"<p>{TOLD}</p><p>{LONG}</p>", None, None),  # readers do not see it
    ],
)  # fmt: skip
def test_a_lead_is_what_readers_see(head: str, body: str, lead: str | None, how: str | None) -> None:
    article = parse_html(article_page(body, head))
    assert (article.lead, article.found_by.get("lead")) == (lead, how)
    assert article.text.count(TOLD) == body.count(TOLD)
    assert article.paragraphs[-1] == LONG


@pytest.mark.parametrize(
    ("head", "below", "byline"),
    [
        ('<meta name="author" content="Ngọc Lam">', "", "Ngọc Lam"),
        ('<meta name="author" content="admin">', '<p class="tac-gia">Tác giả: Ngọc Lam</p>', "Ngọc Lam"),  # who put it in
        ('<meta property="article:author" content="https://facebook.com/baothu">', "", None),
        ('<script type="application/ld+json">{"@type": "Article", "author": {"@type": "Organization", "name": "Báo Thử"}}</script>', "", None),
        ('<script type="application/ld+json">{"@type": "Article", "author": [{"name": "Ngọc Lam"}, {"name": "Hà My"}]}</script>', "", "Ngọc Lam, Hà My"),
        ("", '<p style="text-align: right">Ngọc Lam</p>', "Ngọc Lam"),
        ("", "<p>Tin, ảnh: Ngọc Lam - Hà My</p>", "Ngọc Lam - Hà My"),
        ("", "<p>Ngọc Lam</p>", None),  # a name, but not set like a byline
        ("", '<p style="text-align: right">Trao 5 căn nhà mới</p>', None),  # set like one, but no name
    ],
)  # fmt: skip
def test_bylines(head: str, below: str, byline: str | None) -> None:
    assert parse_html(article_page(f"<p>{LONG}</p>{below}", head)).byline == byline


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        ('<link rel="canonical" href="https://baothu.vn/a.html">', URL, "https://baothu.vn/a.html"),
        ('<link rel="canonical" href="/a.html">', URL, "https://baothu.vn/a.html"),  # relative to the page
        ('<link rel="canonical" href="/a.html">', None, None),  # relative to nothing
        ('<meta property="og:url" content="https://baothu.vn/b.html">', URL, "https://baothu.vn/b.html"),
        ('<link rel="canonical" href="https://baothu.vn/"><meta property="og:url" content="https://baothu.vn/b.html">', URL, "https://baothu.vn/b.html"),  # a front page on every page
        ('<link rel="canonical" href="http://[">', URL, None),
        ('<link rel="canonical" href="javascript:void(0)">', URL, None),
        ("", URL, None),
    ],
)  # fmt: skip
def test_canonical(head: str, url: str | None, canonical: str | None) -> None:
    assert parse_html(article_page(f"<p>{LONG}</p>", head), url).canonical == canonical


# --- Dates


@pytest.mark.parametrize(
    ("markup", "published"),
    [
        ('<span class="date">Thứ Hai, 13/01/2025, 08:15</span>', "2025-01-13T08:15:00+07:00"),
        ("<p>Đăng ngày 13/01/2025</p>", "2025-01-13"),  # no class, but a line of its own
        ('<span class="date">13/01/2027 08:15</span>', None),  # a clock that runs two years ahead
        ('<aside><span class="date">01/01/2025</span></aside>', None),  # another story's date
        ("<p>Hôm nay: Thứ Ba, 14/01/2025</p>", None),
        ("", None),
    ],
)
def test_dates_without_metadata(markup: str, published: str | None) -> None:
    page = f"<html><body><h1>Tiêu đề</h1>{markup}<article><p>{LONG}</p></article></body></html>"
    assert parse_html(page.encode(), fetched_at=datetime(2025, 1, 14, tzinfo=UTC)).published == published


@pytest.mark.parametrize(
    ("above", "below", "published"),
    [
        ('<div><p class="date">14/01/2025 09:00</p></div>', '<p class="date">10/01/2025 07:00</p>', "2025-01-10T07:00:00+07:00"),  # the one below goes first
        ('<div><p class="date">14/01/2025 09:00</p></div>', "", None),  # the day of fetching, far above the title
        ('<div><p class="date">12/01/2025 09:00</p></div>', "", "2025-01-12T09:00:00+07:00"),  # another day is no clock
    ],
)  # fmt: skip
def test_the_clock_above_the_title(above: str, below: str, published: str | None) -> None:
    page = f"<html><body>{above}<main><h1>Tiêu đề</h1>{below}<article><p>{LONG}</p></article></main></body></html>"
    assert parse_html(page.encode(), fetched_at=datetime(2025, 1, 14, 5, tzinfo=UTC)).published == published


META = '<meta property="article:published_time" content="2025-03-01T10:00:00+07:00">'
SHOWN = '<span class="date">02/03/2025 11:00</span>'
CHANGED = '<span class="date">Cập nhật lúc 12:00, ngày 05/03/2025</span>'
BY_URL = {"url": r"/(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)/"}


@pytest.mark.parametrize(
    ("rule", "head", "markup", "published", "modified", "how"),
    [
        ({}, META, SHOWN, "2025-03-01T10:00:00+07:00", None, "meta"),
        ({"first": "page"}, META, SHOWN, "2025-03-02T11:00:00+07:00", None, "page stamp"),
        ({"first": "page"}, META, "", "2025-03-01T10:00:00+07:00", None, "meta"),  # the others follow
        ({"first": "url", **BY_URL}, META, SHOWN, "2025-03-03", None, "url"),
        (BY_URL, "", "", "2025-03-03", None, "url"),
        ({"first": "url", **BY_URL}, "", '<span class="date">03/03/2025 11:00</span>', "2025-03-03T11:00:00+07:00", None, "page stamp"),  # the same day, with its clock
        ({}, "", CHANGED, "2025-03-05T12:00:00+07:00", None, "page stamp"),  # a change is a date where nothing else is
        ({}, "", SHOWN + CHANGED, "2025-03-02T11:00:00+07:00", "2025-03-05T12:00:00+07:00", "page stamp"),
        ({"first": "page"}, META, CHANGED, "2025-03-01T10:00:00+07:00", "2025-03-05T12:00:00+07:00", "meta"),
        ({"day_first": False}, "", SHOWN, "2025-02-03T11:00:00+07:00", None, "page stamp"),
        ({"offset": "+00:00"}, "", SHOWN, "2025-03-02T11:00:00+00:00", None, "page stamp"),
        ({}, META + '<meta property="article:modified_time" content="2024-01-01T00:00:00+07:00">', "", "2025-03-01T10:00:00+07:00", None, "meta"),  # changed before it was there
        ({"first": "url", "url": r"/tin-(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"}, META, "", "2025-03-01T10:00:00+07:00", None, "meta"),  # a rule that does not fit
    ],
)  # fmt: skip
def test_date_rules(
    rule: dict[str, Any], head: str, markup: str, published: str, modified: str | None, how: str
) -> None:
    page = f"<html><head>{head}</head><body><h1>Tiêu đề</h1>{markup}<article><p>{LONG}</p></article></body></html>"
    url = "https://baothu.vn/2025/03/03/trao-nha.html"
    article = parse_html(page.encode(), url, fetched_at=FETCHED, source=source(dates=rule))
    assert (article.published, article.modified, article.found_by["published"]) == (published, modified, how)


# --- Layouts


OLD = {"until": "2018-06-30", "body": "td.noidung", "title": "td.tieude"}
NEW = {
    "since": "2018-07-01",
    "body": ".article__body",
    "lead": ".article__sapo",
    "drop": [".box"],
    "captions": ".anh",
}
ANY = {"body": ".khung"}


@pytest.mark.parametrize(
    ("layouts", "published", "body", "index", "expected"),
    [
        ([OLD, NEW], "2025-03-01", f'<div class="article__body"><p>{LONG}</p></div>', 1, (LONG,)),
        ([OLD, NEW], "2015-03-01", f'<table><tr><td class="noidung">{LONG}</td></tr></table>', 0, (LONG,)),
        ([OLD, NEW], "2025-03-01", f'<table><tr><td class="noidung">{LONG}</td></tr></table>', None, (LONG,)),  # that layout's time is over
        ([OLD, NEW], "", f'<table><tr><td class="noidung">{LONG}</td></tr></table>', 0, (LONG,)),  # no date: any may serve
        ([OLD, NEW], "2025-03-01", f"<section><p>{LONG}</p></section>", None, (LONG,)),  # the site's markup changed
        ([NEW], "2025-03-01", f'<div class="article__body"> </div><section><p>{LONG}</p></section>', None, (LONG,)),  # no text in it
        ([NEW], "2025-03-01", f'<div class="article__body"><p>1.024 lượt xem</p></div><section><p>{LONG}</p></section>', None, (LONG,)),  # furniture only
        ([ANY, NEW], "2025-03-01", f'<div class="article__body"><p>{LONG}</p></div><div class="khung"><p>{SECOND}</p></div>', 0, (SECOND,)),  # the manifest's order
        ([NEW], "2025-03-01", f'<div class="article__body"><p>{LONG}</p><p class="box">Trao 9 căn nhà.</p><p class="anh">Lễ trao nhà</p></div>', 0, (LONG,)),
        ([{"title": "h2.ten"}], "2025-03-01", f"<section><p>{LONG}</p></section>", None, (LONG,)),  # names no body
        ([], "2025-03-01", f"<section><p>{LONG}</p></section>", None, (LONG,)),
    ],
)  # fmt: skip
def test_layouts(
    layouts: list[Mapping[str, Any]], published: str, body: str, index: int | None, expected: tuple[str, ...]
) -> None:
    head = f'<meta property="article:published_time" content="{published}">' if published else ""
    page = f"<html><head>{head}</head><body><h1>Trao 5 căn nhà</h1>{body}</body></html>"
    article = parse_html(page.encode(), URL, source=source(layouts=layouts))
    assert (article.layout, article.paragraphs) == (index, expected)
    assert article.found_by["body"] == ("general" if index is None else "layout")


def test_a_layouts_selectors_name_each_field() -> None:
    page = f"""<body><h3 class="ten">Trao 5 căn nhà</h3><div class="gio">Ngày đăng: 03/03/2025 08:15 - Cập nhật: 04/03/2025</div><div class="mo">{TOLD}</div>
    <div class="than"><p>{TOLD}</p><p>{LONG}</p><p class="anh">Lễ trao nhà</p></div><i class="ai">Bài: Ngọc Lam</i></body>"""
    layout = {"title": ".ten", "published": ".gio", "lead": ".mo", "body": "div.than", "byline": "i.ai", "captions": "p.anh"}  # fmt: skip
    article = parse_html(page.encode(), URL, source=source(layouts=[layout]))
    assert article == ParsedArticle(
        url=URL, title="Trao 5 căn nhà", lead=TOLD, byline="Ngọc Lam", published="2025-03-03T08:15:00+07:00",
        modified="2025-03-04", source="baothu", text=f"{TOLD}\n\n{LONG}", captions=("Lễ trao nhà",), paragraphs=(LONG,), layout=0,
        found_by=dict.fromkeys(("body", "title", "lead", "byline", "published", "modified"), "layout"),
    )  # fmt: skip


# --- Charsets


@pytest.mark.parametrize(
    ("data", "header", "text"),
    [
        ("Tổng kết".encode(), None, "Tổng kết"),
        (b"\xef\xbb\xbf" + "Tổng kết".encode(), None, "Tổng kết"),  # byte-order mark
        ("Tổng kết".encode("utf-16"), None, "Tổng kết"),  # UTF-16 with its mark
        ("Tổng kết".encode("utf-16"), "text/html; charset=utf-8", "Tổng kết"),  # the mark outranks the header
        ("<p>Họp tổng kết năm</p>".encode("utf-16-le"), None, "<p>Họp tổng kết năm</p>"),  # without its mark
        ('<meta charset="iso-8859-1">Tổng'.encode(), "text/html; charset=iso-8859-1", '<meta charset="iso-8859-1">Tổng'),  # says one, is UTF-8
        ('<meta charset="windows-1252">café'.encode("cp1252"), None, '<meta charset="windows-1252">café'),
        ("Đoàn".encode("cp1258"), None, "Đoàn"),  # the old Vietnamese code page, undeclared
        (old_page("Hội nghị người lao động"), "text/html; charset=windows-1258", "Hội nghị người lao động"),  # tones composed
        (old_page("Hội nghị người lao động"), "text/html; charset=iso-8859-1", "Hội nghị người lao động"),  # wrongly declared
        (old_page("Hội nghị người lao động"), "text/html; charset=gbk", "Hội nghị người lao động"),  # very wrongly
        (old_page('<meta charset="khong-co">Hội nghị'), None, '<meta charset="khong-co">Hội nghị'),  # no such charset
        (old_page('<meta charset="unicode_escape">Hội nghị'), None, '<meta charset="unicode_escape">Hội nghị'),  # none that a page has
        ("C«ng ®oµn tØnh häp bµn".encode("latin-1"), None, "Công đoàn tỉnh họp bàn"),  # a font's encoding
        ("Công đoàn huyện họp tổng kết năm".encode() + b"\xe1\xbb", "text/html", "Công đoàn huyện họp tổng kết năm"),  # cut in the middle of a letter
        (b"Cong\0 doan", None, "Cong doan"),  # NUL ends a document
    ],
)  # fmt: skip
def test_decode(data: bytes, header: str | None, text: str) -> None:
    assert decode(data, header) == text


def test_a_wrong_header_does_not_destroy_an_article() -> None:
    article = parse_html(old_page(TABLES), URL, content_type="text/html; charset=iso-8859-1")
    assert article.paragraphs == (LONG, SECOND)


# --- No article


CHROME = '<nav><a href="/">Trang chủ</a> <a href="/cd">Công đoàn</a></nav><footer><p>Giấy phép số 00/GP-THU của cơ quan quản lý, cấp lại năm 2020.</p></footer>'
REPORT = "Sáng 3/3, công đoàn huyện trao 5 căn nhà. Mỗi căn trị giá 60 triệu đồng, do đoàn viên góp."


@pytest.mark.parametrize(
    ("page", "reason", "words"),
    [
        ("", "empty", "no running text"),
        ("chữ không có thẻ", "empty", "no running text"),
        ("<html><body></body></html>", "empty", "no running text"),
        ('<div id="root"></div><noscript>Bạn cần bật JavaScript.</noscript><script src="/main.js"></script>', "empty", "script"),
        ("<nav>Menu</nav>", "empty", "no running text"),
        ("<title>Just a moment...</title><p>Đang kiểm tra trình duyệt của bạn. Vui lòng đợi trong giây lát để được chuyển đến trang mà bạn muốn xem.</p>", "challenge", "robots"),
        ("<p>Vui lòng xác minh bạn không phải là người máy.</p>", "challenge", "robots"),
        ('<script>document.cookie="D1N=abc; path=/";window.location.reload(true);</script>', "challenge", "robots"),
        ('<html><head><meta http-equiv="refresh" content="0; url=/?x=1"></head><body>Đang chuyển…</body></html>', "challenge", "robots"),
        ("<script>window._cf_chl_opt={};</script><p>Chờ chút</p>", "challenge", "robots"),
        ("<title>Không tìm thấy trang | Báo Thử</title><h1>Ối</h1>", "not_found", "no such article"),
        (f"{CHROME}<h2>Bài viết không tồn tại hoặc đã bị xóa.</h2><p>{SECOND}</p>", "not_found", "no such article"),
        (f"<h1>404</h1><p>Trang bạn yêu cầu không tồn tại.</p>{CHROME}", "not_found", "no such article"),
        ("<title>Đăng nhập</title><form><p>Tên đăng nhập</p><input name=u><input type=password name=p></form>", "no_article", "login"),
        ("<ul>" + '<li><a href="/a">Công đoàn huyện trao 5 căn nhà cho đoàn viên</a></li>' * 12 + "</ul>", "no_article", "links"),
        ("".join(f'<div><h3><a href="/{n}">Công đoàn xã số {n} trao nhà cho đoàn viên</a></h3><p>{SECOND[: 70 + n]}</p></div>' for n in range(6)), "no_article", "list of links"),
        ("<h1>Trao 5 căn nhà</h1><p>Nội dung đang được cập nhật.</p><p>Mời bạn quay lại.</p>", "no_article", "80 characters"),
    ],
)  # fmt: skip
def test_pages_without_an_article(page: str, reason: str, words: str) -> None:
    with pytest.raises(ParseError, match=rf"https://baothu\.vn/a\.html: .*{words}") as caught:
        parse_html(page.encode(), "https://baothu.vn/a.html")
    assert caught.value.reason == reason
    assert pickle.loads(pickle.dumps(caught.value)).reason == reason


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(f"<h1>Trao 5 căn nhà</h1><p>{REPORT}</p>", id="two sentences"),
        pytest.param(f'<html><head><meta http-equiv="refresh" content="1800"></head><body><p>{LONG}</p></body></html>', id="a page that renews itself"),
        pytest.param(f'<p>{LONG}</p><script>document.cookie="a=1"; function x() {{ location.reload() }}</script>', id="a script that does so for another end"),
        pytest.param(f"<h1>Không tìm thấy trang phục bảo hộ vừa cỡ</h1><p>{LONG}</p>", id="a headline that begins like a notice"),
        pytest.param(f"<p>{REPORT}</p><p>Nhiều người nhận tin nhắn giả: vui lòng xác minh tài khoản, kẻo mất tiền.</p>", id="a report about such notices"),
        pytest.param(f"<p>{LONG}</p><form><input type=password></form>", id="a login form in a corner"),
        pytest.param(f"<p>{LONG}</p><p>{SECOND}</p>" + "".join(f'<h3><a href="/{n}">Công đoàn xã số {n} trao nhà cho đoàn viên</a></h3>' for n in range(2)), id="links to other stories below"),
        pytest.param('<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "' + LONG + '"}</script><div id="app"></div>', id="a body in JSON-LD only"),
    ],
)  # fmt: skip
def test_pages_that_look_like_none(page: str) -> None:
    assert len(parse_html(page.encode()).text) >= 80


def test_thousands_of_open_elements_are_no_trouble() -> None:
    page = "<html><body><h1>Trao 5 căn nhà</h1>" + "<div><font>" * 2000 + f"<p>{LONG}</p>"
    assert parse_html(page.encode()).text == LONG
