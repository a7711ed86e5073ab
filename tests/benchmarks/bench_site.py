"""A news site of as many pages as wanted, in a process of its own: the demo's first site, its articles varied."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pipeline.demo_sites import FOLDER, DemoSite

_PER_PAGE = 100


def pages(count: int) -> dict[str, bytes]:
    """Path → page: robots.txt, listing pages and `count` articles, each of its own number."""
    with DemoSite(FOLDER / "songtien") as site:
        stories = [(story.path, site.render(story.path)) for story in site.stories()]
        base = site.base_url.encode()
    made = {"/robots.txt": b"User-agent: *\nDisallow:\n"}
    paths = []
    for number in range(count):
        path, page = stories[number % len(stories)]
        assert page is not None
        stem, _, _ = path.rpartition("-post")
        own = f"{stem}-post{10_000 + number}.html"
        data = page.data.replace(path.encode(), own.encode()).replace(base, b"")
        made[own] = data.replace(b"</h1>", f" ({number})</h1>".encode(), 1)
        paths.append(own)
    for first in range(0, count, _PER_PAGE):
        number = first // _PER_PAGE + 1
        links = "".join(
            f'<article><h2 class="entry-title"><a href="{path}">x</a></h2></article>'
            for path in paths[first : first + _PER_PAGE]
        )
        more = (
            f'<a class="next page-numbers" href="/cong-doan/{number + 1}">Sau</a>'
            if first + _PER_PAGE < count
            else ""
        )
        made["/cong-doan/" if number == 1 else f"/cong-doan/{number}"] = (
            f"<html><body>{links}{more}</body></html>".encode()
        )
    return made


def main() -> None:
    """Serve `pages(COUNT)` on a free port, which is written to standard output, until standard input ends."""
    shown = pages(int(sys.argv[1]))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            data = shown.get(self.path)
            body = data if data is not None else b"no such page"
            self.send_response(200 if data is not None else 404)
            kind = "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Path("/dev/stdout").write_text(f"{server.server_address[1]}\n", encoding="ascii")
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
