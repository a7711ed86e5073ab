"""Answers kept as long as the release is shown: what many readers ask at once or again is worked out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

MOST = 100
"""How many answers are kept: those asked for last. A list of conferences is some 60 kB."""


class Kept:
    """Answers by what was asked. Used by one event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, asyncio.Task[Any]] = OrderedDict()

    async def get(self, key: Hashable, answer: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """The answer to `key`: one at hand or under way, else that of `answer`. Raises what that raises, and forgets it."""
        task = self._answers.get(key)
        if task is None:
            task = self._answers[key] = asyncio.create_task(answer())
            task.add_done_callback(lambda done: self._forget_failed(key, done))
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        else:
            self._answers.move_to_end(key)
        # A reader who goes away ends the waiting, not the answer: others wait for it too.
        return await asyncio.shield(task)

    def clear(self) -> None:
        """Keep nothing any more; what is under way still reaches those who asked."""
        self._answers.clear()

    def _forget_failed(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        failed = done.cancelled() or done.exception() is not None
        if failed and self._answers.get(key) is done:
            del self._answers[key]
