"""A run's report for people, as Markdown: state, sources, what is wrong and what to do, what is new."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.crawl.page.stamps import HANOI
from pipeline.runs.report import RunReport, SourceReport
from pipeline.tables import visible

_REASONS = 5  # of a source's failures: the table `pages` has them all
_COLUMNS = ("source", "links", "new", "changed", "failed", "relevant", "held", "health")


def as_markdown(report: RunReport) -> str:
    """The whole page; times are Vietnamese."""
    parts = (_head(report), _sources(report.sources), _failures(report), _wrong(report), _new(report))
    return "\n".join(line for part in parts for line in part) + "\n"


def duration(seconds: float) -> str:
    """`41 s`, `12 min 4 s`, `3 h 20 min`.

    >>> duration(12_000)
    '3 h 20 min'
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return (
        f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
    )


def _head(report: RunReport) -> Iterator[str]:
    yield f"# Run {report.run_id}: {report.state}"
    yield ""
    yield f"- from {_clock(report.started_at)} to {_clock(report.finished_at)} in Vietnam, {duration(report.seconds)}"
    stored = report.summary.stored
    yield (
        f"- articles: {stored.new} new, {stored.changed} changed, {stored.unchanged} unchanged, "
        f"{stored.failed} could not be read"
    )
    if report.summary.rows:
        rows = report.summary.main_rows.items()
        yield "- the dataset now: " + ", ".join(f"{count} {table}" for table, count in rows)
    if report.release:
        yield f"- release: `{report.release}`"
    else:
        yield "- no release was made: the last good one stays"
    if report.error:
        yield f"- **ended before its time: {_cell(report.error)}**"


def _sources(sources: list[SourceReport]) -> Iterator[str]:
    if not sources:
        return
    yield "\n## Sources\n"
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"| --- |{' ---: |' * (len(_COLUMNS) - 2)} --- |"
    for one in sources:
        counts = (one.links, one.new, one.changed, one.failed, one.relevant, one.held)
        name = one.source if one.title == one.source else f"{one.title} ({one.source})"
        health = "well" if one.healthy else "**ill**"
        yield f"| {_cell(name)} | {' | '.join(map(str, counts))} | {health} |"
    yield ""
    yield "relevant: new or changed articles on a union's event; held: archived, and unread until the source is well."


def _failures(report: RunReport) -> Iterator[str]:
    """Why pages did not come, also where they were too few to make a source ill."""
    failing = [one for one in report.summary.crawls if one.reasons]
    if not failing:
        return
    yield "\n## Pages that did not come\n"
    for one in failing:
        reasons = sorted(one.reasons.items(), key=lambda item: (-item[1], item[0]))
        yield from (
            f"- {_cell(one.source)}: {count} × {_cell(reason)}" for reason, count in reasons[:_REASONS]
        )
        if more := sum(count for _, count in reasons[_REASONS:]):
            yield f"- {_cell(one.source)}: {more} more for other reasons"


def _wrong(report: RunReport) -> Iterator[str]:
    if not (report.ill or report.problems or report.error):
        return
    yield "\n## What is wrong, and what to do\n"
    for one in report.ill:
        for problem in one.problems:
            yield f"- {_cell(problem.what)}"
            yield f"  - to do: {_cell(problem.do, code=True)}"
    for told in report.problems:
        yield f"- {_cell(told)}"
    if report.error:
        yield "- the run was broken off: run again, and it goes on where it was"


def _new(report: RunReport) -> Iterator[str]:
    news = report.news
    yield "\n## New in the dataset\n"
    yield f"- {news.outcomes} outcomes{_gone(news.outcomes_gone)}"
    yield f"- {news.review_items} items to review{_gone(news.review_items_gone)}"
    if not news.newest:
        return
    yield "\n### New outcomes\n"
    yield from (f"- {_cell(told)}" for told in news.newest)
    if more := news.outcomes - len(news.newest):
        yield f"- and {more} more"


def _gone(count: int) -> str:
    return f", {count} are no longer there" if count else ""


def _clock(stamp: str) -> str:
    from datetime import datetime  # noqa: PLC0415

    return f"{datetime.fromisoformat(stamp).astimezone(HANOI):%Y-%m-%d %H:%M}"


def _cell(text: str, *, code: bool = False) -> str:
    """Words from outside in one line of Markdown: no table, link, heading or HTML comes of them.

    With `code` what stands between backticks stays code: our own words.
    """
    text = " ".join(visible(text).split())
    for sign in r"\|[]<>*#" + ("" if code else "`"):
        text = text.replace(sign, f"\\{sign}")
    return text
