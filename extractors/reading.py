"""The public entry point: one article's text becomes one `Report`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from extractors.records import Article, Report
from extractors.text import normalise


def read(
    text: str,
    *,
    title: str | None = None,
    published: str | None = None,
    url: str | None = None,
    source: str | None = None,
    everything: bool = False,
) -> Report:
    text = normalise(text)
    article_id = hashlib.sha256((url or text).encode()).hexdigest()[:16]
    article = Article(
        id=article_id, source=source, url=url, title=title, published_at=published, text=text, relevant=False
    )
    return Report(article=article)


def read_many(articles: Iterable[Mapping[str, Any]], *, everything: bool = False) -> Iterator[Report]:
    for a in articles:
        yield read(everything=everything, **a)
