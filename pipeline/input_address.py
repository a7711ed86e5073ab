"""Inputs by address: files on S3 and whatever else fsspec reaches, opened like local ones."""

from __future__ import annotations

import io
import re
from typing import Any

from pipeline.input_text import UnreadableError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_address(path: str) -> bool:
    """Whether a path is an address, `s3://bucket/news.warc.gz`, and no file's name."""
    return _ADDRESS.match(path) is not None


def expand(address: str) -> list[str]:
    """The addresses that a pattern (`s3://bucket/2024/*.warc.gz`) stands for, in order; one without stars stands for itself.

    Raises `UnreadableError` where nothing fits it, or its filesystem cannot be reached.
    """
    if not set(address) & set("*?["):
        return [address]
    import fsspec  # noqa: PLC0415  only for addresses

    try:
        filesystem, path = fsspec.core.url_to_fs(address)
        found = [filesystem.unstrip_protocol(name) for name in sorted(filesystem.glob(path))]
    except Exception as error:
        raise UnreadableError(why(error)) from error
    if not found:
        raise UnreadableError("no file fits this pattern")
    return found


def open_address(address: str) -> io.RawIOBase:
    """The file at `address`, to be read from its beginning. Raises `UnreadableError`."""
    import fsspec  # noqa: PLC0415  only for addresses

    try:
        return _Remote(fsspec.open(address, "rb").open())
    except Exception as error:
        raise UnreadableError(why(error)) from error


class _Remote(io.RawIOBase):
    """A remote file whose errors are those of input that cannot be read."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except Exception as error:
            raise UnreadableError(why(error)) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def why(error: BaseException) -> str:
    """What went wrong with a filesystem, in one line, and what to do."""
    match error:
        case FileNotFoundError():
            return "no such file"
        case PermissionError():
            return "permission denied: look at the credentials of its filesystem"
        case ImportError():
            return f"its filesystem needs a Python package that is not installed: {error}"
        case _:
            told = " ".join(str(error).split()) or type(error).__name__
            return f"cannot be read: {told[:200]}"
