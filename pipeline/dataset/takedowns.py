"""What was taken down: URLs that are never asked for again, and digests by which their text is known at other addresses.

The list is in the database and, since that can be made anew from the archive, beside the archive too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from pipeline.dataset.database import writing
from pipeline.dataset.link.text import fingerprint
from pipeline.dataset.schema import takedowns

NAME = "takedowns.jsonl"
"""The list's file in the archive's folder: a row of the table a line."""


@dataclass(frozen=True)
class Takedown:
    """One URL. Times are ISO 8601 in UTC; `done_at` is None until nothing of it is left in any file."""

    url: str
    taken_at: str
    digests: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    reason: str | None = None
    done_at: str | None = None

    @property
    def row(self) -> dict[str, Any]:
        """Its row of the table."""
        return {
            "url_hash": url_hash(self.url),
            "url": self.url,
            "digests": json.dumps(self.digests),
            "articles": json.dumps(self.articles),
            "reason": self.reason,
            "taken_at": self.taken_at,
            "done_at": self.done_at,
        }


def url_hash(url: str) -> str:
    """The key of a URL: SHA-256 in hex."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 of what a text says: its words in lower case, whatever stands between them.

    >>> text_digest("Kết nạp 705 đoàn viên.") == text_digest("KẾT NẠP  705 đoàn viên")
    True
    """
    return hashlib.sha256(" ".join(fingerprint(text).syllables).encode()).hexdigest()


def all_takedowns(connection: Connection) -> list[Takedown]:
    """All that was taken down, by URL."""
    query = select(takedowns).order_by(takedowns.c.url)
    return [_takedown(dict(row)) for row in connection.execute(query).mappings()]


def taken(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of `urls` that were taken down."""
    by_hash = {url_hash(url): url for url in urls}
    found: set[str] = set()
    hashes = list(by_hash)
    for start in range(0, len(hashes), 500):
        query = select(takedowns.c.url_hash).where(takedowns.c.url_hash.in_(hashes[start : start + 500]))
        found |= {by_hash[one] for one in connection.execute(query).scalars()}
    return found


def same_text(connection: Connection, text: str) -> str | None:
    """The URL whose text was taken down and is `text`; None where there is none."""
    known = connection.execute(select(takedowns.c.url, takedowns.c.digests)).tuples().all()
    if not known:  # as almost always
        return None
    digest = text_digest(text)
    return next((url for url, digests in known if digest in json.loads(digests)), None)


def put(connection: Connection, made: Iterable[Takedown]) -> None:
    """Write rows; of a URL that is there already digests and articles are joined, and its first time stays."""
    for one in made:
        mine = takedowns.c.url_hash == url_hash(one.url)
        row = connection.execute(select(takedowns).where(mine)).mappings().one_or_none()
        if row is None:
            connection.execute(insert(takedowns).values(one.row))
            continue
        old = _takedown(dict(row))
        joined = Takedown(
            url=one.url,
            taken_at=old.taken_at,
            digests=tuple(sorted({*old.digests, *one.digests})),
            articles=tuple(sorted({*old.articles, *one.articles})),
            reason=one.reason or old.reason,
            done_at=one.done_at,
        )
        connection.execute(update(takedowns).where(mine).values(joined.row))


def drop(connection: Connection, urls: Collection[str]) -> int:
    """Forget that `urls` were taken down; how many were. Their words may stand at any address again."""
    known = all_takedowns(connection)
    free = {digest for one in known if one.url in urls for digest in one.digests}
    for one in known:
        mine = takedowns.c.url_hash == url_hash(one.url)
        if one.url in urls:
            connection.execute(delete(takedowns).where(mine))
        elif not free.isdisjoint(one.digests):
            kept = tuple(digest for digest in one.digests if digest not in free)
            connection.execute(update(takedowns).where(mine).values(replace(one, digests=kept).row))
    return sum(one.url in urls for one in known)


def write_list(connection: Connection, archive_dir: Path) -> None:
    """Write the list beside the archive, whole or not at all."""
    archive_dir.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(one.row, ensure_ascii=False) + "\n" for one in all_takedowns(connection))
    aside = archive_dir / f".{NAME}.new"
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(lines)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(archive_dir / NAME)


def read_list(engine: Engine, archive_dir: Path) -> None:
    """Take into the database what the list beside the archive names and the database, perhaps a new one, does not."""
    try:
        lines = (archive_dir / NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    told = [_takedown(json.loads(line)) for line in lines]
    with engine.connect() as connection:
        known = taken(connection, [one.url for one in told])
    if new := [one for one in told if one.url not in known]:
        with writing(engine).begin() as connection:
            put(connection, new)


def _takedown(row: dict[str, Any]) -> Takedown:
    return Takedown(
        url=row["url"],
        taken_at=row["taken_at"],
        digests=tuple(json.loads(row["digests"])),
        articles=tuple(json.loads(row["articles"])),
        reason=row["reason"],
        done_at=row["done_at"],
    )
