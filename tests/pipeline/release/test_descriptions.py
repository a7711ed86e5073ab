"""A release as the programs of others read it, without network: Frictionless and Croissant."""

from __future__ import annotations

import json
import re
import shutil
import socket
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.dataset.release import release
from pipeline.dataset.release.model import TABLES
from tests.pipeline.release.filled import DATE, csv_rows, digests, filled, readings, rows

Edit = Callable[[str], str]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks another machine for anything fails."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1"}:
            raise AssertionError(f"a connection to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_: pytest.fail(f"a name asked for: {host}"))


@pytest.fixture
def _foreign_warnings() -> Iterator[None]:
    """What the libraries say of each other's old ways is not ours to mend."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"rdflib|mlcroissant|pandas")
        warnings.filterwarnings("ignore", message="The inplace keyword", category=DeprecationWarning)
        yield


def frictionless(folder: Path) -> list[str]:
    """The errors that Frictionless finds in a release: `resource type field`."""
    from frictionless import validate

    report = validate(str(folder / "datapackage.json"))
    told = [f"{task.name} {error.type} {getattr(error, 'field_name', '')}".strip() for task in report.tasks for error in task.errors]  # fmt: skip
    return told + [f"package {error.type}: {error.message}" for error in report.errors]


def test_frictionless_finds_no_fault(rich: Path) -> None:
    assert frictionless(rich) == []
    package = json.loads((rich / "datapackage.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in package["resources"]] == [table.name for table in TABLES]
    sums = digests(rich)
    assert {one["path"]: one["hash"] for one in package["resources"]} == {
        f"{table.name}.csv": f"sha256:{sums[f'{table.name}.csv']}" for table in TABLES
    }


def test_frictionless_finds_no_fault_behind_a_byte_order_mark(tmp_path: Path) -> None:
    with filled(f"sqlite:///{tmp_path}/t.db", readings()[:12]) as engine:
        assert frictionless(release(engine, tmp_path / "releases", DATE, bom=True)) == []


def swap(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text, "the row to break is there"
        return text.replace(old, new, 1)

    return edit


def first_cell(pattern: str, new: str) -> Edit:
    def edit(text: str) -> str:
        broken, count = re.subn(pattern, new, text, count=1, flags=re.M)
        assert count == 1, "the row to break is there"
        return broken

    return edit


@pytest.mark.parametrize(
    ("table", "edit", "expected", "proves"),
    [
        ("articles", lambda text: text, [], "unbroken, with the sums mended"),
        ("links", swap("same_unit", "same_union"), ["links constraint-error kind"], "no code"),
        ("people", first_cell(r"^([^,\n]+),([^,\n]+),(\d+),", r"\1,nobody,\3,"), ["people foreign-key"], "a broken foreign key"),
        ("outcomes", first_cell(r",(20\d\d-\d\d-\d\d),", ",12/1/2025,"), ["outcomes type-error date_start"], "no date"),
        ("figures", first_cell(r",person,", ",,"), ["figures constraint-error unit"], "nothing where something must be"),
        ("checks", first_cell(r",true,", ",vâng,"), ["checks type-error holds"], "neither yes nor no"),
        ("checks", lambda text: text + text.split("\n")[1] + "\n", ["checks primary-key"], "an id twice"),
        ("links", lambda text: text.replace("score", "scores", 1), ["links incorrect-label score"], "another head"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)  # fmt: skip
def test_a_broken_table_is_refused(
    copy: Path, table: str, edit: Edit, expected: list[str], proves: str
) -> None:
    path = copy / f"{table}.csv"
    path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    package = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    for one in package["resources"]:
        if one["name"] == table:  # the sums are tested elsewhere
            one |= {"bytes": path.stat().st_size, "hash": f"sha256:{digests(copy)[path.name]}"}
    (copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    found = frictionless(copy)
    assert found == expected if not expected else set(expected) <= set(found), proves


@pytest.mark.guard("changed-release")
def test_a_changed_file_does_not_have_its_sum(copy: Path) -> None:
    with (copy / "links.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert any(told.startswith(("links hash-count", "links byte-count")) for told in frictionless(copy))


@pytest.mark.usefixtures("_foreign_warnings")
@pytest.mark.parametrize("table", ["figures", "outcomes", "checks", "panel"])
def test_croissant_yields_the_rows(rich: Path, table: str) -> None:
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(rich / "croissant.json"))
    assert {one.id for one in dataset.metadata.record_sets} == {one.name for one in TABLES}
    told = [
        {name.partition("/")[2]: plain(value) for name, value in record.items()}
        for record in dataset.records(table)
    ]
    expected = [{name: plain(value) for name, value in row.items()} for row in rows(rich, table)]
    assert told == expected


def plain(value: Any) -> Any:
    """A value as both write it: mlcroissant gives bytes for text, arrays for lists, NaN for what is missing."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or value != value:  # noqa: PLR0124  NaN
        return None
    return float(value) if isinstance(value, (int, float)) else value


@pytest.mark.usefixtures("_foreign_warnings")
def test_croissant_refuses_a_description_of_what_is_not_there(copy: Path) -> None:
    import mlcroissant

    shutil.copy(copy / "croissant.json", copy / "other.json")
    text = (copy / "other.json").read_text(encoding="utf-8")
    (copy / "other.json").write_text(
        text.replace('"column": "indicator"', '"column": "indicators"'), encoding="utf-8"
    )
    dataset = mlcroissant.Dataset(jsonld=str(copy / "other.json"))
    with pytest.raises(Exception, match=r"Read\(figures.parquet\)"):
        list(dataset.records("figures"))


def test_the_head_of_each_csv_is_described(rich: Path) -> None:
    package = json.loads((rich / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(csv_rows(rich, resource["name"])[0])
        assert all(field["description"] and field["description_vi"] for field in fields)
