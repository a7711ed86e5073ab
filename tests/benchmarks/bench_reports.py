"""Invented reports, as many as wanted and the same each time: unions of all provinces, a conference each a year.

Of ten articles one reports no conference, one tells of another's conference in other words, and of twenty one is a
reprint. Every value's words stand in the text.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from extractors.records import (
    Article,
    Award,
    Check,
    Conference,
    EventDate,
    Evidence,
    Figure,
    Period,
    Person,
    Place,
    Report,
    Span,
    UnitRef,
)
from pipeline.dataset.store import Reading
from tests.benchmarks.bench_events import TOLD, YEARS, Told, events

_SYLLABLES = Path(__file__).with_name("bench_words.txt").read_text("utf-8").split()
_FORMS = (
    ("certificate_of_merit", "Bằng khen"),
    ("certificate_of_commendation", "Giấy khen"),
    ("emulation_flag", "Cờ thi đua"),
    ("badge", "Kỷ niệm chương"),
)


@dataclass
class _Text:
    """An article's text as it grows."""

    chance: random.Random
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def say(self, words: str, rule: str = "bench") -> Evidence:
        start = self.length
        self.parts.append(words)
        self.length += len(words)
        return Evidence(start=start, end=self.length, text=words, rule=rule)

    def fill(self, least: int, most: int) -> None:
        """So many syllables that no other article has in this order."""
        self.say(" " + " ".join(self.chance.choices(_SYLLABLES, k=self.chance.randint(least, most))) + " ")


def readings(figures: int) -> Iterator[Reading]:
    """Readings of articles with `figures` figures together."""
    left = figures
    for number, made in enumerate(_reports()):
        told = sum(len(conference.figures) for conference in made.conferences)
        cut = {"conferences": [_cut(conference, left) for conference in made.conferences]}
        one = made.model_copy(update=cut if told > left else {})
        url = one.article.url
        yield Reading(one, "bench", page_url=url, fetched_at=f"2026-01-01T00:00:00.{number:06d}+00:00")
        left -= told
        if left <= 0:
            return


def _cut(conference: Conference, count: int) -> Conference:
    return conference.model_copy(update={"figures": conference.figures[:count], "checks": []})


def _reports() -> Iterator[Report]:
    chance = random.Random("tongket bench")
    recent: list[tuple[Told, Report]] = []
    waiting = events(chance)
    number = 0
    while True:
        number += 1
        sort = number % 20
        if sort in {5, 15}:
            yield _report(number, chance, None, None)
        elif sort in {7, 17} and recent:
            yield _report(number, chance, chance.choice(recent[-40:])[0], None)
        elif sort == 10 and recent:
            yield _report(number, chance, None, chance.choice(recent[-40:])[1])
        else:
            told = next(waiting)
            recent.append((told, _report(number, chance, told, None)))
            recent = recent[-60:]
            yield recent[-1][1]


def _report(number: int, chance: random.Random, told: Told | None, copied: Report | None) -> Report:
    identity = hashlib.sha256(f"bench {number}".encode()).hexdigest()[:16]
    url = f"https://bench.example/{number}.html"
    if copied is not None:
        day = (copied.article.published_at or "")[:10]
        update = {"id": identity, "url": url, "source": "bench-2", "published_at": f"{day}T23:00:00+07:00"}
        conferences = [one.model_copy(update={"id": f"{identity}-0"}) for one in copied.conferences]
        return Report(article=copied.article.model_copy(update=update), conferences=conferences)
    text = _Text(chance)
    conferences = [_conference(f"{identity}-0", text, told)] if told else []
    for _ in range(0 if told else 30):
        text.fill(8, 20)
    published = told.day if told else f"{chance.choice(YEARS)}-06-{chance.randint(1, 28):02d}"
    article = Article(
        id=identity,
        source="bench",
        url=url,
        title=f"{told.host.name} tổng kết năm {told.year}" if told else "Tin khác",
        published_at=f"{published}T18:00:00+07:00",
        text="".join(text.parts).strip() if not told else "".join(text.parts),
        relevant=bool(told),
    )
    return Report(article=article, conferences=conferences)


def _conference(identity: str, text: _Text, told: Told) -> Conference:
    chance, host = text.chance, told.host
    _, month, day = told.day.split("-")
    when = text.say(f"Ngày {int(day)}/{int(month)}")
    text.say(", ")

    def unit(name: str, role: str, level: str = "grassroots") -> UnitRef:
        about = {"type": "federation" if level != "grassroots" else "grassroots_union", "level": level}
        said = text.say(name)
        return UnitRef(name=name, canonical=name, role=role, evidence=said, province_code=host.code, **about)  # type: ignore[arg-type]

    hosting = unit(host.name, "host", host.level)
    text.say(f" tổng kết năm {told.year} tại ")
    place = Place(text=f"tỉnh {host.province}", province_code=host.code, evidence=text.say(host.province))
    text.fill(10, 20)
    name = " ".join(chance.choices(_SYLLABLES, k=3)).title()
    person = Person(name=f"Lê {name}", position="Chủ tịch", role="presides", evidence=text.say(f"Lê {name}"))
    figures = [_figure(text, *value) for value in told.values if chance.random() < 0.97]
    members = []
    for _ in range(3):
        text.fill(4, 9)
        members.append(
            unit(f"Công đoàn Công ty {' '.join(chance.choices(_SYLLABLES, k=2)).title()}", "member")
        )
    awards = []
    for form, words in _FORMS:
        text.fill(4, 9)
        count = chance.randint(1, 80)
        awards.append(
            Award(
                form=form,  # type: ignore[arg-type]
                form_text=words,
                grantors=[host.name],
                recipient_type="collective",
                count=count,
                evidence=text.say(f"{count} {words}"),
                confidence=0.8,
                support="bench",
            )
        )
    year = Period(label=f"năm {told.year}", start=f"{told.year}-01-01", end=f"{told.year}-12-31")
    numbers = [figure.value for figure in figures[:2]]
    check = Check(
        rule="part_of_whole",
        holds=numbers == sorted(numbers),
        expected=max(numbers, default=None),
        found=min(numbers, default=None),
        figures=list(range(len(numbers))),
        message="the part is larger than the whole",
    )
    return Conference(
        id=identity,
        kind="year_review",
        name=f"Hội nghị tổng kết năm {told.year}",
        host=hosting,
        date=EventDate(start=told.day, basis="publication", evidence=when),
        place=place,
        review_period=year,
        units=[hosting, *members],
        people=[person],
        figures=figures,
        awards=awards,
        checks=[check, check],
    )


def _figure(text: _Text, place: int, value: int, planned: bool) -> Figure:
    indicator, unit, noun, before, *_ = TOLD[place]
    start = text.length
    text.fill(4, 10)
    text.say(f"{'phấn đấu ' if planned else ''}{before} ")
    evidence = text.say(f"{value:,} {noun}".replace(",", "."))
    text.fill(1, 4)
    text.say(".\n")
    return Figure(
        indicator=indicator,  # type: ignore[arg-type]
        value=Decimal(value),
        unit=unit,  # type: ignore[arg-type]
        unit_text=noun,
        status="target" if planned else "achieved",
        attainment_pct=None if planned else round(80 + text.chance.random() * 40, 1),
        confidence=round(0.5 + text.chance.random() / 2, 2),
        support="bench",
        evidence=evidence,
        sentence=Span(start=start, end=text.length),
    )
