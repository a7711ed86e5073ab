"""Files that were damaged on their way: what is whole is read, what is not is named, and nothing else happens."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.sources import Source, SourceError, load_source
from pipeline.dataset.database import database
from pipeline.dataset.schema import articles
from pipeline.ingest import ingest
from pipeline.inputs import BadInput, Document, InputArticle, read_documents, read_inputs
from pipeline.settings import ROOT, Settings
from tests.fuzz.damage import damaged
from tests.fuzz.strategies import TIMES, tries

COUNT = 5
TEXTS = [
    f"Sáng {n + 1}/1/2025, LĐLĐ tỉnh Cà Mau tổng kết năm 2024, kết nạp {n + 2}.150 đoàn viên; ông Điểu K’ Brơn dự."
    for n in range(COUNT)
]
ROWS = [{"id": f"bai-{n}", "text": text, "title": f"Tin “{n}”"} for n, text in enumerate(TEXTS)]
LINES = [json.dumps(row, ensure_ascii=False).encode() for row in ROWS]


def table(delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "text", "title"], delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode()


def records() -> list[bytes]:
    """WARC records of a page each, packed each by itself."""
    made = []
    for n, text in enumerate(TEXTS):
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=True)
        page = f"<html><head><meta charset='utf-8'></head><body><h1>Tin {n}</h1><article><p>{text}</p></article></body></html>".encode()
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://a.vn/bai-{n}",
                "response",
                io.BytesIO(page),
                length=len(page),
                http_headers=answer,
                # The same bytes each time, so that the same damage is tried.
                warc_headers_dict={
                    "WARC-Date": "2026-01-01T00:00:00Z",
                    "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{n:012}>",
                },
            )
        )
        made.append(out.getvalue())
    return made


RECORDS = records()
WHOLE = b"".join(RECORDS)
FILES = {
    "rows.jsonl": b"\n".join(LINES) + b"\n",
    "rows.csv": table(),
    "rows.tsv": table("\t"),
    "page.html": gzip.decompress(RECORDS[0]).partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2],
    "text.txt": "\n".join(TEXTS).encode(),
    "pages.warc.gz": WHOLE,
    "pages.warc": gzip.decompress(WHOLE),
    "rows.jsonl.gz": gzip.compress(b"\n".join(LINES)),
    "nothing": b"",
}


def got(data: bytes, name: str) -> tuple[list[InputArticle], list[BadInput]]:
    """What is read of a file of this name, and what of it could not be."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        items = list(read_inputs([str(path)]))
        documents = list(read_documents([str(path)]))
    assert all(isinstance(item, Document | BadInput) for item in documents)
    assert len(documents) == len(items)
    assert items, "nothing is said of the file"
    for item in items:
        if isinstance(item, BadInput):
            assert "\n" not in str(item)
            assert name in item.where
        else:
            assert item.text.strip()
            assert item.published is None or datetime.fromisoformat(item.published)
    return (
        [item for item in items if isinstance(item, InputArticle)],
        [item for item in items if isinstance(item, BadInput)],
    )


def told(found: Iterable[InputArticle]) -> set[str]:
    return {text for text in TEXTS for item in found if text in item.text}


@pytest.mark.parametrize("name", [name for name in FILES if name != "nothing"])
def test_whole_files_are_read(name: str) -> None:
    found, bad = got(FILES[name], name)
    assert bad == []
    assert told(found) == (set(TEXTS[:1]) if name == "page.html" else set(TEXTS))


@pytest.mark.guard("damaged-files")
@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
@tries(40)
def test_any_damage_is_said_in_a_line(name: str, data: st.DataObject) -> None:
    got(data.draw(damaged(FILES[name])), name)


@pytest.mark.guard("damaged-files")
@pytest.mark.parametrize("name", FILES)
@given(data=st.binary(max_size=200))
@tries(40)
def test_any_bytes_under_any_name(name: str, data: bytes) -> None:
    got(data, name)
    got(FILES[name] + data, name)


@pytest.mark.guard("damaged-files")
@given(st.integers(0, COUNT - 1), st.data())
@tries(100)
def test_a_damaged_row_costs_itself(place: int, data: st.DataObject) -> None:
    ill = data.draw(damaged(LINES[place]).filter(lambda line: b"\n" not in line))
    lines = [*LINES[:place], ill, *LINES[place + 1 :]]
    found, bad = got(b"\n".join(lines), "rows.jsonl")
    others = set(TEXTS) - {TEXTS[place]}
    # A first line that is none leaves no sign that this is JSON Lines but the name.
    assert told(found) >= others
    assert len(found) + len(bad) == COUNT - (not ill.strip())


@pytest.mark.guard("damaged-files")
@given(st.integers(1, COUNT), st.data())
@tries(100)
def test_a_damaged_row_of_a_table_costs_itself(place: int, data: st.DataObject) -> None:
    lines = table().splitlines()
    # An open quote takes the rows behind it with it, and is told as such.
    lines[place] = data.draw(damaged(lines[place]).filter(lambda line: not set(line) & set(b'"\r\n')))
    found, bad = got(b"\n".join(lines), "rows.csv")
    assert told(found) >= set(TEXTS) - {TEXTS[place - 1]}
    assert len(found) + len(bad) <= COUNT


@pytest.mark.guard("damaged-files", "damaged-archives")
@given(st.integers(0, COUNT - 1), st.data())
@tries(100)
def test_a_damaged_record_costs_itself(place: int, data: st.DataObject) -> None:
    parts = list(RECORDS)
    parts[place] = data.draw(damaged(RECORDS[place]))
    found, _ = got(b"".join(parts), "pages.warc.gz")
    assert told(found) >= set(TEXTS) - {TEXTS[place]}


@pytest.mark.guard("damaged-files", "damaged-archives")
@given(st.data())
@tries(4)
def test_what_is_left_of_an_archive_is_stored(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, COUNT - 1))
    parts = list(RECORDS)
    parts[place] = data.draw(damaged(RECORDS[place]))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pages.warc.gz"
        path.write_bytes(b"".join(parts))
        readable, _ = got(path.read_bytes(), "pages.warc.gz")
        settings = Settings(
            database_url=f"sqlite:///{folder}/t.db",
            archive_dir=Path(folder) / "archive",
            releases_dir=Path(folder) / "releases",
            runs_dir=Path(folder) / "runs",
        )
        bad: list[BadInput] = []
        ingest(settings, (), [str(path)], complain=bad.append)
        with database(settings.database_url) as engine, engine.connect() as connection:
            stored = connection.execute(select(func.count()).select_from(articles)).scalar_one()
    assert COUNT - 1 <= len({item.url for item in readable}) == stored


MANIFESTS = sorted((ROOT / "pipeline" / "sources").glob("*.yaml"))
_NODES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=12),
        st.sampled_from(["(", "[a-", "a[", "https://a.vn", "http://[", "* * * * *", "99 * * * *", "{page}", "../..", "+25:99", "(?P<year>x)", "\\9", ":is(", "1e999"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip


def manifest(data: bytes) -> Source | str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "nguon.yaml"
        path.write_bytes(data)
        try:
            return load_source(path)
        except SourceError as error:
            message = str(error)
    assert "nguon.yaml" in message
    return message


@pytest.mark.guard("damaged-files")
@given(st.sampled_from(MANIFESTS).flatmap(lambda path: damaged(path.read_bytes())))
@tries(100)
def test_a_damaged_manifest_is_said_in_a_line(data: bytes) -> None:
    manifest(data)


@pytest.mark.guard("damaged-files")
@given(st.sampled_from(MANIFESTS), st.sampled_from(sorted(Source.model_fields)), _NODES)
@tries(200)
def test_a_field_of_a_manifest_is_what_it_may_be(path: Path, field: str, value: object) -> None:
    told = yaml.safe_load(path.read_text(encoding="utf-8")) | {field: value}
    found = manifest(yaml.safe_dump(told, allow_unicode=True).encode("utf-8", "surrogatepass"))
    if isinstance(found, Source):
        assert found.delay_seconds < float("inf")
        # What it asks of addresses it asks without an error.
        for url in ("https://a.vn/tin-1.html", found.absolute("/a-b-c-d-e-f-g-2024.html"), "http://["):
            found.article(url)


@pytest.mark.guard("damaged-files")
@pytest.mark.parametrize("delay", [".inf", ".nan", "-1", "1e400", "'2'x"])
def test_a_pause_without_end_is_refused(delay: str) -> None:
    text = MANIFESTS[0].read_text(encoding="utf-8")
    assert isinstance(manifest(text.encode()), Source)
    assert isinstance(manifest(f"{text}\ndelay_seconds: {delay}\n".encode()), str)


@pytest.mark.guard("damaged-files")
@pytest.mark.parametrize(
    ("text", "proves"),
    [
        ("[" * 20_000, "lists in lists"),
        ("{a: " * 20_000, "mappings in mappings"),
        ("a: &a [x]\n" + "".join(f"k{n}: &k{n} [*{'a' if not n else f'k{n - 1}'}, *{'a' if not n else f'k{n - 1}'}]\n" for n in range(60)), "names of names of names"),
        ("name: !!python/object/apply:os.system [true]", "a call of a program"),
        ("name: " + "9" * 6_000, "a number without end"),
        ("? [a]\n: b", "a key that is a list"),
        ("a: *a", "a name that stands for nothing"),
        ("&a [*a]", "a list that holds itself"),
        ("name: &a {b: *a}", "a mapping that holds itself"),
        ("name: 2024-13-45", "a day that is none"),
        ("\0", "no text"),
        ("- a", "a list"),
    ],
    ids=lambda value: value if value.isascii() and len(value) < 40 and "\0" not in value and ":" not in value else "",
)  # fmt: skip
def test_a_manifest_that_is_a_trap(text: str, proves: str) -> None:
    assert isinstance(manifest(text.encode()), str), proves


def test_the_long_form_tries_more() -> None:
    assert tries(7).max_examples == 7 * TIMES
