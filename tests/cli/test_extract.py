"""`tongket extract` as people run it: order, streaming, exit status, output files, pipes that close."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import zstandard
from typer.testing import CliRunner

from extractors.records import Report
from pipeline.cli import app

PROGRAM = Path(sys.executable).with_name("tongket")
TEXTS = [
    f"Sáng {day}/1/2024, Công đoàn Trường Tiểu học số {day} tổng kết năm 2023, kết nạp {day * 3} đoàn viên."
    for day in range(1, 7)
]  # fmt: skip
ROWS = [json.dumps({"id": f"b{n}", "text": text}, ensure_ascii=False) + "\n" for n, text in enumerate(TEXTS)]


def run(*args: object, stdin: str | bytes | None = None) -> Any:
    return CliRunner().invoke(app, ["extract", *map(str, args)], input=stdin)


def sources(output: str) -> list[str | None]:
    return [Report.model_validate_json(line).article.source for line in output.splitlines()]


def unpacked_zstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bai.txt").write_text(TEXTS[0], encoding="utf-8")
    (tmp_path / "bao.jsonl").write_text("".join(ROWS[:2]) + "{hỏng\n" + ROWS[2], encoding="utf-8")
    return tmp_path


def test_everything_else_is_read_and_each_bad_input_has_its_line(here: Path) -> None:
    result = run("khong-co.txt", "bao.jsonl", ".", "bai.txt")
    assert sources(result.stdout) == ["b0", "b1", "b2", "bai.txt"], "in the order of the input"
    assert result.stderr.splitlines() == [
        "khong-co.txt: no such file",
        "bao.jsonl:3: broken JSON at column 2 (Expecting property name enclosed in double quotes): "
        "one whole object a line is wanted",
        ".: a directory: name the files in it, as in `tongket extract DIR/*.txt`",
    ]
    assert result.exit_code == 2


def test_good_input_is_status_nought_and_silence(here: Path) -> None:
    result = run("bai.txt", "-", stdin=ROWS[1])
    assert (sources(result.stdout), result.stderr, result.exit_code) == (["bai.txt", "b1"], "", 0)


def test_every_line_is_a_whole_report_whose_text_is_the_input(here: Path) -> None:
    (line,) = run("bai.txt").stdout.splitlines()
    report = Report.model_validate_json(line)
    assert report.article.text.strip() == TEXTS[0]
    assert report.to_json() == line


def test_shuffled_input_gives_the_same_records() -> None:
    def records(rows: list[str]) -> dict[str, str]:
        lines = run("--all", "-", stdin="".join(rows)).stdout.splitlines()
        return {json.loads(line)["article"]["source"]: line for line in lines}

    shuffled = ROWS[:]
    random.Random(5).shuffle(shuffled)
    assert shuffled != ROWS
    assert records(shuffled) == records(ROWS)
    assert len(records(ROWS)) == len(ROWS)


@pytest.mark.guard("terminal")
def test_an_error_cannot_steer_the_terminal_or_take_a_second_line() -> None:
    result = run("a\n\x1b[2Jb.txt")
    assert result.stderr == "a\\n\\x1b[2Jb.txt: no such file\n"


def test_a_table_for_people_has_a_block_for_every_article(here: Path) -> None:
    result = run("--format", "table", "bai.txt", "bao.jsonl")
    heads = [line.split()[0] for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads == ["bai.txt", "b0", "b1", "b2"]
    assert result.exit_code == 2


@pytest.mark.guard("half-written-output")
def test_output_takes_its_name_only_when_whole(here: Path) -> None:
    (here / "out.jsonl").write_text("old", encoding="utf-8")
    result = run("bai.txt", "khong-co.txt", "--output", "out.jsonl")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert sources((here / "out.jsonl").read_text(encoding="utf-8")) == ["bai.txt"]
    assert sorted(path.name for path in here.iterdir()) == ["bai.txt", "bao.jsonl", "out.jsonl"], (
        "nothing aside"
    )


@pytest.mark.parametrize(
    ("name", "unpacked", "proves"),
    [
        ("out.jsonl", bytes, "as it is"),
        ("out.jsonl.gz", gzip.decompress, "gzip"),
        ("OUT.GZ", gzip.decompress, "whatever the case"),
        ("out.jsonl.zst", unpacked_zstd, "Zstandard"),
    ],
)
def test_output_is_packed_as_its_name_says(
    name: str, unpacked: Callable[[bytes], bytes], proves: str, here: Path
) -> None:
    assert run("bai.txt", "bao.jsonl", "-o", name).exit_code == 2
    first = Path(name).read_bytes()
    assert unpacked(first).decode() == run("bai.txt", "bao.jsonl").stdout, proves
    Path(name).unlink()
    run("bai.txt", "bao.jsonl", "-o", name)
    assert Path(name).read_bytes() == first, "the same bytes at another time"


def test_packed_output_is_whole_or_not_there(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_more: object) -> list[str]:
        raise LookupError

    monkeypatch.setattr("pipeline.extract.read_batch", breaks)
    assert isinstance(run("bai.txt", "-o", "out.jsonl.gz").exception, LookupError)
    assert sorted(path.name for path in here.iterdir()) == ["bai.txt", "bao.jsonl"]


def test_output_may_be_the_input(here: Path) -> None:
    assert run("bai.txt", "-o", "bai.txt").exit_code == 0
    assert sources(Path("bai.txt").read_text(encoding="utf-8")) == ["bai.txt"]


def test_output_through_a_link_leaves_the_link(here: Path) -> None:
    Path("link.jsonl").symlink_to("real.jsonl")
    run("bai.txt", "-o", "link.jsonl")
    assert Path("link.jsonl").is_symlink()
    assert sources(Path("real.jsonl").read_text(encoding="utf-8")) == ["bai.txt"]


@pytest.mark.guard("full-disk")
@pytest.mark.parametrize(
    ("output", "line", "proves"),
    [
        ("none/out.jsonl", "none/out.jsonl: cannot be written: No such file or directory", "no such folder"),
        (".", ".: cannot be written: Is a directory", "a folder"),
        ("/dev/full", "/dev/full: cannot be written: No space left on device", "a full disk"),
    ],
)
def test_output_that_cannot_be_written(output: str, line: str, proves: str, here: Path) -> None:
    result = run("bai.txt", "--output", output)
    assert (result.exit_code, result.stderr) == (2, line + "\n"), proves
    assert sorted(path.name for path in here.iterdir()) == ["bai.txt", "bao.jsonl"]


def test_a_device_is_written_to_and_not_replaced(here: Path) -> None:
    os.mkfifo("pipe")
    with subprocess.Popen([PROGRAM, "extract", "bai.txt", "-o", "pipe"]) as process:
        assert sources(Path("pipe").read_text(encoding="utf-8")) == ["bai.txt"]
    assert process.returncode == 0
    assert Path("pipe").is_fifo()


@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_a_row_is_answered_before_the_next_one_is_there(more: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [PROGRAM, "extract", "-", *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for row in ROWS[:2]:
            process.stdin.write(row.encode())
            process.stdin.flush()
            assert sources(process.stdout.readline().decode()) == [json.loads(row)["id"]]
        process.stdin.close()
        assert process.wait(30) == 0


def test_the_name_of_standard_output_is_a_pipe_too(tongket: Any, here: Path) -> None:
    plain = tongket("extract", "bai.txt")
    named = tongket("extract", "--output", "/dev/stdout", "bai.txt")
    assert (named.returncode, named.stderr) == (0, b"")
    assert named.stdout == plain.stdout != b""


def test_a_closed_pipe_is_quiet(here: Path) -> None:
    Path("many.jsonl").write_text("".join(ROWS) * 500, encoding="utf-8")
    command = [PROGRAM, "extract", "many.jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b'{"article"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) != 0


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_pipe_gets_all_though_it_was_stopped_in_the_middle(unbuffered: str, here: Path) -> None:
    """As by Ctrl-Z and `fg`: a write that was stopped has written a part."""
    Path("many.jsonl").write_text("".join(ROWS) * 100, encoding="utf-8")
    command, env = [PROGRAM, "extract", "many.jsonl"], {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout
        assert process.stdout.read(1) == b"{"
        time.sleep(0.2)  # the pipe is full, and the rest of the write waits
        process.send_signal(signal.SIGSTOP)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.2)
        assert sources("{" + process.stdout.read().decode()) == ["b0", "b1", "b2", "b3", "b4", "b5"] * 100
        assert process.wait(60) == 0


def test_output_is_utf8_whatever_the_locale(tongket: Any, here: Path) -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = tongket("extract", "bai.txt", "khong-có.txt", env=env, cwd=here)
    assert TEXTS[0] in result.stdout.decode("utf-8")
    assert result.stderr.decode("utf-8") == "khong-có.txt: no such file\n"
    assert result.returncode == 2


def test_a_file_name_that_is_not_utf8_is_read_and_told(tongket: Any, here: Path) -> None:
    name = b"b\xe0i.txt"
    Path(os.fsdecode(name)).write_text(TEXTS[0], encoding="utf-8")
    result = tongket("extract", os.fsdecode(name), cwd=here)
    assert sources(result.stdout.decode("utf-8")) == ["b\\xe0i.txt"]
    assert (result.stderr, result.returncode) == (b"", 0)


@pytest.mark.parametrize(
    ("seconds", "watched", "shown", "proves"),
    [
        (2.6, False, True, "work that takes over two seconds shows that it goes on"),
        (0.0, False, False, "quick work shows nothing"),
        (2.6, True, False, "nor does work whose output can be watched on the same terminal"),
    ],
)
def test_progress_on_a_terminal(seconds: float, watched: bool, shown: bool, proves: str) -> None:
    terminal, errors = os.openpty()
    # The quick one reads nothing, since loading the reader may take its two seconds on a slow machine.
    command = [PROGRAM, "extract", "-" if seconds else "khong-co.txt"]
    out = errors if watched else subprocess.PIPE
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    screen = bytearray()

    def look() -> None:
        # A terminal that nobody reads is soon full, and then the program waits for it.
        with suppress(OSError):
            while data := os.read(terminal, 1 << 16):
                screen.extend(data)

    looking = Thread(target=look)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=errors, env=env) as process:
        os.close(errors)
        assert process.stdin
        if seconds:
            process.stdin.write(ROWS[0].encode())
            process.stdin.flush()
        seen = os.read(terminal, 1) if watched else b"{"
        looking.start()
        if seconds and process.stdout:
            seen = process.stdout.readline()
        assert seen.startswith(b"{"), "the program is up before the time is taken"
        time.sleep(seconds)
        process.stdin.close()
        process.wait(60)
    looking.join()
    os.close(terminal)
    text = screen.decode()
    assert ("reading" in text and "articles" in text) is shown, proves
