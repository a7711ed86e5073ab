"""Tables of every make that people save, row by row, and what is said of those that are none."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from pipeline.inputs import BadInput, Document, InputArticle, article_of, read_documents, read_inputs

ARTICLE = (
    "Sáng 12/1, LĐLĐ huyện Mang Thít họp mặt các chủ tịch công đoàn cơ sở và trao 15 phần thưởng. "
    "Năm qua, các cấp công đoàn trong huyện kết nạp 705 đoàn viên mới và thành lập 2 công đoàn cơ sở."
)
ICONV = "convert the file, for an old one with `iconv -f WINDOWS-1258 -t UTF-8`"
WANTED = "wanted are `text` or `html`, and if you have them `id`, `url`, `title`, `published_at`"
Expected = list[tuple[str, str, str | None]]

GOOD = [
    # (file, bytes, (source, text, title) of each article, what the row proves)
    ("a.csv", "id,text,title\n7,Sáng 12/1,Họp", [("7", "Sáng 12/1", "Họp")], "commas"),
    ("a.csv", "id;text;title\r\n7;Sáng, 12/1;Họp\r\n", [("7", "Sáng, 12/1", "Họp")], "semicolons, Windows"),
    ("a.csv", "id\ttext\n7\tSáng; 12/1, mai\n", [("7", "Sáng; 12/1, mai", None)], "tabs by what the header shows"),
    ("a.tsv", "id\ttext\n7\tSáng 12/1\n", [("7", "Sáng 12/1", None)], "tabs by name"),
    ("a.csv", "\ufeffText,ID\nSáng 12/1,7\n", [("7", "Sáng 12/1", None)], "a byte-order mark, other case and order"),
    ("a.csv", 'text,id\n"Sáng\n12/1",7\nb,8\n', [("7", "Sáng\n12/1", None), ("8", "b", None)], "a line end in quotes"),
    ("a.csv", 'text\n"nói: ""Đạt"""\n', [("a.csv:2", 'nói: "Đạt"', None)], "quotes twice, and no id"),
    ("a.csv", 'text\na\n\n"b\nc"\nd\n', [("a.csv:2", "a", None), ("a.csv:4", "b\nc", None), ("a.csv:5", "d", None)],
     "rows are counted as a spreadsheet counts them"),
    ("a.csv", "views,text,,note\n1,Sáng 12/1,,\n", [("a.csv:2", "Sáng 12/1", None)], "other columns are left alone"),
    ("a.csv", "text,title\nSáng 12/1\n", [("a.csv:2", "Sáng 12/1", None)], "a cell left out at the end"),
    ("a.csv", "text\nSáng 12/1,,\n", [("a.csv:2", "Sáng 12/1", None)], "empty cells too many"),
    ("a.csv", "sep=;\ntext;id\nSáng 12/1;7\n", [("7", "Sáng 12/1", None)], "what Excel leaves for itself"),
    ("a.csv", "text\n" + "Sáng " * 100_000, [("a.csv:2", "Sáng " * 100_000, None)], "a cell larger than csv takes by itself"),
    ("a.csv", "text,id\n=cmd,7\n", [("7", "=cmd", None)], "a formula is text"),
]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["", "gz"])
@pytest.mark.parametrize(("name", "data", "expected", "proves"), GOOD, ids=[row[3] for row in GOOD])
def test_good_tables(
    name: str,
    data: str,
    expected: Expected,
    proves: str,
    packed: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(data.encode()) if packed else data.encode())
    found = list(read_inputs([str(path)]))
    articles = [item for item in found if isinstance(item, InputArticle)]
    expected = [(source.replace(name, str(path)), text, title) for source, text, title in expected]
    assert [(item.source, item.text, item.title) for item in articles] == expected, proves
    assert len(found) == len(articles)


def test_html_and_every_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    page = f"<html><meta charset=windows-1258><body><article><p>{ARTICLE}</p></article></body></html>"
    path.write_text(
        f'html,url,published_at,title\n"{page}",https://a.vn/1,2025-01-13,Họp mặt\n', encoding="utf-8"
    )
    (document,) = read_documents([str(path)])
    assert isinstance(document, Document)
    assert (document.content_type, document.url, document.published) == (
        "application/json",
        "https://a.vn/1",
        "2025-01-13",
    )
    assert list(json.loads(document.data)) == ["html", "url", "title", "published_at"]
    article = article_of(document)
    assert ARTICLE in article.text
    assert (article.title, article.published) == ("Họp mặt", "2025-01-13")


BAD_ROWS = [
    # (row, what is said of it, what the row proves)
    (b"7,,", "empty text: there is nothing to read", "no text"),
    (b"7,a,7/1/2025",
     "`published_at` is '7/1/2025', not a date like 2025-01-07 or 2025-01-07T05:03:00+07:00", "January or July"),
    (b"7,m\xf4t,", f"`text` is not UTF-8 (byte 0xf4): {ICONV}", "an old encoding"),
    (b"7,a\x00b,", "`text` holds a NUL character: the file is damaged, or no CSV", "a NUL"),
    (b"7,a,2025-01-07,b", "4 cells, but 3 columns: put cells that hold a delimiter in quotes", "an unquoted comma"),
    (b'7,"a" b,', 'a quote within a quoted cell: write it twice (`""`)', "a quote written once"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "said", "proves"), BAD_ROWS, ids=[row[2] for row in BAD_ROWS])
def test_a_bad_row_is_one_line_and_costs_no_other_row(
    row: bytes, said: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(b"id,text,published_at\n1,a,\n" + row + b"\n3,c,\n")
    before, bad, after = read_inputs(["a.csv"])
    assert str(bad) == f"a.csv:3: {said}", proves
    assert isinstance(before, InputArticle)
    assert isinstance(after, InputArticle)
    assert after.source == "3"


BAD_FILES = [
    # (bytes, what is said of it, what the row proves)
    (b"", "empty: there is nothing to read", "no bytes"),
    (b"\n", "its first row is blank", "no header"),
    (b"id,text\n", "no row below its header", "no row"),
    (b"ten,noi dung\n1,2\n",
     f"no column `text` or `html` in its first row; found `ten`, `noi dung`; {WANTED}", "other columns"),
    ("Sáng 12/1, LĐLĐ huyện họp\n".encode(),
     f"no column `text` or `html` in its first row; found `sáng 12/1`, `lđlđ huyện họp`; {WANTED}", "a text"),
    (b"text,Text\n1,2\n", "two columns `text` in its first row: rename one", "which of them"),
    ("text\nSáng\n".encode("utf-16"), "UTF-16, not UTF-8: convert it with `iconv -f UTF-16 -t UTF-8`", "Excel's Unicode"),
    (b"PK\x03\x04", "a Word or ZIP file, not text: save it as text or HTML first", "Excel's own format"),
    (b"text,ti\xeau\n", "not UTF-8 (byte 0xea at byte 8): convert it, for an old page with `iconv -f WINDOWS-1258 -t UTF-8`",
     "a header in an old encoding"),
    (b"\x00\x00text\n", "a binary file, not text: give text, HTML, WARC or JSON Lines", "a NUL in the header"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said", "proves"), BAD_FILES, ids=[row[2] for row in BAD_FILES])
def test_a_bad_table_is_one_line(
    data: bytes, said: str, proves: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_bytes(data)
    assert [str(item) for item in read_inputs(["a.csv"])] == [f"a.csv: {said}"], proves


def test_a_quote_never_closed_loses_the_rows_behind_it_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text\na\n"b\nc\nd\n', encoding="utf-8")
    first, bad = read_inputs([str(path)])
    assert isinstance(first, InputArticle)
    assert str(bad) == f"{path}:3: a quote that opens here is never closed: the rows from here on are lost"


def test_a_cut_table_gives_what_came(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    lines = "".join(f"{n},bài {n}\n" for n in range(5000))
    path.write_bytes(gzip.compress(f"id,text\n{lines}".encode())[:-2000])
    *rows, last = read_inputs([str(path)])
    assert len(rows) > 1000
    assert str(last) == f"{path}: gzip data cut short or damaged: fetch the file again"


def test_memory_is_flat(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,text\n")
        for n in range(20_000):
            stream.write(f'{n},"{"Sáng 12/1 " * 50}"\n')
    next(iter(read_documents([str(path)])))  # imports
    tracemalloc.start()
    try:
        assert sum(not isinstance(item, BadInput) for item in read_documents([str(path)])) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
