"""Articles whose every field is an attack: read, stored, released and looked at, they stay words."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.dataset.release.cells import cell
from pipeline.explore.spreadsheets import SafeCells
from tests.explore.asking import Reader, ask, reading

ATTACKS = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>",
    "sql": "'); DROP TABLE outcomes; --",
    "template": "{{ 7 * 191 }}{% for x in y %}${7*191}#{7*191}",
    "formula": '=HYPERLINK("http://x.vn";"x")',
    "shell": "$(touch /tmp/x)`touch /tmp/x`;touch /tmp/x",
    "address": "javascript:alert(1)",
    "newlines": 'a"\r\n=1+1,"\r\n@SUM(1)',
}


HOSTS = ["Mang Thít", "Long Hồ", "Vũng Liêm", "Tam Bình", "Trà Ôn", "Bình Tân", "Cái Bè"]


def article(attack: str, host: str, day: int) -> dict[str, str]:
    return {
        "id": f"{attack} {day}", "title": f"{attack} LĐLĐ huyện {host} tổng kết hoạt động công đoàn năm 2024 {attack}",
        "byline": attack, "url": f"https://baothu.vn/{quote(attack, safe='')}?q={quote(attack)}",
        "published_at": f"2025-01-{day + 1}",
        "text": f"Ngày {day}/1/2025, LĐLĐ huyện {host} {attack} tổng kết hoạt động công đoàn năm 2024.\n{attack}\nTrong năm đã "
        f"kết nạp {day * 31} đoàn viên {attack}, đạt {100 + day}% chỉ tiêu {attack}. Dịp này, ông Lê Văn {attack} Sen, Chủ tịch "
        f"LĐLĐ tỉnh, tặng Bằng khen cho {day} tập thể {attack}. Chỉ tiêu năm 2025: kết nạp {attack} {day}00 đoàn viên.",
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the poisoned articles."""
    place = tmp_path_factory.mktemp("poisoned")
    env = {f"TONGKET_{name}": str(place / name.lower()) for name in ("DB", "ARCHIVE", "RELEASES", "RUNS")}
    rows = place / "articles.jsonl"
    given = zip(ATTACKS.values(), HOSTS, range(10, 17), strict=True)
    rows.write_text("".join(json.dumps(article(*one)) + "\n" for one in given), encoding="utf-8")
    for args in (
        ["ingest", str(rows)],
        ["release", "--date", "2025-01-14"],
        ["verify", str(place / "releases" / "latest")],
    ):
        result = CliRunner().invoke(app, args, env=env)
        assert result.exit_code == 0, (args, result.stdout, result.stderr, result.exception)
    # What the extractors did not take into names and remarks is put there: every free text of the release is an attack.
    release = place / "releases" / "latest"
    connection = sqlite3.connect(release / "tongket.sqlite")
    attacks = list(ATTACKS.values())
    for shift, (table, column) in enumerate(FREE):
        for row, (name,) in enumerate(connection.execute(f"SELECT rowid FROM {table}").fetchall()):
            attack = attacks[(row + shift) % len(attacks)]
            connection.execute(
                f"UPDATE {table} SET {column} = ? || coalesce({column}, '') WHERE rowid = ?", [attack, name]
            )
    connection.commit()
    connection.close()
    return release


FREE = [
    ("articles", "title"), ("articles", "byline"), ("articles", "source"), ("outcomes", "name"), ("outcomes", "host"),
    ("units", "name"), ("people", "name"), ("people", "position"), ("figures", "evidence_text"), ("figures", "subject"),
    ("awards", "evidence_text"), ("checks", "message"), ("review_items", "sentence"), ("review_items", "value"),
    ("unit_mentions", "canonical"), ("outcome_values", "subject"), ("outcome_values", "period_label"),
]  # fmt: skip


@pytest.fixture(scope="module")
def poisoned(folder: Path) -> Iterator[Reader]:
    with reading(folder) as reader:
        yield reader


@pytest.mark.guard("markup")
@pytest.mark.guard("sql")
def test_every_page_shows_words(
    poisoned: Reader, folder: Path, record_property: pytest.RecordProperty
) -> None:
    outcomes = [one for (one,) in ask(folder, "SELECT id FROM outcomes")]
    units = [one for (one,) in ask(folder, "SELECT id FROM units")]
    tables = [
        one
        for (one,) in ask(
            folder, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'"
        )
    ]
    assert len(outcomes) == len(ATTACKS)
    paths = [
        "/", "/conferences", "/units", "/indicators", "/indicators/members_recruited", "/review", "/compare", "/tongket",
        *(f"/conferences/{one}" for one in outcomes), *(f"/units/{one}?history=1" for one in units),
        *(f"/compare?unit={one}" for one in units), *(f"/tongket/{table}" for table in tables),
        *(f"{page}?q={quote(attack)}" for page in ("/conferences", "/units", "/compare") for attack in ATTACKS.values()),
        *(f"/conferences?{name}={quote(attack)}" for name in ("sort", "year", "province", "kind") for attack in ATTACKS.values()),
        *(f"/conferences/{quote(attack, safe='')}" for attack in ATTACKS.values()),
    ]  # fmt: skip
    for path in paths:
        answer = poisoned.get(path)
        assert answer.status_code in {200, 400, 404}, (path, answer.status_code)
        said = answer.text
        assert not re.search(r"<(?:script>alert|img[^>]*onerror|svg/onload)", said), path
        assert not re.search(r"<[^>]*\s(?:href|src|action)=[\"']?\s*javascript:", said), path
        assert "1337" not in said, path  # what a template would have made of it
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
    assert [one for (one,) in ask(folder, "SELECT id FROM outcomes")] == outcomes
    record_property("cases", len(paths))


@pytest.mark.guard("formulas")
@pytest.mark.parametrize(
    "path",
    [
        "/tongket/articles.csv", "/tongket/articles.csv?_dl=1", "/tongket/articles.csv?_stream=1",
        "/tongket/units.csv?_labels=on", "/tongket.csv?sql=select+title,+byline,+5+as+n,+-5+as+m+from+articles&_size=max",
        "/tongket.csv?sql=select+'%3D1%2B1'+as+'%3D2%2B2'",
    ],
)  # fmt: skip
def test_a_table_taken_out_runs_nothing(poisoned: Reader, path: str) -> None:
    told = poisoned.page(path)
    rows = list(csv.reader(io.StringIO(told, newline="")))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    assert all(value.startswith("'") or cell(value) == value for row in rows for value in row)
    assert "'=" in told


def test_a_table_taken_out_is_what_it_was_besides(poisoned: Reader) -> None:
    asked = "sql=select+id,+title,+text,+byline,+published_at,+5+as+n,+-2.5+as+m+from+articles+order+by+id"
    rows = json.loads(poisoned.page(f"/tongket.json?{asked}&_shape=arrays"))["rows"]
    told = list(csv.reader(io.StringIO(poisoned.page(f"/tongket.csv?{asked}"), newline="")))[1:]
    assert told == [["" if value is None else str(cell(value)) for value in row] for row in rows]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
def test_pieces_of_any_size_come_to_the_same(size: int) -> None:
    rows = [["tên", "n"], ["=1+1", "-5"], ['a"b', "c\r\n=d"], ["", "@x"], ["Tổng kết, năm", "+84 123"]]
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    data, cells = written.getvalue().encode(), SafeCells()
    pieces = [cells.feed(data[at : at + size], last=False) for at in range(0, len(data), size)]
    safe = b"".join([*pieces, cells.feed(b"", last=True)]).decode()
    assert list(csv.reader(io.StringIO(safe, newline=""))) == [[cell(value) for value in row] for row in rows]
