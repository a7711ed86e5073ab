"""Answers from the page: by the same way in as a sheet's, only with the token, and seen in the next release."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from pipeline.crawl.archive import Archive
from pipeline.dataset.database import database
from pipeline.dataset.schema import articles, crawls, pages
from pipeline.explore.state import SQLITE
from pipeline.explore.words import interface
from pipeline.settings import Settings
from tests.explore.asking import Reader, ask, reading, words_of

TOKEN = "secret-token"


@pytest.fixture
def settings(own: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{own}/all.db", archive_dir=own / "archive", runs_dir=own / "runs"
    )


@pytest.fixture
def reviewer(own: Path, settings: Settings) -> Iterator[Reader]:
    with reading(own / "releases" / "latest", settings=settings, token=TOKEN, reviewer="Lê Thị Sen") as found:
        yield found


def let_in(reader: Reader) -> None:
    answer = reader.get(f"/review?token={TOKEN}&kind=unclassified")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/review?kind=unclassified"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def first_form(page: str) -> dict[str, str]:
    form = page.partition('action="/review/answer"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_a_correction_stands_in_the_next_release(reviewer: Reader, own: Path) -> None:
    let_in(reviewer)
    page = reviewer.page("/review?kind=unclassified")
    form = first_form(page)
    assert form["table"] == "figures"
    sent = {**form, "answer": "correct", "field": "indicator", "new_value": "gifts_given"}
    answer = reviewer.post("/review/answer", sent)
    assert answer.status_code == 303
    assert "taken=1" in answer.headers["location"]
    assert "kind=unclassified" in answer.headers["location"]
    assert form["record"] not in reviewer.page("/review?kind=unclassified"), (
        "what is decided is not asked again"
    )
    made = reviewer.post("/review/release", {"csrftoken": form["csrftoken"]})
    assert "released=" in made.headers["location"], made.headers
    newest = own / "releases" / "latest"
    assert newest.resolve().name != "2025-01-14"
    [(indicator,)] = ask(newest, "SELECT indicator FROM figures WHERE id = ?", form["record"])
    assert indicator == "gifts_given"
    [(who,)] = ask(newest, "SELECT decided_by FROM decisions WHERE left_id = ? AND human", form["record"])
    assert who == "Lê Thị Sen"
    assert newest.resolve().name in reviewer.page("/"), "the page shows the newest"
    told = reviewer.page(f"/tongket/figures/{form['record']}.json?_shape=objects")
    assert json.loads(told)["rows"][0]["indicator"] == "gifts_given", "and reads its file"


@pytest.mark.parametrize("answered", ["accept", "reject"])
def test_accepting_and_rejecting(reviewer: Reader, answered: str) -> None:
    let_in(reviewer)
    form = first_form(reviewer.page("/review?kind=low_confidence"))
    answer = reviewer.post("/review/answer", {**form, "answer": answered})
    assert "taken=1" in answer.headers["location"]
    assert form["record"] not in reviewer.page("/review?kind=low_confidence")


def test_every_kind_of_question_can_be_seen_and_answered(reviewer: Reader, own: Path) -> None:
    let_in(reviewer)
    kinds = ask(own / "releases" / "latest", "SELECT DISTINCT kind FROM review_items ORDER BY 1")
    assert len(kinds) > 4
    for (kind,) in kinds:
        page = reviewer.page(f"/review?kind={kind}")
        assert interface()[f"ask_{kind}"]["en"] in words_of(page)
        answered = (
            "apart"
            if 'value="apart"' in page.partition('class="answer"')[2].partition("</form>")[0]
            else "accept"
        )
        answer = reviewer.post("/review/answer", {**first_form(page), "answer": answered})
        assert "taken=1" in answer.headers["location"], (kind, answer.headers["location"])


def test_an_answer_that_cannot_be_taken_is_said(reviewer: Reader) -> None:
    let_in(reviewer)
    form = first_form(reviewer.page("/review?kind=unclassified"))
    answer = reviewer.post(
        "/review/answer", {**form, "answer": "correct", "field": "indicator", "new_value": "<script>"}
    )
    assert "refused=" in answer.headers["location"]
    page = reviewer.page(answer.headers["location"])
    assert 'role="alert"' in page
    assert "<script>." not in page


@pytest.mark.guard("local-pages")
@pytest.mark.parametrize("missing", ["token", "csrftoken", "origin"])
def test_without_token_or_from_elsewhere_nothing_is_taken(reviewer: Reader, own: Path, missing: str) -> None:
    let_in(reviewer)
    form = {**first_form(reviewer.page("/review?kind=unclassified")), "answer": "reject"}
    headers = {}
    if missing == "token":
        reviewer.cookies["tongket_token"] = "guessed"
    elif missing == "csrftoken":
        del form["csrftoken"]
    else:
        headers["origin"] = "http://example.vn"
    for path in ("/review/answer", "/review/release"):
        assert reviewer.post(path, form, **headers).status_code == 403
    assert not decided(own)


def decided(own: Path) -> list[tuple[str]]:
    import sqlite3

    connection = sqlite3.connect(own / "all.db")
    try:
        return connection.execute("SELECT id FROM decisions WHERE human").fetchall()
    finally:
        connection.close()


@pytest.mark.guard("local-pages")
@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_lets_nobody_in(reviewer: Reader, token: str) -> None:
    page = reviewer.page(f"/review?token={token}")
    assert "<form method" not in page
    assert TOKEN not in page


def test_a_release_made_elsewhere_is_shown(own: Path) -> None:
    folder = own / "releases"
    with reading(folder / "latest") as reader:
        assert "Release 2025-01-14" in reader.page("/")
        shutil.copytree(folder / "2025-01-14", folder / "2025-02-01")
        (folder / "latest").unlink()
        (folder / "latest").symlink_to("2025-02-01")
        assert "Release 2025-02-01" in reader.page("/")


def test_a_newer_release_that_cannot_be_shown_is_not(own: Path) -> None:
    folder = own / "releases"
    with reading(folder / "latest") as reader:
        reader.page("/")
        (folder / "2025-02-01").mkdir()
        (folder / "2025-02-01" / SQLITE).write_bytes(b"half written")
        (folder / "latest").unlink()
        (folder / "latest").symlink_to("2025-02-01")
        assert "conferences" in reader.page("/")
        assert "conferences" in reader.page("/conferences")


@pytest.mark.guard("archived-pages")
def test_archived_pages_come_from_the_archive_in_a_sandbox(
    reviewer: Reader, settings: Settings, own: Path
) -> None:
    [(article,)] = ask(own / "releases" / "latest", "SELECT id FROM articles LIMIT 1")
    assert "Not found" in reviewer.page(f"/archived/{article}", status=404), "its page was never archived"
    body = "<p>Như đã đăng</p><script>alert(1)</script>".encode()
    kept = Archive(settings.archive_dir, "gold").resource(
        "https://gold.example.vn/x",
        body,
        "text/html; charset=utf-8",
        fetched_at=datetime(2025, 1, 14, tzinfo=UTC),
    )
    with database(settings.database_url) as engine, engine.begin() as connection:
        url = connection.execute(select(articles.c.page_url).where(articles.c.id == article)).scalar_one()
        place = {"warc_file": kept.file, "warc_offset": kept.offset}
        connection.execute(insert(pages).values(url=url, source="gold", kind="article", **place))
    answer = reviewer.get(f"/archived/{article}")
    assert answer.content == body
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_the_health_of_sources_comes_from_the_database(reviewer: Reader, settings: Settings) -> None:
    assert "Last crawl" not in reviewer.page("/"), "nothing was crawled"
    told = {"mode": "night", "started_at": "2025-01-14T01:00:00Z", "finished_at": "2025-01-14T01:05:00Z"}
    with database(settings.database_url) as engine, engine.begin() as connection:
        ill = {**told, "healthy": False, "report": json.dumps({"problems": ["no links <found>"]})}
        connection.execute(insert(crawls).values(id="a", source="songtien", **ill))
        connection.execute(insert(crawls).values(id="b", source="mietthu", **told, healthy=True))
    page = words_of(reviewer.page("/"))
    assert "✗ ill" in page
    assert "no links <found>" in page
    assert "✓ well" in page
