"""A look at a site, for people: robots.txt, start points, articles, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pipeline.sourcing.check import Checked
from pipeline.sourcing.live import Robots
from pipeline.sourcing.samples import BEGINNING, Sample
from pipeline.sourcing.starts import EXAMPLES, Start
from pipeline.tables import visible

_NONE = "–"


def check_view(checked: Checked) -> RenderableType:
    """All of it, one part under the other; addresses stand on lines of their own, to be copied."""
    source = checked.source
    head = Text.assemble(
        (visible(source.title), "bold"),
        f"  {source.name}, {'verified' if source.verified else 'not verified'}, {visible(source.base_url)}",
    )
    parts: list[RenderableType] = [head, _robots(checked.robots)]
    if checked.starts:
        parts += [_heading("start points"), *(_start(start) for start in checked.starts)]
    if checked.samples:
        parts += [_heading("articles"), *(_sample(sample) for sample in checked.samples)]
    parts += [_heading("verdict"), *(_indented(text) for text in _verdict(checked))]
    return Group(*parts)


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, style="bold"), (1, 0, 0, 0))


def _indented(text: Text, depth: int = 1) -> RenderableType:
    return Padding(text, (0, 0, 0, 2 * depth))


def _robots(robots: Robots) -> RenderableType:
    if not robots.readable:
        return Text(f"robots.txt: cannot be read ({visible(robots.reason or '')})", style="red")
    there = "found" if robots.found else f"none ({visible(robots.reason or '')}), so all is allowed"
    asked = "no pause asked for" if robots.asked_delay is None else f"asks for {robots.asked_delay:g} s"
    sitemaps = f", names {len(robots.sitemaps)} sitemaps" if robots.sitemaps else ""
    return Text(f"robots.txt: {there}; {asked}; {robots.delay:g} s between two requests{sitemaps}")


def _start(start: Start) -> RenderableType:
    lines: list[RenderableType] = [_indented(Text.assemble((start.kind, "cyan"), f"  {visible(start.url)}"))]
    if start.failed:
        lines.append(_indented(Text(visible(start.failed), style="red"), 2))
        return Group(*lines)
    lines.append(_indented(Text(_counts(start)), 2))
    for link in start.articles[:EXAMPLES]:
        lines.append(_indented(Text.assemble(("article   ", "green"), visible(link.url)), 2))
    for one in start.examples():
        lines.append(_indented(Text.assemble(("left out  ", "yellow"), f"{visible(one.url)}  ({visible(one.why)})"), 2))
    if start.next_url:
        lines.append(_indented(Text(f"next page {visible(start.next_url)}{_next(start)}"), 2))
    return Group(*lines)


def _counts(start: Start) -> str:
    dated = f" ({start.dated} with a date)" if start.dated else ""
    sitemaps = f", {start.sitemaps} sitemaps" if start.sitemaps else ""
    links = len(start.articles) + len(start.rejected)
    return f"HTTP {start.status}; {links} links: {len(start.articles)} articles{dated}, {len(start.rejected)} others{sitemaps}"


def _next(start: Start) -> str:
    if start.next_failed:
        return f"  ({visible(start.next_failed)})"
    return "" if start.next_articles is None else f"  ({start.next_articles} more articles)"


def _sample(sample: Sample) -> RenderableType:
    address = _indented(Text(visible(sample.url)))
    if sample.failed:
        return Group(address, _indented(Text(visible(sample.failed), style="red"), 2))
    return Group(address, *(_indented(line, 2) for line in _fields(sample)))


def _fields(sample: Sample) -> Iterator[Text]:
    layout = "general rules" if sample.layout is None else f"layouts[{sample.layout}]"
    text = f"{sample.paragraphs} paragraphs, {sample.characters} characters, by {layout}"
    relevant = "a union's event" if sample.relevant else "no union's event"
    for name, value in (
        ("title", sample.title),
        ("published", sample.published),
        ("byline", sample.byline),
        ("lead", _cut(sample.lead)),
        ("text", text),
        ("begins", sample.beginning),
        ("reports", relevant),
        ("twin of", sample.shows),
    ):
        if name == "twin of" and value is None:
            continue
        by = sample.found_by.get(name)
        told = f"  ({visible(by)})" if by and value else ""
        yield Text.assemble((f"{name:<10}", "dim"), visible(value) if value else _NONE, (told, "dim"))


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= BEGINNING else text[: BEGINNING - 1].rstrip() + "…"


def _verdict(checked: Checked) -> Iterator[Text]:
    for finding in checked.findings:
        mark, style = ("✗", "bold red") if finding.is_problem else ("·", "yellow")
        yield Text.assemble((f"{mark} ", style), visible(finding.what))
        yield Text(f"  → {visible(finding.do)}")
    yield Text(("✓ " if checked.ok else "") + checked.verdict, style="green" if checked.ok else "bold")
