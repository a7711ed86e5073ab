"""All patterns against texts made to slow them: `python -m tests.fuzz.judging` prints what it found as JSON."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from tests.fuzz.patterns import Noted, attacks, catch

LONG, UNSEEN = 16_000, 1_000
_DEAR, _MOST = 0.02, 2.8


def use_all() -> None:
    """Import every module; read and parse what there is, and a text that is one line of everything."""
    import extractors
    import pipeline

    for package in (extractors, pipeline):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
    from pipeline.crawl.parse import ParseError, parse_html

    corpus = Path(__file__).parents[2] / "corpus"
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("gold/*.txt"))]
    line = " ".join(" ".join(texts).replace(".", ",").split())
    for text in [*texts, (line * 3)[:60_000]]:
        extractors.read(text, everything=True)
        with suppress(ParseError):
            parse_html(f"<html><body><h1>Tin</h1><article><p>{text}</p></article></body></html>".encode())


def cost(ask: Callable[[Any], object], text: Any) -> float:
    start = time.process_time()
    ask(text)
    return time.process_time() - start


def asking(noted: Noted, method: str) -> Callable[[Any], object]:
    """The question as our code puts it; of a text that may hold many answers all are asked for."""
    pattern: re.Pattern[Any] = noted.pattern_
    if method in {"sub", "subn"}:
        return lambda text: pattern.sub("", text)
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    ask: Callable[[Any], object] = getattr(pattern, method)
    return ask


def judged(noted: Noted, uses: dict[str, int]) -> tuple[int, str | None]:
    """How many texts were tried, and the first that makes the pattern slow beyond what its length accounts for."""
    tried = 0
    for make in attacks(noted.pattern_):
        for method, most in uses.items():
            tried += 1
            ask = asking(noted, method)
            # What takes exponentially long shows in short texts already.
            for length in sorted({min(most, n) for n in (24, 80, 300, LONG)}):
                if (now := cost(ask, make(length))) >= _DEAR:
                    break
            if now < _DEAR:
                continue
            half = cost(ask, make(length // 2))
            if now > _MOST * half and cost(ask, make(length)) > _MOST * cost(ask, make(length // 2)):
                return (
                    tried,
                    f"{noted.where}: {method} {str(noted.pattern_.pattern)[:80]!r} over {str(make(40))!r}: {now / half:.1f} times, {now:.3f} s for {length}",
                )
    return tried, None


if __name__ == "__main__":
    caught = catch()  # before any of our modules is imported
    use_all()
    told = {
        "patterns": len(caught),
        "seen": sum(bool(n.used) for n in caught.values()),
        "tried": 0,
        "slow": [],
    }
    for each in sorted(caught.values(), key=lambda n: n.where):
        number, found = judged(each, each.used or {"match": UNSEEN})
        told["tried"] += number  # type: ignore[operator]
        if found is not None:
            told["slow"].append(found)  # type: ignore[attr-defined]
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
