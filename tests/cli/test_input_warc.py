"""Archives of other people's crawlers: every encoding, every way to be damaged."""

from __future__ import annotations

import gzip
import importlib.util
import io
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.archive import Archive
from pipeline.inputs import BadInput, Document, InputArticle, article_of, read_documents, read_inputs

ARTICLE = (
    "Sáng 12/1, LĐLĐ huyện Mang Thít họp mặt các chủ tịch công đoàn cơ sở và trao 15 phần thưởng. "
    "Năm qua, các cấp công đoàn trong huyện kết nạp 705 đoàn viên mới và thành lập 2 công đoàn cơ sở."
)
HTML = f"<html><body><article><h1>Họp mặt</h1><p>{ARTICLE}</p></article></body></html>"
PAGE = HTML.encode()
URL = "https://a.vn/1"
NO_PAGE = "no page in this archive (no response of type text/html with status 200)"


def member(
    block: bytes, kind: str = "response", *, url: str = URL, length: int | None = None, **fields: str
) -> bytes:
    """One record, byte by byte, as programs write it that are not ours."""
    head = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2025-01-13T18:00:00Z",
        "WARC-Record-ID": "<urn:uuid:1>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def answer(body: bytes, *headers: str, line: str = "HTTP/1.1 200 OK", media: str = "text/html") -> bytes:
    given = [f"Content-Type: {media}", *headers] if media else headers
    return "".join(f"{text}\r\n" for text in [line, *given, ""]).encode() + body


def chunked(body: bytes, size: int = 50) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CHUNKED = "Transfer-Encoding: chunked"
READ = [
    # (record, what the row proves)
    (member(answer(PAGE)), "a plain page"),
    (member(answer(gzip.compress(PAGE), "Content-Encoding: gzip")), "gzip inside"),
    (member(answer(gzip.compress(PAGE), "content-encoding: X-GZIP")), "gzip by its other name"),
    (member(answer(zlib.compress(PAGE), "Content-Encoding: deflate")), "deflate inside"),
    (member(answer(raw_deflate(PAGE), "Content-Encoding: deflate")), "deflate as some servers understand it"),
    (member(answer(PAGE, "Content-Encoding: gzip")), "kept unpacked under its old header"),
    (member(answer(PAGE, "Content-Encoding: deflate")), "the same of deflate"),
    (member(answer(PAGE, "X-Crawl-Content-Encoding: br")), "as Common Crawl renames it"),
    (member(answer(chunked(PAGE), CHUNKED)), "chunks"),
    (member(answer(chunked(gzip.compress(PAGE)), CHUNKED, "Content-Encoding: gzip")), "gzip in chunks"),
    (member(answer(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip, gzip")), "gzip twice"),
    (member(answer(PAGE, CHUNKED)), "joined already under its old header"),
    (member(answer(PAGE, line="HTTP/2 200")), "HTTP/2 without a reason"),
    (member(answer(PAGE, line="HTTP/2.0 200 ")), "HTTP/2.0"),
    (member(answer(PAGE).replace(b"\r\n", b"\n", 3)), "line feeds alone"),
    (member(answer(PAGE, media="application/xhtml+xml; charset=utf-8")), "XHTML"),
    (member(answer(PAGE, media="TEXT/HTML;charset=UTF-8")), "capitals"),
    (member(answer(PAGE, media="")), "no type, but a page"),
    (member(answer(HTML.encode("utf-16"), media="text/html; charset=utf-16")), "UTF-16"),
    (member(answer(HTML.encode("cp1258", "xmlcharrefreplace"), media="text/html; charset=windows-1258")), "windows-1258"),
    (member(PAGE, Content_Type="text/html"), "no HTTP head"),
    (member(PAGE), "no HTTP head where one was announced"),
    (member(PAGE, "resource", Content_Type="text/html; charset=utf-8"), "a resource"),
    (member(ARTICLE.encode(), "resource", Content_Type="text/plain", url="file:///bai.txt"), "a text as a resource"),
    (member(ARTICLE.encode(), "conversion", Content_Type="text/plain"), "an extracted text, as in WET files"),
    (member(answer(PAGE), url=f"<{URL}>"), "brackets around the address"),
    (member(answer(PAGE), WARC_Identified_Payload_Type="text/html"), "a type that the crawler found"),
    (member(answer(PAGE), "RESPONSE"), "a type in capitals"),
]  # fmt: skip
SKIPPED = [
    (member(answer(PAGE, line="HTTP/1.1 404 Not Found")), "not found"),
    (member(answer(PAGE, line="HTTP/1.1 304 Not Modified")), "not modified"),
    (member(answer(b"", line="HTTP/1.1 301 Moved"), url="https://a.vn/2"), "moved"),
    (member(answer(PAGE), "revisit"), "a revisit"),
    (member(b"GET / HTTP/1.1\r\n\r\n", "request"), "a request"),
    (member(b"a: b\r\n", "metadata", Content_Type="application/warc-fields"), "metadata"),
    (member(b"{}", "metadata", Content_Type="application/json"), "a WAT record"),
    (member(b"a: b\r\n", "warcinfo", url="", Content_Type="application/warc-fields"), "warcinfo"),
    (member(b"20250113\na.vn. 300 IN A 203.0.113.9\n", url="dns:a.vn", Content_Type="text/dns"), "a DNS answer"),
    (member(answer(PAGE), url="https://a.vn/robots.txt"), "robots.txt, were it HTML"),
    (member(answer(b"User-agent: *", media="text/plain"), url="https://a.vn/robots.txt"), "robots.txt"),
    (member(answer(b"\x89PNG", media="image/png")), "a picture"),
    (member(answer(b"\x89PNG"), WARC_Identified_Payload_Type="image/png"), "a picture under a wrong type"),
    (member(answer(b"{}", media="application/json")), "JSON"),
    (member(b"{}", "resource", Content_Type="application/json"), "JSON that is no row"),
    (member(b"x", "resource", Content_Type="image/png"), "a picture as a resource"),
    (member(answer(b"ok", media="")), "no type and no page"),
    (member(b""), "no block at all"),
]  # fmt: skip


def packed(records: list[bytes], how: str) -> bytes:
    match how:
        case "by record":
            return b"".join(gzip.compress(record) for record in records)
        case "whole":
            return gzip.compress(b"".join(records))
        case "blocks":  # gzip members that know nothing of records
            data = b"".join(records)
            return b"".join(gzip.compress(data[at : at + 100]) for at in range(0, len(data), 100))
        case _:
            return b"".join(records)


HOW = ["plain", "by record", "whole", "blocks"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("record", "proves"), READ, ids=[row[1] for row in READ])
def test_what_is_a_page(record: bytes, proves: str, how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(packed([SKIPPED[7][0], record, SKIPPED[4][0]], how))
    (article,) = read_inputs([str(path)])
    assert isinstance(article, InputArticle), str(article)
    assert ARTICLE in article.text, proves
    assert article.url in {URL, "file:///bai.txt"}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("record", "proves"), SKIPPED, ids=[row[1] for row in SKIPPED])
def test_what_is_none(record: bytes, proves: str, how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(packed([record], how))
    assert [str(item) for item in read_inputs([str(path)])] == [f"{path}: {NO_PAGE}"], proves
    path.write_bytes(packed([member(answer(PAGE)), record, member(answer(PAGE))], how))
    assert [item.where for item in read_inputs([str(path)])] == [f"{path}: {URL}"] * 2, proves


BAD = [
    # (record, what is said of it, what the row proves)
    (member(answer(PAGE), WARC_Truncated="length"),
     "cut short when it was archived (WARC-Truncated: length): fetch the page itself", "cut by its crawler"),
    (member(answer(gzip.compress(PAGE)[:-20], "Content-Encoding: gzip")),
     "its compressed body is cut short: fetch the page again", "gzip cut inside"),
    (member(answer(gzip.compress(PAGE)[:-8] + b"x" * 8, "Content-Encoding: gzip")),
     "its compressed body is damaged: fetch the page again", "gzip damaged inside"),
    (member(answer(b"")), "empty: there is nothing to read", "no body"),
    (member(b"", "conversion", Content_Type="text/plain"), "empty: there is nothing to read", "no text"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "said", "proves"), BAD, ids=[row[2] for row in BAD])
def test_a_bad_page_is_one_line_and_costs_no_other(
    record: bytes, said: str, proves: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed([member(answer(PAGE)), record, member(answer(PAGE))], "by record"))
    before, bad, after = read_inputs([str(path)])
    assert str(bad) == f"{path}: {URL}: {said}", proves
    assert isinstance(before, InputArticle)
    assert isinstance(after, InputArticle)


def three(middle: bytes) -> list[bytes]:
    return [member(answer(PAGE), url="https://a.vn/a"), middle, member(answer(PAGE), url="https://a.vn/c")]


PLACE = "length is not what its head says at offset {at}: this record is left out"
DAMAGED = [
    # (the record between two whole ones, how it is packed, what is said of it, what the row proves)
    (member(answer(PAGE), length=10), "plain", f": {URL}: its {PLACE}", "too short a length"),
    (member(answer(PAGE), length=10), "by record", f": {URL}: its {PLACE}", "the same, gzipped"),
    (member(answer(PAGE), length=len(answer(PAGE)) + 300), "plain", f": {URL}: its {PLACE}", "too great a length"),
    (member(answer(PAGE), length=len(answer(PAGE)) + 300), "by record", f": {URL}: its {PLACE}", "the same, gzipped"),
    (member(answer(PAGE), length=10**9), "plain", f": {URL}: the archive ends within this page: fetch it again", "far too great"),
    (b"Loi!\r\n\r\n", "plain", ": no record begins here at offset {at}: this record is left out", "no record"),
    (b"Loi!", "by record", ": no record begins here at offset {at}: this record is left out", "no record, gzipped"),
    (member(answer(PAGE), Content_Length="many"), "plain", f": {URL}: no Content-Length at offset {{at}}: this record is left out", "no length"),
    (member(answer(PAGE), Content_Length=""), "whole", f": {URL}: no Content-Length at offset {{at}}: this record is left out", "without length"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "how", "said", "proves"), DAMAGED, ids=[f"{row[3]}, {row[1]}" for row in DAMAGED]
)
def test_a_damaged_record_costs_that_record(
    record: bytes, how: str, said: str, proves: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(packed(three(record), how))
    at = 0 if how == "whole" else len(packed(three(record)[:1], how))
    found = list(read_inputs([str(path)]))
    pages = [item.url for item in found if isinstance(item, InputArticle)]
    bad = [str(item) for item in found if isinstance(item, BadInput)]
    assert bad == [f"{path}{said.format(at=at)}"], proves
    # A length of a gigabyte is more than is held, so nothing behind it is found.
    assert pages == ["https://a.vn/a", "https://a.vn/c"][: 1 if "far" in proves else 2], proves


@pytest.mark.guard("damaged-archives")
def test_bytes_damaged_anywhere_cost_one_record(tmp_path: Path) -> None:
    """One byte of a gzipped archive is changed: what is read is whole, and at most one page is lost."""
    path = tmp_path / "a.warc.gz"
    data = packed(three(member(answer(PAGE))), "by record")
    urls = ["https://a.vn/a", URL, "https://a.vn/c"]
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        found = list(read_inputs([str(path)]))
        whole = [item for item in found if isinstance(item, InputArticle)]
        assert all(ARTICLE in item.text for item in whole), at
        assert len(whole) >= 2, at
        assert [item.url for item in whole] == [url for url in urls if url in {item.url for item in whole}]
        assert len(whole) == 3 or any(isinstance(item, BadInput) for item in found), at


@pytest.mark.guard("damaged-archives")
@pytest.mark.parametrize("how", HOW)
def test_a_cut_archive_gives_what_is_whole(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    data = packed(three(member(answer(PAGE))), how)
    for size in range(1, len(data) - 4, 31):
        path.write_bytes(data[:size])
        found = list(read_inputs([str(path)]))
        assert all(ARTICLE in item.text for item in found if isinstance(item, InputArticle)), size
        assert len(found) <= 3, size
        if how != "blocks":
            ends = (
                {len(packed(three(member(answer(PAGE)))[:n], how)) for n in (1, 2)} if how != "whole" else ()
            )
            assert (
                isinstance(found[-1], BadInput)
                or any(0 <= size - end < 4 for end in ends)
                or any(0 < end - size <= 4 for end in ends)
            ), size


def test_several_sources_of_trouble_at_once(tmp_path: Path) -> None:
    """A film that is too large to be held says nothing; a page of that size does."""
    path = tmp_path / "a.warc"
    film = member(answer(b"\0" * 70_000_000, media="video/mp4"), url="https://a.vn/phim")
    page = member(answer(b"<p>" * 25_000_000), url="https://a.vn/to")
    path.write_bytes(b"".join(three(film + page)))
    first, large, last = read_inputs([str(path)])
    offset = len(three(b"")[0]) + len(film)
    assert (
        str(large)
        == f"{path}: https://a.vn/to: larger than 64 MB at offset {offset}: this record is left out"
    )
    assert isinstance(first, InputArticle)
    assert isinstance(last, InputArticle)


def test_documents_keep_what_the_archive_says(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    body = HTML.encode("cp1258", "xmlcharrefreplace")
    page = answer(gzip.compress(body), "Content-Encoding: gzip", "ETag: x", media="text/html; charset=cp1258")
    path.write_bytes(packed([member(page)], "by record"))
    (document,) = read_documents([str(path)])
    assert isinstance(document, Document)
    assert (document.data, document.content_type) == (body, "text/html; charset=cp1258")
    assert (document.http_status, dict(document.headers or ())["ETag"]) == (200, "x")
    assert document.fetched_at == datetime(2025, 1, 13, 18, tzinfo=UTC)
    assert (document.where, document.source, document.url) == (f"{path}: {URL}", URL, URL)


def test_our_own_archive_is_an_input(tmp_path: Path) -> None:
    archive, moment = Archive(tmp_path, "nhap"), datetime(2025, 1, 13, 18, tzinfo=UTC)
    row = f'{{"id": "bài 7", "text": "{ARTICLE}"}}'.encode()
    places = [
        archive.resource("urn:row:7", row, "application/json", fetched_at=moment),
        archive.resource("file:///a.txt", ARTICLE.encode(), "text/plain", fetched_at=moment),
        archive.resource("file:///a.html", PAGE, "text/html", fetched_at=moment),
    ]
    found = list(read_inputs([str(tmp_path / places[0].file)]))
    assert [item.source for item in found if isinstance(item, InputArticle)] == [
        "bài 7",
        "file:///a.txt",
        "file:///a.html",
    ]


def test_what_warcio_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "khác"}))
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for number in range(50):
            body = io.BytesIO(PAGE)
            url = f"https://a.vn/{number}"
            writer.write_record(
                writer.create_warc_record(url, "response", body, len(PAGE), http_headers=headers)
            )
    assert len([item for item in read_inputs([str(path)]) if isinstance(item, InputArticle)]) == 50


LIBRARIES = [("br", "brotli"), ("zstd", "zstandard")]


@pytest.mark.parametrize(("coding", "name"), LIBRARIES)
def test_bodies_that_a_library_unpacks(coding: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    if importlib.util.find_spec(name) is None:
        body, bad = b"\x8b\x01", True
    else:
        library: Any = importlib.import_module(name)
        pack = library.compress if coding == "br" else library.ZstdCompressor().compress
        body, bad = pack(PAGE), False
    path.write_bytes(member(answer(body, f"Content-Encoding: {coding}")))
    (item,) = read_inputs([str(path)])
    if bad:
        assert str(item) == f"{path}: {URL}: its body is compressed as `{coding}`: install {name} to read it"
    else:
        assert isinstance(item, InputArticle)


def test_an_archive_in_zstandard_without_the_library(tmp_path: Path) -> None:
    if importlib.util.find_spec("zstandard"):
        pytest.skip("the library is there")
    path = tmp_path / "a.warc.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd\x00")
    assert [str(item) for item in read_inputs([str(path)])] == [
        f"{path}: compressed with Zstandard: install zstandard, or unpack it with `unzstd`"
    ]


@pytest.mark.parametrize("how", ["by record", "whole", "with a dictionary", "damaged", "text"])
def test_archives_in_zstandard(how: str, tmp_path: Path) -> None:
    library: Any = pytest.importorskip("zstandard")
    path = tmp_path / ("a.txt.zst" if how == "text" else "a.warc.zst")
    records = three(member(answer(PAGE)))
    compressor, head = library.ZstdCompressor(), b""
    if how == "with a dictionary":
        words = ARTICLE.encode() * 3
        compressor = library.ZstdCompressor(dict_data=library.ZstdCompressionDict(words))
        head = b"\x5d\x2a\x4d\x18" + len(words).to_bytes(4, "little") + words
    if how == "whole":
        records = [b"".join(records)]
    data = head + b"".join(compressor.compress(record) for record in records)
    if how == "damaged":
        data = data[:-40] + b"\0" * 40
    path.write_bytes(compressor.compress(ARTICLE.encode()) if how == "text" else data)
    found = list(read_inputs([str(path)]))
    if how == "damaged":
        assert "damaged" in str(found[-1])
    else:
        assert len(found) == (1 if how == "text" else 3)
        assert all(isinstance(item, InputArticle) for item in found)


def test_no_document_is_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(member(answer(PAGE)))
    (document,) = read_documents([str(path)])
    assert isinstance(document, Document)
    assert article_of(document) == article_of(document)
