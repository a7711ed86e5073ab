"""A folder of annotated articles (NAME.txt beside NAME.json, as in corpus/gold) → `GoldArticle`s.

Evidence in gold is a `quote` that stands once in the text, or once inside its context `in`, so that people
can write it without counting characters.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.validation import first_problem

# The floors of the scores (`floors.py`) may lie beside the articles.
FLOORS_NAME = "floors.json"


class GoldError(ValueError):
    """A gold folder that cannot be used; the message names the file and the field."""


class _Gold(BaseModel):
    """Fields that scoring does not compare (notes, people, places) are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldItem(_Gold):
    """What figures and awards share. An `optional` item is neither missed nor a false alarm."""

    quote: str = Field(min_length=1)
    context: str | None = Field(default=None, alias="in")
    optional: bool = False


class GoldFigure(GoldItem):
    """A figure by the codes of the record contract."""

    indicator: str
    value: Decimal
    value_max: Decimal | None = None
    unit: str
    modifier: str = "exact"
    status: str
    of: Decimal | None = None
    attainment_pct: Decimal | None = None
    share_pct: Decimal | None = None


class GoldAward(GoldItem):
    """An award; `count` is None where the article does not say."""

    form: str
    recipient_type: str
    count: Decimal | None = None
    grantors: list[str] = Field(default_factory=list)


class GoldUnit(_Gold):
    """A unit by its canonical name and its role in the event."""

    canonical: str
    role: str


class GoldDate(_Gold):
    """ISO dates, `end` None for one day."""

    start: str | None = None
    end: str | None = None
    session: str | None = None


class GoldPeriod(_Gold):
    """The period looked back on, ISO dates."""

    start: str | None
    end: str | None


class GoldConference(_Gold):
    """One event; `host` is the canonical name, None where the article names none."""

    kind: str
    host: str | None = None
    date: GoldDate | None = None
    review_period: GoldPeriod | None = None
    units: list[GoldUnit] = Field(default_factory=list)
    figures: list[GoldFigure] = Field(default_factory=list)
    awards: list[GoldAward] = Field(default_factory=list)


class GoldArticle(_Gold):
    """An annotated article. `name` is the file's name without suffix, `text` what NAME.txt holds."""

    name: str
    text: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    relevant: bool = True
    conferences: list[GoldConference]


def load_gold(folder: Path) -> list[GoldArticle]:
    """All articles of `folder`, in order of name: `load_gold(Path("corpus/gold"))[0].conferences[0].host`.

    Raises `GoldError` naming the folder where it holds no annotation, the file where one cannot be read.
    """
    if not folder.is_dir():
        raise GoldError(f"{folder}: no such folder: give one that holds NAME.txt beside NAME.json")
    paths = sorted(path for path in folder.glob("*.json") if path.name != FLOORS_NAME)
    if not paths:
        raise GoldError(f"{folder}: no NAME.json in it: give a folder of NAME.txt beside NAME.json")
    return [_load(path) for path in paths]


def _load(path: Path) -> GoldArticle:
    try:
        record = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise GoldError(f"{path}:{error.lineno}: broken JSON ({error.msg}): mend the file") from None
    if not isinstance(record, dict):
        raise GoldError(f'{path}: not an object: write {{"relevant": …, "conferences": […]}}')
    text = _text(path.with_suffix(".txt"))
    try:
        return GoldArticle.model_validate({**record, "name": path.stem, "text": text})
    except ValidationError as error:
        raise GoldError(f"{path}: {first_problem(error)}: see the README beside the gold articles") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GoldError(f"{path}: no such file: each NAME.json needs its NAME.txt") from None
    except UnicodeDecodeError:
        raise GoldError(f"{path}: not UTF-8: convert it with iconv") from None
    except OSError as error:
        raise GoldError(f"{path}: cannot be read: {error.strerror or error}") from None
