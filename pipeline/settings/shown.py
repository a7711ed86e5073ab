"""Settings as `tongket settings` shows them: the value in force without passwords, where it came from, what it means."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from rich import box
from rich.table import Table
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from pipeline.settings.layers import InForce
from pipeline.settings.model import NAMES, PREFIX, ROOT, Settings
from pipeline.tables import plain

_UNREADABLE = "***"


def as_rows(in_force: InForce) -> list[dict[str, Any]]:
    """One row a setting that people set: `setting`, `variable`, `value`, `default`, `from`, `meaning`.

    Values are texts and numbers; None where there is none.
    """
    return [
        {
            "setting": name,
            "variable": f"{PREFIX}{name.upper()}",
            "value": _shown(name, getattr(in_force.settings, where)),
            "default": _shown(name, Settings.model_fields[where].default),
            "from": in_force.origins[where],
            "meaning": Settings.model_fields[where].description,
        }
        for name, where in NAMES.items()
    ]


def settings_table(rows: list[dict[str, Any]]) -> Table:
    """The same for people; narrow enough for 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold", ratio=2)
    table.add_column("from", overflow="fold")
    table.add_column("meaning", ratio=3)
    for row in rows:
        value = None if row["value"] is None else str(row["value"])
        table.add_row(
            Text(row["setting"], style="bold"), plain(value), plain(row["from"]), plain(row["meaning"])
        )
    return table


def _shown(name: str, value: Any) -> str | int | float | None:
    """A value for people's eyes: a path of the project from its folder on, an address without what opens it."""
    if value in ("", None):
        return None
    if name == "db":
        return _database(str(value))
    if name == "webhook":
        return _webhook(str(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else _from_root(str(value))


def _database(url: str) -> str:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return _UNREADABLE  # a URL that cannot be parsed may hold a password in any place
    if parsed.drivername == "sqlite" and parsed.database:
        return _from_root(parsed.database)
    # Drivers take a password among the options too.
    query = {key: "hidden" if "pass" in key.lower() else told for key, told in parsed.query.items()}
    return parsed.set(query=query).render_as_string(hide_password=True)


def _webhook(url: str) -> str:
    """Scheme and host: who knows the rest of such an address may write to it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    more = parts.path.strip("/") or parts.query or "@" in parts.netloc
    return f"{parts.scheme}://{host}/" + (_UNREADABLE if more else "")


def _from_root(path: str) -> str:
    return path.removeprefix(f"{ROOT}/")
