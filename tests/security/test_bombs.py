"""What is small when packed and large when unpacked: over HTTP see `tests/pipeline/test_fetch.py`, here in files."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

import brotli
import pytest
import zstandard

from pipeline.crawl.warc.payload import PayloadError, decode_body
from pipeline.crawl.warc.stream import Damage, Record, records
from pipeline.inputs import BadInput, InputArticle, read_inputs

MEGABYTE = 1_000_000
LIMIT = MEGABYTE


@contextmanager
def little_memory(most: int) -> Iterator[None]:
    """The block takes `most` bytes of Python's memory and no more."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def packed_with(make: Callable[[], object], size: int) -> bytes:
    """`size` blanks, packed piece by piece by a library's compressor."""
    packer, piece = make(), b" " * MEGABYTE
    step = getattr(packer, "compress", None) or packer.process  # type: ignore[attr-defined]
    parts = [step(part) for part in repeat(piece, size // MEGABYTE)]
    end = packer.finish() if hasattr(packer, "finish") else packer.flush()  # type: ignore[attr-defined]
    return b"".join([*parts, end])


CODINGS: dict[str, Callable[[], object]] = {
    "gzip": lambda: zlib.compressobj(wbits=31),
    "deflate": zlib.compressobj,
    "br": lambda: brotli.Compressor(quality=1),
    "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
}


@pytest.mark.guard("bombs-files")
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_body_that_swells_is_refused(coding: str, layers: int) -> None:
    bomb = packed_with(CODINGS[coding], 20 * MEGABYTE)
    for _ in range(layers - 1):
        bomb = packed_once(coding, bomb)
    headers = (("Content-Encoding", ", ".join([coding] * layers)),)
    assert len(bomb) < MEGABYTE
    with little_memory(4 * LIMIT), pytest.raises(PayloadError, match=f"larger than {LIMIT} bytes"):
        decode_body(bomb, headers, limit=LIMIT)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_body_that_just_fits_is_taken(coding: str, layers: int) -> None:
    packed = packed_with(CODINGS[coding], LIMIT)
    for _ in range(layers - 1):
        packed = packed_once(coding, packed)
    headers = (("Content-Encoding", ", ".join([coding] * layers)),)
    assert decode_body(packed, headers, limit=LIMIT) == b" " * LIMIT


def packed_once(coding: str, body: bytes) -> bytes:
    packer = CODINGS[coding]()
    step = getattr(packer, "compress", None) or packer.process  # type: ignore[attr-defined]
    return bytes(step(body)) + bytes(packer.finish() if hasattr(packer, "finish") else packer.flush())  # type: ignore[attr-defined]


def seconds(function: Callable[[], object]) -> float:
    """Processor time of the shortest of three tries: what else this machine does only makes them longer."""
    tries = []
    for _ in range(3):
        begun = time.process_time()
        function()
        tries.append(time.process_time() - begun)
    return min(tries)


@pytest.mark.guard("bombs-files")
def test_thousands_of_empty_members_take_time_as_their_number() -> None:
    headers = (("Content-Encoding", "gzip"),)
    small, large = (gzip.compress(b"") * count for count in (10_000, 80_000))
    # Eight times as many: where what is left were copied at each, 64 times as long.
    assert seconds(lambda: decode_body(large, headers)) < 24 * seconds(lambda: decode_body(small, headers))
    assert decode_body(large + gzip.compress(b"x"), headers) == b"x"


def warc(block: bytes) -> bytes:
    head = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:x\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.mark.guard("bombs-files")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(gzip.compress(warc(b" " * (5 * MEGABYTE))), {Damage}, id="a record larger than one may be"),
        pytest.param(gzip.compress(b"\n" * (10 * MEGABYTE)) + gzip.compress(warc(b"x")), {Record}, id="line ends"),
        pytest.param(gzip.compress(b"") * 40_000 + gzip.compress(warc(b"x")), {Record}, id="empty members"),
        pytest.param(gzip.compress(b"WARC/1.1\r\nX: " + b"x" * (10 * MEGABYTE)), {Damage}, id="a head without end"),
        pytest.param(gzip.compress(b"WARC/1.1\r\n" + b"X: y\r\n" * MEGABYTE), {Damage}, id="fields without end"),
    ],
)  # fmt: skip
def test_a_warc_file_that_swells_takes_little_memory(
    data: bytes, expected: set[type[Record | Damage]]
) -> None:
    with little_memory(8 * MEGABYTE):
        found = {type(item) for item in records(io.BytesIO(data), limit=LIMIT)}
    assert found == expected


def zstd_warc(dictionary: bytes) -> bytes:
    head = b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary
    return head + zstandard.ZstdCompressor().compress(warc(b"x"))


TEXT = "Ngày 12/1/2025, LĐLĐ huyện Mang Thít tổng kết hoạt động công đoàn năm 2024, kết nạp 705 đoàn viên."


@pytest.mark.guard("bombs-files")
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        pytest.param("a.txt.gz", packed_with(CODINGS["gzip"], 80 * MEGABYTE), "MB", id="a text in gzip"),
        pytest.param("a.jsonl.gz", gzip.compress(b'{"text": "' + b"x" * (70 * MEGABYTE), 1), "MB", id="a line without end"),
        pytest.param("a.warc.zst", zstd_warc(packed_with(CODINGS["zstd"], 30 * MEGABYTE)), "dictionary", id="a dictionary"),
        pytest.param("a.warc.zst", zstd_warc(b"\x28\xb5\x2f\xfd" + b"\xff" * 50), "damaged", id="a damaged one"),
    ],
)  # fmt: skip
def test_a_file_that_swells_is_one_line(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    with little_memory(200 * MEGABYTE):
        found = list(read_inputs([str(tmp_path / name), str(tmp_path / "b.txt")]))
    assert [type(item) for item in found] == [BadInput, InputArticle]
    assert told in str(found[0])
