"""`tongket settings` and `tongket status`, and what a run writes where its log is for programs."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest


def environment(folder: Path, **more: str) -> dict[str, str]:
    """An environment without the user's own settings, in which nothing is kept but in `folder`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TONGKET_")}
    kept = {name: str(folder / name.lower()) for name in ("ARCHIVE", "RELEASES", "RUNS")}
    kept |= {"DB": str(folder / "thu.db")}
    return own | {f"TONGKET_{name}": value for name, value in (kept | more).items()}


def test_settings_as_a_table_and_as_json(tmp_path: Path, tongket: Any) -> None:
    (tmp_path / ".env").write_text("TONGKET_DB=postgresql://me:mat-khau@host/t\n")
    (tmp_path / "tongket.toml").write_text('batch = 7\ncontact = "thu\\u001b[2J@bao.vn"\n')
    env = environment(tmp_path, DB="", WEBHOOK="https://hooks.example/mat-khau") | {"COLUMNS": "100"}
    result = tongket("settings", env=env, cwd=tmp_path)
    shown = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    assert "***" in shown
    assert "tongket.toml" in shown
    result_json = tongket("settings", "--json", env=env, cwd=tmp_path)
    rows = {row["setting"]: row for row in json.loads(result_json.stdout)["settings"]}
    assert (rows["batch"]["value"], rows["batch"]["default"], rows["batch"]["from"]) == (
        7,
        150,
        "tongket.toml",
    )
    assert (rows["db"]["from"], rows["webhook"]["from"]) == (".env", "TONGKET_WEBHOOK")
    assert rows["pages"]["from"] == "default"
    for told in (shown, result_json.stdout.decode()):
        assert "mat-khau" not in told
        assert "\x1b" not in told


@pytest.mark.parametrize("command", [["settings"], ["run"], ["sources", "check", "songtien"]])
def test_wrong_settings_are_named_before_anything_is_done(
    command: list[str], tmp_path: Path, tongket: Any
) -> None:  # fmt: skip
    (tmp_path / "tongket.toml").write_text("batch = 0\n")
    result = tongket(*command, env=environment(tmp_path, BACTH="5"), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode() == "TONGKET_BACTH: no such setting; TONGKET_BATCH?\n"
    result = tongket(*command, env=environment(tmp_path, PAGES="x"), cwd=tmp_path)
    assert result.returncode == 2
    assert sorted(line.partition(": ")[0] for line in result.stderr.decode().splitlines()) == [
        "TONGKET_PAGES",
        "tongket.toml",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["tongket.toml"]


def write_manifest(folder: Path, url: str) -> None:
    folder.mkdir()
    (folder / "bao.yaml").write_text(
        f"name: bao\ntitle: Báo Thử\nbase_url: {url}\nfeeds: [/rss]\nallow_loopback: true\ndelay_seconds: 0\n",
        encoding="utf-8",
    )


def test_status_and_a_log_for_programs(tmp_path: Path, tongket: Any) -> None:
    sources = tmp_path / "sites"
    with socket.socket() as nobody:  # bound and not listening: connections are refused
        nobody.bind(("127.0.0.1", 0))
        write_manifest(sources, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        env = environment(tmp_path, LOGS="json")
        before = tongket("status", "--sources", str(sources), env=env, cwd=tmp_path)
        result = tongket("run", "--direct", "--sources", str(sources), env=env, cwd=tmp_path)
    assert (before.returncode, before.stderr) == (0, b"")
    assert "none yet" in before.stdout.decode()
    assert result.returncode == 1
    events = [json.loads(line) for line in result.stderr.splitlines()]  # and nothing else
    names = [event["event"] for event in events]
    assert names[0] == "run_started"
    assert {"page_failed", "crawl_finished", "source_ill", "run_finished", "complaint"} <= {*names}
    (finished,) = [event for event in events if event["event"] == "run_finished"]
    assert json.loads(Path(finished["report"]).with_suffix(".json").read_text("utf-8"))["state"] == "failed"

    after = tongket("status", "--json", "--sources", str(sources), env=env, cwd=tmp_path)
    found = json.loads(after.stdout)
    assert [(one["state"], one["problems"]) for one in found["runs"]] == [("failed", 1)]
    (source,) = found["sources"]
    assert (source["title"], source["ill_nights"], source["line"][-1]) == ("Báo Thử", 1, "ill")
    assert "robots.txt cannot be read" in source["last_problem"]
    assert (found["backlog"]["to_review"], found["release"]) == (0, None)
    page = tongket("status", "--sources", str(sources), env=env | {"LC_ALL": "C"}, cwd=tmp_path)
    assert (page.returncode, page.stderr) == (0, b"")
    assert "·○" in page.stdout.decode()
