"""One table as CSV, JSON Lines and Parquet at once, row by row: the same rows are the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.release.cells import cell
from pipeline.dataset.release.model import ReleasedField, ReleasedTable

Row = Mapping[str, Any]

_GROUP = 10_000  # rows that Parquet packs together, and that are held in memory


def write_table(folder: Path, table: ReleasedTable, rows: Iterable[Row], *, bom: bool = False) -> int:
    """Write `rows` as `NAME.csv`, `NAME.jsonl` and `NAME.parquet` into `folder`; how many there were.

    With `bom` the CSV begins with a byte order mark, by which Excel knows UTF-8. Lists are JSON in CSV.
    """
    count = 0
    with ExitStack() as stack:
        encoding = "utf-8-sig" if bom else "utf-8"
        csv_file = stack.enter_context(
            (folder / f"{table.name}.csv").open("w", encoding=encoding, newline="")
        )
        lines = stack.enter_context((folder / f"{table.name}.jsonl").open("w", encoding="utf-8", newline=""))
        packed = stack.enter_context(
            pq.ParquetWriter(folder / f"{table.name}.parquet", table.arrow, compression="zstd")
        )
        writer = csv.writer(csv_file, lineterminator="\n")
        writer.writerow(table.names)
        waiting = iter(rows)
        while group := list(islice(waiting, _GROUP)):
            count += len(group)
            columns = [[row[name] for row in group] for name in table.names]
            writer.writerows(zip(*map(_cells, table.fields, columns), strict=True))
            unpacked = [field.unpack_all(column) for field, column in zip(table.fields, columns, strict=True)]
            for record in zip(*unpacked, strict=True):
                line = json.dumps(dict(zip(table.names, record, strict=True)), ensure_ascii=False)
                lines.write(line + "\n")
            packed.write_table(
                pa.Table.from_arrays(
                    [pa.array(column, part.type) for column, part in zip(unpacked, table.arrow, strict=True)],
                    schema=table.arrow,
                )
            )
    return count


def _cells(field: ReleasedField, column: list[Any]) -> list[Any]:
    return column if field.type in {"integer", "number"} else [cell(value) for value in column]


def read_parquet(
    folder: Path, table: ReleasedTable, columns: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a table of a release, in order."""
    with pq.ParquetFile(folder / f"{table.name}.parquet") as file:
        for batch in file.iter_batches(batch_size=_GROUP, columns=columns):
            yield from batch.to_pylist()
