"""Where a run keeps things and how it shows itself to the sites it visits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).resolve().parent.parent

# Environment variable → field. Paths and numbers are read by pydantic, so a wrong one is named by its field.
_VARIABLES = {
    "TONGKET_DB": "database_url",
    "TONGKET_ARCHIVE": "archive_dir",
    "TONGKET_RELEASES": "releases_dir",
    "TONGKET_CONTACT": "contact",
    "TONGKET_REVIEWER": "reviewer",
    "TONGKET_TIMEOUT": "timeout_seconds",
    "TONGKET_BATCH": "batch_size",
    "TONGKET_PAGES": "max_pages",
}


class Settings(BaseModel):
    """Settings of one run; a path that is not absolute is relative to the working directory.

    `database_url` is an SQLAlchemy URL. `contact` (an address or a page) goes into the User-Agent, so that
    a site's owner knows whom to ask. `reviewer` is whose decisions a review's are, where nothing else says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = f"sqlite:///{ROOT / 'outputs' / 'tongket.db'}"
    archive_dir: Path = ROOT / "corpus" / "archive"
    releases_dir: Path = ROOT / "outputs" / "releases"
    contact: str = ""
    reviewer: str = ""
    timeout_seconds: float = Field(default=30.0, gt=0)
    max_page_bytes: int = Field(default=8_000_000, gt=0)
    retries: int = Field(default=2, ge=0)
    backoff_seconds: float = Field(default=1.0, ge=0)
    batch_size: int = Field(default=150, gt=0)
    max_pages: int = Field(default=5000, gt=0)
    give_up_after: int = Field(default=10, gt=0)

    @property
    def user_agent(self) -> str:
        """`tongket/0.1 (+https://example.vn/about)`; without a contact, `tongket/0.1`."""
        return f"tongket/0.1 (+{self.contact})" if self.contact else "tongket/0.1"


def as_database_url(value: str) -> str:
    """`outputs/thu.db` as `sqlite:///outputs/thu.db`; what already is a URL stays, a PostgreSQL one with its driver.

    >>> as_database_url("postgres://me@db/tongket")
    'postgresql+psycopg://me@db/tongket'
    """
    if "://" not in value:
        return f"sqlite:///{value}"
    scheme, _, rest = value.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else value


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Defaults, then `TONGKET_…` of the environment, then `overrides` that are not None.

    Raises `pydantic.ValidationError` naming the field, for instance on `TONGKET_BATCH=many`.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {
        field: environ[name] for name, field in _VARIABLES.items() if environ.get(name)
    }
    values.update({name: value for name, value in overrides.items() if value is not None})
    if "database_url" in values:
        values["database_url"] = as_database_url(str(values["database_url"]))
    return Settings.model_validate(values)
