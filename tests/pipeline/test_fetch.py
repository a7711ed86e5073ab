"""GETs over real HTTP, to a server on loopback that answers byte for byte what a test says."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest

from pipeline.crawl.fetch import HTML, Fetcher
from pipeline.crawl.outcomes import Failed, NotModified, Outcome, Page
from pipeline.crawl.sources import Source
from pipeline.settings import Settings

NOW = datetime(2025, 1, 13, 18, 0, tzinfo=UTC)
Answer = bytes | Callable[[socket.socket], None]


def http(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    """A whole answer; `Content_Type="…"` is a header, `Content_Length` is counted unless it is given."""
    lines = {
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\n\r\n".encode() + body


def to(location: str, status: str = "302 Found") -> bytes:
    return http(status, Location=location)


class Server:
    """Answers each path with its bytes, or lets a function write; a list is told one after the other, 404 else."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=20)
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.base = f"http://{self.host}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := connection.recv(65536)) or not (head + more).startswith(b"GET "):
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    return
                head += more
            first, *lines = head.decode("latin-1").split("\r\n\r\n", 1)[0].split("\r\n")
            path = first.split(" ")[1]
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            self.asked.append((path, headers, time.monotonic()))
            answer = self.answers.get(path, http("404 Not Found"))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)
            # The end of what is sent; a connection merely closed may lose its last bytes.
            connection.shutdown(socket.SHUT_WR)


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    yield served
    served.close()


def a_source(base_url: str, **fields: Any) -> Source:
    told = {
        "name": "t",
        "title": "T",
        "base_url": base_url,
        "feeds": ["/f"],
        "delay_seconds": 0,
        "allow_loopback": True,
    }
    return Source.model_validate({**told, **fields})


def a_fetcher(server: Server, source: Mapping[str, Any] | None = None, **settings: Any) -> Fetcher:
    told = {"retries": 0, "backoff_seconds": 0.0, "timeout_seconds": 5.0, **settings}
    return Fetcher(Settings(**told), a_source(server.base, **(source or {})), now=lambda: NOW)


def get(
    server: Server, path: str = "/a", answer: Answer | list[Answer] | None = None, **options: Any
) -> Outcome:
    """What comes of asking for `path`, everything being allowed. `settings` and `source` go to the fetcher."""
    if answer is not None:
        server.answers[path] = answer
    settings, source = options.pop("settings", {}), options.pop("source", {})
    with a_fetcher(server, source, **settings) as fetcher:
        fetcher.obey(options.pop("rules", b""))
        return fetcher.get(server.base + path, **options)


# A page


def test_a_page(server: Server) -> None:
    body = "Tổng kết năm 2024".encode()
    answer = http(
        body=body, Content_Type="text/html; charset=windows-1258", ETag='"x"', Last_Modified="Tue", X_B="á"
    )
    page = get(server, "/a?id=1", answer)
    assert isinstance(page, Page)
    assert (page.url, page.final_url) == (server.base + "/a?id=1", server.base + "/a?id=1")
    assert (page.status, page.body, page.fetched_at) == (200, body, NOW)
    assert (page.etag, page.last_modified) == ('"x"', "Tue")
    assert (
        page.content_type == "text/html; charset=windows-1258"
    )  # as it came: the charset is told by nothing else
    assert dict(page.headers)["ETag"] == '"x"'


def test_what_is_sent(server: Server) -> None:
    page = get(server, answer=http(), settings={"contact": "https://vidu.vn/about"})
    assert isinstance(page, Page)
    ((_, sent, _),) = server.asked
    assert sent["user-agent"] == "tongket/0.1 (+https://vidu.vn/about)"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert not {"cookie", "authorization", "referer", "if-none-match", "if-modified-since"} & set(sent)
    assert {name.lower(): value for name, value in page.request_headers}["user-agent"] == sent["user-agent"]


@pytest.mark.parametrize(
    ("etag", "modified"), [('"x"', None), (None, "Tue, 14 Jan 2025 01:00:00 GMT"), ('W/"x"', "Tue"), (None, None), ("", "")]
)  # fmt: skip
def test_conditions(server: Server, etag: str | None, modified: str | None) -> None:
    outcome = get(server, answer=http("304 Not Modified", ETag='"y"'), etag=etag, last_modified=modified)
    ((_, sent, _),) = server.asked
    assert (sent.get("if-none-match"), sent.get("if-modified-since")) == (etag or None, modified or None)
    if not (etag or modified):  # an answer to a question that was not asked
        assert isinstance(outcome, Failed)
        assert (outcome.kind, outcome.status) == ("status", 304)
        return
    assert isinstance(outcome, NotModified)
    assert (outcome.url, outcome.status, outcome.fetched_at) == (server.base + "/a", 304, NOW)
    assert dict(outcome.headers)["ETag"] == '"y"'


def test_conditions_go_with_a_redirect(server: Server) -> None:
    server.answers["/b"] = http("304 Not Modified")
    assert isinstance(get(server, answer=to("/b"), etag='"x"'), NotModified)
    assert [sent["if-none-match"] for _, sent, _ in server.asked] == ['"x"', '"x"']


@pytest.mark.guard("cookies")
def test_no_cookie_is_sent_back(server: Server) -> None:
    server.answers["/a"] = http(Set_Cookie="phien=1; Path=/")
    server.answers["/c"] = http("302 Found", Location="/a", Set_Cookie="qua=1; Path=/")
    with a_fetcher(server) as fetcher:
        fetcher.obey(b"")
        for path in ("/a", "/c", "/a"):
            assert isinstance(fetcher.get(server.base + path), Page)
    assert len(server.asked) == 4
    assert not any("cookie" in sent for _, sent, _ in server.asked)


BODY = b"<p>T\xe1\xbb\x95ng k\xe1\xba\xbft</p>" * 1000


def chunked(body: bytes, size: int = 1000, end: bytes = b"0\r\n\r\n") -> bytes:
    parts = (body[start : start + size] for start in range(0, len(body), size))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def slowly(*parts: bytes, pause: float = 0.05) -> Callable[[socket.socket], None]:
    def write(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return write


GZ = gzip.compress(BODY)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(body=BODY), id="plain"),
        pytest.param(http(body=BODY, Content_Length=""), id="to the end of the connection"),
        pytest.param(chunked(BODY), id="chunked"),
        pytest.param(http(body=GZ, Content_Encoding="gzip"), id="gzip"),
        pytest.param(http(body=zlib.compress(BODY), Content_Encoding="deflate"), id="deflate"),
        pytest.param(http(body=GZ + gzip.compress(b""), Content_Encoding="gzip"), id="gzip in two members"),
        pytest.param(slowly(http(body=BODY)[:50], http(body=BODY)[50:]), id="a head in two parts"),
        pytest.param(
            slowly(http(body=GZ, Content_Encoding="gzip")[: -len(GZ) + 5], GZ[5:12], GZ[12:]),
            id="gzip whose head comes alone",
        ),
    ],
)
def test_a_body_comes_whole(server: Server, answer: Answer) -> None:
    page = get(server, answer=answer)
    assert isinstance(page, Page), page
    assert page.body == BODY


def test_an_empty_body_is_a_page(server: Server) -> None:
    page = get(server, answer=http())
    assert isinstance(page, Page)
    assert page.body == b""


@pytest.mark.parametrize(
    ("content_type", "accept", "fine"),
    [
        pytest.param("text/html", HTML, True, id="HTML"),
        pytest.param("Text/HTML ; charset=utf-8", HTML, True, id="in capitals, with a charset"),
        pytest.param("application/xhtml+xml", HTML, True, id="XHTML"),
        pytest.param("", HTML, True, id="no type is told"),
        pytest.param("application/pdf", HTML, False, id="a PDF"),
        pytest.param("application/pdf", None, True, id="a PDF where all is taken"),
        pytest.param("image/jpeg; name=a.html", HTML, False, id="a picture"),
        pytest.param("; charset=utf-8", HTML, False, id="a charset alone"),
    ],
)
def test_media_types(server: Server, content_type: str, accept: Any, fine: bool) -> None:
    outcome = get(server, answer=http(body=b"x", Content_Type=content_type), accept=accept)
    assert isinstance(outcome, Page) is fine
    if isinstance(outcome, Failed):
        assert (outcome.kind, outcome.status) == ("type", 200)


# Redirects


@pytest.mark.parametrize(
    ("location", "path"),
    [
        pytest.param("/b", "/b", id="a path"),
        pytest.param("b?id=1", "/x/b?id=1", id="relative"),
        pytest.param("../b", "/b", id="relative, upwards"),
        pytest.param("{base}/b", "/b", id="whole"),
        pytest.param("//{host}/b", "/b", id="without a scheme"),
        pytest.param("/b#top", "/b", id="a fragment is not sent"),
        pytest.param("/bài viết.html", "/b%C3%A0i%20vi%E1%BA%BFt.html", id="Vietnamese in UTF-8"),
        pytest.param("/b%C3%A0i.html", "/b%C3%A0i.html", id="Vietnamese, encoded"),
        pytest.param("?trang=2", "/x/a?trang=2", id="a query alone"),
    ],
)
def test_a_redirect_is_followed(server: Server, location: str, path: str) -> None:
    server.answers[path] = http(body=b"den", ETag='"b"')
    page = get(server, "/x/a", to(location.format(base=server.base, host=server.host)))
    assert isinstance(page, Page), page
    assert (page.url, page.final_url) == (f"{server.base}/x/a", server.base + path)
    assert (page.body, page.etag) == (b"den", '"b"')
    assert server.paths() == ["/x/a", path]


@pytest.mark.parametrize(
    "status", ["301 Moved", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_redirects_of_every_kind(server: Server, status: str) -> None:
    server.answers["/b"] = http(body=b"den")
    assert isinstance(get(server, answer=to("/b", status)), Page)


@pytest.mark.guard("redirects")
@pytest.mark.parametrize(
    ("answers", "told", "asked"),
    [
        pytest.param({"/a": to("/a")}, "redirected in a circle", 1, id="to itself"),
        pytest.param({"/a": to("/a#x")}, "redirected in a circle", 1, id="to itself, with a fragment"),
        pytest.param({"/a": to("/b"), "/b": to("/a")}, "redirected in a circle", 2, id="two in a circle"),
        pytest.param(
            {"/a": to("/1"), **{f"/{n}": to(f"/{n + 1}") for n in range(1, 9)}}, "more than 5 redirects", 6, id="too many"
        ),
        pytest.param({"/a": to("https://khac.vn/b")}, "redirected off the site, to https://khac.vn/b", 1, id="off the site"),
        pytest.param({"/a": to("//khac.vn/b")}, "redirected off the site, to http://khac.vn/b", 1, id="without a scheme"),
        pytest.param({"/a": to("http://127.0.0.1:9/b")}, "redirected off the site", 1, id="to another port"),
        pytest.param({"/a": to("http://10.0.0.1/")}, "redirected off the site", 1, id="into a private network"),
        pytest.param({"/a": to("http://169.254.169.254/latest/")}, "redirected off the site", 1, id="to a cloud's metadata"),
        pytest.param({"/a": to("http://localhost:{port}/b")}, "redirected off the site", 1, id="to another name of it"),
        pytest.param({"/a": to("http://[")}, "redirected to 'http://[', which is no web address", 1, id="to no URL"),
        pytest.param({"/a": to("mailto:a@b.vn")}, "redirected to 'mailto:a@b.vn', which is no", 1, id="to mail"),
        pytest.param({"/a": to("file:///etc/passwd")}, "redirected to", 1, id="to a file"),
    ],
)  # fmt: skip
def test_a_redirect_that_leads_nowhere(
    server: Server, answers: dict[str, bytes], told: str, asked: int
) -> None:
    port = server.host.partition(":")[2].encode()
    server.answers |= {path: answer.replace(b"{port}", port) for path, answer in answers.items()}
    failed = get(server)
    assert isinstance(failed, Failed)
    assert failed.kind == "redirect"
    assert failed.reason.startswith(told)
    assert len(server.asked) == asked


@pytest.mark.guard("redirects")
def test_five_redirects_are_followed(server: Server) -> None:
    server.answers |= {f"/{n}": to(f"/{n + 1}") for n in range(5)} | {"/5": http(body=b"den")}
    page = get(server, "/0")
    assert isinstance(page, Page)
    assert page.final_url == server.base + "/5"


def test_a_redirect_without_a_place_is_a_status(server: Server) -> None:
    failed = get(server, answer=http("302 Found"))
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.status, failed.reason) == ("status", 302, "HTTP 302 Found")


# Addresses


@pytest.mark.guard("private-addresses")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_only_a_source_with_allow_loopback_may_use_this_machine(server: Server, host: str) -> None:
    server.answers["/a"] = http(body=b"x")
    base = server.base.replace("127.0.0.1", host)
    for allowed in (True, False):
        source = a_source(base, allow_loopback=allowed)
        with Fetcher(Settings(retries=2, backoff_seconds=9, timeout_seconds=5), source) as fetcher:
            fetcher.obey(b"")
            outcome = fetcher.get(f"{base}/a")
        if allowed:
            assert isinstance(outcome, Page)
        else:
            assert isinstance(outcome, Failed)
            assert outcome.kind == "address"  # and is not tried again: there were nine seconds to wait
            assert "is not a public address" in outcome.reason
    assert server.paths() == ["/a"]


@pytest.mark.guard("private-addresses")
@pytest.mark.parametrize("base", ["http://10.0.0.1", "http://169.254.169.254"])
@pytest.mark.parametrize("allow_loopback", [True, False])
def test_a_site_in_a_private_network_gives_nothing(base: str, allow_loopback: bool) -> None:
    source = a_source(base, allow_loopback=allow_loopback)
    with Fetcher(Settings(retries=0, timeout_seconds=0.3), source) as fetcher:
        fetcher.obey(b"")
        outcome = fetcher.get(f"{base}/")
    assert isinstance(outcome, Failed)
    # Where such a network is, it is refused before a byte is sent; where there is none, nobody answers.
    assert outcome.kind in {"address", "network"}
    assert outcome.status is None


# robots.txt


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="an empty file"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="nothing is disallowed"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="all is"),
        pytest.param("User-agent: *\nDisallow: /tin/", "/tin/a", False, id="a folder"),
        pytest.param("User-agent: *\nDisallow: /tin/", "/tinh/a", True, id="another that begins so"),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /tin/", "/tin/a", True, id="the longer rule counts"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False, id="wildcard and end"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x=1", True, id="the end is the end"),
        pytest.param("User-agent: *\nDisallow: /*?print=", "/a?print=1", False, id="wildcard in a query"),
        pytest.param("User-agent: *\nDisallow: /*?print=", "/a?id=1", True, id="another query"),
        pytest.param("User-agent: *\nDisallow: /t%E1%BB%95ng", "/t%e1%bb%95ng-ket", False, id="encoded letters"),
        pytest.param("User-agent: *\nDisallow: /tổng", "/t%E1%BB%95ng-ket", False, id="Vietnamese letters"),
        pytest.param("User-agent: tongket\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False, id="our group says no"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: TongKet\nAllow: /", "/a", True, id="ours says yes"),
        pytest.param("User-agent: khac\nDisallow: /", "/a", True, id="another's group"),
        pytest.param("User-agent: khac\nUser-agent: tongket\nDisallow: /", "/a", False, id="a group of several"),
        pytest.param("User-agent: tong\nDisallow: /\n\nUser-agent: tongket\nAllow: /", "/a", True, id="the longer name"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /\r\n", "/a", False, id="a byte order mark, Windows lines"),
        pytest.param("# c\nUser-agent: * # c\nDisallow: / # c", "/a", False, id="comments"),
        pytest.param("<html>404</html>", "/a", True, id="HTML instead"),
        pytest.param("User-agent: *\nDisallow: /\xff", "/a", True, id="odd letters"),
    ],
)  # fmt: skip
def test_robots(server: Server, rules: str, path: str, allowed: bool) -> None:
    outcome = get(server, path, http(body=b"x"), rules=rules.encode())
    assert isinstance(outcome, Page) is allowed
    assert len(server.asked) == int(allowed)
    if isinstance(outcome, Failed):
        assert (outcome.kind, outcome.reason) == ("disallowed", "robots.txt disallows it")


def test_nothing_is_asked_before_robots_txt_is_told(server: Server) -> None:
    server.answers |= {"/a": http(body=b"x"), "/robots.txt": http(body=b"x")}
    with a_fetcher(server) as fetcher:
        outcome = fetcher.get(server.base + "/a")
        assert isinstance(outcome, Failed)
        assert outcome.kind == "disallowed"
        assert isinstance(fetcher.get(server.base + "/robots.txt", robots=False), Page)
    assert server.paths() == ["/robots.txt"]


def test_another_site_s_page_is_not_asked_for(server: Server) -> None:
    with a_fetcher(server) as fetcher:
        fetcher.obey(b"")
        for url in ("http://10.0.0.1/", "http://169.254.169.254/", "http://127.0.0.1:9/"):
            outcome = fetcher.get(url)
            assert isinstance(outcome, Failed)
            assert outcome.kind == "disallowed"


@pytest.mark.guard("manners")
def test_each_hop_is_asked_of_robots_txt(server: Server) -> None:
    server.answers |= {"/a": to("/b"), "/b": to("/quan-tri/")}
    failed = get(server, rules=b"User-agent: *\nDisallow: /quan-tri/")
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.url) == ("disallowed", server.base + "/a")
    assert server.paths() == ["/a", "/b"]


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        pytest.param(http(body=b"User-agent: *\nAllow: /"), True, id="allows it"),
        pytest.param(http(body=b"User-agent: *\nDisallow: /"), False, id="disallows it"),
        pytest.param(http("404 Not Found"), True, id="has none"),
        pytest.param(http("503 Service Unavailable"), False, id="cannot be read"),
    ],
)
def test_a_further_host_has_its_own_robots_txt(robots: bytes, allowed: bool) -> None:
    own, further = Server(), Server()
    own.answers["/a"] = to(f"{further.base}/b")
    further.answers |= {"/b": http(body=b"den"), "/robots.txt": robots}
    try:
        outcome = get(own, source={"hosts": [further.host]}, rules=b"User-agent: *\nDisallow: /b")
    finally:
        own.close()
        further.close()
    assert isinstance(outcome, Page) is allowed
    assert further.paths() == ["/robots.txt", *(["/b"] if allowed else [])]


@pytest.mark.guard("robots-size")
def test_much_of_a_robots_txt_is_read_but_not_all(server: Server) -> None:
    filler = b"# " + b"x" * 100 + b"\n"
    for size, allowed in ((400_000, False), (600_000, True)):
        rules = filler * (size // len(filler)) + b"User-agent: *\nDisallow: /\n"
        assert isinstance(get(server, answer=http(body=b"x"), rules=rules), Page) is allowed


@pytest.mark.parametrize(
    ("rules", "delay", "expected"),
    [
        pytest.param("", 2, 2.0, id="the manifest's"),
        pytest.param("User-agent: *\nCrawl-delay: 5", 2, 5.0, id="robots.txt asks for more"),
        pytest.param("User-agent: *\nCrawl-delay: 1", 2, 2.0, id="or for less"),
        pytest.param("User-agent: *\nCrawl-delay: 2.5", 2, 2.5, id="a fraction"),
        pytest.param("User-agent: *\nCrawl-delay: lâu", 2, 2.0, id="no number"),
        pytest.param("User-agent: *\nCrawl-delay: -5", 0, 0.0, id="less than nothing"),
        pytest.param("User-agent: *\nCrawl-delay: inf", 2, 2.0, id="for ever"),
        pytest.param("User-agent: khac\nCrawl-delay: 9", 2, 2.0, id="another's"),
        pytest.param(
            "User-agent: tongket\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 9", 2, 3.0, id="ours"
        ),
    ],
)
def test_delays(server: Server, rules: str, delay: float, expected: float) -> None:
    with a_fetcher(server, {"delay_seconds": delay}) as fetcher:
        assert fetcher.delay() == delay
        fetcher.obey(rules.encode())
        assert fetcher.delay() == expected


def test_requests_are_spaced_redirects_too(server: Server) -> None:
    server.answers |= {"/a": to("/b"), "/b": http(body=b"x")}
    with a_fetcher(server) as fetcher:
        fetcher.obey(b"User-agent: *\nCrawl-delay: 0.15")
        assert isinstance(fetcher.get(server.base + "/a"), Page)
        assert isinstance(fetcher.get(server.base + "/b"), Page)
    times = [moment for _, _, moment in server.asked]
    assert len(times) == 3
    assert all(later - sooner >= 0.15 for sooner, later in pairwise(times))


# Trouble and patience


BUSY = "503 Service Unavailable"


@pytest.mark.parametrize(
    ("status", "retries", "kind", "asked"),
    [
        pytest.param("500 Oops", 2, "server", 3, id="its own fault is tried again"),
        pytest.param("502 Bad Gateway", 1, "server", 2, id="as often as the settings say"),
        pytest.param("503 Busy", 0, "server", 1, id="or not at all"),
        pytest.param("429 Too Many Requests", 1, "busy", 2, id="too many requests"),
        pytest.param("404 Not Found", 2, "not_found", 1, id="what is not there is not tried again"),
        pytest.param("410 Gone", 2, "gone", 1, id="nor what is gone"),
        pytest.param("403 Forbidden", 2, "forbidden", 1, id="nor what is forbidden"),
        pytest.param("206 Partial Content", 2, "status", 1, id="nor what nobody knows"),
    ],
)
def test_statuses(server: Server, status: str, retries: int, kind: str, asked: int) -> None:
    failed = get(server, answer=http(status), settings={"retries": retries})
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.status, failed.reason) == (kind, int(status[:3]), f"HTTP {status}")
    assert failed.url == server.base + "/a"
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "first", [http(BUSY), slowly(b""), http(body=BODY)[:-1]], ids=["busy", "no answer", "broken off"]
)
def test_trouble_that_passes(server: Server, first: Answer) -> None:
    page = get(server, answer=[first, http(body=b"den")], settings={"retries": 1})
    assert isinstance(page, Page)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("status", "as_date"), [("429 Too Many Requests", False), (BUSY, False), (BUSY, True)]
)
def test_a_short_retry_after_is_waited_for(server: Server, status: str, as_date: bool) -> None:
    # A date tells whole seconds: two from now are one at least.
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if as_date else "1"
    page = get(server, answer=[http(status, Retry_After=value), http(body=b"den")], settings={"retries": 1})
    assert isinstance(page, Page)
    (_, _, first), (_, _, second) = server.asked
    assert 0.9 <= second - first < 2.5


@pytest.mark.parametrize(
    ("value", "least", "most", "kind"),
    [
        pytest.param("3600", 3600, 3600, "busy", id="an hour"),
        pytest.param("86400", 86400, 86400, "busy", id="a day is not made less"),
        pytest.param("61", 61, 61, "busy", id="just more than is waited for"),
        pytest.param("+hour", 3590, 3600, "busy", id="an hour, as a date"),
        pytest.param("9" * 30, 60 * 86400, 60 * 86400, "busy", id="more than any calendar holds"),
        pytest.param("9" * 400, 60 * 86400, 60 * 86400, "busy", id="more than any float holds"),
        pytest.param("9" * 5000, None, None, "server", id="more than Python reads"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", 60 * 86400, 60 * 86400, "busy", id="the last day"),
        pytest.param("Fri, 31 Dec 99999 23:59:59 GMT", None, None, "server", id="beyond the last day"),
        pytest.param("Mon, 13 Jan 2020 00:00:00 GMT", 0, 0, "busy", id="a date that has passed"),
        pytest.param("lát nữa", None, None, "server", id="words"),
        pytest.param("-5", None, None, "server", id="less than nothing"),
        pytest.param("1.5", None, None, "server", id="a fraction is not in the standard"),
    ],
)
def test_what_retry_after_says(
    server: Server, value: str, least: float | None, most: float | None, kind: str
) -> None:
    if value == "+hour":
        value = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    begun = time.monotonic()
    failed = get(server, answer=http(BUSY, Retry_After=value))
    assert isinstance(failed, Failed)
    assert failed.kind == kind
    assert time.monotonic() - begun < 2
    if least is None or most is None:
        assert failed.retry_after is None
    else:
        assert failed.retry_after is not None
        assert least <= failed.retry_after <= most


def test_a_long_retry_after_is_noted_and_not_waited_for(server: Server) -> None:
    failed = get(server, answer=http(BUSY, Retry_After="120"), settings={"retries": 5})
    assert isinstance(failed, Failed)
    assert failed.retry_after == 120
    assert len(server.asked) == 1


def test_pauses_between_attempts_grow(server: Server) -> None:
    get(server, answer=http("500 Oops"), settings={"retries": 3, "backoff_seconds": 0.1})
    times = [moment for _, _, moment in server.asked]
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert len(pauses) == 3
    assert pauses[1] >= 0.2
    assert pauses[2] >= 0.4


# Limits


def endlessly(head: bytes, part: bytes, pause: float = 0.0) -> Callable[[socket.socket], None]:
    """Writes `part` for as long as somebody listens."""

    def write(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)
            if pause:
                time.sleep(pause)

    return write


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.guard("bombs-http")
@pytest.mark.parametrize(("size", "fine"), [(5000, True), (5001, False)])
@pytest.mark.parametrize("packed", [False, True])
def test_the_size_of_a_page(server: Server, size: int, fine: bool, packed: bool) -> None:
    body = b"x" * size
    answer = http(body=gzip.compress(body), Content_Encoding="gzip") if packed else http(body=body)
    outcome = get(server, answer=answer, settings={"max_page_bytes": 5000})
    assert isinstance(outcome, Page) is fine
    if isinstance(outcome, Failed):
        assert (outcome.kind, outcome.status) == ("limit", 200)
        assert outcome.reason.startswith("larger than 5000 bytes")


@pytest.mark.guard("bombs-http")
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(endlessly(HEAD, b"x" * 65536), "limit", id="a body without end"),
        pytest.param(
            endlessly(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nConnection: close\r\n\r\n", b"x" * 65536), None,
            id="a redirect whose body has no end",
        ),
        pytest.param(
            endlessly(b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n", b"x" * 65536), "server",
            id="an error whose body has no end",
        ),
        pytest.param(
            http(body=gzip.compress(bytes(200_000_000)), Content_Encoding="gzip"), "limit", id="a gzip bomb"
        ),
        pytest.param(
            http(body=gzip.compress(gzip.compress(bytes(200_000_000))), Content_Encoding="gzip, gzip"), "limit",
            id="a gzip bomb in a gzip bomb",
        ),
    ],
)  # fmt: skip
def test_what_is_too_large_takes_little_memory(server: Server, answer: Answer, kind: str | None) -> None:
    server.answers["/b"] = http(body=b"den")
    begun = time.monotonic()
    tracemalloc.start()
    try:
        outcome = get(server, answer=answer, settings={"max_page_bytes": 1_000_000, "timeout_seconds": 1})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (outcome.kind if isinstance(outcome, Failed) else None) == kind
    assert peak < 8_000_000
    assert time.monotonic() - begun < 2


@pytest.mark.guard("slow-answers")
def test_a_slow_drip_ends(server: Server) -> None:
    begun = time.monotonic()
    failed = get(server, answer=endlessly(HEAD, b"x", pause=0.03), settings={"timeout_seconds": 0.2})
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.reason) == ("limit", "took more than 0.8 s")
    assert time.monotonic() - begun < 2


@pytest.mark.guard("slow-answers")
def test_who_says_nothing_is_not_waited_for(server: Server) -> None:
    failed = get(server, answer=lambda _: time.sleep(2), settings={"timeout_seconds": 0.3})
    assert isinstance(failed, Failed)
    assert failed.kind == "network"
    assert failed.reason.startswith("no answer within 0.3 s")


@pytest.mark.guard("slow-answers")
def test_who_stops_in_the_middle_is_not_waited_for(server: Server) -> None:
    failed = get(
        server, answer=slowly(http(body=BODY)[:2000], b"", pause=2), settings={"timeout_seconds": 0.5}
    )
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.reason) == ("network", "broken off: nothing more came in time")


# What is broken


def reset(connection: socket.socket) -> None:
    """Breaks the connection off as a firewall does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def half_then_reset(connection: socket.socket) -> None:
    connection.sendall(http(body=BODY)[:2000])
    time.sleep(0.05)
    reset(connection)


@pytest.mark.guard("broken-answers")
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(http(body=BODY)[:-1000], "broken off: 18000 bytes came, 1000 more", id="cut short"),
        pytest.param(http(body=GZ, Content_Encoding="gzip")[:-5], "broken off: ", id="gzip cut short"),
        pytest.param(chunked(BODY, end=b""), "broken off: ", id="chunks without an end"),
        pytest.param(chunked(BODY)[:-500], "broken off: ", id="a chunk cut short"),
        pytest.param(chunked(b"", end=b"zz\r\nx\r\n0\r\n\r\n"), "broken off: ", id="a chunk of no size"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n" + GZ[:-5],
            "broken off: ",
            id="gzip cut short, its length untold",
        ),
        pytest.param(http(body=b"?", Content_Encoding="br"), "broken off: compressed as `br`", id="br, which was not asked for"),
        pytest.param(half_then_reset, "broken off: ", id="reset in the middle"),
        pytest.param(reset, "ConnectionError: ", id="reset before an answer"),
        pytest.param(slowly(b""), "ConnectionError: ", id="closed before an answer"),
        pytest.param(b"khong phai HTTP\r\n\r\n", "ConnectionError: ", id="no HTTP"),
        pytest.param(b"HTTP/1.1 abc OK\r\n\r\n", "ConnectionError: ", id="no status"),
        pytest.param(http(X_To="x" * 70_000), "ConnectionError: ", id="a huge header"),
        pytest.param(
            http(**{f"X_{number}": "x" for number in range(200)}), "ConnectionError: ", id="too many headers"
        ),
    ],
)  # fmt: skip
def test_what_is_broken_is_a_failure(server: Server, answer: Answer, told: str) -> None:
    failed = get(server, answer=answer)
    assert isinstance(failed, Failed), failed
    assert failed.kind == "network"
    assert failed.reason.startswith(told)
    assert "\n" not in failed.reason


def test_tls_to_a_port_that_speaks_none(server: Server) -> None:
    source = a_source(server.base.replace("http:", "https:"))
    with Fetcher(Settings(retries=0, timeout_seconds=2), source) as fetcher:
        fetcher.obey(b"")
        failed = fetcher.get(f"https://{server.host}/a")
    assert isinstance(failed, Failed)
    assert failed.kind == "network"
    assert failed.reason.startswith("SSLError: ")
    assert server.asked == []


def test_nobody_listens() -> None:
    with socket.socket() as nobody:  # bound and not listening: the port is nobody else's meanwhile
        nobody.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with Fetcher(Settings(retries=0), a_source(base)) as fetcher:
            fetcher.obey(b"")
            failed = fetcher.get(f"{base}/a")
    assert isinstance(failed, Failed)
    assert failed.kind == "network"
    assert "Connection refused" in failed.reason


def test_a_name_that_there_is_not() -> None:
    source = a_source("http://khong-co.invalid")
    with Fetcher(Settings(retries=0), source) as fetcher:
        fetcher.obey(b"")
        failed = fetcher.get("http://khong-co.invalid/a")
    assert isinstance(failed, Failed)
    assert failed.kind == "network"
    assert failed.reason.startswith("ConnectionError: ")


@pytest.mark.guard("slow-answers")
def test_a_slow_drip_of_headers_ends(server: Server) -> None:
    started = time.monotonic()
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-Luot-%d: 1\r\n" % number for number in range(60))
    outcome = get(
        server,
        answer=slowly(*(head[at : at + 1] for at in range(len(head)))),
        settings={"timeout_seconds": 0.3},
    )
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.reason) == ("limit", "took more than 1.2 s")
    assert time.monotonic() - started < 5
