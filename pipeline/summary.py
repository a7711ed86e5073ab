"""What a run did, in numbers: small, frozen, and the same whichever engine ran it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

Progress = Callable[[str], None]
"""Called with one line of text whenever something worth showing has happened."""


class Summary(BaseModel):
    """Base of the summaries."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CrawlSummary(Summary):
    """One source's crawl. Pages are articles only; feeds, listings and robots.txt are not counted.

    `links` found, of them `fetched` anew (new or changed bytes), `unchanged` (304, or the same bytes again),
    `failed` (with a reason in the table `pages`), `disallowed` by robots.txt, `deferred` (failed earlier and
    not yet due again).
    """

    source: str
    links: int = 0
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    disallowed: int = 0
    deferred: int = 0
    problems: list[str] = Field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether anything came of it: False where the site did not answer, or showed no article."""
        seen = self.links + self.fetched + self.unchanged + self.failed + self.disallowed + self.deferred
        return seen > 0 or not self.problems


class StoreSummary(Summary):
    """Articles of one batch by what the dataset made of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0

    def __add__(self, other: StoreSummary) -> StoreSummary:
        return StoreSummary(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            failed=self.failed + other.failed,
        )


class RunSummary(Summary):
    """A whole run. `release` is None where `problems` kept a release from being made.

    `rows` counts what the dataset holds now, by table.
    """

    run_id: str
    crawls: list[CrawlSummary] = Field(default_factory=list)
    stored: StoreSummary = StoreSummary()
    rows: dict[str, int] = Field(default_factory=dict)
    release: Path | None = None
    problems: list[str] = Field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every source was healthy and a release was made."""
        return not self.problems and self.release is not None

    def lines(self) -> list[str]:
        """What was done, a line a stage: `songtien: 16 links, 16 fetched, …`.

        Empty where no source was reached and nothing was read: then the problems say it all.
        """
        told = [
            f"{crawl.source}: {crawl.links} links, {crawl.fetched} fetched, {crawl.unchanged} unchanged, "
            f"{crawl.failed} failed, {crawl.disallowed} disallowed, {crawl.deferred} deferred"
            for crawl in self.crawls
            if crawl.reached
        ]
        stored = self.stored
        if not told and stored == StoreSummary():
            return []
        return [
            *told,
            f"articles: {stored.new} new, {stored.changed} changed, {stored.unchanged} unchanged, "
            f"{stored.failed} failed",
            "dataset: " + ", ".join(f"{count} {table}" for table, count in self.rows.items()),
            f"release: {self.release or 'none made'}",
        ]

    def advice(self, local: set[str]) -> str | None:
        """What to do where sources were not reached, in one line; `local` are those on this machine."""
        unreached = [crawl.source for crawl in self.crawls if not crawl.reached]
        names = ", ".join(unreached)
        if not unreached:
            return None
        if local.issuperset(unreached):
            return (
                f"{names}: a site on this machine, and it is not up; `tongket demo` serves the one that is "
                "shipped. For real sites write a manifest, see README.md, and name its folder by --sources."
            )
        return f"{names}: check the network and base_url, feeds and listings of the manifest, then run again."
