"""What a running page knows: which release it shows, its words, and who may review."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.explore.kept import Kept
from pipeline.explore.words import LANGUAGES, Labels, Words, load_labels
from pipeline.settings import Settings

SQLITE = "tongket.sqlite"
_TOO_OLD = "its tables are not those of this version: make it anew with `tongket release`"
_NEEDED = ("outcomes", "outcome_values", "outcome_reports", "units", "panel", "codebook_codes", "search")


class ReleaseError(ValueError):
    """A release that cannot be shown; the message names it and says what to do."""


@dataclass
class Explorer:
    """One running page. `folder` may be the link `latest`: when it moves, the page follows.

    `shown` tells the file that is open from any other; `kept` are answers that are the same as long as it is.
    `settings` name the database where it is known; `token` is set where people may review, and `reviewer` is who does.
    """

    folder: Path
    settings: Settings | None = None
    token: str | None = None
    reviewer: str = ""
    labels: Labels = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    shown: tuple[str, int, int] | None = None

    @property
    def file(self) -> Path:
        """The release's SQLite file, links followed."""
        return (self.folder / SQLITE).resolve()

    @property
    def name(self) -> str:
        """What the release is called: its date."""
        return self.folder.resolve().name

    def moved(self) -> bool:
        """Whether another file is to be shown than the last time this was asked; labels are then read anew.

        A file that is just being replaced counts as the old one.
        """
        try:
            stat = self.file.stat()
        except OSError:
            return False
        seen = (str(self.file), stat.st_ino, stat.st_mtime_ns)
        if seen == self.shown:
            return False
        self.labels = _check(self.file)
        self.shown = seen
        self.kept.clear()
        return True

    def words(self, language: str) -> Words:
        """The words of a language; English where it is unknown."""
        return Words(language if language in LANGUAGES else "en", self.labels)


def find_release(folder: Path) -> Path:
    """`folder` where it is a release that can be shown. Raises `ReleaseError`."""
    if not (folder / SQLITE).is_file():
        raise ReleaseError(
            f"{folder}: no release here: `tongket demo` makes one of invented news, `tongket run` one of your sources"
        )
    _check(folder / SQLITE)
    return folder


def _check(file: Path) -> Labels:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for table in _NEEDED:
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  names stand above
        return load_labels(connection)
    except sqlite3.OperationalError as error:
        raise ReleaseError(f"{file}: {error}: {_TOO_OLD}") from error
    except sqlite3.DatabaseError as error:
        raise ReleaseError(f"{file}: cannot be read: {error}") from error
    finally:
        connection.close()
