"""What `tongket extract` does: inputs → reports → standard output or a file; errors and progress aside."""

from __future__ import annotations

import math
import stat
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, cast

from pipeline.input_items import BadInput, Document, InputArticle, RawRow
from pipeline.input_text import UnreadableError
from pipeline.inputs import Meter, article_of, read_raw
from pipeline.output import as_lines, as_tables, is_watched, writer
from pipeline.processes import cores, in_order

if TYPE_CHECKING:
    from rich.console import Console

    from extractors.records import Report

Raw = Document | RawRow | BadInput
Line = bytes | BadInput
"""A report as one line of JSON in UTF-8, without its end, or what could not be read."""

_PATIENCE = 2.0
# Seconds of reading after which processes are worth their start, which takes a second; and bytes of files that take longer.
_WORTHWHILE, _LONG = 1.0, 4 * 1024 * 1024
# Characters (bytes, of rows that are not taken apart yet) read together here: some thirty articles.
_BATCH = 128 * 1024
# And by a process: each batch that goes to one and comes back interrupts the others.
_BATCH_SENT = 2 * _BATCH
# What the common parent of the workers has loaded, they need not load.
_PRELOAD = ("pipeline.extract", "pipeline.loaded")


class OutputError(Exception):
    """The output cannot be written; the message names it."""


def read_article(article: InputArticle, *, everything: bool) -> Report | BadInput:
    """One article read. A fault in the reader costs this article alone and says so."""
    from extractors import read  # noqa: PLC0415 (brings spaCy and underthesea)

    try:
        return read(**_arguments(article), everything=everything)
    except Exception as error:  # noqa: BLE001 (the top: one odd article must not stop ten thousand)
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return BadInput(article.where, f"the reader failed ({what}): please report it with this text")


def read_batch(batch: list[Raw], *, everything: bool) -> list[Line]:
    """Some inputs read, each one's line in its place; all that a worker does."""
    from extractors import read_many  # noqa: PLC0415 (as above)

    inputs = [_input(item) for item in batch]
    articles = [one for one in inputs if not isinstance(one, BadInput)]
    reports: list[Report | BadInput]
    try:
        reports = list(read_many([_arguments(article) for article in articles], everything=everything))
    except Exception:  # noqa: BLE001 (one by one, it is told which was odd)
        reports = [read_article(article, everything=everything) for article in articles]
    done = iter(reports)
    lines = [one if isinstance(one, BadInput) else next(done) for one in inputs]
    return [line if isinstance(line, BadInput) else line.to_json_bytes() for line in lines]


def _input(item: Raw) -> InputArticle | BadInput:
    if isinstance(item, BadInput):
        return item
    try:
        return article_of(item)
    except UnreadableError as error:
        return BadInput(item.where, str(error))


def _arguments(article: InputArticle) -> dict[str, Any]:
    """Those of `extractors.read`."""
    return {
        "text": article.text,
        "title": article.title,
        "published": article.published,
        "url": article.url,
        "source": article.source,
    }


def read_all(
    paths: Sequence[str], *, everything: bool = False, workers: int | None = None, meter: Meter | None = None
) -> Generator[list[Line], None, None]:
    """Reports and bad inputs in the order of the inputs, as many at a time as are there together.

    With more than one of `workers` that many processes read; None is one for each core, if the input is files of 4 MB and
    more or reading has taken a second here. What comes out is the same.
    """
    items = read_raw(paths, meter=meter)
    many = cores() if workers is None else workers
    read = partial(read_batch, everything=everything)
    size = _size(paths)
    if many == 1 or (workers is None and (size is None or size < _LONG)):
        # From elsewhere than files an article may come long before the next.
        full = 1 if size is None else _BATCH
        yield from _read_here(read, items, full=full, until=_WORTHWHILE if many > 1 else math.inf)
    with closing(
        in_order(read, items, workers=many, lost=_lost, weigh=_weight, full=_BATCH_SENT, preload=_PRELOAD)
    ) as batches:
        yield from batches


def _size(paths: Sequence[str]) -> int | None:
    """Bytes of `paths` as they lie on disk; None where not all are files."""
    total = 0
    for path in paths:
        try:
            found = Path(path).stat()
        except (OSError, ValueError):  # told where it is read
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        total += found.st_size
    return total


def _read_here(
    read: Callable[[list[Raw]], list[Line]], items: Iterator[Raw], *, full: int, until: float
) -> Iterator[list[Line]]:
    """Read `items`, as many as weigh `full` together, until that has taken so many seconds.

    Waiting for input and for models is not counted.
    """
    spent = -math.inf
    for batch in _batches(items, full):
        begun = time.monotonic()
        lines = read(batch)
        spent = max(0.0, spent + time.monotonic() - begun)  # what the first took was not reading
        yield lines
        if spent >= until:
            return


def _batches(items: Iterator[Raw], full: int) -> Iterator[list[Raw]]:
    batch: list[Raw] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += _weight(item)
        if weight >= full:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _weight(item: Raw) -> int:
    match item:
        case BadInput():
            return 200
        case RawRow(data=data) if not isinstance(data, bytes):
            return sum(map(len, data.values()))
        case _:
            return len(item.data)


def _lost(item: Raw) -> Line:
    return BadInput(
        item.where, "the process that read it died, and so did others that tried (out of memory?)"
    )


def extract(
    paths: Sequence[str], *, everything: bool, table: bool, output: Path | None, workers: int | None = None
) -> int:
    """Write every report; return how many inputs were bad, each of which got its line on standard error.

    `workers` as for `read_all`. Raises `OutputError` where the output cannot be written (no such folder, disk full).
    """
    meter, bad = Meter(), 0
    try:
        with (
            writer(output) as stream,
            _progress(paths, meter, quiet=output is None) as (step, errors),
            closing(read_all(paths, everything=everything, workers=workers, meter=meter)) as batches,
        ):
            render = as_tables(stream) if table else as_lines
            watched = is_watched(stream)
            for lines in batches:
                for good, some in groupby(lines, key=lambda line: isinstance(line, bytes)):
                    if good:
                        stream.write(render(cast("Iterator[bytes]", some)))
                        continue
                    for line in some:
                        bad += 1
                        complain(str(line), errors)
                if watched:
                    stream.flush()
                step(len(lines))
            if output is None:
                stream.flush()  # a full disk is to be told while that can be done
    except BrokenPipeError:  # `| head` has seen enough: the program's frame ends it quietly
        raise
    except OSError as error:  # not from reading: that is a `BadInput`
        name = "standard output" if output is None else output
        raise OutputError(f"{name}: cannot be written: {error.strerror or error}") from None
    return bad


def complain(message: str, errors: Console | None = None) -> None:
    """One line on standard error, whatever the message holds; where that is for programs, an event."""
    from rich.console import Console  # noqa: PLC0415 (workers do without)

    from pipeline import logs  # noqa: PLC0415 (seldom wanted, and slow to import)
    from pipeline.tables import visible  # noqa: PLC0415 (as above)

    if errors is None and logs.complain(message):
        return
    console = errors or Console(stderr=True)
    console.print(visible(message), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _progress(
    paths: Sequence[str], meter: Meter, *, quiet: bool
) -> Iterator[tuple[Callable[[int], None], Console]]:
    """A bar on standard error once the work has taken two seconds; none where the output can be watched."""
    from rich.console import Console  # noqa: PLC0415 (workers do without)

    console = Console(stderr=True)
    if not console.is_terminal or (quiet and sys.stdout.isatty()):
        yield (lambda _count: None), console
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    size = sum(Path(path).stat().st_size for path in paths if path != "-" and Path(path).is_file())
    bar = Progress(
        TextColumn("reading"), BarColumn(), TextColumn("{task.fields[count]} articles"),
        TimeRemainingColumn(),        console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task("reading", total=None if "-" in paths else size, count=0)
    count = 0

    def step(more: int) -> None:
        nonlocal count
        count += more
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
