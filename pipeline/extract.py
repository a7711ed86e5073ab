"""What `tongket extract` does: inputs → reports → standard output or a file; errors and progress aside."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline import logs
from pipeline.inputs import BadInput, InputArticle, Meter, read_inputs
from pipeline.tables import report_view, visible

if TYPE_CHECKING:
    from extractors.records import Report

_PATIENCE = 2.0


class OutputError(Exception):
    """The output cannot be written; the message names it."""


def read_article(article: InputArticle, *, everything: bool) -> Report | BadInput:
    """One article read. A fault in the reader costs this article alone and says so."""
    from extractors import read  # noqa: PLC0415 (brings spaCy and underthesea)

    try:
        return read(
            article.text, title=article.title, published=article.published, url=article.url,
            source=article.source, everything=everything,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 (the top: one odd article must not stop ten thousand)
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return BadInput(article.where, f"the reader failed ({what}): please report it with this text")


def read_all(
    paths: Sequence[str], *, everything: bool = False, meter: Meter | None = None
) -> Iterator[Report | BadInput]:
    """Reports and bad inputs in the order of the inputs, each as soon as it is read."""
    for item in read_inputs(paths, meter=meter):
        yield item if isinstance(item, BadInput) else read_article(item, everything=everything)


def extract(paths: Sequence[str], *, everything: bool, table: bool, output: Path | None) -> int:
    """Write every report; return how many inputs were bad, each of which got its line on standard error.

    Raises `OutputError` where the output cannot be written (no such folder, disk full).
    """
    meter, bad = Meter(), 0
    try:
        with _writer(output) as stream, _progress(paths, meter, quiet=output is None) as (step, errors):
            show = _as_table(stream) if table else _as_line(stream)
            for item in read_all(paths, everything=everything, meter=meter):
                if isinstance(item, BadInput):
                    bad += 1
                    complain(str(item), errors)
                else:
                    show(item)
                step()
    except BrokenPipeError:  # `| head` has seen enough: the program's frame ends it quietly
        raise
    except OSError as error:  # not from reading: that is a `BadInput`
        name = "standard output" if output is None else output
        raise OutputError(f"{name}: cannot be written: {error.strerror or error}") from None
    return bad


def complain(message: str, errors: Console | None = None) -> None:
    """One line on standard error, whatever the message holds; where that is for programs, an event."""
    if errors is None and logs.complain(message):
        return
    console = errors or Console(stderr=True)
    console.print(visible(message), markup=False, highlight=False, soft_wrap=True)


def _as_line(stream: IO[str]) -> Callable[[Report], None]:
    def show(report: Report) -> None:
        stream.write(report.to_json() + "\n")
        stream.flush()

    return show


def _as_table(stream: IO[str]) -> Callable[[Report], None]:
    # A file or a pipe has no width of its own: wide enough that names stay whole.
    console = Console(file=stream, width=None if stream.isatty() else 160, highlight=False)
    return lambda report: console.print(report_view(report))


@contextmanager
def _writer(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that takes its name only when it is whole."""
    if output is None:
        yield sys.stdout
        return
    target = output.resolve()
    if target.exists() and not target.is_file():  # /dev/null or a pipe: renaming over it would destroy it
        with target.open("w", encoding="utf-8") as stream:
            yield stream
        return
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with aside.open("w", encoding="utf-8") as stream:
            yield stream
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _progress(
    paths: Sequence[str], meter: Meter, *, quiet: bool
) -> Iterator[tuple[Callable[[], None], Console]]:
    """A bar on standard error once the work has taken two seconds; none where the output can be watched."""
    console = Console(stderr=True)
    if not console.is_terminal or (quiet and sys.stdout.isatty()):
        yield (lambda: None), console
        return
    size = sum(Path(path).stat().st_size for path in paths if path != "-" and Path(path).is_file())
    bar = Progress(
        TextColumn("reading"), BarColumn(), TextColumn("{task.fields[count]} articles"),
        TimeRemainingColumn(),        console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task("reading", total=None if "-" in paths else size, count=0)
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        bar.update(task, completed=meter.done, count=count)

    timer = Timer(_PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield step, console
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
