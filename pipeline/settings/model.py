"""The settings of a run: each with its name, its default and what it means, said once and here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter, field_validator

ROOT = Path(__file__).resolve().parent.parent.parent

PREFIX = "TONGKET_"
"""Of the variables: the setting `batch` is `TONGKET_BATCH`."""

_HTTP: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


class Settings(BaseModel):
    """Settings of one run; a path that is not absolute is relative to the working directory.

    A field with a title is for people to set, under that name: `batch` in `tongket.toml`, `TONGKET_BATCH` in the
    environment. README's table and `tongket settings` show its description. The others are for tests.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = Field(
        f"sqlite:///{ROOT / 'outputs' / 'tongket.db'}",
        title="db",
        description="the database, as `--db`: an SQLite file, or an SQLAlchemy URL",
    )
    archive_dir: Path = Field(
        ROOT / "corpus" / "archive", title="archive", description="folder of the pages as fetched (WARC)"
    )
    releases_dir: Path = Field(
        ROOT / "outputs" / "releases", title="releases", description="folder of the releases"
    )
    runs_dir: Path = Field(
        ROOT / "outputs" / "runs", title="runs", description="folder of the reports on runs"
    )
    redact: Path = Field(
        ROOT / "outputs" / "redact.tsv",
        title="redact",
        description="table of names and phrases that releases show as █",
    )
    contact: str = Field(
        "", title="contact", description="an address or a page, sent to the sites in the User-Agent"
    )
    reviewer: str = Field(
        "",
        title="reviewer",
        description="whose decisions `tongket review import` takes; where empty, your user name's",
    )
    timeout_seconds: float = Field(
        30.0, gt=0, allow_inf_nan=False, title="timeout", description="seconds to wait for a site"
    )
    batch_size: int = Field(150, gt=0, title="batch", description="articles read and stored at a time")
    max_pages: int = Field(
        5000,
        gt=0,
        title="pages",
        description="articles asked for in one crawl of a source; the rest is left for the next",
    )
    log_format: Literal["text", "json"] = Field(
        "text",
        title="logs",
        description="what stands on standard error: `text` for people, or `json`, one event a line",
    )
    webhook: str = Field(
        "",
        title="webhook",
        description="an http or https address that is told, once a run, which sources are ill",
    )
    pool: str = Field(
        "tongket", min_length=1, title="pool", description="the work pool of Prefect that nightly runs go to"
    )
    schedule: str = Field(
        "0 2 * * *", title="schedule", description="when nightly runs begin: a cron line in Vietnamese time"
    )
    collision: Literal["queue", "refuse"] = Field(
        "refuse",
        title="collision",
        description="what becomes of a run while another is under way: `queue` has it wait, `refuse` ends it",
    )
    max_page_bytes: int = Field(8_000_000, gt=0)
    retries: int = Field(2, ge=0)
    backoff_seconds: float = Field(1.0, ge=0)
    give_up_after: int = Field(10, gt=0)

    @property
    def user_agent(self) -> str:
        """`tongket/0.1 (+https://example.vn/about)`; without a contact, `tongket/0.1`."""
        return f"tongket/0.1 (+{self.contact})" if self.contact else "tongket/0.1"

    @field_validator("webhook")
    @classmethod
    def _http(cls, value: str) -> str:
        if value:
            _HTTP.validate_python(value)
        return value

    @field_validator("schedule")
    @classmethod
    def _cron(cls, value: str) -> str:
        from croniter import croniter  # noqa: PLC0415  needed by the few who set it

        if not croniter.is_valid(value):
            raise ValueError(f"{value!r} is no cron line like '0 2 * * *'")
        return value


NAMES: dict[str, str] = {info.title: field for field, info in Settings.model_fields.items() if info.title}
"""Name of a setting → its field: `batch` → `batch_size`."""


def as_database_url(value: str) -> str:
    """`outputs/thu.db` as `sqlite:///outputs/thu.db`; what already is a URL stays, a PostgreSQL one with its driver.

    >>> as_database_url("postgres://me@db/tongket")
    'postgresql+psycopg://me@db/tongket'
    """
    if "://" not in value:
        return f"sqlite:///{value}"
    scheme, _, rest = value.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else value
