"""Work spread over processes: results in the order of the work, little of it under way at a time, a dead worker replaced.

The standard library's pools take all work at once, and one dead worker costs them all that is under way (or for ever,
where it died while it answered). Here each worker has a pipe of its own and one batch, so that neither is so.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from threading import Condition, Lock, Thread, local
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

Work = Callable[[list[T]], list[R]]
"""What a worker does with a batch. It is sent to the worker, as are the batches and the results back."""

_AHEAD = 4  # batches under way for each worker: one that takes long must not leave the others idle
_SWITCH = 0.0005  # seconds
_LIVES = 2  # workers that a batch may cost
# A process forked from this one would share its threads and database handles, a fresh one would import all for itself.
_CONTEXT = get_context("forkserver")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0))


def in_order(
    work: Work[T, R],
    items: Iterable[T],
    *,
    workers: int,
    lost: Callable[[T], R],
    weigh: Callable[[T], int] = lambda _item: 1,
    full: int = 1,
    preload: Iterable[str] = (),
) -> Generator[list[R], None, None]:
    """What `work` makes of `items`, batch after batch in their order, by `workers` processes.

    A batch is as many items as weigh `full` together, or fewer where a worker would wait for more. `items` is read in a
    thread, and no further ahead than keeps the workers busy: memory does not grow with it. What a worker had when it
    was killed is given to another; what kills two is given out item by item, and one that kills two more is handed to
    `lost`. An error of `work` or of `items` is raised in its turn. `preload` names modules that are imported once for
    all workers. Left early, the workers are killed.
    """
    crew = _Crew(work, workers, lost, preload)
    hand_out = _HandOut(crew, workers * _AHEAD, full, weigh)
    Thread(target=hand_out.feed, args=(items,), daemon=True).start()
    # A worker is idle until its thread here may run, while another parses what comes next.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        while (future := hand_out.take()) is not None:
            yield future.result()
    finally:
        sys.setswitchinterval(interval)
        hand_out.close()
        crew.close()


class _HandOut(Generic[T, R]):
    """Batches on their way: filled by one thread, taken by another."""

    def __init__(self, crew: _Crew[T, R], room: int, full: int, weigh: Callable[[T], int]) -> None:
        self._crew, self._room, self._full, self._weigh = crew, room, full, weigh
        self._changed = Condition()
        self._batch: list[T] = []
        self._weight = 0
        self._sent: deque[Future[list[R]]] = deque()
        self._fed = self._closed = False
        self._error: BaseException | None = None

    def feed(self, items: Iterable[T]) -> None:
        """Take `items` as there is room for them; then there are no more."""
        try:
            for item in items:
                with self._changed:
                    self._batch.append(item)
                    self._weight += self._weigh(item)
                    self._send()
                    self._changed.wait_for(lambda: self._weight < self._full or self._closed)
                    if self._closed:
                        return
        except BaseException as error:  # noqa: BLE001  it is raised where the results are taken
            self._error = error
        finally:
            with self._changed:
                self._fed = True
                self._changed.notify_all()

    def take(self) -> Future[list[R]] | None:
        """The next batch in order, done; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._sent or self._fed)
            self._send()
            if not self._sent:
                if self._error is not None:
                    raise self._error
                return None
            future = self._sent[0]
        wait([future])
        with self._changed:
            # Only now is there room for another: what waits behind a slow batch takes memory too.
            self._sent.popleft()
            self._send()
        return future

    def close(self) -> None:
        """Take no more items."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _send(self) -> None:
        if self._batch and len(self._sent) < self._room and not self._closed:
            self._sent.append(self._crew.submit(self._batch))
            self._batch, self._weight = [], 0
            self._changed.notify_all()


class _Crew(Generic[T, R]):
    """A thread for each worker: it sends a batch, waits for what comes back, and replaces a worker that has died."""

    def __init__(
        self, work: Work[T, R], workers: int, lost: Callable[[T], R], preload: Iterable[str]
    ) -> None:
        self._work, self._lost = work, lost
        self._mine = local()
        self._lock = Lock()
        self._workers: set[_Worker] = set()
        self._closed = False
        _CONTEXT.set_forkserver_preload(list(preload))
        self._threads = ThreadPoolExecutor(workers, initializer=_ignore_interrupts)

    def submit(self, batch: list[T]) -> Future[list[R]]:
        """`batch` read as soon as a worker is free."""
        return self._threads.submit(self._read, batch)

    def close(self) -> None:
        """End the workers, whatever they are at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown()

    def _read(self, batch: list[T]) -> list[R]:
        for _ in range(_LIVES):
            worker = self._worker()
            try:
                results, error = worker.ask(batch)
            except (EOFError, OSError):
                self._dismiss(worker)
                continue
            if error is not None:
                raise error
            return cast("list[R]", results)
        if len(batch) == 1:
            return [self._lost(batch[0])]
        return [result for item in batch for result in self._read([item])]

    def _worker(self) -> _Worker:
        """This thread's. Raises `CancelledError` once there are to be no more."""
        found: _Worker | None = getattr(self._mine, "worker", None)
        if found is None:
            with self._lock:
                if self._closed:
                    raise CancelledError
                found = self._mine.worker = _Worker(self._work)
                self._workers.add(found)
        return found

    def _dismiss(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
            self._mine.worker = None
            worker.kill()


class _Worker:
    """A process that does one batch at a time."""

    def __init__(self, work: Work[Any, Any]) -> None:
        self._pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, work), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, batch: list[Any]) -> tuple[list[Any], Exception | None]:
        """What the worker makes of `batch`, or its error. Raises `EOFError` or `OSError` where it has died."""
        self._pipe.send(batch)
        return cast("tuple[list[Any], Exception | None]", self._pipe.recv())

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, work: Work[Any, Any]) -> None:
    """In the worker: answer batches until the parent is no more."""
    while True:
        try:
            batch = pipe.recv()
        except (EOFError, ConnectionError):
            return
        try:
            answer: tuple[list[Any], Exception | None] = (work(batch), None)
        except Exception as error:  # noqa: BLE001  it is raised in the parent
            answer = ([], error)
        with suppress(ConnectionError):
            pipe.send(answer)


def _ignore_interrupts() -> None:
    """In a thread that starts workers: they have its signal mask, so that Ctrl-C is for their parent alone."""
    resource_tracker.ensure_running()  # started later, it would lift the mask
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
