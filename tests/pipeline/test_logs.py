"""The log: JSON lines for programs, few words for people, nothing that steers a terminal, and never an error."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextvars import copy_context
from multiprocessing import get_context
from typing import Any

import pytest

from pipeline import logs
from pipeline.settings import Settings

JSON, TEXT = Settings(log_format="json"), Settings()


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    logs.stop()
    yield
    logs.stop()
    logs.bind(run=None, source=None)


def events(captured: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


class Awkward:
    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_an_event_is_one_json_object(capsys: Any) -> None:
    logs.setup(JSON)
    logs.bind(run="r1")
    with logs.bound(source="bao"):
        logs.note("page_failed", "warning", url="https://bao.vn/a", reason="HTTP 500", attempts=2)
    logs.note("linked", outcomes=3)
    first, second = events(capsys)
    assert list(first)[:6] == ["time", "level", "event", "run", "source", "url"]
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "warning", "event": "page_failed", "run": "r1", "source": "bao", "url": "https://bao.vn/a",
        "reason": "HTTP 500", "attempts": 2,
    }  # fmt: skip
    assert (second["run"], second["source"], second["url"], second["outcomes"]) == ("r1", None, None, 3)


@pytest.mark.parametrize(
    ("event", "level", "fields", "line"),
    [
        ("page_failed", "warning", {"source": "bao", "url": "https://bao.vn/a", "reason": "HTTP 500"},
         "warning: bao: page_failed: https://bao.vn/a: HTTP 500\n"),
        ("report_failed", "warning", {"reason": "disk full", "tries": 2},
         "warning: report_failed: disk full (tries 2)\n"),
        ("webhook_failed", "error", {"host": None}, "error: webhook_failed\n"),
        ("page_failed", "info", {"reason": "HTTP 404"}, ""),
        ("run_started", "info", {}, ""),
        ("source_ill", "error", {}, ""),
        ("run_finished", "error", {}, ""),
    ],
)  # fmt: skip
def test_what_people_are_told(event: str, level: Any, fields: dict[str, Any], line: str, capsys: Any) -> None:
    logs.setup(TEXT)
    logs.note(event, level, **fields)
    assert capsys.readouterr().err == line


@pytest.mark.guard("terminal")
@pytest.mark.parametrize("settings", [JSON, TEXT], ids=["json", "text"])
@pytest.mark.parametrize(
    "steering",
    ["\x1b[2J", "\x9b31m", "\u202e", "\r", "\n", "\x07", "\u2028", "\ud800", "\U000e0041", "\x7f"],
    ids=ascii,
)
def test_nothing_steers_a_terminal(settings: Settings, steering: str, capsys: Any) -> None:
    logs.setup(settings)
    logs.note("page_failed", "warning", url=f"https://bao.vn/{steering}", title=steering)
    logs.note(f"event{steering}", "warning", **{f"key{steering}": [steering, {steering: steering}]})
    told = capsys.readouterr().err
    assert told.count("\n") == 2
    assert steering not in told.replace("\n", "")
    if settings is JSON:
        first, second = (json.loads(line) for line in told.splitlines())
        assert first["url"] == f"https://bao.vn/{steering}"
        assert second[f"key{steering}"] == [steering, {steering: steering}]


@pytest.mark.parametrize("settings", [JSON, TEXT], ids=["json", "text"])
@pytest.mark.parametrize(
    "value",
    [Awkward(), {1: {2}}, b"\xff", float("nan"), object(), Exception("\x1b"), "x" * 10**6, None],
    ids=["repr", "set", "bytes", "nan", "object", "error", "long", "none"],
)
def test_a_log_never_fails(settings: Settings, value: object, capsys: Any) -> None:
    logs.note("before_setup", "error", value=value)
    logs.setup(settings)
    logs.note("odd", "error", value=value)
    logs.note("after", "error")
    told = capsys.readouterr().err
    assert "after" in told.splitlines()[-1]
    assert "before_setup" not in told
    assert len(told) < 10_000


def test_a_closed_standard_error_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    logs.setup(JSON)
    monkeypatch.setattr("sys.stderr", Gone())
    logs.note("linked")


def test_threads_write_whole_lines_and_know_their_run(capsys: Any) -> None:
    logs.setup(JSON)
    logs.bind(run="r1")

    def work(number: int) -> None:
        with logs.bound(source=f"s{number}"):
            for at in range(50):
                logs.note("batch_read", at=at, text="công đoàn " * 50)

    threads = [threading.Thread(target=copy_context().run, args=(work, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = events(capsys)
    assert len(found) == 200
    assert {event["run"] for event in found} == {"r1"}
    assert {event["source"]: event["at"] for event in found} == {f"s{number}": 49 for number in range(4)}


def _in_a_worker(settings: Settings) -> bool:
    logs.ensure(settings)
    with logs.bound(run="r1", source="bao"):
        logs.note("batch_read", pages=3)
    return logs.is_json()


def test_worker_processes_log_too(capfd: Any) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(_in_a_worker, JSON).result()
    (found,) = events(capfd)
    assert (found["run"], found["source"], found["pages"]) == ("r1", "bao", 3)


def test_what_libraries_warn_of_is_json_too(capsys: Any) -> None:
    logs.setup(JSON)
    logs.setup(JSON)  # twice is as once
    logging.getLogger("urllib3").warning("retrying %s", "https://bao.vn")
    (found,) = events(capsys)
    assert (found["event"], found["level"], found["logger"]) == (
        "retrying https://bao.vn", "warning", "urllib3",
    )  # fmt: skip


def test_complaints_are_events_where_standard_error_is_for_programs(capsys: Any) -> None:
    from pipeline.extract import complain

    logs.setup(JSON)
    complain("bao: down\x1b[2J")
    (found,) = events(capsys)
    assert (found["event"], found["message"]) == ("complaint", "bao: down\x1b[2J")
    logs.setup(TEXT)
    complain("bao: down\x1b[2J")
    assert capsys.readouterr().err == "bao: down\\x1b[2J\n"
