"""Filters, search and orders of the list of conferences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.explore.asking import Reader, ask


def listed(reader: Reader, query: str) -> list[str]:
    """Ids of the conferences on all pages of a list."""
    found: list[str] = []
    for number in range(1, 100):
        page = reader.page(f"/conferences?{query}&page={number}")
        found += re.findall(r'<th scope="row"><a href="/conferences/([^"]+)"', page)
        if 'rel="next"' not in page:
            return found
    raise AssertionError("a list without end")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", "1"),
        ("year=2024", "date_start LIKE '2024%'"),
        ("kind=year_review", "kind = 'year_review'"),
        ("province=86", "province_code IN ('83', '84', '86')"),
        ("level=district", "host_unit_id IN (SELECT id FROM units WHERE level = 'district')"),
        (
            "source=songtien",
            "id IN (SELECT r.outcome_id FROM outcome_reports r JOIN articles a ON a.id = r.article_id WHERE a.source = 'songtien')",
        ),
        (
            "failed=1",
            "id IN (SELECT r.outcome_id FROM outcome_reports r JOIN checks c USING (conference_id) WHERE NOT c.holds)",
        ),
        ("kind=year_review&year=2025", "kind = 'year_review' AND date_start LIKE '2025%'"),
        ("year=twothousand&failed=maybe", "1"),
    ],
)
def test_filters(reader: Reader, release: Path, query: str, where: str) -> None:
    wanted = {row[0] for row in ask(release, f"SELECT id FROM outcomes WHERE {where}")}
    found = listed(reader, query)
    assert set(found) == wanted
    assert len(found) == len(wanted)


def test_counts_beside_a_filter_are_what_it_leaves(reader: Reader) -> None:
    page = reader.page("/conferences?year=2025")
    options = re.findall(r'<option value="([a-z_]+)">[^<(]+\((\d+)\)', page)
    kinds = [(code, int(n)) for code, n in options if code.endswith(("review", "meeting", "event"))]
    assert kinds
    for code, count in kinds:
        assert len(listed(reader, f"year=2025&kind={code}")) == count, code


@pytest.mark.parametrize("typed", ["đồng tháp", "dong thap", "DONG THAP", "Ðong  Thap", "đồng thá"])
def test_search_needs_no_diacritics(reader: Reader, release: Path, typed: str) -> None:
    wanted = {row[0] for row in ask(release, "SELECT id FROM outcomes WHERE host LIKE '%Đồng Tháp%'")}
    assert wanted
    assert wanted <= set(listed(reader, f"q={typed.replace('Ð', 'Đ')}"))


def test_search_reads_texts_names_and_titles(reader: Reader, release: Path) -> None:
    [(outcome, title)] = ask(
        release,
        "SELECT r.outcome_id, a.title FROM outcome_reports r JOIN articles a ON a.id = r.article_id"
        " WHERE a.title IS NOT NULL ORDER BY a.id LIMIT 1",
    )
    assert outcome in listed(reader, f"q={title}")
    [(person, conference)] = ask(release, "SELECT name, conference_id FROM people ORDER BY id LIMIT 1")
    [(told,)] = ask(release, "SELECT outcome_id FROM outcome_reports WHERE conference_id = ?", conference)
    assert told in listed(reader, f"q={person}")


def test_a_phrase_in_quotes_stands_together(reader: Reader) -> None:
    apart = listed(reader, "q=dong thap")
    together = listed(reader, 'q="dong thap"')
    assert set(together) < set(apart)
    assert listed(reader, "q=khongaiviettunay") == []


def test_orders(reader: Reader, release: Path) -> None:
    days = dict(ask(release, "SELECT id, date_start FROM outcomes WHERE date_start IS NOT NULL"))
    newest = [days[one] for one in listed(reader, "sort=newest") if one in days]
    assert newest == sorted(newest, reverse=True)
    oldest = [days[one] for one in listed(reader, "sort=oldest") if one in days]
    assert oldest == sorted(oldest)
    counts = dict(ask(release, "SELECT outcome_id, count(*) FROM outcome_values GROUP BY 1"))
    most = [counts.get(one, 0) for one in listed(reader, "sort=figures")]
    assert most == sorted(most, reverse=True)
