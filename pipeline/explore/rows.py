"""Questions to a release's SQLite file: SQL in, dicts out, with every text made safe to show."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

Row = dict[str, Any]
Params = Mapping[str, Any]

DATABASE = "tongket"
"""What Datasette calls the release's database: the first part of its addresses."""

# Characters that steer a terminal or turn the direction of writing are shown as signs of their own, one for one, so that
# offsets into a text stay right.
_SIGNS = {
    **{code: 0x2400 + code for code in range(0x20) if code not in {0x09, 0x0A, 0x0D}},
    0x7F: 0x2421,
    **dict.fromkeys(
        (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF), 0xFFFD
    ),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}


def clean(text: str) -> str:
    r"""`text` with its control characters as visible signs, each one character for one.

    >>> clean("hội nghị\x07\x1b[31m")
    'hội nghị␇␛[31m'
    """
    return text.translate(_SIGNS)


def rows(connection: sqlite3.Connection, sql: str, params: Params | None = None) -> list[Row]:
    """The rows that `sql` gives, texts cleaned."""
    cursor = connection.execute(sql, params or {})
    names = [column[0] for column in cursor.description]
    return [
        {
            name: clean(value) if isinstance(value, str) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor
    ]


def row(connection: sqlite3.Connection, sql: str, params: Params | None = None) -> Row | None:
    """The first row that `sql` gives, or None."""
    return next(iter(rows(connection, sql, params)), None)


def one(connection: sqlite3.Connection, sql: str, params: Params | None = None) -> Any:
    """The first cell of the first row; None where there is none."""
    found = connection.execute(sql, params or {}).fetchone()
    return found[0] if found else None


def listed(value: str | None) -> list[Any]:
    """A list that the release keeps as JSON text; nothing where it is empty."""
    found = json.loads(value) if value else []
    return [clean(one) if isinstance(one, str) else one for one in found]


def exports(sql: str, params: Params | None = None) -> dict[str, str]:
    """Addresses at which Datasette gives what `sql` says: as CSV, as JSON, and as a query to change.

    >>> exports("SELECT 1")["CSV"]
    '/tongket.csv?sql=SELECT+1&_size=max'
    """
    told = urlencode(
        {"sql": " ".join(sql.split()), **{k: v for k, v in (params or {}).items() if v is not None}}
    )
    return {
        "CSV": f"/{DATABASE}.csv?{told}&_size=max",
        "JSON": f"/{DATABASE}.json?{told}&_shape=array",
        "SQL": f"/{DATABASE}?{told}",
    }


def web_address(url: str | None) -> str | None:
    """`url` where a browser may follow it: http and https alone.

    >>> web_address("javascript:alert(1)") is None
    True
    """
    return url if url and url.lower().startswith(("http://", "https://")) else None
