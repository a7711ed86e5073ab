"""spaCy without its command line is spaCy all the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

USES = [
    ("assert spacy.info(silent=True)['spacy_version'] == spacy.__version__", "what was put off works"),
    (
        "from spacy.cli import download; assert 'download' in download.__module__",
        "the whole of it can be had",
    ),
    ("import spacy.cli; assert spacy.cli.info is not None and spacy.cli.app", "so it can as a module"),
    (
        "assert [t.text for t in spacy.blank('en')('Hoi nghi')] == ['Hoi', 'nghi']",
        "other languages are there",
    ),
]


@pytest.mark.parametrize("loaded", ["", "import spacy.cli; "], ids=["by us", "whole, before us"])
@pytest.mark.parametrize(("use", "why"), USES, ids=[why for _, why in USES])
def test_spacy_is_whole(loaded: str, use: str, why: str) -> None:
    run(f"{loaded}import extractors.nlp, spacy; {use}")


def test_its_command_line_is_not_loaded() -> None:
    run("import sys, extractors.nlp; assert not {'spacy.cli', 'weasel', 'httpx'} & set(sys.modules)")


def test_a_failed_load_leaves_nothing_behind() -> None:
    """The next one to import spaCy is told why it fails, not that a part of it is missing."""
    run("""
import sys
sys.modules["thinc"] = None  # as if it were not installed
for _ in range(2):
    try:
        import extractors.nlp
    except ModuleNotFoundError as error:
        assert "thinc" in str(error), error
    assert not [name for name in sys.modules if name.startswith("spacy.cli")]
""")


def run(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
