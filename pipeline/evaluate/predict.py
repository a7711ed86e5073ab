"""The reports that a gold folder is scored against: read now, or taken from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from pydantic import ValidationError

from extractors.records import Report
from pipeline.evaluate.gold import GoldArticle, GoldError
from pipeline.validation import first_problem


def predict(gold: Sequence[GoldArticle]) -> dict[str, Report]:
    """Every gold article read as `tongket extract --all` reads it, by name."""
    from extractors import read  # noqa: PLC0415 (brings spaCy; a file of predictions does without)

    return {
        article.name: read(
            article.text, title=article.title, published=article.published, url=article.url,
            source=article.name, everything=True,
        )
        for article in gold
    }  # fmt: skip


def load_predictions(path: Path, gold: Sequence[GoldArticle]) -> dict[str, Report]:
    """The reports in a file that `tongket extract` wrote, by gold name.

    `article.source` is that name, which counts first, or the path of NAME.txt; of two reports the last
    one counts. Raises `GoldError` naming file and line, or where no report belongs to a gold article.
    """
    reports = _reports(path)
    names = {article.name for article in gold}
    found: dict[str, Report] = {}
    for by_path in (True, False):
        for report in reports:
            source = report.article.source or ""
            name = PurePath(source).stem if by_path else source
            if name in names:
                found[name] = report
    if not found:
        raise GoldError(f"{path}: no report of a gold article: `article.source` must be its NAME")
    return found


def _reports(path: Path) -> list[Report]:
    reports = []
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    reports.append(_report(line, f"{path}:{number}"))
    except UnicodeDecodeError:
        raise GoldError(f"{path}: not UTF-8: give the output of `tongket extract`") from None
    except OSError as error:
        raise GoldError(f"{path}: cannot be read: {error.strerror or error}") from None
    return reports


def _report(line: str, where: str) -> Report:
    try:
        return Report.model_validate_json(line)
    except ValidationError as error:
        raise GoldError(
            f"{where}: no report ({first_problem(error)}): give the output of `tongket extract --all`"
        ) from None
