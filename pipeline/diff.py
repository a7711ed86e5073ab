"""Two outputs of `tongket extract` over the same articles → every change between them: what a new version reads otherwise.

Articles pair by id; within one, figures and awards pair where their evidence overlaps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from pipeline.diff_article import Change, Kind, Section, compare_reports, whole
from pipeline.diff_input import DiffError, OldReports, open_reports, parse


@dataclass(slots=True)
class Totals:
    """How many articles either side has, how many are equal, and how many changes of each kind there are."""

    old: int = 0
    new: int = 0
    same: int = 0
    changes: Counter[tuple[Section, Kind]] = field(default_factory=Counter)
    fields: Counter[tuple[Section, str]] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """One more change; its fields count where an item is on both sides."""
        self.changes[change.section, change.kind] += 1
        if change.kind == "changed":
            self.fields.update((change.section, name) for name in change.fields)


def compare(old: str, new: str, show: Callable[[Change], None], *, only: Section | None = None) -> Totals:
    """Every change between two files (`-` is standard input) to `show`: in the order of the new file, lost articles last.

    Raises `DiffError` naming file and line where one is no output of `tongket extract`.
    """
    if old == new == "-":
        raise DiffError("-: standard input cannot be both: give one of the two as a file")
    totals = Totals()

    def tell(changes: list[Change]) -> bool:
        wanted = [change for change in changes if only in (None, change.section)]
        for change in wanted:
            totals.add(change)
            show(change)
        return bool(wanted)

    with closing(open_reports(old)) as first, closing(open_reports(new)) as second:
        before = OldReports(first, old)
        totals.old = before.count
        seen: Counter[str] = Counter()
        for number, line in enumerate(second, 1):
            if line.strip():
                report = parse(line, f"{new}:{number}")
                name = report.article.id
                taken = before.take((name, seen[name]))
                seen[name] += 1
                totals.new += 1
                if taken is None:
                    tell([whole(report, "gained")])
                # Most lines are the same bytes: those need no reading.
                elif taken[0].strip() == line.strip() or not tell(compare_reports(parse(*taken), report)):
                    totals.same += 1
        for report in before.left():
            tell([whole(report, "lost")])
    return totals
