"""What a demo site is, as data: `site.yaml` with its categories, its pages' addresses, and its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.demo_sites.story import DemoSiteError
from pipeline.validation import first_problem

Kind = Literal["article", "listing", "feed", "sitemap", "robots"]
"""What a page is for. An article's twins (print, AMP) are articles."""

Validator = Literal["etag", "last-modified"]

# What a part of a route stands for. An article's is looked up among the articles.
_PARTS = {"article": r".+", "category": r"[a-z-]+", "page": r"[1-9]\d*", "month": r"\d{4}-\d{2}"}
_TRACKING = re.compile(r"utm_\w+|fbclid|zarsrc|gidzl")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Headers(_Data):
    """Headers of the pages of one kind: the content type as it is sent, and which validators come with it."""

    type: str
    validators: list[Validator] = Field(default_factory=list)


class Route(_Data):
    """Pages at one pattern of addresses, `/{category}/page/{page}/`, and the template that shows them.

    Parts of a pattern are `{article}` (an article's whole path), `{category}`, `{page}` and `{month}`. `gzip`
    packs the file itself, as `.xml.gz` sitemaps are; `type` is its content type, where not that of its kind.
    """

    path: str
    kind: Kind
    template: str
    gzip: bool = False
    type: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern as a regular expression, with a group for each part."""
        pieces = re.split(r"\{(\w+)\}", self.path)
        return re.compile(
            "".join(
                f"(?P<{piece}>{_PARTS[piece]})" if place % 2 else re.escape(piece)
                for place, piece in enumerate(pieces)
            )
        )


class SiteFile(_Data):
    """`site.yaml`. `categories` are code → name; sizes are in articles; routes are tried in their order.

    `past_end` is what a listing shows behind its last page: nothing with status 404 (`missing`), or a page
    without articles (`empty`).
    """

    title: str
    charset: str = "utf-8"
    categories: dict[str, str] = Field(min_length=1)
    page_size: int = Field(default=6, ge=1)
    feed_size: int = Field(default=10, ge=1)
    past_end: Literal["missing", "empty"] = "missing"
    headers: dict[Kind, Headers]
    routes: list[Route] = Field(min_length=1)

    def match(self, path: str) -> Iterator[Match]:
        """Routes that fit `path` (with its query), in order: with the query first, then without.

        Parameters that say where a reader came from count for nothing.
        """
        path = without_tracking(path)
        for asked in dict.fromkeys([path, path.partition("?")[0]]):
            for route in self.routes:
                if found := route.pattern.fullmatch(asked):
                    yield Match(route, found.groupdict())


@dataclass(frozen=True)
class Match:
    """A route and what its parts stand for: `{"category": "cong-doan", "page": "2"}`."""

    route: Route
    parts: dict[str, str]


def load_site_file(folder: Path) -> SiteFile:
    """`folder/site.yaml`. Raises `DemoSiteError` naming the file and the first field at fault."""
    file = folder / "site.yaml"
    try:
        site = SiteFile.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
        lost = {route.kind for route in site.routes} - site.headers.keys()
        unknown = {
            part for route in site.routes for part in re.findall(r"\{(\w+)\}", route.path)
        } - _PARTS.keys()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DemoSiteError(f"{file}: cannot be read as YAML: {error}") from error
    except ValidationError as error:
        raise DemoSiteError(f"{file}: field {first_problem(error)}") from error
    if lost:
        raise DemoSiteError(f"{file}: field headers: none for {', '.join(sorted(lost))}")
    if unknown:
        raise DemoSiteError(f"{file}: field routes: unknown part {', '.join(sorted(unknown))}")
    return site


def without_tracking(path: str) -> str:
    """`/bai-1.html?utm_source=zalo` as `/bai-1.html`; other parameters stay, in their order."""
    place, _, query = path.partition("#")[0].partition("?")
    kept = [piece for piece in query.split("&") if piece and not _TRACKING.fullmatch(piece.partition("=")[0])]
    return f"{place}?{'&'.join(kept)}" if kept else place
