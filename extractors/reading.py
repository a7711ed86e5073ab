"""The public entry points: an article's text becomes a `Report`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.calendar import readable_day
from extractors.events import scene
from extractors.nlp import Reading, read_texts
from extractors.quality import flags, is_no_article
from extractors.records import Article, QualityFlag, Report
from extractors.relevance import is_relevant
from extractors.relevance_filter import may_be_relevant
from extractors.segments import segment
from extractors.text import mended, normalise


def read(
    text: str,
    *,
    title: str | None = None,
    published: str | None = None,
    url: str | None = None,
    source: str | None = None,
    everything: bool = False,
) -> Report:
    """What an article reports.

    `text` is plain running text in any Unicode form; `published` an ISO 8601 time with its offset, `url` the canonical
    address, `source` the name of the file or row it came from. With `everything` an article that is not relevant is read
    all the same. Pure: the same arguments give the same report.

    >>> report = read("Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổ chức hội nghị tổng kết năm 2023, kết nạp 150 đoàn viên.")
    >>> report.conferences[0].host.canonical, str(report.conferences[0].figures[0].value)
    ('Liên đoàn Lao động tỉnh Cà Mau', '150')
    """
    (report,) = _read_together(
        [{"text": text, "title": title, "published": published, "url": url, "source": source}], everything
    )
    return report


def read_many(articles: Iterable[Mapping[str, Any]], *, everything: bool = False) -> Iterator[Report]:
    """`read` over many articles, in order; each is a mapping of `read`'s arguments.

    Some 15 % faster than `read` one by one: some are read together, as many as are `TOGETHER` or `TOGETHER_LENGTH`
    characters long. An article that cannot be read raises what it raises alone, behind the reports of those before it.

    >>> texts = ["Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổ chức hội nghị tổng kết năm 2023.", "Mưa to."]
    >>> [report.article.relevant for report in read_many({"text": text} for text in texts)]
    [True, False]
    """
    for batch in _batches(articles):
        try:
            reports = _read_together(batch, everything)
        except Exception:  # noqa: BLE001  told below, of the one that it is
            yield from (read(**article, everything=everything) for article in batch)
        else:
            yield from reports


TOGETHER = 32
TOGETHER_LENGTH = 200_000


def _batches(articles: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    length = 0
    for article in articles:
        batch.append(article)
        length += len(article.get("text") or "")
        if len(batch) >= TOGETHER or length >= TOGETHER_LENGTH:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


@dataclass(slots=True)
class _Draft:
    """An article on its way to its report."""

    given: Mapping[str, Any]
    repaired: bool
    reading: Reading
    read: bool


def _read_together(articles: Sequence[Mapping[str, Any]], everything: bool) -> list[Report]:
    """Each step for all of `articles` before the next: the report of each does not depend on the others."""
    drafts = [_draft(article, everything) for article in articles]
    read_texts([draft.reading for draft in drafts if draft.read])
    marked = [flags(draft.reading.segments, repaired=draft.repaired) for draft in drafts]
    return [_report(draft, quality, everything) for draft, quality in zip(drafts, marked, strict=True)]


def _draft(article: Mapping[str, Any], everything: bool) -> _Draft:
    text, repaired = mended(article["text"])
    title = article.get("title")
    title = " ".join(normalise(title).split()) if title else None
    identity = (article.get("url") or text).encode("utf-8", "surrogatepass")
    segments = segment(text, title=title)
    reading = Reading(
        article_id=hashlib.sha256(identity).hexdigest()[:16],
        title=title,
        published=_day(article.get("published")),
        everything=everything,
        segments=segments,
        scene=scene(segments, title),
    )
    return _Draft(article, repaired, reading, everything or may_be_relevant(text))


def _report(draft: _Draft, quality: list[QualityFlag], everything: bool) -> Report:
    reading = draft.reading
    text = reading.segments.text
    relevant = draft.read and is_relevant(reading) and not is_no_article(text)
    article = Article(
        id=reading.article_id,
        source=draft.given.get("source"),
        url=draft.given.get("url"),
        title=reading.title or reading.scene.title or None,
        published_at=draft.given.get("published"),
        text=text,
        relevant=relevant,
        quality=quality,
    )
    return Report(article=article, conferences=reading.conferences if relevant or everything else [])


def _day(published: str | None) -> date | None:
    """The calendar day of an ISO 8601 time, in its own offset; None where it is no date, or none of any newspaper."""
    try:
        return readable_day(date.fromisoformat((published or "")[:10]))
    except ValueError:
        return None
