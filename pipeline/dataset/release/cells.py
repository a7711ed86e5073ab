"""Cells of a table as text: what a spreadsheet would run is shown instead."""

from __future__ import annotations

import re
from typing import Any

# Spreadsheets run cells that begin like this, also behind blanks and other signs that they skip. A number and a list's
# dash (`- Kết nạp 705 đoàn viên`) are no formulas.
_FORMULA = re.compile(r"[\s\"'\ufeff\u200b]*(?:[=@＝＠]|[+＋-](?!\s|\d+(?:\.\d+)?\Z))|[\t\r\n]")


def cell(value: Any) -> Any:
    """A CSV cell. Article text comes from anywhere: what a spreadsheet would run as a formula gets an apostrophe.

    >>> cell("=HYPERLINK(1)"), cell("- Kết nạp 705 đoàn viên"), cell(True)
    ("'=HYPERLINK(1)", '- Kết nạp 705 đoàn viên', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value
