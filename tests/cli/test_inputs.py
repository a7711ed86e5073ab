"""What counts as an input, what does not, and the one line that says why."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.inputs import BadInput, InputArticle, Meter, read_inputs

ARTICLE = "Sáng 12/1, LĐLĐ huyện Mang Thít họp mặt các chủ tịch công đoàn cơ sở và trao 15 phần thưởng."
PAGE = f"<html><body><article><h1>Họp mặt</h1><p>{ARTICLE}</p></article></body></html>".encode()
ROW = '{"id": "một", "text": "Sáng 12/1"}'.encode()
ICONV = "convert it, for an old page with `iconv -f WINDOWS-1258 -t UTF-8`"
ICONV_16 = "convert it with `iconv -f UTF-16 -t UTF-8`"
JQ = "write one object a line, as `jq -c` does"
CUT = "gzip data cut short or damaged: fetch the file again"
WHOLE = "one whole object a line is wanted"
OBJECT = 'where an object like {"text": "…"} is wanted'
SURROGATE = "half a surrogate pair (\\ud800 to \\udfff): write the character whole"
DATE = "not a date like 2025-01-07 or 2025-01-07T05:03:00+07:00"
DEEP = "maximum recursion depth exceeded while decoding a JSON array from a unicode string"

BAD_FILES = [
    # (file, bytes, what is said of it, what the row proves)
    ("a.txt", b"", "empty: there is nothing to read", "no bytes"),
    ("a.txt", " \n\u200b\n".encode(), "empty: there is nothing to read", "only what nobody sees"),
    ("a.txt", b"Xin ch\xe0o", f"not UTF-8 (byte 0xe0 at byte 7): {ICONV}", "an old encoding"),
    ("a.txt", b"m\xc3\xb4t\n\nhai \xff", f"not UTF-8 (byte 0xff in line 3): {ICONV}", "the line is told"),
    ("a.txt", b"a\x00b", "a binary file, not text: give text, HTML, WARC or JSON Lines", "a NUL"),
    ("a.txt", "Sáng".encode("utf-16"), f"UTF-16, not UTF-8: {ICONV_16}", "another Unicode"),
    ("a", b"%PDF-1.7\n", "a PDF, not text: save it as text or HTML first", "known by how it begins"),
    ("a.docx", b"PK\x03\x04..", "a Word or ZIP file, not text: save it as text or HTML first", "Word"),
    ("a.html", b"  \n", "empty: there is nothing to read", "a page without bytes"),
    ("a.html", b"<html></html>", "no article found in this page: give its text instead", "a shell"),
    ("a.html", b"<html>\x00", "a binary file, not HTML", "a NUL in a page"),
    ("a.jsonl", b"\n \n", "empty: there is nothing to read", "blank lines only"),
    ("a.json", b'{\n "text": "a"\n}', f"JSON over several lines: {JQ}", "one line, not three"),
    ("a.jsonl.gz", gzip.compress(ROW)[:-9], CUT, "half a download"),
    ("a.gz", b"\x1f\x8bxxxxxxxxxx", CUT, "gzip by its first bytes only"),
    ("a.warc", b"WARC?", "no WARC file, or a damaged one", "an archive by name only"),
]


@pytest.mark.parametrize(("name", "data", "said", "proves"), BAD_FILES, ids=[row[3] for row in BAD_FILES])
def test_a_bad_file_is_one_line(
    name: str, data: bytes, said: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(data)
    assert [str(item) for item in read_inputs([name])] == [f"{name}: {said}"], proves


BAD_ROWS = [
    # (row, what is said of it, what the row proves)
    (b'{"text": "a"', f"broken JSON at column 13 (Expecting ',' delimiter): {WHOLE}", "cut short"),
    (b"x", f"broken JSON at column 1 (Expecting value): {WHOLE}", "no JSON at all"),
    (b"[1]", f"a list {OBJECT}", "JSON, but a list"),
    (b"7", f"a number {OBJECT}", "JSON, but a number"),
    (b"null", f"null {OBJECT}", "JSON, but nothing"),
    (b'{"text": 5}', "`text` is a number, not a string", "the wrong type"),
    (b'{"text": "a", "title": ["b"]}', "`title` is a list, not a string", "of an optional field too"),
    (b'{"text": "a", "url": false}', "`url` is true or false, not a string", "false is not null"),
    (b'{"text": "a", "id": true}', "`id` is true or false, not a string", "True is no number here"),
    (b'{"url": "https://a.vn/1"}', "neither `text` nor `html`", "nothing to read"),
    (b'{"text": "  ", "html": null}', "empty text: there is nothing to read", "blank text"),
    (b'{"html": ""}', "empty html: there is nothing to read", "blank html"),
    (b'{"text": "\\ud83d"}', f"`text` holds {SURROGATE}", "could not be written as UTF-8"),
    (
        b'{"text": "a", "published_at": "7/1/2025"}',
        f"`published_at` is '7/1/2025', {DATE}",
        "January or July",
    ),
    (b'{"text": "a\xff"}', f"not UTF-8 (byte 0xff at byte 12): {ICONV}", "one row of an old encoding"),
    (b"[" * 100_000, f"JSON that cannot be read ({DEEP})", "nested without end"),
]


@pytest.mark.parametrize(("row", "said", "proves"), BAD_ROWS, ids=[row[2] for row in BAD_ROWS])
def test_a_bad_row_is_one_line_and_costs_no_other_row(
    row: bytes, said: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bao.jsonl").write_bytes(b"\n".join([ROW, b"", row, ROW]))
    before, bad, after = read_inputs(["bao.jsonl"])
    assert str(bad) == f"bao.jsonl:3: {said}", proves
    assert isinstance(before, InputArticle)
    assert isinstance(after, InputArticle)


@pytest.mark.parametrize(
    ("path", "line", "proves"),
    [
        ("none.txt", "none.txt: no such file", "not there"),
        ("dir", "dir: a directory: name the files in it, as in `tongket extract DIR/*.txt`", "a folder"),
        ("loop", "loop: cannot be read: Too many levels of symbolic links", "other errors of the system"),
        ("x" * 300, "x" * 300 + ": cannot be read: File name too long", "text where a path is wanted"),
        ("a\0b", "a\0b: no such file: a path has no NUL character", "no path at all"),
    ],
)
def test_paths_that_are_no_files(
    path: str, line: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dir").mkdir()
    Path("loop").symlink_to("loop")
    assert [str(item) for item in read_inputs([path])] == [line], proves


GOOD = [
    # (file, bytes, (source, title, published, url), what the row proves)
    ("a.txt", ARTICLE.encode(), ("a.txt", None, None, None), "a text's title is the reader's business"),
    (
        "a.txt",
        b"\xef\xbb\xbf" + ARTICLE.encode(),
        ("a.txt", None, None, None),
        "a byte-order mark is no text",
    ),
    ("bai", ARTICLE.encode(), ("bai", None, None, None), "no suffix"),
    ("a.txt", f"{{{ARTICLE}".encode(), ("a.txt", None, None, None), "a name goes before a first character"),
    ("a.html", PAGE, ("a.html", "Họp mặt", None, None), "a page's title"),
    ("trang", b"\n<!DOCTYPE html>" + PAGE, ("trang", "Họp mặt", None, None), "a page by how it begins"),
    ("a.txt.gz", gzip.compress(ARTICLE.encode()), ("a.txt.gz", None, None, None), "gzipped text"),
    ("a.jsonl", ROW, ("một", None, None, None), "the row's id"),
    ("rows", ROW, ("một", None, None, None), "JSON Lines by how they begin"),
    ("a.jsonl.gz", gzip.compress(ROW), ("một", None, None, None), "gzipped rows"),
    ("a.jsonl", b'\n{"text": "a", "id": ""}', ("a.jsonl:2", None, None, None), "no id: file and line"),
    (
        "a.jsonl",
        b'{"text": "a", "id": 7, "views": 3}',
        ("7", None, None, None),
        "a number as id, an idle key",
    ),
    (
        "a.jsonl",
        b'{"text":"a","id":"i","title":"T","url":"https://a.vn/1","published_at":"2025-01-07T05:03:00+07:00"}',
        ("i", "T", "2025-01-07T05:03:00+07:00", "https://a.vn/1"),
        "every field",
    ),
    (
        "a.jsonl",
        b'{"text":"a","id":"i","title":null,"url":" ","published_at":""}',
        ("i", None, None, None),
        "null and blank are none",
    ),
]


@pytest.mark.parametrize(("name", "data", "expected", "proves"), GOOD, ids=[row[3] for row in GOOD])
def test_good_input(
    name: str,
    data: bytes,
    expected: tuple[str | None, ...],
    proves: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(data)
    (article,) = read_inputs([name])
    assert isinstance(article, InputArticle)
    assert (article.source, article.title, article.published, article.url) == expected, proves
    assert not article.text.startswith("\ufeff")


def test_html_in_a_row_is_the_string_it_is_whatever_charset_it_declares() -> None:
    html = f"<html><head><meta charset=windows-1258></head><body><article><h1>Họp mặt</h1><p>{ARTICLE}</p></article></body>"
    row = b'{"title": "H\xe1\xbb\x99i ngh\xe1\xbb\x8b", "html": ' + _json(html) + b"}"
    (article,) = read_inputs(["-"], stdin=io.BytesIO(row))
    assert isinstance(article, InputArticle)
    assert article.text == ARTICLE
    assert article.title == "Hội nghị", "the row's title goes before the page's"
    assert article.source == "-:1"


def _json(text: str) -> bytes:
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode() + b'"'


Archive = Callable[..., Path]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    def write(name: str, *pages: tuple[str, str, str, bytes]) -> Path:
        path = tmp_path / name
        with path.open("wb") as stream:
            writer = WARCWriter(stream, gzip=name.endswith(".gz"))
            for url, status, kind, body in pages:
                headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
                record = writer.create_warc_record(
                    url, "response", io.BytesIO(body), len(body), http_headers=headers
                )
                writer.write_record(record)
        return path

    return write


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_an_archive_gives_its_pages_and_nothing_else(name: str, archive: Archive) -> None:
    path = archive(
        name,
        ("https://a.vn/1", "200 OK", "text/html; charset=utf-8", PAGE),
        ("https://a.vn/logo", "200 OK", "image/png", b"\x89PNG"),
        ("https://a.vn/cu", "404 Not Found", "text/html", PAGE),
        ("https://a.vn/rong", "200 OK", "text/html", b""),
        ("https://a.vn/2", "200 OK", "application/xhtml+xml", PAGE),
    )
    found = list(read_inputs([str(path)]))
    assert [item.where for item in found] == [f"{path}: https://a.vn/{n}" for n in ("1", "rong", "2")]
    assert [item.source for item in found if isinstance(item, InputArticle)] == [
        "https://a.vn/1",
        "https://a.vn/2",
    ]
    assert [item.what for item in found if isinstance(item, BadInput)] == ["empty: there is nothing to read"]


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_page_cut_short_is_not_read_as_if_it_were_whole(name: str, archive: Archive) -> None:
    path = archive(name, *((f"https://a.vn/{n}", "200 OK", "text/html", PAGE) for n in (1, 2)))
    path.write_bytes(path.read_bytes()[:-40])
    whole, cut = read_inputs([str(path)])
    assert isinstance(whole, InputArticle)
    assert str(cut) == f"{path}: https://a.vn/2: the archive ends within this page: fetch it again"


def test_an_archive_without_pages_says_so(archive: Archive) -> None:
    path = archive("crawl.warc", ("https://a.vn/logo", "200 OK", "image/png", b"\x89PNG"))
    (bad,) = read_inputs([str(path)])
    assert str(bad) == f"{path}: no page in this archive (no response of type text/html with status 200)"


STDIN = [
    # (bytes, sources of the articles, lines of the bad ones, what the row proves)
    (ARTICLE.encode(), ["-"], [], "plain text"),
    (b"\n\n" + ROW + b"\n{\xff}\n", ["một"], [f"-:4: not UTF-8 (byte 0xff at byte 2): {ICONV}"], "rows"),
    (PAGE, ["-"], [], "a page"),
    (gzip.compress(ROW), ["một"], [], "gzipped rows"),
    (b"", [], ["-: empty: there is nothing to read"], "nothing"),
]


@pytest.mark.parametrize(("data", "sources", "lines", "proves"), STDIN, ids=[row[3] for row in STDIN])
def test_standard_input_is_known_by_how_it_begins(
    data: bytes, sources: list[str], lines: list[str], proves: str
) -> None:
    found = list(read_inputs(["-"], stdin=io.BytesIO(data)))
    assert [item.source for item in found if isinstance(item, InputArticle)] == sources, proves
    assert [str(item) for item in found if isinstance(item, BadInput)] == lines, proves


def test_the_meter_counts_bytes_on_disk_while_rows_are_read(tmp_path: Path) -> None:
    path, meter = tmp_path / "a.jsonl", Meter()
    path.write_bytes((ROW + b"\n") * 20_000)
    rows = read_inputs([str(path)], meter=meter)
    next(rows)
    assert 0 < meter.done < path.stat().st_size / 2, "a row is given out long before the file is read"
    assert len(list(rows)) == 19_999
    assert meter.done == path.stat().st_size
