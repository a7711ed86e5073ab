"""What a demo site answers, before it goes out: a page, or what a fault makes of it. Bodies are made as they go."""

from __future__ import annotations

import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pipeline.demo_sites.faults import Fault

Wait = Callable[[float], None]
"""Sleeps so many seconds; raises `ConnectionAbortedError` where the site closes meanwhile."""


@dataclass(frozen=True)
class Reply:
    """An answer. `status` 0 means that the connection is closed without one.

    `length` is the Content-Length in bytes; where it is None the end of the connection is that of the body.
    `pause` is in seconds, before the first byte.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
    length: int | None = 0
    pause: float = 0.0


_HTML = "text/html; charset=utf-8"
_CHARSET = re.compile(rb"(charset\s*=\s*[\"']?)[\w-]+", re.IGNORECASE)
# First bytes by content type: enough for a reader that looks at the bytes rather than at the header.
_FILES = {
    "application/pdf": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
    "application/json": json.dumps({"error": {"code": 40, "message": "Không có dữ liệu"}}).encode(),
    "application/msword": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "application/zip": b"PK\x05\x06" + bytes(18),
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64),
    "text/plain": "Bảo trì máy chủ đến 6 giờ sáng.\n".encode(),
}
_CHALLENGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow">
<meta http-equiv="refresh" content="390"></head>
<body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">
<noscript><div class="h2"><span id="challenge-error-text">Enable JavaScript and cookies to continue</span></div></noscript>
<p id="cf-spinner-please-wait">Đang kiểm tra trình duyệt của bạn trước khi truy cập trang. Vui lòng đợi trong giây lát.</p>
<p>Checking your browser before accessing the site. Ray ID: 7f00demo00000000</p>
</div></div><script>window._cf_chl_opt={cvId:'2',cType:'managed'};</script>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script></body></html>
"""
_SHELL = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Tin tức</title><link rel="stylesheet" href="/static/css/main.8d1.css">
</head><body><noscript>Bạn cần bật JavaScript để xem trang này.</noscript><div id="root"></div>
<script src="/static/js/main.4f2.chunk.js"></script></body></html>
"""
_NOT_FOUND = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Không tìm thấy trang</title></head><body>
<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/lien-he.html">Liên hệ</a></li></ul></nav>
<h1>Không tìm thấy trang</h1>
<p>Nội dung bạn tìm không tồn tại hoặc đã bị xóa. Mời bạn quay về <a href="/">trang chủ</a> hoặc tìm bằng từ khóa khác.</p>
<footer><p>Bản quyền thuộc về tòa soạn.</p></footer></body></html>
"""


def faulty(fault: Fault, fine: Reply, path: str, wait: Wait) -> Reply:
    """What `fault` makes of `fine`, the whole page that would be sent at `path` otherwise."""
    match fault.kind:
        case "status":
            retry = {"Retry-After": fault.text} if fault.text else {}
            return _html(fault.code, f"<html><body><h1>{fault.code}</h1></body></html>", retry)
        case "slow":
            pieces = _pieces(b"".join(fine.body), fault.number)
            return replace(fine, body=_slowly(pieces, fault.seconds, wait))
        case "hang":
            return replace(fine, pause=fault.seconds)
        case "redirect" | "redirect_loop":
            return Reply(fault.code, {"Location": fault.text or path, "Content-Type": _HTML})
        case "endless":
            return Reply(200, {"Content-Type": _HTML}, _endless(), None)
        case "gzip_bomb":
            headers = {"Content-Type": _HTML, "Content-Encoding": "gzip"}
            return Reply(200, headers, _bomb(fault.number), None)
        case "wrong_charset":
            data = _CHARSET.sub(rb"\g<1>" + fault.text.encode(), b"".join(fine.body), count=1)
            kind = fine.headers.get("Content-Type", "text/html").partition(";")[0]
            return _bytes(fine.status, data, f"{kind}; charset={fault.text}")
        case "truncated":
            data = b"".join(fine.body)
            return replace(fine, headers=_bare(fine), body=[data[: len(data) // 2]], length=len(data))
        case "not_html":
            return _bytes(
                200, _FILES.get(fault.text.partition(";")[0].strip(), bytes(range(256))), fault.text
            )
        case "challenge":
            return _html(fault.code, _CHALLENGE, {"Server": "cloudflare", "cf-mitigated": "challenge"})
        case "empty_shell":
            return _html(200, _SHELL)
        case "soft_404":
            return _html(200, _NOT_FOUND)
        case "huge_headers":
            return replace(fine, headers={**_bare(fine), "X-Padding": "x" * 80_000})
        case _:  # reset
            return Reply(0)


def _bytes(status: int, data: bytes, content_type: str) -> Reply:
    return Reply(status, {"Content-Type": content_type}, [data], len(data))


def _html(status: int, text: str, headers: dict[str, str] | None = None) -> Reply:
    data = text.encode()
    return Reply(status, {"Content-Type": _HTML, **(headers or {})}, [data], len(data))


def _bare(fine: Reply) -> dict[str, str]:
    """Headers without validators: a spoilt copy must not be taken for the good one later."""
    return {name: value for name, value in fine.headers.items() if name not in {"ETag", "Last-Modified"}}


def _pieces(data: bytes, count: int) -> list[bytes]:
    size = max(1, -(-len(data) // count))
    return [data[start : start + size] for start in range(0, len(data), size)]


def _slowly(pieces: list[bytes], seconds: float, wait: Wait) -> Iterator[bytes]:
    for piece in pieces:
        wait(seconds)
        yield piece


def _endless() -> Iterator[bytes]:
    yield b'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>S\xe1\xbb\x95 tay</title></head><body>\n'
    for start in itertools.count(0, 200):
        yield "".join(
            f"<p>Dòng thứ {number} của một trang không có chỗ dừng.</p>\n"
            for number in range(start, start + 200)
        ).encode()


def _bomb(megabytes: int) -> Iterator[bytes]:
    """A gzip stream that unpacks to so many megabytes and is a thousandth of that on the wire."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"<p></p>\n" * (1 << 17)
    for _ in range(megabytes):
        if piece := packer.compress(block):
            yield piece
    yield packer.flush()
