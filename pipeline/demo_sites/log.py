"""What a demo site was asked for, when, and how it answered."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Answer:
    """One request and its answer. Times are `time.monotonic()` seconds.

    `path` has the query. `status` 0 means that no answer was given. `at` is the request's arrival, `done` the
    handing over of the last bytes so far (`at` where there were none), `sent` the bytes of the body handed
    over. `conditional` says that the request named a copy at hand.
    """

    path: str
    status: int
    at: float
    done: float
    conditional: bool
    user_agent: str
    sent: int = 0


@dataclass
class RequestLog:
    """All answers in the order of their requests' arrival. Safe to use from several threads."""

    answers: list[Answer] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, answer: Answer) -> None:
        """Note one answer, at the request's arrival; the server keeps `done` and `sent` up to date."""
        with self._lock:
            self.answers.append(answer)

    def count(self, status: int) -> int:
        """How many requests were answered with `status`."""
        with self._lock:
            return sum(1 for answer in self.answers if answer.status == status)

    def paths(self) -> list[str]:
        """What was asked for, in order, with queries; a path that was asked for twice stands twice."""
        with self._lock:
            return [answer.path for answer in self.answers]

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self.answers.clear()
