"""The reading pipeline: a blank spaCy `vi` over the text, then one component a step.

Each component reads and writes `doc._.reading`, so that what one has found the next need not look for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from threading import Lock

from extractors.awards import find_awards
from extractors.checks import find_checks
from extractors.conference import assemble
from extractors.dates import DateSpan, find_dates
from extractors.events import Scene, event_parts, kind_of, scene_at, tells_event
from extractors.figures import find_figures
from extractors.hosts import find_host, holds_event
from extractors.lean_spacy import Doc, Language, Vocab, blank
from extractors.letters import lowered_article
from extractors.numbers import NumberSpan, find_numbers
from extractors.periods import review_and_plan, year_of_review
from extractors.places import Province, article_province
from extractors.quantities import Quantity, find_quantities
from extractors.records import Award, Conference, ConferenceKind, Figure
from extractors.segments import Segments
from extractors.status import Moods, is_announcement, moods
from extractors.text import doubled_spans
from extractors.unit_mention import UnitMention
from extractors.units import find_units
from extractors.words import word_end


@dataclass(slots=True)
class Reading:
    """What has been read of one article so far; each component adds its part."""

    article_id: str
    title: str | None
    published: date | None
    everything: bool
    segments: Segments
    scene: Scene
    kind: ConferenceKind = "other"
    kind_weight: float = 0.0
    numbers: list[NumberSpan] = field(default_factory=list)
    dates: list[DateSpan] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    home: Province | None = None
    units: list[UnitMention] = field(default_factory=list)
    review: DateSpan | None = None
    plan: DateSpan | None = None
    moods: Moods | None = None
    awards: list[Award] = field(default_factory=list)
    award_counts: list[tuple[int, int]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    conferences: list[Conference] = field(default_factory=list)


class Tokenizer:
    """The text as one spaCy token: no component needs smaller ones.

    Words of several syllables are told where they decide something, by `words.word_end`.
    """

    def __call__(self, text: str) -> Doc:
        return Doc(_VOCAB, words=[text] if text else [], spaces=[False] if text else [])


# Without the language's lexical attributes, which nobody asks for.
_VOCAB = Vocab()


Step = Callable[[Doc, Reading], None]


def _component(name: str, step: Step) -> None:
    def component(doc: Doc) -> Doc:
        step(doc, doc._.reading)
        return doc

    Language.component(name, func=component)


def _numbers(doc: Doc, r: Reading) -> None:
    r.numbers = find_numbers(r.segments.text)


def _dates(doc: Doc, r: Reading) -> None:
    text = r.segments.text
    r.dates = find_dates(text)
    r.kind, r.kind_weight = kind_of(r.segments, r.scene)
    r.review, r.plan = review_and_plan(text, r.dates, until=r.scene.lead_end)


def _quantities(doc: Doc, r: Reading) -> None:
    r.quantities = find_quantities(r.segments.text, dates=r.dates, numbers=r.numbers, word_end=word_end)


def _units(doc: Doc, r: Reading) -> None:
    on = r.published.isoformat() if r.published else None
    r.home = article_province(r.segments.text, title=r.title, on=on)
    r.units = find_units(r.segments.text, home=r.home, on=on)


def _awards(doc: Doc, r: Reading) -> None:
    r.moods = moods(
        r.segments,
        year_of_review(r.review, r.published),
        r.plan.label if r.plan else None,
        announced=is_announcement(r.segments.text, r.scene.lead),
    )
    r.awards, r.award_counts = find_awards(r.segments, r.numbers, r.units, r.moods)


def _figures(doc: Doc, r: Reading) -> None:
    assert r.moods is not None
    # `Cụm thi đua LĐLĐ 5 thành phố trực thuộc Trung ương`: a number inside a unit's name counts nothing.
    named = [(u.start, u.end) for u in r.units if any(map(str.isdigit, u.name))]
    # A paragraph printed twice tells its numbers once.
    named += doubled_spans(r.segments.text)
    r.figures = find_figures(r.segments, r.quantities, r.moods, [*r.award_counts, *named], kind=r.kind)


def _conference(doc: Doc, r: Reading) -> None:
    text = r.segments.text
    held = [u for u in r.units if holds_event(text, u, r.segments.sentence_at(u.start)[1])]
    if not tells_event(r.segments, r.scene, [u.start for u in held]):
        return
    host = find_host(r.segments, r.scene, r.units, r.kind)
    parts = event_parts(r.segments, [(u.start, u.canonical) for u in held], host.canonical if host else None)
    r.conferences = [_part(r, n, start, end, host) for n, (start, end) in enumerate(parts, start=1)]


def _part(r: Reading, number: int, start: int, end: int, host: UnitMention | None) -> Conference:
    """The conference that the text from `start` to `end` tells; `host` is that of the article as a whole."""
    whole = (start, end) == (0, len(r.segments.text))
    where = r.scene if number == 1 else scene_at(r.segments, start, end)
    kind = r.kind if number == 1 else kind_of(r.segments, where)[0]
    dates = r.dates if whole else [d for d in r.dates if start <= d.offsets[0] < end]
    review, plan = r.review, r.plan
    if number > 1:
        review, plan = review_and_plan(r.segments.text, dates, until=where.lead_end)
    units = r.units if whole else [u for u in r.units if start <= u.start < end]
    return assemble(
        r.segments,
        where,
        conference_id=f"{r.article_id}-{number}",
        kind=kind,
        host=host if whole else find_host(r.segments, where, units, kind),
        units=units,
        dates=dates,
        review=review or r.review,
        plan=plan or r.plan,
        published=r.published,
        figures=[f for f in r.figures if start <= f.evidence.start < end],
        awards=[a for a in r.awards if start <= a.evidence.start < end],
        home=r.home,
        span=(start, end),
    )


def _checks(doc: Doc, r: Reading) -> None:
    r.conferences = [c.model_copy(update={"checks": find_checks(c.figures)}) for c in r.conferences]


_STEPS: tuple[tuple[str, Step], ...] = (
    ("numbers", _numbers),
    ("dates", _dates),
    ("quantities", _quantities),
    ("units", _units),
    ("awards", _awards),
    ("figures", _figures),
    ("conference", _conference),
    ("checks", _checks),
)


@cache
def pipeline() -> Language:
    """The spaCy pipeline, made once a process."""
    nlp = blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    nlp.tokenizer = Tokenizer()
    nlp.max_length = 10**8
    if not Doc.has_extension("reading"):
        Doc.set_extension("reading", default=None)
    for name, step in _STEPS:
        _component(f"tongket_{name}", step)
        nlp.add_pipe(f"tongket_{name}")
    return nlp


def read_texts(readings: Sequence[Reading]) -> None:
    """Everything that the components find in some texts, each added to its reading: a component at a time for all of them.

    What a component's patterns and automata need stays in the processor's cache from one text to the next.
    """
    nlp = pipeline()
    # What the vocabulary learns of these articles is forgotten behind them: else it would grow with every article. Of two
    # threads one would forget what the other needs.
    with _ONE_AT_A_TIME, _VOCAB.memory_zone():
        docs = [nlp.make_doc(reading.segments.text) for reading in readings]
        for doc, reading in zip(docs, readings, strict=True):
            doc._.reading = reading
        for _, component in nlp.pipeline:
            docs = [component(doc) for doc in docs]
        lowered_article.cache_clear()


_ONE_AT_A_TIME = Lock()
