"""A small archive, database and release from which something is taken down, and what must hold behind that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from pipeline.crawl.archive import Location, read_record, verify
from pipeline.crawl.warc.index import warc_files
from pipeline.crawl.warc.stream import Record, records
from pipeline.dataset.database import database
from pipeline.dataset.schema import metadata, pages
from pipeline.ingest import ingest
from pipeline.settings import Settings
from tests.leaks import leaks


def cells(url: str) -> list[str]:
    """All that the tables hold, as texts."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [
            str(value)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for value in row
            if value is not None
        ]
    engine.dispose()
    return found


def blocks(archive: Path) -> dict[str, bytes]:
    """Bytes of each record in the archive's files, packed as they are, by its id."""
    found = {}
    for file in warc_files(archive):
        data = file.read_bytes()
        with file.open("rb") as stream:
            for item in records(stream):
                assert isinstance(item, Record)
                fields = dict(item.headers)
                found[fields["WARC-Record-ID"]] = data[item.offset : item.offset + item.length]
    return found


def check_places(settings: Settings) -> None:
    """Each row of `pages` names the place of its record, and each record and index is sound."""
    assert list(verify(settings.archive_dir)) == []
    with database(settings.database_url) as engine, engine.connect() as connection:
        rows = connection.execute(select(pages).where(pages.c.warc_file.is_not(None))).mappings().all()
    assert rows
    for row in rows:
        page = read_record(settings.archive_dir, Location(row["warc_file"], row["warc_offset"]))
        assert page.url == row["url"]


def check_gone(settings: Settings, *words: str) -> None:
    """None of `words` stands in a file or a table."""
    for folder in (settings.archive_dir, settings.releases_dir, settings.runs_dir):
        assert not (found := leaks(folder, *words)), found
    if settings.database_url.startswith("sqlite"):
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        for part in path.parent.glob(f"{path.name}*"):
            assert not (found := leaks(part, *words)), found
    there = [cell[:200] for cell in cells(settings.database_url) if any(one in cell for one in words)]
    assert not there, there


def small(tmp_path: Path, db_url: str) -> Settings:
    """Three texts ingested and released, two of them one article at two addresses."""
    text = (
        "Sáng 12/1/2025, LĐLĐ huyện Mang Thít (Vĩnh Long) tổng kết năm 2024: kết nạp 705 đoàn viên. Bà Hồ Thị Chôm, công "
        "nhân, được trao 5 triệu đồng sửa nhà sau trận bão làm tốc mái và cuốn đi cả đàn vịt của gia đình ở cù lao."
    )
    rows = [
        {"url": "https://bao.example.vn/a.html", "title": "Mang Thít", "text": text},
        {"url": "https://khac.example.vn/b.html", "title": "Mang Thít tổng kết", "text": text},
        {
            "url": "https://bao.example.vn/c.html",
            "title": "Cà Mau",
            "text": "LĐLĐ tỉnh Cà Mau kết nạp 150 đoàn viên.",
        },
    ]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    settings = Settings(
        database_url=db_url,
        archive_dir=tmp_path / "archive",
        releases_dir=tmp_path / "releases",
        runs_dir=tmp_path / "runs",
    )
    ingest(settings, [], [str(path)], complain=lambda bad: pytest.fail(str(bad)))
    return settings
