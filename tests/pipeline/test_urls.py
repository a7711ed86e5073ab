"""One spelling a page, and one URL for an article whatever twin shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.crawl.urls import URLError, article_url, canonical_url

A = "https://baothu.vn/cong-doan/bai-1.html"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        pytest.param("HTTPS://BaoThu.VN/cong-doan/bai-1.html", A, id="case of scheme and host"),
        pytest.param("https://baothu.vn/Bai-A.html", "https://baothu.vn/Bai-A.html", id="a path keeps its case"),
        pytest.param("https://baothu.vn", "https://baothu.vn/", id="no path is the root"),
        pytest.param("https://baothu.vn./a", "https://baothu.vn/a", id="a root dot behind the name"),
        # Ports
        pytest.param("https://baothu.vn:443/a", "https://baothu.vn/a", id="default port of https"),
        pytest.param("http://baothu.vn:80/a", "http://baothu.vn/a", id="default port of http"),
        pytest.param("https://baothu.vn:80/a", "https://baothu.vn:80/a", id="http's port under https is another"),
        pytest.param("http://127.0.0.1:8765/a", "http://127.0.0.1:8765/a", id="another port is another site"),
        pytest.param("http://[::1]:8765/a", "http://[::1]:8765/a", id="an IPv6 address"),
        # Paths
        pytest.param(f"{A}#binh-luan", A, id="fragment"),
        pytest.param("https://baothu.vn/tin/../cong-doan/./bai-1.html", A, id="dots"),
        pytest.param("https://baothu.vn/../../cong-doan/bai-1.html", A, id="dots above the root"),
        pytest.param("https://baothu.vn//cong-doan//bai-1.html", A, id="doubled slashes"),
        pytest.param("https://baothu.vn/cong-doan", "https://baothu.vn/cong-doan", id="no slash is put behind"),
        pytest.param("https://baothu.vn/cong-doan/", "https://baothu.vn/cong-doan/", id="and none is taken away"),
        # Encodings
        pytest.param("https://baothu.vn/tổng.html", "https://baothu.vn/t%E1%BB%95ng.html", id="encoded once"),
        pytest.param("https://baothu.vn/t%E1%BB%95ng.html", "https://baothu.vn/t%E1%BB%95ng.html", id="not twice"),
        pytest.param("https://baothu.vn/t%e1%bb%95ng.html", "https://baothu.vn/t%E1%BB%95ng.html", id="case of hex"),
        pytest.param("https://baothu.vn/%7Ebao/%61.html", "https://baothu.vn/~bao/a.html", id="needlessly encoded"),
        pytest.param("https://baothu.vn/a%2Fb.html", "https://baothu.vn/a%2Fb.html", id="a slash that is none"),
        pytest.param("https://baothu.vn/to\u0302.html", "https://baothu.vn/t%C3%B4.html", id="loose accents"),
        pytest.param("https://baothu.vn/50%.html", "https://baothu.vn/50%25.html", id="a percent sign that is one"),
        pytest.param("https://báothử.vn/a", "https://xn--both-5na9627b.vn/a", id="an IDN host"),
        pytest.param("https://XN--BOTH-5NA9627B.vn/a", "https://xn--both-5na9627b.vn/a", id="an IDN host in ASCII"),
        # Queries
        pytest.param(f"{A}?utm_source=zalo&fbclid=x", A, id="tracking"),
        pytest.param(f"{A}?UTM_Source=zalo&zarsrc=30", A, id="tracking in capitals"),
        pytest.param("https://baothu.vn/?p=12&utm_medium=rss", "https://baothu.vn/?p=12", id="id beside tracking"),
        pytest.param("https://baothu.vn/tin.asp?id=201", "https://baothu.vn/tin.asp?id=201", id="an article's id"),
        pytest.param("https://baothu.vn/?b=2&a=1", "https://baothu.vn/?b=2&a=1", id="order of a query"),
        pytest.param("https://baothu.vn/?id=", "https://baothu.vn/?id=", id="an empty value"),
        pytest.param("https://baothu.vn/?201", "https://baothu.vn/?201", id="a query without names"),
        pytest.param("https://baothu.vn/?&&id=1&", "https://baothu.vn/?id=1", id="empty pieces"),
        pytest.param("https://baothu.vn/a?", "https://baothu.vn/a", id="an empty query"),
        pytest.param("https://baothu.vn/?reference=5", "https://baothu.vn/?reference=5", id="looks like ref"),
        pytest.param("https://baothu.vn/?a=x%26utm_source", "https://baothu.vn/?a=x%26utm_source", id="a value"),
        # As pages print them
        pytest.param("https://baothu.vn/?id=1&amp;so=2", "https://baothu.vn/?id=1&so=2", id="&amp; escaped twice"),
        pytest.param("https://baothu.vn/cong-doan\r\n/bai-\t1.html", A, id="line breaks and tabs inside"),
        pytest.param(f"  {A}\n", A, id="blanks around"),
        pytest.param("https://baothu.vn/bai 1.html", "https://baothu.vn/bai%201.html", id="a blank inside"),
    ],
)  # fmt: skip
def test_canonical_url(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="blanks"),
        pytest.param("#top", id="a fragment alone"),
        pytest.param("/cong-doan/bai-1.html", id="a path alone"),
        pytest.param("?page=2", id="a query alone"),
        pytest.param("mailto:toasoan@baothu.vn", id="mail"),
        pytest.param("tel:+842733872222", id="telephone"),
        pytest.param("javascript:void(0)", id="script"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("ftp://baothu.vn/a", id="another protocol"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("http://[", id="half an IPv6 address"),
        pytest.param("http://", id="no host"),
        pytest.param("https://bao thu.vn/", id="a blank in the host"),
        pytest.param("https://baothu.vn\\khac.vn/", id="a backslash in the host"),
        pytest.param("https://baothu.vn:abc/", id="a port that is no number"),
        pytest.param("https://baothu.vn:99999/", id="a port that there is not"),
        pytest.param(f"https://{'a' * 64}.vn/", id="a label too long for DNS"),
        pytest.param("https://ba\u200bo\ud800.vn/", id="half a surrogate pair"),
    ],
)
@pytest.mark.parametrize("function", [canonical_url, article_url])
def test_what_is_no_web_address(written: str, function: object) -> None:
    with pytest.raises(URLError, match="is no web address"):
        function(written)  # type: ignore[operator]


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param("https://baothu.vn/amp/cong-doan/bai-1.html", id="amp before"),
        pytest.param("https://baothu.vn/cong-doan/amp/bai-1.html", id="amp between"),
        pytest.param("https://baothu.vn/cong-doan/bai-1.html/amp", id="amp behind"),
        pytest.param("https://baothu.vn/cong-doan/bai-1.html/AMP", id="in capitals"),
        pytest.param("https://baothu.vn/cong-doan/bai-1.amp.html", id="amp as an ending"),
        pytest.param("https://baothu.vn/cong-doan/bai-1-amp.html", id="amp in the name"),
        pytest.param("https://baothu.vn/cong-doan/bai-1.html.amp", id="amp behind the ending"),
        pytest.param(f"{A}?amp", id="amp as a bare parameter"),
        pytest.param(f"{A}?amp=1", id="amp as a parameter"),
        pytest.param(f"{A}?outputType=amp", id="amp as the output"),
        pytest.param("https://baothu.vn/print/cong-doan/bai-1.html", id="print before"),
        pytest.param("https://baothu.vn/cong-doan/bai-1-print.html", id="print in the name"),
        pytest.param("https://baothu.vn/in-bai/cong-doan/bai-1.html", id="in bài"),
        pytest.param("https://baothu.vn/ban-in/cong-doan/bai-1.html", id="bản in"),
        pytest.param(f"{A}?print=1", id="print as a parameter"),
        pytest.param(f"{A}?view=print&tmpl=component", id="Joomla's print view"),
        pytest.param("https://baothu.vn/mobile/cong-doan/bai-1.html", id="mobile before"),
        pytest.param(f"{A}?m=1", id="mobile as a parameter"),
        pytest.param(f"{A}?mobile=yes&utm_source=zalo", id="mobile beside tracking"),
        pytest.param("https://baothu.vn/amp/cong-doan/bai-1-print.amp.html?print=1", id="twin of a twin"),
    ],
)
def test_a_twin_gives_the_article(twin: str) -> None:
    assert article_url(twin) == A
    assert article_url(A) == A


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://baothu.vn/amphitheatre/bai-1.html", id="a word that begins so"),
        pytest.param("https://baothu.vn/campus/bai-1.html", id="a word that holds it"),
        pytest.param("https://baothu.vn/champ/bai-1.html", id="a word that ends so"),
        pytest.param("https://baothu.vn/hoi-nghi-print-media-2024.html", id="print inside a headline"),
        pytest.param("https://baothu.vn/amp-cong-doan-1.html", id="amp begins a headline"),
        pytest.param("https://baothu.vn/bai-1-camp.html", id="a headline's last word ends so"),
        pytest.param("https://baothu.vn/in-an/bai-1.html", id="the printing trade"),
        pytest.param("https://baothu.vn/bai-1-print-2024.html", id="a number behind it"),
        pytest.param("https://baothu.vn/?id=1&m=2", id="m is mobile only as 1"),
        pytest.param("https://baothu.vn/?id=1&view=detail", id="another view"),
        pytest.param("https://baothu.vn/?output=1", id="another output"),
        pytest.param("https://baothu.vn/?id=1&printer=hp", id="a parameter that begins so"),
        pytest.param("https://baothu.vn/tin.asp?id=201", id="an id"),
    ],
)
def test_what_only_looks_like_a_twin(url: str) -> None:
    assert article_url(url) == url


@pytest.mark.parametrize(
    ("page", "dress"),
    [
        pytest.param("https://baothu.vn/tin.asp?id=201", "&print=1", id="an id"),
        pytest.param("https://baothu.vn/tin.asp?201", "&print=1", id="a query without names"),
        pytest.param("https://baothu.vn/tin.asp?ten=tong+ket", "&m=1", id="a blank written as plus"),
        pytest.param(
            "https://baothu.vn/tin.asp?ten=t%E1%BB%95ng:k%E1%BA%BFt", "&amp=1", id="encoded letters"
        ),
    ],
)
def test_the_rest_of_a_twin_s_query_keeps_its_spelling(page: str, dress: str) -> None:
    assert article_url(page + dress) == article_url(page) == page


# What pages print where a URL belongs: pieces of URLs in disorder, and anything at all.
_PIECES = st.text(alphabet="aB1-._~/?#&=;:@%+ ()'\"|\\[]éễ\u0301\u00ad\u200bamprint\n", max_size=25)
_STARTS = st.sampled_from(["https://baothu.vn/", "http://BaoThu.vn", "https://báo.vn/", "", "//"])


@hypothesis_settings(max_examples=250, deadline=None, database=None, derandomize=True)
@given(_STARTS, st.one_of(_PIECES, st.text(max_size=20)))
def test_canonicalising_twice_changes_nothing(start: str, rest: str) -> None:
    for function in (canonical_url, article_url):
        try:
            once = function(start + rest)
        except URLError:
            continue
        assert function(once) == once
        assert once.isascii()
        assert canonical_url(once) == once
