"""What a person does with the pages: look, search, filter, follow words, read charts, correct."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import serving
from tests.browser.watched import Visit
from tests.explore.asking import HOSTILE_SHOWN, ask, make_hostile


@pytest.fixture(scope="session")
def paths(behind: Path) -> dict[str, str]:
    """An address of each kind of page, where there is the most to see."""
    release = behind / "releases" / "latest"
    [(outcome,)] = ask(release, "SELECT id FROM outcomes ORDER BY reports DESC, id LIMIT 1")
    [(unit,)] = ask(
        release, "SELECT unit_id FROM target_results GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    units = ask(release, "SELECT unit_id FROM panel GROUP BY 1 ORDER BY count(DISTINCT year) DESC, 1 LIMIT 3")
    return {
        "home": "",
        "conferences": "conferences",
        "conference": f"conferences/{outcome}",
        "units": "units",
        "unit": f"units/{unit}",
        "indicators": "indicators",
        "indicator": "indicators/members_recruited",
        "compare": "compare?" + "&".join(f"unit={one}" for (one,) in units),
        "review": "review",
        "table": "tongket/outcomes",
        "sql": "tongket?sql=select+1",
    }


PAGES = ["home", "conferences", "conference", "units", "unit", "indicators", "indicator", "compare", "review"]


@pytest.mark.parametrize("name", [*PAGES, "table", "sql"])
def test_each_page_opens_without_errors(visit: Visit, address: str, paths: dict[str, str], name: str) -> None:
    page = visit.open(address + paths[name])
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_accessible_and_fits(
    visit: Visit, address: str, paths: dict[str, str], name: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit.page.set_viewport_size({"width": width, "height": 844})
    page = visit.open(f"{address}{paths[name]}")
    found = Axe().run(page).response["violations"]
    grave = [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert grave == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_search_without_diacritics(visit: Visit, address: str) -> None:
    page = visit.open(address)
    page.get_by_role("searchbox").fill("lien doan lao dong dong thap")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/conferences?q=*")
    assert page.locator("tbody tr", has_text="Liên đoàn Lao động tỉnh Đồng Tháp").count() >= 1


def test_a_filter(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}conferences")
    everything = int(re.findall(r"\d+", page.get_by_role("status").inner_text())[0])
    page.get_by_label("Kind").select_option("year_review")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**kind=year_review**")
    some = int(re.findall(r"\d+", page.get_by_role("status").inner_text())[0])
    assert 0 < some < everything
    assert page.locator("tbody tr").count() == some
    page.get_by_role("link", name="year review").click()
    page.wait_for_load_state()
    assert int(re.findall(r"\d+", page.get_by_role("status").inner_text())[0]) == everything


def test_words_and_rows_light_up_together(visit: Visit, address: str, paths: dict[str, str]) -> None:
    page = visit.open(address + paths["conference"])
    mark = page.locator(".text a.k-figure").first
    row = page.locator(f"[data-row~='{mark.get_attribute('href').removeprefix('#r-')}']")
    mark.hover()
    assert "lit" in row.get_attribute("class")
    mark.click()
    assert "kept" in row.get_attribute("class")
    assert page.url.endswith(mark.get_attribute("href"))
    other = page.locator("table.figures tbody tr").nth(3)
    wanted = other.get_attribute("data-row").split()[0]
    other.locator("td").first.click(position={"x": 2, "y": 2})
    lit = page.locator(".text a.m.kept")
    assert lit.count() >= 1
    assert wanted in lit.first.get_attribute("data-rows").split()


def test_words_are_followed_by_keyboard(visit: Visit, address: str, paths: dict[str, str]) -> None:
    page = visit.open(address + paths["conference"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    mark = page.locator(".text a.k-figure").first
    mark.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(mark.get_attribute("href"))


def test_charts_draw_a_mark_for_each_number(visit: Visit, address: str) -> None:
    page = visit.open(address)
    spec = json.loads(page.locator(".chart script").first.text_content())
    [months] = spec["datasets"].values()
    assert page.locator(".chart svg g.mark-rect.role-mark path").count() == len(months)
    page = visit.open(f"{address}indicators/members_recruited")
    specs = [json.loads(one) for one in page.locator(".chart script").all_text_contents()]
    charts = page.locator(".chart")
    [years] = specs[0]["datasets"].values()
    assert charts.nth(0).locator("g.mark-symbol.role-mark path").count() == len(years)
    for number in (1, 2):
        [bars] = specs[number]["datasets"].values()
        assert charts.nth(number).locator("g.mark-rect.role-mark path").count() == len(bars)
    pairs = max(specs[3]["datasets"].values(), key=lambda found: "state" in found[0])
    assert charts.nth(3).locator("g.mark-symbol.role-mark path").count() == len(pairs)


def test_the_language_is_switched(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}conferences")
    page.get_by_role("link", name="Tiếng Việt").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Hội nghị"
    page.get_by_role("link", name="Chỉ số").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "vi"


def test_everything_is_there_without_javascript(chromium: Any, address: str, paths: dict[str, str]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + paths["conference"])
    mark = page.locator(".text a.k-figure").first
    mark.click()
    assert page.url.endswith(mark.get_attribute("href"))
    page.goto(address + "indicators/members_recruited")
    assert page.locator("table tbody tr").count() > 5
    context.close()


@pytest.mark.guard("markup")
def test_what_articles_say_runs_nowhere(visit: Visit, behind: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(behind / "releases", tmp_path / "hostile", symlinks=True)) / "latest"
    outcome = make_hostile(folder)
    visit.page.on("dialog", lambda dialog: visit.wrong.append(f"dialog: {dialog.message}"))
    with serving(folder) as address:
        for path in (
            "",
            "conferences",
            "units",
            f"conferences/{outcome}",
            "review",
            "indicators/members_recruited",
        ):
            visit.open(address + path)
        page = visit.open(f"{address}conferences/{outcome}")
        assert page.locator("h1").text_content() == HOSTILE_SHOWN
        assert HOSTILE_SHOWN in page.locator(".text").text_content()


@pytest.fixture
def reviewing(behind: Path, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An own copy of the dataset, served for review: address and folder."""
    own = Path(shutil.copytree(behind, tmp_path / "own", symlinks=True))
    with serving(own / "releases" / "latest", "--review", "--db", str(own / "all.db")) as address:
        yield address, own


def test_a_correction_is_seen_in_the_next_release(visit: Visit, reviewing: tuple[str, Path]) -> None:
    address, own = reviewing
    page = visit.open(address)
    assert "token" not in page.url
    page.get_by_role("link", name="Review", exact=True).click()
    page.locator("select#kind").select_option("unclassified")
    page.locator("form.filters button").click()
    page.wait_for_url("**kind=unclassified**")
    form = page.locator("form.answer").first
    record = form.locator("input[name=record]").input_value()
    form.get_by_label("Field").select_option("indicator")
    form.get_by_label("New value").fill("gifts_given")
    form.get_by_role("button", name="Correct").click()
    page.wait_for_url("**taken=1**")
    assert page.locator(f"input[name=record][value='{record}']").count() == 0
    page.get_by_role("button", name="Make a release now").click()
    page.wait_for_url("**released=**", timeout=60_000)
    newest = own / "releases" / "latest"
    assert newest.resolve().name in page.locator("footer").inner_text()
    [(outcome, value)] = ask(
        newest,
        "SELECT v.outcome_id, v.id FROM value_reports r JOIN outcome_values v ON v.id = r.value_id WHERE r.figure_id = ?",
        record,
    )
    base = address.partition("?")[0]
    page = visit.open(f"{base}conferences/{outcome}")
    assert "gifts" in page.locator(f"[data-row~='{value}'] th").inner_text()
