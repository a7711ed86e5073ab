"""Tables of what several articles say together: units, outcomes, targets and results, and the decisions behind them.

All of it but human decisions is worked out from the layer of mentions, and made anew whenever the dataset is linked.
`decisions` keeps every judgement, a person's included; `links` those in force.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table, Text

from extractors.records import (
    AwardForm,
    ConferenceKind,
    Indicator,
    Modifier,
    RecipientType,
    Status,
    UnitCode,
    UnitLevel,
    UnitType,
)
from pipeline.dataset.schema.columns import (
    code,
    day,
    key,
    listing,
    metadata,
    number,
    period,
    refers,
    share,
    text,
)
from pipeline.dataset.schema.reading import BASES

LINK_KINDS = ("same_unit", "succession", "reprint", "same_conference", "target_result")
VALUE_KINDS = ("correction", "rejection", "acceptance")
VERDICTS = ("linked", "apart", "unsure", "value")
AGREEMENTS = ("single", "agree", "differ")
REVIEW_KINDS = (
    "low_confidence",
    "failed_check",
    "unsure_link",
    "reports_differ",
    "claim_contradicted",
    "unresolved_host",
    "unresolved_date",
    "unclassified",
    "lost_decision",
)

# A unit as it was in one stretch of time: a federation whose province took in others is another row since then.
# `history_id` is the last unit of the chain, the same for all that were merged into it.
units = Table(
    "units",
    metadata,
    key(),
    text("name", required=True),
    *code("type", UnitType, "unit_type", required=True),
    *code("level", UnitLevel, "unit_level"),
    text("province_code"),
    *day("valid_from"),
    *day("valid_to"),
    refers("successor_id", "units.id"),
    refers("history_id", "units.id", required=True),
    listing("predecessors"),
    listing("spellings"),
    text("source"),
)

decisions = Table(
    "decisions",
    metadata,
    key(),
    *code("kind", (*LINK_KINDS, *VALUE_KINDS), "decision_kind", required=True),
    Column("left_id", Text, nullable=False, index=True),
    Column("right_id", Text),
    *code("verdict", VERDICTS, required=True),
    *share("score"),
    text("reason"),
    Column("human", Boolean, nullable=False),
    text("decided_by", required=True),
    text("decided_at"),
    text("field"),
    text("value"),
    text("value_before"),
    text("anchor"),
    text("undone_at"),
    text("undone_by"),
)

links = Table(
    "links",
    metadata,
    key(),
    *code("kind", LINK_KINDS, "link_kind", required=True),
    Column("left_id", Text, nullable=False, index=True),
    Column("right_id", Text, nullable=False, index=True),
    *share("score", required=True),
    text("reason", required=True),
    refers("decision_id", "decisions.id", required=True),
)

# What happened: one conference, however many articles report it. `conference_id` is its first report's.
outcomes = Table(
    "outcomes",
    metadata,
    key(),
    refers("conference_id", "conferences.id", required=True, cascade=True),
    refers("host_unit_id", "units.id"),
    text("host"),
    *code("kind", ConferenceKind, "conference_kind", required=True),
    text("name"),
    *day("date_start"),
    *day("date_end"),
    *code("date_basis", BASES),
    text("place_text"),
    text("province_code"),
    *period("review_period"),
    *period("plan_period"),
    Column("articles", Integer, nullable=False),
    Column("reports", Integer, nullable=False),
    listing("differing"),
)

outcome_reports = Table(
    "outcome_reports",
    metadata,
    key(),
    refers("outcome_id", "outcomes.id", required=True, cascade=True),
    refers("conference_id", "conferences.id", required=True, cascade=True),
    refers("article_id", "articles.id", required=True, cascade=True),
    Column("first", Boolean, nullable=False),
    refers("reprint_of", "articles.id", cascade=True),
    *share("score", required=True),
    text("reason", required=True),
)

outcome_values = Table(
    "outcome_values",
    metadata,
    key(),
    refers("outcome_id", "outcomes.id", required=True, cascade=True),
    Column("ordinal", Integer, nullable=False),
    *code("indicator", Indicator, required=True),
    *code("status", Status, required=True),
    *code("unit", UnitCode, "unit_code", required=True),
    *number("value", required=True),
    *number("value_max"),
    *code("modifier", Modifier, required=True),
    *period("period"),
    Column("of", BigInteger),
    Column("attainment_pct", Float),
    Column("share_pct", Float),
    text("subject"),
    refers("unit_id", "units.id"),
    Column("year", Integer),
    *code("agreement", AGREEMENTS, required=True),
    Column("reports", Integer, nullable=False),
    *share("confidence", required=True),
    refers("figure_id", "figures.id", required=True, cascade=True),
)

value_reports = Table(
    "value_reports",
    metadata,
    key(),
    refers("value_id", "outcome_values.id", required=True, cascade=True),
    refers("figure_id", "figures.id", required=True, cascade=True),
    Column("agrees", Boolean, nullable=False),
)

outcome_awards = Table(
    "outcome_awards",
    metadata,
    key(),
    refers("outcome_id", "outcomes.id", required=True, cascade=True),
    Column("ordinal", Integer, nullable=False),
    *code("form", AwardForm, "award_form", required=True),
    text("form_text", required=True),
    listing("grantors"),
    *code("recipient_type", RecipientType, required=True),
    Column("count", BigInteger),
    *code("agreement", AGREEMENTS, required=True),
    Column("reports", Integer, nullable=False),
    *share("confidence", required=True),
    refers("award_id", "awards.id", required=True, cascade=True),
)

award_reports = Table(
    "award_reports",
    metadata,
    key(),
    refers("outcome_award_id", "outcome_awards.id", required=True, cascade=True),
    refers("award_id", "awards.id", required=True, cascade=True),
    Column("agrees", Boolean, nullable=False),
)

# A target of one year's report and the result in a later one's. `attained` is null where bounds (`gần`, `trên`) leave
# it open; `claimed_pct` is what the later article says of it.
target_results = Table(
    "target_results",
    metadata,
    key(),
    refers("unit_id", "units.id", required=True),
    *code("indicator", Indicator, required=True),
    *code("unit", UnitCode, "unit_code", required=True),
    Column("year", Integer, nullable=False),
    refers("target_value_id", "outcome_values.id", required=True, cascade=True),
    refers("result_value_id", "outcome_values.id", required=True, cascade=True),
    *number("target", required=True),
    *number("result", required=True),
    Column("attained", Boolean),
    Column("attained_pct", Float),
    Column("claimed_pct", Float),
    Column("claim_holds", Boolean),
    *share("score", required=True),
    text("reason", required=True),
)

# What a person should look at, least certain first: `priority` is near 1 where a look helps most.
review_items = Table(
    "review_items",
    metadata,
    key(),
    *code("kind", REVIEW_KINDS, "review_kind", required=True),
    text("record_table", required=True),
    text("record_id", required=True),
    text("other_id"),
    text("field"),
    text("value"),
    refers("article_id", "articles.id", cascade=True),
    text("question", required=True),
    text("sentence"),
    *share("priority", required=True),
)
