"""`tongket extract --workers`: the same bytes as from one process, and nothing left of the processes however it ends."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipeline.processes import cores

PROGRAM = Path(sys.executable).with_name("tongket")
TEXTS = [
    f"Sáng {day}/1/2024, LĐLĐ huyện Mang Thít tổng kết năm 2023, kết nạp {day * 30} đoàn viên, đạt 104% kế hoạch."
    for day in range(1, 29)
]  # fmt: skip
ROWS = [json.dumps({"id": f"b{n}", "text": text}, ensure_ascii=False) + "\n" for n, text in enumerate(TEXTS)]
PAGE = (
    f"<html><head><title>Tổng kết</title></head><body><article><h1>Tổng kết</h1><p>{TEXTS[0]}</p></article>"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("bai.txt").write_text(TEXTS[0], encoding="utf-8")
    Path("trang.html").write_text(PAGE, encoding="utf-8")
    Path("bao.jsonl").write_text("{hỏng\n" + "".join(ROWS) + '{"id": 3}\n' + ROWS[0], encoding="utf-8")
    Path("bao.jsonl.gz").write_bytes(gzip.compress("".join(ROWS[:9]).encode()))
    cells = "".join(f'b{n},"{text}"\n' for n, text in enumerate(TEXTS[:5]))
    Path("bang.csv").write_text("id,text\n" + cells + 'b6,"  "\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "status", "proves"),
    [
        (["bao.jsonl"], 2, "rows, broken ones among them"),
        (["bang.csv", "khong-co.txt", "bao.jsonl.gz", "trang.html", "bai.txt"], 2, "inputs of every kind"),
        (["--format", "table", "bai.txt", "bang.csv"], 2, "tables for people"),
        (["--all", "bao.jsonl.gz"], 0, "options of the reader"),
    ],
)
def test_the_same_bytes_as_from_one_process(
    args: list[str], status: int, proves: str, tongket: Any, here: Path
) -> None:
    one = tongket("extract", "--workers", "1", *args, cwd=here)
    two = tongket("extract", "--workers", "2", *args, cwd=here)
    assert (two.stdout, two.stderr, two.returncode) == (one.stdout, one.stderr, one.returncode), proves
    assert one.returncode == status
    assert one.stdout


@contextmanager
def reading(*args: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program at standard input, in a process group of its own, one row sent and answered."""
    with subprocess.Popen(
        [PROGRAM, "extract", "-", *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            answer(process, ROWS[0])
            yield process
        finally:
            process.kill()


def answer(process: subprocess.Popen[bytes], row: str) -> str:
    assert process.stdin
    assert process.stdout
    process.stdin.write(row.encode())
    process.stdin.flush()
    return str(json.loads(process.stdout.readline())["article"]["source"])


def running(group: int) -> list[psutil.Process]:
    """The processes of a group that have not ended."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    return found


def left(group: int) -> list[psutil.Process]:
    """Those that do not end by themselves: what forks the workers sees a moment later that the program is no more."""
    deadline = time.monotonic() + 60
    while (found := running(group)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def workers_of(program: int) -> list[psutil.Process]:
    """Those that a child of the program forked."""
    return [one for one in psutil.Process(program).children(recursive=True) if one.ppid() != program]


@pytest.mark.parametrize(
    ("args", "some", "proves"),
    [
        ((), False, "one article starts no process"),
        (("--workers", "1"), False, "nor does one worker"),
        (("--workers", "3"), True, "more are started as there is work"),
    ],
)
def test_processes_are_started_when_wanted(args: tuple[str, ...], some: bool, proves: str) -> None:
    with reading(*args) as process:
        assert bool(workers_of(process.pid)) is some, proves
        assert answer(process, ROWS[1]) == "b1"
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0
    assert not left(process.pid)


@pytest.mark.skipif(cores() == 1, reason="one core reads alone")
@pytest.mark.parametrize(
    ("paths", "forked", "proves"),
    [
        (["bai.txt"], 0, "a short file is read here"),
        (["dai.jsonl"], 1, "a long one by processes at once"),
        (["dai.jsonl", "bai.txt"], 1, "so are several that are long together"),
        (["bai.txt", "-"], 0, "of a stream nobody knows how long it is"),
        (["dai.jsonl", "--workers", "1"], 0, "as it was asked for"),
    ],
)
def test_processes_are_started_where_they_are_worth_it(
    paths: list[str], forked: int, proves: str, tongket: Any, here: Path
) -> None:
    row = json.dumps({"text": "Mưa to.\n" * 40_000}, ensure_ascii=False)
    Path("dai.jsonl").write_text(f"{row}\n" * 12, encoding="utf-8")
    timed = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    result = tongket("extract", *paths, "--output", "ra.jsonl", env=timed)
    assert len(re.findall(rb"\| +pipeline\.loaded\n", result.stderr)) == forked, proves


def test_a_killed_worker_is_replaced_and_nothing_lost() -> None:
    with reading("--workers", "2") as process:
        assert process.stdin
        assert process.stdout
        killed = workers_of(process.pid)
        assert killed
        for worker in killed:
            worker.kill()
        process.stdin.write("".join(ROWS[1:]).encode())
        process.stdin.close()
        found = [json.loads(line)["article"]["source"] for line in process.stdout]
        assert found == [f"b{n}" for n in range(1, len(ROWS))]
        assert process.wait(60) == 0
        assert process.stderr
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("stop", "group", "status", "proves"),
    [
        (signal.SIGINT, True, 130, "Ctrl-C, which a terminal sends to all"),
        (signal.SIGINT, False, 130, "an interrupt of the program alone"),
        (signal.SIGTERM, False, -signal.SIGTERM, "a polite end"),
        (signal.SIGKILL, False, -signal.SIGKILL, "an end that it cannot see coming"),
    ],
)
def test_however_it_is_ended_nothing_is_left(stop: int, group: bool, status: int, proves: str) -> None:
    with reading("--workers", "2") as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("".join(ROWS).encode())
        process.stdin.flush()
        if group:
            os.killpg(process.pid, stop)
        else:
            process.send_signal(stop)
        assert process.wait(60) == status, proves
        assert not left(process.pid), proves
        assert process.stderr.read() == b"", proves


def test_a_closed_pipe_ends_the_workers_quietly() -> None:
    with reading("--workers", "2") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write("".join(ROWS).encode())
        process.stdin.flush()
        assert process.wait(60) == 1
        assert process.stderr.read() == b""
        assert not left(process.pid)
