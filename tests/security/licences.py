"""Writes `pipeline/licences.tsv`: what the program needs besides itself, and under which licences (`make licences`)."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata

from packaging.requirements import Requirement

from pipeline.settings import ROOT

FILE = ROOT / "pipeline" / "licences.tsv"
# Where the list is made must not change it.
_THERE = {
    "python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux", "platform_system": "Linux",
    "os_name": "posix", "platform_machine": "x86_64", "implementation_name": "cpython",
}  # fmt: skip
ONLY_TESTS = "# --- only for make test ---"


def locked(*, tests: bool = False) -> list[Requirement]:
    """What `requirements.lock` pins for Python 3.11 on Linux: all of it with `tests`, else what `make demo` installs."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = re.findall(
        r"^([a-zA-Z0-9][^\\\n]*)", lock if tests else lock.partition(ONLY_TESTS)[0], re.MULTILINE
    )
    found = [Requirement(line.strip()) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate(_THERE)]


def licence(package: str) -> str:
    """The licence of an installed package, by its SPDX expression, else by its classifiers, else by its own words.

    Raises `LookupError` where it is not installed or says nothing.
    """
    try:
        told = metadata(package)
    except PackageNotFoundError as error:
        raise LookupError(f"{package}: not installed: run `make test` first") from error
    if expression := told.get("License-Expression"):
        return str(expression)
    kinds = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License :: ")
    ]
    words = " or ".join(kinds) or str(told.get("License") or "").strip().partition("\n")[0]
    if not words:
        raise LookupError(f"{package}: says nothing of its licence")
    return words


def table() -> str:
    """The file's content: package, version and licence, a row each."""
    rows = sorted((one.name, str(one.specifier).removeprefix("=="), licence(one.name)) for one in locked())
    return "".join("\t".join(row) + "\n" for row in (("package", "version", "licence"), *rows))


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
