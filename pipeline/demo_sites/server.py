"""A demo site on this machine's loopback address: pages, conditional requests, faults, and a log of all that."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path

from pipeline.demo_sites.faults import Fault
from pipeline.demo_sites.listener import Listener
from pipeline.demo_sites.log import RequestLog
from pipeline.demo_sites.render import Page, Renderer, rfc822
from pipeline.demo_sites.replies import Reply, faulty
from pipeline.demo_sites.routes import load_site_file
from pipeline.demo_sites.shelf import Shelf
from pipeline.demo_sites.story import DemoSiteError, Story
from pipeline.settings import ROOT

FOLDER = ROOT / "corpus" / "sites"
"""The folder of the demo's sites."""

SITES = ("songtien", "mietthu", "truongson")
"""The demo's sites; the first is served at `PORT`, the others at the ports behind it."""

PORT = 8765


class DemoSite:
    """A context manager that serves the site in `folder`: `site.yaml`, `templates/`, `articles/*.txt`.

    `port` 0 takes any free one; `articles` is another folder of articles. Raises `DemoSiteError` on a bad
    `site.yaml` or a port that is taken. All of the following may be changed while the site is up:

    - `faults`: path with query, or `articles`, `listings`, `feeds`, `sitemaps`, or `*` (every page but
      robots.txt) → what goes wrong there. The exact path outranks the kind, the kind outranks `*`.
    - `robots`: stands in for robots.txt where it is not None.
    - `layout`: `changed` shows pages in the site's other layout.
    - `without`: paths of articles that are not yet published.
    """

    def __init__(self, folder: Path, *, port: int = 0, articles: Path | None = None) -> None:
        self.name = folder.name
        self.log = RequestLog()
        self.faults: dict[str, Fault] = {}
        self.robots: str | None = None
        self._plan = load_site_file(folder)
        self._shelf = Shelf(articles or folder / "articles", self._plan.categories)
        self._renderer = Renderer(self._plan, folder / "templates")
        self._spent: Counter[tuple[str, int]] = Counter()
        self._kept: dict[int, Fault] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        try:
            self._server = Listener(port, self.reply, self.log, self.wait)
        except OSError as error:
            raise DemoSiteError(
                f"port {port} is taken: choose another, as with --port {port + 10}"
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> DemoSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def title(self) -> str:
        """The site's name for people: `Báo Sông Tiền`."""
        return self._plan.title

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:8765`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def layout(self) -> str | None:
        """None for the usual layout; `changed` for the other."""
        return self._renderer.layout

    @layout.setter
    def layout(self, layout: str | None) -> None:
        self._renderer.layout = layout

    @property
    def without(self) -> set[str]:
        """Paths of articles that are not yet published: neither page nor link shows them."""
        return self._shelf.without

    @without.setter
    def without(self, paths: set[str]) -> None:
        self._shelf.without = paths

    def stories(self) -> list[Story]:
        """All articles that readers can find now, newest first."""
        return self._shelf.stories()

    def edit(self, path: str, old: str, new: str, modified: datetime | None = None) -> None:
        """Write `old` as `new` in the article at `path`, changed at `modified` (a day after its last change).

        Raises `DemoSiteError` where there is no such article or `old` is not in it.
        """
        self._shelf.edit(path, old, new, modified)

    def withdraw(self, path: str, status: int = HTTPStatus.GONE) -> None:
        """Answer the article at `path` and its twins with `status`, and take it out of all lists."""
        self._shelf.withdraw(path, status)

    def restore(self, path: str) -> None:
        """Undo every `edit` and `withdraw` of the article at `path`."""
        self._shelf.restore(path)

    def render(self, path: str) -> Page | None:
        """The page at `path` (with its query) as it is now, faults aside; None where there is none."""
        found = self._page(path)
        return found if isinstance(found, Page) else None

    def _page(self, path: str) -> Page | int:
        """The page at `path`, or the status that stands for it."""
        stories = self.stories()
        for match in self._plan.match(path):
            if gone := self._shelf.gone(match.parts.get("article", "")):
                return gone
            if page := self._renderer.page(match, stories, self.base_url):
                if page.kind == "robots" and self.robots is not None:
                    return Page("robots", self.robots.encode(), page.content_type, page.changed, ())
                return page
        return HTTPStatus.NOT_FOUND

    def reply(self, path: str, known: dict[str, str]) -> Reply:
        """The answer to a request for `path`; `known` are the request's headers, names in lower case."""
        found = self._page(path)
        fault = self._fault(path, found)
        fine = self._fine(found, {} if fault and fault.kind != "hang" else known)
        return faulty(fault, fine, path, self.wait) if fault else fine

    def wait(self, seconds: float) -> None:
        """Sleep; raises `ConnectionAbortedError` where the site closes meanwhile."""
        if self._closing.wait(seconds):
            raise ConnectionAbortedError("the site is closing")

    def _fault(self, path: str, found: Page | int) -> Fault | None:
        kind = found.kind if isinstance(found, Page) else ""
        keys = [path] if kind == "robots" else [path, f"{kind}s", "*"]
        fault = next((self.faults[key] for key in keys if key in self.faults), None)
        if fault is None or fault.times is None:
            return fault
        with self._lock:
            # Counted by object: the same fault set anew begins anew. Kept, so that no other gets its id.
            self._kept[id(fault)] = fault
            spent = self._spent[path, id(fault)]
            self._spent[path, id(fault)] = spent + 1
        return fault if spent < fault.times else None

    @staticmethod
    def _fine(found: Page | int, known: dict[str, str]) -> Reply:
        if not isinstance(found, Page):
            data = "<html><body><p>Không tìm thấy trang</p></body></html>".encode()
            return Reply(int(found), {"Content-Type": "text/html; charset=utf-8"}, [data], len(data))
        headers = {"Content-Type": found.content_type}
        etag = f'"{hashlib.sha256(found.data).hexdigest()[:20]}"'
        if "etag" in found.validators:
            headers["ETag"] = etag
        if "last-modified" in found.validators:
            headers["Last-Modified"] = rfc822(found.changed)
        if _is_current(found, etag, known):
            return Reply(HTTPStatus.NOT_MODIFIED, headers)
        return Reply(HTTPStatus.OK, headers, [found.data], len(found.data))


def _is_current(page: Page, etag: str, known: dict[str, str]) -> bool:
    # If-None-Match outranks If-Modified-Since (RFC 9110, 13.2.2), where the site knows tags at all.
    if "etag" in page.validators and (tags := known.get("if-none-match")):
        return etag in tags
    since = known.get("if-modified-since")
    if since is None or "last-modified" not in page.validators:
        return False
    try:
        return page.changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False


@contextmanager
def serve_all(port: int = PORT) -> Iterator[list[DemoSite]]:
    """All sites of the demo, in the order of `SITES`, at `port` and the ports behind it; 0: at any free ones.

    Raises `DemoSiteError` where a port is taken.
    """
    with ExitStack() as stack:
        ports = [port + place if port else 0 for place in range(len(SITES))]
        yield [
            stack.enter_context(DemoSite(FOLDER / name, port=own))
            for name, own in zip(SITES, ports, strict=True)
        ]
