"""What it costs one process to parse pages, and to load reports into a database and release them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.benchmarks.bench_articles import Plan
from tests.benchmarks.bench_figures import Figure
from tests.benchmarks.bench_laps import rate, ratio, timed

_BATCH = 150


def parse(plan: Plan) -> list[Figure]:
    """Pages of a demo site into articles, beside trafilatura."""
    import trafilatura

    from pipeline.crawl.parse import parse_html
    from pipeline.crawl.sources import load_source
    from pipeline.settings import ROOT
    from tests.benchmarks.bench_site import pages

    source = load_source(ROOT / "pipeline" / "sources" / "songtien.yaml")
    made = {path: page for path, page in pages(plan.documents).items() if "-post" in path}

    def ours() -> None:
        for path, page in made.items():
            parse_html(page, source.base_url + path, source=source, content_type="text/html; charset=utf-8")

    def theirs() -> None:
        for page in made.values():
            trafilatura.extract(page, include_comments=False, favor_recall=True)

    own, peer = [], []
    for _ in range(plan.runs):
        own.append(timed(ours))
        peer.append(timed(theirs))
    return [
        rate("parse", "pages_per_second", len(made), own),
        rate("trafilatura", "pages_per_second", len(made), peer),
        ratio("parse ÷ trafilatura", peer, own),
    ]


def load(plan: Plan) -> list[Figure]:
    """Reports of relevant articles into an empty SQLite database, and a release of it."""
    from sqlalchemy import Engine, insert

    from extractors import read
    from pipeline.dataset.database import database
    from pipeline.dataset.link import link
    from pipeline.dataset.release import release
    from pipeline.dataset.schema import runs
    from pipeline.dataset.store import Reading, store_reports
    from tests.many_articles import varied

    relevant = plan.relevant()
    readings = []
    for number, text in enumerate(varied([one.text for one in relevant], plan.documents)):
        url = f"https://bench.example/{number}.html"
        report = read(text, title=relevant[number % len(relevant)].title, url=url, source="bench")
        readings.append(Reading(report, "bench", page_url=url, fetched_at="2026-01-01T00:00:00+00:00"))

    def store(engine: Engine) -> None:
        for at in range(0, len(readings), _BATCH):
            store_reports(engine, readings[at : at + _BATCH], "bench")

    stored, linked, released = [], [], []
    for turn in range(plan.runs):
        with database(f"sqlite:///{plan.folder}/load-{turn}.db") as engine:
            with engine.begin() as connection:
                connection.execute(insert(runs), {"id": "bench", "started_at": "2026-01-01"})
            stored.append(timed(partial(store, engine)))
            linked.append(timed(partial(link, engine)))
            released.append(timed(partial(release, engine, plan.folder / f"releases-{turn}", "2026-01-02")))
    unit = "documents_per_second"
    laps = {"load": stored, "link": linked, "release": released}
    return [rate(name, unit, len(readings), done) for name, done in laps.items()]


PARTS: dict[str, Callable[[Plan], list[Figure]]] = {"parse": parse, "load": load}
