"""Source manifests: one YAML file a news site, with where its articles are and what a healthy night is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

import soupsieve
import yaml
from croniter import croniter
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.crawl.urls import URLError, article_url, canonical_url
from pipeline.validation import first_problem

# A headline in a link: seven words and more joined by hyphens. Names of categories are shorter.
HEADLINE = r"/(?:[a-z0-9]+-){6,}[^/]*/?$"


class SourceError(ValueError):
    """A manifest that cannot be used; the message names the file and the field."""


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _css(selector: str | None) -> str | None:
    if selector is not None:
        try:
            soupsieve.compile(selector)
        except soupsieve.SelectorSyntaxError as error:
            raise ValueError(f"not a CSS selector: {str(error).splitlines()[0]}") from error
    return selector


def _regex(value: str | None) -> str | None:
    if value is not None:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
    return value


class Listing(_Manifest):
    """A page of links: `link` selects the `<a>` of an article, `next` the `<a>` of the following page.

    Without `link` every link of the page that looks like an article's is taken. `next` may also be a path with
    `{page}`, such as `/cong-doan/trang-{page}.html`, from page 2 on.
    """

    url: str
    link: str = "a[href]"
    next: str | None = None
    max_pages: int = Field(default=1, ge=1, le=1000)

    _link = field_validator("link")(_css)

    @field_validator("next")
    @classmethod
    def _next(cls, value: str | None) -> str | None:
        return value if value and "{page}" in value else _css(value)


class Layout(_Manifest):
    """CSS selectors of an article page of one time; what is left empty is found by the general rules.

    `since` and `until` are the first and last publication day that the layout was in use, where known.
    """

    since: date | None = None
    until: date | None = None
    title: str | None = None
    lead: str | None = None
    body: str | None = None
    byline: str | None = None
    published: str | None = None
    captions: str | None = None
    drop: list[str] = Field(default_factory=list)

    _selectors = field_validator("title", "lead", "body", "byline", "published", "captions")(_css)

    @field_validator("drop")
    @classmethod
    def _drop(cls, value: list[str]) -> list[str]:
        return [_css(selector) or "" for selector in value]


class DateRule(_Manifest):
    """How a site tells when an article was published.

    `first` is what is believed first: `metadata` (JSON-LD, meta elements), `page` (the stamp that readers see)
    or `url`. `url` is a regular expression with groups `year`, `month`, `day`, searched in an article's path.
    `day_first` tells `03/02/2025` from the American order. `offset` is that of stamps without one.
    """

    first: Literal["metadata", "page", "url"] = "metadata"
    url: str | None = None
    day_first: bool = True
    offset: str = Field(default="+07:00", pattern=r"^[+-]\d{2}:\d{2}$")

    @field_validator("url")
    @classmethod
    def _groups(cls, value: str | None) -> str | None:
        if _regex(value) and not {"year", "month", "day"} <= set(re.compile(value or "").groupindex):
            raise ValueError("needs the named groups (?P<year>…), (?P<month>…) and (?P<day>…)")
        return value


class Bounds(_Manifest):
    """What a healthy night looks like. Shares are of 1; those of articles are taken over new articles.

    `min_of_usual` compares the links found with the median of the source's last seven healthy nights.
    `min_layout_share` is that of articles whose body one of the layouts fits, where a layout names a body.
    `max_quiet_days` may pass since the newest article: new ones may have moved to where nobody looks.
    """

    min_links: int = Field(default=1, ge=0)
    min_of_usual: float = Field(default=0.3, ge=0, le=1)
    max_failed_share: float = Field(default=0.5, ge=0, le=1)
    min_dated_share: float = Field(default=0.5, ge=0, le=1)
    min_layout_share: float = Field(default=0.8, ge=0, le=1)
    min_relevant_share: float = Field(default=0.0, ge=0, le=1)
    max_quiet_days: int | None = Field(default=None, ge=1)


class Source(_Manifest):
    """One site. Start points may be relative to `base_url`; `article_pattern` is searched in path and query.

    `hosts` are further hosts that show the same articles (`m.baotinh.vn`); `rewrite` turns a twin's path into
    the article's, by regular expressions. `delay_seconds` is the pause between two requests to the site.
    `schedule` is a cron line in Vietnamese time. `verified` says that a person has seen the manifest work.
    `allow_loopback` lets the crawler talk to this machine, which only the demo's sites need.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    base_url: str = Field(pattern=r"^https?://[^/]+/?$")
    hosts: list[str] = Field(default_factory=list)
    verified: bool = True
    feeds: list[str] = Field(default_factory=list)
    sitemaps: list[str] = Field(default_factory=list)
    listings: list[Listing] = Field(default_factory=list)
    article_pattern: str = HEADLINE
    rewrite: dict[str, str] = Field(default_factory=dict)
    layouts: list[Layout] = Field(default_factory=list)
    dates: DateRule = DateRule()
    delay_seconds: float = Field(default=2.0, ge=0, allow_inf_nan=False)
    schedule: str = "0 2 * * *"
    allow_loopback: bool = False
    bounds: Bounds = Bounds()

    _pattern = field_validator("article_pattern")(_regex)

    @field_validator("base_url")
    @classmethod
    def _site(cls, value: str) -> str:
        # In the spelling of links, so that `https://BáoThử.vn:443` is the host that they name.
        return canonical_url(value).removesuffix("/")

    @field_validator("hosts")
    @classmethod
    def _names(cls, value: list[str]) -> list[str]:
        if wrong := next((name for name in value if re.search(r"[/?#@\s]", name)), None):
            raise ValueError(f"{wrong!r} is no host like m.baotinh.vn")
        return [urlsplit(canonical_url(f"https://{name}")).netloc for name in value]

    @field_validator("rewrite")
    @classmethod
    def _rewrites(cls, value: dict[str, str]) -> dict[str, str]:
        for pattern, replacement in value.items():
            try:
                re.compile(pattern).sub(replacement, "")  # a group that is not there is told here too
            except (re.error, IndexError) as error:
                raise ValueError(f"{pattern!r}: {error}") from error
        return value

    @field_validator("schedule")
    @classmethod
    def _cron(cls, value: str) -> str:
        if not croniter.is_valid(value):
            raise ValueError(f"{value!r} is no cron line like '0 2 * * *'")
        return value

    @model_validator(mode="after")
    def _has_a_start(self) -> Source:
        if not (self.feeds or self.sitemaps or self.listings):
            raise ValueError("name at least one of feeds, sitemaps or listings to find articles with")
        return self

    @property
    def host(self) -> str:
        """`baosongtien.vn` or `127.0.0.1:8765`, in lower case."""
        return urlsplit(self.base_url).netloc.lower()

    def absolute(self, url: str) -> str:
        """`/cong-doan/` as a whole URL of this site."""
        return urljoin(self.base_url, url)

    def article(self, url: str) -> str | None:
        """The canonical URL of the article at `url`, whichever twin that is; None where it is none of this site's."""
        try:
            canonical = article_url(url)
        except URLError:
            return None
        if not self.is_own(canonical):
            return None
        parts = urlsplit(canonical)
        base = urlsplit(self.base_url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        for pattern, replacement in self.rewrite.items():
            path = re.sub(pattern, replacement, path)
        if re.search(self.article_pattern, path) is None:
            return None
        path, _, query = path.partition("?")
        return urlunsplit((base.scheme, self.host, path, query, ""))

    def is_own(self, url: str) -> bool:
        """Whether `url` is on one of the site's hosts; `www.` makes no difference."""
        host = urlsplit(url).netloc.lower()
        return host.removeprefix("www.") in {
            name.lower().removeprefix("www.") for name in (self.host, *self.hosts)
        }

    def at(self, base_url: str) -> Source:
        """The same source served from elsewhere, such as a free port of this machine."""
        return self.model_copy(update={"base_url": base_url})


def load_source(path: Path) -> Source:
    """The manifest at `path`. Raises `SourceError` naming the file and the first field at fault."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    # ValueError: no UTF-8, or a day like 2024-13-01; RecursionError: brackets in brackets without end
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SourceError(f"{path}: cannot be read as YAML: {error}") from error
    except RecursionError:
        raise SourceError(f"{path}: cannot be read as YAML: nested too deeply") from None
    if not isinstance(data, dict):
        raise SourceError(f"{path}: must be a mapping with name, title, base_url and a start point")
    try:
        return Source.model_validate(data)
    except ValidationError as error:
        raise SourceError(f"{path}: field {first_problem(error)}") from error


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
