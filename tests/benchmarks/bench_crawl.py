"""How fast pages are fetched, archived and parsed, and what memory that takes: `make bench`.

Each part runs in a process of its own over a site on loopback without pauses. Rates are medians of several runs, with
the slowest and fastest; memory is the process's peak (resident set).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.settings import ROOT
from tests.benchmarks.bench_figures import write
from tests.benchmarks.bench_process import peak_megabytes, run_part

MODULE = "tests.benchmarks.bench_crawl"


@contextmanager
def site(pages: int) -> Iterator[str]:
    """The base URL of a site of so many articles."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bench_site", str(pages)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.stdin.close()
            process.wait()


def fetch_and_archive(base: str, pages: int, folder: Path) -> float:
    """Seconds to fetch and archive `pages` articles, without parsing them."""
    from pipeline.crawl.archive import Archive
    from pipeline.crawl.fetch import Fetcher
    from pipeline.crawl.outcomes import Page

    settings, source = _plan(base, folder)
    archive = Archive(settings.archive_dir, source.name)
    urls = _urls(base, pages)
    started = time.perf_counter()
    with Fetcher(settings, source) as fetcher:
        fetcher.obey(b"")
        for url in urls:
            page = fetcher.get(url)
            assert isinstance(page, Page), page
            archive.append(page)
    return time.perf_counter() - started


def crawl(base: str, pages: int, folder: Path) -> float:
    """Seconds for a whole crawl: found, fetched, parsed, archived and noted page by page."""
    from pipeline.crawl.site import crawl_site
    from pipeline.dataset.database import database
    from pipeline.dataset.pages import PageTable

    settings, source = _plan(base, folder)
    started = time.perf_counter()
    with database(settings.database_url) as engine:
        summary = crawl_site(settings, source, PageTable(engine))
    assert (summary.new, summary.problems) == (pages, []), summary
    return time.perf_counter() - started


def parse(base: str, pages: int, folder: Path) -> float:
    """Seconds to parse `pages` articles from memory."""
    from pipeline.crawl.fetch import Fetcher
    from pipeline.crawl.outcomes import Page
    from pipeline.crawl.parse import parse_html

    settings, source = _plan(base, folder)
    with Fetcher(settings, source) as fetcher:
        fetcher.obey(b"")
        fetched = [fetcher.get(url) for url in _urls(base, pages)]
    started = time.perf_counter()
    for page in fetched:
        assert isinstance(page, Page), page
        parse_html(page.body, page.url, source=source, content_type=page.content_type)
    return time.perf_counter() - started


PARTS: dict[str, Callable[[str, int, Path], float]] = {
    "fetch+archive": fetch_and_archive,
    "parse": parse,
    "crawl": crawl,
}


def _plan(base: str, folder: Path):  # type: ignore[no-untyped-def]
    from pipeline.crawl.sources import load_source
    from pipeline.settings import load_settings

    source = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml").at(base)
    listing = source.listings[0].model_copy(update={"max_pages": 1000})
    source = source.model_copy(update={"feeds": [], "listings": [listing], "delay_seconds": 0.0})
    settings = load_settings(
        {},
        database_url=str(folder / "bench.db"),
        archive_dir=folder / "archive",
        releases_dir=folder / "releases",
        runs_dir=folder / "runs",
        max_pages=1_000_000,
    )
    return settings, source


def _urls(base: str, pages: int) -> list[str]:
    from tests.benchmarks.bench_site import pages as made

    return [base + path for path in made(pages) if "-post" in path]


def _measure(part: str, base: str, pages: int) -> dict[str, float]:
    """One part over so many pages in a fresh process: its seconds and its peak of memory, in MB."""
    measured: dict[str, float] = run_part(MODULE, "--part", part, "--base", base, "--pages", pages)
    return measured


def _one(part: str, base: str, pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seconds = PARTS[part](base, pages, Path(folder))
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))


def main() -> None:
    """Measure everything and print it; `--output` writes it as JSON too."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3, help="runs of each rate (default: 3)")
    options.add_argument("--few", type=int, default=500, help="pages of the smaller crawl (default: 500)")
    options.add_argument("--many", type=int, default=5000, help="pages of the larger crawl (default: 5000)")
    options.add_argument("--output", type=Path, help="write the figures here as JSON")
    options.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options.add_argument("--base", help=argparse.SUPPRESS)
    options.add_argument("--pages", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        _one(given.part, given.base, given.pages)
        return
    console = Console()
    table = Table("part", "pages", "pages/s (median)", "slowest", "fastest", "peak MB")
    figures = {}
    with site(given.few) as base:
        for part in PARTS:
            runs = [_measure(part, base, given.few) for _ in range(given.runs)]
            rates = sorted(given.few / run["seconds"] for run in runs)
            peak = statistics.median(run["megabytes"] for run in runs)
            figures[part] = {"pages_per_second": statistics.median(rates), "megabytes": peak}
            table.add_row(
                part,
                str(given.few),
                *(f"{rate:.0f}" for rate in (statistics.median(rates), rates[0], rates[-1])),
                f"{peak:.0f}",
            )
    with site(given.many) as base:
        large = _measure("crawl", base, given.many)
    rate = given.many / large["seconds"]
    figures["crawl, many pages"] = {"pages_per_second": rate, "megabytes": large["megabytes"]}
    table.add_row("crawl", str(given.many), f"{rate:.0f}", "", "", f"{large['megabytes']:.0f}")
    console.print(table)
    ratio = large["megabytes"] / figures["crawl"]["megabytes"]
    figures["memory"] = {"ratio": ratio}
    console.print(f"peak memory over {given.many} pages is {ratio:.2f} of that over {given.few}")
    if given.output:
        write(given.output, figures)


if __name__ == "__main__":
    main()
