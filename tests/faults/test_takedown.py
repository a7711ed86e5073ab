"""An article taken down: gone from database, archive, releases and reports, byte for byte, and kept out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.crawl.archive import Archive, entries, read_record, verify
from pipeline.crawl.site import alone
from pipeline.dataset.database import database
from pipeline.dataset.release.verify import verify as verify_release
from pipeline.dataset.schema import articles, figures
from pipeline.dataset.takedowns import NAME, Takedown, all_takedowns, put, same_text, taken, text_digest
from pipeline.ingest import ingest
from pipeline.inputs import BadInput
from pipeline.reread import reread
from pipeline.review.answers import Answer
from pipeline.settings import Settings
from pipeline.stages import take_answers
from pipeline.takedown import TakedownError, look_up, restore, take_down
from tests.faults.taken import blocks, cells, check_gone, check_places, small
from tests.leaks import leaks

FIRST = "/cong-doan/ldld-tinh-tien-giang-tong-ket-2024-post1001.html"
REPRINT = "/cong-doan/tien-giang-mot-nam-nhieu-chi-tieu-vuot-post1003.html"
SAID = (
    "hệ thống công đoàn tỉnh trao 52.300 suất quà",
    "vay nuôi bò, đan lục bình",
    "mở hội nghị nhìn lại một năm hoạt động công đoàn",
)
"""Words of the first article and of its reprint, of nobody else's; the last are of the lead, which lists show."""

Make = Callable[..., Any]


@pytest.mark.guard("takedown", "takedown-stays", "takedown-archive", "takedown-changes")
def test_the_whole_way(nights: Make, db_url: str, tmp_path: Path) -> None:
    night = nights(database_url=db_url)
    settings, source = night.settings, night.source
    night.run()
    night.later(days=50)
    night.run()  # what is unchanged leaves revisit records
    first, reprint = (night.site.base_url + path for path in (FIRST, REPRINT))
    kinds = {entry.kind for entry in entries(settings.archive_dir) if entry.url == first}
    assert kinds == {"response", "revisit"}
    held = look_up(settings, [source], first)
    assert [one.url for one in held.reprints] == [reprint]
    assert len(held.releases) == 2
    (article,) = held.articles
    text = decide(settings, article.id)
    before = blocks(settings.archive_dir)
    assert leaks(settings.archive_dir, *SAID), "else the test proves nothing"
    assert leaks(settings.releases_dir, *SAID)

    night.later(hours=1)
    done = take_down(
        settings,
        [source],
        first + "?utm_source=zalo",
        night.now,
        reason="asked to",
        reprints=True,
        delete_old=True,
    )
    assert done.holding == []
    assert len(done.deleted) + 1 == 2  # one was of the same day, and is made anew
    check_gone(settings, *SAID)
    check_places(settings)
    after = blocks(settings.archive_dir)
    assert after.items() <= before.items(), "all other records are as they were, to the byte"
    assert len(before) - len(after) == done.records > 6
    assert verify_release(settings.releases_dir / "latest").problems == []
    assert night.archived().keys() & {FIRST, REPRINT} == set()
    (listed,) = [
        json.loads(line)
        for line in (settings.archive_dir / NAME).read_text("utf-8").splitlines()
        if FIRST in line
    ]
    assert listed["reason"] == "asked to"
    assert listed["done_at"]

    # A second time finds nothing.
    again = take_down(settings, [source], first, night.now)
    assert (again.records, again.held.articles) == (0, [])

    # The next night neither asks for it nor keeps it, though the site still lists it.
    night.site.log.clear()
    night.later(days=1)
    night.run()
    assert not {FIRST, REPRINT} & set(night.site.log.paths())
    check_gone(settings, *SAID[:2])
    check_places(settings)
    # Nor does a reread, nor one into a new database, which learns of it from beside the archive.
    reread(settings, [source])
    fresh = settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path}/new.db", "releases_dir": tmp_path / "new"}
    )
    reread(fresh, [source])
    for one in (settings, fresh):
        check_gone(one, *SAID[:2])
    with database(fresh.database_url) as engine, engine.connect() as connection:
        assert {one.url for one in all_takedowns(connection)} >= {first, reprint}

    # The same words at another address are known, from whichever side they come.
    path = tmp_path / "twin.txt"
    path.write_text(text, "utf-8")
    complaints: list[BadInput] = []
    ingest(settings, [source], [str(path)], complain=complaints.append)
    assert complaints == []
    check_gone(settings, *SAID[:2])

    # Taken back, it comes with the next night.
    assert restore(settings, [source], first) == 1
    night.later(days=1)
    night.run()
    assert FIRST in night.archived()
    assert REPRINT not in night.archived()
    assert any(SAID[0] in cell for cell in cells(db_url))


def decide(settings: Settings, article: str) -> str:
    """A person's correction that quotes the article, whose text is given back."""
    with database(settings.database_url) as engine, engine.connect() as connection:
        mine = figures.c.conference_id.like(f"{article}%")
        figure = (
            connection.execute(select(figures).where(mine, figures.c.evidence_text.like("52.300%")))
            .mappings()
            .first()
        )
    assert figure is not None
    answer = Answer(
        where="row 2", answer="correct", kind="", table="figures", record=figure["id"], field="value",
        new_value="52301", value=figure["value"], note="hệ thống công đoàn tỉnh trao 52.300 suất quà",
    )  # fmt: skip
    taken, _ = take_answers(settings, [answer], by="Lê Thị Sen", now=datetime(2026, 3, 4, tzinfo=UTC))
    assert taken.new == 1
    with database(settings.database_url) as engine, engine.connect() as connection:
        return connection.execute(select(articles.c.text).where(articles.c.id == article)).scalar_one()


def said_by_command(monkeypatch: pytest.MonkeyPatch, settings: Settings, *words: str, reply: str = "") -> Any:
    for name, value in (
        ("DB", settings.database_url),
        ("ARCHIVE", settings.archive_dir),
        ("RELEASES", settings.releases_dir),
        ("RUNS", settings.runs_dir),
    ):
        monkeypatch.setenv(f"TONGKET_{name}", str(value))
    return CliRunner().invoke(app, ["takedown", *words], input=reply)


def files(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    url = "https://bao.example.vn/a.html"
    before = files(settings.archive_dir, settings.releases_dir)
    shown = said_by_command(monkeypatch, settings, url, "--dry-run")
    assert shown.exit_code == 0
    assert (
        "reprint   https://khac.example.vn/b.html  Mang Thít tổng kết: stays unless you say --reprints"
        in shown.stdout
    )
    refused = said_by_command(monkeypatch, settings, url, reply="n\n")
    assert refused.exit_code == 1
    assert files(settings.archive_dir, settings.releases_dir) == before, "nothing is changed"
    done = said_by_command(monkeypatch, settings, url, "--yes")
    assert done.exit_code == 0, done.output
    assert "removed: 1 articles, 1 records of the archive" in done.stdout
    assert leaks(settings.archive_dir, "Hồ Thị Chôm"), "the reprint was to stay"
    rest = said_by_command(monkeypatch, settings, "https://khac.example.vn/b.html", "--yes")
    assert rest.exit_code == 0, rest.output
    check_gone(settings, "Hồ Thị Chôm")
    back = said_by_command(monkeypatch, settings, url, "--undo")
    assert back.stdout == "it may be fetched again by the next run\n"
    assert said_by_command(monkeypatch, settings, url, "--undo").stdout == "it was not taken down\n"
    wrong = said_by_command(monkeypatch, settings, "http://[", "--yes")
    assert (wrong.exit_code, len(wrong.stderr.splitlines())) == (2, 1)


def test_what_is_not_held_is_kept_out(tmp_path: Path, db_url: str) -> None:
    settings = small(tmp_path, db_url)
    url = "https://bao.example.vn/later.html"
    assert look_up(settings, [], url).nothing
    take_down(settings, [], url, later())
    path = tmp_path / "later.jsonl"
    row = {"url": url + "?utm_source=x", "title": "t", "text": "LĐLĐ tỉnh Long An kết nạp 777 đoàn viên."}
    path.write_text(json.dumps(row), "utf-8")
    ingest(settings, [], [str(path)], complain=lambda bad: pytest.fail(str(bad)))
    check_gone(settings, "777 đoàn viên")
    assert restore(settings, [], url) == 1
    ingest(settings, [], [str(path)], complain=lambda bad: pytest.fail(str(bad)))
    assert any("777 đoàn viên" in cell for cell in cells(db_url))


def later() -> datetime:
    return datetime(2030, 4, 1, tzinfo=UTC)


@pytest.mark.guard("takedown-changes")
def test_the_next_release_quotes_nothing(tmp_path: Path) -> None:
    """The release before is kept, and `changes.csv` is made against it."""
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    done = take_down(settings, [], "https://bao.example.vn/a.html", later(), reprints=True)
    assert done.release is not None
    (old,) = done.holding
    assert leaks(old, "Mang Thít")
    assert leaks(done.release, "Mang Thít", "Chôm", "cù lao") == []
    changes = (done.release / "changes.csv").read_text("utf-8")
    assert "taken down" in changes
    assert done.release.name > old.name


def test_a_source_that_is_being_crawled(tmp_path: Path) -> None:
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    before = files(settings.archive_dir)
    with alone(settings.archive_dir / "ingest"), pytest.raises(TakedownError, match="is crawling it now"):
        take_down(settings, [], "https://bao.example.vn/a.html", later())
    with database(settings.database_url) as engine, engine.connect() as connection:
        assert all_takedowns(connection) == []
    assert files(settings.archive_dir).items() >= before.items()


def test_a_database_in_use_is_said_and_gone_on_with(tmp_path: Path) -> None:
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    url = "https://bao.example.vn/a.html"
    reader = sqlite3.connect(tmp_path / "t.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    with pytest.raises(TakedownError, match="close what uses it"):
        take_down(settings, [], url, later(), reprints=True, delete_old=True)
    reader.close()
    take_down(settings, [], url, later(), reprints=True, delete_old=True)
    check_gone(settings, "Hồ Thị Chôm")


def test_an_archive_that_is_written_anew_under_a_writer(tmp_path: Path) -> None:
    """A page archived behind a takedown goes into the new file, whichever file the writer knew."""
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    archive = Archive(settings.archive_dir, "ingest")
    now = datetime.now(UTC)
    kept = archive.resource("urn:x:1", b"mot", "text/plain", fetched_at=now)
    take_down(settings, [], "https://bao.example.vn/a.html", later())
    added = archive.resource("urn:x:2", b"hai", "text/plain", fetched_at=now)
    assert kept.file == added.file
    assert read_record(settings.archive_dir, added).body == b"hai"
    assert list(verify(settings.archive_dir)) == []


def test_the_list_of_takedowns(engine: Engine) -> None:
    """What is told twice of one URL is joined; a text is known by its words."""
    with engine.begin() as connection:
        put(connection, [Takedown("u", "2025", ("a",), ("x",)), Takedown("u", "2026", ("b",), (), "why")])
        (one,) = all_takedowns(connection)
        assert one == Takedown("u", "2025", ("a", "b"), ("x",), "why")
        put(connection, [Takedown("v", "2025", (text_digest("Kết nạp 705 đoàn viên."),))])
        assert taken(connection, ["u", "w"]) == {"u"}
        assert same_text(connection, "KẾT NẠP 705  đoàn viên") == "v"
        assert same_text(connection, "Kết nạp 706 đoàn viên.") is None
