"""A run's summary for people: a table by source, and a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.crawl.sources import Source
from pipeline.summary import RunSummary


def table_by_source(summary: RunSummary, sources: Iterable[Source]) -> list[dict[str, Any]]:
    """A row a source: what was found, what came of it, and whether it is well."""
    titles = {source.name: source.title for source in sources}
    return [
        {
            "source": titles.get(one.source, one.source),
            "found": one.links,
            "new": one.new,
            "changed": one.changed,
            "failed": one.failed,
            "on a union's event": one.relevant,
            "held back": one.held,
            "health": "ill: " + "; ".join(one.problems) if one.problems else "well",
        }
        for one in summary.crawls
    ]


def as_markdown(summary: RunSummary, bad: Sequence[str] = ()) -> str:
    """The run's state, what was done, and what is wrong, `bad` input among it."""
    done = [f"- {line}" for line in summary.lines()]
    wrong = [f"- **{problem}**" for problem in (*summary.problems, *bad)]
    return "\n".join((f"# {summary.state}", "", *done, *wrong))
