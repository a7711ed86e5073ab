"""The articles that reading is measured on: a file of them, or the project's own, varied up to the wanted number."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from pipeline.inputs import BadInput, read_inputs
from tests.many_articles import own_texts, varied

# Of its own, not the reader's: the order stays when the reader changes.
_UNION = re.compile(r"công đoàn|liên đoàn lao động|LĐLĐ|CĐCS|nghiệp đoàn", re.IGNORECASE)
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Text:
    """An article as `tongket extract` takes it from JSON Lines."""

    id: str
    title: str | None
    text: str


@dataclass(frozen=True)
class Plan:
    """How much is measured, how often; `ner_count` articles for the slowest peer."""

    folder: Path
    runs: int
    documents: int
    ner_count: int
    long_length: int

    def relevant(self) -> list[Text]:
        """The articles on unions' events."""
        return list(read_rows(self.folder / "relevant.jsonl"))

    def few(self) -> list[Text]:
        """The smaller set of articles of all sorts."""
        return list(read_rows(self.folder / "few.jsonl"))


def articles(corpus: Path | None, count: int) -> list[Text]:
    """`count` articles, so ordered that the first hundred are like all: as long, as often on unions."""
    found = list(_own() if corpus is None else _rows(corpus))
    if len(found) < count:
        # Together, so that title and text take the same turn.
        found = [tuple(both.split("\0")) for both in varied(["\0".join(one) for one in found], count)]
    made = sorted(found, key=lambda one: (_UNION.search(one[1]) is None, len(one[1]), one))
    # Steps of the golden ratio fall evenly over a range, however many are taken.
    order = sorted(range(len(made)), key=lambda rank: rank * _GOLDEN % 1)
    return [
        Text(f"bai-{number}", made[rank][0] or None, made[rank][1])
        for number, rank in enumerate(order[:count])
    ]


def _own() -> Iterator[tuple[str, ...]]:
    for text in own_texts():
        yield text.partition("\n")[0], text


def _rows(corpus: Path) -> Iterator[tuple[str, ...]]:
    for item in read_inputs([str(corpus)]):
        if isinstance(item, BadInput):
            raise SystemExit(str(item))
        yield item.title or "", item.text


def relevant_among(found: Iterable[Text], count: int) -> list[Text]:
    """The first `count` of those that the reader finds relevant."""
    from extractors import read

    relevant = (one for one in found if read(one.text, title=one.title).article.relevant)
    return list(islice(relevant, count))


def joined(found: Iterable[Text], least: int) -> list[str]:
    """Lines of the articles, again from the first where they do not suffice, `least` characters or more together."""
    lines = [line for one in found for line in one.text.splitlines() if line.strip()]
    taken, length = [], 0
    while length < least:
        for line in lines:
            taken.append(line)
            length += len(line) + 1
            if length >= least:
                break
    return taken


def write_rows(path: Path, found: Iterable[Text]) -> Path:
    """The articles as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in found)
    return path


def read_rows(path: Path) -> Iterator[Text]:
    """What `write_rows` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Text(**json.loads(line))


def digest(found: Iterable[Text]) -> str:
    """The same for the same articles in the same order."""
    return hashlib.sha256("\0".join(one.text for one in found).encode()).hexdigest()[:12]
