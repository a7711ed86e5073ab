"""What many ask for at once is worked out once, and kept as long as it is right and not too much."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from pipeline.explore.kept import Kept

Answer = Callable[[], Coroutine[Any, Any, str]]


class Desk:
    """Answers after a moment, and counts how often it was asked for what."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def about(self, what: str) -> Answer:
        async def answer() -> str:
            self.asked[what] += 1
            await asyncio.sleep(0.01)
            if what == "Sự cố" and self.asked[what] == 1:
                raise ValueError(what)
            return f"{what} {self.asked[what]}"

        return answer


async def told(kept: Kept, desk: Desk, *keys: str) -> list[Any]:
    """Answers to all `keys`, asked for at the same time."""
    return await asyncio.gather(*(kept.get(key, desk.about(key)) for key in keys), return_exceptions=True)


@pytest.mark.parametrize(
    ("rounds", "asked"),
    [
        pytest.param([("Cà Mau",) * 5], {"Cà Mau": 1}, id="at once"),
        pytest.param([("Cà Mau",), ("Cà Mau",)], {"Cà Mau": 1}, id="again"),
        pytest.param([("Cà Mau", "Huế")], {"Cà Mau": 1, "Huế": 1}, id="two questions are two"),
        pytest.param([("Sự cố",) * 3, ("Sự cố",)], {"Sự cố": 2}, id="a failure is told to all and not kept"),
        pytest.param([("1",), ("2",), ("3",), ("1",)], {"1": 2, "2": 1, "3": 1}, id="what was asked first goes"),
        pytest.param([("1",), ("2",), ("1",), ("3",), ("1",)], {"1": 1, "2": 1, "3": 1}, id="what is asked again stays"),
    ],
)  # fmt: skip
def test_an_answer_is_worked_out_once(rounds: list[tuple[str, ...]], asked: dict[str, int]) -> None:
    desk = Desk()

    async def ask_all() -> None:
        kept = Kept(most=2)
        for keys in rounds:
            for answer in await told(kept, desk, *keys):
                assert isinstance(answer, ValueError) == (keys[0] == "Sự cố" and desk.asked["Sự cố"] == 1)

    asyncio.run(ask_all())
    assert desk.asked == asked


def test_who_goes_away_takes_no_answer_from_others() -> None:
    desk = Desk()

    async def leave() -> str:
        kept = Kept()
        first = asyncio.create_task(kept.get("Huế", desk.about("Huế")))
        second = asyncio.create_task(kept.get("Huế", desk.about("Huế")))
        await asyncio.sleep(0)
        first.cancel()
        return str(await second)

    assert asyncio.run(leave()) == "Huế 1"


def test_nothing_of_an_old_release_is_kept() -> None:
    desk = Desk()

    async def move() -> list[Any]:
        kept = Kept()
        under_way = asyncio.create_task(kept.get("Huế", desk.about("Huế")))
        await asyncio.sleep(0)
        kept.clear()
        again = await told(kept, desk, "Huế")
        return [await under_way, *again, *await told(kept, desk, "Huế")]

    assert asyncio.run(move()) == ["Huế 2", "Huế 2", "Huế 2"]
