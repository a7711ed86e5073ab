"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[
    str | None,
    typer.Option("--db", metavar="URL|FILE", help="Database: an SQLAlchemy URL or an SQLite file."),
]
SourcesDir = Annotated[
    Path | None, typer.Option("--sources", metavar="DIR", help="Folder of source manifests (YAML).")
]
