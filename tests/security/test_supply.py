"""What the program is made of: pinned packages under known licences, and no code out of data."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator

import pytest

from pipeline.settings import ROOT
from tests.security.audit import UNKNOWN, verdict
from tests.security.licences import FILE, locked

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.findall(r"^([a-zA-Z0-9].*(?:\n    --hash=.*)*)", LOCK, re.MULTILINE)


def unpinned(entry: str) -> str | None:
    """What is wrong with an entry of a lock file."""
    head, *hashes = entry.replace("\\", "").split("\n")
    if not re.match(r"[\w.-]+(?:\[[\w,]+\])?==[\w.+!-]+\s*(?:;.*)?$", head.strip()):
        return "no version of its own"
    whole = all(re.fullmatch(r"\s*--hash=sha256:[0-9a-f]{64}\s*", line) for line in hashes)
    return None if hashes and whole else "no hashes"


@pytest.mark.guard("lock")
def test_every_package_is_pinned_and_hashed(record_property: pytest.RecordProperty) -> None:
    assert len(PINNED) > 200
    assert {entry.split("==")[0]: wrong for entry in PINNED if (wrong := unpinned(entry))} == {}
    others = [
        line for line in LOCK.splitlines() if line and not re.match(r"[a-zA-Z0-9#]|    --hash=sha256:", line)
    ]
    assert others == []  # no other index, no file, no option
    record_property("cases", len(PINNED))


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (f"lxml==6.1.3 \\\n    {HASH} \\\n    {HASH}", None),
        (f"pywin32==311 ; sys_platform == 'win32' \\\n    {HASH}", None),
        (f"lxml>=6 \\\n    {HASH}", "no version of its own"),
        (f"lxml==6.* \\\n    {HASH}", "no version of its own"),
        (f"lxml @ https://baothu.vn/lxml.whl \\\n    {HASH}", "no version of its own"),
        ("lxml==6.1.3", "no hashes"),
        ("lxml==6.1.3 \\\n    --hash=md5:00", "no hashes"),
    ],
)
def test_what_is_no_pinned_package(entry: str, wrong: str | None) -> None:
    assert unpinned(entry) == wrong


@pytest.mark.guard("lock")
def test_installs_ask_for_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [
        line for line in makefile.splitlines() if re.search(r"pip install|\(PIP\) install|\(INSTALL\)", line)
    ]
    # But for the project itself, and the auditor, which stands in a place of its own.
    others = [line for line in installs if "-e ." not in line and "/audit/" not in line]
    assert others
    assert all("--require-hashes" in line or line.strip().startswith("@$(INSTALL)") for line in others), (
        others
    )


@pytest.mark.guard("licences")
def test_the_licences_of_all_packages_are_told() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    named = {(row["package"], row["version"]) for row in rows}
    assert named == {(one.name, str(one.specifier).removeprefix("==")) for one in locked()}, (
        "run `make licences`"
    )
    for row in rows:
        # Of several the reader may choose; one that asks for the program's own source would have no other beside it.
        free = re.search(
            r"MIT|BSD|Apache|ISC|PSF|Python|MPL|Mozilla|Public Domain|Unlicense|Zlib|Artistic|LGPL",
            row["licence"],
        )
        assert free, row


@pytest.mark.guard("audit")
@pytest.mark.parametrize(
    ("output", "errors", "status", "said"),
    [
        (json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}), "", 0, "1 packages: no known"),
        (
            json.dumps({"dependencies": [
                {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
                {"name": "b", "skip_reason": "not found"},
            ]}),
            "", 1, "a 1: PYSEC-1, mended in 2",
        ),
        (json.dumps({"dependencies": [{"name": "a", "skip_reason": "not found"}]}), "No known", UNKNOWN, "1 of 1 packages"),
        (json.dumps({"dependencies": []}), "", UNKNOWN, "0 of 0 packages"),
        ("", "Traceback\nConnectionError: api.osv.dev", UNKNOWN, "nothing is known, not even that all is well: Connection"),
        ("", "", UNKNOWN, "pip-audit said nothing"),
        ("[]", "", UNKNOWN, "nothing is known"),
    ],
)  # fmt: skip
def test_silence_is_no_good_news(output: str, errors: str, status: int, said: str) -> None:
    found, lines = verdict(output, errors)
    assert found == status
    assert lines[0].startswith(said) or said in lines[0]


# What makes code, objects or commands out of data, or trusts whom it should not.
CALLS = re.compile(
    r"(?:builtins\.)?(?:eval|exec|compile|__import__)|(?:pickle|cPickle|dill|cloudpickle|marshal|shelve|jsonpickle)\.\w+"
    r"|joblib\.load|torch\.load|numpy\.load|np\.load|pd\.read_pickle|pandas\.read_pickle"
    r"|yaml\.(?:load|load_all|unsafe_load\w*|full_load\w*)|ruamel\.yaml\.\w+"
    r"|os\.(?:system|popen|spawn\w*|exec\w*)|subprocess\.(?:getoutput|getstatusoutput)|commands\.\w+"
    r"|tarfile\.\w+|shutil\.unpack_archive|tempfile\.mktemp|ssl\._create_unverified_context"
    r"|xml\.(?:etree|sax|dom)\.\w+|markupsafe\.Markup|Markup"
)
MODULES = {
    "pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "marshal",
    "shelve",
    "jsonpickle",
    "xmlrpc",
    "telnetlib",
    "ftplib",
    "pty",
}


def runs_data(code: str) -> Iterator[str]:
    """What in `code` would run data, a line each."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (
                f"{node.lineno}: import {name}" for name in names if name.partition(".")[0] in MODULES
            )
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if CALLS.fullmatch(name):
            yield f"{node.lineno}: {name}"
        given = {word.arg: word.value for word in node.keywords}
        for word, value in (
            ("shell", True),
            ("verify", False),
            ("allow_pickle", True),
            ("check_hostname", False),
            ("autoescape", False),
        ):
            said = given.get(word)
            if isinstance(said, ast.Constant) and said.value is value:
                yield f"{node.lineno}: {name}({word}={value})"
        if name.endswith("import_module") and not (node.args and isinstance(node.args[0], ast.Constant)):
            yield f"{node.lineno}: {name} of a name that is not written there"
        if name.endswith(("XMLParser", "XMLPullParser")):
            closed = given.get("resolve_entities")
            if not (isinstance(closed, ast.Constant) and closed.value is False):
                yield f"{node.lineno}: {name} opens entities"


# Looked at and found good: the name comes from the code's own short list, never from data.
KNOWN = {
    "pipeline/crawl/warc/payload.py": "importlib.import_module",
    "pipeline/dataset/migrate.py": "import_module",
}


@pytest.mark.guard("no-code-from-data")
def test_no_module_runs_data(record_property: pytest.RecordProperty) -> None:
    files = [path for package in ("extractors", "pipeline") for path in (ROOT / package).rglob("*.py")]
    assert len(files) > 150
    found: dict[str, list[str]] = {}
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        odd = [one for one in runs_data(path.read_text(encoding="utf-8")) if KNOWN.get(name, "\0") not in one]
        if odd:
            found[name] = odd
    assert found == {}
    record_property("cases", len(files))


@pytest.mark.guard("no-code-from-data")
def test_no_template_passes_words_unescaped() -> None:
    folder = ROOT / "pipeline" / "explore" / "templates"
    found = {
        (path.name, words)
        for path in folder.rglob("*.html")
        for words in re.findall(
            r"\{\{[^}]*\|\s*safe\b[^}]*\}\}|autoescape\s+false", path.read_text(encoding="utf-8")
        )
    }
    assert found == {("parts.html", "{{ spec|safe }}")}  # a chart: JSON without `<`, `>` and `&`


@pytest.mark.parametrize(
    ("code", "odd"),
    [
        ("import pickle", True),
        ("from marshal import loads", True),
        ("eval(words)", True),
        ("re.compile(words)", False),
        ("compile(words, '', 'exec')", True),
        ("yaml.load(words)", True),
        ("yaml.safe_load(words)", False),
        ("subprocess.run(words, shell=True)", True),
        ("subprocess.run(words, shell=False)", False),
        ("session.get(url, verify=False)", True),
        ("np.load(path, allow_pickle=True)", True),
        ("import_module(name)", True),
        ("import_module('brotli')", False),
        ("etree.XMLParser()", True),
        ("etree.XMLParser(resolve_entities=False)", False),
        ("os.system(words)", True),
        ("model.eval()", False),
        ("Environment(autoescape=False)", True),
    ],
)
def test_what_runs_data(code: str, odd: bool) -> None:
    assert bool(list(runs_data(code))) is odd
