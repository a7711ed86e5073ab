"""Gold articles and reports → precision, recall and accuracy, and every miss and false alarm behind them.

Figures pair where the values are equal and the evidence overlaps; `figures_strict` wants all attributes right
as well. Awards pair on form, kind of recipient and count with evidence close by; `awards_strict` wants the
grantors too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from extractors.records import Award, Conference, Figure, Report
from pipeline.evaluate.align import FoldedText, Place, equal, near, pair, unit_name
from pipeline.evaluate.gold import GoldArticle, GoldAward, GoldConference, GoldFigure, GoldUnit

COUNTED = ("units", "figures", "figures_strict", "awards", "awards_strict")
FIGURE_ATTRIBUTES = ("unit", "status", "indicator", "modifier", "attainment_pct", "share_pct")
JUDGED = (
    "relevant", "date", "session", "kind", "host", "review_period",
    *(f"figure.{name}" for name in FIGURE_ATTRIBUTES),
)  # fmt: skip
# The other roles (superior, participant, mentioned) are open lists on which careful readers differ.
_SCORED_ROLES = {"host", "member", "recipient", "cluster_head", "cluster_deputy", "leader", "grantor"}
# An award's evidence may be the count, the form or the whole phrase: a sentence apart is still the same.
_AWARD_REACH = 150


@dataclass(slots=True)
class Tally:
    """Right, false and missed items; a ratio of nothing to nothing is 0."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the predictions that are right."""
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        """Share of the gold items that were found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / max(1, 2 * self.right + self.false + self.missed)

    def add(self, *, right: bool) -> None:
        """A pair: right, or else both a false alarm and a miss."""
        self.right += right
        self.false += not right
        self.missed += not right


@dataclass(slots=True)
class Share:
    """How many of how many were right."""

    right: int = 0
    n: int = 0

    def add(self, *, right: bool) -> None:
        """One more judgement."""
        self.right += right
        self.n += 1

    @property
    def accuracy(self) -> float:
        """Share right, 0 where nothing was judged."""
        return self.right / max(1, self.n)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: in which article, of what sort (`figure missed`), what gold and prediction say."""

    article: str
    sort: str
    what: str


@dataclass(slots=True)
class Scores:
    """All tallies and shares by name, and the findings in the order of the articles."""

    counted: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in COUNTED})
    judged: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in JUDGED})
    findings: list[Finding] = field(default_factory=list)
    supported: list[tuple[str, str, float, bool]] = field(default_factory=list)
    """Kind, support, confidence and rightness of every figure and award that gold judges."""


def score(gold: Iterable[GoldArticle], reports: Mapping[str, Report]) -> Scores:
    """Scores of `reports` (by the gold article's name); an article without a report has all of it missed."""
    scores = Scores()
    for article in gold:
        _Scorer(article, reports.get(article.name), scores).run()
    return scores


class _Scorer:
    """One article against its report."""

    def __init__(self, gold: GoldArticle, report: Report | None, scores: Scores) -> None:
        self.gold, self.report, self.scores = gold, report, scores
        self.text = FoldedText(report.article.text if report else "")
        self.relevant = report is not None and report.article.relevant
        conferences = report.conferences if report else []
        # Read only because `--all` was asked for: what is found there is neither right nor wrong.
        self.predicted: list[Conference] = conferences if gold.conferences or self.relevant else []

    def run(self) -> None:
        if self.report is None:
            self.find("article", "no prediction")
        self.judge("relevant", self.relevant, self.gold.relevant)
        if self.gold.conferences:
            self.event(self.gold.conferences[0], self.predicted[0] if self.predicted else None)
        self.units()
        self.figures()
        self.awards()

    def find(self, sort: str, what: str) -> None:
        self.scores.findings.append(Finding(self.gold.name, sort, what))

    def judge(self, name: str, got: object, want: object) -> None:
        self.scores.judged[name].add(right=got == want)
        if got != want:
            self.find(name, f"gold {want} got {got}")

    def event(self, gold: GoldConference, got: Conference | None) -> None:
        """The first event's own attributes; a host or period that gold leaves open is not judged."""
        date, wanted = (got.date if got else None), gold.date
        self.judge(
            "date",
            (date.start, date.end) if date else (None, None),
            (wanted.start, wanted.end) if wanted else (None, None),
        )
        self.judge("session", date.session if date else None, wanted.session if wanted else None)
        self.judge("kind", got.kind if got else None, gold.kind)
        if gold.host:
            host = got.host.canonical if got and got.host else None
            right = unit_name(host) == unit_name(gold.host)
            self.judge("host", gold.host if right else host, gold.host)
        if gold.review_period:
            period = got.review_period if got else None
            want = (gold.review_period.start, gold.review_period.end)
            self.judge("review_period", (period.start, period.end) if period else None, want)

    def units(self) -> None:
        def keys(units: Iterable[GoldUnit]) -> set[tuple[str, str]]:
            return {(unit_name(u.canonical), u.role) for u in units if u.role in _SCORED_ROLES}

        gold = keys(u for c in self.gold.conferences for u in c.units)
        got = keys(GoldUnit(canonical=u.canonical, role=u.role) for c in self.predicted for u in c.units)
        tally = self.scores.counted["units"]
        tally.right += len(gold & got)
        tally.false += len(got - gold)
        tally.missed += len(gold - got)
        for name, role in sorted(gold - got):
            self.find("unit missed", f"{role} {name}")
        for name, role in sorted(got - gold):
            self.find("unit false alarm", f"{role} {name}")

    def figures(self) -> None:
        loose, strict = self.scores.counted["figures"], self.scores.counted["figures_strict"]
        gold = [f for c in self.gold.conferences for f in c.figures]
        at = {id(f): self.text.find(f) for f in gold}

        def matches(want: GoldFigure, got: Figure) -> bool:
            place = at[id(want)]
            span = self.text.span(got.evidence)
            return place is not None and near(place, span, within=0) and equal(got.value, want.value)

        pairs, extra = pair(gold, [f for c in self.predicted for f in c.figures], matches)
        for want, got in pairs:
            if want.optional:
                continue
            if got is None:
                loose.missed += 1
                strict.missed += 1
                where = "" if at[id(want)] else " (the text read lacks this quote)"
                self.find("figure missed", f"{want.value} {want.unit} {want.indicator} «{want.quote}»{where}")
                continue
            wrong = _wrong_attributes(want, got)
            self.scores.supported.append(("figure", got.support, got.confidence, not wrong))
            loose.right += 1
            strict.add(right=not wrong)
            for name in FIGURE_ATTRIBUTES:
                self.scores.judged[f"figure.{name}"].add(right=name not in wrong)
            if wrong:
                said = ", ".join(
                    f"{name}: gold {getattr(want, name)} got {getattr(got, name)}" for name in wrong
                )
                self.find("figure attributes", f"«{want.quote}» {said}")
        for figure in extra:
            self.scores.supported.append(("figure", figure.support, figure.confidence, False))
            loose.false += 1
            strict.false += 1
            self.find(
                "figure false alarm",
                f"{figure.value} {figure.unit} {figure.indicator} «{figure.evidence.text}»",
            )

    def awards(self) -> None:
        loose, strict = self.scores.counted["awards"], self.scores.counted["awards_strict"]
        gold = [a for c in self.gold.conferences for a in c.awards]
        at: dict[int, Place | None] = {id(a): self.text.find(a) for a in gold}

        def matches(want: GoldAward, got: Award) -> bool:
            same = got.form == want.form and got.recipient_type == want.recipient_type
            span = self.text.span(got.evidence)
            return same and equal(got.count, want.count) and near(at[id(want)], span, within=_AWARD_REACH)

        pairs, extra = pair(gold, [a for c in self.predicted for a in c.awards], matches)
        for want, got in pairs:
            if want.optional:
                continue
            if got is None:
                loose.missed += 1
                strict.missed += 1
                self.find("award missed", f"{want.form} {want.recipient_type} {want.count} «{want.quote}»")
                continue
            right = set(map(unit_name, got.grantors)) == set(map(unit_name, want.grantors))
            self.scores.supported.append(("award", got.support, got.confidence, right))
            loose.right += 1
            strict.add(right=right)
            if not right:
                self.find("award grantors", f"«{want.quote}» gold {want.grantors} got {got.grantors}")
        for award in extra:
            self.scores.supported.append(("award", award.support, award.confidence, False))
            loose.false += 1
            strict.false += 1
            self.find(
                "award false alarm",
                f"{award.form} {award.recipient_type} {award.count} «{award.evidence.text}»",
            )


def _wrong_attributes(want: GoldFigure, got: Figure) -> list[str]:
    codes = ("unit", "status", "indicator", "modifier")
    numbers = ("value_max", "of", "attainment_pct", "share_pct")
    wrong = [name for name in codes if getattr(want, name) != getattr(got, name)]
    return wrong + [name for name in numbers if not equal(getattr(got, name), getattr(want, name))]
