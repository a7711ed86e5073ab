"""A crawl over real HTTP: what is asked for, what is kept, and what a site's trouble does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.crawl.archive import Location, read_record
from pipeline.crawl.fetch import Failed, Fetcher, HostClock, Page
from pipeline.crawl.site import crawl_site
from pipeline.crawl.sources import Source
from pipeline.dataset.database import database
from pipeline.dataset.pages import PageState, PageTable
from pipeline.demo_site import DemoSite
from pipeline.settings import Settings
from pipeline.summary import CrawlSummary

BA_TRI = "/cong-doan/ldld-huyen-ba-tri-nhin-lai-post11.html"
CHO_LACH = "/cong-doan/cong-doan-cho-lach-trao-mai-am-post12.html"


def crawl(settings: Settings, source: Source, *, now: datetime | None = None) -> CrawlSummary:
    with database(settings.database_url) as engine:
        clock = (lambda: now) if now else (lambda: datetime.now(UTC))
        return crawl_site(settings, source, PageTable(engine), now=clock)


def state(settings: Settings, url: str) -> PageState:
    with database(settings.database_url) as engine:
        found = PageTable(engine).get(url)
    assert found is not None
    return found


def test_first_everything_then_only_304s(settings: Settings, source: Source, site: DemoSite) -> None:
    first = crawl(settings, source)
    assert (first.links, first.fetched, first.failed, first.problems) == (3, 3, 0, [])
    assert {status for _, status in site.log.answers} == {200}
    asked = len(site.log.answers)

    kept = state(settings, site.base_url + BA_TRI)
    assert kept.warc_file is not None
    assert kept.warc_offset is not None
    record = read_record(settings.archive_dir, Location(kept.warc_file, kept.warc_offset))
    assert "705 đoàn viên" in record.body.decode()
    size = (settings.archive_dir / kept.warc_file).stat().st_size

    site.log.answers.clear()
    second = crawl(settings, source)
    assert (second.fetched, second.unchanged) == (0, 3)
    assert {status for _, status in site.log.answers} == {304}
    assert len(site.log.answers) == asked
    assert (settings.archive_dir / kept.warc_file).stat().st_size == size


def test_a_changed_page_is_fetched_and_archived_anew(
    settings: Settings, source: Source, site: DemoSite, articles: Path
) -> None:
    crawl(settings, source)
    old = state(settings, site.base_url + BA_TRI)
    file = articles / "01-ben-tre.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("705", "706"), encoding="utf-8")
    assert crawl(settings, source).fetched == 1
    new = state(settings, site.base_url + BA_TRI)
    assert new.digest != old.digest
    assert (new.warc_file, new.warc_offset) != (old.warc_file, old.warc_offset)


@pytest.mark.parametrize(("status", "reason"), [(404, "HTTP 404"), (500, "HTTP 500"), (403, "HTTP 403")])
def test_one_broken_page_does_not_stop_the_others(
    settings: Settings, source: Source, site: DemoSite, status: int, reason: str
) -> None:
    site.faults[BA_TRI] = status
    summary = crawl(settings, source)
    assert (summary.fetched, summary.failed, summary.problems) == (2, 1, [])
    broken = state(settings, site.base_url + BA_TRI)
    assert (broken.status, broken.digest) == (status, None)
    assert broken.reason is not None
    assert broken.reason.startswith(reason)


def test_a_page_that_is_gone_is_left_in_peace_for_a_week(
    settings: Settings, source: Source, site: DemoSite, moment: datetime
) -> None:
    site.faults.update({BA_TRI: 404, CHO_LACH: 500})
    crawl(settings, source, now=moment)
    site.faults.clear()
    # The server's own trouble is tried again at once, a page that is gone is not.
    next_night = crawl(settings, source, now=moment + timedelta(days=1))
    assert (next_night.fetched, next_night.deferred) == (1, 1)
    assert crawl(settings, source, now=moment + timedelta(days=8)).fetched == 1


def test_a_page_that_failed_is_asked_for_when_no_listing_shows_it(
    settings: Settings, source: Source, site: DemoSite
) -> None:
    site.faults[BA_TRI] = 500
    crawl(settings, source)
    site.faults.clear()
    without = source.model_copy(update={"feeds": [], "listings": source.listings[1:]})
    assert (crawl(settings, without).links, state(settings, site.base_url + BA_TRI).status) == (1, 200)


def test_robots_txt_is_obeyed(settings: Settings, source: Source, site: DemoSite, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    for name in ("base.html", "article.html", "listing.html", "rss.xml"):
        site_template = Path(__file__).parents[2] / "corpus/sites/songtien/templates" / name
        (templates / name).write_bytes(site_template.read_bytes())
    (templates / "robots.txt").write_text(
        "User-agent: *\nAllow: /\nDisallow: /*post11.html$\n", encoding="utf-8"
    )
    with DemoSite(tmp_path / "articles", templates) as strict:
        summary = crawl(settings, source.at(strict.base_url))
        assert (summary.fetched, summary.disallowed) == (2, 1)
        assert BA_TRI not in [path for path, _ in strict.log.answers]
        assert state(settings, strict.base_url + BA_TRI).reason == "robots.txt disallows it"


@pytest.mark.parametrize(("status", "fetched", "problems"), [(404, 3, 0), (503, 0, 1)])
def test_a_site_without_robots_txt(
    settings: Settings, source: Source, site: DemoSite, status: int, fetched: int, problems: int
) -> None:
    # None at all allows everything; one that cannot be read allows nothing (RFC 9309, 2.3.1).
    site.faults["/robots.txt"] = status
    summary = crawl(settings, source)
    assert (summary.fetched, len(summary.problems)) == (fetched, problems)


def test_a_site_that_is_down_is_a_problem(settings: Settings, source: Source, site: DemoSite) -> None:
    crawl(settings, source)
    down = source.at("http://127.0.0.1:9")  # the discard port: nothing listens
    (problem,) = crawl(settings, down).problems
    assert "songtien" in problem
    assert "Connection refused" in problem


def test_too_few_links_are_a_problem(settings: Settings, source: Source) -> None:
    wary = source.model_copy(update={"bounds": source.bounds.model_copy(update={"min_links": 4})})
    (problem,) = crawl(settings, wary).problems
    assert problem.startswith("songtien: 3 links found, at least 4 expected")


def test_a_cleared_archive_is_filled_again(settings: Settings, source: Source, site: DemoSite) -> None:
    crawl(settings, source)
    for file in settings.archive_dir.rglob("*.warc.gz"):
        file.unlink()
    summary = crawl(settings, source)
    assert (summary.fetched, summary.problems) == (3, [])


@contextmanager
def answering(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[str]:
    """A server on loopback that gives the answer of each path, 404 else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/to", "larger than 5000 bytes"),
        ("/vong", "more than 5 redirects"),
        ("/ra-ngoai", "redirected off the site, to https://khac.vn/"),
        ("/cam-sau-chuyen-huong", "robots.txt disallows it"),  # each hop is asked of robots.txt
        ("/khong-co", "HTTP 404 Not Found"),
    ],
)
def test_why_a_page_did_not_come(settings: Settings, source: Source, path: str, told: str) -> None:
    answers = {
        "/to": (200, {}, b"x" * 5001),
        "/vong": (302, {"Location": "/vong"}, b""),
        "/ra-ngoai": (301, {"Location": "https://khac.vn/"}, b""),
        "/cam-sau-chuyen-huong": (302, {"Location": "/quan-tri/"}, b""),
        "/quan-tri/": (200, {}, b"x"),
    }
    small = settings.model_copy(update={"max_page_bytes": 5000})
    with answering(answers) as base, Fetcher(small, source.at(base)) as fetcher:
        fetcher.obey("User-agent: tongket\nDisallow: /quan-tri/\n")
        outcome = fetcher.get(base + path)
    assert isinstance(outcome, Failed)
    assert outcome.reason == told


def test_a_redirect_within_the_site_is_followed(settings: Settings, source: Source) -> None:
    answers = {"/cu": (301, {"Location": "/moi"}, b""), "/moi": (200, {"ETag": '"m"'}, b"y" * 5000)}
    with answering(answers) as base, Fetcher(settings, source.at(base)) as fetcher:
        fetcher.obey("")
        page = fetcher.get(base + "/cu")
    assert isinstance(page, Page)
    assert (page.url, page.body, page.etag) == (base + "/cu", b"y" * 5000, '"m"')
    assert dict(page.request_headers)["User-Agent"] == settings.user_agent


def test_only_a_source_with_allow_loopback_may_use_this_machine(settings: Settings, source: Source) -> None:
    with answering({"/": (200, {}, b"x")}) as base:
        for allowed, kind in ((True, Page), (False, Failed)):
            guarded = source.at(base).model_copy(update={"allow_loopback": allowed})
            with Fetcher(settings, guarded) as fetcher:
                fetcher.obey("")
                assert isinstance(fetcher.get(base + "/"), kind)


def test_trouble_that_passes_is_tried_again(settings: Settings, source: Source, site: DemoSite) -> None:
    site.faults[BA_TRI] = 503
    patient = settings.model_copy(update={"retries": 2, "backoff_seconds": 0.0})
    crawl(patient, source)
    assert site.log.answers.count((BA_TRI, 503)) == 3


def test_requests_to_one_host_are_spaced() -> None:
    clock = HostClock()
    waits = []
    for host in ("a.vn", "a.vn", "b.vn", "a.vn"):
        before = datetime.now(UTC)
        clock.wait(host, 0.1)
        waits.append((datetime.now(UTC) - before).total_seconds() > 0.05)
    assert waits == [False, True, False, True]
