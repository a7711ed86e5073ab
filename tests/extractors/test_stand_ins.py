"""Parts of libraries that are left out while they are imported are all there behind it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from extractors.stand_ins import standing_in


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package `vi_du` whose part `can` needs its part `thua`."""
    package = tmp_path / "vi_du"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "can.py").write_text("from vi_du.thua import ten\n")
    (package / "thua.py").write_text("ten = 'whole'\n")
    monkeypatch.syspath_prepend(tmp_path)
    return "vi_du"


def stand_in() -> ModuleType:
    module = ModuleType("vi_du.thua")
    vars(module)["ten"] = "left out"
    return module


def forget(library: str) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        del sys.modules[name]


def test_it_stands_in_for_a_while(library: str) -> None:
    try:
        with standing_in(stand_in()):
            assert importlib.import_module("vi_du.can").ten == "left out"
        assert "vi_du.thua" not in sys.modules
        assert importlib.import_module("vi_du.thua").ten == "whole"
        assert importlib.import_module("vi_du.can").ten == "left out", "what was imported keeps what it had"
    finally:
        forget(library)


def test_what_is_loaded_stays(library: str) -> None:
    try:
        loaded = importlib.import_module("vi_du.thua")
        with standing_in(stand_in()):
            assert importlib.import_module("vi_du.can").ten == "whole"
        assert sys.modules["vi_du.thua"] is loaded
    finally:
        forget(library)


def test_parts_of_a_stand_in_go_with_it(library: str) -> None:
    package = importlib.util.module_from_spec(importlib.util.find_spec(library))  # type: ignore[arg-type]
    try:
        with standing_in(package):
            assert importlib.import_module("vi_du.thua").ten == "whole"
        assert not [name for name in sys.modules if name.startswith(library)]
    finally:
        forget(library)


def test_a_failure_leaves_nothing_behind(library: str) -> None:
    try:
        with pytest.raises(ZeroDivisionError), standing_in(stand_in()):
            raise ZeroDivisionError
        assert "vi_du.thua" not in sys.modules
    finally:
        forget(library)
