"""What reading costs one process: filter, reader and its peers over the very same articles, parsing, loading.

Each part is a function from a folder of articles (`relevant.jsonl`, `few.jsonl`) to figures. Where readers are compared
they take turns, so that whatever else the machine does disturbs each alike, and ratios are of the process's own seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_articles import Text, joined, read_rows
from tests.benchmarks.bench_figures import Figure

_LONG, _SHORT = 100_000, 3_000


@dataclass(frozen=True)
class Plan:
    """How much is measured, how often; `ner_count` articles for the slowest peer."""

    folder: Path
    runs: int
    documents: int
    ner_count: int
    long_length: int = _LONG

    def relevant(self) -> list[Text]:
        """The articles on unions' events."""
        return list(read_rows(self.folder / "relevant.jsonl"))

    def few(self) -> list[Text]:
        """The smaller set of articles of all sorts."""
        return list(read_rows(self.folder / "few.jsonl"))


@dataclass(frozen=True)
class Lap:
    """Seconds on the wall, and the process's own."""

    seconds: float
    cpu: float


def timed(work: Callable[[], object]) -> Lap:
    """How long `work` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Lap(time.perf_counter() - wall, time.process_time() - cpu)


def rate(name: str, unit: str, count: float, laps: Iterable[Lap]) -> Figure:
    """`count` things in each lap, a second."""
    laps = list(laps)
    return Figure(name, unit, [count / lap.seconds for lap in laps], [count / lap.cpu for lap in laps])


def _each(call: Callable[[Text], object], found: Sequence[Text]) -> Callable[[], None]:
    def work() -> None:
        for one in found:
            call(one)

    return work


def _ratio(name: str, slow: Sequence[Lap], fast: Sequence[Lap]) -> Figure:
    return Figure(name, "ratio", [a.cpu / b.cpu for a, b in zip(slow, fast, strict=True)])


def sift(plan: Plan) -> list[Figure]:
    """The relevance filter over articles of all sorts, and how many it lets pass."""
    try:
        from extractors.relevance_filter import may_be_relevant
    except ImportError:
        return []

    few = plan.few()
    may_be_relevant(few[0].text, few[0].title)
    laps = [timed(_each(lambda one: may_be_relevant(one.text, one.title), few)) for _ in range(plan.runs)]
    passed = sum(may_be_relevant(one.text, one.title) for one in few)
    return [
        rate("filter", "articles_per_second", len(few), laps),
        Figure("filter, passed", "percent", [100 * passed / len(few)]),
    ]


def peers(plan: Plan) -> list[Figure]:
    """The reader over relevant articles, beside what else reads Vietnamese."""
    import spacy
    from underthesea import ner, sent_tokenize, word_tokenize

    from extractors import read

    blank = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})

    def entities(one: Text) -> None:
        for line in one.text.splitlines():
            for sentence in sent_tokenize(line):
                ner(sentence)

    def reading(one: Text) -> None:
        read(one.text, title=one.title)

    relevant = plan.relevant()
    few = relevant[: plan.ner_count]
    works = {
        "read, relevant": _each(reading, relevant),
        "word_tokenize": _each(lambda one: word_tokenize(one.text), relevant),
        "spaCy blank": _each(lambda one: blank(one.text), relevant),
        "read, as few as ner": _each(reading, few),
        "ner by sentence": _each(entities, few),
    }
    laps: dict[str, list[Lap]] = {name: [] for name in works}
    for call in (reading, entities, lambda one: word_tokenize(one.text), lambda one: blank(one.text)):
        call(relevant[0])
    for _ in range(plan.runs):
        for name, work in works.items():
            laps[name].append(timed(work))
    of_few = {"read, as few as ner", "ner by sentence"}
    return [
        *(
            rate(name, "articles_per_second", len(few if name in of_few else relevant), done)
            for name, done in laps.items()
        ),
        _ratio("read ÷ word_tokenize", laps["word_tokenize"], laps["read, relevant"]),
        _ratio("read ÷ spaCy blank", laps["spaCy blank"], laps["read, relevant"]),
        _ratio("read ÷ ner", laps["ner by sentence"], laps["read, as few as ner"]),
    ]


def news(plan: Plan) -> list[Figure]:
    """The reader over articles of all sorts."""
    from extractors import read

    few = plan.few()
    read(few[0].text, title=few[0].title)
    laps = [timed(_each(lambda one: read(one.text, title=one.title), few)) for _ in range(plan.runs)]
    return [rate("read, all sorts", "articles_per_second", len(few), laps)]


def linear(plan: Plan) -> list[Figure]:
    """A long article against the same lines as short ones, each read whatever it is about."""
    from extractors import read

    lines = joined(plan.relevant(), plan.long_length)
    short, length = [[]], 0
    for line in lines:
        if length >= _SHORT:
            short.append([])
            length = 0
        short[-1].append(line)
        length += len(line) + 1
    pieces, whole = ["\n".join(piece) for piece in short], "\n".join(lines)
    read(pieces[0], everything=True)
    long_laps, short_laps = [], []
    for _ in range(plan.runs):
        short_laps.append(timed(lambda: [read(piece, everything=True) for piece in pieces]))
        long_laps.append(timed(lambda: read(whole, everything=True)))
    unit = "characters_per_second"
    return [
        rate("read, a long article", unit, len(whole), long_laps),
        rate("read, its lines as short ones", unit, len(whole), short_laps),
        _ratio("read, time of long ÷ short", long_laps, short_laps),
    ]


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
        _ratio("parse ÷ trafilatura", peer, own),
    ]


def load(plan: Plan) -> list[Figure]:
    """Reports of relevant articles into an empty SQLite database, and a release of it."""
    from sqlalchemy import insert

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
    stored, linked, released = [], [], []
    for turn in range(plan.runs):
        with database(f"sqlite:///{plan.folder}/load-{turn}.db") as engine:
            with engine.begin() as connection:
                connection.execute(insert(runs), {"id": "bench", "started_at": "2026-01-01"})
            batches = [readings[at : at + 150] for at in range(0, len(readings), 150)]
            stored.append(timed(lambda e=engine, b=batches: [store_reports(e, one, "bench") for one in b]))
            linked.append(timed(lambda e=engine: link(e)))
            folder = plan.folder / f"releases-{turn}"
            released.append(timed(lambda e=engine, f=folder: release(e, f, "2026-01-02")))
    unit = "documents_per_second"
    laps: dict[str, Any] = {"load": stored, "link": linked, "release": released}
    return [rate(name, unit, len(readings), done) for name, done in laps.items()]


def profile(plan: Plan, top: int = 30) -> None:
    """The functions that reading relevant articles spends most own time in, on standard output."""
    import cProfile
    import pstats

    from extractors import read

    relevant = plan.relevant()
    read(relevant[0].text, title=relevant[0].title)
    with cProfile.Profile() as seen:
        for one in relevant:
            read(one.text, title=one.title)
    pstats.Stats(seen).strip_dirs().sort_stats("tottime").print_stats(top)


PARTS: dict[str, Callable[[Plan], list[Figure]]] = {
    "filter": sift,
    "read": peers,
    "news": news,
    "linear": linear,
    "parse": parse,
    "load": load,
}
