"""What `tongket sources new` does: from the address of a home page or a section to a draft of a manifest."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from pipeline.crawl.sources import Source
from pipeline.crawl.urls import URLError, canonical_url
from pipeline.settings import Settings
from pipeline.sourcing.draft import manifest_text
from pipeline.sourcing.explore import NewError, explore
from pipeline.summary import Progress
from pipeline.validation import first_problem

__all__ = ["Draft", "NewError", "name_of", "new"]

_ENDINGS = re.compile(r"(?:\.(?:com|net|org|gov|edu|info|example))?\.[a-z]+(?::\d+)?$")


@dataclass(frozen=True)
class Draft:
    """A manifest: its text, where it was written (None: nowhere), and the command to try next."""

    text: str
    path: Path | None
    next_step: str


def new(
    settings: Settings,
    url: str,
    *,
    name: str | None = None,
    folder: Path | None = None,
    loopback: bool = False,
    progress: Progress,
) -> Draft:
    """A draft for the site of `url`, written to `folder`/NAME.yaml, or nowhere where that is None.

    Raises `NewError` where the site cannot be read, or shows no articles, or the file is there already.
    """
    start, name = _given(url, name)
    path = None if folder is None else folder / f"{name}.yaml"
    if path is not None and path.exists():
        raise NewError(f"{path}: is there already: choose another --name or --output, or remove it")
    if path is not None and not path.parent.is_dir():
        raise NewError(f"{path.parent}: no such folder: make it first")
    text = manifest_text(explore(settings, start, name, loopback=loopback, progress=progress))
    try:
        Source.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        why = first_problem(error) if isinstance(error, ValidationError) else str(error)
        raise NewError(
            f"{start}: the draft would be no manifest ({why}): please report it with this address"
        ) from error
    if path is not None:
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise NewError(f"{path}: cannot be written: {error.strerror or error}") from error
    where = "" if folder is None else f" --sources {shlex.quote(str(folder))}"
    return Draft(text, path, f"tongket sources check {name}{where}")


def name_of(url: str) -> str:
    """A source's name from its host.

    >>> name_of("https://www.congdoan.vinhlong.gov.vn/tin-tuc"), name_of("http://127.0.0.1:8765/")
    ('congdoan-vinhlong', 'site-127-0-0-1-8765')
    """
    host = urlsplit(url).netloc.lower().removeprefix("www.")
    if re.fullmatch(r"[\d.:]+|\[.*", host):
        return f"site-{re.sub(r'[^0-9a-f]+', '-', host).strip('-')}"
    return re.sub(r"[^a-z0-9_-]+", "-", _ENDINGS.sub("", host)).strip("-_") or "site"


def _given(url: str, name: str | None) -> tuple[str, str]:
    try:
        # `congdoan.vn/tin-tuc`, as people write it; `mailto:…` is something else.
        start = canonical_url(f"https://{url}" if re.fullmatch(r"[\w.-]+(?::\d+)?(?:/.*)?", url) else url)
    except URLError as error:
        raise NewError(str(error)) from error
    name = name or name_of(start)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise NewError(f"--name: {name!r}: letters a-z, digits, - and _ only")
    return start, name
