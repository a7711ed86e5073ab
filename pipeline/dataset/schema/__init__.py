"""The database's tables, in three layers: the crawl, what each article says, what the articles say together."""

from __future__ import annotations

from sqlalchemy import Table

from pipeline.dataset.schema.columns import metadata
from pipeline.dataset.schema.crawling import crawls, pages, runs, takedowns
from pipeline.dataset.schema.linking import (
    award_reports,
    decisions,
    links,
    outcome_awards,
    outcome_reports,
    outcome_values,
    outcomes,
    review_items,
    target_results,
    units,
    value_reports,
)
from pipeline.dataset.schema.reading import (
    article_versions,
    articles,
    awards,
    checks,
    conferences,
    figures,
    people,
    unit_mentions,
)

__all__ = [
    "LINKED",
    "READ",
    "RELEASED",
    "article_versions",
    "articles",
    "award_reports",
    "awards",
    "checks",
    "conferences",
    "crawls",
    "decisions",
    "figures",
    "links",
    "metadata",
    "outcome_awards",
    "outcome_reports",
    "outcome_values",
    "outcomes",
    "pages",
    "people",
    "review_items",
    "runs",
    "takedowns",
    "target_results",
    "unit_mentions",
    "units",
    "value_reports",
]

READ: tuple[Table, ...] = (
    articles,
    article_versions,
    conferences,
    unit_mentions,
    people,
    figures,
    awards,
    checks,
)
"""The layer of mentions, parents before children."""

LINKED: tuple[Table, ...] = (
    outcomes,
    outcome_reports,
    outcome_values,
    value_reports,
    outcome_awards,
    award_reports,
    target_results,
    decisions,
    links,
    review_items,
)
"""What linking makes, parents before children; `units` stands before all."""

RELEASED: tuple[Table, ...] = (units, *READ, *LINKED)
"""Tables of a release, parents before children."""
