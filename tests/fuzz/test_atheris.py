"""The grammars and the parser of pages under atheris, which changes bytes until they reach new code."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.settings import ROOT
from tests.extractors.tables import rows
from tests.fuzz.strategies import TIMES

PAGE = "<html><head><meta charset='utf-8'><meta property='article:published_time' content='2024-01-12T08:00:00+07:00'><script type='application/ld+json'>{\"@type\":\"NewsArticle\"}</script></head><body><h1>Tin</h1><article><p>Sáng 12/1, công đoàn huyện trao 5 căn nhà.</p><p>Mỗi căn 60 triệu đồng, do đoàn viên góp.</p></article></body></html>"
WORDS = ["một", "mười", "mươi", "lăm", "trăm", "linh", "nghìn", "triệu", "tỷ", "rưỡi", "phẩy", "hàng ", "nửa ", "ngày ", "tháng ", "năm ", "quý ", "giai đoạn ", "nhiệm kỳ ", "từ ", " đến ", "sáng nay", "tuần trước", "1.000", "12/1", "2023-2028", "<article>", "<p>", "</p>", "<meta ", "<script", "&#", "charset="]  # fmt: skip


def seeds(target: str, folder: Path) -> None:
    """Inputs to begin with: the tables' cases, a page."""
    texts = [PAGE] if target == "pages" else [row["input"] for row in rows(target)]
    for number, text in enumerate(texts):
        (folder / f"{number}").write_text(text, encoding="utf-8")


@pytest.mark.guard("hostile-text", "hostile-pages")
@pytest.mark.parametrize(("target", "runs"), [("numbers", 4_000), ("dates", 4_000), ("pages", 800)])
def test_bytes_that_reach_new_code(
    target: str, runs: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    seeds(target, corpus)
    words = tmp_path / "words.txt"
    words.write_text(
        "".join('"' + "".join(f"\\x{byte:02X}" for byte in word.encode()) + '"\n' for word in WORDS)
    )
    options = [f"-atheris_runs={runs * TIMES}", "-seed=7", "-len_control=0", "-max_len=600", "-timeout=60", "-rss_limit_mb=2048", f"-dict={words}", f"-artifact_prefix={tmp_path}/"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.targets", target, str(corpus), *options],
        cwd=ROOT,
        capture_output=True,
        timeout=300 * TIMES,
        check=False,
    )
    told = done.stderr.decode(errors="replace")
    assert done.returncode == 0, told[-3000:]
    tried = re.search(r"Done (\d+) ", told)
    assert tried is not None, told[-3000:]
    assert int(tried[1]) >= runs
    # It is atheris that chose them: what they reached is counted in branches of our code.
    assert re.search(r"cov: (?!0 )\d+", told), told[-3000:]
    record_property("cases", int(tried[1]))
