"""What `tongket sources check` does: a look at a site through its manifest, with nothing kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipeline.crawl.sources import Source
from pipeline.crawl.urls import URLError, canonical_url
from pipeline.settings import Settings
from pipeline.sourcing.live import LiveSite, Robots
from pipeline.sourcing.samples import Sample, read_sample
from pipeline.sourcing.starts import EXAMPLES, Start, newest_articles, read_starts
from pipeline.sourcing.verdict import Finding, judge
from pipeline.summary import Progress


class CheckError(ValueError):
    """What was given cannot be looked at; the message says why."""


@dataclass(frozen=True)
class Checked:
    """What was seen. `starts` is empty where only one article was asked for, or nothing may be."""

    source: Source
    robots: Robots
    starts: tuple[Start, ...]
    samples: tuple[Sample, ...]
    findings: tuple[Finding, ...]
    requests: int

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.is_problem for finding in self.findings)

    @property
    def verdict(self) -> str:
        """One line that says what to do next."""
        if not self.ok:
            count = sum(1 for finding in self.findings if finding.is_problem)
            return f"{count} problem{'s' if count > 1 else ''}: see what to do about each, then check again"
        if self.source.verified:
            return "looks right"
        return "looks right: compare two articles with the site in your browser, then set verified: true"


def check(
    settings: Settings, source: Source, *, articles: int = 3, url: str | None = None, progress: Progress
) -> Checked:
    """Look at the start points of `source` and its `articles` newest articles, or at the one at `url` alone.

    Raises `CheckError` where `url` is none of the site's. What the site does is told, never raised.
    """
    if url is not None:
        url = _own(source, url)
    with LiveSite(settings, source, progress) as site:
        robots = site.robots()
        starts: list[Start] = []
        samples: list[Sample] = []
        if robots.usable:
            if url is None:
                starts = read_starts(site, source)
            for address in [url] if url else newest_articles(starts, articles):
                samples.append(read_sample(site, source, address))
        findings = judge(source, robots, starts, samples)
        return Checked(source, robots, tuple(starts), tuple(samples), tuple(findings), site.requests)


def _own(source: Source, url: str) -> str:
    try:
        canonical = canonical_url(url)
    except URLError as error:
        raise CheckError(f"--url: {error}") from error
    if not source.is_own(canonical):
        raise CheckError(
            f"--url: {url} is not on {source.host}; further hosts of the site belong into hosts of the manifest"
        )
    return canonical


def as_dict(checked: Checked) -> dict[str, Any]:
    """All that was seen, for `--json`; of the links that were left out, a few."""
    return {
        "source": checked.source.name,
        "title": checked.source.title,
        "base_url": checked.source.base_url,
        "verified": checked.source.verified,
        "ok": checked.ok,
        "verdict": checked.verdict,
        "requests": checked.requests,
        "robots": asdict(checked.robots),
        "starts": [_start(start) for start in checked.starts],
        "articles": [asdict(sample) for sample in checked.samples],
        "findings": [asdict(finding) for finding in checked.findings],
    }


def _start(start: Start) -> dict[str, Any]:
    return {
        "kind": start.kind,
        "url": start.url,
        "field": start.manifest_field,
        "status": start.status,
        "failed": start.failed,
        "links": len(start.articles) + len(start.rejected),
        "articles": len(start.articles),
        "dated": start.dated,
        "article_examples": [link.url for link in start.articles[:EXAMPLES]],
        "rejected": len(start.rejected),
        "rejected_examples": [asdict(one) for one in start.examples()],
        "next_url": start.next_url,
        "next_articles": start.next_articles,
        "next_failed": start.next_failed,
        "sitemaps": start.sitemaps,
    }
