"""Words of more than a syllable: where they end, and what loading their models leaves alone."""

from __future__ import annotations

import subprocess
import sys
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
assert "underthesea_core" in sys.modules and "underthesea" not in sys.modules
assert logging._handlerList[: len(before)] == before
print(path.read_text(encoding="utf-8"), end="")
"""


@pytest.mark.parametrize(("text", "at", "word", "why"), WORDS, ids=[row[-1] for row in WORDS])
def test_a_word_ends(text: str, at: int, word: str, why: str) -> None:
    end = word_end(text, at)
    assert text[at:end] == word


def test_loading_leaves_the_logging_of_the_process_alone(tmp_path: Path) -> None:
    """The whole of underthesea closes the user's log files, and with handlers that flush in another thread it hangs."""
    command = [sys.executable, "-c", LOGGED, str(tmp_path / "run.log")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "đọc bài thứ nhất\nđọc bài thứ hai\n"), done.stderr


USES = [
    ("assert underthesea.ner('Hà Nội')", "the whole of it is there"),
    ("assert underthesea.pipeline.word_tokenize.word_tokenize('Hà Nội')", "also by its parts"),
    (
        "from underthesea import word_tokenize; assert word_tokenize('đoàn viên') == ['đoàn viên']",
        "same words",
    ),
]


@pytest.mark.parametrize("before", ["", "import underthesea; "], ids=["behind ours", "before ours"])
@pytest.mark.parametrize(("use", "why"), USES, ids=[why for _, why in USES])
def test_who_imports_underthesea_has_it_whole(before: str, use: str, why: str) -> None:
    ours = "from extractors.words import word_end; assert word_end('trao 12 con giống', 8) == 17"
    command = [sys.executable, "-c", f"{before}{ours}; import underthesea; {use}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_processes_are_forked_with_the_model_in_them() -> None:
    code = (
        "import pipeline.loaded, extractors.words; assert extractors.words._loaded.cache_info().currsize == 1"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
