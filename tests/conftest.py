"""Prefect's files aside from those of the project's own runs, and each worker's aside from the other's."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

# Prefect reads this once, when first imported, and collecting the doctests imports it: a fixture would be too late.
_HOME = TemporaryDirectory(prefix="tongket-prefect-", ignore_cleanup_errors=True)
os.environ["PREFECT_HOME"] = _HOME.name
