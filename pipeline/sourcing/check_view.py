"""A look at a site, for people: robots.txt, start points, articles, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from pipeline.sourcing.check import Checked
from pipeline.sourcing.live import Robots
from pipeline.sourcing.samples import BEGINNING, Sample
from pipeline.sourcing.starts import EXAMPLES, Start
from pipeline.tables import visible

_NONE = "–"


def check_lines(checked: Checked) -> Iterator[Text]:
    """All of it, one part under the other. Lines are as long as they are: addresses are there to be copied."""
    source = checked.source
    state = "verified" if source.verified else "not verified"
    yield Text.assemble(
        (visible(source.title), "bold"), f"  {source.name}, {state}, {visible(source.base_url)}"
    )
    yield _robots(checked.robots)
    if checked.starts:
        yield from _heading("start points")
        for start in checked.starts:
            yield from _start(start)
    if checked.samples:
        yield from _heading("articles")
        for sample in checked.samples:
            yield from _sample(sample)
    yield from _heading("verdict")
    yield from _verdict(checked)


def _heading(text: str) -> Iterator[Text]:
    yield Text()
    yield Text(text, style="bold")


def _robots(robots: Robots) -> Text:
    if not robots.readable:
        return Text(f"robots.txt: cannot be read ({visible(robots.reason or '')})", style="red")
    there = "found" if robots.found else f"none ({visible(robots.reason or '')}), so all is allowed"
    asked = "no pause asked for" if robots.asked_delay is None else f"asks for {robots.asked_delay:g} s"
    sitemaps = f"; names {len(robots.sitemaps)} sitemaps" if robots.sitemaps else ""
    return Text(f"robots.txt: {there}; {asked}; {robots.delay:g} s between two requests{sitemaps}")


def _start(start: Start) -> Iterator[Text]:
    yield Text.assemble("  ", (start.kind, "cyan"), f"  {visible(start.url)}")
    if start.failed:
        yield Text(f"    {visible(start.failed)}", style="red")
        return
    yield Text(f"    {_counts(start)}")
    for link in start.articles[:EXAMPLES]:
        yield Text.assemble(("    article   ", "green"), visible(link.url))
    for one in start.examples():
        yield Text.assemble(("    left out  ", "yellow"), f"{visible(one.url)}  ({visible(one.why)})")
    if start.next_url:
        yield Text.assemble(("    next page ", "green"), f"{visible(start.next_url)}{_next(start)}")


def _counts(start: Start) -> str:
    dated = f" ({start.dated} with a date)" if start.dated else ""
    sitemaps = f", {start.sitemaps} sitemaps" if start.sitemaps else ""
    links = len(start.articles) + len(start.rejected)
    others = len(start.rejected)
    return f"HTTP {start.status}; {links} links: {len(start.articles)} articles{dated}, {others} others{sitemaps}"


def _next(start: Start) -> str:
    if start.next_failed:
        return f"  ({visible(start.next_failed)})"
    return "" if start.next_articles is None else f"  ({start.next_articles} more articles)"


def _sample(sample: Sample) -> Iterator[Text]:
    yield Text(f"  {visible(sample.url)}")
    if sample.failed:
        yield Text(f"    {visible(sample.failed)}", style="red")
        return
    layout = "general rules" if sample.layout is None else f"layouts[{sample.layout}]"
    fields = {
        "title": sample.title,
        "published": sample.published,
        "byline": sample.byline,
        "lead": _cut(sample.lead),
        "text": f"{sample.paragraphs} paragraphs, {sample.characters} characters, by {layout}",
        "begins": sample.beginning,
        "reports": "a union's event" if sample.relevant else "no union's event",
    }
    if sample.shows:
        fields["twin of"] = sample.shows
    for name, value in fields.items():
        by = sample.found_by.get(name) if value and name != "text" else None
        told = f"  ({visible(by)})" if by else ""
        yield Text.assemble((f"    {name:<10}", "dim"), visible(value) if value else _NONE, (told, "dim"))


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= BEGINNING else text[: BEGINNING - 1].rstrip() + "…"


def _verdict(checked: Checked) -> Iterator[Text]:
    for finding in checked.findings:
        mark, style = ("✗", "bold red") if finding.is_problem else ("·", "yellow")
        yield Text.assemble((f"  {mark} ", style), visible(finding.what))
        yield Text(f"    → {visible(finding.do)}")
    mark = "✓ " if checked.ok else ""
    yield Text(f"  {mark}{checked.verdict}", style="green" if checked.ok else "bold")
