"""Names and phrases that are blanked on request: in every table of a release, and so in all its files and in the page.

The list is the last thing that rows pass on their way out, so that neither a reread nor a new link brings anything back.
Each letter becomes a █: offsets into an article's text keep holding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from extractors.lexicon.tables import TableError, parse
from extractors.places import NEW_TONES, fold
from pipeline.dataset.release.model import ReleasedTable
from pipeline.dataset.release.sqlite_file import fold_letters

COLUMNS = ("what", "words", "reason", "date")
BLANK = "█"
_KINDS = ("name", "phrase")
# Of a text, and of JSON within one; in an address words are joined by other signs.
_BETWEEN = {"phrase": r"(?:\s|\\[nrt])+", "name": r"(?:\s|\\[nrt]|[-_+.]|%20)+"}
_KEPT = re.compile(r"(\\[nrt]|[-_+.\s])|.", re.DOTALL)
_EDGES = (r"(?<![^\W_])", r"(?![^\W_])")


class RedactError(ValueError):
    """A list that cannot be used; the message names the file and the row. Nothing is released by half a list."""


@dataclass(frozen=True)
class Redactions:
    """What is blanked. Without a pattern nothing is."""

    pattern: re.Pattern[str] | None = None

    def text(self, value: str) -> str:
        """`value` with each letter of what is on the list as █; as long as before.

        >>> redactions("name\\tNguyễn Thị Đào\\t\\t").text("Chị Nguyễn Thị Đào ở xã Mỹ Phước")
        'Chị ██████ ███ ███ ở xã Mỹ Phước'
        """
        if self.pattern is None:
            return value
        return self.pattern.sub(_blank, value)

    def touches(self, *values: str | None) -> bool:
        """Whether anything in `values` is on the list."""
        return self.pattern is not None and any(self.pattern.search(one) for one in values if one)

    def gate(self) -> Gate:
        """What the rows of one release pass, tables in the order of `model.TABLES`."""
        return Gate(self)


@dataclass
class Gate:
    """Rows on their way out. `texts` are articles' texts as they go out, where anything was blanked, by article and by
    conference: evidence is cut from them anew, since a quotation may hold half a name.
    """

    blanked: Redactions
    texts: dict[str, str] = field(default_factory=dict)

    def rows(self, table: ReleasedTable, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Rows of `table` as they may go out; keys, codes and numbers are what they are."""
        if self.blanked.pattern is None:
            yield from rows
            return
        names, quoted = _said(table), _quoted(table)
        for row in rows:
            out = {**row, **{name: self._value(row[name]) for name in names & row.keys()}}
            if table.name == "articles" and out.get("text") != row.get("text"):
                self.texts[row["id"]] = out["text"]
            text = self.texts.get(row.get("article_id") or row.get("conference_id") or "")
            if text is not None and table.name == "conferences":
                self.texts[row["id"]] = text
            if text is not None:
                spans = {name: (row.get(f"{name}_start"), row.get(f"{name}_end")) for name in quoted}
                out |= {
                    f"{name}_text": text[slice(*span)] for name, span in spans.items() if span[1] is not None
                }
            yield out

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return self.blanked.text(value) if isinstance(value, str) else value


def _blank(found: re.Match[str]) -> str:
    return _KEPT.sub(lambda one: one[1] or BLANK, found[0])


def redactions(rows: str) -> Redactions:
    """The list that `rows` make, which are those of the file without its header."""
    return _parsed("\t".join(COLUMNS) + "\n" + rows, "the list")


def load_redactions(path: Path, *, required: bool = False) -> Redactions:
    """The list at `path`, tab-separated: `what` (`name` or `phrase`), `words`, `reason`, `date`; `#` opens a note.

    A `name` is blanked however it is spelt: in capitals, without diacritics, joined by hyphens in an address; a `phrase`
    as it stands, in whatever case. A file that is not there is an empty list unless it is `required`. Raises `RedactError`.
    """
    try:
        return _parsed(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        if not required:
            return Redactions()
        raise RedactError(
            f"{path}: no such file: nothing is released without the list of what is blanked"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RedactError(f"{path}: cannot be read: {error}") from error


def _parsed(text: str, source: str) -> Redactions:
    try:
        rows = parse(text, source=source) if text.strip() else []
    except TableError as error:
        raise RedactError(str(error)) from error
    patterns = []
    for row in rows:
        if missing := [name for name in COLUMNS if name not in row]:
            raise RedactError(
                f"{source}: no column {', '.join(missing)}: the first line names {', '.join(COLUMNS)}"
            )
        patterns.append(_pattern(row, source))
    return Redactions(re.compile("|".join(patterns), re.IGNORECASE) if patterns else None)


def _pattern(row: Mapping[str, str], source: str) -> str:
    words = unicodedata.normalize("NFC", row["words"]).split()
    if row["what"] not in _KINDS:
        raise RedactError(
            f"{source}: {row['what']!r}: write one of {', '.join(_KINDS)}; a page goes by `tongket takedown`"
        )
    if len("".join(words)) < 3 or (row["what"] == "name" and len(words) < 2):
        raise RedactError(f"{source}: {row['words']!r}: too short: half of all texts would be blanked")
    try:
        _ = row["date"] and date.fromisoformat(row["date"])
    except ValueError:
        raise RedactError(f"{source}: {row['date']!r} is no day: write it as 2025-01-12") from None
    spelt = [_spellings(word, everyhow=row["what"] == "name") for word in words]
    before, behind = _EDGES
    inside = _BETWEEN[row["what"]].join(spelt)
    return (before if words[0][0].isalnum() else "") + inside + (behind if words[-1][-1].isalnum() else "")


def _spellings(word: str, *, everyhow: bool) -> str:
    """A pattern for a word with its tone on either vowel (`Hoà`, `Hòa`), composed or not; `everyhow`: in addresses too."""
    forms = {word, fold(word)}
    for old, new in NEW_TONES.items():
        forms |= {form.replace(new, old) for form in forms}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}
    if everyhow:
        forms |= {fold_letters(word), quote(word), quote(word.lower())}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return "(?:" + "|".join(re.escape(form).replace('"', '\\\\?"') for form in longest_first) + ")"


def _said(table: ReleasedTable) -> set[str]:
    """The fields of a table that hold words."""
    there = set(table.names)
    return {
        field.name
        for field in table.fields
        if field.type in {"string", "list"}
        and not (
            field.codes
            or field.refers
            or field.date
            or field.name in table.key
            or f"{field.name}_number" in there
        )
    }


def _quoted(table: ReleasedTable) -> list[str]:
    """What a table's spans of evidence are called: `evidence`, `host`."""
    there = set(table.names)
    found = (name.removesuffix("_start") for name in table.names if name.endswith("_start"))
    return [name for name in found if {f"{name}_end", f"{name}_text"} <= there]
