"""File and index agree whatever became of either: torn, lost, exchanged, damaged."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.crawl.archive import Archive, ArchiveError, Entry, Location, entries, read_record, verify
from pipeline.crawl.warc.index import index_of, key_of

URLS = ["https://baothu.vn/a.html", "https://baothu.vn/b.html", "https://baothu.vn/a.html"]


def append(archive: Archive, url: str, body: bytes, moment: datetime) -> Location:
    return archive.append(
        SimpleNamespace(
            url=url,
            status=200,
            headers=(("Content-Type", "text/html"),),
            request_headers=(("User-Agent", "tongket/0.1"),),
            body=body,
            fetched_at=moment,
        )
    )


def filled(directory: Path, moment: datetime) -> Path:
    """A file with two pages, a resource and a revisit; its path."""
    archive = Archive(directory, "baothu")
    first = append(archive, URLS[0], b"a" * 300, moment)
    append(archive, URLS[1], "Sáng 12/1".encode() * 20, moment)
    archive.resource("urn:x:1", b"tep", "text/plain", fetched_at=moment)
    archive.revisit(
        URLS[2],
        refers_to=first,
        fetched_at=moment + timedelta(hours=1),
        status=304,
        headers=(),
        request_headers=(),
        profile="server-not-modified",
    )
    return directory / first.file


@pytest.mark.parametrize(
    ("url", "key", "proves"),
    [
        (
            "https://www.BaoThu.vn/Tin/Bai-1.html?B=2&a=1",
            "vn,baothu)/tin/bai-1.html?b=2&a=1",
            "lower case, no www",
        ),
        ("http://127.0.0.1:8765/", "1,0,0,127:8765)/", "a port"),
        ("https://baothu.vn", "vn,baothu)/", "no path"),
        ("https://baothu.vn/tổng kết.html", "vn,baothu)/t%e1%bb%95ng%20k%e1%ba%bft.html", "never a blank"),
        ("file:///bai%20viet.txt", "file:///bai%20viet.txt", "no host"),
        ("urn:sha256:AB", "urn:sha256:ab", "no address"),
        ("http://[", "http://[", "a broken one"),
    ],
)
def test_keys(url: str, key: str, proves: str) -> None:
    assert key_of(url) == key, proves


def test_a_line_is_cdxj(tmp_path: Path, moment: datetime) -> None:
    path = filled(tmp_path, moment)
    key, stamp, values = index_of(path).read_text().splitlines()[0].split(" ", 2)
    assert (key, stamp) == ("vn,baothu)/a.html", "20250113180000")
    line = json.loads(values)
    record = path.read_bytes()[int(line["offset"]) :][: int(line["length"])]
    assert record.startswith(b"\x1f\x8b")
    assert set(line) == {
        "url", "mime", "status", "digest", "warc_digest", "length", "offset", "filename", "type", "date",
    }  # fmt: skip
    assert (line["filename"], line["type"], line["status"]) == (path.name, "response", "200")


def test_entries_are_the_same_with_without_and_after_the_index(tmp_path: Path, moment: datetime) -> None:
    index = index_of(filled(tmp_path, moment))
    written, lines = list(entries(tmp_path)), index.read_bytes()
    assert [entry.kind for entry in written] == ["response", "response", "resource", "revisit"]
    assert written[0].digest == written[3].digest
    index.unlink()
    assert list(entries(tmp_path)) == written
    assert not index.exists(), "reading writes nothing"
    assert Archive(tmp_path, "baothu").last == written[1]
    assert index.read_bytes() == lines, "built anew as it was"
    assert list(entries(tmp_path, "khac")) == []


@pytest.mark.guard("damaged-archives")
def test_a_file_torn_anywhere_is_mended(tmp_path: Path, moment: datetime) -> None:
    """A writer killed at any byte: all whole pages stay, the next page follows them, the index says both."""
    path = filled(tmp_path / "whole", moment)
    whole, written = path.read_bytes(), list(entries(tmp_path / "whole"))
    ends = [entry.location.offset + entry.length for entry in written]
    steps = sorted({*range(0, len(whole), 23), *ends, *(end - 1 for end in ends), *(end + 1 for end in ends)})
    for size in steps:
        folder = tmp_path / "torn"
        shutil.copytree(tmp_path / "whole", folder)
        torn = folder / "baothu" / path.name
        torn.write_bytes(whole[:size])
        kept = [entry for entry, end in zip(written, ends, strict=True) if end <= size]
        responses = [entry for entry in kept if entry.kind == "response"]
        assert list(entries(folder)) == kept, size
        archive = Archive(folder, "baothu")
        assert archive.last == (responses[-1] if responses else None), size
        place = append(archive, "https://baothu.vn/sau.html", b"sau", moment)
        assert read_record(folder, place).body == b"sau"
        assert list(entries(folder))[:-1] == kept, size
        assert list(verify(folder)) == [], size
        assert archive.last == (responses[-1] if responses else None), "what was left by others"
        shutil.rmtree(folder)


@pytest.mark.guard("damaged-archives")
def test_an_index_torn_anywhere_is_completed(tmp_path: Path, moment: datetime) -> None:
    path = filled(tmp_path, moment)
    index = index_of(path)
    lines, written, size = index.read_bytes(), list(entries(tmp_path)), path.stat().st_size
    for kept in [*range(0, len(lines), 37), len(lines) - 1]:
        index.write_bytes(lines[:kept])
        assert list(entries(tmp_path)) == written, kept
        assert Archive(tmp_path, "baothu").last == written[1]
        assert index.read_bytes() == lines, kept
        assert path.stat().st_size == size


FOREIGN_INDEXES = [
    # (what the index holds, what the row proves)
    (b"", "no line"),
    (b"\0" * 700, "zeros, as a power cut leaves them"),
    (b"vn,baothu)/a.html 20250113180000 {}\n", "a line without fields"),
    (b'vn,baothu)/ 2 {"type": "request"}\n', "no page"),
    (b"x" * 40_000, "one long torn line"),
]


@pytest.mark.parametrize(("data", "proves"), FOREIGN_INDEXES, ids=[row[1] for row in FOREIGN_INDEXES])
def test_an_index_that_is_none_is_built_anew(
    data: bytes, proves: str, tmp_path: Path, moment: datetime
) -> None:
    index = index_of(filled(tmp_path, moment))
    lines, written = index.read_bytes(), list(entries(tmp_path))
    index.write_bytes(data)
    assert list(entries(tmp_path)) == written, proves
    assert Archive(tmp_path, "baothu").find(URLS[0]) == written[0]
    assert index.read_bytes() == lines


def test_the_index_of_another_file_does_no_harm(tmp_path: Path, moment: datetime) -> None:
    path = filled(tmp_path, moment)
    lines, size = index_of(path).read_bytes(), path.stat().st_size
    other = append(Archive(tmp_path, "khac"), "https://baothu.vn/khac.html", b"x" * 900, moment)
    theirs = index_of(tmp_path / other.file).read_bytes().replace(b"khac-2025", b"baothu-2025")
    index_of(path).write_bytes(theirs)
    assert Archive(tmp_path, "baothu").find(URLS[1]) is not None
    assert (index_of(path).read_bytes(), path.stat().st_size) == (lines, size)


def test_a_broken_line_between_whole_ones_is_named(tmp_path: Path, moment: datetime) -> None:
    index = index_of(filled(tmp_path, moment))
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join([lines[0], b"????\n", *lines[2:]]))
    with pytest.raises(ArchiveError, match=rf"{index.name}, offset {len(lines[0])}: .*delete the index"):
        list(entries(tmp_path))


def test_files_of_the_earlier_naming_stay_readable(tmp_path: Path, moment: datetime) -> None:
    new = filled(tmp_path, moment)
    old = new.with_name("baothu-20250113.warc.gz")
    shutil.copy(new, old)
    same_day = new.with_name("baothu-20250114.warc.gz")
    shutil.copy(new, same_day)
    found = list(entries(tmp_path))
    files = list(dict.fromkeys(entry.location.file for entry in found))
    assert files == [f"baothu/{file.name}" for file in (old, same_day, new)], "by day, then by number"
    assert len(found) == 12
    assert read_record(tmp_path, found[0].location).body == b"a" * 300
    assert not index_of(old).exists()
    assert Archive(tmp_path, "baothu").find(URLS[1]) is not None
    assert Archive(tmp_path, "baothu").find("https://baothu.vn/none") is None
    assert index_of(old).exists(), "a file without index is read once"


def test_damage_in_the_middle_costs_one_record(tmp_path: Path, moment: datetime) -> None:
    path = filled(tmp_path, moment)
    written = list(entries(tmp_path))
    data = bytearray(path.read_bytes())
    middle = written[1].location.offset + written[1].length // 2
    data[middle] ^= 0xFF
    path.write_bytes(data)
    problems = list(verify(tmp_path))
    assert f"baothu/{path.name}, offset {written[1].location.offset}: damaged gzip data" in problems
    assert any("no page begins here" in line and URLS[1] in line for line in problems)
    with pytest.raises(ArchiveError, match=f"offset {written[1].location.offset}: damaged gzip data"):
        read_record(tmp_path, written[1].location)
    # Built anew, the index leaves the damaged page out; nothing behind it is cut off.
    index_of(path).unlink()
    assert Archive(tmp_path, "baothu").last == written[0]
    assert path.stat().st_size == len(data)
    assert list(entries(tmp_path)) == [written[0], *written[2:]]


def test_verify_names_what_does_not_fit(tmp_path: Path, moment: datetime) -> None:
    index = index_of(filled(tmp_path, moment))
    first, second, third, fourth = list(entries(tmp_path))
    assert list(verify(tmp_path)) == []
    lines = index.read_bytes().splitlines(keepends=True)
    name = first.location.file

    def said(*changed: bytes) -> list[str]:
        index.write_bytes(b"".join(changed))
        return list(verify(tmp_path))

    def at(entry: Entry) -> str:
        return f"{name}, offset {entry.location.offset}"

    (problem,) = said(lines[0].replace(b'"digest": "', b'"digest": "0'), *lines[1:])
    assert problem.startswith(f"{at(first)}: its digest is {first.digest}, the index")
    assert said(lines[0], *lines[2:]) == [f"{at(second)}: not in the index baothu/{index.name}"]
    assert len(said(lines[0], lines[0], *lines[1:])) == 1
    offset = f'"offset": "{fourth.location.offset}"'.encode()
    (lost, nowhere) = said(*lines[:3], lines[3].replace(offset, b'"offset": "99999"'))
    assert lost.startswith(f"{at(fourth)}: not in the index")
    assert nowhere.startswith(f"{name}, offset 99999: no page begins here")
    (torn, left_out) = said(*lines[:3], lines[3][:50])
    assert torn.startswith(f"baothu/{index.name}, offset {sum(map(len, lines[:3]))}: no line of an index")
    assert left_out.startswith(f"{at(fourth)}: not in the index")
    assert third.kind == "resource"


def test_one_changed_byte_of_an_uncompressed_file_is_found(tmp_path: Path, moment: datetime) -> None:
    path = filled(tmp_path, moment)
    plain = path.with_name("khac.warc")
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    assert list(verify(tmp_path)) == []
    response = next(entry for entry in entries(tmp_path) if entry.location.file == "baothu/khac.warc")
    assert read_record(tmp_path, response.location).body == b"a" * 300
    data = plain.read_bytes()
    plain.write_bytes(data.replace(b"a" * 300, b"a" * 299 + b"b", 1))
    place = f"baothu/khac.warc, offset {response.location.offset}"
    assert list(verify(tmp_path)) == [
        f"{place}: its block digest does not fit",
        f"{place}: its payload digest does not fit",
    ]


def test_two_writers_killed_in_turn(tmp_path: Path, moment: datetime) -> None:
    """A second process dies mid-record while the first goes on: the first mends before it appends."""
    first = Archive(tmp_path, "baothu")
    place = append(first, URLS[0], b"a", moment)
    path = tmp_path / place.file
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[place.offset :][:99])
    append(first, URLS[1], b"b", moment)
    assert [entry.url for entry in entries(tmp_path)] == URLS[:2]
    assert list(verify(tmp_path)) == []
