"""Text of Vietnamese trade-union news in, records out. Reads no clock, no network and no file but its own lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.reading import read, read_many
    from extractors.records import Report

__all__ = ["Report", "read", "read_many"]


def __getattr__(name: str) -> Any:
    """The entry points, imported when they are asked for: spaCy takes a second, and the records alone do without."""
    if name == "Report":
        from extractors.records import Report  # noqa: PLC0415

        return Report
    if name in __all__:
        from extractors import reading  # noqa: PLC0415

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
