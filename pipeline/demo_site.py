"""The demo's newspaper: text files rendered as a news site and served on this machine's loopback address."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.crawl.stamps import HANOI

_CATEGORIES = {"cong-doan": "Công đoàn", "thoi-su": "Thời sự"}
_PAGE_SIZE = 6
_FEED_SIZE = 10


class DemoSiteError(Exception):
    """The site cannot be served: a file at fault or a port taken; the message says which and what to do."""


@dataclass(frozen=True)
class Block:
    """A part of an article's body: `kind` is `paragraph`, `heading` or `caption`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Story:
    """One article file. `path` is its place on the site; dates have an offset."""

    path: str
    title: str
    lead: str
    byline: str
    category: str
    published: datetime
    modified: datetime
    body: tuple[Block, ...]
    tags: tuple[str, ...] = ()

    @property
    def category_name(self) -> str:
        """`cong-doan` as `Công đoàn`."""
        return _CATEGORIES[self.category]


@dataclass
class RequestLog:
    """What was asked for and how it was answered, in order: `("/cong-doan/", 304)`."""

    answers: list[tuple[str, int]] = field(default_factory=list)

    def count(self, status: int) -> int:
        """How many requests were answered with `status`."""
        return sum(1 for _, answered in self.answers if answered == status)


def load_story(path: Path) -> Story:
    """The article at `path`: YAML front matter between `---` lines, then paragraphs parted by blank lines.

    `[ảnh] ` begins a caption, `## ` a sub-heading. Raises `DemoSiteError` naming the file and what is wrong.
    """
    try:
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        head: dict[str, Any] = yaml.safe_load(front)
        published = _moment(head["published"])
        if head["category"] not in _CATEGORIES:
            raise ValueError(f"category must be one of {', '.join(_CATEGORIES)}")
        return Story(
            path=head["path"],
            title=head["title"],
            lead=head.get("lead", ""),
            byline=head.get("byline", ""),
            category=head["category"],
            published=published,
            modified=_moment(head["modified"]) if head.get("modified") else published,
            body=tuple(_block(part) for part in body.split("\n\n") if part.strip()),
            tags=tuple(head.get("tags") or ()),
        )
    except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise DemoSiteError(f"{path}: not an article with front matter: {error!r}") from error


def _block(part: str) -> Block:
    part = part.strip("\n")
    for mark, kind in (("[ảnh] ", "caption"), ("## ", "heading")):
        if part.startswith(mark):
            return Block(kind, part.removeprefix(mark))
    return Block("paragraph", part)


def _moment(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=HANOI)


class DemoSite:
    """A context manager that serves `root/articles/*.txt` through `root/templates/`.

    `port` 0 takes any free one. `faults` answers a path with an error status instead of its page. Files are read
    at each request, so that a changed article is a changed page.
    """

    def __init__(
        self, articles: Path, templates: Path, *, port: int = 0, faults: Mapping[str, int] | None = None
    ) -> None:
        self.log = RequestLog()
        self.faults = dict(faults or {})
        self._articles = articles
        self._jinja = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        except OSError as error:
            raise DemoSiteError(f"port {port} is taken: choose another, as with --port {port + 1}") from error
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:8765`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> DemoSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def stories(self) -> list[Story]:
        """All articles, newest first."""
        found = [load_story(path) for path in sorted(self._articles.glob("*.txt"))]
        return sorted(found, key=lambda story: (story.published, story.path), reverse=True)

    def render(self, path: str) -> tuple[str, str, datetime] | None:
        """Body, content type and date of last change of the page at `path`; None where there is none."""
        stories = self.stories()
        newest = max((story.modified for story in stories), default=datetime(2025, 1, 1, tzinfo=HANOI))
        if path == "/robots.txt":
            return self._page("robots.txt", newest), "text/plain; charset=utf-8", newest
        for story in stories:
            if story.path == path:
                related = [other for other in stories if other is not story][:4]
                page = self._page("article.html", newest, story=story, related=related)
                return page, "text/html; charset=utf-8", story.modified
        category, _, rest = path.strip("/").partition("/")
        if category == "rss" and (name := rest.removesuffix(".rss")) in _CATEGORIES:
            mine = [story for story in stories if story.category == name][:_FEED_SIZE]
            page = self._page("rss.xml", newest, stories=mine, category=name)
            return page, "application/rss+xml; charset=utf-8", newest
        return self._listing(stories, category, rest, newest)

    def _listing(
        self, stories: list[Story], category: str, rest: str, newest: datetime
    ) -> tuple[str, str, datetime] | None:
        """`/` shows all, `/cong-doan/` a category, `/cong-doan/trang-2.html` its second page."""
        number = rest.removeprefix("trang-").removesuffix(".html") if rest else "1"
        if (category and category not in _CATEGORIES) or not number.isdigit():
            return None
        mine = [story for story in stories if not category or story.category == category]
        start = (int(number) - 1) * _PAGE_SIZE
        if start < 0 or (start and start >= len(mine)):
            return None
        page = self._page(
            "listing.html",
            newest,
            stories=mine[start : start + _PAGE_SIZE],
            category=category,
            heading=_CATEGORIES.get(category, "Tin mới"),
            number=int(number),
            pages=-(-len(mine) // _PAGE_SIZE),
        )
        return page, "text/html; charset=utf-8", newest

    def _page(self, template: str, newest: datetime, **values: Any) -> str:
        return self._jinja.get_template(template).render(
            base_url=self.base_url, categories=_CATEGORIES, newest=newest, rfc822=_rfc822, **values
        )


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _handler(site: DemoSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in site.faults:
                self._send(site.faults[path], b"", {})
                return
            page = site.render(path)
            if page is None:
                self._send(HTTPStatus.NOT_FOUND, "Không tìm thấy trang".encode(), {})
                return
            body, content_type, changed = page
            data = body.encode()
            etag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
            headers = {"Content-Type": content_type, "ETag": etag, "Last-Modified": _rfc822(changed)}
            if self._is_current(etag, changed):
                self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
            else:
                self._send(HTTPStatus.OK, data, headers)

        def _is_current(self, etag: str, changed: datetime) -> bool:
            # If-None-Match outranks If-Modified-Since (RFC 9110, 13.2.2).
            if known := self.headers.get("If-None-Match"):
                return etag in known
            since = self.headers.get("If-Modified-Since")
            return since is not None and changed.replace(microsecond=0) <= parsedate_to_datetime(since)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            site.log.answers.append((self.path, int(status)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the demo tells what happened in its own words."""

    return Handler
