"""What atheris calls with bytes of its own making: `python -m tests.fuzz.targets numbers SEEDS -atheris_runs=2000 -seed=1`.

An error that is not the project's own ends the run with the bytes that made it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import atheris

with atheris.instrument_imports(include=["extractors", "pipeline.crawl.page", "pipeline.crawl.parse"]):
    from extractors.dates import find_dates
    from extractors.numbers import find_numbers, parse_number
    from pipeline.crawl.parse import ParseError, parse_html


def numbers(data: bytes) -> None:
    text = data.decode("utf-8", "ignore")
    for found in find_numbers(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value.is_finite()
    value = parse_number(text)
    assert value is None or value.is_finite()


def dates(data: bytes) -> None:
    text = data.decode("utf-8", "ignore")
    for reference in (None, date(2024, 2, 29)):
        for found in find_dates(text, reference=reference):
            assert text[slice(*found.offsets)] == found.label
            assert found.start is None or found.end is None or found.start <= found.end


def pages(data: bytes) -> None:
    try:
        article = parse_html(data)
    except ParseError:
        return
    assert article.text.strip()


TARGETS: dict[str, Callable[[bytes], None]] = {"numbers": numbers, "dates": dates, "pages": pages}


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
