"""The tables under `tests/cases`: tab-separated, `#` opens a comment line, the first other line names the columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True, slots=True)
class Row:
    """A case: its cells by column name, and the line of the file it stands on."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def id(self) -> str:
        """The name of the case in a test run: `line 17: point before three digits groups`."""
        return f"line {self.line}: {self['proves']}"


def rows(name: str) -> list[Row]:
    """The rows of `tests/cases/NAME.tsv`; ValueError names the line that has another number of cells than the header.

    Only the newline of a line is taken off, so that a blank at the end of a cell counts and an empty first cell is the
    empty text.
    """
    path = CASES / f"{name}.tsv"
    header: list[str] = []
    found: list[Row] = []
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            cells = line.removesuffix("\n").split("\t")
            if line.startswith("#"):
                continue
            if not header:
                header = cells
            elif len(cells) != len(header):
                raise ValueError(
                    f"{path}, line {number}: {len(cells)} cells, not {len(header)} ({', '.join(header)})"
                )
            else:
                found.append(Row(number, dict(zip(header, cells, strict=True))))
    return found
