"""The code book: a field or code without words, or words without a field or code, fails the build and is named."""

from __future__ import annotations

import tomllib
import typing
from dataclasses import replace
from pathlib import Path

import pytest

from extractors import records
from pipeline.dataset.release import codebook
from pipeline.dataset.release.codebook import CodebookError, Words, build
from pipeline.dataset.release.model import PANEL, TABLES, ReleasedField, ReleasedTable
from pipeline.settings import ROOT
from tests.pipeline.release.filled import DATE, rows


def other(name: str, *fields: ReleasedField) -> tuple[ReleasedTable, ...]:
    """All tables, the one of that name with more fields."""
    return tuple(replace(one, fields=(*one.fields, *fields)) if one.name == name else one for one in TABLES)


NEW = ReleasedField("mood", "string")
CODED = replace(PANEL.fields[3], codes=(*PANEL.fields[3].codes, "village"))


def test_all_tables_are_described() -> None:
    found = build(TABLES)
    assert found.fields.keys() == {(table.name, name) for table in TABLES for name in table.names}
    assert found.label("indicator", "members_recruited") != found.label(
        "indicator", "members_recruited", "vi"
    )


@pytest.mark.parametrize(
    ("tables", "expected", "proves"),
    [
        (other("figures", NEW), ["fields.tsv: no row for figures.mood"], "an undescribed field"),
        (other("panel", CODED), ["codes.tsv: no row for unit_level village"], "an undescribed code"),
        (
            (*TABLES, ReleasedTable("moods", (TABLES[0].fields[0], NEW))),
            ["tables.tsv: no row for moods", "fields.tsv: no row for moods.mood"],
            "an undescribed table",
        ),
        (TABLES[:-1], ["tables.tsv: panel is no table", "fields.tsv: panel."], "words of a table that is gone"),
        (
            tuple(replace(t, fields=tuple(f for f in t.fields if f.vocabulary != "check_rule")) for t in TABLES),
            ["codes.tsv: check_rule part_of_whole is no code", "rule is in no table"],
            "words of codes and a field that are gone",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_does_not_fit_is_named(
    tables: tuple[ReleasedTable, ...], expected: list[str], proves: str
) -> None:
    with pytest.raises(CodebookError) as caught:
        build(tables)
    assert all(line in str(caught.value) for line in expected), proves


def test_each_problem_is_named_once() -> None:
    # Two tables have the vocabulary.
    with pytest.raises(CodebookError) as caught:
        build(
            replace(t, fields=tuple(replace(f, codes=(*f.codes, "village")) if f.vocabulary == "unit_level" else f for f in t.fields))
            for t in TABLES
        )  # fmt: skip
    assert str(caught.value).count("village") == 1


def test_an_empty_cell_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "codebook"
    folder.mkdir()
    (folder / "tables.tsv").write_text("table\ten\tvi\nunits\tA unit.\t\n", encoding="utf-8")
    monkeypatch.setattr(codebook, "files", lambda _package: tmp_path)
    with pytest.raises(CodebookError, match=r"codebook/tables\.tsv.*units.*empty cell"):
        codebook._read("tables")


# The vocabularies by the names that the records give to their sets of codes.
_NAMES = {
    "ConferenceKind": "conference_kind", "UnitType": "unit_type", "UnitLevel": "unit_level", "UnitRole": "unit_role",
    "UnitCode": "unit_code", "Modifier": "modifier", "Status": "status", "Indicator": "indicator",
    "AwardForm": "award_form", "RecipientType": "recipient_type", "QualityFlag": "quality_flag", "CheckRule": "check_rule",
}  # fmt: skip
_SETS = [name for name, one in vars(records).items() if typing.get_origin(one) is typing.Literal]


@pytest.mark.parametrize("name", _SETS)
def test_every_code_of_the_records_is_described(name: str) -> None:
    codes = build(TABLES).codes
    assert {code for vocabulary, code in codes if vocabulary == _NAMES[name]} == set(
        typing.get_args(getattr(records, name))
    )


@pytest.mark.parametrize("vocabulary", sorted({name for name, _ in build(TABLES).codes}))
def test_labels_are_distinct(vocabulary: str) -> None:
    told = [label for (name, _), (label, _) in build(TABLES).codes.items() if name == vocabulary]
    for labels in ([one.en.lower() for one in told], [one.vi.lower() for one in told]):
        assert sorted(set(labels)) == sorted(labels)


def test_descriptions_are_in_their_language() -> None:
    book = build(TABLES)
    told: list[Words] = [
        *book.tables.values(),
        *book.fields.values(),
        *(words for _, words in book.codes.values()),
    ]
    assert not [one for one in told if one.en == one.vi]
    assert not [one for one in told if one.vi.isascii()], "Vietnamese is not written without its letters"


def test_the_markdown_has_each_field_and_code(rich: Path) -> None:
    text = (rich / "CODEBOOK.md").read_text(encoding="utf-8")
    book = build(TABLES)
    for table in TABLES:
        part = text.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == table.names
    for (vocabulary, code), (label, _) in book.codes.items():
        part = text.partition(f"## Codes: {vocabulary}\n")[2].partition("\n## ")[0]
        assert f"| `{code}` | {label.en} | {label.vi} |" in part
    widths = {line.count(" | ") for line in text.splitlines() if line.startswith("| `")}
    assert widths == {3, 4}, "no description breaks its row with a bar"


def test_whatever_the_packages_read_is_packed() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    for package, patterns in told.items():
        for path in (ROOT / package).rglob("*"):
            name = path.relative_to(ROOT / package)
            if path.is_file() and path.suffix not in {".py", ".pyc", ".md", ".png"}:
                fits = any(
                    name.match(pattern) and len(name.parts) == pattern.count("/") + 1 for pattern in patterns
                )
                assert fits, f"{package}/{name} would not be packed"


def test_card(rich: Path) -> None:
    text = (rich / "README.md").read_text(encoding="utf-8")
    assert f"Release of {DATE}, version 2025.1.14" in text
    for table in TABLES:
        assert f"| `{table.name}` | {len(rows(rich, table.name))} |" in text
    outcomes, articles = rows(rich, "outcomes"), rows(rich, "articles")
    coverage = text.partition("## Coverage")[2].partition("## Quality")[0]
    for source in {row["source"] for row in articles}:
        assert f"| {source} | {sum(row['source'] == source for row in articles)} |" in coverage
    for year in {row["date_start"][:4] for row in outcomes if row["date_start"]}:
        mine = [row for row in outcomes if (row["date_start"] or "")[:4] == year]
        assert f"| {year} | {len(mine)} | {sum(row['articles'] for row in mine)} |" in coverage
    thanh_hoa = [row for row in outcomes if row["province_code"] == "38"]
    assert f"| Thanh Hóa | {len(thanh_hoa)} | {sum(row['articles'] for row in thanh_hoa)} |" in coverage
    quality = text.partition("## Quality")[2].partition("## Known limits")[0]
    assert "| figures_strict | 0.8" in quality
    assert "There is no release before this one." in text
    assert "@misc{tongket_20250114," in text
