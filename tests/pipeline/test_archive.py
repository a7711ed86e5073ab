"""WARC files: what goes in comes out, and a torn end does no harm."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import importlib.util
import io
import os
import subprocess
import sys
import tracemalloc
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.archive import (
    Archive,
    ArchiveError,
    Location,
    Profile,
    entries,
    read_record,
    verify,
)
from pipeline.settings import ROOT


@dataclass(frozen=True)
class Answer:
    """One exchange, as the archive wants it."""

    url: str
    body: bytes
    fetched_at: datetime
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "3"),
    )
    request_headers: tuple[tuple[str, str], ...] = (("User-Agent", "tongket/0.1"),)
    ip: str | None = None


def page(path: str, body: bytes, moment: datetime) -> Answer:
    return Answer(f"https://baothu.vn{path}", body, moment)


def test_a_record_is_read_back_from_its_place(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    bodies = {"/a.html": "<p>Tổng kết</p>".encode(), "/b.html": b"", "/c.html": bytes(range(256)) * 100}
    places = {path: archive.append(page(path, body, moment)) for path, body in bodies.items()}
    # Named by the Vietnamese day, which has begun while UTC still has the day before.
    assert {place.file for place in places.values()} == {"baothu/baothu-20250114-00000.warc.gz"}
    for path, body in bodies.items():
        record = read_record(tmp_path, places[path])
        assert (record.url, record.body, record.fetched_at) == (f"https://baothu.vn{path}", body, moment)


def test_the_file_is_plain_warc(tmp_path: Path, moment: datetime) -> None:
    place = Archive(tmp_path, "baothu").append(page("/a.html?p=1", b"<p>x</p>", moment))
    with (tmp_path / place.file).open("rb") as stream:
        records = [(r.rec_type, r.rec_headers, r.http_headers) for r in ArchiveIterator(stream)]
    (info, _, _), (first, first_head, http), (second, second_head, request) = records
    assert (info, first, second) == ("warcinfo", "response", "request")
    assert second_head.get_header("WARC-Concurrent-To") == first_head.get_header("WARC-Record-ID")
    # The body is kept decoded, so its headers must not say otherwise.
    assert (http.get_header("Content-Encoding"), http.get_header("Content-Length")) == (None, "8")
    assert request.statusline == "/a.html?p=1 HTTP/1.1"


def test_every_record_has_its_digests_and_the_servers_address(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    place = archive.append(replace(page("/a.html", b"<p>x</p>", moment), ip="203.0.113.9"))
    with (tmp_path / place.file).open("rb") as stream:
        found = ArchiveIterator(stream, check_digests="raise")
        heads = {r.rec_type: r.rec_headers for r in found if r.content_stream().read() is not None}
    sha1 = base64.b32encode(hashlib.sha1(b"<p>x</p>").digest()).decode()
    assert heads["response"].get_header("WARC-Payload-Digest") == f"sha1:{sha1}"
    assert heads["response"].get_header("WARC-IP-Address") == "203.0.113.9"
    assert all(head.get_header("WARC-Block-Digest") for head in heads.values())


def test_headers_type_and_time_come_back(tmp_path: Path, moment: datetime) -> None:
    precise = moment.replace(microsecond=120_500)
    record = read_record(tmp_path, Archive(tmp_path, "baothu").append(page("/a.html", b"x", precise)))
    assert (record.kind, record.content_type) == ("response", "text/html; charset=utf-8")
    assert dict(record.headers)["Content-Length"] == "1"
    assert record.fetched_at == precise


@pytest.mark.parametrize(
    ("profile", "status", "headers", "media"),
    [
        ("server-not-modified", 304, (("ETag", '"b"'),), "text/html; charset=utf-8"),
        ("identical-payload-digest", 200, (("Content-Type", "text/html"),), "text/html"),
    ],
)
def test_a_revisit_is_read_as_the_page_it_stands_for(
    tmp_path: Path,
    moment: datetime,
    profile: Profile,
    status: int,
    headers: tuple[tuple[str, str], ...],
    media: str,
) -> None:
    archive = Archive(tmp_path, "baothu")
    first = archive.append(page("/a.html", b"old", moment))
    archive.append(page("/a.html", b"other", moment + timedelta(hours=1)))
    revisit = functools.partial(
        archive.revisit, status=status, headers=headers, request_headers=(("If-None-Match", '"b"'),)
    )
    url, later = "https://baothu.vn/a.html", moment + timedelta(days=2)
    place = revisit(url, refers_to=first, fetched_at=later, profile=profile)
    # A revisit of a revisit stands for the page itself.
    again = revisit(url, refers_to=place, fetched_at=later + timedelta(days=1), profile=profile)
    assert len({first.file, place.file, again.file}) == 3, "a file a day"
    for location in (place, again):
        record = read_record(tmp_path, location)
        assert (record.kind, record.status, record.body) == ("revisit", status, b"old")
        assert (record.headers, record.content_type) == (headers, media)
    assert read_record(tmp_path, place).fetched_at == later
    with (tmp_path / again.file).open("rb") as stream:
        heads = {r.rec_type: r.rec_headers for r in ArchiveIterator(stream)}
    head = heads["revisit"]
    assert head.get_header("WARC-Profile") == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
    assert head.get_header("WARC-Refers-To-Date") == "2025-01-13T18:00:00Z"
    assert head.get_header("WARC-Refers-To-Target-URI") == url
    with (tmp_path / first.file).open("rb") as stream:
        original = next(r.rec_headers for r in ArchiveIterator(stream) if r.rec_type == "response")
    assert head.get_header("WARC-Refers-To") == original.get_header("WARC-Record-ID")
    assert heads["request"].get_header("WARC-Concurrent-To") == head.get_header("WARC-Record-ID")
    assert list(verify(tmp_path)) == []


def test_a_revisit_whose_page_is_gone_says_so(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    first = archive.append(page("/a.html", b"old", moment))
    place = archive.revisit(
        "https://baothu.vn/a.html",
        refers_to=first,
        fetched_at=moment + timedelta(days=2),
        status=304,
        headers=(),
        request_headers=(),
        profile="server-not-modified",
    )
    (tmp_path / first.file).unlink()
    (tmp_path / first.file.replace(".warc.gz", ".cdxj")).unlink()
    with pytest.raises(ArchiveError, match=f"offset {place.offset}: the page it stands for"):
        read_record(tmp_path, place)
    assert [line.split(":")[0] for line in verify(tmp_path)] == [
        f"{tmp_path / place.file}, offset {place.offset}"
    ]


def test_a_file_is_kept_as_a_resource(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "nhap")
    metadata = {"title": "Tổng kết\nnăm 2024", "published_at": "2025-01-07", "file": "bai viet.txt"}
    place = archive.resource(
        "file:///bai%20viet.txt", "Sáng 12/1".encode(), "text/plain", fetched_at=moment, metadata=metadata
    )
    bare = archive.resource("urn:x:1", b"", "text/html; charset=utf-8", fetched_at=moment)
    record = read_record(tmp_path, place)
    assert (record.kind, record.body.decode(), record.content_type) == ("resource", "Sáng 12/1", "text/plain")
    assert dict(record.headers) == metadata | {"title": "Tổng kết năm 2024"}
    assert read_record(tmp_path, bare).headers == ()
    found = archive.find("file:///bai%20viet.txt")
    assert found is not None
    assert (found.location, found.mime, found.status) == (place, "text/plain", None)
    assert found.digest == hashlib.sha256("Sáng 12/1".encode()).hexdigest()
    assert list(verify(tmp_path)) == []


@pytest.mark.guard("paths")
@pytest.mark.parametrize("url", ["", "file:///bai viet.txt", "https://a.vn/\r\nWARC-Type: request"])
def test_what_cannot_name_a_record_is_refused(tmp_path: Path, moment: datetime, url: str) -> None:
    archive = Archive(tmp_path, "nhap")
    with pytest.raises(ValueError, match="cannot name a WARC record"):
        archive.resource(url, b"x", "text/plain", fetched_at=moment)
    with pytest.raises(ValueError, match="cannot name a field"):
        archive.resource("urn:x", b"x", "text/plain", fetched_at=moment, metadata={"a\r\nb": "c"})
    assert list(tmp_path.iterdir()) == []


def test_the_newest_page_of_a_url_is_found(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    assert archive.find("https://baothu.vn/a.html") is None
    for days in range(3):
        later = moment + timedelta(days=days)
        for path in ("/a.html", "/a.html?p=1", f"/{days}.html"):
            archive.append(page(path, f"{path} {days}".encode(), later))
    other = Archive(tmp_path, "khac")
    other.append(page("/a.html", b"elsewhere", moment + timedelta(days=9)))
    for finder in (archive, Archive(tmp_path, "baothu")):
        found = finder.find("https://baothu.vn/a.html")
        assert found is not None
        assert read_record(tmp_path, found.location).body == b"/a.html 2"
        first = finder.find("https://baothu.vn/0.html")
        assert first is not None
        assert first.fetched_at == moment
        # One key, another address.
        assert finder.find("https://baothu.vn/A.html") is None
        assert finder.find("https://baothu.vn/a.htm") is None


def test_a_full_file_is_followed_by_the_next_number(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu", max_bytes=2500)
    places = [archive.append(page(f"/{n}", os.urandom(700), moment)) for n in range(6)]
    places.append(Archive(tmp_path, "baothu", max_bytes=2500).append(page("/6", b"x", moment)))
    files = [place.file for place in places]
    assert files == sorted(files)
    assert files[0] == "baothu/baothu-20250114-00000.warc.gz"
    assert files[-1] == "baothu/baothu-20250114-00003.warc.gz"
    assert [entry.location for entry in entries(tmp_path)] == places
    assert all((tmp_path / file).stat().st_size < 2500 + 2000 for file in files)
    assert list(verify(tmp_path)) == []


@pytest.mark.guard("two-at-once")
def test_several_writers_share_a_file(tmp_path: Path, moment: datetime) -> None:
    """Real processes, each with its own archive object, over files small enough to be changed often."""
    script = """if True:
        import sys
        from datetime import datetime, UTC
        from pathlib import Path
        from types import SimpleNamespace
        from pipeline.crawl.archive import Archive
        archive = Archive(Path(sys.argv[1]), "baothu", max_bytes=20_000)
        for n in range(40):
            archive.append(SimpleNamespace(
                url=f"https://baothu.vn/{sys.argv[2]}/{n}", status=200, headers=(), request_headers=(),
                body=(sys.argv[2] * n).encode(), fetched_at=datetime(2025, 1, 13, 18, tzinfo=UTC)))
    """
    command = [sys.executable, "-c", script, str(tmp_path)]
    writers = [subprocess.Popen([*command, name], cwd=ROOT) for name in "abc"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    found = list(entries(tmp_path))
    assert {entry.url for entry in found} == {f"https://baothu.vn/{w}/{n}" for w in "abc" for n in range(40)}
    assert len(found) == 120
    assert len({entry.location.file for entry in found}) > 1
    assert list(verify(tmp_path)) == []


def test_durable_pages_are_written_the_same(tmp_path: Path, moment: datetime) -> None:
    place = Archive(tmp_path, "baothu", durable=True).append(page("/a", b"a", moment))
    assert read_record(tmp_path, place).body == b"a"


@pytest.mark.parametrize("torn", [1, 20, 200])
def test_a_torn_last_record_is_cut_off_before_the_next(tmp_path: Path, moment: datetime, torn: int) -> None:
    first = Archive(tmp_path, "baothu").append(page("/a.html", b"a" * 500, moment))
    path = tmp_path / first.file
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:torn])  # killed while writing the second
    second = Archive(tmp_path, "baothu").append(page("/b.html", b"b", moment))
    assert second.offset == len(whole)
    with path.open("rb") as stream:
        assert [r.rec_type for r in ArchiveIterator(stream)] == ["warcinfo"] + ["response", "request"] * 2


def test_a_missing_record_is_named(tmp_path: Path, moment: datetime) -> None:
    place = Archive(tmp_path, "baothu").append(page("/a.html", b"a", moment))
    for wrong in (Location("baothu/none.warc.gz", 0), Location(place.file, place.offset + 7)):
        with pytest.raises(ArchiveError, match=f"{Path(wrong.file).name}, offset {wrong.offset}"):
            read_record(tmp_path, wrong)


def test_days_have_their_own_files(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    later = datetime(2025, 1, 14, 18, 0, tzinfo=UTC)
    assert archive.append(page("/a", b"a", moment)).file != archive.append(page("/a", b"a", later)).file


FOREIGN = [
    # (headers, body as it lies there, what the row proves)
    ((), b"<p>x</p>", "a plain body"),
    ((("Content-Encoding", "gzip"),), gzip.compress(b"<p>x</p>"), "gzip"),
    ((("Content-Encoding", "deflate"),), zlib.compress(b"<p>x</p>"), "deflate"),
    ((("Transfer-Encoding", "chunked"),), b"3\r\n<p>\r\n5\r\nx</p>\r\n0\r\n\r\n", "chunks"),
]


@pytest.mark.parametrize(("headers", "body", "proves"), FOREIGN, ids=[row[2] for row in FOREIGN])
def test_files_from_elsewhere_are_read_decoded(
    headers: tuple[tuple[str, str], ...], body: bytes, proves: str, tmp_path: Path
) -> None:
    (tmp_path / "khac").mkdir()
    write_foreign(tmp_path / "khac" / "khac.warc.gz", headers, body)
    (entry,) = entries(tmp_path)
    assert read_record(tmp_path, entry.location).body == b"<p>x</p>", proves
    assert entry.digest == hashlib.sha256(b"<p>x</p>").hexdigest()
    assert list(verify(tmp_path)) == []


def test_an_encoding_that_no_library_here_knows_is_named(tmp_path: Path) -> None:
    if importlib.util.find_spec("brotli"):
        pytest.skip("the library is there")
    (tmp_path / "khac").mkdir()
    write_foreign(tmp_path / "khac" / "khac.warc.gz", (("Content-Encoding", "br"),), b"\x8b")
    (entry,) = entries(tmp_path)
    assert entry.digest is None
    with pytest.raises(ArchiveError, match="offset 0: its body is compressed as `br`: install brotli"):
        read_record(tmp_path, entry.location)


def test_records_that_share_a_gzip_member_have_no_place(tmp_path: Path) -> None:
    (tmp_path / "khac").mkdir()
    path = tmp_path / "khac" / "khac.warc.gz"
    write_foreign(path, (), b"x")
    shared = gzip.compress(gzip.decompress(path.read_bytes()) * 2)
    path.write_bytes(shared)
    assert list(entries(tmp_path)) == []
    assert Archive(tmp_path, "khac").find("https://baothu.vn/a.html") is None
    assert path.read_bytes() == shared, "what is not ours is not cut"


def write_foreign(path: Path, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        url = "https://baothu.vn/a.html"
        writer.write_record(
            writer.create_warc_record(url, "response", io.BytesIO(body), len(body), http_headers=head)
        )


def test_memory_does_not_grow_with_the_pages(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    archive.append(page("/a", b"a", moment))
    tracemalloc.start()
    try:
        for number in range(1000):
            archive.append(page(f"/{number}", os.urandom(2000), moment))
        assert tracemalloc.get_traced_memory()[0] < 200_000
        tracemalloc.reset_peak()
        assert sum(1 for _ in entries(tmp_path)) == 1001
        (tmp_path / "baothu" / "baothu-20250114-00000.cdxj").unlink()
        assert sum(1 for _ in entries(tmp_path)) == 1001
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
