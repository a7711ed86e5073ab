"""The dataset in three layers: what was read, what it says together, and people's decisions.

The old tables of the dataset are dropped, and everything archived counts as unread: it is read anew, from the archive,
into the new ones. The crawl's tables keep their rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("checks", "awards", "figures", "people", "units", "conferences", "articles"):
        op.drop_table(name)
    op.execute("UPDATE pages SET read_digest = NULL")
    with op.batch_alter_table("pages") as pages:
        pages.create_check_constraint(
            op.f("ck_pages_kind"), "kind IN ('robots', 'feed', 'sitemap', 'listing', 'article')"
        )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("left_id", sa.Text(), nullable=False),
        sa.Column("right_id", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("human", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("value_before", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('same_unit', 'succession', 'reprint', 'same_conference', 'target_result', 'correction', 'rejection', 'acceptance')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.CheckConstraint(
            "verdict IN ('linked', 'apart', 'unsure', 'value')", name=op.f("ck_decisions_verdict")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_decisions_score")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_left_id"), ["left_id"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_to", sa.Text(), nullable=True),
        sa.Column(
            "successor_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("history_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("predecessors", sa.Text(), nullable=False),
        sa.Column("spellings", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "level IN ('national', 'province', 'sector', 'district', 'upper_grassroots', 'grassroots')",
            name=op.f("ck_units_level"),
        ),
        sa.CheckConstraint(
            "type IN ('confederation', 'federation', 'sector_union', 'civil_servants_union', 'enterprise_union', 'grassroots_union', 'cluster', 'department', 'employer', 'authority', 'party', 'other')",
            name=op.f("ck_units_type"),
        ),
        sa.CheckConstraint("valid_from LIKE '____-__-__'", name=op.f("ck_units_valid_from")),
        sa.CheckConstraint("valid_to LIKE '____-__-__'", name=op.f("ck_units_valid_to")),
        sa.ForeignKeyConstraint(["history_id"], ["units.id"], name=op.f("fk_units_history_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_units_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_history_id"), ["history_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_units_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "articles",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("extractor_version", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True),
        sa.Column("fetched_at", sa.Text(), nullable=True),
        sa.Column("run_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_articles_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_articles_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_url"), ["url"], unique=False)

    op.create_table(
        "links",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("left_id", sa.Text(), nullable=False),
        sa.Column("right_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "decision_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('same_unit', 'succession', 'reprint', 'same_conference', 'target_result')",
            name=op.f("ck_links_kind"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_links_score")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_links_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_left_id"), ["left_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_right_id"), ["right_id"], unique=False)

    op.create_table(
        "article_versions",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("article_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("published_at", sa.Text(), nullable=True),
        sa.Column("modified_at", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
    )
    with op.batch_alter_table("article_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_versions_article_id"), ["article_id"], unique=False)

    op.create_table(
        "conferences",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("article_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("host_name", sa.Text(), nullable=True),
        sa.Column("host_canonical", sa.Text(), nullable=True),
        sa.Column("host_type", sa.Text(), nullable=True),
        sa.Column("host_level", sa.Text(), nullable=True),
        sa.Column("host_province_code", sa.Text(), nullable=True),
        sa.Column(
            "host_unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("host_start", sa.Integer(), nullable=True),
        sa.Column("host_end", sa.Integer(), nullable=True),
        sa.Column("host_text", sa.Text(), nullable=True),
        sa.Column("host_rule", sa.Text(), nullable=True),
        sa.Column("date_start", sa.Text(), nullable=True),
        sa.Column("date_end", sa.Text(), nullable=True),
        sa.Column("date_precision", sa.Text(), nullable=True),
        sa.Column("date_session", sa.Text(), nullable=True),
        sa.Column("date_basis", sa.Text(), nullable=True),
        sa.Column("date_evidence_start", sa.Integer(), nullable=True),
        sa.Column("date_evidence_end", sa.Integer(), nullable=True),
        sa.Column("date_evidence_text", sa.Text(), nullable=True),
        sa.Column("date_evidence_rule", sa.Text(), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("place_province_code", sa.Text(), nullable=True),
        sa.Column("place_evidence_start", sa.Integer(), nullable=True),
        sa.Column("place_evidence_end", sa.Integer(), nullable=True),
        sa.Column("place_evidence_text", sa.Text(), nullable=True),
        sa.Column("place_evidence_rule", sa.Text(), nullable=True),
        sa.Column("review_period_label", sa.Text(), nullable=True),
        sa.Column("review_period_start", sa.Text(), nullable=True),
        sa.Column("review_period_end", sa.Text(), nullable=True),
        sa.Column("plan_period_label", sa.Text(), nullable=True),
        sa.Column("plan_period_start", sa.Text(), nullable=True),
        sa.Column("plan_period_end", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "date_basis IN ('explicit', 'publication', 'context', 'unresolved')",
            name=op.f("ck_conferences_date_basis"),
        ),
        sa.CheckConstraint("date_end LIKE '____-__-__'", name=op.f("ck_conferences_date_end")),
        sa.CheckConstraint(
            "date_precision IN ('day', 'month', 'year')", name=op.f("ck_conferences_date_precision")
        ),
        sa.CheckConstraint(
            "date_session IN ('morning', 'afternoon', 'evening')", name=op.f("ck_conferences_date_session")
        ),
        sa.CheckConstraint("date_start LIKE '____-__-__'", name=op.f("ck_conferences_date_start")),
        sa.CheckConstraint(
            "host_level IN ('national', 'province', 'sector', 'district', 'upper_grassroots', 'grassroots')",
            name=op.f("ck_conferences_host_level"),
        ),
        sa.CheckConstraint(
            "host_type IN ('confederation', 'federation', 'sector_union', 'civil_servants_union', 'enterprise_union', 'grassroots_union', 'cluster', 'department', 'employer', 'authority', 'party', 'other')",
            name=op.f("ck_conferences_host_type"),
        ),
        sa.CheckConstraint(
            "kind IN ('year_review', 'interim_review', 'cluster_review', 'congress', 'committee_meeting', 'workers_conference', 'commendation', 'launch', 'training', 'care_event', 'competition', 'signing', 'other')",
            name=op.f("ck_conferences_kind"),
        ),
        sa.CheckConstraint("plan_period_end LIKE '____-__-__'", name=op.f("ck_conferences_plan_period_end")),
        sa.CheckConstraint(
            "plan_period_start LIKE '____-__-__'", name=op.f("ck_conferences_plan_period_start")
        ),
        sa.CheckConstraint(
            "review_period_end LIKE '____-__-__'", name=op.f("ck_conferences_review_period_end")
        ),
        sa.CheckConstraint(
            "review_period_start LIKE '____-__-__'", name=op.f("ck_conferences_review_period_start")
        ),
        sa.CheckConstraint(
            "date_evidence_start >= 0 AND date_evidence_end > date_evidence_start",
            name=op.f("ck_conferences_date_evidence"),
        ),
        sa.CheckConstraint("host_start >= 0 AND host_end > host_start", name=op.f("ck_conferences_host")),
        sa.CheckConstraint(
            "place_evidence_start >= 0 AND place_evidence_end > place_evidence_start",
            name=op.f("ck_conferences_place_evidence"),
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_conferences_article_id")),
        sa.ForeignKeyConstraint(["host_unit_id"], ["units.id"], name=op.f("fk_conferences_host_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conferences")),
    )
    with op.batch_alter_table("conferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conferences_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conferences_host_unit_id"), ["host_unit_id"], unique=False)

    op.create_table(
        "review_items",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_table", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("article_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('low_confidence', 'failed_check', 'unsure_link', 'reports_differ', 'claim_contradicted', 'unresolved_host', 'unresolved_date', 'unclassified', 'lost_decision')",
            name=op.f("ck_review_items_kind"),
        ),
        sa.CheckConstraint("priority BETWEEN 0 AND 1", name=op.f("ck_review_items_priority")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_review_items_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    with op.batch_alter_table("review_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_items_article_id"), ["article_id"], unique=False)

    op.create_table(
        "awards",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_text", sa.Text(), nullable=False),
        sa.Column("grantors", sa.Text(), nullable=False),
        sa.Column("recipient_type", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("period_label", sa.Text(), nullable=True),
        sa.Column("period_start", sa.Text(), nullable=True),
        sa.Column("period_end", sa.Text(), nullable=True),
        sa.Column("evidence_start", sa.Integer(), nullable=True),
        sa.Column("evidence_end", sa.Integer(), nullable=True),
        sa.Column("evidence_text", sa.Text(), nullable=True),
        sa.Column("evidence_rule", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "form IN ('emulation_flag', 'certificate_of_merit', 'certificate_of_commendation', 'labour_medal', 'commemorative_medal', 'creative_labour_certificate', 'emulation_fighter', 'badge', 'title', 'prize', 'certificate', 'commendation', 'rank', 'other')",
            name=op.f("ck_awards_form"),
        ),
        sa.CheckConstraint("period_end LIKE '____-__-__'", name=op.f("ck_awards_period_end")),
        sa.CheckConstraint("period_start LIKE '____-__-__'", name=op.f("ck_awards_period_start")),
        sa.CheckConstraint(
            "recipient_type IN ('collective', 'individual', 'mixed', 'unspecified')",
            name=op.f("ck_awards_recipient_type"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_awards_confidence")),
        sa.CheckConstraint(
            "evidence_start >= 0 AND evidence_end > evidence_start", name=op.f("ck_awards_evidence")
        ),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_awards_conference_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
    )
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awards_conference_id"), ["conference_id"], unique=False)

    op.create_table(
        "checks",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("expected_number", sa.Float(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("found_number", sa.Float(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "rule IN ('parts_sum_to_total', 'shares_sum_to_100', 'share_matches_parts', 'attainment_implies_target', 'part_of_whole')",
            name=op.f("ck_checks_rule"),
        ),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_checks_conference_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
    )
    with op.batch_alter_table("checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checks_conference_id"), ["conference_id"], unique=False)

    op.create_table(
        "figures",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_number", sa.Float(), nullable=False),
        sa.Column("value_max", sa.Text(), nullable=True),
        sa.Column("value_max_number", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_text", sa.Text(), nullable=False),
        sa.Column("modifier", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("period_label", sa.Text(), nullable=True),
        sa.Column("period_start", sa.Text(), nullable=True),
        sa.Column("period_end", sa.Text(), nullable=True),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("attainment_pct", sa.Float(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.Column("share_pct", sa.Float(), nullable=True),
        sa.Column("change_direction", sa.Text(), nullable=True),
        sa.Column("change_value", sa.Text(), nullable=True),
        sa.Column("change_value_number", sa.Float(), nullable=True),
        sa.Column("change_unit", sa.Text(), nullable=True),
        sa.Column("change_versus", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column(
            "subject_unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("evidence_start", sa.Integer(), nullable=True),
        sa.Column("evidence_end", sa.Integer(), nullable=True),
        sa.Column("evidence_text", sa.Text(), nullable=True),
        sa.Column("evidence_rule", sa.Text(), nullable=True),
        sa.Column("sentence_start", sa.Integer(), nullable=False),
        sa.Column("sentence_end", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "change_direction IN ('increase', 'decrease')", name=op.f("ck_figures_change_direction")
        ),
        sa.CheckConstraint(
            "change_unit IN ('vnd', 'usd', 'percent', 'person', 'turn', 'organisation', 'session', 'initiative', 'project', 'house', 'gift', 'task', 'target', 'document', 'blood_unit', 'hour', 'year', 'place', 'case', 'other')",
            name=op.f("ck_figures_change_unit"),
        ),
        sa.CheckConstraint(
            "indicator IN ('members_total', 'workers_total', 'unions_total', 'member_units', 'members_recruited', 'unions_founded', 'party_referrals', 'party_admissions', 'units_rated_excellent', 'units_rated_good', 'units_rated_satisfactory', 'units_rated_poor', 'units_unrated', 'members_rated', 'families_commended', 'care_beneficiaries', 'care_spending', 'gifts_given', 'houses_supported', 'housing_spending', 'fund_contributions', 'loans', 'welfare_agreements', 'health_checks', 'health_check_spending', 'blood_donated', 'propaganda_sessions', 'propaganda_attendance', 'training_sessions', 'training_attendance', 'initiatives', 'initiative_value', 'emulation_projects', 'collective_agreements', 'dialogues', 'workers_conferences', 'inspections', 'disputes', 'legal_aid', 'cultural_events', 'event_attendance', 'wages_income', 'finance_revenue', 'finance_spending', 'tasks_planned', 'tasks_completed', 'targets_set', 'targets_met', 'units_meeting_target', 'delegates', 'participants', 'committee_elected', 'award_money', 'other')",
            name=op.f("ck_figures_indicator"),
        ),
        sa.CheckConstraint(
            "modifier IN ('exact', 'more_than', 'nearly', 'about', 'at_least', 'at_most', 'order_of')",
            name=op.f("ck_figures_modifier"),
        ),
        sa.CheckConstraint("period_end LIKE '____-__-__'", name=op.f("ck_figures_period_end")),
        sa.CheckConstraint("period_start LIKE '____-__-__'", name=op.f("ck_figures_period_start")),
        sa.CheckConstraint("status IN ('achieved', 'target', 'standing')", name=op.f("ck_figures_status")),
        sa.CheckConstraint(
            "unit IN ('vnd', 'usd', 'percent', 'person', 'turn', 'organisation', 'session', 'initiative', 'project', 'house', 'gift', 'task', 'target', 'document', 'blood_unit', 'hour', 'year', 'place', 'case', 'other')",
            name=op.f("ck_figures_unit"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_figures_confidence")),
        sa.CheckConstraint(
            "evidence_start >= 0 AND evidence_end > evidence_start", name=op.f("ck_figures_evidence")
        ),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_figures_conference_id")),
        sa.ForeignKeyConstraint(["subject_unit_id"], ["units.id"], name=op.f("fk_figures_subject_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
    )
    with op.batch_alter_table("figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figures_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figures_subject_unit_id"), ["subject_unit_id"], unique=False)

    op.create_table(
        "outcomes",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "host_unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("date_start", sa.Text(), nullable=True),
        sa.Column("date_end", sa.Text(), nullable=True),
        sa.Column("date_basis", sa.Text(), nullable=True),
        sa.Column("place_text", sa.Text(), nullable=True),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("review_period_label", sa.Text(), nullable=True),
        sa.Column("review_period_start", sa.Text(), nullable=True),
        sa.Column("review_period_end", sa.Text(), nullable=True),
        sa.Column("plan_period_label", sa.Text(), nullable=True),
        sa.Column("plan_period_start", sa.Text(), nullable=True),
        sa.Column("plan_period_end", sa.Text(), nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("differing", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "date_basis IN ('explicit', 'publication', 'context', 'unresolved')",
            name=op.f("ck_outcomes_date_basis"),
        ),
        sa.CheckConstraint("date_end LIKE '____-__-__'", name=op.f("ck_outcomes_date_end")),
        sa.CheckConstraint("date_start LIKE '____-__-__'", name=op.f("ck_outcomes_date_start")),
        sa.CheckConstraint(
            "kind IN ('year_review', 'interim_review', 'cluster_review', 'congress', 'committee_meeting', 'workers_conference', 'commendation', 'launch', 'training', 'care_event', 'competition', 'signing', 'other')",
            name=op.f("ck_outcomes_kind"),
        ),
        sa.CheckConstraint("plan_period_end LIKE '____-__-__'", name=op.f("ck_outcomes_plan_period_end")),
        sa.CheckConstraint("plan_period_start LIKE '____-__-__'", name=op.f("ck_outcomes_plan_period_start")),
        sa.CheckConstraint("review_period_end LIKE '____-__-__'", name=op.f("ck_outcomes_review_period_end")),
        sa.CheckConstraint(
            "review_period_start LIKE '____-__-__'", name=op.f("ck_outcomes_review_period_start")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_outcomes_conference_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["host_unit_id"], ["units.id"], name=op.f("fk_outcomes_host_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcomes_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcomes_host_unit_id"), ["host_unit_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("evidence_start", sa.Integer(), nullable=True),
        sa.Column("evidence_end", sa.Integer(), nullable=True),
        sa.Column("evidence_text", sa.Text(), nullable=True),
        sa.Column("evidence_rule", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('directs', 'attends', 'speaks', 'presides', 'other')", name=op.f("ck_people_role")
        ),
        sa.CheckConstraint(
            "evidence_start >= 0 AND evidence_end > evidence_start", name=op.f("ck_people_evidence")
        ),
        sa.ForeignKeyConstraint(["conference_id"], ["conferences.id"], name=op.f("fk_people_conference_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_conference_id"), ["conference_id"], unique=False)

    op.create_table(
        "unit_mentions",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True),
        sa.Column("evidence_start", sa.Integer(), nullable=True),
        sa.Column("evidence_end", sa.Integer(), nullable=True),
        sa.Column("evidence_text", sa.Text(), nullable=True),
        sa.Column("evidence_rule", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "level IN ('national', 'province', 'sector', 'district', 'upper_grassroots', 'grassroots')",
            name=op.f("ck_unit_mentions_level"),
        ),
        sa.CheckConstraint(
            "role IN ('host', 'superior', 'member', 'grantor', 'recipient', 'leader', 'cluster_head', 'cluster_deputy', 'participant', 'mentioned')",
            name=op.f("ck_unit_mentions_role"),
        ),
        sa.CheckConstraint(
            "type IN ('confederation', 'federation', 'sector_union', 'civil_servants_union', 'enterprise_union', 'grassroots_union', 'cluster', 'department', 'employer', 'authority', 'party', 'other')",
            name=op.f("ck_unit_mentions_type"),
        ),
        sa.CheckConstraint(
            "evidence_start >= 0 AND evidence_end > evidence_start", name=op.f("ck_unit_mentions_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conferences.id"], name=op.f("fk_unit_mentions_conference_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_mentions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_mentions")),
    )
    with op.batch_alter_table("unit_mentions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_mentions_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_mentions_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "outcome_awards",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("outcome_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_text", sa.Text(), nullable=False),
        sa.Column("grantors", sa.Text(), nullable=False),
        sa.Column("recipient_type", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("award_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "agreement IN ('single', 'agree', 'differ')", name=op.f("ck_outcome_awards_agreement")
        ),
        sa.CheckConstraint(
            "form IN ('emulation_flag', 'certificate_of_merit', 'certificate_of_commendation', 'labour_medal', 'commemorative_medal', 'creative_labour_certificate', 'emulation_fighter', 'badge', 'title', 'prize', 'certificate', 'commendation', 'rank', 'other')",
            name=op.f("ck_outcome_awards_form"),
        ),
        sa.CheckConstraint(
            "recipient_type IN ('collective', 'individual', 'mixed', 'unspecified')",
            name=op.f("ck_outcome_awards_recipient_type"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_outcome_awards_confidence")),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_outcome_awards_award_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_awards_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_awards")),
    )
    with op.batch_alter_table("outcome_awards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_awards_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_awards_outcome_id"), ["outcome_id"], unique=False)

    op.create_table(
        "outcome_reports",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("outcome_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "conference_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("article_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("reprint_of", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_outcome_reports_score")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_outcome_reports_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conferences.id"],
            name=op.f("fk_outcome_reports_conference_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_reports_outcome_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reprint_of"], ["articles.id"], name=op.f("fk_outcome_reports_reprint_of"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_reports")),
    )
    with op.batch_alter_table("outcome_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_reports_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_reports_conference_id"), ["conference_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_reports_outcome_id"), ["outcome_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_reports_reprint_of"), ["reprint_of"], unique=False)

    op.create_table(
        "outcome_values",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("outcome_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_number", sa.Float(), nullable=False),
        sa.Column("value_max", sa.Text(), nullable=True),
        sa.Column("value_max_number", sa.Float(), nullable=True),
        sa.Column("modifier", sa.Text(), nullable=False),
        sa.Column("period_label", sa.Text(), nullable=True),
        sa.Column("period_start", sa.Text(), nullable=True),
        sa.Column("period_end", sa.Text(), nullable=True),
        sa.Column("of", sa.BigInteger(), nullable=True),
        sa.Column("attainment_pct", sa.Float(), nullable=True),
        sa.Column("share_pct", sa.Float(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("figure_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "agreement IN ('single', 'agree', 'differ')", name=op.f("ck_outcome_values_agreement")
        ),
        sa.CheckConstraint(
            "indicator IN ('members_total', 'workers_total', 'unions_total', 'member_units', 'members_recruited', 'unions_founded', 'party_referrals', 'party_admissions', 'units_rated_excellent', 'units_rated_good', 'units_rated_satisfactory', 'units_rated_poor', 'units_unrated', 'members_rated', 'families_commended', 'care_beneficiaries', 'care_spending', 'gifts_given', 'houses_supported', 'housing_spending', 'fund_contributions', 'loans', 'welfare_agreements', 'health_checks', 'health_check_spending', 'blood_donated', 'propaganda_sessions', 'propaganda_attendance', 'training_sessions', 'training_attendance', 'initiatives', 'initiative_value', 'emulation_projects', 'collective_agreements', 'dialogues', 'workers_conferences', 'inspections', 'disputes', 'legal_aid', 'cultural_events', 'event_attendance', 'wages_income', 'finance_revenue', 'finance_spending', 'tasks_planned', 'tasks_completed', 'targets_set', 'targets_met', 'units_meeting_target', 'delegates', 'participants', 'committee_elected', 'award_money', 'other')",
            name=op.f("ck_outcome_values_indicator"),
        ),
        sa.CheckConstraint(
            "modifier IN ('exact', 'more_than', 'nearly', 'about', 'at_least', 'at_most', 'order_of')",
            name=op.f("ck_outcome_values_modifier"),
        ),
        sa.CheckConstraint("period_end LIKE '____-__-__'", name=op.f("ck_outcome_values_period_end")),
        sa.CheckConstraint("period_start LIKE '____-__-__'", name=op.f("ck_outcome_values_period_start")),
        sa.CheckConstraint(
            "status IN ('achieved', 'target', 'standing')", name=op.f("ck_outcome_values_status")
        ),
        sa.CheckConstraint(
            "unit IN ('vnd', 'usd', 'percent', 'person', 'turn', 'organisation', 'session', 'initiative', 'project', 'house', 'gift', 'task', 'target', 'document', 'blood_unit', 'hour', 'year', 'place', 'case', 'other')",
            name=op.f("ck_outcome_values_unit"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_outcome_values_confidence")),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.id"], name=op.f("fk_outcome_values_figure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_values_outcome_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_outcome_values_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_values")),
    )
    with op.batch_alter_table("outcome_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_values_figure_id"), ["figure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_values_outcome_id"), ["outcome_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_values_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "award_reports",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "outcome_award_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("award_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_award_reports_award_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outcome_award_id"],
            ["outcome_awards.id"],
            name=op.f("fk_award_reports_outcome_award_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_reports")),
    )
    with op.batch_alter_table("award_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_reports_award_id"), ["award_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_award_reports_outcome_award_id"), ["outcome_award_id"], unique=False
        )

    op.create_table(
        "target_results",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "target_value_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "result_value_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("target_number", sa.Float(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_number", sa.Float(), nullable=False),
        sa.Column("attained", sa.Boolean(), nullable=True),
        sa.Column("attained_pct", sa.Float(), nullable=True),
        sa.Column("claimed_pct", sa.Float(), nullable=True),
        sa.Column("claim_holds", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "indicator IN ('members_total', 'workers_total', 'unions_total', 'member_units', 'members_recruited', 'unions_founded', 'party_referrals', 'party_admissions', 'units_rated_excellent', 'units_rated_good', 'units_rated_satisfactory', 'units_rated_poor', 'units_unrated', 'members_rated', 'families_commended', 'care_beneficiaries', 'care_spending', 'gifts_given', 'houses_supported', 'housing_spending', 'fund_contributions', 'loans', 'welfare_agreements', 'health_checks', 'health_check_spending', 'blood_donated', 'propaganda_sessions', 'propaganda_attendance', 'training_sessions', 'training_attendance', 'initiatives', 'initiative_value', 'emulation_projects', 'collective_agreements', 'dialogues', 'workers_conferences', 'inspections', 'disputes', 'legal_aid', 'cultural_events', 'event_attendance', 'wages_income', 'finance_revenue', 'finance_spending', 'tasks_planned', 'tasks_completed', 'targets_set', 'targets_met', 'units_meeting_target', 'delegates', 'participants', 'committee_elected', 'award_money', 'other')",
            name=op.f("ck_target_results_indicator"),
        ),
        sa.CheckConstraint(
            "unit IN ('vnd', 'usd', 'percent', 'person', 'turn', 'organisation', 'session', 'initiative', 'project', 'house', 'gift', 'task', 'target', 'document', 'blood_unit', 'hour', 'year', 'place', 'case', 'other')",
            name=op.f("ck_target_results_unit"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_target_results_score")),
        sa.ForeignKeyConstraint(
            ["result_value_id"],
            ["outcome_values.id"],
            name=op.f("fk_target_results_result_value_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_value_id"],
            ["outcome_values.id"],
            name=op.f("fk_target_results_target_value_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_target_results_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_results")),
    )
    with op.batch_alter_table("target_results", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_target_results_result_value_id"), ["result_value_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_target_results_target_value_id"), ["target_value_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_target_results_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "value_reports",
        sa.Column("id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("value_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("figure_id", sa.Text().with_variant(sa.TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.id"], name=op.f("fk_value_reports_figure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["value_id"], ["outcome_values.id"], name=op.f("fk_value_reports_value_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_reports")),
    )
    with op.batch_alter_table("value_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_value_reports_figure_id"), ["figure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_value_reports_value_id"), ["value_id"], unique=False)
