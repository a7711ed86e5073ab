"""What happens in a run, as events: for programs one JSON object a line, for people a short line where it matters.

`note("page_failed", "warning", url=…, reason=…)` may be called from anywhere, thread or process, and never raises.
Before `setup` (or `ensure`, with which each stage begins) it does nothing. A `json` log holds every event, a `text` log
warnings and errors, without those that a command says itself at its end.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, Literal

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter

from pipeline.settings.model import Settings
from pipeline.tables import escaped, visible

Level = Literal["info", "warning", "error"]
Format = Literal["text", "json"]
Event = MutableMapping[str, Any]

LOGGER = "tongket"
_LEVELS: dict[Level, int] = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_FIRST = ("time", "level", "event", "run", "source", "url")  # in every JSON event, null where there is none
_SAID = {"source_ill", "run_finished", "run_failed"}  # by the commands themselves, at their end
_LONGEST = 2000  # characters of one value: an event is a line, not a page


_LOCK = threading.Lock()  # two threads that set up at once would write everything twice


class _State:
    format: Format | None = None


def setup(settings: Settings) -> None:
    """Log to standard error from now on, as `settings.log_format` says."""
    with _LOCK:
        _begin(settings.log_format)


def ensure(settings: Settings) -> None:
    """The same unless it has been done: in a worker's process, which nobody else sets up."""
    if _State.format != settings.log_format:
        setup(settings)


def is_json() -> bool:
    """Whether standard error is for programs: then nothing but events belongs there."""
    return _State.format == "json"


def stop() -> None:
    """Log nothing any more."""
    _State.format = None
    for logger in (logging.getLogger(), logging.getLogger(LOGGER)):
        for handler in [one for one in logger.handlers if isinstance(one, _Handler)]:
            logger.removeHandler(handler)


def bind(**names: str | None) -> None:
    """Name the run in every later event of this context; None unbinds."""
    with suppress(Exception):
        bind_contextvars(**names)


@contextmanager
def bound(**names: str) -> Iterator[None]:
    """Name the run or the source in every event of the block, in its thread and in threads that take its context."""
    with bound_contextvars(**names):
        yield


def note(event: str, level: Level = "info", /, **fields: object) -> None:
    """Note that `event` happened, with what belongs to it."""
    if _State.format is None or (_State.format == "text" and (level == "info" or event in _SAID)):
        return
    with suppress(Exception):
        structlog.stdlib.get_logger(LOGGER).log(_LEVELS[level], event, **fields)


def complain(message: str) -> bool:
    """A line for people as an event, where standard error is for programs; False where it is not."""
    if is_json():
        note("complaint", "error", message=message)
    return is_json()


class _Handler(logging.StreamHandler[Any]):
    """Writes whole lines to standard error as it is at that moment, and keeps its own troubles to itself."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):
            self.setStream(sys.stderr)
            self.stream.write(self.format(record) + self.terminator)
            self.stream.flush()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Nothing: a log must not stop a run."""


def _begin(wanted: Format) -> None:
    stop()
    # What comes before rendering; stdlib's own records (of libraries) pass the same.
    shared: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Handler()
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _as_json if wanted == "json" else _as_text,
            ],
        )
    )
    own = logging.getLogger(LOGGER)
    own.setLevel(logging.INFO if wanted == "json" else logging.WARNING)
    own.propagate = False
    own.addHandler(handler)
    if wanted == "json":  # what libraries warn of would break the stream of objects
        logging.getLogger().addHandler(handler)
    _State.format = wanted


def _as_json(_logger: Any, _name: str, event: Event) -> str:
    """One line of JSON in which nothing can steer a terminal; what is no JSON is told by its `repr`."""
    ordered = {name: event.pop(name, None) for name in _FIRST} | dict(event)
    line = json.dumps(_shortened(ordered), ensure_ascii=False, default=repr)
    return line if line.isprintable() else escaped(line, lambda ch: json.dumps(ch)[1:-1])


def _as_text(_logger: Any, _name: str, event: Event) -> str:
    """`warning: songtien: page_failed: https://…: HTTP 500 (next_try 2025-01-14T19:00:00+00:00)`."""
    level, what = event.pop("level", "warning"), event.pop("event", "")
    parts = [level, event.pop("source", None), what, event.pop("url", None), event.pop("reason", None)]
    for name in ("time", "run", "logger"):
        event.pop(name, None)
    more = ", ".join(f"{name} {value}" for name, value in event.items() if value is not None)
    line = ": ".join(str(_shortened(part)) for part in parts if part) + (f" ({more})" if more else "")
    return visible(str(_shortened(line)))


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        return value[:_LONGEST] + "…"
    if isinstance(value, dict):
        return {str(key): _shortened(told) for key, told in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(told) for told in value[:100]]
    return value
