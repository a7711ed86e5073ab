"""Datasette on a release's SQLite file, with the pages as its plugin."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette.app import Datasette, DatasetteClient
from datasette.database import Database
from datasette.plugins import pm

from pipeline.explore import plugin
from pipeline.explore.rows import DATABASE
from pipeline.explore.state import Explorer, ReleaseError

_TEMPLATES = Path(__file__).with_name("templates") / "datasette"
_THREADS = 2
_SETTINGS = {
    "max_returned_rows": 50_000,
    "sql_time_limit_ms": 5000,
    "default_page_size": 50,
    "allow_download": True,
    "num_sql_threads": _THREADS,
}
_INLINE = b"DATASETTE_ALLOW_FACET = true;"


def make_app(explorer: Explorer) -> Any:
    """The Datasette of `explorer`, its release opened immutable; ask it with `.client`, serve its `.app()`."""
    if not pm.is_registered(plugin):
        pm.register(plugin, name="tongket")
    made = Datasette(
        files=[], settings=_SETTINGS, template_dir=str(_TEMPLATES), metadata={"title": "tongket"}
    )
    digest = base64.b64encode(hashlib.sha256(_INLINE).digest()).decode()
    plugin.attach(made, explorer, lambda: show_newest(made, explorer), digest)
    made.client = DatasetteClient(made)  # the one it made by itself does not know the pages
    show_newest(made, explorer)
    return made


def show_newest(datasette: Any, explorer: Explorer) -> None:
    """Open the release's file where another one is to be shown than before; one that cannot be is not."""
    known = DATABASE in datasette.databases
    try:
        if not explorer.moved():
            return
    except ReleaseError:
        if known:
            return
        raise
    if known:
        datasette.remove_database(DATABASE)
        # Datasette keeps a connection a thread and name: new threads open the new file.
        datasette.executor.shutdown(wait=False)
        datasette.executor = ThreadPoolExecutor(max_workers=_THREADS)
    datasette.add_database(Database(datasette, path=str(explorer.file), is_mutable=False), name=DATABASE)
