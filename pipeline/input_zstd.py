"""Files compressed with Zstandard, where the library for that is there."""

from __future__ import annotations

import importlib
import io
from typing import Any, cast

from pipeline.input_text import UnreadableError

# A frame that decoders pass over; WARC files keep the dictionary of all their records in one.
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_DATA = b"\x28\xb5\x2f\xfd"
_DICTIONARY_BYTES = 16 * 1024 * 1024  # packed or not: a hundred times what crawlers train


def unpacked(stream: io.BufferedReader) -> io.BufferedReader:
    """What `stream` holds. Raises `UnreadableError` without the library `zstandard`, later on damaged data."""
    try:
        library = importlib.import_module("zstandard")
    except ImportError:
        raise UnreadableError(
            "compressed with Zstandard: install zstandard, or unpack it with `unzstd`"
        ) from None
    dictionary = None
    if stream.peek(4).startswith(_DICTIONARY):
        size = int.from_bytes(stream.read(8)[4:], "little")
        data = stream.read(min(size, _DICTIONARY_BYTES + 1))
        if data.startswith(_DATA):
            try:
                with library.ZstdDecompressor().stream_reader(data) as packed:
                    data = packed.read(_DICTIONARY_BYTES + 1)
            except library.ZstdError:
                raise UnreadableError("Zstandard data that is damaged: fetch the file again") from None
        if len(data) > _DICTIONARY_BYTES:
            raise UnreadableError(f"its Zstandard dictionary is larger than {_DICTIONARY_BYTES} bytes")
        dictionary = library.ZstdCompressionDict(data)
    reader = library.ZstdDecompressor(dict_data=dictionary).stream_reader(stream, read_across_frames=True)
    return io.BufferedReader(cast(io.RawIOBase, _Checked(reader, library.ZstdError)))


class _Checked(io.RawIOBase):
    """A reader whose errors are those of bad input."""

    def __init__(self, reader: Any, error: type[Exception]) -> None:
        self._reader, self._error = reader, error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            return int(self._reader.readinto(buffer))
        except self._error:
            raise UnreadableError("Zstandard data that is damaged: fetch the file again") from None
