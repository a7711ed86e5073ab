"""Where reports go: standard output, a device or pipe, or a file that takes its name only when it is whole."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO


@contextmanager
def writer(output: Path | None) -> Iterator[IO[str]]:
    """UTF-8 text out, to standard output where `output` is None; `.gz` and `.zst` in a name pack what is written.

    `writer(Path("bao-cao.jsonl.gz"))`. The same text gives the same bytes. Raises `OSError`.
    """
    if output is None:
        yield sys.stdout
        return
    target = output.resolve()
    if target.exists() and not target.is_file():  # /dev/null or a pipe: renaming over it would destroy it
        with _opened(target, output.suffix) as stream:
            yield stream
        return
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _opened(aside, output.suffix) as stream:
            yield stream
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def is_watched(stream: IO[str]) -> bool:
    """Whether somebody waits for each line: a person at a terminal, a program at a pipe; nobody at a file."""
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # it lives in memory
        return False


@contextmanager
def _opened(path: Path, suffix: str) -> Iterator[IO[str]]:
    with (
        path.open("wb") as file,
        _packed(file, suffix.lower()) as packed,
        io.TextIOWrapper(packed, encoding="utf-8") as text,
    ):
        yield text


def _packed(file: BinaryIO, suffix: str) -> Any:
    if suffix == ".gz":
        # Without name and time, which would make other bytes of the same text.
        return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
    if suffix == ".zst":
        import zstandard  # noqa: PLC0415 (wanted for few files)

        return zstandard.ZstdCompressor().stream_writer(file, closefd=False)
    return file
