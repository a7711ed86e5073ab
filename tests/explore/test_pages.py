"""Each page shows what the release says."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

from pipeline.explore.words import interface
from tests.explore.asking import HOSTILE_SHOWN, Reader, ask, make_hostile, reading, words_of

PAGES = ["/", "/conferences", "/units", "/indicators", "/compare", "/review"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_pages_open_in_both_languages(reader: Reader, path: str, language: str) -> None:
    page = reader.page(f"{path}?lang={language}")
    assert f'<html lang="{language}">' in page
    assert interface()["footer"][language].partition("{")[0] in page


def test_a_language_once_chosen_stays(release: Path) -> None:
    with reading(release) as reader:
        assert '<html lang="en">' in reader.page("/")
        reader.page("/?lang=vi")
        assert '<html lang="vi">' in reader.page("/units")
    with reading(release) as reader:
        assert '<html lang="vi">' in reader.get("/", accept_language="vi-VN,vi;q=0.9").text


def test_every_word_is_said_in_both_languages() -> None:
    for key, words in interface().items():
        assert words["en"], key
        assert words["vi"], key
        assert set(re.findall(r"{\w+}", words["en"])) == set(re.findall(r"{\w+}", words["vi"])), key


def test_every_kind_of_question_is_asked(release: Path) -> None:
    for (kind,) in ask(release, "SELECT code FROM codebook_codes WHERE vocabulary = 'review_kind'"):
        assert f"ask_{kind}" in interface()


def test_home_counts_what_the_release_holds(reader: Reader, release: Path) -> None:
    page = words_of(reader.page("/"))
    for table in ("outcomes", "units", "outcome_values", "outcome_awards", "articles"):
        [(count,)] = ask(release, f"SELECT count(*) FROM {table}")
        assert f" {count:,} " in page, table
    for (source,) in ask(release, "SELECT DISTINCT source FROM articles"):
        assert source in page


def test_home_has_a_tile_for_each_of_todays_provinces(reader: Reader, release: Path) -> None:
    page = reader.page("/")
    tiles = re.findall(r'href="/conferences\?province=(\d\d)"><span>([^<]+)</span> <b>(\d+)</b>', page)
    assert len(tiles) == 34
    [(known,)] = ask(release, "SELECT count(*) FROM outcomes WHERE province_code IS NOT NULL")
    assert sum(int(count) for *_, count in tiles) == known


def test_every_conference_opens(reader: Reader, release: Path) -> None:
    for identity, host in ask(release, "SELECT id, host FROM outcomes"):
        page = reader.page(f"/conferences/{identity}")
        assert host is None or host in words_of(page)


def test_every_unit_and_indicator_opens(reader: Reader, release: Path) -> None:
    for identity, name in ask(release, "SELECT id, name FROM units"):
        assert name in words_of(reader.page(f"/units/{identity}"))
    for (code,) in ask(release, "SELECT DISTINCT indicator FROM panel"):
        reader.page(f"/indicators/{code}")


def test_marked_words_are_those_of_the_article(reader: Reader, release: Path) -> None:
    [(outcome, conference)] = ask(
        release, "SELECT id, conference_id FROM outcomes ORDER BY reports DESC, id LIMIT 1"
    )
    page = reader.page(f"/conferences/{outcome}")
    told = dict(
        ask(
            release,
            "SELECT r.value_id, f.evidence_text FROM value_reports r JOIN figures f ON f.id = r.figure_id"
            " WHERE f.conference_id = ?",
            conference,
        )
    )
    marks: dict[str, str] = {}
    for rows, text in re.findall(r'<a class="m [^>]*?data-rows="([^"]*)"[^>]*>([^<]*)</a>', page):
        for row in rows.split():
            marks[row] = marks.get(row, "") + text
    assert told
    for value, words in told.items():
        assert marks[value] == words, value
        assert f'id="r-{value}"' in page, "the words lead to a row"
        assert f'id="w-{value}"' in page, "and the row to the words"


def test_reports_of_one_conference_stand_side_by_side(reader: Reader, release: Path) -> None:
    [(outcome,)] = ask(
        release, "SELECT outcome_id FROM outcome_values WHERE agreement = 'differ' ORDER BY id LIMIT 1"
    )
    page = words_of(reader.page(f"/conferences/{outcome}"))
    assert "Reports side by side" in page
    assert "≠ reports differ" in page
    second = reader.page(f"/conferences/{outcome}?report=2")
    assert "Reports side by side" in second
    assert second != reader.page(f"/conferences/{outcome}?report=1")
    assert reader.page(f"/conferences/{outcome}?report=99")


def test_a_unit_shows_promises_and_mergers(reader: Reader, release: Path) -> None:
    [(kept, missed, unit)] = ask(
        release,
        "SELECT sum(attained = 1), sum(attained = 0), unit_id FROM target_results GROUP BY 3 ORDER BY count(*) DESC LIMIT 1",
    )
    assert f"{kept} met, {missed} missed" in words_of(reader.page(f"/units/{unit}"))
    [(old, new)] = ask(
        release,
        "SELECT u.id, s.name FROM units u JOIN units s ON s.id = u.successor_id ORDER BY u.id LIMIT 1",
    )
    assert f"went into {new}" in words_of(reader.page(f"/units/{old}"))
    assert reader.page(f"/units/{old}?history=1")


def test_units_compared(reader: Reader, release: Path) -> None:
    found = ask(release, "SELECT unit_id FROM panel GROUP BY 1 ORDER BY count(*) DESC LIMIT 7")
    asked = "&".join(f"unit={unit}" for (unit,) in found)
    page = reader.page(f"/compare?{asked}")
    assert page.count('class="remove"') == 5, "more than five are too many"
    assert reader.page(f"/compare?unit={found[0][0]}&q=thanh+hoa")
    assert reader.page("/compare?unit=none&year=x&indicator=y")


def test_charts_have_their_numbers_beside(reader: Reader) -> None:
    page = reader.page("/indicators/members_recruited")
    specs = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert len(specs) == 4
    for spec in map(json.loads, specs):
        for values in spec["datasets"].values():
            for row in values:
                for told in {"year", "name", "target"} & row.keys():
                    text = f"{row[told]:,.0f}" if told == "target" else str(row[told])
                    assert re.search(rf">{re.escape(text)}(\.\d+)?<", page), text


def test_csv_and_json_say_what_the_page_says(reader: Reader, release: Path) -> None:
    page = reader.page("/conferences?q=dong+thap")
    links = dict(re.findall(r'<a href="([^"]*)">(CSV|JSON|SQL)</a>', page))
    by_name = {name: link.replace("&amp;", "&") for link, name in links.items()}
    table = list(csv.DictReader(io.StringIO(reader.page(by_name["CSV"]))))
    assert f"{len(table)} conferences" in page
    assert [row["id"] for row in json.loads(reader.page(by_name["JSON"]))] == [row["id"] for row in table]
    assert reader.page(by_name["SQL"])


@pytest.mark.parametrize(
    "path",
    [
        "/conferences/none",
        "/units/none",
        "/indicators/none",
        "/archived/none",
        "/-/tongket/none.css",
        "/review/answer",
    ],
)
def test_what_is_not_there_is_said(reader: Reader, path: str) -> None:
    assert "Not found" in reader.page(path, status=404)


@pytest.fixture
def hostile(behind: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(behind / "releases", tmp_path / "hostile", symlinks=True)) / "latest"


@pytest.mark.guard("markup")
def test_what_articles_say_is_never_markup(hostile: Path) -> None:
    outcome = make_hostile(hostile)
    [(unit,)] = ask(hostile, "SELECT host_unit_id FROM outcomes WHERE id = ?", outcome)
    with reading(hostile) as reader:
        for path, times in (
            ("/", 2),
            ("/conferences", 2),
            (f"/conferences/{outcome}", 12),
            (f"/units/{unit}", 3),
            ("/units", 1),
            (f"/compare?unit={unit}", 1),
            ("/review", 3),
            ("/indicators/members_recruited", 0),
            ("/tongket/outcomes", 0),
            ("/tongket/articles", 0),
        ):
            page = reader.page(path)
            assert "<script>alert" not in page, path
            assert "<b>x" not in page, path
            assert "javascript:alert" not in re.sub(r">[^<]*<", "><", page), path
            assert words_of(page).count(HOSTILE_SHOWN) >= times, path
            if not path.startswith("/tongket"):
                assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", page), path


@pytest.mark.guard("markup")
@pytest.mark.parametrize(
    "query",
    ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%27%3E%3Cb%3Ex", "%00%07", "*%20OR%20%22(", "folded%20:%20"],
)
def test_what_is_searched_for_is_never_markup(reader: Reader, query: str) -> None:
    for path in ("/conferences", "/units", "/compare"):
        page = reader.page(
            f"{path}?q={query}&year=%3Cb%3E&sort=%3Cb%3E&kind=%3Cb%3E&province=%3Cb%3E&page=-1"
        )
        assert "<script>alert" not in page
        assert "<b>x" not in page
        assert 'value="<b>' not in page
