"""What a look at a site says about its manifest: what is wrong, and which field to change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.crawl.health import check_crawl
from pipeline.crawl.outcomes import FailureKind
from pipeline.crawl.sources import Source
from pipeline.sourcing.live import SLOWEST, Robots
from pipeline.sourcing.samples import Sample
from pipeline.sourcing.starts import PATTERN, Start
from pipeline.summary import CrawlSummary

_SHORT = 200  # characters: less is a caption or a teaser
_LATER = "the site's trouble or the network's: try again later"
_SHUT = "the site keeps programs out: ask its owner for leave, and set TONGKET_CONTACT so that they know whom they let in"

# What to do where a start point cannot be had; {field} is what names it in the manifest.
_START_ADVICE: dict[FailureKind, str] = {
    "disallowed": "take it out of {field}: it must not be asked for",
    "not_found": "look for it in your browser, and change {field}",
    "gone": "look for it in your browser, and change {field}",
    "forbidden": _SHUT,
    "challenge": _SHUT,
    "redirect": "write the address it leads to into {field}, and its host into base_url or hosts",
    "address": "base_url leads to this machine or its network; for a site meant to be there set allow_loopback: true",
    "type": "{field} names a file that is no page",
    "limit": "{field} is too large or too slow to be read: choose a smaller page",
}
_SAMPLE_ADVICE: dict[FailureKind, str] = {
    "disallowed": "no night will fetch it: make article_pattern leave such addresses out",
    "not_found": "the site links to what is gone: nothing to change where it is one of many",
    "gone": "the site links to what is gone: nothing to change where it is one of many",
    "forbidden": _SHUT,
    "challenge": _SHUT,
    "redirect": "where many do that, write the other host into hosts, or the other path into rewrite",
    "type": "make article_pattern leave such addresses out",
    "no_article": "where it is no article, make article_pattern leave it out; where it is one, name its text in layouts.body",
}
_BOUND_ADVICE = {
    "min_links": "look at what was left out above: change article_pattern or listings.link; on a small site lower bounds.min_links",
    "max_failed_share": "see the articles that failed",
    "min_dated_share": "name the element that shows the date in layouts.published, or the date's place in the address in dates.url",
    "min_layout_share": "look in the page for the element that holds the text now, and change layouts.body or add a layout",
}


@dataclass(frozen=True)
class Finding:
    """One thing found, and what to do about it. A problem fails the check; the rest is worth knowing."""

    what: str
    do: str
    is_problem: bool = True


def judge(
    source: Source, robots: Robots, starts: Sequence[Start], samples: Sequence[Sample]
) -> list[Finding]:
    """All findings, problems first. `samples` may come without `starts`: then only the articles are judged."""
    if not robots.readable:
        what = f"robots.txt cannot be read ({robots.reason}): nothing was asked for"
        advice = _START_ADVICE["address"] if robots.failure == "address" else f"{_LATER}, or look at base_url"
        return [Finding(what, advice)]
    if not robots.usable:
        what = f"robots.txt asks for {robots.delay:g} s between two requests, and a night goes no slower than {SLOWEST:g} s"
        return [Finding(what, "ask the site's owner for leave to go faster, or leave the site out")]
    found = [
        *_of_starts(starts),
        *_of_samples(source, samples),
        *_by_bounds(source, starts, samples),
    ]
    return sorted(found, key=lambda finding: not finding.is_problem)


def _of_starts(starts: Sequence[Start]) -> Iterator[Finding]:
    for start in starts:
        name = re.sub(r"\[\d+\]", "", start.manifest_field)
        if start.failed:
            advice = _START_ADVICE.get(start.failure, _LATER) if start.failure else "change {field}"
            yield Finding(
                f"{start.kind} {start.url}: {start.failed}", advice.format(field=start.manifest_field)
            )
        elif not start.articles and not start.sitemaps:
            yield Finding(
                f"{start.kind} {start.url}: no article among {len(start.rejected)} links",
                _no_articles(start, name),
            )
        if start.next_failed:
            what = f"the next page of {start.url}, {start.next_url}: {start.next_failed}"
            yield Finding(what, f"change {start.manifest_field.removesuffix('.url')}.next")
        elif start.next_articles == 0 and start.articles:
            what = f"the next page of {start.url}, {start.next_url}, shows no article that the first does not"
            # One page of articles and a path with {page} look just so.
            yield Finding(
                what,
                f"change {start.manifest_field.removesuffix('.url')}.next, unless there is one page only",
                is_problem=False,
            )


def _no_articles(start: Start, name: str) -> str:
    if not start.rejected:
        where = "listings.link selects nothing there" if start.kind == "listing" else "it is empty"
        return f"{where}: look at the page in your browser, and change {name if start.kind != 'listing' else 'listings.link'}"
    by_pattern = sum(1 for one in start.rejected if one.why == PATTERN)
    if 2 * by_pattern >= len(start.rejected):
        return "change article_pattern so that it is found in the articles' addresses, see the examples"
    return "its links lead to other hosts: write them into hosts, where they show the same articles"


def _of_samples(source: Source, samples: Sequence[Sample]) -> Iterator[Finding]:
    read = [sample for sample in samples if not sample.failed]
    for sample in samples:
        if sample.failed:
            advice = _SAMPLE_ADVICE.get(sample.failure, _LATER) if sample.failure else _LATER
            # One that is gone among others is the site's slip; alone it says that nothing could be looked at.
            yield Finding(f"{sample.url}: {sample.failed}", advice, is_problem=not read)
            continue
        if not sample.title:
            yield Finding(f"{sample.url}: no title", "name the element that shows it in layouts.title")
        if sample.characters < _SHORT:
            what = f"{sample.url}: only {sample.characters} characters of text"
            yield Finding(what, "where the page shows more, name the element that holds it in layouts.body")
        if source.article(sample.url) is None:
            yield Finding(
                f"{sample.url}: {PATTERN}", "no night would fetch it: change article_pattern, or hosts"
            )
        if sample.shows:
            what = f"{sample.url} says it shows the article of {sample.shows}"
            yield Finding(
                what,
                "nothing to do: a night takes that one; where it is wrong, see rewrite",
                is_problem=False,
            )
    yield from _alike(read)
    if read and not any(sample.relevant for sample in read):
        what = f"none of {len(read)} articles reports a union's event"
        yield Finding(what, "on a paper of all subjects choose a section on unions", is_problem=False)


def _alike(read: Sequence[Sample]) -> Iterator[Finding]:
    """What is the same in several articles belongs to the site, not to them."""
    if len(read) < 2:
        return
    for what, values, advice in (
        ("have the same title", [one.title for one in read], "layouts.title"),
        ("begin with the same words", [one.beginning for one in read], "layouts.body, or what to leave out of it in layouts.drop"),
        ("have the same date to the second", [_moment(one) for one in read], "layouts.published, and set dates.first: page"),
    ):  # fmt: skip
        value, count = (
            Counter(value for value in values if value).most_common(1)[0] if any(values) else ("", 0)
        )
        if count > 1:
            yield Finding(
                f"{count} of {len(read)} articles {what}: {value}",
                f"the site's own words were taken: change {advice}",
            )


def _moment(sample: Sample) -> str | None:
    """The date of publication where it has a clock: two articles of one day are nothing odd."""
    return sample.published if sample.published and "T" in sample.published else None


def _by_bounds(source: Source, starts: Sequence[Start], samples: Sequence[Sample]) -> Iterator[Finding]:
    """What a night would be called ill for. Shares of relevant articles need more articles than are looked at."""
    read = [sample for sample in samples if not sample.failed]
    judged = any(layout.body for layout in source.layouts)
    links = len({link.url for start in starts for link in start.articles})
    seen = CrawlSummary(
        source=source.name,
        links=links if starts else source.bounds.min_links,
        new=len(read),
        failed=len(samples) - len(read),
        shown=len(read),
        dated=sum(1 for sample in read if sample.published),
        layout_fits=sum(1 for sample in read if sample.layout is not None) if judged else 0,
        layout_judged=len(read) if judged else 0,
    )
    for breach in check_crawl(source, seen, []):
        what = breach.removeprefix(f"{source.name}: ").partition(";")[0]
        bound = re.search(r"\((m(?:in|ax)_\w+)\)", what)
        yield Finding(what, _BOUND_ADVICE.get(bound[1], "see bounds") if bound else "see bounds")
