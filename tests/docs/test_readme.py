"""What README and CONTRIBUTING name exists, and README names all that exists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import BaseModel

from pipeline.cli import app
from pipeline.crawl.sources import HEADLINE, Bounds, DateRule, Layout, Listing, Source, load_source
from pipeline.settings import ROOT, SettingsError, settings_in_force
from pipeline.settings.layers import CONFIG
from pipeline.settings.model import NAMES
from pipeline.settings.shown import as_rows

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "corpus/README.md",
    "corpus/gold/README.md",
    "outputs/README.md",
]


def leaves(group: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Commands by what is typed for them: `run`, and of a group `sources list`."""
    for word, command in group.commands.items():
        whole = f"{name} {word}".strip()
        if hasattr(command, "commands"):
            yield from leaves(command, whole)
        else:
            yield whole, command


OPTIONS: dict[str, set[str]] = {
    name: {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("-")
    }
    for name, command in leaves(typer.main.get_command(app))
}
GROUPS = {name.partition(" ")[0] for name in OPTIONS if " " in name}
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


def split_name(word: str, rest: str) -> tuple[str, str]:
    """What is typed for a command, and what stands behind it: of a group two words are the name."""
    if word not in GROUPS or not (second := re.match(r"\s*([a-z][a-z-]*)(.*)", rest, re.DOTALL)):
        return word, rest
    return f"{word} {second[1]}", second[2]


def unknown(page: str) -> list[str]:
    """Commands and options that `page` names in its code and the program does not have."""
    found = []
    for piece in code(page):
        calls = _CALL.findall(_QUOTED.sub("TEXT", piece))
        for command, words in (split_name(*call) for call in calls):
            if command in GROUPS and not words.strip():
                continue  # `tongket sources`: the group as such
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
        there = page if not path else target.read_text("utf-8") if anchor and target.is_file() else ""
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
        ("`tongket relearn`", ["tongket relearn"], "no such command"),
        ("`tongket sources check bao --json`", [], "a command of a group"),
        ("`tongket sources`", [], "a group"),
        ("`tongket sources remove bao`", ["tongket sources remove"], "no such command of the group"),
        (
            "`tongket sources list --url x`",
            ["tongket sources list --url"],
            "an option of the group's other command",
        ),
        ("`tongket list`", ["tongket list"], "the group's command without the group"),
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


# The models of a manifest, by the field that holds them; the source itself holds all.
PARTS: dict[str, type[BaseModel]] = {
    "": Source, "listings": Listing, "layouts": Layout, "dates": DateRule, "bounds": Bounds,
}  # fmt: skip
# Defaults that the README tells in words.
IN_WORDS = {HEADLINE: "seven words and more, joined by hyphens"}


def test_the_manifest_of_the_readme_loads_and_has_every_field(manifest: Path) -> None:
    source = load_source(manifest)
    assert source.name == "bao-tinh"
    data = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    for name, model in PARTS.items():
        part = data[name] if name else data
        part = part[0] if isinstance(part, list) else part
        assert set(part) == set(model.model_fields), name
    assert (
        source.article("https://m.baotinh.example/in-trang/a-post1.html")
        == "https://baotinh.example/a-post1.html"
    )


def told_defaults(text: str) -> dict[tuple[str, str], str]:
    """(part, field) → the default that the example tells, on the field's line or in a comment below it."""
    told, part, field = {}, "", ""
    for line in text.splitlines():
        if key := re.match(r"( *(?:- )?)([a-z_]+):", line):
            part, field = (part, key[2]) if key[1] else ("", key[2])
        if default := re.search(r"\(default: ([^)]+)\)", line):
            told[part, field] = default[1]
        if key and not key[1]:
            part = field if field in PARTS else ""
    return told


def shown(value: object) -> str:
    """A default as the README writes it."""
    if value is None or value in ([], {}):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float | int) else IN_WORDS.get(str(value), str(value))


def test_the_defaults_that_the_manifest_of_the_readme_tells(manifest: Path) -> None:
    fields = {
        (part, name): shown(info.get_default(call_default_factory=True))
        for part, model in PARTS.items()
        for name, info in model.model_fields.items()
        # A layout's fields are empty by default, which is said of all of them; `dates` and `bounds` tell theirs.
        if part != "layouts" and name not in {"dates", "bounds"} and not info.is_required()
    }
    assert told_defaults(manifest.read_text(encoding="utf-8")) == fields
    assert all(
        shown(info.get_default(call_default_factory=True)) == "none" for info in Layout.model_fields.values()
    )


def variables() -> Iterator[str]:
    """The rows of README's table of variables, as the settings have them."""
    for row in as_rows(settings_in_force({})):
        default = row["default"]
        told = "none" if default is None else f"`{default}`" if isinstance(default, str) else default
        yield f"| `{row['variable']}` | {row['meaning']} | {told} |"


def test_the_variables_of_the_readme_are_those_there_are() -> None:
    table = re.findall(r"^\| `TONGKET_.*$", README, re.MULTILINE)
    assert table == list(variables())
    named = set(re.findall(r"TONGKET_[A-Z]+", README))
    assert named == {f"TONGKET_{name.upper()}" for name in NAMES} | {CONFIG}
    # Each is read.
    for name in NAMES:
        with pytest.raises(SettingsError) if name in ODD else nullcontext():
            found = settings_in_force({f"TONGKET_{name.upper()}": ODD.get(name, "7")})
            assert found.origins[NAMES[name]] != "default", name


# Of settings that have a form of their own, what has it not.
ODD = {"logs": "7", "webhook": "7", "schedule": "7", "collision": "7"}


def test_the_settings_of_the_readme_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "tongket.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in (*NAMES, "config"):
        monkeypatch.delenv(f"TONGKET_{name.upper()}", raising=False)
    origins = settings_in_force().origins
    assert {name for name, field in NAMES.items() if origins[field] == "tongket.toml"} == set(
        tomllib.loads(example)
    )


def test_the_make_targets_of_the_pages_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        used = {target for piece in code(page) for target in re.findall(r"\bmake ([a-z]+)", piece)}
        assert used <= targets, name
