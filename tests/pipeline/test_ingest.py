"""Files of any origin into the dataset, and the archive read again: nothing twice, nothing lost, no network."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.crawl.archive import entries
from pipeline.crawl.sources import Source
from pipeline.dataset.database import database
from pipeline.dataset.schema import RELEASED, articles, pages
from pipeline.demo_sites import DemoSite
from pipeline.ingest import ingest
from pipeline.inputs import BadInput
from pipeline.reread import RereadError, reread
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.summary import RunSummary

CA_MAU = "Sáng 12/1, LĐLĐ tỉnh Cà Mau tổng kết năm 2024, kết nạp 1.150 đoàn viên, đạt 104% kế hoạch."
AN_GIANG = "Ngày 5/1/2025, LĐLĐ tỉnh An Giang tổng kết năm 2024, kết nạp 3.200 đoàn viên."
PAGE = (
    "<html><head><meta charset='utf-8'><title>Bến Tre</title></head><body><h1>Công đoàn Bến Tre nhìn lại một năm</h1>"
    "<article><p>Sáng 10/1/2025, LĐLĐ tỉnh Bến Tre tổng kết năm 2024: kết nạp 2.150 đoàn viên, trao 30 suất quà cho "
    "đoàn viên khó khăn ở các huyện ven biển trong tỉnh.</p></article></body></html>"
)


def rows(settings: Settings) -> dict[str, list[Any]]:
    with database(settings.database_url) as engine, engine.connect() as connection:
        told = {}
        for table in RELEASED:
            columns = [column for column in table.columns if not column.info.get("run_specific")]
            told[table.name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    return told


def take(
    settings: Settings, *paths: Path, sources: tuple[Source, ...] = ()
) -> tuple[RunSummary, list[BadInput]]:
    bad: list[BadInput] = []
    return ingest(settings, sources, [str(path) for path in paths], complain=bad.append), bad


def jsonl(folder: Path, *given: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    return path


def warc(path: Path, *given: tuple[str, int, bytes, str]) -> Path:
    """A WARC file as others write them: `(url, status, body, date)` each."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    for url, status, body, date in given:
        headers = StatusAndHeaders(str(status), [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                io.BytesIO(body),
                length=len(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": date},
            )
        )
    path.write_bytes(buffer.getvalue())
    return path


def test_every_kind_of_file_is_taken_and_the_second_time_changes_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    rows_file = jsonl(tmp_path, {"id": 1, "text": CA_MAU, "published_at": "2025-01-13"}, {"text": ""})
    table = tmp_path / "rows.csv"
    table.write_text(f'id,text\n2,"{AN_GIANG}"\n', encoding="utf-8")
    page = tmp_path / "trang.html"
    page.write_text(PAGE, encoding="utf-8")
    text = tmp_path / "bai.txt"
    text.write_text(CA_MAU.replace("Cà Mau", "Bạc Liêu"), encoding="utf-8")
    crawl = warc(
        tmp_path / "CC-NEWS.warc.gz",
        ("https://bao.example/tin-1.html", 200, PAGE.encode(), "2025-01-11T00:00:00Z"),
        ("https://bao.example/tin-2.html", 404, b"<p>x</p>", "2025-01-11T00:00:00Z"),
    )
    files = (rows_file, table, page, text, crawl)
    first, bad = take(settings, *files)
    assert [str(item) for item in bad] == [f"{rows_file}:2: empty text: there is nothing to read"]
    assert (first.stored.new, first.rows["articles"], first.problems) == (5, 5, [])
    assert first.release is not None
    before, size = rows(settings), sum(entry.length for entry in entries(settings.archive_dir))
    second, _ = take(settings, *files)
    assert (second.stored.new, second.stored.changed) == (0, 0)
    assert rows(settings) == before
    assert sum(entry.length for entry in entries(settings.archive_dir)) == size
    hosts = {row[6] for row in before["conferences"]}
    assert hosts == {f"Liên đoàn Lao động tỉnh {p}" for p in ("Cà Mau", "An Giang", "Bến Tre", "Bạc Liêu")}


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        pytest.param(
            ("2025-01-11T00:00:00Z", "2025-01-12T00:00:00Z"), "2.151", id="the later copy comes last"
        ),
        pytest.param(
            ("2025-01-12T00:00:00Z", "2025-01-11T00:00:00Z"), "2.150", id="the later copy came first"
        ),
    ],
)
def test_of_two_copies_of_a_page_the_later_counts(
    settings: Settings, tmp_path: Path, dates: tuple[str, str], kept: str
) -> None:
    url = "https://bao.example/tin-1.html"
    copies = [PAGE, PAGE.replace("2.150", "2.151")]
    file = warc(
        tmp_path / "a.warc.gz",
        *((url, 200, copy.encode(), date) for copy, date in zip(copies, dates, strict=True)),
    )
    take(settings, file)
    with database(settings.database_url) as engine, engine.connect() as connection:
        (text,) = connection.execute(select(articles.c.text)).scalars()
    assert kept in text


def test_a_page_of_a_known_site_is_read_by_its_manifest(
    settings: Settings, source: Source, site: DemoSite, tmp_path: Path
) -> None:
    story = site.stories()[0]
    page = site.render(story.path)
    assert page is not None
    url = f"{site.base_url}{story.path}?utm_source=zalo"
    file = warc(tmp_path / "a.warc.gz", (url, 200, page.data, "2025-02-01T00:00:00Z"))
    take(settings, file, sources=(source,))
    with database(settings.database_url) as engine, engine.connect() as connection:
        (row,) = connection.execute(select(pages.c.url, pages.c.source)).tuples()
    assert row == (site.base_url + story.path, source.name)


def test_pages_of_other_sites_can_be_passed_over(settings: Settings, source: Source, tmp_path: Path) -> None:
    known = source.base_url + "/cong-doan/ben-tre-nhin-lai-mot-nam-post77.html"
    pages_of = [
        (url, 200, PAGE.encode(), "2025-01-11T00:00:00Z") for url in (known, "https://khac.vn/tin-1.html")
    ]
    path = warc(tmp_path / "all.warc.gz", *pages_of)
    summary = ingest(settings, [source], [str(path)], complain=print, only_known=True)
    assert {crawl.source: crawl.new for crawl in summary.crawls} == {source.name: 1}
    with database(settings.database_url) as engine, engine.connect() as connection:
        assert connection.execute(select(pages.c.url)).scalars().all() == [known]
    # Without, both are taken.
    assert sum(crawl.new for crawl in take(settings, path, sources=(source,))[0].crawls) == 1


def test_files_of_the_archive_itself_are_refused(settings: Settings, tmp_path: Path) -> None:
    take(settings, jsonl(tmp_path, {"text": CA_MAU}))
    (file,) = settings.archive_dir.rglob("*.warc.gz")
    summary, (bad,) = take(settings, file)
    assert "tongket reread" in str(bad)
    assert summary.stored.new == 0


def test_an_ingest_that_was_killed_goes_on(settings: Settings, tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    def die(item: BadInput) -> None:
        raise Killed

    file = jsonl(tmp_path, {"text": CA_MAU}, {"text": AN_GIANG}, {"text": ""})
    with pytest.raises(Killed):
        ingest(settings, (), [str(file)], complain=die)
    assert rows(settings)["articles"] == []
    summary, _ = take(settings, file)
    assert summary.rows["articles"] == 2
    assert len(list(entries(settings.archive_dir))) == 2


def test_the_archive_alone_gives_the_same_dataset(
    settings: Settings, source: Source, site: DemoSite, tmp_path: Path
) -> None:
    run(settings, [source])
    take(settings, jsonl(tmp_path, {"text": CA_MAU}))
    run(settings, [source])  # its answers are revisits
    site.log.clear()
    before = rows(settings)
    anew = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/anew.db"})
    summary = reread(anew, [source])
    assert rows(anew) == before
    assert (summary.stored.new, summary.problems) == (4, [])
    assert reread(anew, [source]).stored.unchanged == 4
    assert rows(anew) == before
    assert site.log.answers == []
    only = reread(
        settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/one.db"}),
        [source],
        names=["ingest"],
    )
    assert only.rows["articles"] == 1


@pytest.mark.parametrize(
    ("names", "told"), [((), "no archive here"), (("bao-la",), "nothing archived of 'bao-la'")]
)
def test_what_cannot_be_reread_is_named(settings: Settings, names: tuple[str, ...], told: str) -> None:
    with pytest.raises(RereadError, match=told):
        reread(settings, [], names=names)
