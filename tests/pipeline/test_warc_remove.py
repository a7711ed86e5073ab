"""Records taken out of WARC files: what is doomed goes, all else stays byte for byte, whoever wrote the file."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.crawl.archive import Archive, entries, read_record, verify
from pipeline.crawl.outcomes import Page
from pipeline.crawl.warc.index import ArchiveError, index_of, warc_files
from pipeline.crawl.warc.remove import without
from pipeline.crawl.warc.stream import Fields, field

NOW = datetime(2025, 1, 14, tzinfo=UTC)


def url(number: int) -> str:
    return f"https://bao.vn/bai-{number}.html"


def filled(folder: Path, many: int = 6) -> Path:
    """An archive of `many` pages with their requests, the odd ones seen again, in one file."""
    archive = Archive(folder, "bao")
    for number in range(many):
        page = Page(
            url(number), url(number), 200, (("Content-Type", "text/html"),), (), f"trang {number}".encode() * 40,
            NOW, None, None, "text/html",
        )  # fmt: skip
        place = archive.append(page)
        if number % 2:
            archive.revisit(
                url(number), refers_to=place, fetched_at=NOW + timedelta(days=0, seconds=number), status=304,
                headers=(), request_headers=(), profile="server-not-modified",
            )  # fmt: skip
    (file,) = warc_files(folder)
    return file


def of(*numbers: int) -> set[str]:
    return {url(number) for number in numbers}


def doomed(urls: set[str]) -> Callable[[Fields], bool]:
    def is_doomed(fields: Fields) -> bool:
        return field(fields, "WARC-Target-URI") in urls

    return is_doomed


@pytest.mark.parametrize(
    ("gone", "count", "proves"),
    [
        (of(0), 2, "the first, with its request"),
        (of(1), 4, "one with a revisit record and both requests"),
        (of(5), 4, "the last"),
        (of(2, 3), 6, "neighbours"),
        (of(*range(6)), 18, "all: the record at the file's head stays"),
        (of(9), 0, "none: nothing is written"),
    ],
)
def test_removed(tmp_path: Path, gone: set[str], count: int, proves: str) -> None:
    file = filled(tmp_path)
    before, inode = file.read_bytes(), file.stat().st_ino
    index = index_of(file).read_bytes()
    assert without(file, doomed(gone)) == count, proves
    after = file.read_bytes()
    members = {data for data in before.split(b"\x1f\x8b\x08") if data}
    assert {data for data in after.split(b"\x1f\x8b\x08") if data} <= members
    assert not any(one.encode() in gzip.decompress(after) for one in gone)
    assert list(verify(tmp_path)) == []
    left = [entry.url for entry in entries(tmp_path)]
    assert set(left) == of(*range(6)) - gone
    for entry in entries(tmp_path):
        assert read_record(tmp_path, entry.location).url == entry.url
    assert (file.stat().st_ino == inode) is (count == 0)
    assert (index_of(file).read_bytes() == index) is (count == 0)
    assert without(file, doomed(gone)) == 0
    assert sorted(path.name for path in file.parent.iterdir()) == [index_of(file).name, file.name]


def test_any_choice_of_records(tmp_path: Path) -> None:
    """Hundred random choices: what is left is what was not chosen, in its order."""
    file = filled(tmp_path / "0")
    data = file.read_bytes()
    chance = random.Random(3)
    for number in range(1, 101):
        other = tmp_path / str(number) / "bao" / file.name
        other.parent.mkdir(parents=True)
        other.write_bytes(data)
        gone = of(*(n for n in range(6) if chance.random() < 0.5))
        without(other, doomed(gone))
        names = [entry.url for entry in entries(tmp_path / "0") if entry.url not in gone]
        assert [entry.url for entry in entries(tmp_path / str(number))] == names


def test_damage_is_kept_or_goes_with_its_record(tmp_path: Path) -> None:
    file = filled(tmp_path)
    (third,) = [entry for entry in entries(tmp_path) if entry.url == url(2)]
    data = bytearray(file.read_bytes())
    at = third.location.offset + third.length - 6  # its checksum: the head can be read
    data[at] ^= 0xFF
    file.write_bytes(bytes(data))
    index_of(file).unlink()
    without(file, doomed(of(4)))
    assert any("damaged" in problem or "length" in problem for problem in verify(tmp_path)), (
        "it is not ours to mend"
    )
    assert bytes(data[third.location.offset : third.location.offset + third.length]) in file.read_bytes()
    without(file, doomed(of(2)))
    assert list(verify(tmp_path)) == []
    assert {entry.url for entry in entries(tmp_path)} == of(0, 1, 3, 5)


def test_records_that_share_a_member_are_not_parted(tmp_path: Path) -> None:
    file = filled(tmp_path)
    whole = gzip.compress(gzip.decompress(file.read_bytes()))
    file.write_bytes(whole)
    index_of(file).unlink()
    with pytest.raises(ArchiveError, match="shares its gzip member"):
        without(file, doomed(of(1)))
    assert file.read_bytes() == whole
    assert without(file, doomed(of(9))) == 0


def test_a_file_that_is_not_packed(tmp_path: Path) -> None:
    file = filled(tmp_path)
    plain = file.with_suffix("")
    plain.write_bytes(gzip.decompress(file.read_bytes()))
    file.unlink()
    index_of(file).unlink()
    assert without(plain, doomed(of(1, 2))) == 6
    assert list(verify(tmp_path)) == []
    assert {entry.url for entry in entries(tmp_path)} == of(0, 3, 4, 5)
