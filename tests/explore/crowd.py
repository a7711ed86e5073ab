"""Many readers of a running `tongket explore` at once: each asks for a page, waits for all of it, and asks for the next."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil

from tests.explore.asking import ask

PATIENCE = 30.0  # seconds that a reader waits for a page
_PROGRAM = Path(sys.executable).with_name("tongket")
_WORDS = ("công đoàn", "dong thap", "tổng kết", "bằng khen", "vien", '"người lao động"', "huyện 12", "tin")
OFTEN = {
    "conference": 28,
    "conferences": 12,
    "conferences, filtered": 14,
    "conferences, searched": 12,
    "unit": 10,
    "units": 6,
    "compare": 6,
    "indicator": 6,
    "home": 4,
    "indicators": 2,
}
"""What readers open, and how often of a hundred times."""


@dataclass
class Pages:
    """The addresses of one release's pages, drawn as readers would open them."""

    folder: Path
    ids: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        questions = {
            "outcome": "SELECT id FROM outcomes ORDER BY id",
            "unit": "SELECT unit_id FROM panel GROUP BY unit_id ORDER BY unit_id",
            "indicator": "SELECT DISTINCT indicator FROM panel ORDER BY indicator",
            "year": "SELECT DISTINCT substr(date_start, 1, 4) FROM outcomes WHERE date_start IS NOT NULL ORDER BY 1",
            "kind": "SELECT DISTINCT kind FROM outcomes ORDER BY kind",
        }
        self.ids = {name: [str(row[0]) for row in ask(self.folder, sql)] for name, sql in questions.items()}

    def draw(self, chance: random.Random, kind: str | None = None) -> tuple[str, str]:
        """A page of that kind or any: its kind and its path."""
        kind = kind or chance.choices(list(OFTEN), OFTEN.values())[0]
        some = {name: chance.choice(found) for name, found in self.ids.items()}
        filtered = {"year": some["year"]} if chance.random() < 0.5 else {"kind": some["kind"], "failed": "1"}
        two = [("unit", unit) for unit in chance.sample(self.ids["unit"], min(3, len(self.ids["unit"])))]
        path = {
            "conference": f"/conferences/{some['outcome']}",
            "conferences": f"/conferences?{urlencode({'page': chance.randint(1, 3), 'sort': 'figures'})}",
            "conferences, filtered": f"/conferences?{urlencode(filtered)}",
            "conferences, searched": f"/conferences?{urlencode({'q': chance.choice(_WORDS)})}",
            "unit": f"/units/{some['unit']}",
            "units": f"/units?{urlencode({'q': chance.choice(_WORDS)})}",
            "compare": f"/compare?{urlencode(two)}",
            "indicator": f"/indicators/{some['indicator']}",
            "indicators": "/indicators",
            "home": "/",
        }[kind]
        return kind, path


@dataclass
class Served:
    """What came of it: milliseconds of each page by kind, and what went wrong."""

    seconds: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    memory: int = 0  # bytes of the server, in the end

    @property
    def count(self) -> int:
        return sum(map(len, self.times.values()))


@contextmanager
def explored(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of the release in `folder`, served by the real program, and its process."""
    command = [_PROGRAM, "explore", folder, "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().partition(": ")[2], psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


async def crowd(address: str, pages: Pages, *, readers: int, seconds: float) -> Served:
    """So many readers for so long, none of whom pauses; of ten, each begins with another kind of page. A status that is not 200, or no answer in time, is an error."""
    served = Served()
    started = time.perf_counter()

    async def read(number: int) -> None:
        chance = random.Random(number)
        first: str | None = list(OFTEN)[number % len(OFTEN)]
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
            while time.perf_counter() - started < seconds:
                kind, path = pages.draw(chance, first)
                first = None
                begun = time.perf_counter()
                try:
                    answer = await client.get(path)
                except httpx.HTTPError as error:
                    served.errors.append(f"{path}: {type(error).__name__} {error}")
                    continue
                served.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
                if answer.status_code != httpx.codes.OK or not answer.text.rstrip().endswith("</html>"):
                    served.errors.append(f"{path}: {answer.status_code}")

    await asyncio.gather(*(read(number) for number in range(readers)))
    served.seconds = time.perf_counter() - started
    return served


def besiege(
    folder: Path, *, readers: int, seconds: float, meanwhile: Callable[[], object] | None = None
) -> Served:
    """A crowd before the release in `folder`, served for it alone; `meanwhile` is done some five times a second."""
    pages = Pages(folder)

    async def siege(address: str) -> Served:
        under_way = asyncio.create_task(crowd(address, pages, readers=readers, seconds=seconds))
        while meanwhile and not under_way.done():
            meanwhile()
            await asyncio.sleep(0.2)
        return await under_way

    with explored(folder) as (address, process):
        served = asyncio.run(siege(address))
        served.memory = process.memory_info().rss
    return served
