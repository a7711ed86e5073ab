"""Tables that are taken out as CSV: what a spreadsheet would run as a formula is a text there too."""

from __future__ import annotations

import codecs
import csv
import io

from pipeline.dataset.release.cells import cell

_CELL_BYTES = 1 << 30  # a cell may be an article's whole text


class SafeCells:
    """CSV as it passes in pieces: each cell as in a release's own files, rows as they become whole.

    >>> SafeCells().feed("tên,n\\r\\n=HYPERLINK(1),-5\\r\\n".encode(), last=True).decode()
    "tên,n\\r\\n'=HYPERLINK(1),-5\\r\\n"
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting = ""
        csv.field_size_limit(_CELL_BYTES)

    def feed(self, piece: bytes, *, last: bool) -> bytes:
        """What may be sent on after `piece`: nothing as long as its row goes on. `last`: no other comes."""
        self._waiting += self._decoder.decode(piece, last)
        # Datasette sends a row a piece; a line feed inside a cell leaves a quote open.
        if not last and (not self._waiting.endswith("\n") or self._waiting.count('"') % 2):
            return b""
        rows, safe = csv.reader(io.StringIO(self._waiting, newline="")), io.StringIO(newline="")
        self._waiting = ""
        csv.writer(safe).writerows([cell(value) for value in row] for row in rows)
        return safe.getvalue().encode()
