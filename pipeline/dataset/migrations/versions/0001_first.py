"""The tables as they were in version 0.1.0, before there were migrations."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, MetaData, Table, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables.create_all(op.get_bind())


tables = MetaData()


def _text(name: str, *, required: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=not required)


def _list(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


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


Table(
    "pages",
    tables,
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

Table(
    "crawls",
    tables,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    _text("mode", required=True),
    _text("started_at", required=True),
    _text("finished_at"),
    Column("healthy", Boolean),
    _text("report"),
)

Table(
    "articles",
    tables,
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
    Column("fetched_at", Text),
    Column("run_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

Table(
    "conferences",
    tables,
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

Table(
    "units",
    tables,
    *_part_of_conference(),
    _text("name", required=True),
    _text("canonical", required=True),
    _text("type", required=True),
    _text("level"),
    _text("province_code"),
    _text("role", required=True),
    *_evidence(),
)

Table(
    "people",
    tables,
    *_part_of_conference(),
    _text("name", required=True),
    _text("position"),
    _text("unit"),
    _text("role", required=True),
    *_evidence(),
)

Table(
    "figures",
    tables,
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

Table(
    "awards",
    tables,
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

Table(
    "checks",
    tables,
    *_part_of_conference(),
    _text("rule", required=True),
    Column("holds", Boolean, nullable=False),
    *_number("expected"),
    *_number("found"),
    _list("figures"),
    _text("message", required=True),
)

Table(
    "runs",
    tables,
    Column("id", Text, primary_key=True),
    _text("started_at", required=True),
    _text("finished_at"),
    _text("summary"),
)
