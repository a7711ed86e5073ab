"""What a run did, in numbers: small, frozen, and the same whichever engine ran it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

_REASONS = 3  # of failures, in a report: the table `pages` has them all

Progress = Callable[[str], None]
"""Called with one line of text whenever something worth showing has happened."""


class Summary(BaseModel):
    """Base of the summaries."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CrawlSummary(Summary):
    """One source's crawl. Pages are articles only; feeds, listings, sitemaps and robots.txt are not counted.

    `links` found. Of the pages asked for: `new`, `changed` (other words than before), `unchanged` (304, or the same
    article again), `withdrawn` (known, and now 404 or 410), `failed` (with a reason in the table `pages`). Not asked
    for or not kept: `disallowed` by robots.txt, `twins` of another page, `deferred` (failed earlier and not yet due,
    or left for another run). `reasons` counts those of failures. Of the `shown` articles (new or changed) some are
    `dated`, some `layout_fits` (of `layout_judged`), and of those `read` some `relevant`. `held` are archived and
    not read because the source was ill. `not_before` is when the site wants to be asked again. `title` is the source's name
    for people, empty where files were read.
    """

    source: str
    title: str = ""
    crawl: str = ""
    mode: str = "nightly"
    resumed: bool = False
    links: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    failed: int = 0
    disallowed: int = 0
    twins: int = 0
    deferred: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)
    shown: int = 0
    dated: int = 0
    layout_fits: int = 0
    layout_judged: int = 0
    read: int = 0
    relevant: int = 0
    held: int = 0
    not_before: str | None = None
    problems: list[str] = Field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether anything came of it: False where the site did not answer, or showed no article."""
        asked = self.new + self.changed + self.unchanged + self.withdrawn + self.failed + self.disallowed
        return self.links + asked + self.twins + self.deferred > 0 or not self.problems

    def lines(self) -> list[str]:
        """`songtien: 16 links, 16 new, 14 on a union's event`, then the commonest reasons of failures, a line each.

        What is nought is left out but for the first two.
        """
        counts = {
            "changed": self.changed,
            "unchanged": self.unchanged,
            "on a union's event": self.relevant,
            "withdrawn": self.withdrawn,
            "failed": self.failed,
            "disallowed by robots.txt": self.disallowed,
            "twins of others": self.twins,
            "deferred": self.deferred,
            "held back": self.held,
            "without a date": self.shown - self.dated,
            "that no layout fits": self.layout_judged - self.layout_fits,
        }
        told = [f"{count} {what}" for what, count in counts.items() if count]
        reasons = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        return [
            f"{self.source}: " + ", ".join([f"{self.links} links", f"{self.new} new", *told]),
            *(f"  {count} × {reason}" for reason, count in reasons[:_REASONS]),
        ]


class StoreSummary(Summary):
    """Articles of one batch by what the dataset made of them.

    `problems` are breaches of the source's bounds that reading brought to light; then nothing of it was stored.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    problems: list[str] = Field(default_factory=list)

    def __add__(self, other: StoreSummary) -> StoreSummary:
        return StoreSummary(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            failed=self.failed + other.failed,
            problems=[*self.problems, *other.problems],
        )


class LinkSummary(Summary):
    """What linking made of the conferences: `outcomes`, of which `told_twice` by two or more independent reports;
    `reprints` of articles, `units`, targets with their results, and what a person should look at."""

    outcomes: int = 0
    told_twice: int = 0
    reprints: int = 0
    units: int = 0
    target_results: int = 0
    review_items: int = 0

    def line(self) -> str:
        """`54 outcomes, 7 of them told by several reports, 1 reprint, …`, what is nought left out."""
        parts = (
            (self.outcomes, "outcome", "outcomes"),
            (self.told_twice, "of them told twice and more", "of them told twice and more"),
            (self.reprints, "reprint", "reprints"),
            (self.units, "unit", "units"),
            (self.target_results, "target with its result", "targets with their results"),
            (self.review_items, "item to review", "items to review"),
        )
        return (
            ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)
            or "nothing"
        )


class RunSummary(Summary):
    """A whole run. `release` is None where no source was healthy: then the last good release stays.

    `rows` counts what the dataset holds now, by table.
    """

    run_id: str
    crawls: list[CrawlSummary] = Field(default_factory=list)
    stored: StoreSummary = StoreSummary()
    linked: LinkSummary = LinkSummary()
    rows: dict[str, int] = Field(default_factory=dict)
    release: Path | None = None
    problems: list[str] = Field(default_factory=list)

    @property
    def main_rows(self) -> dict[str, int]:
        """`rows` of the tables that people ask for first."""
        return {
            name: self.rows[name]
            for name in ("articles", "conferences", "figures", "awards")
            if name in self.rows
        }

    @property
    def state(self) -> str:
        """`completed`, `completed with failures` (some sources were ill, the others are released) or `failed`."""
        if self.ok:
            return "completed"
        return "completed with failures" if self.release else "failed"

    @property
    def ok(self) -> bool:
        """Whether every source was healthy and a release was made."""
        return not self.problems and self.release is not None

    def lines(self) -> list[str]:
        """What was done, a line a stage: `songtien: 16 links, 16 fetched, …`.

        Empty where no source was reached and nothing was read: then the problems say it all.
        """
        told = [line for crawl in self.crawls if crawl.reached for line in crawl.lines()]
        stored = self.stored
        if not told and stored == StoreSummary():
            return []
        return [
            *told,
            f"articles: {stored.new} new, {stored.changed} changed, {stored.unchanged} unchanged, "
            f"{stored.failed} failed",
            "dataset: " + ", ".join(f"{count} {table}" for table, count in self.main_rows.items()),
            f"linked: {self.linked.line()}",
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
