"""Where reports go, and how they look there: standard output, a device or pipe, or a file that takes its name only when it
is whole.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

Render = Callable[[Iterable[bytes]], bytes]
"""Reports, each as a line of JSON, as they are to be written."""


@contextmanager
def writer(output: Path | None) -> Iterator[BinaryIO]:
    """Bytes out, to standard output where `output` is None; `.gz` and `.zst` in a name pack what is written.

    `writer(Path("bao-cao.jsonl.gz"))`. What is written alike is packed alike. Raises `OSError`.
    """
    if output is None:
        with _standard_output() as stream:
            yield stream
        return
    if output.exists() and not output.is_file():  # /dev/null or a pipe: renaming over it would destroy it
        with _opened(output, output.suffix) as stream:
            yield stream
        return
    target = output.resolve()
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _opened(aside, output.suffix) as stream:
            yield stream
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def is_watched(stream: BinaryIO) -> bool:
    """Whether somebody waits for each line: a person at a terminal, a program at a pipe; nobody at a file."""
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # it lives in memory
        return False


def as_lines(reports: Iterable[bytes]) -> bytes:
    """JSON Lines."""
    # Joined: for each write other threads, which wait for those that read, may go first.
    return b"\n".join([*reports, b""])


def as_tables(stream: BinaryIO) -> Render:
    """Tables for people, as wide as the terminal that `stream` is."""
    from rich.console import Console  # noqa: PLC0415 (these three only for tables)

    from extractors.records import Report  # noqa: PLC0415
    from pipeline.tables import report_view  # noqa: PLC0415

    # A file or a pipe has no width of its own: wide enough that names stay whole.
    terminal = stream.isatty()
    console = Console(
        file=io.StringIO(), force_terminal=terminal or None, width=None if terminal else 160, highlight=False
    )

    def tables(reports: Iterable[bytes]) -> bytes:
        with console.capture() as shown:
            for report in reports:
                console.print(report_view(Report.model_validate_json(report)))
        return shown.get().encode("utf-8", "backslashreplace")

    return tables


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    stream = sys.stdout.buffer
    if not isinstance(stream, io.RawIOBase):
        yield stream
        return
    # Under PYTHONUNBUFFERED, where one that is interrupted by a signal has written a part.
    buffered = io.BufferedWriter(stream)
    try:
        yield buffered
    finally:
        buffered.detach()


@contextmanager
def _opened(path: Path, suffix: str) -> Iterator[BinaryIO]:
    with path.open("wb") as file, _packed(file, suffix.lower()) as packed:
        yield packed


def _packed(file: BinaryIO, suffix: str) -> Any:
    if suffix == ".gz":
        # Without name and time, which would make other bytes of the same text.
        return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
    if suffix == ".zst":
        import zstandard  # noqa: PLC0415 (wanted for few files)

        return zstandard.ZstdCompressor().stream_writer(file, closefd=False)
    return file
