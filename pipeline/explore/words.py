"""The interface's words in English and Vietnamese, the code book's labels, and numbers and days as each language writes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extractors.lexicon.tables import parse
from pipeline.explore.places import province_name
from pipeline.explore.rows import rows

LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}
_TABLE = Path(__file__).with_name("words.tsv")
_SIGNS = {
    "about": "≈ ",
    "at_least": "≥ ",
    "at_most": "≤ ",
    "more_than": "> ",
    "nearly": "< ",
    "order_of": "~ ",
}

Labels = Mapping[tuple[str, str], Mapping[str, str]]


@cache
def interface() -> dict[str, dict[str, str]]:
    """Key → language → words."""
    table = parse(_TABLE.read_text(encoding="utf-8"), source=_TABLE.name)
    return {row["key"]: {"en": row["en"], "vi": row["vi"]} for row in table}


def load_labels(connection: sqlite3.Connection) -> Labels:
    """What the release's code book calls each code: `(vocabulary, code)` → language → label."""
    found = rows(connection, "SELECT vocabulary, code, label_en, label_vi FROM codebook_codes")
    return {(row["vocabulary"], row["code"]): {"en": row["label_en"], "vi": row["label_vi"]} for row in found}


class Words:
    """Everything that is said in one language, for the templates."""

    def __init__(self, language: str, labels: Labels) -> None:
        self.language = language
        self._labels = labels

    def __call__(self, key: str, **values: Any) -> str:
        """The interface's words of `key`, with `values` put in."""
        words = interface()[key][self.language]
        return words.format(**values) if values else words

    def label(self, vocabulary: str, code: str | None) -> str:
        """A code's label; the code itself where the code book has none."""
        return self._labels.get((vocabulary, code or ""), {}).get(self.language) or code or ""

    def codes(self, vocabulary: str) -> list[tuple[str, str]]:
        """All codes of a vocabulary with their labels, by label."""
        found = [(code, self.label(name, code)) for name, code in self._labels if name == vocabulary]
        return sorted(found, key=lambda pair: pair[1])

    def number(self, value: Any) -> str:
        """A number as the language writes it: `22,470.5`, in Vietnamese `22.470,5`; what is none stays as it is."""
        if value is None or value == "":
            return ""
        text = repr(value) if isinstance(value, float) else str(value)
        text = text.removesuffix(".0")
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, _, rest = digits.partition(".")
        if not whole.isascii() or not whole.isdigit() or (rest and not rest.isdigit()):
            return text
        shown = f"{int(whole):,}" + (f".{rest}" if rest else "")
        if self.language == "vi":
            shown = shown.translate({ord(","): ".", ord("."): ","})
        return sign + shown

    def percent(self, value: float | None) -> str:
        """`117.5%`; empty where there is none."""
        return "" if value is None else f"{self.number(round(value, 1))}%"

    def bare(self, row: Mapping[str, Any]) -> str:
        """A figure's value with its bounds: `≥ 650`, `40%`."""
        upper = f"–{self.number(row['value_max'])}" if row["value_max"] else ""
        sign = _SIGNS.get(row["modifier"], "")
        return f"{sign}{self.number(row['value'])}{upper}" + ("%" if row["unit"] == "percent" else "")

    def unit(self, row: Mapping[str, Any]) -> str:
        """What a figure counts, where that is not said by its value: `people`."""
        return "" if row["unit"] in {"percent", "other"} else self.label("unit_code", row["unit"])

    def amount(self, row: Mapping[str, Any]) -> str:
        """A figure's value with its bounds and its unit: `≥ 650 people`."""
        return f"{self.bare(row)} {self.unit(row)}".rstrip()

    def day(self, value: str | None) -> str:
        """An ISO day or time as people write it: `2025-01-12`, in Vietnamese `12/1/2025`."""
        if not value:
            return ""
        day = value[:10]
        if self.language == "en" or len(day) < 10 or not day[8:10].isdigit():
            return day
        return f"{int(day[8:10])}/{int(day[5:7])}/{day[:4]}"

    def days(self, row: Mapping[str, Any]) -> str:
        """From when to when: `2025-02-18 – 2025-02-19`."""
        first, last = self.day(row.get("date_start")), self.day(row.get("date_end"))
        return f"{first} – {last}" if last and last != first else first or self("date_unknown")

    def province(self, code: str | None) -> str:
        """A province's name, as it was when the code was its."""
        return province_name(code)
