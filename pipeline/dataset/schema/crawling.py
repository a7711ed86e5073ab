"""Tables of the crawl and of runs: what is known of each URL, how crawls and runs came out."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from pipeline.dataset.schema.columns import code, key, listing, metadata, text

# One row a URL that was ever found. `digest`, `warc_file`, `warc_offset` and `fetched_at` are of the last good body;
# `content_digest` of the article in it, whatever dress the page wore; `published`, `dated` and `layout_fits` what the
# parser saw there. `status`, `reason`, `outcome` and `checked_at` are of the last attempt, made by the crawl `crawl`;
# `attempts` counts failures in a row. `read_digest` is the digest of the body that the dataset holds rows of: null or
# another one means that the archive holds something not read yet.
pages = Table(
    "pages",
    metadata,
    key("url"),
    Column("source", Text, nullable=False, index=True),
    *code("kind", ("robots", "feed", "sitemap", "listing", "article"), required=True),
    text("found_on"),
    Column("status", Integer),
    text("etag"),
    text("last_modified"),
    text("digest"),
    text("warc_file"),
    Column("warc_offset", Integer),
    text("fetched_at"),
    text("checked_at"),
    text("next_try"),
    text("reason"),
    text("outcome"),
    Column("attempts", Integer),
    Column("crawl", Text, index=True),
    text("media_type"),
    text("alias_of"),
    text("published"),
    Column("dated", Boolean),
    Column("layout_fits", Boolean),
    text("content_digest"),
    text("read_digest"),
    text("read_version"),
    text("read_error"),
)

# One row a crawl of one source. `finished_at` is null while it runs, and where it was killed: the next one goes on with
# it. `healthy` is null until the source has been judged.
crawls = Table(
    "crawls",
    metadata,
    key(),
    Column("source", Text, nullable=False, index=True),
    text("mode", required=True),
    text("started_at", required=True),
    text("finished_at"),
    Column("healthy", Boolean),
    text("report"),
)

runs = Table(
    "runs",
    metadata,
    key(),
    text("started_at", required=True),
    text("finished_at"),
    text("summary"),
)

# One row a URL that was taken down: never asked for again, and of what it held no more than digests. `digests` are of the
# wordings, `articles` the ids that its articles had; `done_at` is null while anything of it may still be in a file.
takedowns = Table(
    "takedowns",
    metadata,
    key("url_hash"),
    text("url", required=True),
    listing("digests"),
    listing("articles"),
    text("reason"),
    text("taken_at", required=True),
    text("done_at"),
)
