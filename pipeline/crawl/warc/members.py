"""The bytes of a file that may be gzipped, in one member or many, with the place in the file of each record."""

from __future__ import annotations

import re
import zlib
from collections import deque
from typing import BinaryIO

_CHUNK = 1 << 16
_OUTPUT = 1 << 20  # a few bytes of gzip may hold a gigabyte of blanks
_GZIP = b"\x1f\x8b\x08"
_SILENT = 1 << 20  # how much of a member that gives nothing is kept to be looked through again
_PLAIN = b"WARC/"
_PROBE = 4096  # bytes of a gzip member that certainly show how its content begins
_BLANKS = re.compile(rb"[\r\n]*+")

CUT = "the file ends within this record"


class BrokenError(Exception):
    """gzip data that cannot be unpacked; the next `begin` goes on behind it, where anything is left."""


class Unpacked:
    """A window on unpacked bytes that moves forward: `begin` a record, `take` or `skip` its bytes, `finish` it.

    `offset` is where `stream` stands in its file. Reading raises `BrokenError`; at the end of the file less
    comes than was asked for. Memory: two megabytes beside what is taken.
    """

    def __init__(self, stream: BinaryIO, offset: int = 0) -> None:
        self._stream = stream
        self._raw, self._raw_at = b"", offset  # what is read and not unpacked, and its place in the file
        self._gzip: bool | None = None  # None: nothing was read yet
        self._member: zlib._Decompress | None = None
        self._pending = False  # the member may hold more output than was asked for
        self._broken = False
        self._silent = b""  # what the member has taken without giving anything
        self._data, self._at = bytearray(), 0  # unpacked bytes, and how many were before them
        self._starts: deque[tuple[int, int]] = deque()  # (unpacked, raw) place of each member's begin
        self._origin = offset
        self._start = 0

    @property
    def place(self) -> int:
        """Where the record begun lies in the file: its own first byte, or that of its gzip member."""
        return self._starts[0][1] if self._starts else self._origin + self._start

    @property
    def length(self) -> int:
        """Bytes in the file from `place` to here; right when the record has been finished."""
        return self._raw_at - self.place if self._gzip else self._origin + self._at - self.place

    @property
    def alone(self) -> bool:
        """Whether the finished record has its gzip member to itself."""
        if not self._gzip:
            return True
        return self._starts[0][0] == self._start and self._member is None and not self._data

    def begin(self) -> bool:
        """Go to the next byte that is no line end, behind damage to the next gzip member of a WARC file."""
        if self._broken and not self._resync():
            return False
        self._start = self._at
        while True:
            self._drop_blanks()
            if self._data:
                self._mark()
                return True
            if self._member is None:
                self._start = self._at
            try:
                if not self._fill():
                    return False
            except BrokenError:
                self._start = self._at
                self._mark()
                raise

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end of the file."""
        while len(self._data) < size and self._fill():
            pass
        return self._consume(min(size, len(self._data)))

    def skip(self, size: int) -> int:
        """Pass over `size` bytes; how many there were."""
        left = size
        while left:
            if not self._data and not self._fill():
                break
            left -= len(self._consume(min(left, len(self._data))))
        return size - left

    def until(self, end: re.Pattern[bytes], limit: int) -> bytes | None:
        """Everything up to and with the first match of `end`; None (nothing consumed) without one in `limit`."""
        searched = 0
        while not (found := end.search(self._data, searched)):
            searched = max(0, len(self._data) - 8)
            if len(self._data) > limit or not self._fill():
                return None
        return self._consume(found.end())

    def finish(self, end: bytes, begin: bytes) -> bool:
        """Pass over line ends. True where `end` was there, where `begin` follows, and at the member's or file's end."""
        while len(self._data) < len(end) and self._fill(cross=False):
            pass
        ended = self._data.startswith(end)
        while True:
            self._drop_blanks()
            if self._data:
                while len(self._data) < len(begin) and self._fill(cross=False):
                    pass
                return ended or self._data.startswith(begin)
            if not self._fill(cross=False):
                return True

    def seek(self, begin: re.Pattern[bytes]) -> None:
        """Drop everything before the next line or gzip member that matches `begin`; all where there is none."""
        while (at := self._first(begin)) is None:
            self._consume(max(0, len(self._data) - 16))
            if not self._fill():
                at = len(self._data)
                break
        self._consume(at)

    def push_back(self, data: bytes) -> None:
        """Put bytes taken last in front again."""
        self._data[:0] = data
        self._at -= len(data)

    def _first(self, begin: re.Pattern[bytes]) -> int | None:
        members = {place - self._at for place, _ in self._starts}
        for found in begin.finditer(self._data):
            at = found.start()
            if at == 0 or self._data[at - 1] == ord("\n") or at in members:
                return at
        return None

    def _consume(self, size: int) -> bytes:
        taken = bytes(self._data[:size])
        del self._data[:size]
        self._at += size
        return taken

    def _drop_blanks(self) -> None:
        if blanks := _BLANKS.match(self._data):
            self._consume(blanks.end())

    def _mark(self) -> None:
        """Here a record begins; members that ended before are forgotten."""
        self._start = self._at
        while len(self._starts) > 1 and self._starts[1][0] <= self._start:
            self._starts.popleft()

    def _read(self) -> bool:
        chunk = self._stream.read(_CHUNK)
        self._raw += chunk
        return bool(chunk)

    def _fill(self, *, cross: bool = True) -> bool:
        """Unpack some more. False at the end of the file, or of the gzip member unless it may be crossed."""
        if self._gzip is None:
            while len(self._raw) < _PROBE and self._read():
                pass
            self._gzip = self._raw.startswith(_GZIP) or self._is_damaged_gzip()
        if not self._gzip:
            if not self._raw and not self._read():
                return False
            self._data += self._raw
            self._raw_at += len(self._raw)
            self._raw = b""
            return True
        return self._unpack(cross=cross)

    def _unpack(self, *, cross: bool) -> bool:
        if self._broken:
            return False
        while True:
            if self._member is None:
                if not cross or (not self._raw and not self._read()):
                    return False
                self._member, self._silent = zlib.decompressobj(wbits=31), b""
                at = self._at + len(self._data)
                if self._starts and self._starts[-1][0] == at:  # the member before it was empty
                    self._starts.pop()
                self._starts.append((at, self._raw_at))
            if not self._raw and not self._pending and not self._read():
                self._broken, self._member = True, None
                # A head that was cut runs on into the members behind it: they are looked for from its begin.
                if self._silent:
                    self._raw, self._raw_at = self._silent, self._starts[-1][1]
                raise BrokenError(CUT)
            try:
                data = self._member.decompress(self._raw, _OUTPUT)
            except zlib.error:
                self._broken, self._member = True, None
                raise BrokenError("damaged gzip data") from None
            self._pending = len(data) == _OUTPUT
            left = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            taken = self._raw[: len(self._raw) - len(left)]
            self._silent = b"" if data or self._member.eof else (self._silent + taken)[:_SILENT]
            self._raw_at += len(taken)
            self._raw = left
            if self._member.eof:
                self._member, self._pending = None, False
            if data:
                self._data += data
                return True

    def _is_damaged_gzip(self) -> bool:
        """Whether the file was gzipped, though its first bytes do not say so any more."""
        if self._raw.startswith(_PLAIN):
            return False
        return any(
            _is_record(self._raw[found.start() :]) for found in re.finditer(re.escape(_GZIP), self._raw)
        )

    def _resync(self) -> bool:
        """Go to the next gzip member that holds a WARC record. The damaged one's own begin is passed over."""
        self._consume(len(self._data))
        self._broken, self._pending = False, False
        at = 1 if self._starts and self._starts[-1][1] == self._raw_at else 0
        self._starts.clear()
        while True:
            at = self._raw.find(_GZIP, at)
            if at < 0:
                kept = self._raw[-len(_GZIP) + 1 :]
                self._raw_at += len(self._raw) - len(kept)
                self._raw, at = kept, 0
                if not self._read():
                    return False
            elif len(self._raw) - at < _PROBE and self._read():
                continue
            elif _is_record(self._raw[at : at + _PROBE]):
                self._raw_at += at
                self._raw = self._raw[at:]
                return True
            else:
                at += 1


def _is_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 5) == _PLAIN
    except zlib.error:
        return False
