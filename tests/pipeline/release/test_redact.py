"""What is blanked on request stands in no file of a release, and everything else as before."""

from __future__ import annotations

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

import extractors
from pipeline.cli import app
from pipeline.dataset.database import database
from pipeline.dataset.release import release
from pipeline.dataset.release.redact import RedactError, load_redactions, redactions
from pipeline.dataset.release.verify import verify
from pipeline.dataset.schema import articles
from pipeline.dataset.store import Reading
from pipeline.explore.behind import archived
from tests.faults.taken import small
from tests.leaks import leaks
from tests.pipeline.release.filled import fill, released, rows

LIST = "name\tHồ Thị Chôm\tasked to\t2025-01-20\nphrase\tsố 7 ngõ 12\t\t\n"
TEXT = (
    "Ngày 10/1/2025, LĐLĐ huyện Mang Thít, tỉnh Vĩnh Long tổng kết năm 2024. Bà Hồ Thị Chôm, Chủ tịch LĐLĐ huyện, "
    "cho biết đã kết nạp 705 đoàn viên, trao 5 triệu đồng cho chị HỒ THỊ CHÔM ở số 7 ngõ 12. Hồ Thị Chôm được Công đoàn "
    "Công ty Hồ Thị Chôm tặng 3 bằng khen."
)
URL = "https://bao.example.vn/chi-ho-thi-chom-post1.html"


def reading(text: str = TEXT, url: str = URL) -> Reading:
    report = extractors.read(
        text, title="Hồ Thị Chôm nhận quà", published="2025-01-11", url=url, source="bao"
    )
    return Reading(
        report, "1", page_url=url, lead="Chị Hồ\xa0Thị Chôm nhận quà.", fetched_at="2025-01-11T01:00:00+07:00"
    )


@pytest.mark.parametrize(
    ("text", "expected", "proves"),
    [
        ("Chị Hồ Thị Chôm vui", "Chị ██ ███ ████ vui", "as it is listed; blanks stay"),
        ("CHỊ HỒ THỊ CHÔM", "CHỊ ██ ███ ████", "in capitals"),
        ("Hồ\xa0Thị\nChôm", "██\xa0███\n████", "over a line, by any blank"),
        ("Ho Thi Chom", "██ ███ ████", "without diacritics"),
        ("/chi-ho-thi-chom-post1.html", "/chi-██-███-████-post1.html", "in an address"),
        (unicodedata.normalize("NFD", "Hồ Thị Chôm"), "████ ████ █████", "decomposed"),
        ('{"words": "Hồ\\nThị Chôm"}', '{"words": "██\\n███ ████"}', "in JSON within a text"),
        ("Hồ Thị Chômm, Khồ Thị Chôm", "Hồ Thị Chômm, Khồ Thị Chôm", "no part of another name"),
        ("Hồ Thị, Chôm", "Hồ Thị, Chôm", "a comma parts two names"),
        ("ở Số 7 ngõ 12, và số 7 ngõ 123", "ở ██ █ ███ ██, và số 7 ngõ 123", "a phrase, and a longer number"),
        ("so-7-ngo-12", "so-7-ngo-12", "a phrase in no other spelling"),
    ],
)
def test_spellings(text: str, expected: str, proves: str) -> None:
    out = redactions(LIST).text(text)
    assert len(out) == len(text), proves
    assert out == expected, proves


def test_tones_on_either_vowel() -> None:
    for listed in ("Lê Thị Hoà", "Lê Thị Hòa"):
        blanked = redactions(f"name\t{listed}\t\t\n")
        assert [blanked.text(one) for one in ("Lê Thị Hoà", "Lê Thị Hòa", "Lê Thị Hoài")] == [
            "██ ███ ███", "██ ███ ███", "Lê Thị Hoài",
        ]  # fmt: skip


@pytest.mark.guard("redact")
def test_a_release_has_none_of_it(engine: Engine, tmp_path: Path) -> None:
    """Over both databases, all formats, and what `changes.csv` quotes of the release before."""
    other = reading(
        TEXT.replace("Hồ Thị Chôm", "Lý Thị Mè").replace("HỒ THỊ CHÔM", "Lý Thị Mè"),
        "https://bao.example.vn/b-post2.html",
    )
    fill(engine, [reading(), other])
    before = released(engine, tmp_path / "out", "2025-01-14")
    assert len(leaks(before, "Hồ Thị Chôm")) > 10, "else the test proves nothing"
    after = release(engine, tmp_path / "out", "2025-01-15", blanked=redactions(LIST))
    assert leaks(after, "Hồ Thị Chôm", "ho-thi-chom", "ho thi chom", "số 7 ngõ 12") == []
    assert verify(after).problems == []
    with sqlite3.connect(after / "tongket.sqlite") as database:
        found = database.execute("SELECT count(*) FROM search WHERE search MATCH 'chom'").fetchone()
    assert found == (0,), "no search finds it"
    # Nothing else is another: the same rows, the same places.
    for table in ("articles", "figures", "people", "units", "outcomes", "awards"):
        assert [r["id"] for r in rows(before, table)] == [r["id"] for r in rows(after, table)]
    assert {r["name"] for r in rows(after, "people")} >= {"Lý Thị Mè"}
    (old,) = [r["text"] for r in rows(before, "articles") if r["url"] == URL]
    (new,) = [r["text"] for r in rows(after, "articles") if "█" in r["url"]]
    assert len(old) == len(new)
    told = [line for line in (after / "changes.csv").read_text("utf-8").splitlines()[1:] if "█" in line]
    assert len(told) > 3
    assert all(line.endswith(",blanked on request") for line in told)
    # And blanked again it is no change.
    again = release(engine, tmp_path / "out", "2025-01-16", blanked=redactions(LIST))
    assert (again / "changes.csv").read_text("utf-8").count("\n") == 1


def test_half_a_name_in_a_quotation(engine: Engine, tmp_path: Path) -> None:
    """Evidence that holds a part of what is blanked is cut from the blanked text."""
    fill(engine, [reading()])
    out = release(
        engine, tmp_path / "out", "2025-01-15", blanked=redactions("phrase\tMang Thít, tỉnh Vĩnh Long\t\t\n")
    )
    assert verify(out).problems == []
    assert any("█" in r["evidence_text"] for r in rows(out, "unit_mentions"))


def test_no_archived_page_that_has_it_is_shown(tmp_path: Path) -> None:
    settings = small(tmp_path, f"sqlite:///{tmp_path}/t.db")
    with database(settings.database_url) as engine, engine.connect() as connection:
        found = connection.execute(select(articles.c.id, articles.c.text)).tuples().all()
    listed = tmp_path / "redact.tsv"
    listed.write_text("what\twords\treason\tdate\n" + LIST, encoding="utf-8")
    blanking = settings.model_copy(update={"redact": listed})
    for name, text in found:
        assert archived(settings, name) is not None
        assert (archived(blanking, name) is None) is ("Hồ Thị Chôm" in text)
    assert any("Hồ Thị Chôm" in text for _, text in found)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("what\twords\nname\tHồ Thị Chôm\n", "no column reason, date"),
        ("what\twords\treason\tdate\nnames\tHồ Thị Chôm\t\t\n", "write one of name, phrase"),
        ("what\twords\treason\tdate\nurl\thttps://bao.vn/a\t\t\n", "tongket takedown"),
        ("what\twords\treason\tdate\nname\tChôm\t\t\n", "too short"),
        ("what\twords\treason\tdate\nphrase\t \t\t\n", "too short"),
        ("what\twords\treason\tdate\nname\tHồ Thị Chôm\t\t12/1\n", "no day"),
        ("what\twords\treason\tdate\nname\tHồ Thị Chôm\n", "cells"),
    ],
)
def test_a_list_that_cannot_be_used_stops_the_release(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "redact.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RedactError, match=told):
        load_redactions(path)


def test_no_list(tmp_path: Path) -> None:
    assert load_redactions(tmp_path / "none.tsv").text("Hồ Thị Chôm") == "Hồ Thị Chôm"
    with pytest.raises(RedactError, match="no such file"):
        load_redactions(tmp_path / "none.tsv", required=True)
    empty = tmp_path / "empty.tsv"
    empty.write_text("# what words reason date\n\n", encoding="utf-8")
    with pytest.raises(RedactError, match="no header"):
        load_redactions(empty)


@pytest.mark.guard("redact-missing")
@pytest.mark.parametrize("command", ["release", "run", "reread"])
def test_a_list_that_was_named_must_be_there(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGKET_REDACT", str(tmp_path / "lost.tsv"))
    monkeypatch.setenv("TONGKET_RELEASES", str(tmp_path / "releases"))
    result = CliRunner().invoke(app, [command, "--db", str(tmp_path / "t.db")])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "lost.tsv: no such file" in line
    assert not (tmp_path / "releases").exists()
