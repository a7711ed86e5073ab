"""The public entry point: one article's text becomes one `Report`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from extractors.calendar import readable_day
from extractors.events import scene
from extractors.nlp import read_text
from extractors.quality import flags, is_no_article
from extractors.records import Article, Report
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
    text, repaired = mended(text)
    title = " ".join(normalise(title).split()) if title else None
    article_id = hashlib.sha256((url or text).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    segments = segment(text, title=title)
    relevant, conferences, told = False, [], scene(segments, title).title
    if everything or may_be_relevant(text):
        reading = read_text(
            segments, article_id=article_id, title=title, published=_day(published), everything=everything
        )
        relevant = is_relevant(reading) and not is_no_article(text)
        conferences = reading.conferences if relevant or everything else []
    article = Article(
        id=article_id,
        source=source,
        url=url,
        title=title or told or None,
        published_at=published,
        text=text,
        relevant=relevant,
        quality=flags(segments, repaired=repaired),
    )
    return Report(article=article, conferences=conferences)


def _day(published: str | None) -> date | None:
    """The calendar day of an ISO 8601 time, in its own offset; None where it is no date, or none of any newspaper."""
    try:
        return readable_day(date.fromisoformat((published or "")[:10]))
    except ValueError:
        return None


def read_many(articles: Iterable[Mapping[str, Any]], *, everything: bool = False) -> Iterator[Report]:
    """`read` over many articles, in order; each is a mapping of `read`'s arguments."""
    for article in articles:
        yield read(**article, everything=everything)
