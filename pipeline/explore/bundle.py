"""Vega, Vega-Lite and Vega-Embed as one script, from the package vl-convert: nothing is fetched from elsewhere."""

from __future__ import annotations

import asyncio
import os
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

_kept: list[str] = []
_lock = asyncio.Lock()


async def vega() -> str:
    """The script; making it takes seconds, so it is kept in memory and in the user's cache folder."""
    async with _lock:
        if not _kept:
            _kept.append(await asyncio.to_thread(_load))
    return _kept[0]


def _load() -> str:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    file = home / "tongket" / f"vega-{version('vl-convert-python')}.js"
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        script = str(import_module("vl_convert").javascript_bundle())  # a large library, seldom needed
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, encoding="utf-8", delete=False) as aside:
            aside.write(script)
        Path(aside.name).replace(file)
    except OSError:
        pass  # a machine without a place for it makes the script anew each time
    return script
