"""WARC files: what goes in comes out, and a torn end does no harm."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.crawl.archive import Archive, ArchiveError, Location, read_record
from pipeline.crawl.fetch import Page


def page(path: str, body: bytes, moment: datetime) -> Page:
    return Page(
        url=f"https://baothu.vn{path}",
        status=200,
        headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "3")),
        request_headers=(("User-Agent", "tongket/0.1"),),
        body=body,
        fetched_at=moment,
        etag=None,
        last_modified=None,
    )


def test_a_record_is_read_back_from_its_place(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    bodies = {"/a.html": "<p>Tổng kết</p>".encode(), "/b.html": b"", "/c.html": bytes(range(256)) * 100}
    places = {path: archive.append(page(path, body, moment)) for path, body in bodies.items()}
    # Named by the Vietnamese day, which has begun while UTC still has the day before.
    assert {place.file for place in places.values()} == {"baothu/baothu-20250114.warc.gz"}
    for path, body in bodies.items():
        record = read_record(tmp_path, places[path])
        assert (record.url, record.body, record.fetched_at) == (f"https://baothu.vn{path}", body, moment)


def test_the_file_is_plain_warc(tmp_path: Path, moment: datetime) -> None:
    place = Archive(tmp_path, "baothu").append(page("/a.html?p=1", b"<p>x</p>", moment))
    with (tmp_path / place.file).open("rb") as stream:
        records = [(r.rec_type, r.rec_headers, r.http_headers) for r in ArchiveIterator(stream)]
    (first, first_head, http), (second, second_head, request) = records
    assert (first, second) == ("response", "request")
    assert second_head.get_header("WARC-Concurrent-To") == first_head.get_header("WARC-Record-ID")
    # The body is kept decoded, so its headers must not say otherwise.
    assert (http.get_header("Content-Encoding"), http.get_header("Content-Length")) == (None, "8")
    assert request.statusline == "/a.html?p=1 HTTP/1.1"


@pytest.mark.parametrize("torn", [1, 20, 200])
def test_a_torn_last_record_is_cut_off_before_the_next(tmp_path: Path, moment: datetime, torn: int) -> None:
    first = Archive(tmp_path, "baothu").append(page("/a.html", b"a" * 500, moment))
    path = tmp_path / first.file
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:torn])  # killed while writing the second
    second = Archive(tmp_path, "baothu").append(page("/b.html", b"b", moment))
    assert second.offset == len(whole)
    with path.open("rb") as stream:
        assert [r.rec_type for r in ArchiveIterator(stream)] == ["response", "request"] * 2


def test_a_missing_record_is_named(tmp_path: Path, moment: datetime) -> None:
    place = Archive(tmp_path, "baothu").append(page("/a.html", b"a", moment))
    for wrong in (Location("baothu/none.warc.gz", 0), Location(place.file, place.offset + 7)):
        with pytest.raises(ArchiveError, match=f"{Path(wrong.file).name}, offset {wrong.offset}"):
            read_record(tmp_path, wrong)


def test_days_have_their_own_files(tmp_path: Path, moment: datetime) -> None:
    archive = Archive(tmp_path, "baothu")
    later = datetime(2025, 1, 14, 18, 0, tzinfo=UTC)
    assert archive.append(page("/a", b"a", moment)).file != archive.append(page("/a", b"a", later)).file
