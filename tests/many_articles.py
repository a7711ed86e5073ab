"""As many articles as wanted in one WARC file: the gold and demo articles with other places and numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.demo_sites import load_story
from pipeline.settings import ROOT

_PLACES = (
    "Bến Tre",
    "Hà Nam",
    "Cà Mau",
    "Nghệ An",
    "Lào Cai",
    "Bình Định",
    "Thái Bình",
    "Kon Tum",
    "Bạc Liêu",
)
_COUNTED = re.compile(r"(?<![\d./])(\d{2,3})(?= (?:đoàn viên|công nhân|suất|tập thể|cá nhân|CĐCS|nhà|cuộc))")
_PLACE = re.compile("|".join(_PLACES))
_FIRST = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)


def own_texts() -> list[str]:
    """The gold and demo articles, the title of each its first line."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "gold").glob("*.txt"))]
    for path in sorted((ROOT / "corpus" / "sites").glob("*/articles/*.txt")):
        story = load_story(path)
        texts.append(f"{story.title}\n\n{story.lead}\n\n" + "\n\n".join(block.text for block in story.body))
    return texts


def varied(texts: Sequence[str], count: int) -> Iterator[str]:
    """`count` texts: `texts` over and over, each turn with other places and numbers."""
    for number in range(count):
        turn = number // len(texts)
        text = _COUNTED.sub(lambda found, add=turn: str(int(found[1]) + add), texts[number % len(texts)])
        yield _PLACE.sub(
            lambda found, add=turn: _PLACES[(_PLACES.index(found[0]) + add) % len(_PLACES)], text
        )


def pages(count: int) -> Iterator[tuple[str, str]]:
    """URL and HTML of each article; no two have the same words."""
    for number, text in enumerate(varied(own_texts(), count)):
        title, *paragraphs = (line for line in text.splitlines() if line.strip())
        body = "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
        page = (
            f"<html><head><meta charset='utf-8'><title>{escape(title)}</title></head><body>"
            f"<article><h1>{escape(title)}</h1>{body}<p>Tin số {number}.</p></article></body></html>"
        )
        yield f"https://bao{number % 7}.example/tin-{number}.html", page


def write_warc(path: Path, count: int) -> Path:
    """`count` articles as a crawler archives them, one a minute."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, (url, page) in enumerate(pages(count)):
            data = page.encode()
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            moment = _FIRST + timedelta(minutes=number)
            record = writer.create_warc_record(
                url,
                "response",
                io.BytesIO(data),
                length=len(data),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)
    return path
