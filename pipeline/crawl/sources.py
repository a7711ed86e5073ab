"""Source manifests: one YAML file a news site, with where its articles are and what a healthy night is."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline.validation import first_problem


class SourceError(ValueError):
    """A manifest that cannot be used; the message names the file and the field."""


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Listing(_Manifest):
    """A page of links: `link` selects the `<a>` of an article, `next` the `<a>` of the following page."""

    url: str
    link: str
    next: str | None = None
    max_pages: int = Field(default=1, ge=1, le=100)


class Selectors(_Manifest):
    """CSS selectors of an article page; what is left empty is found by the general rules."""

    title: str | None = None
    lead: str | None = None
    body: str | None = None
    byline: str | None = None
    published: str | None = None
    captions: str | None = None
    drop: list[str] = Field(default_factory=list)


class Bounds(_Manifest):
    """What a healthy night looks like; a breach keeps the last good release in place."""

    min_links: int = Field(default=1, ge=0)
    min_dated_share: float = Field(default=0.0, ge=0, le=1)
    min_relevant_share: float = Field(default=0.0, ge=0, le=1)


class Source(_Manifest):
    """One site. `feeds` and `listings` may be relative to `base_url`; `article_pattern` is searched in paths.

    `delay_seconds` is the pause between two requests to the site. `allow_loopback` lets the crawler talk to
    this machine, which only the demo site needs: others are refused private and loopback addresses.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    base_url: str = Field(pattern=r"^https?://[^/]+")
    feeds: list[str] = Field(default_factory=list)
    listings: list[Listing] = Field(default_factory=list)
    article_pattern: str
    selectors: Selectors = Selectors()
    delay_seconds: float = Field(default=2.0, ge=0)
    allow_loopback: bool = False
    bounds: Bounds = Bounds()

    @field_validator("article_pattern")
    @classmethod
    def _is_regex(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @property
    def host(self) -> str:
        """`baosongtien.vn` or `127.0.0.1:8765`, in lower case."""
        return urlsplit(self.base_url).netloc.lower()

    def absolute(self, url: str) -> str:
        """`/cong-doan/` as a whole URL of this site."""
        return urljoin(self.base_url, url)

    def is_article(self, url: str) -> bool:
        """Whether `url` is on this site and its path looks like an article's."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return parts.netloc.lower() == self.host and re.search(self.article_pattern, path) is not None

    def at(self, base_url: str) -> Source:
        """The same source served from elsewhere, such as a free port of this machine."""
        return self.model_copy(update={"base_url": base_url})


def load_source(path: Path) -> Source:
    """The manifest at `path`. Raises `SourceError` naming the file and the first field at fault."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceError(f"{path}: cannot be read as YAML: {error}") from error
    if not isinstance(data, dict):
        raise SourceError(f"{path}: must be a mapping with name, title, base_url and article_pattern")
    try:
        source = Source.model_validate(data)
    except ValidationError as error:
        raise SourceError(f"{path}: field {first_problem(error)}") from error
    if not source.feeds and not source.listings:
        raise SourceError(f"{path}: field feeds: name at least one feed or listing to find articles with")
    return source


def load_sources(directory: Path) -> list[Source]:
    """All manifests of `directory`, by file name. Raises `SourceError` on a bad one or a name used twice."""
    if not directory.is_dir():
        raise SourceError(f"{directory}: no such folder of source manifests")
    found: dict[str, Path] = {}
    sources = []
    for path in sorted(directory.glob("*.yaml")):
        source = load_source(path)
        if source.name in found:
            raise SourceError(f"{path}: field name: {source.name!r} is already used by {found[source.name]}")
        found[source.name] = path
        sources.append(source)
    return sources
