"""The dataset's tables: crawl state (`pages`, `runs`) and what was read (`articles` and below).

Rows of one article hang together by `article_id` and `conference_id`. Ids come from the reports and from a
row's place in them (`ordinal`, from 0), so that reading the same page again gives the same rows. Lists are
JSON texts; dates are ISO 8601 texts.
A column whose `info` says `run_specific` differs between two runs over the same pages and is left out of
releases.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()
_RUN_SPECIFIC = {"run_specific": True}


def _text(name: str, *, required: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=not required)


def _list(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False, info={"json": True})


def _number(name: str) -> list[Column[Any]]:
    """A decimal number as exact text, for people and programs beside it as a float."""
    return [Column(name, Text), Column(f"{name}_number", Float)]


def _evidence(prefix: str = "evidence") -> list[Column[Any]]:
    """Half-open code-point offsets into `articles.text`, the words there, and the rule that read them."""
    return [
        Column(f"{prefix}_start", Integer),
        Column(f"{prefix}_end", Integer),
        Column(f"{prefix}_text", Text),
        Column(f"{prefix}_rule", Text),
    ]


def _period(prefix: str) -> list[Column[Any]]:
    return [Column(f"{prefix}_label", Text), Column(f"{prefix}_start", Text), Column(f"{prefix}_end", Text)]


def _part_of_conference() -> list[Column[Any]]:
    return [
        Column("id", Text, primary_key=True),
        Column("conference_id", ForeignKey("conferences.id"), nullable=False, index=True),
        Column("ordinal", Integer, nullable=False),
    ]


# One row a URL that was ever found. `digest`, `warc_file`, `warc_offset` and `fetched_at` are of the last good body;
# `content_digest` of the article in it, whatever dress the page wore; `published`, `dated` and `layout_fits` what the
# parser saw there. `status`, `reason`, `outcome` and `checked_at` are of the last attempt, made by the crawl `crawl`;
# `attempts` counts failures in a row. `read_digest` is the digest of the body that the dataset holds rows of: null or
# another one means that the archive holds something not read yet.
pages = Table(
    "pages",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),  # robots, feed, sitemap, listing, article
    Column("found_on", Text),
    Column("status", Integer),
    _text("etag"),
    _text("last_modified"),
    _text("digest"),
    _text("warc_file"),
    Column("warc_offset", Integer),
    _text("fetched_at"),
    _text("checked_at"),
    _text("next_try"),
    _text("reason"),
    _text("outcome"),
    Column("attempts", Integer),
    Column("crawl", Text, index=True),
    _text("media_type"),
    _text("alias_of"),
    _text("published"),
    Column("dated", Boolean),
    Column("layout_fits", Boolean),
    _text("content_digest"),
    _text("read_digest"),
    _text("read_version"),
    _text("read_error"),
)

# One row a crawl of one source. `finished_at` is null while it runs, and where it was killed: the next one goes on with
# it. `healthy` is null until the source has been judged.
crawls = Table(
    "crawls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    _text("mode", required=True),
    _text("started_at", required=True),
    _text("finished_at"),
    Column("healthy", Boolean),
    _text("report"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, index=True),
    _text("source"),
    _text("title"),
    _text("lead"),
    _text("byline"),
    _text("published_at"),
    _text("modified_at"),
    Column("relevant", Boolean, nullable=False),
    _list("quality"),
    _text("text", required=True),
    _text("extractor_version", required=True),
    Column("fetched_at", Text, info=_RUN_SPECIFIC),
    Column("run_id", Text, nullable=False, info=_RUN_SPECIFIC),
    Column("digest", Text, nullable=False, info=_RUN_SPECIFIC),
)

conferences = Table(
    "conferences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    _text("kind", required=True),
    _text("name"),
    _text("host_name"),
    _text("host_canonical"),
    _text("host_type"),
    _text("host_level"),
    _text("host_province_code"),
    *_evidence("host"),
    _text("date_start"),
    _text("date_end"),
    _text("date_precision"),
    _text("date_session"),
    _text("date_basis"),
    *_evidence("date_evidence"),
    _text("place_text"),
    _text("place_province_code"),
    *_evidence("place_evidence"),
    *_period("review_period"),
    *_period("plan_period"),
)

units = Table(
    "units",
    metadata,
    *_part_of_conference(),
    _text("name", required=True),
    _text("canonical", required=True),
    _text("type", required=True),
    _text("level"),
    _text("province_code"),
    _text("role", required=True),
    *_evidence(),
)

people = Table(
    "people",
    metadata,
    *_part_of_conference(),
    _text("name", required=True),
    _text("position"),
    _text("unit"),
    _text("role", required=True),
    *_evidence(),
)

figures = Table(
    "figures",
    metadata,
    *_part_of_conference(),
    _text("indicator", required=True),
    *_number("value"),
    *_number("value_max"),
    _text("unit", required=True),
    _text("unit_text", required=True),
    _text("modifier", required=True),
    _text("status", required=True),
    *_period("period"),
    Column("of", Integer),
    Column("attainment_pct", Float),
    Column("confidence", Float, nullable=False),
    _text("support", required=True),
    Column("share_pct", Float),
    _text("change_direction"),
    *_number("change_value"),
    _text("change_unit"),
    _text("change_versus"),
    _text("subject"),
    *_evidence(),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
)

awards = Table(
    "awards",
    metadata,
    *_part_of_conference(),
    _text("form", required=True),
    _text("form_text", required=True),
    _list("grantors"),
    _text("recipient_type", required=True),
    Column("count", Integer),
    _list("recipients"),
    Column("confidence", Float, nullable=False),
    _text("support", required=True),
    _text("reason"),
    *_period("period"),
    *_evidence(),
)

checks = Table(
    "checks",
    metadata,
    *_part_of_conference(),
    _text("rule", required=True),
    Column("holds", Boolean, nullable=False),
    *_number("expected"),
    *_number("found"),
    _list("figures"),
    _text("message", required=True),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    _text("started_at", required=True),
    _text("finished_at"),
    _text("summary"),
)

RELEASED = (articles, conferences, units, people, figures, awards, checks)
"""Tables of a release, parents before children."""
