"""Words of more than a syllable: where they end, and what loading their models leaves alone."""

from __future__ import annotations

import logging
import logging.config
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from extractors.words import word_end

WORDS = [
    ("trao 12 con giống cho", 8, "con giống", "a compound is one word"),
    ("trao 12 suất quà", 8, "suất", "a syllable that is a word alone"),
    ("tặng máy\ntính", 5, "máy", "a word never crosses a line"),
]

LOGGED = """
import logging, sys
from pathlib import Path

path, other = Path(sys.argv[1]), []
log = logging.getLogger("nightly")
log.addHandler(logging.FileHandler(path, mode="w", encoding="utf-8"))
before = logging._handlerList[:]
log.warning("đọc bài thứ nhất")
from extractors.words import word_end
assert word_end("trao 12 con giống", 8) == 17
log.warning("đọc bài thứ hai")
assert "underthesea" in sys.modules
assert logging._handlerList[: len(before)] == before
print(path.read_text(encoding="utf-8"), end="")
"""


@pytest.mark.parametrize(("text", "at", "word", "why"), WORDS, ids=[row[-1] for row in WORDS])
def test_a_word_ends(text: str, at: int, word: str, why: str) -> None:
    end = word_end(text, at)
    assert text[at:end] == word


def test_loading_leaves_the_logging_of_the_process_alone(tmp_path: Path) -> None:
    """Else underthesea closes the user's log files, and with handlers that flush in another thread it hangs."""
    command = [sys.executable, "-c", LOGGED, str(tmp_path / "run.log")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "đọc bài thứ nhất\nđọc bài thứ hai\n"), done.stderr


def test_only_what_the_loading_thread_says_of_logging_is_left_out() -> None:
    from extractors.words import _logging_kept

    before = logging.config.dictConfig
    named = {"version": 1, "incremental": True, "loggers": {"tongket.test": {"level": "ERROR"}}}
    with _logging_kept():
        logging.config.dictConfig(named)
        assert logging.getLogger("tongket.test").level == logging.NOTSET
        other = threading.Thread(target=lambda: logging.config.dictConfig(named))
        other.start()
        other.join()
        assert logging.getLogger("tongket.test").level == logging.ERROR
    assert logging.config.dictConfig is before
