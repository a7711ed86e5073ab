"""Names and manifests out of poisoned data: no code is made of them, and they lead nowhere else."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.crawl.archive import Archive, entries
from pipeline.crawl.sources import SourceError, load_source
from pipeline.crawl.warc.index import index_of
from pipeline.settings import Settings, SettingsError, settings_in_force
from tests.cli.conftest import tongket  # noqa: F401  a fixture

GOOD = "name: bao\ntitle: Báo\nbase_url: https://baothu.vn\nfeeds: [/f]\n"
SWELL = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n" + "".join(
    f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.guard("yaml")
@pytest.mark.parametrize(
    ("title", "told"),
    [
        pytest.param('!!python/object/apply:os.system ["touch {witness}"]', "could not determine", id="a call"),
        pytest.param('!!python/object/new:pathlib.Path ["{witness}"]', "could not determine", id="an object"),
        pytest.param("!!python/name:os.system", "could not determine", id="a function"),
        pytest.param("!!python/module:antigravity", "could not determine", id="a module"),
        pytest.param("*x9", "field title", id="ten thousand million words"),
        pytest.param("&a [*a]", "field title", id="a list in itself"),
        pytest.param("[" * 600, "nested too deeply", id="lists without end"),
        pytest.param("{a: " * 600, "nested too deeply", id="maps without end"),
    ],
)  # fmt: skip
def test_a_poisoned_manifest_is_refused(tmp_path: Path, title: str, told: str) -> None:
    witness, path = tmp_path / "witness", tmp_path / "bao.yaml"
    title = title.replace("{witness}", str(witness))
    path.write_text(SWELL + GOOD.replace("title: Báo", f"title: {title}"), encoding="utf-8")
    with pytest.raises(SourceError, match=told):
        load_source(path)
    assert not witness.exists()


@pytest.mark.guard("yaml")
def test_poisoned_settings_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tongket.toml").write_text("database = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(SettingsError, match="nested too deeply"):
        settings_in_force()


@pytest.mark.guard("paths")
@pytest.mark.parametrize("name", ["../khac/khac.warc.gz", "/etc/passwd", "..", "", "a/../b", None, ["x"]])
def test_an_index_names_files_of_its_own_folder(tmp_path: Path, name: Any) -> None:
    moment = datetime(2025, 1, 13, 18, tzinfo=UTC)
    for source in ("bao", "khac"):
        Archive(tmp_path, source).resource(
            f"https://{source}.vn/a.html", b"x", "text/html", fetched_at=moment
        )
    before = list(entries(tmp_path, "bao"))
    index = index_of(tmp_path / before[0].location.file)
    key, stamp, told = index.read_text("utf-8").split(" ", 2)
    index.write_text(f"{key} {stamp} {json.dumps(json.loads(told) | {'filename': name})}\n", encoding="utf-8")
    assert list(entries(tmp_path, "bao")) == before  # read from the file itself
    assert Archive(tmp_path, "bao").find("https://bao.vn/a.html") == before[0]


URLS = [
    "file:///../../../etc/passwd", "http://../../x", "https://baothu.vn/../../../../x.html", "urn:../../x",
    "https://baothu.vn/%2e%2e/%2e%2e/x.html", "https://baothu.vn/a\\..\\..\\x.html", "https://baothu.vn/a.html\\0.txt",
    "https://baothu.vn/$(touch witness).html", "https://baothu.vn/`touch witness`;touch witness",
]  # fmt: skip
TEXT = "Ngày 12/1/2025, LĐLĐ huyện Mang Thít tổng kết hoạt động công đoàn năm 2024, kết nạp 705 đoàn viên."


@pytest.mark.guard("paths")
def test_addresses_of_poisoned_pages_make_no_files(tmp_path: Path, tongket: Any) -> None:  # noqa: F811
    rows = [{"id": "../../x", "text": TEXT, "url": url, "title": "../../x"} for url in URLS]
    inside = tmp_path / "here" / "below"
    inside.mkdir(parents=True)
    (inside / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    names = ("DB", "ARCHIVE", "RELEASES", "RUNS")
    env = {f"TONGKET_{name}": str(inside / name.lower()) for name in names}
    assert tongket("ingest", "a.jsonl", env=os.environ | env, cwd=inside).returncode in {0, 2}
    done = tongket("release", "--date", "2025-01-14", env=os.environ | env, cwd=inside)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.rglob("*")} >= {"articles.csv"}
    assert [path for path in tmp_path.rglob("*") if "witness" in path.name or path.name.startswith("x")] == []
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["below"]
    kept = {path.name for path in inside.iterdir()} - {"a.jsonl", "db-shm", "db-wal"}
    assert kept <= {"db", "archive", "releases", "runs"}


def test_the_manifest_and_the_settings_themselves_are_fine(tmp_path: Path) -> None:
    (tmp_path / "bao.yaml").write_text(GOOD, encoding="utf-8")
    assert load_source(tmp_path / "bao.yaml").title == "Báo"
    assert isinstance(settings_in_force({}).settings, Settings)
