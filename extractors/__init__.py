"""Text of Vietnamese trade-union news in, records out. Reads no clock, no network and no file but its own lexicon."""

from extractors.reading import read, read_many
from extractors.records import Report

__all__ = ["Report", "read", "read_many"]
