"""Memory that one text may take, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.settings import ROOT
from tests.fuzz.strategies import TIMES

# Reads the text that standard input gives and prints what the process grew by, in MB.
PROGRAM = """
import resource, sys
from extractors import read
from extractors.numbers import parse_number
read("Sáng 12/1/2024, LĐLĐ tỉnh Cà Mau tổng kết năm 2023, kết nạp 150 đoàn viên, trao 12 con giống.", everything=True)
text = sys.stdin.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
parse_number(text)
read(text, everything=True)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
LENGTH = 1_000_000 if TIMES > 1 else 200_000


@pytest.mark.guard("memory")
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux alone")
@pytest.mark.parametrize(
    ("seed", "length", "most"),
    [
        ("9", 100_000, 50),
        ("1.000.", 100_000, 50),
        ("a", LENGTH, 200),
        ("đoàn viên ", LENGTH, 400),
        ("\n", LENGTH, 200),
        ("“", LENGTH, 600),
    ],
    ids=["digits", "groups", "a word", "words", "lines", "quotes"],
)
def test_a_text_takes_memory_of_its_own_size(seed: str, length: int, most: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=(seed * length)[:length].encode(),
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=300 * TIMES,
        env={"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert int(done.stdout) <= most
