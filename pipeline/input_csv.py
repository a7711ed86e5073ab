"""Tables as CSV or TSV → a stream of `RawRow` and `BadInput`, a row at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from pipeline.input_rows import FIELDS, BadInput, RawRow
from pipeline.input_text import UnreadableError, decode

# An article with all its markup has some hundred thousand characters; csv itself stops at 131 072.
_LIMIT = 64 * 1024 * 1024
_DELIMITERS = (",", ";", "\t")
_WANTED = "wanted are `text` or `html`, and if you have them `id`, `url`, `title`, `published_at`"


def table_rows(path: str, stream: io.BufferedReader, *, tabs: bool) -> Iterator[RawRow | BadInput]:
    """The rows below the header. A row that cannot be read costs that row: `news.csv:17: empty text: …`.

    Rows are numbered as spreadsheets number them, the header being row 1. The delimiter is what divides the
    header into columns that are known (`tabs`: a tab). Raises `UnreadableError` where there is no such header.
    """
    csv.field_size_limit(_LIMIT)
    number = 1
    first = stream.readline(_LIMIT)
    if re.fullmatch(rb"(?:\xef\xbb\xbf)?sep=.\r?\n", first):  # what Excel leaves for itself
        number, first = 2, stream.readline(_LIMIT)
    if not first.strip():
        raise UnreadableError("empty: there is nothing to read" if not first else "its first row is blank")
    columns, delimiter = _header(decode(first), ("\t",) if tabs else _DELIMITERS)
    rows = csv.reader(_text(stream), delimiter=delimiter, strict=True)
    found = False
    while True:
        number += 1
        where = f"{path}:{number}"
        try:
            row = next(rows, None)
            if row is None:
                break
            if not any(cell.strip() for cell in row):
                continue
            found = True
            yield RawRow(where, _named(row, columns))
        except csv.Error as error:
            found = True
            yield BadInput(where, _wrong_quotes(error))
        except UnreadableError as error:
            yield BadInput(where, str(error))
    if not found:
        raise UnreadableError("no row below its header")


def _header(line: str, delimiters: tuple[str, ...]) -> tuple[list[str], str]:
    """The columns' names in lower case, and what divides them."""
    tries = []
    for delimiter in delimiters:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            cells = [line]
        names = [cell.strip().lower() for cell in cells]
        tries.append((sum(name in FIELDS for name in names), len(names), names, delimiter))
    _, _, names, delimiter = max(tries, key=lambda each: each[:2])
    if not {"text", "html"} & set(names):
        shown = ", ".join(f"`{name[:40]}`" for name in names[:12]) + (", …" if len(names) > 12 else "")
        raise UnreadableError(f"no column `text` or `html` in its first row; found {shown}; {_WANTED}")
    twice = next((name for name in FIELDS if names.count(name) > 1), None)
    if twice:
        raise UnreadableError(f"two columns `{twice}` in its first row: rename one")
    return names, delimiter


def _text(stream: io.BufferedReader) -> Iterator[str]:
    """Lines with their ends; bytes that are no UTF-8 stay as half surrogates, and are found in their row."""
    while line := stream.readline(_LIMIT):
        yield line.decode("utf-8", "surrogateescape")


def _named(row: list[str], columns: list[str]) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise UnreadableError(
            f"{len(row)} cells, but {len(columns)} columns: put cells that hold a delimiter in quotes"
        )
    values = {name: cell for name, cell in zip(columns, row, strict=False) if name in FIELDS}
    for name, value in values.items():
        if "\0" in value:
            raise UnreadableError(f"`{name}` holds a NUL character: the file is damaged, or no CSV")
        bad = next((char for char in value if "\udc80" <= char <= "\udcff"), None)
        if bad:
            raise UnreadableError(
                f"`{name}` is not UTF-8 (byte 0x{ord(bad) - 0xDC00:02x}): "
                "convert the file, for an old one with `iconv -f WINDOWS-1258 -t UTF-8`"
            )
    return values


def _wrong_quotes(error: csv.Error) -> str:
    match str(error):
        case "unexpected end of data":
            return "a quote that opens here is never closed: the rows from here on are lost"
        case text if "field larger" in text:
            return "a cell larger than 64 MB: a quote that opens here is perhaps never closed"
        case text if "expected after" in text:
            return 'a quote within a quoted cell: write it twice (`""`)'
        case text:
            return f"cannot be read ({text})"
