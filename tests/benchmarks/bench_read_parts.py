"""What reading costs one process: the filter, the reader, and its peers over the very same articles.

Where readers are compared they take turns, so that whatever else the machine does disturbs each alike, and ratios are of the process's own seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.benchmarks.bench_articles import Plan, Text, joined
from tests.benchmarks.bench_figures import Figure
from tests.benchmarks.bench_laps import Lap, each, rate, ratio, timed

_SHORT = 3_000


def sift(plan: Plan) -> list[Figure]:
    """The relevance filter over articles of all sorts as `read` calls it, alone, and how many it lets pass."""
    from extractors.relevance_filter import may_be_relevant
    from extractors.text import normalise

    few = plan.few()
    plain = [replace(one, text=normalise(one.text)) for one in few]
    passed = sum(may_be_relevant(one.text) for one in plain)
    whole, alone = [], []
    for _ in range(plan.runs):
        whole.append(timed(each(lambda one: may_be_relevant(normalise(one.text)), few)))
        alone.append(timed(each(lambda one: may_be_relevant(one.text), plain)))
    return [
        rate("filter, with normalising", "articles_per_second", len(few), whole),
        rate("filter alone", "articles_per_second", len(few), alone),
        Figure("filter, passed", "percent", [100 * passed / len(few)]),
    ]


def peers(plan: Plan) -> list[Figure]:
    """The reader over relevant articles, beside what else reads Vietnamese."""
    import spacy
    from underthesea import ner, sent_tokenize, word_tokenize

    from extractors import read, read_many

    blank = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})

    def entities(one: Text) -> None:
        for line in one.text.splitlines():
            for sentence in sent_tokenize(line):
                ner(sentence)

    def reading(one: Text) -> None:
        read(one.text, title=one.title)

    relevant = plan.relevant()
    few = relevant[: plan.ner_count]
    given = [{"text": one.text, "title": one.title} for one in relevant]
    works = {
        "read, relevant": lambda: list(read_many(given)),
        "read, one by one": each(reading, relevant),
        "word_tokenize": each(lambda one: word_tokenize(one.text), relevant),
        "spaCy blank": each(lambda one: blank(one.text), relevant),
        "read, as few as ner": each(reading, few),
        "ner by sentence": each(entities, few),
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
        ratio("read ÷ word_tokenize", laps["word_tokenize"], laps["read, relevant"]),
        ratio("read one by one ÷ word_tokenize", laps["word_tokenize"], laps["read, one by one"]),
        ratio("read ÷ spaCy blank", laps["spaCy blank"], laps["read, relevant"]),
        ratio("read ÷ ner", laps["ner by sentence"], laps["read, as few as ner"]),
    ]


def news(plan: Plan) -> list[Figure]:
    """The reader over articles of all sorts."""
    from extractors import read

    few = plan.few()
    read(few[0].text, title=few[0].title)
    laps = [timed(each(lambda one: read(one.text, title=one.title), few)) for _ in range(plan.runs)]
    return [rate("read, all sorts", "articles_per_second", len(few), laps)]


def linear(plan: Plan) -> list[Figure]:
    """A long article against the same lines as short ones, each read whatever it is about."""
    from extractors import read

    lines = joined(plan.relevant(), plan.long_length)
    short: list[list[str]] = [[]]
    length = 0
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
        ratio("read, time of long ÷ short", long_laps, short_laps),
    ]


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
}
