"""What is held of a URL: pages, articles, reprints of them, people's decisions, records of the archive, releases."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, or_, select

from pipeline.crawl.sources import Source
from pipeline.crawl.urls import article_url, canonical_url
from pipeline.dataset.schema import article_versions, articles, decisions, links, pages
from pipeline.dataset.takedowns import Takedown, text_digest
from pipeline.settings import Settings
from pipeline.takedown.records import Records, find_records
from pipeline.takedown.releases import holding


@dataclass(frozen=True)
class HeldArticle:
    """An article of the dataset. `url` is its page's key, an address or `urn:sha256:…`."""

    id: str
    url: str | None
    title: str | None
    published_at: str | None


@dataclass
class Held:
    """All that a takedown would remove. `urls` are the addresses, twins among them, the one asked for first.

    `reprints` are articles of other addresses with the same text, which stay unless they are asked for too.
    """

    urls: list[str]
    articles: list[HeldArticle] = field(default_factory=list)
    reprints: list[HeldArticle] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    records: Records = field(default_factory=Records)
    releases: list[Path] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether nothing is held."""
        return not (self.articles or self.records.files or self.releases)


def look(
    connection: Connection,
    settings: Settings,
    manifests: Sequence[Source],
    urls: Sequence[str],
    known: Sequence[Takedown],
    *,
    reprints: bool,
) -> Held:
    """What is held of one page, `urls` being its spellings; with `reprints` of the same text at other addresses too.

    `known` are takedowns of it, and those that were begun and not finished: they are gone on with.
    """
    held = Held(list(dict.fromkeys([*urls, *(one.url for one in known)])))
    while True:
        _add_twins(connection, held)
        held.articles = _articles(connection, held.urls)
        held.digests = _digests(connection, [one.id for one in held.articles])
        held.reprints = _reprints(connection, held)
        more = [one.url for one in held.reprints if one.url]
        if not reprints or not more:
            break
        held.urls += [one for one in more if one not in held.urls]
    names = sorted({*(one.id for one in held.articles), *(name for one in known for name in one.articles)})
    held.decisions = _decisions(connection, names)
    held.records = find_records(settings.archive_dir, manifests, held.urls)
    held.digests |= held.records.digests
    held.releases = holding(settings.releases_dir, held.urls, names)
    return held


def spellings(url: str, manifests: Sequence[Source]) -> list[str]:
    """The addresses that `url` may be filed under, the manifest's first. Raises `URLError` where it is none."""
    if url.startswith("urn:"):
        return [url]
    canonical = canonical_url(url)
    by_manifest = [source.article(url) for source in manifests if source.is_own(canonical)]
    return list(dict.fromkeys(one for one in (*by_manifest, article_url(url), canonical) if one))


def _add_twins(connection: Connection, held: Held) -> None:
    query = select(pages.c.url).where(pages.c.alias_of.in_(held.urls)).order_by(pages.c.url)
    held.urls += [one for one in connection.execute(query).scalars() if one not in held.urls]


def _articles(connection: Connection, urls: Collection[str]) -> list[HeldArticle]:
    mine = or_(articles.c.page_url.in_(urls), articles.c.url.in_(urls))
    return _told(connection, [mine])


def _told(connection: Connection, where: Iterable[object]) -> list[HeldArticle]:
    query = select(
        articles.c.id, articles.c.page_url, articles.c.url, articles.c.title, articles.c.published_at
    )
    rows = connection.execute(query.where(*where).order_by(articles.c.id))  # type: ignore[arg-type]
    return [HeldArticle(row.id, row.page_url or row.url, row.title, row.published_at) for row in rows]


def _digests(connection: Connection, names: Collection[str]) -> set[str]:
    found: set[str] = set()
    for table, key in ((articles, articles.c.id), (article_versions, article_versions.c.article_id)):
        found |= {
            text_digest(text)
            for text in connection.execute(select(table.c.text).where(key.in_(names))).scalars()
        }
    return found


def _reprints(connection: Connection, held: Held) -> list[HeldArticle]:
    """Articles that linking holds for reprints of those held, or those for reprints of them; and equal texts."""
    mine = {one.id for one in held.articles}
    pairs = (
        connection.execute(select(links.c.left_id, links.c.right_id).where(links.c.kind == "reprint"))
        .tuples()
        .all()
    )
    others: set[str] = set()
    while more := {b for pair in pairs for a, b in (pair, pair[::-1]) if a in mine | others} - mine - others:
        others |= more
    if mine:
        query = select(articles.c.id, articles.c.text).execution_options(yield_per=500)
        for name, text in connection.execute(query):
            if name not in mine | others and text_digest(text) in held.digests:
                others.add(name)
    return _told(connection, [articles.c.id.in_(others)])


def _decisions(connection: Connection, names: Collection[str]) -> list[str]:
    """Ids of people's decisions on records of the articles `names`: they quote them."""
    found = []
    for row in connection.execute(select(decisions).where(decisions.c.human.is_(True))).mappings():
        about = json.loads(row["anchor"] or "{}").get("article")
        if any(name == about or name in row["left_id"] or name in (row["right_id"] or "") for name in names):
            found.append(row["id"])
    return sorted(found)
