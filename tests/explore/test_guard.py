"""What is let in, what is let out, and that nothing is written."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from pipeline.explore.state import SQLITE, ReleaseError, find_release
from tests.explore.asking import Reader, ask, reading


@pytest.mark.guard("markup")
@pytest.mark.parametrize(
    "path", ["/", "/conferences", "/tongket", "/tongket/outcomes", "/tongket?sql=select+1"]
)
def test_nothing_from_elsewhere_may_run_or_load(reader: Reader, path: str) -> None:
    answer = reader.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "//" not in answer.text.replace("https://datasette.io/", "").partition("<body")[0]


@pytest.mark.guard("local-pages")
@pytest.mark.parametrize("host", ["example.vn", "127.0.0.1.example.vn", "evil.localhost.example", ""])
def test_other_names_of_this_machine_are_refused(reader: Reader, host: str) -> None:
    assert reader.get("/", host=host).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost", "localhost:9"])
def test_own_names_are_served(reader: Reader, host: str) -> None:
    assert reader.get("/", host=host).status_code == 200


@pytest.mark.guard("sql")
def test_the_release_is_read_only(reader: Reader, release: Path) -> None:
    answer = reader.get("/tongket.json?sql=delete+from+outcomes")
    assert answer.status_code == 400
    [(count,)] = ask(release, "SELECT count(*) FROM outcomes")
    told = json.loads(reader.page("/tongket.json?sql=select+count(*)+as+n+from+outcomes&_shape=array"))
    assert told == [{"n": count}]


@pytest.mark.guard("local-pages")
def test_without_review_nothing_can_be_answered(release: Path) -> None:
    with reading(release) as reader:
        page = reader.page("/review")
        assert "tongket explore --review" in page
        assert "<form method" not in page
        for path in ("/review/answer", "/review/release"):
            assert reader.post(path, {"answer": "accept"}).status_code == 403


def test_no_release_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="tongket demo"):
        find_release(tmp_path / "latest")


def test_a_file_that_is_no_release_is_said(tmp_path: Path) -> None:
    (tmp_path / SQLITE).write_bytes(b"no database at all" * 100)
    with pytest.raises(ReleaseError, match="cannot be read"):
        find_release(tmp_path)
    (tmp_path / SQLITE).unlink()
    sqlite3.connect(tmp_path / SQLITE).close()
    with pytest.raises(ReleaseError, match="tongket release"):
        find_release(tmp_path)


def test_a_page_that_fails_says_so(behind: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = Path(shutil.copytree(behind / "releases", tmp_path / "broken", symlinks=True)) / "latest"
    connection = sqlite3.connect(folder / SQLITE)
    connection.execute("DROP TABLE target_results")
    connection.commit()
    connection.close()
    with reading(folder) as reader:
        assert "Something went wrong" in reader.page("/indicators/members_recruited", status=500)
    assert "no such table" in caplog.text
