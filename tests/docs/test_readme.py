"""What README and CONTRIBUTING name exists, and README names all that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel

from pipeline.cli import app
from pipeline.crawl.sources import Bounds, Listing, Selectors, Source, load_source
from pipeline.settings import ROOT, Settings, load_settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "corpus/README.md",
    "corpus/gold/README.md",
    "outputs/README.md",
]

_GROUP: Any = typer.main.get_command(app)
OPTIONS: dict[str, set[str]] = {
    name: {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
    for name, command in _GROUP.commands.items()
}
ROOT_OPTIONS = {"--help", "-h", "--version"}

# Code: fenced, indented by four blanks behind an empty line, or between backticks.
_FENCED = re.compile(r"^```.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)((?: {4}\S.*\n)+)")
_INLINE = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?<![\w.+-])tongket[ ]+([a-z][a-z-]*)([^\n|#]*)")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
_LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
_QUOTED = re.compile(r"'[^'\n]*'")


def code(page: str) -> Iterator[str]:
    """The pieces of code of a page: blocks first, then what stands between backticks."""
    yield from _FENCED.findall(page)
    rest = _FENCED.sub("", page)
    yield from _INDENTED.findall(rest)
    yield from _INLINE.findall(_INDENTED.sub("", rest))


def unknown(page: str) -> list[str]:
    """Commands and options that `page` names in its code and the program does not have."""
    found = []
    for piece in code(page):
        calls = _CALL.findall(_QUOTED.sub("TEXT", piece))
        for command, words in calls:
            if command not in OPTIONS:
                found.append(f"tongket {command}")
            else:
                known = OPTIONS[command] | ROOT_OPTIONS
                found += [f"tongket {command} {o}" for o in _OPTION.findall(words) if o not in known]
        # A bare `--json`: of whichever command.
        if (
            not calls
            and re.fullmatch(r"--?[a-z-]+", piece)
            and piece not in ROOT_OPTIONS.union(*OPTIONS.values())
        ):
            found.append(piece)
    return found


def section(command: str) -> str:
    """README's section on a command: from its heading to the next."""
    match = re.search(rf"^### `tongket {command}`$(.*?)^#", README, re.MULTILINE | re.DOTALL)
    assert match, f"README.md has no section '### `tongket {command}`'"
    return match[1]


def anchors(page: str) -> set[str]:
    """The names that links into a page can point at: `## Real sites` is `real-sites`."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(name: str, page: str) -> list[str]:
    """Relative links of the page at `name` whose file or heading is not there."""
    dead = []
    for link in _LINK.findall(page):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path
        there = page if not path else target.read_text("utf-8") if target.is_file() else ""
        if (path and not target.exists()) or (anchor and anchor not in anchors(there)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("command", sorted(OPTIONS))
def test_every_command_and_option_is_in_its_section(command: str) -> None:
    named = set(_INLINE.findall(section(command)))
    assert OPTIONS[command] - ROOT_OPTIONS <= named


def test_the_options_of_the_program_itself() -> None:
    named = {word for piece in _INLINE.findall(README) for word in piece.split()}
    assert named >= ROOT_OPTIONS


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_what_does_not_exist(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    assert unknown(page) == []
    assert dead_links(name, page) == []


@pytest.mark.parametrize(
    ("page", "expected", "proves"),
    [
        ("Use `tongket extract --all -`.", [], "a command and its option"),
        ("`tongket extract --alle -`", ["tongket extract --alle"], "a misspelt option"),
        ("`tongket explain --all x`", ["tongket explain --all"], "an option of another command"),
        ("`tongket reread`", ["tongket reread"], "no such command"),
        ("The program tongket reads `-o` and `--json`.", [], "prose, and options of whichever command"),
        ("`--jason`", ["--jason"], "no such option anywhere"),
        ("`ruff format --check`", [], "another program"),
        ("\n\n    cat a | tongket extract --al -\n", ["tongket extract --al"], "indented, behind a pipe"),
        ("```text\n.venv/bin/tongket demo --prot 1\n```\n", ["tongket demo --prot"], "by its path"),
        ("```sh\ntongket demo --prot 1\n```\n", ["tongket demo --prot"], "fenced"),
        ("`tongket explain 'xem --them' --published 2025-01-13`", [], "what stands in quotes is text"),
    ],
)
def test_what_counts_as_unknown(page: str, expected: list[str], proves: str) -> None:
    assert unknown(page) == expected, proves


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("[a](LICENSE) [b](corpus/gold) [c](https://example.org/x)", []),
        ("[a](LICENCE)", ["LICENCE"]),
        ("# Real sites\n[a](#real-sites) [b](#unreal)", ["#unreal"]),
        ("[a](README.md#real-sites) [b](README.md#unreal)", ["README.md#unreal"]),
    ],
)
def test_what_counts_as_a_dead_link(page: str, expected: list[str]) -> None:
    assert dead_links("PAGE.md", page) == expected


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """README's example of a manifest, as a file."""
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    return path


def test_the_manifest_of_the_readme_loads_and_has_every_field(manifest: Path) -> None:
    assert load_source(manifest).name == "bao-tinh"
    data = yaml.safe_load(manifest.read_text(encoding="utf-8"))

    def fields(model: type[BaseModel]) -> set[str]:
        return set(model.model_fields)

    assert set(data) == fields(Source)
    assert set(data["selectors"]) == fields(Selectors)
    assert set(data["bounds"]) == fields(Bounds)
    assert set(data["listings"][0]) == fields(Listing)


def test_the_defaults_that_the_manifest_of_the_readme_tells(manifest: Path) -> None:
    lines = manifest.read_text(encoding="utf-8").splitlines()
    told = {m[1]: m[2] for line in lines if (m := re.search(r"(\w+):.*\(default: (\w+)\)", line))}
    defaults = {
        name: "none" if info.default is None else f"{info.default:g}"
        for model in (Source, Listing, Bounds)
        for name, info in model.model_fields.items()
        if name in told
    }
    assert told == defaults
    assert len(told) == 6


def test_the_variables_of_the_readme_are_those_there_are() -> None:
    named = set(re.findall(r"TONGKET_[A-Z]+", README))
    # Each is read: with a value that no setting can have, or that shows in the settings.
    values = {"TONGKET_TIMEOUT": "7", "TONGKET_BATCH": "7"}
    default = load_settings({})
    for name in named:
        assert load_settings({name: values.get(name, "seven")}) != default, name
    # These have no variable: they are not for people to set.
    assert len(named) == len(Settings.model_fields) - len({"max_page_bytes", "retries", "backoff_seconds"})


def test_the_make_targets_of_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        used = {target for piece in code(page) for target in re.findall(r"\bmake ([a-z]+)", piece)}
        assert used <= targets, name
