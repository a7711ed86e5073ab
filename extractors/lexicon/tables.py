"""Reads the tables of this folder: tab-separated, a header line first, `#` lines for notes and sources."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


class TableError(ValueError):
    """A lexicon table that cannot be used as it stands; the message names the file and the line."""


def load(name: str) -> list[dict[str, str]]:
    """The rows of `extractors/lexicon/NAME.tsv`, in file order, as column → cell; an empty cell is ``""``.

    Cells are text as written, blanks around them removed. Raises `TableError` where the table is not
    there, the header is missing or names a column twice, or a row has more or fewer cells than it.

    >>> next(row["name"] for row in load("provinces") if row["code"] == "86")
    'Vĩnh Long'
    """
    # Copies: a caller that changes a cached row would change what every other caller reads.
    return [dict(row) for row in _read(name)]


def several(cell: str) -> list[str]:
    """The values of a cell that holds several: ``"TPHCM|Sài Gòn"`` is two, ``""`` none."""
    return [value for value in (part.strip() for part in cell.split("|")) if value]


def parse(text: str, *, source: str) -> list[dict[str, str]]:
    """The rows of a table's text; `source` is what an error calls the file (`load` says the rest)."""
    columns: list[str] = []
    rows = []
    # Not splitlines(): it also breaks at U+2028 and the like, and the line numbers would then be wrong.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        where = f"{source}, line {number}"
        if not columns:
            columns = cells
            if "" in columns or len(set(columns)) < len(columns):
                raise TableError(f"{where}: the header has an empty or a repeated column: {cells}")
        elif len(cells) != len(columns):
            raise TableError(
                f"{where}: {len(cells)} cells where the header has {len(columns)} "
                f"({', '.join(columns)}); separate the cells by single tabs, also around empty ones"
            )
        else:
            rows.append(dict(zip(columns, cells, strict=True)))
    if not columns:
        raise TableError(f"{source}: no header line; the first line that is not a note names the columns")
    return rows


@cache
def _read(name: str) -> list[dict[str, str]]:
    folder = files("extractors.lexicon")
    table = folder.joinpath(f"{name}.tsv")
    if not table.is_file():
        tables = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
        raise TableError(f"no table {name}.tsv in extractors/lexicon; there are: {', '.join(tables)}")
    return parse(table.read_text(encoding="utf-8"), source=table.name)
