"""Tables of what was read, faithful to one article each: the layer of mentions.

Rows of one article hang together by `article_id` and `conference_id`. Ids come from the reports and from a row's place
in them (`ordinal`, from 0), so that reading the same page again gives the same rows. `unit_id` columns are filled when
the dataset is linked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table, Text

from extractors.records import (
    AwardForm,
    CheckRule,
    ConferenceKind,
    EventDate,
    Indicator,
    Modifier,
    Person,
    QualityFlag,
    RecipientType,
    Status,
    UnitCode,
    UnitLevel,
    UnitRole,
    UnitType,
)
from pipeline.dataset.schema.columns import (
    RUN_SPECIFIC,
    SEEN,
    code,
    day,
    evidence,
    key,
    key_type,
    listing,
    metadata,
    number,
    period,
    refers,
    share,
    text,
)

PRECISIONS = EventDate.model_fields["precision"].annotation
SESSIONS = ("morning", "afternoon", "evening")
BASES = EventDate.model_fields["basis"].annotation
PERSON_ROLES = Person.model_fields["role"].annotation
DIRECTIONS = ("increase", "decrease")

articles = Table(
    "articles",
    metadata,
    key(),
    Column("url", Text, index=True),
    text("source"),
    text("title"),
    text("lead"),
    text("byline"),
    text("published_at"),
    text("modified_at"),
    Column("relevant", Boolean, nullable=False),
    listing("quality", QualityFlag, "quality_flag"),
    text("text", required=True),
    text("extractor_version", required=True),
    Column("page_url", key_type(), info=RUN_SPECIFIC),
    Column("fetched_at", Text, info=RUN_SPECIFIC),
    refers("run_id", "runs.id", required=True, info=RUN_SPECIFIC),
    Column("digest", Text, nullable=False, info=RUN_SPECIFIC),
)

# What an article said at each time that its page was archived with other words; `seen` are those times.
article_versions = Table(
    "article_versions",
    metadata,
    key(),
    refers("article_id", "articles.id", required=True),
    Column("seen", Text, nullable=False, info=SEEN),
    text("title"),
    text("lead"),
    text("byline"),
    text("published_at"),
    text("modified_at"),
    text("text", required=True),
)

conferences = Table(
    "conferences",
    metadata,
    key(),
    refers("article_id", "articles.id", required=True),
    Column("ordinal", Integer, nullable=False),
    *code("kind", ConferenceKind, "conference_kind", required=True),
    text("name"),
    text("host_name"),
    text("host_canonical"),
    *code("host_type", UnitType, "unit_type"),
    *code("host_level", UnitLevel, "unit_level"),
    text("host_province_code"),
    refers("host_unit_id", "units.id"),
    *evidence("host"),
    *day("date_start"),
    *day("date_end"),
    *code("date_precision", PRECISIONS),
    *code("date_session", SESSIONS),
    *code("date_basis", BASES),
    *evidence("date_evidence"),
    text("place_text"),
    text("place_province_code"),
    *evidence("place_evidence"),
    *period("review_period"),
    *period("plan_period"),
)


def _part() -> list[Column[Any]]:
    """The columns of what belongs to a conference."""
    return [
        key(),
        refers("conference_id", "conferences.id", required=True),
        Column("ordinal", Integer, nullable=False),
    ]


unit_mentions = Table(
    "unit_mentions",
    metadata,
    *_part(),
    text("name", required=True),
    text("canonical", required=True),
    *code("type", UnitType, "unit_type", required=True),
    *code("level", UnitLevel, "unit_level"),
    text("province_code"),
    *code("role", UnitRole, "unit_role", required=True),
    refers("unit_id", "units.id"),
    *evidence(),
)

people = Table(
    "people",
    metadata,
    *_part(),
    text("name", required=True),
    text("position"),
    text("unit"),
    *code("role", PERSON_ROLES, "person_role", required=True),
    *evidence(),
)

figures = Table(
    "figures",
    metadata,
    *_part(),
    *code("indicator", Indicator, required=True),
    *number("value", required=True),
    *number("value_max"),
    *code("unit", UnitCode, "unit_code", required=True),
    text("unit_text", required=True),
    *code("modifier", Modifier, required=True),
    *code("status", Status, required=True),
    *period("period"),
    Column("of", BigInteger),
    Column("attainment_pct", Float),
    *share("confidence", required=True),
    text("support", required=True),
    Column("share_pct", Float),
    *code("change_direction", DIRECTIONS),
    *number("change_value"),
    *code("change_unit", UnitCode, "unit_code"),
    text("change_versus"),
    text("subject"),
    refers("subject_unit_id", "units.id"),
    *evidence(),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
)

awards = Table(
    "awards",
    metadata,
    *_part(),
    *code("form", AwardForm, "award_form", required=True),
    text("form_text", required=True),
    listing("grantors"),
    *code("recipient_type", RecipientType, required=True),
    Column("count", BigInteger),
    listing("recipients"),
    *share("confidence", required=True),
    text("support", required=True),
    text("reason"),
    *period("period"),
    *evidence(),
)

checks = Table(
    "checks",
    metadata,
    *_part(),
    *code("rule", CheckRule, "check_rule", required=True),
    Column("holds", Boolean, nullable=False),
    *number("expected"),
    *number("found"),
    listing("figures", items="integer"),
    text("message", required=True),
)
